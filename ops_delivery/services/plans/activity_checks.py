"""What is refused of a Delivery Activity's plan: a change of what is fixed, a wrong period, a loop, money without currency (5.2.b)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, flt, format_date, get_link_to_form, getdate

from ops_delivery.domain import activity_order, planning
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.plans import rules as plans


def check_fixed(doc: Any, plan: Any, changed: list[str]) -> None:
	"""What is planned stays as it was approved, and as it was when the plan was over."""
	if plan.status in plans.OVER:
		frappe.throw(
			_("The plan {0} is {1}: its activities no longer change.").format(
				get_link_to_form("Delivery Plan", plan.name, plan.title),
				_(plan.status, context="Delivery Plan"),
			)
		)
	if plan.status not in plans.FIXED:
		return
	if doc.is_new():
		frappe.throw(
			_(
				"The plan {0} is approved and fixed. Revise it to add {1}: a new version is then reviewed."
			).format(
				get_link_to_form("Delivery Plan", plan.name, plan.title),
				frappe.bold(escape_html(doc.subject or "")),
			),
			title=_("Plan is fixed"),
		)
	frappe.throw(
		_(
			"{0}: {1} belongs to the approved plan {2} and is fixed. Revise the plan to change it; actual dates stay free."
		).format(
			frappe.bold(escape_html(doc.subject or "")),
			", ".join(_(doc.meta.get_label(field), context=doc.doctype) for field in changed),
			get_link_to_form("Delivery Plan", plan.name, plan.title),
		),
		title=_("Plan is fixed"),
	)


def check_within(doc: Any, plan: Any) -> None:
	"""An activity lies within its plan's period."""
	if not (doc.planned_start and doc.planned_end) or doc.state == planning.CANCELLED:
		return
	try:
		planning.check_within(
			getdate(doc.planned_start),
			getdate(doc.planned_end),
			getdate(plan.start_date),
			getdate(plan.end_date),
		)
	except DomainError:
		frappe.throw(
			_(
				"{0}: {1} to {2} is outside the plan's period, {3} to {4}. Move the activity, or lengthen the plan."
			).format(
				frappe.bold(escape_html(doc.subject or "")),
				format_date(doc.planned_start),
				format_date(doc.planned_end),
				format_date(plan.start_date),
				format_date(plan.end_date),
			),
			title=_("Outside the plan's period"),
		)


def check_order(doc: Any) -> None:
	"""Predecessors are of the same plan, each once, and lead into no loop."""
	names = [row.activity for row in doc.predecessors]
	if not names:
		return
	for row in list(doc.predecessors):
		if names.count(row.activity) > 1:
			names.remove(row.activity)
			doc.remove(row)
	known = {
		row.name: row
		for row in frappe.get_all(
			"Delivery Activity",
			filters={"name": ["in", names]},
			fields=["name", "subject", "plan"],
			order_by="name",
		)
	}
	for name in names:
		if name in known and known[name].plan != doc.plan:
			frappe.throw(
				_(
					"{0}: {1} belongs to another plan, {2}. An activity comes after activities of its own plan."
				).format(
					frappe.bold(_(doc.meta.get_label("predecessors"), context=doc.doctype)),
					frappe.bold(escape_html(known[name].subject)),
					known[name].plan,
				)
			)
	if doc.is_new() and not doc.name:
		return
	edges = plans.predecessors_of(doc.plan, without=doc.name)
	edges = {doc.name: names, **edges}
	loop = activity_order.find_loop(edges)
	if loop:
		subjects = dict(
			frappe.get_all(
				"Delivery Activity",
				filters={"name": ["in", loop]},
				fields=["name", "subject"],
				order_by="name",
				as_list=True,
			)
		)
		subjects[doc.name] = doc.subject
		throw_loop([escape_html(subjects.get(name) or name) for name in loop])


def throw_loop(subjects: list[str]) -> None:
	"""Refuse activities that wait for each other; their subjects (HTML) in the order of the loop."""
	frappe.throw(
		_("{0}: the activities wait for each other in a loop: {1}. Take one of them out.").format(
			frappe.bold(_("Comes after")), " → ".join(frappe.bold(subject) for subject in subjects)
		),
		title=_("Loop of activities"),
	)


def check_money(doc: Any, plan: Any) -> None:
	"""Money has a currency: the plan's."""
	for field in ("budget_cost", "actual_cost"):
		if flt(doc.get(field)) and not plan.currency:
			frappe.throw(
				_("{0}: {1} {2} without a currency. Choose the currency of the plan {3} first.").format(
					frappe.bold(escape_html(doc.subject or "")),
					_(doc.meta.get_label(field), context=doc.doctype),
					flt(doc.get(field)),
					get_link_to_form("Delivery Plan", plan.name, plan.title),
				),
				title=_("Money without currency"),
			)
