"""What holds of an improvement action on every way in (5.5.b, 5.5.c, 5.5.f); its steps stand in services.improvements.steps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, get_datetime

from ops_delivery.domain import improvement as domain
from ops_delivery.permissions import steps
from ops_delivery.permissions.steps import OnlyBySteps
from ops_delivery.services.improvements import sentences as improvement_words
from ops_delivery.services.shared import due_dates, todos
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Improvement Action"
LENGTH = 140
# written by the steps alone
JUST_NOW = timedelta(minutes=1)  # "now" as a form gives it
FIXED = ("source_doctype", "source_name")


class SomethingMissing(frappe.ValidationError):
	"""An action was to stand in a state that demands more than it has."""


def validate(doc) -> None:
	"""What holds on every way in: no state is skipped, each has its content, and what was noted stays noted."""
	before = doc.get_doc_before_save()
	_tidy(doc)
	_keep_source(doc, before)
	_keep_told(doc, before)
	_check_agreement(doc)
	if doc.state not in domain.ENDED:
		_check_days(doc, before)
	was = before.state if before else domain.OPEN
	with guard():
		domain.check_step(was, doc.state)
		opened = improvement_words.missing(doc, doc.state)
	if before and was == domain.CLOSED and doc.state != was and not steps.is_taken(doc):
		frappe.throw(
			_("{0} is closed. Use {1}, so that it is on record why.").format(
				doc.name, frappe.bold(_("Reopen"))
			),
			OnlyBySteps,
		)
	if opened:
		frappe.throw(
			_("{0} is not possible yet:").format(frappe.bold(_(doc.state, context=DOCTYPE)))
			+ "<ul>"
			+ "".join(f"<li>{escape_html(row['text'])}</li>" for row in opened)
			+ "</ul>",
			SomethingMissing,
			title=_("Something is missing"),
		)
	_note_end(doc, before)


def on_update(doc) -> None:
	"""Whoever sees to it has it on their list."""
	before = doc.get_doc_before_save()
	if doc.state in domain.ENDED:
		if before and before.state not in domain.ENDED:
			todos.close(doc)
	elif doc.owner_user and (
		not before or before.owner_user != doc.owner_user or before.state in domain.ENDED
	):
		todos.take_back(doc)
		todos.give(doc, doc.owner_user, escape_html(doc.title), doc.due_date)


def on_trash(doc) -> None:
	"""What the customer was told of, or what has ended, is evidence."""
	if doc.told_on or doc.state != domain.OPEN:
		frappe.throw(
			_("{0} is {1} and is kept as evidence. Withdraw it with a reason instead.").format(
				doc.name, frappe.bold(_(doc.state, context=DOCTYPE))
			)
		)
	todos.close(doc)


def _check_days(doc, before) -> None:
	"""What is still to be done is due today or later."""
	due_dates.check(doc, before)
	due_dates.check(doc, before, "effect_due")
	stored = {row.name: row for row in before.measures} if before else {}
	for row in doc.measures:
		where = _("{0}, row {1}").format(_(doc.meta.get_label("measures"), context=DOCTYPE), row.idx)
		due_dates.check(row, stored.get(row.name), where=where)


def check_reason(agreement) -> None:
	"""The action an agreement version came of (5.5.g) is one of the same customer, or of none."""
	if not agreement.get("improvement_action"):
		return
	owner = frappe.db.get_value(DOCTYPE, agreement.improvement_action, "customer")
	if owner and owner != agreement.customer:
		frappe.throw(
			_("{0}: {1} belongs to another customer ({2}). Choose one of {3}.").format(
				frappe.bold(_(agreement.meta.get_label("improvement_action"), context=agreement.doctype)),
				escape_html(agreement.improvement_action),
				escape_html(owner),
				escape_html(agreement.customer),
			)
		)


def as_plain(doc, fieldname: str, value: Any) -> str:
	"""A field's value as text to compare, whatever form it came in."""
	field = doc.meta.get_field(fieldname)
	if field and field.fieldtype == "Datetime":
		return cstr(get_datetime(value).replace(microsecond=0)) if value else ""
	if field and field.fieldtype == "Int":
		return cstr(cint(value))
	return cstr(value).strip()


def _tidy(doc) -> None:
	for row in doc.measures:
		row.state = row.state or domain.M_OPEN
		if row.state not in domain.MEASURE_STATES:
			frappe.throw(
				_("Measures, row {0}: {1} is not a state. Choose one of {2}.").format(
					row.idx,
					escape_html(cstr(row.state)),
					", ".join(_(state, context=row.doctype) for state in domain.MEASURE_STATES),
				)
			)
		if row.state == domain.M_DONE:
			row.done_on = row.done_on or site_now().date()
		else:
			row.done_on = None
	due_dates.check_happened(doc, "measures", "done_on")
	if doc.confirmed_on and get_datetime(doc.confirmed_on) > site_now() + JUST_NOW:
		frappe.throw(
			_("{0} {1} lies in the future. Enter when the customer confirmed it.").format(
				frappe.bold(_(doc.meta.get_label("confirmed_on"), context=DOCTYPE)),
				frappe.format(doc.confirmed_on, "Datetime"),
			)
		)
	if not doc.source_name:
		doc.source_doctype = None


def _keep_source(doc, before) -> None:
	if before and any(before.get(field) and before.get(field) != doc.get(field) for field in FIXED):
		frappe.throw(
			_("{0}: where it came from ({1}) cannot be changed.").format(doc.name, before.source_name)
		)
	if before and before.told_on and cstr(before.customer) != cstr(doc.customer):
		frappe.throw(
			_("{0} was told to {1} and stays theirs.").format(doc.name, escape_html(before.customer))
		)


def _keep_told(doc, before) -> None:
	"""What the customer read is not rewritten; what the steps note besides, permissions/steps.py keeps."""
	if steps.is_taken(doc):
		return
	if before and before.told_on and cstr(before.told_text) != cstr(doc.told_text):
		frappe.throw(
			_("{0}: the customer read this as it is. Tell them anew by the button.").format(
				frappe.bold(_(doc.meta.get_label("told_text"), context=DOCTYPE))
			),
			OnlyBySteps,
		)


def _check_agreement(doc) -> None:
	for fieldname in ("agreement", "service_object"):
		if not doc.get(fieldname):
			continue
		owner = frappe.db.get_value(doc.meta.get_field(fieldname).options, doc.get(fieldname), "customer")
		if owner and doc.customer and owner != doc.customer:
			frappe.throw(
				_("{0}: {1} belongs to another customer ({2}). Choose one of {3}.").format(
					frappe.bold(_(doc.meta.get_label(fieldname), context=DOCTYPE)),
					escape_html(doc.get(fieldname)),
					escape_html(owner),
					escape_html(doc.customer),
				)
			)


def _note_end(doc, before) -> None:
	if doc.state not in domain.ENDED:
		doc.closed_by = doc.closed_on = None
	elif not before or before.state != doc.state or not doc.closed_on:
		doc.closed_by, doc.closed_on = frappe.session.user, site_now()
