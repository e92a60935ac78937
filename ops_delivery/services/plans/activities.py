"""Delivery Activities: what must hold of one, and adding many at once (clauses 5.2.b, 5.3.a).

What is planned belongs to the plan and is fixed with it; what is done may be recorded at any time after the plan was
first approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, getdate

from ops_delivery.domain import activity_order, planning
from ops_delivery.permissions import steps
from ops_delivery.services.plans import activity_checks, activity_state
from ops_delivery.services.plans import rules as plans
from ops_delivery.services.plans import sentences as plan_words
from ops_delivery.services.reviews import phase_guard as reviewed

PLANNED = (
	"subject",
	"plan",
	"service_content",
	"is_milestone",
	"planned_start",
	"planned_end",
	"predecessors",
	"role",
	"frequency",
	"budget_cost",
	"description",
)
DONE = ("state", "actual_start", "actual_end", "progress")
PLAN_FACTS = (
	"name",
	"title",
	"status",
	"start_date",
	"end_date",
	"customer",
	"company",
	"currency",
	"approved_on",
	"version",
)
# light, so that the calendar writes dark on them and the Gantt chart shows the progress
COLOURS = {
	planning.NOT_STARTED: "#d5dbe2",
	planning.IN_PROGRESS: "#b9d9f5",
	planning.COMPLETED: "#b5e0c8",
	planning.ON_HOLD: "#f6d5ae",
	planning.CANCELLED: "#ececec",
}
MOST_AT_ONCE = 500


def validate(doc) -> None:
	"""The rules of one activity on every way in; the plan's row is locked while what is planned changes."""
	changed = doc.flags.planned_change = planned_change(doc)
	plan = _plan(doc.plan, lock=bool(changed))
	doc.customer, doc.company, doc.currency = plan.customer, plan.company, plan.currency
	if changed:
		activity_checks.check_fixed(doc, plan, changed)
		plan_words.check_period(doc, "planned_start", "planned_end")
		activity_checks.check_within(doc, plan)
		activity_checks.check_order(doc)
	activity_checks.check_money(doc, plan)
	activity_state.check_record(doc)
	activity_state.settle(doc)
	activity_state.check_done(doc, plan)
	doc.color = COLOURS.get(doc.state)
	doc.depends_on_tasks = ",".join(row.activity for row in doc.predecessors)


def show_fixed(doc) -> None:
	"""onload: the form is told what belongs to the plan, and whether that is fixed with it."""
	status = frappe.db.get_value("Delivery Plan", doc.plan or "", "status")
	fields = [field for field in PLANNED if field != "plan"]
	doc.set_onload("ops_planned", {"fields": fields, "fixed": status in (*plans.FIXED, *plans.OVER)})


def on_update(doc) -> None:
	"""A planned change of an activity is a change of its plan's content: reviews of the old one are outdated."""
	if doc.flags.planned_change and not frappe.flags.ops_adding_activities:
		tell_plan(doc.plan)


def tell_plan(plan: str) -> None:
	"""The content of a plan that stands in its activities has changed: its reviews are about another one."""
	reviewed.touched("Delivery Plan", plan)


def planned_change(doc) -> list[str]:
	"""The planned fields that this save changes; all that are filled for a new activity."""
	before = doc.get_doc_before_save()
	if not before:
		return [field for field in PLANNED if doc.get(field)]
	return [field for field in PLANNED if _comparable(before, field) != _comparable(doc, field)]


def check_removal(doc) -> None:
	"""An activity of an approved plan stays: cancel it, or revise the plan."""
	if frappe.flags.ops_deleting_plan == doc.plan:
		return
	plan = _plan(doc.plan, lock=True)
	if plan.status in plans.FIXED or doc.actual_start or doc.record:
		frappe.throw(
			_(
				"{0} belongs to a plan that is fixed, or was begun already. Cancel the activity instead of deleting it."
			).format(frappe.bold(escape_html(doc.subject)))
		)


def after_delete(doc) -> None:
	"""Its plan says less now."""
	if frappe.flags.ops_deleting_plan != doc.plan:
		tell_plan(doc.plan)


def record_progress(activity: str, **values: Any) -> str:
	"""The step by which it is noted how far an activity is: `state`, `actual_start`, `actual_end`, `progress`, those that
	are given; the state it is in then. The others follow (activity_state.settle)."""
	doc = frappe.get_doc("Delivery Activity", activity, for_update=True)
	doc.check_permission("write")
	doc.update({field: values[field] for field in DONE if field in values})
	steps.take(doc).save()
	return doc.state


def add_many(plan: str, rows: Iterable[dict[str, Any]]) -> list[str]:
	"""Insert several activities of a plan, all or none; their names. A row may name earlier rows by `key` in `after`.

	A row takes the activity's fields, besides `key` (any text) and `after` (a list of keys of this call or names).
	"""
	rows = [dict(row) for row in rows]
	if not rows:
		frappe.throw(_("Nothing to add: fill in at least one row."))
	if len(rows) > MOST_AT_ONCE:
		frappe.throw(_("{0} rows are too many at once. Add at most {1}.").format(len(rows), MOST_AT_ONCE))
	allowed = {field.fieldname for field in frappe.get_meta("Delivery Activity").fields} - {
		"plan",
		"predecessors",
	}
	names: dict[str, str] = {}
	made = []
	frappe.db.savepoint("ops_add_activities")
	frappe.flags.ops_adding_activities = True
	try:
		for number, row in enumerate(_sorted(rows), start=1):
			values = {key: value for key, value in row.items() if key in allowed}
			doc = frappe.get_doc({"doctype": "Delivery Activity", "plan": plan, **values})
			for earlier in row.get("after") or ():
				doc.append("predecessors", {"activity": names.get(earlier, earlier)})
			if not cstr(doc.subject).strip():
				frappe.throw(_("Row {0}: the {1} is missing.").format(number, frappe.bold(_("Subject"))))
			try:
				doc.insert()
			except frappe.ValidationError as error:
				_name_row(error, number, doc.subject)
				raise
			if row.get("key"):
				names[row["key"]] = doc.name
			made.append(doc.name)
		tell_plan(plan)
	except Exception:
		frappe.db.rollback(save_point="ops_add_activities")
		raise
	finally:
		frappe.flags.ops_adding_activities = False
	return made


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""Rows so that each comes after those it names; a loop among them is named and refused."""
	by_key = {row["key"]: row for row in rows if row.get("key")}
	edges = {key: [k for k in row.get("after") or () if k in by_key] for key, row in by_key.items()}
	loop = activity_order.find_loop(edges)
	if loop:
		activity_checks.throw_loop([escape_html(cstr(by_key[key].get("subject") or key)) for key in loop])
	ordered: list[dict[str, Any]] = []
	placed: set[int] = set()
	for start in rows:
		stack = [start]
		while stack:
			row = stack[-1]
			waiting = [by_key[k] for k in edges.get(row.get("key"), ()) if id(by_key[k]) not in placed]
			if waiting:
				stack.append(waiting[0])
				continue
			stack.pop()
			if id(row) not in placed:
				placed.add(id(row))
				ordered.append(row)
	return ordered


def _name_row(error: Exception, number: int, subject: str | None) -> None:
	"""Say in the message which of the rows it is about."""
	where = _("Row {0} ({1}):").format(number, escape_html(subject or ""))
	for message in frappe.local.message_log[-1:]:
		if isinstance(message, dict):
			message["message"] = f"{where} {message.get('message', '')}"
	if error.args:
		error.args = (f"{where} {error.args[0]}", *error.args[1:])


def _plan(name: str, lock: bool) -> frappe._dict:
	plan = frappe.db.get_value("Delivery Plan", name, PLAN_FACTS, as_dict=True, for_update=lock)
	if not plan:
		frappe.throw(_("There is no Delivery Plan {0}.").format(frappe.bold(escape_html(cstr(name)))))
	return plan


def _comparable(doc, field: str):
	if field == "predecessors":
		return sorted(row.activity for row in doc.predecessors)
	if field in ("planned_start", "planned_end"):
		return getdate(doc.get(field)) if doc.get(field) else None
	if field == "budget_cost":
		return flt(doc.get(field), 2)
	return cstr(doc.get(field) or "")
