"""The site's date format, as its set-up means it."""

from __future__ import annotations

import frappe


def align(_args: dict | None = None) -> None:
	"""Hook of the set-up wizard: what System Settings say is what people see.

	ERPNext writes dd-mm-yyyy as the default when it is installed, and System Settings pass a format on only when it
	changes there; where the wizard chooses what stands there already (yyyy-mm-dd, as in China) it never reaches users.
	"""
	chosen = frappe.db.get_single_value("System Settings", "date_format")
	if chosen and frappe.db.get_default("date_format") != chosen:
		frappe.db.set_default("date_format", chosen)
		frappe.local.user_date_format = None
