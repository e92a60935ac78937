"""What an agreement promises in amounts, row by row: kept apart by a key, checked, and said in words (5.2.a, 5.4.a)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, flt

from ops_delivery.domain.amounts.promised import Promise
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.periods import Span
from ops_delivery.services.shared import domain_errors as errors

ROW = "Agreed Amount"
VISITS, SESSIONS, BOTH, TASKS, HOURS = "Visits on Site", "Remote Sessions", "Visits and Sessions", "Routine Tasks", "Hours"
EXTRA, ASK_FIRST = "Marked as Extra", "Ask First"
PERIODS = {"Month": "month", "Quarter": "quarter", "Half-year": "half_year", "Year": "year", "Whole Term": "agreement"}
KEY_LENGTH = 10
SETTINGS, DEFAULT_SHARE = "Ops Delivery Settings", 80
# what an error of the domain calls a field, and what the form calls it
FIELDS = {"name": "title"}


class WrongAmount(frappe.ValidationError):
	"""A promised amount contradicts itself."""


def prepare(doc) -> None:
	"""Each row has a key of its own, which its next versions keep: what was drawn is known by it."""
	seen: set[str] = set()
	for row in doc.get("amounts") or []:
		if not row.amount_key or row.amount_key in seen:
			row.amount_key = frappe.generate_hash(length=KEY_LENGTH)
		seen.add(row.amount_key)
		if row.counts != TASKS:
			row.routine_kind = None
		else:
			row.service_content = None


def check(doc) -> None:
	"""Refuse rows that cannot be kept. WrongAmount names row, field and value."""
	titles = [cstr(row.title).strip() for row in doc.amounts]
	for row in doc.amounts:
		if not cstr(row.title).strip():
			_refuse(row, "title", _("it is blank. Name what is promised, such as Inspections."))
		if titles.count(cstr(row.title).strip()) > 1:
			_refuse(row, "title", _("it is there twice. Name each amount once."))
		if not cint(row.unlimited) and flt(row.quantity) <= 0:
			_refuse(row, "quantity", _("enter how much is promised, or tick {0}.").format(frappe.bold(_label(row, "unlimited"))))
		try:
			promise(row, Span(date.min, date.min))
		except DomainError as error:
			field = cstr(error.context.get("field"))
			_refuse(row, FIELDS.get(field, field), errors.message(error))


def promise(row: Any, span: Span) -> Promise:
	"""What a row promises on the days of its agreement. DomainError as Promise."""
	limited = not cint(row.unlimited)
	return Promise(
		name=cstr(row.title) or row.amount_key,
		unit=cstr(row.unit).strip() or row.counts,
		quantity=flt(row.quantity) if limited else None,
		per=PERIODS.get(row.per, cstr(row.per)),
		agreement=span,
		carry_periods=cint(row.carry_periods) if limited else 0,
		carry_most=flt(row.carry_most) or None,
		warn_at=(flt(row.warn_at) or default_share()) or None if limited else None,
	)


def default_share() -> float:
	"""The share, in per cent, at which is warned where an amount has none of its own; 0 is never."""
	stored = frappe.get_cached_doc(SETTINGS).get("amount_warn_at")
	return DEFAULT_SHARE if stored is None else flt(stored)


def unit(row: Any) -> str:
	"""What is counted, in the reader's language."""
	return cstr(row.unit).strip() or (_("hours") if row.counts == HOURS else _("times", context="Agreed Amount"))


def number(value: Any) -> str:
	"""An amount as people write it: no more decimals than it has."""
	rounded = flt(value, 3)
	if rounded == int(rounded):
		return frappe.format_value(int(rounded), {"fieldtype": "Int"})
	return frappe.format_value(rounded, {"fieldtype": "Float", "precision": 3}).rstrip("0")


def so_many(row: Any, value: Any) -> str:
	"""An amount of a row with its unit."""
	once = flt(value) == 1 and row.counts != HOURS and not cstr(row.unit).strip()
	return f"{number(value)} {_('time', context='Agreed Amount') if once else unit(row)}"


def sentence(row: Any) -> str:
	"""How much is promised and for how long, such as "4 times a quarter"."""
	if cint(row.unlimited):
		return _("as many as needed")
	return {
		"Month": _("{0} a month"),
		"Quarter": _("{0} a quarter"),
		"Half-year": _("{0} in half a year"),
		"Year": _("{0} a year"),
		"Whole Term": _("{0} in the whole term"),
	}[row.per].format(so_many(row, row.quantity))


def counted(row: Any) -> str:
	"""What draws on it, in words."""
	more = (row.routine_kind and _(row.routine_kind, context="Routine Kind")) or (row.service_content and _(row.service_content))
	return " · ".join(filter(None, (_(row.counts, context="Agreed Amount"), more, cint(row.with_travel) and row.counts == HOURS and _("with travel"))))


def rest(row: Any) -> str:
	"""What becomes of the rest, and of what goes beyond, in words."""
	if cint(row.unlimited):
		return ""
	kept = _("The rest expires with its period.")
	if cint(row.carry_periods):
		more = cint(row.carry_periods)
		kept = _("The rest stays good for {0} more periods.").format(more) if more > 1 else _("The rest stays good for one more period.")
		if flt(row.carry_most):
			kept += " " + _("No more than {0} is carried over.").format(so_many(row, row.carry_most))
	beyond = _("What goes beyond is agreed first.") if row.beyond == ASK_FIRST else _("What goes beyond is marked as extra.")
	return f"{kept} {beyond}"


def rows_of(names: Iterable[str]) -> list[frappe._dict]:
	"""The rows of agreements, in their order; each with its agreement as `parent`."""
	return frappe.get_all(
		ROW,
		filters={"parenttype": "Service Agreement", "parent": ["in", list(names) or [""]]},
		fields=["name", "parent", "amount_key", "title", "counts", "routine_kind", "service_content", "with_travel"]
		+ ["unlimited", "quantity", "unit", "per", "carry_periods", "carry_most", "warn_at", "beyond", "idx"],
		order_by="parent, idx",
	)


def _refuse(row: Any, field: str, text: str) -> None:
	frappe.throw(
		_("{0}, row {1} ({2}): {3}").format(
			frappe.bold(_("Agreed Amounts")), row.idx, ", ".join(filter(None, (escape_html(cstr(row.title).strip()), _label(row, field)))), text
		),
		WrongAmount,
	)


def _label(row: Any, field: str) -> str:
	return _(frappe.get_meta(ROW).get_label(field), context="Agreed Amount")
