"""Days by which work is promised: typed anew they are today or later, on every record that has one (5.5, 6.3.g)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from ops_delivery.domain import plausible
from ops_delivery.services.errors import guard
from ops_delivery.services.time import site_now


def check(doc, before, field: str = "due_date", where: str = "") -> None:
	"""Refuse a due date in the past that was typed in this save; what was stored before may have passed since."""
	value = doc.get(field)
	if not value or (before and before.get(field) and getdate(before.get(field)) == getdate(value)):
		return
	label = frappe.bold(_(doc.meta.get_label(field), context=doc.doctype))
	with guard(f"{where}, {label}" if where else label):
		plausible.due_date(getdate(value), site_now().date())
