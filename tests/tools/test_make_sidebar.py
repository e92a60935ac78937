"""Frappe 16's ways to the workspace lead to what the workspace leads to."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import make_sidebar


def test_the_files_are_made_of_the_workspace_as_it_is():
	for path, make in make_sidebar.FILES.items():
		assert path.read_text(encoding="utf-8") == make_sidebar.text(make), "run tools/make_sidebar.py"


def test_every_link_and_role_of_the_workspace_is_there():
	workspace = make_sidebar.read_workspace()
	items = json.loads(make_sidebar.text(make_sidebar.sidebar))["items"]
	wanted = [(row["link_to"], row["link_type"]) for row in workspace["links"] if row["type"] == "Link"]
	assert [(row["link_to"], row["link_type"]) for row in items if row["child"]] == wanted
	icon = json.loads(make_sidebar.text(make_sidebar.desktop_icon))
	assert {row["role"] for row in icon["roles"]} == {row["role"] for row in workspace["roles"]}


def test_the_icon_has_its_pictures():
	for kind in ("subtle", "solid"):
		assert (ROOT / f"ops_delivery/public/icons/desktop_icons/{kind}/ops_delivery.svg").is_file()
