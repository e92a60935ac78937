"""A site from before agreements and plans had their workflows, reviews and templates gets them, once."""

from __future__ import annotations

import frappe

from ops_delivery.services.reviews import workflow_states
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.setup import notifications, seeds, workflows


def execute() -> None:
	"""Plant what is new; put each document where its phase is in its workflow."""
	seeds.plant_all()
	workflows.seed_workflows()
	seeds.plant_reviews()
	notifications.seed_notifications()
	for doctype in REGISTRY:
		_place(doctype)


def _place(doctype: str) -> None:
	workflow = workflow_states.active(doctype)
	if not workflow:
		return
	phases = frappe.get_all(
		doctype,
		filters={"workflow_state": ["is", "not set"]},
		pluck="status",
		distinct=True,
		order_by="status",
	)
	for phase in phases:
		if state := workflow_states.state_of(workflow, phase):
			frappe.db.set_value(
				doctype,
				{"status": phase, "workflow_state": ["is", "not set"]},
				"workflow_state",
				state,
				update_modified=False,
			)
