"""The Workflows of the reviewed documents, to begin with: planted once, then the site's own.

The files are in ops_delivery/workflows. One whose DocType is not there (yet) is left out, and planted when it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frappe

from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.reviews.workflow_states import STATE_FIELD
from ops_delivery.setup.seeds import Seed, plant

STYLES = {
	"Warning": ("Internal Review", "Customer Review", "Signing", "Proposal Review", "Implementation Review", "In Review"),
	"Primary": ("Approved", "Proposal Approved", "Issued", "Published"),
	"Info": ("In Progress", "Trial Run"),
	"Success": ("Active", "Completed", "Closed", "Followed Up", "Archived", "Confirmed"),
	"Danger": ("Suspended", "Rolled Back", "Destroyed"),
}


def seed_workflows() -> list[str]:
	"""Plant the workflows that were never planted here, with their states and actions; returns their names."""
	found = list(files())
	style = {state: style for style, states in STYLES.items() for state in states}
	states = {row["state"] for values in found for row in values["states"]}
	actions = {row["action"] for values in found for row in values["transitions"]}
	plant(
		Seed("Workflow State", state, {"workflow_state_name": state, "style": style.get(state, "")})
		for state in sorted(states)
	)
	plant(
		Seed("Workflow Action Master", action, {"workflow_action_name": action}) for action in sorted(actions)
	)
	return plant(Seed("Workflow", values["workflow_name"], values) for values in found)


def files() -> Iterator[dict[str, Any]]:
	"""The values of each shipped workflow whose DocType is on this site."""
	for path in sorted(Path(frappe.get_app_path("ops_delivery", "ops_delivery", "workflows")).glob("*.json")):
		values = json.loads(path.read_text(encoding="utf-8"))
		doctype = values["document_type"]
		if frappe.db.exists("DocType", doctype) and frappe.get_meta(doctype).has_field(STATE_FIELD):
			yield values


def remove() -> None:
	"""Delete every Workflow of our reviewed documents, also the site's own: their DocTypes go (uninstall)."""
	for name in frappe.get_all(
		"Workflow", filters={"document_type": ["in", list(REGISTRY)]}, pluck="name", order_by="name"
	):
		frappe.delete_doc("Workflow", name, force=True, ignore_permissions=True, delete_permanently=True)
