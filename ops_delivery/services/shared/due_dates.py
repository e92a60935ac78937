"""Days that people type: one by which work is promised is today or later when it is typed, one on which something happened
is today or earlier, on every record that has one (5.5, 6.3.g)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from ops_delivery.domain import plausible
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.site_time import site_now


def check(doc, before, field: str = "due_date", where: str = "") -> None:
	"""Refuse a due date in the past that was typed in this save; what was stored before may have passed since."""
	value = doc.get(field)
	if not value or (before and before.get(field) and getdate(before.get(field)) == getdate(value)):
		return
	label = frappe.bold(_(doc.meta.get_label(field), context=doc.doctype))
	with guard(f"{where}, {label}" if where else label):
		plausible.due_date(getdate(value), site_now().date())


def check_happened(doc, table: str, field: str) -> None:
	"""Refuse a day in the rows of a table on which nothing can have happened yet."""
	today = getdate(nowdate())  # as the fields' own default has it
	for row in doc.get(table) or ():
		if row.get(field) and getdate(row.get(field)) > today:
			where = _("{0}, row {1}: {2}").format(
				_(doc.meta.get_label(table), context=doc.doctype),
				row.idx,
				_(row.meta.get_label(field), context=row.doctype),
			)
			frappe.throw(
				_("{0} {1} lies in the future. Enter it when it has happened.").format(
					where, frappe.bold(row.get_formatted(field))
				)
			)
