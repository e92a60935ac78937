"""What the forms of the configuration ask the server: previews of unsaved documents, and lists to choose from."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.agreements import promise_gaps, switched_off
from ops_delivery.services.clocks import change_preview
from ops_delivery.services.host import switch_preview
from ops_delivery.services.rules import (
	calendar_fill,
	calendar_preview,
	calendars,
	policy_words,
	public_calendar,
)
from ops_delivery.services.rules import change_reasons as rule_changes
from ops_delivery.services.rules import policy_publishing as policy_rules
from ops_delivery.services.scope import measured_types as record_types
from ops_delivery.services.shared import field_types
from ops_delivery.services.shared import site_time as time
from ops_delivery.setup import layouts, offered_parts, ready_made


@frappe.whitelist()
@staff_only
def time_zones() -> list[str]:
	"""The IANA names to choose from, those of a place first."""
	frappe.has_permission("Service Calendar", "read", throw=True)
	return sorted(available_timezones(), key=lambda name: ("/" not in name or name.startswith("Etc/"), name))


@frappe.whitelist(methods=["POST"])
@staff_only
def calendar_year(doc: str | dict, year: int) -> dict[str, Any]:
	"""A year of an unsaved or saved Service Calendar at a glance."""
	draft = _draft("Service Calendar", doc, "read")
	return calendar_preview.year(calendars.to_domain(draft), _within(cint(year)))


@frappe.whitelist(methods=["POST"])
@staff_only
def calendar_deadline(doc: str | dict, start: str, target: int) -> dict[str, Any]:
	"""What-if: the deadline of a target (working seconds) that starts at a moment of the site's time."""
	draft = _draft("Service Calendar", doc, "read")
	return calendar_preview.deadline(calendars.to_domain(draft), time.to_utc(start), cint(target))


@frappe.whitelist()
@staff_only
def public_calendar_countries() -> dict[str, Any]:
	"""The countries to choose from, and the site's own."""
	frappe.has_permission("Service Calendar", "read", throw=True)
	country = frappe.db.get_single_value("System Settings", "country")
	code = frappe.db.get_value("Country", country, "code") if country else None
	return {"countries": public_calendar.countries(), "own": (code or "").upper()}


@frappe.whitelist()
@staff_only
def public_calendar_regions(country: str) -> list[str]:
	"""The regions of a country that have holidays of their own."""
	frappe.has_permission("Service Calendar", "read", throw=True)
	return public_calendar.subdivisions(country)


@frappe.whitelist(methods=["POST"])
@staff_only
def fill_from_public_calendar(
	doc: str | dict,
	year: int,
	country: str,
	subdivision: str | None = None,
	take: str | None = None,
	makeup_as: str | None = None,
) -> dict[str, Any]:
	"""Proposed exception rows for a year from the public calendar of a country; nothing is saved."""
	draft = _draft("Service Calendar", doc, "write")
	return calendar_fill.from_public_calendar(draft, year, country, subdivision, take, makeup_as)


@frappe.whitelist(methods=["POST"])
@staff_only
def fill_from_holiday_list(doc: str | dict, holiday_list: str, year: int) -> dict[str, Any]:
	"""Proposed exception rows for a year from an ERPNext Holiday List; nothing is saved."""
	draft = _draft("Service Calendar", doc, "write")
	return calendar_fill.from_holiday_list(draft, holiday_list, year)


@frappe.whitelist(methods=["POST"])
@staff_only
def policy_timeline(doc: str | dict, target: int = 4 * 3600) -> list[dict[str, Any]]:
	"""An unsaved or saved Escalation Policy told on the example of a target in seconds."""
	draft = _draft("Escalation Policy", doc, "read")
	policy_rules.check(draft)
	return policy_words.timeline(policy_rules.content(draft), min(max(60, cint(target)), 10_000 * 3600))


@frappe.whitelist()
@staff_only
def record_type_fields(doctype: str) -> dict[str, Any]:
	"""The fields of a DocType that clocks can use: for the settings of its record type, and in conditions."""
	frappe.has_permission("Clock Definition", "read", throw=True)
	return {
		"usable": record_types.usable_fields(doctype),
		"conditions": record_types.condition_fields(doctype),
	}


@frappe.whitelist()
@staff_only
def ready_made_list() -> list[dict[str, Any]]:
	"""The ready-made configurations, what this site lacks for them, and how much of each is there."""
	frappe.only_for("System Manager")
	return ready_made.overview()


@frappe.whitelist(methods=["POST"])
@staff_only
def plant_ready_made(key: str) -> dict[str, list[str]]:
	"""Add what is missing of a ready-made configuration; nothing that is there is changed."""
	frappe.only_for("System Manager")
	return ready_made.plant(key)


@frappe.whitelist(methods=["POST"])
@staff_only
def remove_ready_made(key: str) -> dict[str, list[str]]:
	"""Take a ready-made configuration away, but what was edited or is evidence."""
	frappe.only_for("System Manager")
	return ready_made.remove(key)


@frappe.whitelist(methods=["POST"])
@staff_only
def add_offered_parts() -> list[str]:
	"""Put on the edited workspace what updates brought and it has not; answers the labels."""
	frappe.only_for("System Manager")
	return offered_parts.add()


@frappe.whitelist(methods=["POST"])
@staff_only
def refuse_offered_parts() -> None:
	"""Leave the edited workspace as it is; what was offered is not offered again."""
	frappe.only_for("System Manager")
	layouts.withdraw_offers()


def _draft(doctype: str, doc: str | dict, ptype: str):
	"""The document as it stands in the form, never the one in the database; it is not saved."""
	values = frappe.parse_json(doc)
	if not isinstance(values, dict):
		frappe.throw(_("{0}: the form's content cannot be read. Reload the page.").format(_(doctype)))
	frappe.has_permission(doctype, ptype, throw=True)
	draft = frappe.get_doc({**values, "doctype": doctype})
	draft.flags.ignore_children_type = True
	field_types.cast(draft)
	for table in draft.meta.get_table_fields():
		for index, row in enumerate(draft.get(table.fieldname) or [], start=1):
			row.idx = index
	return draft


def _within(year: int) -> int:
	if not calendar_fill.FIRST_YEAR <= year <= calendar_fill.LAST_YEAR:
		frappe.throw(
			_("{0} {1}: enter a year between {2} and {3}.").format(
				frappe.bold(_("Year")), year, calendar_fill.FIRST_YEAR, calendar_fill.LAST_YEAR
			)
		)
	return year


@frappe.whitelist(methods=["POST"])
@staff_only
def switches_preview(doc: str | dict) -> dict[str, Any]:
	"""What saving these Ops Delivery Settings would switch on or off: {changes, lines}."""
	return switch_preview.preview(_draft("Ops Delivery Settings", doc, "read"))


@frappe.whitelist(methods=["POST"])
@staff_only
def rule_change(doctype: str, doc: str | dict, day: str | None = None) -> dict[str, Any]:
	"""What saving this calendar, policy or definition does to the clocks that run by it, from now on or from a day (see
	change_preview.Found), and whether from when and why is to be said. Records that the user may not read go unnamed."""
	if doctype not in rule_changes.CHOICES:
		frappe.throw(_("{0} moves no clocks.").format(frappe.bold(frappe.utils.escape_html(doctype))))
	draft = _draft(doctype, doc, "write")
	if not draft.name or not frappe.db.exists(doctype, draft.name):
		return {"needed": False}
	found = change_preview.preview(draft, frappe.utils.getdate(day) if day else None, chosen=bool(day))
	for move in found.moves:
		there = frappe.db.exists(move["doctype"], move["record"])
		if not there or not frappe.has_permission(move["doctype"], "read", move["record"]):
			move["record"] = ""
	return {**asdict(found), "needed": found.needed, "first_day": rule_changes.today(draft) + timedelta(days=1)}


@frappe.whitelist(methods=["POST"])
@staff_only
def matrix_gaps(doc: str | dict) -> list[str]:
	"""The agreements that would promise nothing for a priority once this Priority Matrix is saved, as plain sentences."""
	return promise_gaps.brought_by(_draft("Priority Matrix", doc, "write"))


@frappe.whitelist(methods=["POST"])
@staff_only
def switch_off_preview(doctype: str, name: str) -> list[str]:
	"""What switching a calendar, policy, matrix or measured type off means today, as plain sentences; [] where nothing uses it."""
	if doctype not in (*switched_off.FIELD, switched_off.RECORDS):
		frappe.throw(_("{0} is not switched off.").format(frappe.bold(frappe.utils.escape_html(doctype))))
	frappe.has_permission(doctype, "write", throw=True)
	return switched_off.preview(doctype, name)
