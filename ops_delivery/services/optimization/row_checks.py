"""Whether what is entered in an optimization plan can be right at all: checked at every save (6.4.a, 6.4.f)."""

from __future__ import annotations

from math import isfinite

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, flt, format_date, get_datetime, getdate

from ops_delivery.services.optimization.completeness import label, where
from ops_delivery.services.shared import due_dates
from ops_delivery.services.shared.site_time import site_now

DIRECTIONS = ("At Least", "At Most")
LEVELS = ("Low", "Medium", "High")
DECISION = ("accepted_party", "accepted_by", "accepted_on", "acceptance_reason")


def check(doc) -> None:
	"""frappe.ValidationError naming field, value and the way out for input that contradicts itself."""
	_check_owners(doc)
	_check_money(doc)
	_check_dates(doc)
	_check_metrics(doc)
	_check_people(doc)
	_check_trial_numbers(doc)
	_check_remarks(doc)
	_check_decision(doc)


def work_out(doc) -> None:
	"""What follows from what was entered: the level of each risk, the plan's highest, who checked."""
	for row in doc.risks:
		row.level = risk_level(row.likelihood, row.impact)
	levels = [row.level for row in doc.risks if row.level]
	doc.risk_level = max(levels, key=LEVELS.index) if levels else ""
	for row in doc.security_checks:
		if row.result:
			row.checked_by = row.checked_by or frappe.session.user
			row.checked_on = row.checked_on or site_now().date()
		else:
			row.checked_by = row.checked_on = None


def risk_level(likelihood: str | None, impact: str | None) -> str:
	"""Low, Medium or High: the sum of both places on the scale; "" where one is not known."""
	if likelihood not in LEVELS or impact not in LEVELS:
		return ""
	return ("Low", "Low", "Medium", "High", "High")[LEVELS.index(likelihood) + LEVELS.index(impact)]


def _check_owners(doc) -> None:
	for fieldname, doctype in (("agreement", "Service Agreement"), ("service_object", "Service Object")):
		name = doc.get(fieldname)
		if not name or not doc.customer:
			continue
		owner = frappe.db.get_value(doctype, name, "customer")
		if owner and owner != doc.customer:
			frappe.throw(
				_("{0}: {1} belongs to {2}, not to {3}. Choose one of this customer.").format(
					_label(doc, fieldname), frappe.bold(name), owner, doc.customer
				)
			)


def _check_money(doc) -> None:
	for fieldname in ("budget", "actual_cost"):
		if flt(doc.get(fieldname)) < 0:
			frappe.throw(
				_("{0}: {1} is less than zero.").format(_label(doc, fieldname), flt(doc.get(fieldname)))
			)
		if flt(doc.get(fieldname)) and not doc.currency:
			frappe.throw(
				_("{0}: {1} is an amount without a currency. Choose the {2}.").format(
					_label(doc, fieldname), flt(doc.get(fieldname)), _label(doc, "currency")
				)
			)


def _check_dates(doc) -> None:
	_in_order(doc, doc.meta, _("Schedule", context=doc.doctype))
	for row in doc.steps:
		_in_order(row, row.meta, where(doc, "steps", row))
	today, now = site_now().date(), site_now()
	for row in doc.steps:
		_not_later(row.done_on and getdate(row.done_on), today, where(doc, "steps", row), row, "done_on")
	for row in doc.changes:
		_not_later(
			row.done_on and get_datetime(row.done_on),
			now,
			where(doc, "changes", row, row.change),
			row,
			"done_on",
		)
	for row in doc.rollback_steps:
		_not_later(
			row.rehearsed_on and getdate(row.rehearsed_on),
			today,
			where(doc, "rollback_steps", row),
			row,
			"rehearsed_on",
		)
	due_dates.check_happened(doc, "suggestions", "suggested_on")
	due_dates.check_happened(doc, "security_checks", "checked_on")
	for fieldname in ("rolled_back_on", "accepted_on"):
		_not_later(doc.get(fieldname) and get_datetime(doc.get(fieldname)), now, "", doc, fieldname)
	for fieldname in ("retrospective_on", "confirmed_on"):
		_not_later(doc.get(fieldname) and getdate(doc.get(fieldname)), today, "", doc, fieldname)


def _in_order(part, meta, place: str) -> None:
	if part.start_date and part.end_date and getdate(part.end_date) < getdate(part.start_date):
		frappe.throw(
			_("{0}: {1} ({2}) lies before {3} ({4}). Change one of them.").format(
				escape_html(place),
				_label(part, "end_date"),
				format_date(part.end_date),
				_label(part, "start_date"),
				format_date(part.start_date),
			)
		)


def _not_later(value, limit, place: str, part, fieldname: str) -> None:
	if value and value > limit:
		named = _label(part, fieldname)
		frappe.throw(
			_("{0}: {1} is still to come. Enter what has happened.").format(
				f"{escape_html(place)}, {named}" if place else named, part.get_formatted(fieldname)
			)
		)


def _check_metrics(doc) -> None:
	seen: dict[str, int] = {}
	for row in doc.metrics:
		place = escape_html(where(doc, "metrics", row))
		row.metric_name = cstr(row.metric_name).strip()
		if not row.metric_name:
			frappe.throw(_("{0}: {1} is missing.").format(place, _label(row, "metric_name")))
		if not cstr(row.unit).strip():
			frappe.throw(
				_("{0}: {1} is missing. Say what the values are counted in, such as ms or %.").format(
					place, _label(row, "unit")
				)
			)
		key = row.metric_name.casefold()
		if key in seen:
			frappe.throw(_("{0}: it is in row {1} already. Remove one of them.").format(place, seen[key]))
		seen[key] = row.idx
		for fieldname in ("baseline", "target"):
			row.set(fieldname, number(row.get(fieldname), place, row, fieldname))
		if row.direction not in DIRECTIONS:
			frappe.throw(
				_("{0}, {1}: {2} is not known. Choose one of: {3}").format(
					place,
					_label(row, "direction"),
					frappe.bold(escape_html(cstr(row.direction))),
					", ".join(_(direction) for direction in DIRECTIONS),
				)
			)
		if row.target is None:
			frappe.throw(_("{0}: {1} is missing.").format(place, _label(row, "target")))


def number(value, place: str, part, fieldname: str) -> float | None:
	"""A measured value as a number, None for none. frappe.ValidationError for text that is none."""
	if value is None or (isinstance(value, str) and not value.strip()):
		return None
	try:
		found = float(value)
	except (TypeError, ValueError):
		found = float("nan")
	if not isfinite(found):
		frappe.throw(
			_("{0}, {1}: {2} is not a number. Enter digits only; the unit has a column of its own.").format(
				place, _label(part, fieldname), frappe.bold(escape_html(cstr(value)))
			)
		)
	return found


def _check_people(doc) -> None:
	for row in doc.people:
		if not row.user and not cstr(row.person_name).strip():
			frappe.throw(
				_("{0}: name the person, by {1} or by {2}.").format(
					escape_html(where(doc, "people", row, row.role)),
					_label(row, "user"),
					_label(row, "person_name"),
				)
			)


def _check_trial_numbers(doc) -> None:
	for fieldname in ("trial_days", "grace_days", "readings_needed"):
		if cint(doc.get(fieldname)) < 0:
			frappe.throw(
				_("{0}: {1} is less than zero.").format(_label(doc, fieldname), cint(doc.get(fieldname)))
			)
	if cint(doc.trial_days) and cint(doc.grace_days) >= cint(doc.trial_days):
		frappe.throw(
			_("{0}: {1} days leave nothing of the {2} days of the trial run. Make it shorter.").format(
				_label(doc, "grace_days"), cint(doc.grace_days), cint(doc.trial_days)
			)
		)


def _check_remarks(doc) -> None:
	for table, fieldname, value in (
		("security_checks", "result", "Not Applicable"),
		("rollback_steps", "rehearsal_result", "Not Possible"),
	):
		for row in doc.get(table):
			if row.get(fieldname) == value and not cstr(row.remark).strip():
				frappe.throw(
					_("{0}: it is {1}; say why in {2}.").format(
						escape_html(
							where(
								doc,
								table,
								row,
								_(row.get("factor") or "", context=row.doctype) or row.get("step"),
							)
						),
						frappe.bold(_(value, context=row.doctype)),
						_label(row, "remark"),
					)
				)


def _check_decision(doc) -> None:
	given = [fieldname for fieldname in DECISION if cstr(doc.get(fieldname)).strip()]
	if given and len(given) < len(DECISION):
		absent = [_label(doc, fieldname) for fieldname in DECISION if fieldname not in given]
		frappe.throw(
			_("Accepted Otherwise: a decision says who, for which party, when and why. Missing: {0}").format(
				", ".join(absent)
			)
		)


def _label(part, fieldname: str) -> str:
	return frappe.bold(label(part, fieldname))
