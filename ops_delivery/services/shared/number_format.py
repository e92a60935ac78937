"""Numbers that people type, read by the number format of the site (System Settings)."""

from __future__ import annotations

import frappe
from frappe.utils import cstr

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.numbers import NumberFormat, read

FALLBACK = "#,###.##"


def site_format() -> NumberFormat:
	"""How the site writes numbers."""
	return NumberFormat.of(cstr(frappe.get_system_settings("number_format")) or FALLBACK)


def read_text(text: str) -> float:
	"""The number that a text is by the site's format. DomainError bad_reading for what is none."""
	return read(text, site_format())


def typed(value: object) -> object:
	"""A text as the number it is by the site's format; whatever else it is stays as it is, for the rules to refuse."""
	if not isinstance(value, str) or not value.strip():
		return value
	try:
		return read(value, site_format())
	except DomainError:
		return value
