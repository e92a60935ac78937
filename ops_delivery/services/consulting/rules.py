"""Consulting Plans and Consulting Reports: what must be in them, and when they may move on (6.5.a, b, c, e, g; 8.6).

Every rule here holds on every way in: the controllers call it whenever the document is saved. Reviews, fixed content
and the path of phases are services.reviews.phase_guard's; recommendations and what becomes of them are services.consulting.recommendations'.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, format_date, getdate

from ops_delivery.domain.states import SECURED
from ops_delivery.services.consulting import completeness as consulting_completeness
from ops_delivery.services.consulting.completeness import filled
from ops_delivery.services.shared import due_dates
from ops_delivery.services.shared.site_time import site_now

NOT_YET_REVIEWED = ("Draft", "Cancelled", "Withdrawn")
PLAN_APPROVED = ("Approved", "In Progress", "Completed")
PLAN_WORKING = ("In Progress", "Completed")
REPORT_OUT = ("Issued", "Followed Up")
PASSED = ("Met", "Not Applicable")


# What a plan's tables say when it is approved; the other columns are filled in while the work is done
PLANNED = {
	"steps": ("step", "responsible", "start_date", "end_date", "description"),
	"deliverables": ("deliverable", "content", "recipient", "due_date"),
	"security": ("aspect", "requirement", "measure"),
}


def begin_plan(doc) -> None:
	"""A new plan has a row for each aspect of security and for both reviews of its report, to be filled in."""
	if not doc.security:
		for aspect in SECURED:
			doc.append("security", {"aspect": aspect})
	if not doc.reviews:
		for party in ("Supplier", "Customer"):
			doc.append("reviews", {"subject": "Report", "party": party})
	if not doc.currency and doc.company:
		doc.currency = frappe.get_cached_value("Company", doc.company, "default_currency")


def planned(doc, _part: str = "") -> dict[str, Any]:
	"""The reviewed content of the tables that also take the results: extra_content of the plan (services.reviews.phase_guard)."""
	return {
		table: [
			{column: text for column in columns if (text := _plain(row, column))}
			for row in doc.get(table) or []
		]
		for table, columns in PLANNED.items()
	}


def _plain(row, column: str) -> str:
	value = row.get(column)
	return str(getdate(value)) if value and column.endswith("_date") else cstr(value).strip()


def validate_plan(doc) -> None:
	"""The content rules of a Consulting Plan, whatever its phase. frappe.ValidationError names field, value and the way out."""
	check_period(doc)
	_check_agreement(doc)
	_check_steps(doc)
	due_dates.check_happened(doc, "requirements", "raised_on")
	_count_costs(doc)
	_check_security(doc)


def guard_plan(doc) -> None:
	"""What a plan's phase asks for, once services.reviews.phase_guard has settled which phase that is."""
	_check_results(doc)
	was = status_before(doc)
	if doc.status not in NOT_YET_REVIEWED:
		consulting_completeness.refuse(doc, consulting_completeness.of_plan(doc))
	if doc.status == was:
		return
	if doc.status == "Approved" and was not in PLAN_APPROVED and doc.version == 1:
		_check_provided_in_time(doc)  # a revised plan was provided in time when it was first approved
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


def check_period(doc) -> None:
	"""An end before its start is refused, naming both."""
	if doc.start_date and doc.end_date and getdate(doc.end_date) < getdate(doc.start_date):
		frappe.throw(
			_("{0} {1} lies before {2} {3}. Correct one of them.").format(
				_(doc.meta.get_label("end_date"), context=doc.doctype),
				frappe.bold(format_date(doc.end_date)),
				_(doc.meta.get_label("start_date"), context=doc.doctype),
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
				_(
					"Steps, row {0} ({1}): {2} lies outside the plan's period. Move the step or the period."
				).format(row.idx, escape_html(row.step or ""), frappe.bold(format_date(outside[0]))),
				title=_("Dates"),
			)


def _count_costs(doc) -> None:
	for row in doc.costs:
		row.amount = flt(flt(row.quantity) * flt(row.rate), 2)
	doc.budget = flt(sum(row.amount for row in doc.costs), 2)
	if doc.budget and not doc.currency:
		frappe.throw(
			_("{0}: {1} is money without a currency. Choose the currency.").format(
				_(doc.meta.get_label("budget"), context=doc.doctype),
				frappe.bold(frappe.utils.fmt_money(doc.budget)),
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
		if row.result in ("Not Met", "Not Applicable") and not filled(row.note):
			frappe.throw(
				_("Security check, row {0} ({1}): the result is {2}. Say why in the note.").format(
					row.idx,
					_(row.aspect, context=row.doctype),
					frappe.bold(_(row.result, context=row.doctype)),
				)
			)


def _check_security_passed(doc) -> None:
	open_rows = [
		f"{row.idx} ({_(row.aspect, context=row.doctype)})"
		for row in doc.security
		if row.result not in PASSED
	]
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
	before = doc.get_doc_before_save()
	for table, fieldname in (("steps", "done_on"), ("deliverables", "delivered_on")):
		known = {row.name: row.get(fieldname) for row in before.get(table)} if before else {}
		for row in doc.get(table):
			day = row.get(fieldname)
			if not day or (known.get(row.name) and getdate(known[row.name]) == getdate(day)):
				continue
			where = _("{0}, row {1}: {2}").format(
				_(doc.meta.get_label(table), context=doc.doctype),
				row.idx,
				_(row.meta.get_label(fieldname), context=row.doctype),
			)
			if getdate(day) > today:
				frappe.throw(
					_("{0} {1} lies in the future. Enter it when it has happened.").format(
						where, frappe.bold(format_date(day))
					)
				)
			if doc.status not in PLAN_WORKING:
				frappe.throw(
					_(
						"{0}: the plan is {1}. Work that has begun needs an approved plan that was started."
					).format(where, frappe.bold(_(doc.status, context=doc.doctype)))
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


def status_before(doc) -> str:
	before = doc.get_doc_before_save()
	return (before.status if before else None) or "Draft"
