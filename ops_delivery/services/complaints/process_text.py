"""How complaints are taken and handled, in the reader's language: the site's own words, else those of the agreement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, get_datetime

from ops_delivery.services.complaints.types import DOCTYPE
from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import site_now, to_site, to_utc

SETTINGS = "Ops Delivery Settings"


def process(language: str | None = None) -> str:
	"""How a complaint goes, as Ops Delivery Settings say it for that language (the reader's own by default)."""
	return _said("complaint_process", language)


def channels(language: str | None = None) -> str:
	"""Where to complain, as Ops Delivery Settings say it."""
	return _said("complaint_channels", language)


def on_record() -> str:
	"""What who has just complained is told: that it is on record, and by when they hear from us."""
	return " ".join(filter(None, (_("Your complaint is on record."), promise())))


def promise(complaint: Any = None) -> str:
	"""By when the customer hears from us: as the complaint's own clock runs, for a new one as the Clock Definition says.

	Blank where the administrator promises nothing.
	"""
	due = _due_of(complaint) if complaint else _due_from_now()
	return _("You will hear from us by {0}.").format(moment(due)) if due else ""


def _acknowledgements() -> list[Any]:
	measured = definitions.for_doctype(DOCTYPE)
	return [row for row in measured.definitions if row.meet_at_field == "acknowledged_on"] if measured else []


def _due_of(complaint: Any) -> datetime | None:
	return frappe.db.get_value(
		"Service Clock",
		{
			"reference_doctype": complaint.doctype,
			"reference_name": complaint.name,
			"clock_definition": ["in", [row.name for row in _acknowledgements()] or [""]],
			"state": "Running",
		},
		"due_on",
		order_by="due_on",
	)


def _due_from_now() -> datetime | None:
	found = [
		calendars.compiled(version).add(to_utc(get_datetime(site_now())), row.own_target)
		for row in _acknowledgements()
		if row.own_terms and row.own_target and (version := versions.current("Service Calendar", row.own_calendar))
	]
	return to_site(min(found)) if found else None


def _said(field: str, language: str | None) -> str:
	chinese = (language or frappe.local.lang or "").startswith("zh")
	wanted = (f"{field}_zh", field) if chinese else (field, f"{field}_zh")
	settings = frappe.get_cached_doc(SETTINGS)
	return next((text for text in (cstr(settings.get(name)).strip() for name in wanted) if text), "")
