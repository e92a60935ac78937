"""Acknowledging escalations."""

from typing import Any

import frappe
from frappe import _

from ops_delivery.api.clocks import as_list
from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.escalation import firing as escalation

MOST = 200


@frappe.whitelist(methods=["POST"])
@staff_only
def acknowledge(names: list | str, note: str = "") -> dict[str, Any]:
	"""Acknowledge escalations, at most 200 at once: by who may edit the record or was told of it."""
	frappe.has_permission("Escalation Log", "read", throw=True)
	names = as_list(names)[:MOST]
	logs = frappe.get_all(
		"Escalation Log",
		filters={"name": ["in", names], "acknowledged": 0},
		fields=["name", "reference_doctype", "reference_name"],
		order_by="fired_on",
	)
	allowed = escalation.may_acknowledge(logs)
	for log in logs:
		frappe.has_permission("Escalation Log", "read", log.name, throw=True)
		if log.name not in allowed:
			frappe.throw(
				_(
					"You may not acknowledge the escalation of {0}: you cannot edit it and were not told of it."
				).format(log.reference_name),
				frappe.PermissionError,
			)
	done = escalation.acknowledge([log.name for log in logs], note)
	return {"done": len(done), "asked": len(names)}
