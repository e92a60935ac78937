"""The customer's satisfaction before and after an optimization or a consultation, as its record keeps it (8.5.a.3, 8.6.a.3)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, flt

from ops_delivery.services.shared.locale import number

SCORES = ("satisfaction_before", "satisfaction_after")
NOTE = "satisfaction_note"
FIELDS = (*SCORES, NOTE)  # what may be entered after the work has ended


def check(doc) -> None:
	"""Refuse a score outside 0 to 100, and a fall that nobody explains."""
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


def sentence(doc: Any) -> str:
	"""For the printed page: the score before and after in a line; "" while none was taken afterwards."""
	before, after = (flt(doc.get(fieldname)) for fieldname in SCORES)
	return _("{0} before, {1} afterwards").format(number(before, 2), number(after, 2)) if after else ""
