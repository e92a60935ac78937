"""Answers of surveys are evidence: written once, changed by nobody (5.4.c)."""

from __future__ import annotations

import frappe
from frappe import _


def refuse_change(doc) -> None:
	"""Called by the controllers of Survey Response and Survey Answer. The services write past documents' saves."""
	frappe.throw(
		_(
			"{0}: what a customer answered is not changed or deleted. Record what follows on an improvement action."
		).format(_(doc.doctype))
	)
