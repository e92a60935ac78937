"""Clocks that could not be planned: put on record for the administrator, and tried again every hour (clock_jobs)."""

from __future__ import annotations

import frappe


def note(doctype: str, name: str) -> None:
	"""The clocks of a record, or of a rule, could not be planned."""
	frappe.log_error(
		title="Ops Delivery: clocks not re-planned", reference_doctype=doctype, reference_name=name
	)
