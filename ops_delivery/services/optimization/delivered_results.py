"""What an optimization or a consultation brought in the end: the customer's satisfaction before and after, and the
reports delivered beside its own (8.5.a.3, 8.5.b.4–5, 8.6.a.3, 8.6.b.4–5). All of it may come after the work has ended."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, format_date, getdate

from ops_delivery.services.shared.locale import number
from ops_delivery.services.shared.site_time import site_now

FIELD = "delivered_reports"
SCORES = ("satisfaction_before", "satisfaction_after")
NOTE = "satisfaction_note"
LATER = (FIELD, *SCORES, NOTE)


def check(doc) -> None:
	"""Refuse a score outside 0 to 100, a fall that nobody explains, a report delivered to nobody or in the future."""
	_check_satisfaction(doc)
	today = site_now().date()
	for row in doc.get(FIELD):
		where = _("{0}, row {1}").format(
			frappe.bold(_(doc.meta.get_label(FIELD), context=doc.doctype)), row.idx
		)
		if not cstr(row.title).strip() or not cstr(row.received_by).strip():
			frappe.throw(_("{0}: say which report it was and who received it.").format(where))
		if row.delivered_on and getdate(row.delivered_on) > today:
			frappe.throw(
				_("{0}: {1} lies in the future. Enter it when it has been delivered.").format(
					where, escape_html(format_date(row.delivered_on))
				)
			)


def _check_satisfaction(doc) -> None:
	for fieldname in SCORES:
		if not 0 <= flt(doc.get(fieldname)) <= 100:
			frappe.throw(
				_("{0}: {1} is not a score from 0 to 100.").format(
					frappe.bold(_(doc.meta.get_label(fieldname), context=doc.doctype)),
					number(doc.get(fieldname)),
				)
			)
	before, after = (flt(doc.get(fieldname)) for fieldname in SCORES)
	if after and after < before and not cstr(doc.get(NOTE)).strip():
		frappe.throw(
			_("{0}: the score fell from {1} to {2}. Say why, and what follows.").format(
				frappe.bold(_(doc.meta.get_label(NOTE), context=doc.doctype)), number(before), number(after)
			)
		)


def satisfaction(doc: Any) -> str:
	"""For the printed page: the score before and after in a line; "" while none was taken afterwards."""
	before, after = (flt(doc.get(fieldname)) for fieldname in SCORES)
	return _("{0} before, {1} afterwards").format(number(before, 2), number(after, 2)) if after else ""


def rows(doc: Any, paper: Any) -> list[list[str]]:
	"""For the printed page: kind, report, day, receiver."""
	return [
		[_(row.kind or "Other Report"), row.title, paper.date(row.delivered_on), row.received_by]
		for row in doc.get(FIELD) or ()
	]
