"""Delivery plans on the desk: activities, progress, completeness and the work they open (5.2, 5.3.a)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.plans import activities as plan_activities
from ops_delivery.services.plans import carried_out_by as plan_work
from ops_delivery.services.plans import completeness as plan_completeness
from ops_delivery.services.plans import from_agreement as plan_agreement
from ops_delivery.services.plans import progress as plan_progress
from ops_delivery.services.plans import rules as plans
from ops_delivery.services.plans import templates as plan_templates
from ops_delivery.services.scope import once


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def overview(plan: str) -> dict[str, Any]:
	"""What a plan's form shows: the plan against what was done, what 5.2 still asks for, the agreement's terms."""
	doc = frappe.get_doc("Delivery Plan", plan)
	doc.check_permission("read")
	frappe.has_permission("Delivery Activity", "read", throw=True)
	return {
		**plan_progress.of(plan),
		"completeness": plan_completeness.as_dicts(doc),
		"terms": plan_agreement.terms_shown(doc.agreement),
		"fixed": doc.status in plans.FIXED + plans.OVER,
	}


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def add_activities(plan: str, rows: list | str) -> list[str]:
	"""Add several activities, all or none; their names."""
	frappe.has_permission("Delivery Plan", "write", plan, throw=True)
	frappe.has_permission("Delivery Activity", "create", throw=True)
	return plan_activities.add_many(plan, frappe.parse_json(rows))


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def proposals(plan: str, template: str | None = None) -> list[dict[str, Any]]:
	"""Activities to look through before adding them: of a template, else of the agreement's scope."""
	frappe.has_permission("Delivery Plan", "read", plan, throw=True)
	if template:
		frappe.has_permission("Delivery Plan Template", "read", template, throw=True)
		return plan_templates.propose(plan, template)
	return plan_agreement.propose(plan)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def load_lists(plan: str, template: str) -> int:
	"""Add a template's staff, duties, tools, documents and security measures; how many rows were new."""
	frappe.has_permission("Delivery Plan", "write", plan, throw=True)
	frappe.has_permission("Delivery Plan Template", "read", template, throw=True)
	return plan_templates.load_lists(plan, template)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def work_choices(activity: str = "") -> dict[str, list[str]]:
	"""The record types that can carry an activity out: `create` (the proposed one first; none for a new activity) and `link`."""
	if not activity:
		frappe.has_permission("Delivery Activity", "read", throw=True)
		return {"create": [], "link": plan_work.linkable()}
	doc = frappe.get_doc("Delivery Activity", activity)
	doc.check_permission("read")
	return {"create": plan_work.choices(doc.service_content), "link": plan_work.linkable()}


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def create_work(
	activity: str, doctype: str, item: str | None = None, person: str | None = None
) -> dict[str, str]:
	"""Open the record that carries an activity out: {doctype, name}."""
	frappe.has_permission("Delivery Activity", "write", activity, throw=True)
	return plan_work.create(activity, doctype, item or None, person or None)


@frappe.whitelist(methods=["POST"])
@staff_only
def record_progress(
	activity: str,
	state: str | None = None,
	actual_start: str | None = None,
	actual_end: str | None = None,
	progress: float | None = None,
) -> str:
	"""Note how far an activity is; its state. What is not given stays, an empty date is none any more."""
	given = {"state": state, "actual_start": actual_start, "actual_end": actual_end, "progress": progress}
	values = {field: value for field, value in given.items() if value is not None}
	return plan_activities.record_progress(
		activity, **{field: value if value != "" else None for field, value in values.items()}
	)


@frappe.whitelist(methods=["POST"])
@staff_only
def link_work(activity: str, doctype: str, name: str) -> dict[str, str]:
	"""Let an existing record carry an activity out."""
	frappe.has_permission("Delivery Activity", "write", activity, throw=True)
	return plan_work.link(activity, doctype, name)
