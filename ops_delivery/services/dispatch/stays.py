"""Visits and sessions as dispatch needs them: a fixed number of queries, whatever the number of visits (5.3.a)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_datetime

from ops_delivery.domain import dispatch as domain
from ops_delivery.domain import state_colours, visit
from ops_delivery.domain.visit import Phase
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import to_utc, utc_now
from ops_delivery.services.visits import engineers as dispatch_people
from ops_delivery.services.visits.types import KINDS, SHEET, movable

LONGEST = timedelta(days=14)  # how long before a day a visit that reaches into it may begin
FIELDS = (
	"name",
	"modified",
	"title",
	"status",
	"customer",
	"customer_name",
	"service_object",
	"planned_start",
	"planned_end",
	"promised_on",
	"arrived_on",
	"left_on",
	"owner_user",
	"contact_person",
	"contact_phone",
	"details_confirmed_on",
)
OF_SHEETS = ("departed_on", "site_address", "travel_minutes")


def key_of(row: Mapping[str, Any]) -> str:
	"""What names a visit among visits and sessions."""
	return f"{row.get('doctype')}/{row.get('name')}"


def between(
	start: datetime, end: datetime, names: Mapping[str, list[str]] | None = None
) -> dict[str, frappe._dict]:
	"""The visits by key, as far as the session's user may read them, of a time (naive, in the site's zone).

	`names`: only these, by DocType. Cancelled ones take nobody's time and are left out.
	"""
	found = []
	for doctype in KINDS:
		filters = [
			["planned_start", ">", start - LONGEST],
			["planned_start", "<", end],
			["status", "!=", visit.CANCELLED],
		]
		if names is not None:
			if not names.get(doctype):
				continue
			filters.append(["name", "in", names[doctype]])
		reaching = [["planned_end", ">", start], ["planned_start", ">=", start]]
		found += _list(doctype, filters, reaching)
	return _complete(found)


def waiting(today: datetime, limit: int) -> dict[str, frappe._dict]:
	"""The visits that are to be planned: without a time, or not begun although their day is over. Oldest first."""
	found = []
	for doctype, kind in KINDS.items():
		filters = [["status", "in", (kind.planned, kind.prepared)]]
		if doctype == SHEET:
			filters.append(["departed_on", "is", "not set"])
		open_ones = [["planned_start", "is", "not set"], ["planned_start", "<", today]]
		found += _list(doctype, filters, open_ones, limit)
	return _complete(found)


def given_to(users: Iterable[str], start: datetime, end: datetime) -> dict[str, frappe._dict]:
	"""The visits of these engineers in a time (naive, in the site's zone), by key."""
	users = sorted(set(users))
	row = frappe.qb.DocType("Field Service Engineer")
	names: dict[str, list[str]] = defaultdict(list)
	for doctype in KINDS:
		table = frappe.qb.DocType(doctype)
		query = (
			frappe.qb.from_(row)
			.inner_join(table)
			.on((table.name == row.parent) & (row.parenttype == doctype))
			.select(table.name)
			.distinct()
			.where(row.user.isin(users or [""]))
			.where((table.planned_start > start - LONGEST) & (table.planned_start < end))
		)
		names[doctype] = [name for (name,) in query.run()]
	return between(start, end, names)


def stay(row: frappe._dict) -> domain.Stay | None:
	"""A visit as the domain sees it; None where it has no time. Once it has begun, the time it really took counts."""
	start = row.arrived_on or row.planned_start
	if not start:
		return None
	end = row.left_on or row.planned_end
	begins = to_utc(start)
	return domain.Stay(
		key=key_of(row),
		start=begins,
		end=domain.end_of(begins, to_utc(end)),
		customer=cstr(row.customer),
		address=cstr(row.site_address).strip(),
		remote=row.doctype != SHEET,
		travel=cint(row.travel_minutes),
		needs=row.needs,
		promised=to_utc(row.promised_on),
		open=movable(row),
	)


def by_engineer(visits: Mapping[str, frappe._dict]) -> dict[str, list[domain.Stay]]:
	"""The stays of each engineer."""
	found: dict[str, list[domain.Stay]] = defaultdict(list)
	for row in visits.values():
		if taken := stay(row):
			for user in row.engineers:
				found[user].append(taken)
	return found


def face(row: frappe._dict, names: Mapping[str, str], may_write: Mapping[str, bool]) -> dict[str, Any]:
	"""What a card shows."""
	start, end = row.arrived_on or row.planned_start, row.left_on or row.planned_end
	return {
		"key": key_of(row),
		"doctype": row.doctype,
		"name": row.name,
		"title": text(row.title),
		"customer": text(row.customer_name or row.customer),
		"object": text(row.object_name),
		"place": text(row.site_address or row.location),
		"contact": text(row.contact_person),
		"phone": text(row.contact_phone),
		"start": _minute(start),
		"end": _minute(end) if end and start and get_datetime(end) > get_datetime(start) else None,
		"planned_start": _minute(row.planned_start),
		"planned_end": _minute(row.planned_end),
		"promised": _minute(row.promised_on),
		"phase": row.status,
		"label": on_the_way(row) or _(row.status, context=row.doctype),
		"late": lateness(row),
		"colour": "yellow" if on_the_way(row) else state_colours.of(row.doctype, row.status),
		"remote": row.doctype != SHEET,
		"movable": movable(row) and bool(may_write.get(row.doctype)),
		"modified": str(row.modified),
		"engineers": [{"user": user, "name": names.get(user, user)} for user in row.engineers],
		"owner": row.owner_user,
		"needs": [{"skill": need.name, "level": need.level} for need in row.needs],
	}


def lateness(row: frappe._dict) -> str:
	"""The words for a visit to which somebody came late, or is late by now; "" where it is in time, or waits for a plan."""
	late = domain.late_by(*(to_utc(row.get(field)) for field in ("promised_on", "planned_start", "arrived_on")), utc_now())
	if not late or row.status == visit.CANCELLED or (not row.arrived_on and KINDS[row.doctype].rank(row.status) > Phase.PREPARED):
		return ""
	return _("{0} late", context="Field Service Sheet").format(wording.duration(int(late.total_seconds())))


def on_the_way(row: frappe._dict) -> str:
	"""The words for a visit whose engineer has left and has not arrived."""
	return _("On the way") if row.departed_on and not row.arrived_on and row.status != visit.CANCELLED else ""


def _list(doctype: str, filters: list, or_filters: list, limit: int = 0) -> list[frappe._dict]:
	fields = (*FIELDS, *(OF_SHEETS if doctype == SHEET else ()))
	rows = frappe.get_list(
		doctype,
		filters=filters,
		or_filters=or_filters,
		fields=list(fields),
		order_by="planned_start, name",
		limit_page_length=limit,
	)
	return [frappe._dict(row, doctype=doctype) for row in rows]


def _complete(rows: list[frappe._dict]) -> dict[str, frappe._dict]:
	"""With engineers, needed skills, and the object's name and place: one query each."""
	found = {key_of(row): row for row in rows}
	parents = sorted({row.name for row in rows})
	objects = sorted({row.service_object for row in rows if row.service_object})
	people, wanted = defaultdict(list), defaultdict(list)
	if parents:
		for child, kept, fields in (
			("Field Service Engineer", people, ["user"]),
			("Dispatch Needed Skill", wanted, ["skill", "level"]),
		):
			for line in frappe.get_all(
				child,
				filters={"parenttype": ["in", tuple(KINDS)], "parent": ["in", parents]},
				fields=["parenttype", "parent", *fields],
				order_by="parent, idx",
			):
				kept[f"{line.parenttype}/{line.parent}"].append(line)
	known = {
		row.name: row
		for row in (
			frappe.get_all(
				"Service Object",
				filters={"name": ["in", objects]},
				fields=["name", "object_name", "location"],
				order_by="name",
			)
			if objects
			else ()
		)
	}
	for key, row in found.items():
		row.engineers = list(dict.fromkeys(line.user for line in people[key] if line.user))
		row.needs = dispatch_people.needs(wanted[key])
		thing = known.get(row.service_object) or frappe._dict()
		row.object_name, row.location = thing.object_name, thing.location
	return found


def _minute(value) -> str | None:
	"""A stored moment as the site's clock shows it, to the minute."""
	return f"{get_datetime(value):%Y-%m-%d %H:%M}" if value else None
