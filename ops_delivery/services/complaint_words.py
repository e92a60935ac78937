"""How complaints are taken and handled, in the reader's language: the site's own words, else those of the agreement."""

from __future__ import annotations

import frappe
from frappe.utils import cstr

SETTINGS = "Ops Delivery Settings"


def process(language: str | None = None) -> str:
	"""How a complaint goes, as Ops Delivery Settings say it for that language (the reader's own by default)."""
	return _said("complaint_process", language)


def channels(language: str | None = None) -> str:
	"""Where to complain, as Ops Delivery Settings say it."""
	return _said("complaint_channels", language)


def _said(field: str, language: str | None) -> str:
	chinese = (language or frappe.local.lang or "").startswith("zh")
	wanted = (f"{field}_zh", field) if chinese else (field, f"{field}_zh")
	settings = frappe.get_cached_doc(SETTINGS)
	return next((text for text in (cstr(settings.get(name)).strip() for name in wanted) if text), "")
