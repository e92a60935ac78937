"""Consulting Plans and Consulting Reports: what must be in them, and when they may move on (6.5.a, b, c, e, g; 8.6).

Every rule here holds on every way in: the controllers call it whenever the document is saved. Reviews, fixed content
and the path of phases are services.reviewed's; recommendations and what becomes of them are services.recommendations'.
"""

from __future__ import annotations

from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, format_date, getdate, strip_html

from ops_delivery.services.time import site_now

ASPECTS = ("People", "Operations", "Data", "Tools")
NOT_YET_REVIEWED = ("Draft", "Cancelled", "Withdrawn")
PLAN_APPROVED = ("Approved", "In Progress", "Completed")
PLAN_WORKING = ("In Progress", "Completed")
REPORT_OUT = ("Issued", "Followed Up")
PASSED = ("Met", "Not Applicable")
KINDS = ("is_current_state", "is_interviews", "is_requirements", "is_recommendations")


class Missing(NamedTuple):
	"""Something that review would ask for: the field it belongs to, its name and the way out, both translated."""

	fieldname: str
	item: str
	text: str


def validate_plan(doc) -> None:
	"""The rules of a Consulting Plan. frappe.ValidationError names field, value and the way out."""
	check_period(doc)
	_check_agreement(doc)
	_check_steps(doc)
	_count_costs(doc)
	_check_security(doc)
	_check_results(doc)
	was = _status_before(doc)
	if doc.status not in NOT_YET_REVIEWED:
		refuse_incomplete(doc, missing_in_plan(doc))
	if doc.status == was:
		return
	if doc.status == "Approved" and was not in PLAN_APPROVED:
		_check_provided_in_time(doc)
	if doc.status in PLAN_WORKING and was not in PLAN_APPROVED:
		frappe.throw(
			_(
				"Status: the work cannot begin before the plan is approved; it is still {0}. Have it reviewed first."
			).format(frappe.bold(_(was, context=doc.doctype))),
			title=_("Plan not approved"),
		)
	if doc.status in PLAN_WORKING:
		_check_security_passed(doc)
	if doc.status == "Completed":
		_check_completed(doc)


def missing_in_plan(doc) -> list[Missing]:
	"""What the plan still lacks before it can be reviewed: the eight items, review scheme and security (6.5.a, c, e, g)."""
	found = []

	def need(fieldname: str, item: str, met, text: str) -> None:
		if not met:
			found.append(Missing(fieldname, item, text))

	steps = doc.steps
	need("goals", _("1. Goals"), doc.goals, _("Add at least one goal."))
	for row in doc.goals:
		need("goals", _("1. Goals"), _filled(row.measure), _("Row {0}: say how it is known to be reached.").format(row.idx))
	need("topics", _("2. Content"), doc.topics, _("Add at least one topic to be looked into."))
	need("steps", _("3. Steps"), steps, _("Add at least one step."))
	need("people", _("4. People"), _of(doc.people, party="Supplier"), _("Add at least one person of our own."))
	need("people", _("4. People"), _of(doc.people, party="Customer"), _("Add the customer's contact."))
	need(
		"costs",
		_("5. Budget"),
		doc.costs or _filled(doc.budget_note),
		_("Enter the costs, or say which fee covers the work."),
	)
	need("start_date", _("6. Schedule"), doc.start_date and doc.end_date, _("Enter the start and the end of the work."))
	undated = [str(row.idx) for row in steps if not (row.start_date and row.end_date)]
	need("steps", _("6. Schedule"), not undated, _("Steps, rows {0}: enter start and end.").format(", ".join(undated)))
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
	need("requirements", _("Customer"), doc.requirements, _("Enter at least one requirement of the customer."))
	for party, text in (
		("Supplier", _("Plan the report's review inside our organization.")),
		("Customer", _("Plan the report's review by the customer.")),
	):
		need("reviews", _("Reviews"), _of(doc.reviews, subject="Report", party=party), text)
	idle = [str(row.idx) for row in doc.reviews if not _filled(row.participants)]
	need("reviews", _("Reviews"), not idle, _("Reviews, rows {0}: say who takes part.").format(", ".join(idle)))
	unseen = [_(aspect) for aspect in ASPECTS if not _of(doc.security, aspect=aspect)]
	need("security", _("Security"), not unseen, _("Enter the requirements for: {0}.").format(", ".join(unseen)))
	need("owner_user", _("People"), doc.owner_user, _("Choose the person in charge."))
	return found


def validate_report(doc) -> None:
	"""The rules of a Consulting Report. frappe.ValidationError names field, value and the way out."""
	from ops_delivery.services import recommendations

	_check_plan_of_report(doc)
	for row in doc.findings:
		if row.score and not _filled(row.unit):
			frappe.throw(
				_("Findings, row {0} ({1}): the measured value {2} has no unit. Enter one, such as % or ms.").format(
					row.idx, escape_html(row.area or ""), frappe.bold(flt(row.score))
				),
				title=_("Unit missing"),
			)
	was = _status_before(doc)
	if doc.status not in NOT_YET_REVIEWED:
		refuse_incomplete(doc, missing_in_report(doc))
	if doc.status == was:
		return
	if doc.status not in NOT_YET_REVIEWED and doc.status not in REPORT_OUT:
		_check_plan_working(doc)
	if doc.status in REPORT_OUT:
		_check_plan_working(doc)
		doc.issued_on = doc.issued_on or site_now().date()
	elif doc.status != "Withdrawn":
		doc.issued_on = None
	if doc.status == "Followed Up":
		recommendations.check_followed_up(doc)


def missing_in_report(doc) -> list[Missing]:
	"""What the report still lacks before it can be reviewed, by the kinds it is of (6.5.b, 8.6.a.1, 8.6.a.2)."""
	found = []

	def need(fieldname: str, item: str, met, text: str) -> None:
		if not met:
			found.append(Missing(fieldname, item, text))

	need("is_current_state", _("Kinds of report"), any(doc.get(kind) for kind in KINDS), _("Choose at least one kind."))
	need("summary", _("Summary"), _filled(doc.summary), _("Sum up the result for the customer."))
	need("owner_user", _("People"), doc.owner_user, _("Choose the person in charge."))
	if doc.is_current_state:
		label = _("Current-state Assessment")
		need("findings", label, doc.findings, _("Add at least one finding."))
		measured = any(_filled(row.unit) for row in doc.findings)
		need("findings", label, measured, _("Measure at least one finding: a value with its unit."))
		bare = [str(row.idx) for row in doc.findings if not _filled(row.evidence)]
		need("findings", label, not bare, _("Findings, rows {0}: enter the evidence.").format(", ".join(bare)))
	if doc.is_interviews:
		need("interviews", _("Interviews and Research"), doc.interviews, _("Add at least one interview or inquiry."))
	if doc.is_requirements:
		need("requirements", _("Requirement Analysis"), doc.requirements, _("Add at least one requirement."))
		bare = [str(row.idx) for row in doc.requirements if not _filled(row.analysis)]
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
		need("recommendations_html", label, there, _("Add at least one recommendation, by the button of that name."))
	return found


def refuse_incomplete(doc, missing: list[Missing]) -> None:
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


def check_period(doc) -> None:
	"""An end before its start is refused, naming both."""
	if doc.start_date and doc.end_date and getdate(doc.end_date) < getdate(doc.start_date):
		frappe.throw(
			_("{0} {1} lies before {2} {3}. Correct one of them.").format(
				_(doc.meta.get_label("end_date")),
				frappe.bold(format_date(doc.end_date)),
				_(doc.meta.get_label("start_date")),
				frappe.bold(format_date(doc.start_date)),
			),
			title=_("Dates"),
		)


def _check_agreement(doc) -> None:
	if not doc.agreement:
		return
	customer = frappe.db.get_value("Service Agreement", doc.agreement, "customer")
	if customer != doc.customer:
		frappe.throw(
			_("Service Agreement: {0} is with {1}, not with {2}. Choose one of this customer's.").format(
				frappe.bold(doc.agreement), escape_html(customer or "–"), escape_html(doc.customer or "–")
			)
		)


def _check_steps(doc) -> None:
	for row in doc.steps:
		if row.start_date and row.end_date and getdate(row.end_date) < getdate(row.start_date):
			frappe.throw(
				_("Steps, row {0} ({1}): the end {2} lies before the start {3}. Correct one of them.").format(
					row.idx,
					escape_html(row.step or ""),
					frappe.bold(format_date(row.end_date)),
					frappe.bold(format_date(row.start_date)),
				),
				title=_("Dates"),
			)
		outside = [
			day
			for day in (row.start_date, row.end_date)
			if day
			and (
				(doc.start_date and getdate(day) < getdate(doc.start_date))
				or (doc.end_date and getdate(day) > getdate(doc.end_date))
			)
		]
		if outside:
			frappe.throw(
				_("Steps, row {0} ({1}): {2} lies outside the plan's period. Move the step or the period.").format(
					row.idx, escape_html(row.step or ""), frappe.bold(format_date(outside[0]))
				),
				title=_("Dates"),
			)


def _count_costs(doc) -> None:
	for row in doc.costs:
		row.amount = flt(flt(row.quantity) * flt(row.rate), 2)
	doc.budget = flt(sum(row.amount for row in doc.costs), 2)
	if doc.budget and not doc.currency:
		frappe.throw(
			_("{0}: {1} is money without a currency. Choose the currency.").format(
				_(doc.meta.get_label("budget")), frappe.bold(frappe.utils.fmt_money(doc.budget))
			),
			title=_("Currency missing"),
		)


def _check_security(doc) -> None:
	"""Who checked what and when is noted by the system; what is not plainly met is explained (6.5.e)."""
	before = doc.get_doc_before_save()
	results = {row.name: row for row in before.security} if before else {}
	for row in doc.security:
		old = results.get(row.name)
		if old and old.result == row.result:
			row.checked_by, row.checked_on = old.checked_by, old.checked_on
		elif row.result:
			row.checked_by, row.checked_on = frappe.session.user, site_now().date()
		else:
			row.checked_by = row.checked_on = None
		if row.result in ("Not Met", "Not Applicable") and not _filled(row.note):
			frappe.throw(
				_("Security check, row {0} ({1}): the result is {2}. Say why in the note.").format(
					row.idx, _(row.aspect), frappe.bold(_(row.result))
				)
			)


def _check_security_passed(doc) -> None:
	open_rows = [f"{row.idx} ({_(row.aspect)})" for row in doc.security if row.result not in PASSED]
	if open_rows:
		frappe.throw(
			_(
				"Security check, rows {0}: not met or not checked yet. The work begins once people, operations, data and tools meet the requirements."
			).format(frappe.bold(", ".join(open_rows))),
			title=_("Security check"),
		)


def _check_results(doc) -> None:
	"""Nothing is done or handed over before the plan is approved, nor in the future."""
	today = site_now().date()
	for table, fieldname in (("steps", "done_on"), ("deliverables", "delivered_on")):
		for row in doc.get(table):
			day = row.get(fieldname)
			if not day:
				continue
			where = _("{0}, row {1}: {2}").format(
				_(doc.meta.get_label(table)), row.idx, _(row.meta.get_label(fieldname))
			)
			if getdate(day) > today:
				frappe.throw(
					_("{0} {1} lies in the future. Enter it when it has happened.").format(
						where, frappe.bold(format_date(day))
					)
				)
			if doc.status not in PLAN_WORKING:
				frappe.throw(
					_("{0}: the plan is {1}. Work that has begun needs an approved plan that was started.").format(
						where, frappe.bold(_(doc.status, context=doc.doctype))
					)
				)


def _check_provided_in_time(doc) -> None:
	today = site_now().date()
	if getdate(doc.start_date) < today:
		frappe.throw(
			_(
				"Start {0} is already past: the plan must be approved before the work begins. Move the start to {1} or later and have the plan reviewed again."
			).format(frappe.bold(format_date(doc.start_date)), format_date(today)),
			title=_("Too late"),
		)


def _check_completed(doc) -> None:
	left = [_("step {0}: {1}").format(row.idx, escape_html(row.step)) for row in doc.steps if not row.done_on]
	left += [
		_("deliverable {0}: {1}").format(row.idx, escape_html(row.deliverable))
		for row in doc.deliverables
		if not row.delivered_on
	]
	if not frappe.db.exists("Consulting Report", {"plan": doc.name, "status": ["in", REPORT_OUT]}):
		left.append(_("a Consulting Report of this plan that has been issued"))
	if left:
		frappe.throw(
			_("{0} is not completed yet. Still open:").format(frappe.bold(doc.name))
			+ "<ul>"
			+ "".join(f"<li>{line}</li>" for line in left)
			+ "</ul>",
			title=_("Not complete"),
		)


def _check_plan_of_report(doc) -> None:
	before = doc.get_doc_before_save()
	if before and before.plan == doc.plan:
		return
	status = frappe.db.get_value("Consulting Plan", doc.plan, "status") if doc.plan else None
	if status not in PLAN_APPROVED:
		frappe.throw(
			_("Consulting Plan: {0} is {1}. A report needs an approved plan; have it approved, or choose another.").format(
				frappe.bold(escape_html(cstr(doc.plan))),
				_(status, context="Consulting Plan") if status else _("missing"),
			),
			title=_("Plan not approved"),
		)


def _check_plan_working(doc) -> None:
	status = frappe.db.get_value("Consulting Plan", doc.plan, "status")
	if status not in PLAN_WORKING:
		frappe.throw(
			_("Consulting Plan: {0} is {1}. Start it first; its security check comes before the work.").format(
				frappe.bold(doc.plan), _(status or "Draft", context="Consulting Plan")
			),
			title=_("Plan not started"),
		)


def _status_before(doc) -> str:
	before = doc.get_doc_before_save()
	return (before.status if before else None) or "Draft"


def _filled(text) -> bool:
	return bool(strip_html(cstr(text)).strip()) or "<img" in cstr(text)


def _of(rows, **values) -> list:
	return [row for row in rows if all(row.get(key) == value for key, value in values.items())]
