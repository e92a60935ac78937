"""Delivery Plan Templates: activities and lists to start a plan from (clause 5.2.b)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, getdate

from ops_delivery.domain import activity_order
from ops_delivery.domain import raci as duty_rules
from ops_delivery.services.plans import sentences as plan_words

LISTS = ("staff", "duties", "tools", "documents", "security_measures")
# which columns tell whether a row of a list is there already
SAME = {
	"staff": ("role",),
	"duties": ("matter", "role"),
	"tools": ("tool",),
	"documents": ("kind", "title"),
	"security_measures": ("area", "measure"),
}
SKIP = (
	"name",
	"parent",
	"parentfield",
	"parenttype",
	"idx",
	"owner",
	"creation",
	"modified",
	"modified_by",
	"docstatus",
)


def validate(doc) -> None:
	"""A template whose rows name each other rightly; its shortest plan is worked out."""
	edges = {row.idx: after_rows(row) for row in doc.activities}
	for row in doc.activities:
		for number in edges[row.idx]:
			if number not in edges:
				frappe.throw(
					_("Activities, row {0}: there is no row {1} to come after.").format(
						row.idx, frappe.bold(number)
					)
				)
	loop = activity_order.find_loop(edges)
	if loop:
		subjects = {row.idx: f"{row.idx} {escape_html(row.subject or '')}" for row in doc.activities}
		frappe.throw(
			_("{0}: the activities wait for each other in a loop: {1}. Take one of them out.").format(
				_("Comes after rows"), " → ".join(subjects[number] for number in loop)
			),
			title=_("Loop of activities"),
		)
	for code, matter, roles in duty_rules.problems_of(plan_words.duties_of(doc.duties)):
		if code in duty_rules.CONTRADICTIONS:
			frappe.throw(f"{frappe.bold(_('Duties'))}: {plan_words.duty_problem(code, matter, roles)}")
	doc.shortest_days = max(
		[0, *(cint(row.offset_days) + max(1, cint(row.duration_days)) for row in doc.activities)]
	)


def after_rows(row) -> list[int]:
	"""The row numbers in "Comes after rows". frappe.ValidationError for anything but numbers."""
	text = cstr(row.after_rows).strip()
	if not text:
		return []
	parts = [part for part in re.split(r"[\s,，、;；]+", text) if part]
	if not all(part.isdigit() for part in parts):
		frappe.throw(
			_("Activities, row {0}: {1} is no list of row numbers. Write them like 1, 2.").format(
				row.idx, frappe.bold(escape_html(text))
			)
		)
	return [int(part) for part in parts]


def propose(plan: str, template: str) -> list[dict[str, Any]]:
	"""The activities a template gives a plan, dated within the plan's period; nothing is saved.

	Each row has a `key`, and in `after` the keys it comes after, as plan_activities.add_many takes them.
	"""
	source = frappe.get_doc("Delivery Plan Template", template)
	doc = frappe.get_doc("Delivery Plan", plan)
	start, end = getdate(doc.start_date), getdate(doc.end_date)
	days = (end - start).days + 1
	if source.shortest_days > days:
		frappe.throw(
			_(
				"{0} needs {1} days, the plan lasts {2}: {3} to {4}. Lengthen the plan, or choose another template."
			).format(
				frappe.bold(_(source.name)),
				source.shortest_days,
				days,
				frappe.format(start, "Date"),
				frappe.format(end, "Date"),
			)
		)
	return [_dated(row, start, end) for row in source.activities]


def _dated(row, start: date, end: date) -> dict[str, Any]:
	begins = start + timedelta(days=cint(row.offset_days))
	ends = end if row.to_end else begins + timedelta(days=max(1, cint(row.duration_days)) - 1)
	return {
		"key": str(row.idx),
		"subject": _(row.subject, context="Ops Delivery"),
		"service_content": row.service_content,
		"planned_start": str(begins),
		"planned_end": str(max(begins, ends)),
		"is_milestone": row.is_milestone,
		"role": _(row.role, context="Ops Delivery") if row.role else "",
		"frequency": row.frequency,
		"description": _(row.description, context="Ops Delivery") if row.description else "",
		"after": [str(number) for number in after_rows(row)],
	}


def load_lists(plan: str, template: str) -> int:
	"""Add a template's staff, duties, tools, documents and security measures to a plan; how many rows were new."""
	source = frappe.get_doc("Delivery Plan Template", template)
	doc = frappe.get_doc("Delivery Plan", plan)
	doc.check_permission("write")
	added = 0
	for table in LISTS:
		there = {tuple(cstr(row.get(column)) for column in SAME[table]) for row in doc.get(table)}
		for row in source.get(table):
			values = {
				key: _(value, context="Ops Delivery") if _is_text(row, key, value) else value
				for key, value in row.as_dict().items()
				if key not in SKIP
			}
			key = tuple(cstr(values.get(column)) for column in SAME[table])
			if key not in there:
				doc.append(table, {key: value for key, value in values.items() if key != "doctype"})
				added += 1
	if not doc.security_principles and source.security_principles:
		doc.security_principles = _(source.security_principles, context="Ops Delivery")
		added += 1
	if added:
		doc.save()
	return added


def _is_text(row, key: str, value: Any) -> bool:
	field = row.meta.get_field(key)
	return (
		bool(value)
		and isinstance(value, str)
		and field is not None
		and field.fieldtype in ("Data", "Small Text")
	)
