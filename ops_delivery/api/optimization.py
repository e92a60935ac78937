"""Optimization plans: what the form shows, and what it records during the trial run (6.4.c, 6.4.d)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.optimization import plan_leftovers, trial_readings
from ops_delivery.services.optimization import rules as optimization
from ops_delivery.services.scope import once


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def situation(name: str) -> dict[str, Any]:
	"""What the plan's next phase lacks, its readings against the targets, its leftovers."""
	doc = frappe.get_doc(optimization.DOCTYPE, name)
	doc.check_permission("read")
	return optimization.situation(doc)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def add_readings(plan: str, values: list[dict[str, Any]] | str, taken_on: str | None = None) -> list[str]:
	"""Record what was measured at one time: [{metric, value, remark}]; the names of the readings."""
	frappe.has_permission(optimization.DOCTYPE, "read", plan, throw=True)
	frappe.has_permission(trial_readings.READING, "create", throw=True)
	rows = frappe.parse_json(values) if isinstance(values, str) else values
	return trial_readings.add(plan, taken_on, rows)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def add_leftover(
	plan: str, subject: str, treatment: str | None = None, owner: str | None = None, due: str | None = None
) -> str:
	"""Note what the plan leaves open, with measure, owner and date; the leftover's name."""
	frappe.has_permission(optimization.DOCTYPE, "write", plan, throw=True)
	return plan_leftovers.add_leftover(plan, subject, treatment, owner, due)


@frappe.whitelist(methods=["POST"])
@staff_only
def accept_otherwise(plan: str, party: str, person: str, reason: str, decided_on: str | None = None) -> None:
	"""Record who of which party decided to close although the trial run did not hold, why, and when."""
	frappe.has_permission(optimization.DOCTYPE, "write", plan, throw=True)
	optimization.accept_otherwise(plan, party, person, reason, decided_on)
