"""Numbers that people type stay within the bounds of domain/bounds.py, on every way in; settings are read within them."""

from __future__ import annotations

import re
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, date_diff, escape_html, flt, getdate

from ops_delivery.domain.bounds import BOUNDS, within
from ops_delivery.permissions.steps import table_name
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.site_time import site_now

SETTINGS = "Ops Delivery Settings"
NOTICES = "Service Notice"
GRACE_DAYS = 7  # so long what a lower number of days would delete is still there
MOST_STEPS = 10


class OutOfBounds(frappe.ValidationError):
	"""A number that nobody can have meant."""


def check(doc: Any, _method: str | None = None) -> None:
	"""doc_events before_validate, after the types: refuse a number outside its bounds, or a text where a number belongs.

	Of a stored record only what was changed is asked, so that an old value stops no other change.
	"""
	before = doc.get_doc_before_save()
	stored = {row.name: row for row in before.get_all_children()} if before else {}
	for row in (doc, *doc.get_all_children()):
		bounds = BOUNDS.get(row.doctype)
		if bounds:
			_check_row(doc, row, bounds, before if row is doc else stored.get(row.name))


def setting(field: str) -> int:
	"""A number of Ops Delivery Settings as the engine takes it: its default where none is stored, and within bounds."""
	return cint(within(SETTINGS, field, cint(frappe.get_cached_doc(SETTINGS).get(field))))


def check_days(doc: Any, field: str) -> None:
	"""Refuse a list of days that cannot be read, such as "abc": nothing would be reminded of."""
	text = cstr(doc.get(field)).strip()
	days = [int(number) for number in re.findall(r"\d{1,9}", text)]
	readable = not re.search(r"[^\d\s,;，、；]", text) and all(1 <= day <= 730 for day in days)
	if not readable or not 1 <= len(days) <= MOST_STEPS:
		frappe.throw(
			_("{0}: {1} cannot be read. Enter one to ten numbers of days from 1 to 730, such as: 90, 30, 7.").format(
				_label(doc, field), frappe.bold(escape_html(text) or "–")
			),
			OutOfBounds,
		)


def kept_days() -> int:
	"""For how many days sent notices are kept today: a lower number counts only after GRACE_DAYS, so that nothing is lost
	by a number typed wrong."""
	days = setting("log_days")
	stored = frappe.get_cached_doc(SETTINGS)
	on = stored.log_days_lowered_on
	if on and date_diff(getdate(site_now()), getdate(on)) < GRACE_DAYS:
		return max(days, cint(stored.log_days_before))
	return days


def note_lowered(settings: Any) -> None:
	"""validate of the settings: note that fewer days of notices are kept from now on, and say what goes, and when."""
	before = settings.get_doc_before_save()
	was, now = (cint(before.log_days) if before else 0), cint(settings.log_days)
	if not before:
		return
	settings.log_days_before, settings.log_days_lowered_on = before.log_days_before, before.log_days_lowered_on
	if now == was:
		return
	kept = max(was, kept_days())
	if now >= kept:
		settings.log_days_before, settings.log_days_lowered_on = 0, None
		return
	settings.log_days_before, settings.log_days_lowered_on = kept, getdate(site_now())
	count = frappe.db.count(NOTICES, {"state": "Sent", "sent_on": ["<", add_days(site_now(), -now)]})
	if count:
		frappe.msgprint(
			_(
				"{0}: from {1} on, the {2} notices that are older than {3} days are deleted. Until then a higher number keeps them."
			).format(
				_label(settings, "log_days"), wording.day(add_days(getdate(site_now()), GRACE_DAYS)), count, now
			),
			title=_("Notices are deleted later"),
			indicator="orange",
		)


def _check_row(doc: Any, row: Any, bounds: Any, before: Any) -> None:
	for field, (least, most) in bounds.items():
		value = row.get(field)
		if value in (None, "") or (before and before.get(field) == value):
			continue
		number = value if isinstance(value, int | float) else None
		if number is None or not least <= number <= most:
			frappe.throw(
				_("{0}: {1} is not possible. Enter a number from {2} to {3}.").format(
					_where(doc, row, field), frappe.bold(escape_html(_plain(value))), _plain(least), _plain(most)
				),
				OutOfBounds,
			)


def _where(doc: Any, row: Any, field: str) -> str:
	label = _label(row, field)
	if row is doc:
		return label
	table = frappe.bold(table_name(doc.doctype, row.parentfield))
	return _("{0}, row {1}: {2}").format(table, row.idx, label)


def _label(row: Any, field: str) -> str:
	return frappe.bold(_(row.meta.get_label(field), context=row.doctype))


def _plain(value: Any) -> str:
	return f"{flt(value):.12g}" if isinstance(value, int | float) else cstr(value)
