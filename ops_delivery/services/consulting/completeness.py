"""What a consulting plan or report still lacks before it can be reviewed (6.5.a, b, c, e, g; 8.6.a.1, 8.6.a.2)."""

from __future__ import annotations

from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, strip_html

from ops_delivery.domain.states import SECURED

KINDS = ("is_current_state", "is_interviews", "is_requirements", "is_recommendations")


class Missing(NamedTuple):
	"""Something that review would ask for: the field it belongs to, its name and the way out, both translated."""

	fieldname: str
	item: str
	text: str


def of_plan(doc) -> list[Missing]:
	"""What the plan still lacks before it can be reviewed: the eight items, review scheme and security (6.5.a, c, e, g)."""
	found = []

	def need(fieldname: str, item: str, met, text: str) -> None:
		if not met:
			found.append(Missing(fieldname, item, text))

	steps = doc.steps
	need("goals", _("1. Goals"), doc.goals, _("Add at least one goal."))
	for row in doc.goals:
		need(
			"goals",
			_("1. Goals"),
			filled(row.measure),
			_("Row {0}: say how it is known to be reached.").format(row.idx),
		)
	need("topics", _("2. Content"), doc.topics, _("Add at least one topic to be looked into."))
	need("steps", _("3. Steps"), steps, _("Add at least one step."))
	need(
		"people", _("4. People"), _of(doc.people, party="Supplier"), _("Add at least one person of our own.")
	)
	need("people", _("4. People"), _of(doc.people, party="Customer"), _("Add the customer's contact."))
	need(
		"costs",
		_("5. Budget"),
		doc.costs or filled(doc.budget_note),
		_("Enter the costs, or say which fee covers the work."),
	)
	need(
		"start_date",
		_("6. Schedule"),
		doc.start_date and doc.end_date,
		_("Enter the start and the end of the work."),
	)
	undated = [str(row.idx) for row in steps if not (row.start_date and row.end_date)]
	need(
		"steps",
		_("6. Schedule"),
		not undated,
		_("Steps, rows {0}: enter start and end.").format(", ".join(undated)),
	)
	need("deliverables", _("7. Deliverables"), doc.deliverables, _("Add at least one deliverable."))
	undated = [str(row.idx) for row in doc.deliverables if not row.due_date]
	need(
		"deliverables",
		_("7. Deliverables"),
		not undated,
		_("Deliverables, rows {0}: enter when they are due.").format(", ".join(undated)),
	)
	need(
		"communication",
		_("8. Communication Plan"),
		doc.communication,
		_("Say with whom what is discussed, how and how often."),
	)
	need(
		"requirements",
		_("Customer", context="Ops Delivery"),
		doc.requirements,
		_("Enter at least one requirement of the customer."),
	)
	for party, text in (
		("Supplier", _("Plan the report's review inside our organization.")),
		("Customer", _("Plan the report's review by the customer.")),
	):
		need(
			"reviews",
			_("Reviews", context="Ops Delivery"),
			_of(doc.reviews, subject="Report", party=party),
			text,
		)
	idle = [str(row.idx) for row in doc.reviews if not filled(row.participants)]
	need(
		"reviews",
		_("Reviews", context="Ops Delivery"),
		not idle,
		_("Reviews, rows {0}: say who takes part.").format(", ".join(idle)),
	)
	required = {row.aspect for row in doc.security if filled(row.requirement)}
	unseen = [_(aspect, context="Consulting Plan Security") for aspect in SECURED if aspect not in required]
	need(
		"security", _("Security"), not unseen, _("Enter the requirements for: {0}.").format(", ".join(unseen))
	)
	need("owner_user", _("People"), doc.owner_user, _("Choose the person in charge."))
	return found


def of_report(doc) -> list[Missing]:
	"""What the report still lacks before it can be reviewed, by the kinds it is of (6.5.b, 8.6.a.1, 8.6.a.2)."""
	found = []

	def need(fieldname: str, item: str, met, text: str) -> None:
		if not met:
			found.append(Missing(fieldname, item, text))

	need(
		"is_current_state",
		_("Kinds of report"),
		any(doc.get(kind) for kind in KINDS),
		_("Choose at least one kind."),
	)
	need(
		"summary",
		_("Summary", context="Ops Delivery"),
		filled(doc.summary),
		_("Sum up the result for the customer."),
	)
	need("owner_user", _("People"), doc.owner_user, _("Choose the person in charge."))
	if doc.is_current_state:
		label = _("Current-state Assessment")
		need("findings", label, doc.findings, _("Add at least one finding."))
		measured = any(filled(row.unit) for row in doc.findings)
		need("findings", label, measured, _("Measure at least one finding: a value with its unit."))
		bare = [str(row.idx) for row in doc.findings if not filled(row.evidence)]
		need(
			"findings", label, not bare, _("Findings, rows {0}: enter the evidence.").format(", ".join(bare))
		)
	if doc.is_interviews:
		need(
			"interviews",
			_("Interviews and Research"),
			doc.interviews,
			_("Add at least one interview or inquiry."),
		)
	if doc.is_requirements:
		need("requirements", _("Requirement Analysis"), doc.requirements, _("Add at least one requirement."))
		bare = [str(row.idx) for row in doc.requirements if not filled(row.analysis)]
		need(
			"requirements",
			_("Requirement Analysis"),
			not bare,
			_("Requirements, rows {0}: enter the analysis.").format(", ".join(bare)),
		)
	if doc.is_recommendations:
		label = _("Recommendations")
		need("advice", label, doc.advice, _("Add planning advice for the objects."))
		there = not doc.is_new() and frappe.db.exists("Consulting Recommendation", {"report": doc.name})
		need(
			"recommendations_html",
			label,
			there,
			_("Add at least one recommendation, by the button of that name."),
		)
	return found


def refuse(doc, missing: list[Missing]) -> None:
	"""Refuse a document that has left its draft and lacks something, naming each part (5.2.a, 6.5.a)."""
	if not missing:
		return
	frappe.throw(
		_("{0} cannot be reviewed yet. It lacks:").format(frappe.bold(escape_html(doc.title or doc.name)))
		+ "<ul>"
		+ "".join(f"<li><b>{row.item}</b>: {row.text}</li>" for row in missing)
		+ "</ul>",
		title=_("Not complete"),
	)


def filled(text) -> bool:
	"""Whether a text, plain or rich, says or shows anything."""
	return bool(strip_html(cstr(text)).strip()) or "<img" in cstr(text)


def _of(rows, **values) -> list:
	return [row for row in rows if all(row.get(key) == value for key, value in values.items())]
