"""Writes Frappe 16's ways to our workspace from the workspace itself: its side bar, and the icon on the home screen.

Run it after the workspace has changed. Frappe 15 knows neither and passes them over. Standard library only.
"""

import json
from pathlib import Path

APP = Path(__file__).resolve().parent.parent / "ops_delivery"
WORKSPACE = APP / "ops_delivery" / "workspace" / "ops_delivery" / "ops_delivery.json"
NAME = "Ops Delivery"


def read_workspace() -> dict:
	return json.loads(WORKSPACE.read_text(encoding="utf-8"))


def sidebar(workspace: dict) -> dict:
	"""The Workspace Sidebar: each card a section that folds, the first of them open."""
	items = [_item("Home", type="Link", icon="home", link_to=NAME, link_type="Workspace")]
	sections = 0
	for row in workspace["links"]:
		if row["type"] == "Card Break":
			sections += 1
			items.append(
				_item(row["label"], type="Section Break", icon="folder", indent=1, keep_closed=int(sections > 1))
			)
		else:
			items.append(
				_item(row["label"], type="Link", child=1, link_to=row["link_to"], link_type=row["link_type"])
			)
	return {
		**_head("Workspace Sidebar", workspace),
		"header_icon": "tool",
		"items": items,
		"module": NAME,
		"title": NAME,
	}


def desktop_icon(workspace: dict) -> dict:
	"""The icon, for who may open the workspace."""
	return {
		**_head("Desktop Icon", workspace),
		"hidden": 0,
		"icon": "tool",
		"icon_type": "Link",
		"label": NAME,
		"link_to": NAME,
		"link_type": "Workspace Sidebar",
		"restrict_removal": 0,
		"roles": [{"role": row["role"]} for row in workspace["roles"]],
	}


def _head(doctype: str, workspace: dict) -> dict:
	return {
		"app": "ops_delivery",
		"creation": workspace["creation"],
		"docstatus": 0,
		"doctype": doctype,
		"idx": 0,
		"modified": workspace["modified"],
		"modified_by": "Administrator",
		"name": NAME,
		"owner": "Administrator",
		"standard": 1,
	}


def _item(label: str, **values) -> dict:
	return {
		"child": 0,
		"collapsible": 1,
		"icon": "",
		"indent": 0,
		"keep_closed": 0,
		"label": label,
		"link_type": "DocType",
		"show_arrow": 0,
		**values,
	}


FILES = {
	APP / "workspace_sidebar" / "ops_delivery.json": sidebar,
	APP / "desktop_icon" / "ops_delivery.json": desktop_icon,
}


def text(make) -> str:
	return json.dumps(make(read_workspace()), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
	for path, make in FILES.items():
		path.write_text(text(make), encoding="utf-8")
