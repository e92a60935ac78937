"""Reports delivered beside the record's own: which, when, to whom; they may come after the work has ended (8.5.b.4–5, 8.6.b.4–5)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, format_date, getdate

from ops_delivery.services.shared.site_time import site_now

FIELD = "delivered_reports"


def check(doc) -> None:
	"""Refuse a report delivered to nobody or in the future."""
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


def rows(doc: Any, paper: Any) -> list[list[str]]:
	"""For the printed page: kind, report, day, receiver."""
	return [
		[_(row.kind or "Other Report"), row.title, paper.date(row.delivered_on), row.received_by]
		for row in doc.get(FIELD) or ()
	]
