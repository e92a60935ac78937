"""Visits and sessions for Frappe's own calendar view: coloured by phase, with who goes there."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.domain import state_colours
from ops_delivery.services.dispatch import stays as dispatch_visits
from ops_delivery.services.shared.locale import text
from ops_delivery.services.visits import engineers as dispatch_people
from ops_delivery.services.visits.types import movable

LIGHT = {
	"orange": "#f6d5ae",
	"blue": "#b9d9f5",
	"yellow": "#f5e6a3",
	"purple": "#dccbf0",
	"cyan": "#bfe6ea",
	"green": "#b5e0c8",
	"gray": "#e2e2e2",
}


def events(doctype: str, start: str, end: str, filters: list | None = None) -> list[dict[str, Any]]:
	"""The visits (or sessions) between two moments of the site's clock, as far as the session's user may read them.

	Those that have begun stand where they really were and cannot be dragged.
	"""
	rows = frappe.get_list(
		doctype,
		filters=[
			*(filters or []),
			[doctype, "planned_start", "<=", end],
			[doctype, "planned_start", ">=", frappe.utils.add_days(start, -dispatch_visits.LONGEST.days)],
		],
		or_filters=[
			[doctype, "planned_end", ">=", start],
			[doctype, "planned_start", ">=", start],
			[doctype, "left_on", ">=", start],
		],
		fields=["name", "title", "status", "customer", "customer_name", "planned_start", "planned_end"]
		+ ["arrived_on", "left_on", "owner_user"]
		+ (["departed_on"] if doctype == dispatch_visits.SHEET else []),
		order_by="planned_start, name",
	)
	people = _people(doctype, [row.name for row in rows])
	return [_event(frappe._dict(row, doctype=doctype), people.get(row.name, [])) for row in rows]


def _event(row: frappe._dict, people: list[str]) -> dict[str, Any]:
	phase = dispatch_visits.on_the_way(row) or _(row.status, context=row.doctype)
	colour = "yellow" if dispatch_visits.on_the_way(row) else state_colours.of(row.doctype, row.status)
	who = ", ".join(people) or _("nobody yet")
	start = row.arrived_on or row.planned_start
	return {
		"name": row.name,
		"doctype": row.doctype,
		"planned_start": start,
		"planned_end": (row.left_on if row.arrived_on else None) or row.planned_end,
		"label": f"{text(row.customer_name or row.customer)} · {text(row.title)} · {who}",
		"tooltip": f"{phase} · {text(row.title)} · {who}",
		"color": LIGHT.get(cstr(colour), LIGHT["gray"]),
		"docstatus": 0 if movable(row) else 1,  # the view lets nobody drag what is submitted
	}


def _people(doctype: str, names: list[str]) -> dict[str, list[str]]:
	if not names:
		return {}
	lines = frappe.get_all(
		"Field Service Engineer",
		filters={"parenttype": doctype, "parent": ["in", names]},
		fields=["parent", "user"],
		order_by="parent, idx",
	)
	known = dispatch_people.names_of({line.user for line in lines})
	found: dict[str, list[str]] = {}
	for line in lines:
		found.setdefault(line.parent, []).append(known.get(line.user, line.user))
	return found
