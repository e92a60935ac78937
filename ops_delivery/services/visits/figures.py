"""Visits and sessions of a period for the figures, read in sets; what a user may not read is not counted (8.4.b.1).

A visit belongs to the day of its arrival, and until then to the day it is planned for. Cancelled ones are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import cstr, flt, get_datetime

from ops_delivery.domain import visit_figures as domain
from ops_delivery.domain.dispatch import late_by
from ops_delivery.services.clocks import figures
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.site_time import has_passed, to_utc, utc_now
from ops_delivery.services.visits.types import KINDS, SESSION, SHEET

ARRIVAL = "On-site Arrival"  # the seeded commitment that an arrival keeps
ON_SITE, REMOTE = "On site", "Remote"
KIND_OF = {SHEET: ON_SITE, SESSION: REMOTE}
FIELDS = (
	"name",
	"title",
	"customer",
	"customer_name",
	"agreement",
	"status",
	"owner_user",
	"promised_on",
	"planned_start",
	"arrived_on",
	"left_on",
	"late_minutes",
	"hours_on_site",
	"outcome",
	"reference_doctype",
	"reference_name",
)
HOURS = ("work_hours", "travel_hours", "from_time", "to_time")


@dataclass(frozen=True)
class Row:
	"""A visit with what is told about it, and what is counted; `engineers`: user -> (work, travel) hours."""

	doctype: str
	facts: frappe._dict
	counted: domain.Visit
	engineers: dict[str, tuple[float, float]]

	@property
	def day(self) -> datetime | None:
		"""The moment that decides which period it belongs to; None where its reader may not know it."""
		return self.facts.arrived_on or self.facts.planned_start


def rows(filters: Mapping[str, Any] | None = None, scope: figures.Scope | None = None) -> list[Row]:
	"""The visits and sessions in the scope (else in that of the filters), the oldest first. Filters: from_date, to_date, customer, agreement,
	engineer (a user), kind ("On site" or "Remote"), company."""
	filters = filters or {}
	scope = scope or figures.Scope.of(filters)
	found: list[frappe._dict] = []
	for doctype in KINDS:
		if filters.get("kind") and filters["kind"] != KIND_OF[doctype]:
			continue
		found += _read(doctype, scope, filters.get("engineer"))
	people = _engineers(found)
	kept, firsts = _kept(found), _firsts(found)
	result = [_row(visit, people.get((visit.doctype, visit.name), []), kept, firsts) for visit in found]
	return sorted(result, key=lambda row: (row.day or datetime.max, row.facts.name))


def _read(doctype: str, scope: figures.Scope, engineer: str | None) -> list[frappe._dict]:
	first, after = scope.moments
	wanted: list[list[Any]] = [["status", "!=", "Cancelled"]]
	for field in ("customer", "agreement", "company"):
		if value := getattr(scope, field):
			wanted.append([field, "in" if isinstance(value, list) else "=", value])
	if engineer:
		wanted.append(["Field Service Engineer", "user", "=", engineer])
	fields = [*FIELDS, *(["departed_on"] if doctype == SHEET else [])]
	found = []
	for more in (
		[["arrived_on", ">=", first], ["arrived_on", "<", after]],
		[["arrived_on", "is", "not set"], ["planned_start", ">=", first], ["planned_start", "<", after]],
	):
		found += frappe.get_list(
			doctype, filters=[*wanted, *more], fields=fields, order_by="name", limit=0, distinct=True
		)
	return [frappe._dict(row, doctype=doctype) for row in found]


def _engineers(found: list[frappe._dict]) -> dict[tuple[str, str], list[frappe._dict]]:
	people: dict[tuple[str, str], list[frappe._dict]] = {}
	if not found:
		return people
	withheld = {doctype: readership.withheld(doctype, "engineers") for doctype in KINDS}
	for row in frappe.get_all(
		"Field Service Engineer",
		filters={"parenttype": ["in", list(KINDS)], "parent": ["in", [visit.name for visit in found]]},
		fields=["parent", "parenttype", "user", *HOURS],
		order_by="parent, idx",
	):
		if withheld[row.parenttype].intersection(HOURS):
			row.update(dict.fromkeys(HOURS))  # each of them tells the others
		people.setdefault((row.parenttype, row.parent), []).append(row)
	return people


def _kept(found: list[frappe._dict]) -> dict[str, bool]:
	"""Whether the commitment to arrive was kept, by request; requests whose clock is undecided are not there."""
	issues = sorted({visit.reference_name for visit in found if visit.reference_doctype == "Issue"})
	if not issues:
		return {}
	now, kept = utc_now(), {}
	for clock in frappe.get_all(
		"Service Clock",
		filters={
			"reference_doctype": "Issue",
			"reference_name": ["in", issues],
			"commitment": ARRIVAL,
			"state": ["!=", "Cancelled"],
		},
		fields=["reference_name", "state", "breached", "due_on"],
		order_by="started_on, name",
	):
		if figures.is_missed(clock, now):
			kept[clock.reference_name] = False
		elif clock.state == "Met":
			kept.setdefault(clock.reference_name, True)
	return kept


def _firsts(found: list[frappe._dict]) -> set[tuple[str, str]]:
	"""(type, name) of the visits with which nobody of that kind had come for the same matter before; where nobody has come at
	all, of the one that is planned first."""
	firsts: set[tuple[str, str]] = set()
	for doctype in KINDS:
		matters = {
			visit.reference_name for visit in found if visit.doctype == doctype and visit.reference_name
		}
		rows = (
			frappe.get_all(
				doctype,
				filters={"reference_name": ["in", sorted(matters)], "status": ["!=", "Cancelled"]},
				fields=["name", "reference_doctype", "reference_name", "arrived_on", "planned_start"],
			)
			if matters
			else []
		)
		firsts |= {
			(doctype, name)
			for name in domain.first_ones(
				((row.reference_doctype, row.reference_name), row.name, _came(row)) for row in rows
			)
		}
	return firsts


def _came(row: frappe._dict) -> tuple[bool, datetime]:
	"""In the order of arrivals, and after them of plans."""
	moment = row.arrived_on or row.planned_start
	return (not row.arrived_on, get_datetime(moment) if moment else datetime.max)


def _late(visit: frappe._dict) -> int | None:
	"""Minutes after the promised time (negative: before it), by now where nobody is there yet."""
	if not visit.promised_on:
		return None
	if visit.arrived_on:
		return int(visit.late_minutes or 0)
	late = late_by(to_utc(visit.promised_on), None, None, utc_now())
	return int(late.total_seconds() // 60) if has_passed(visit.promised_on) else None


def _row(visit: frappe._dict, people: list[frappe._dict], kept: dict[str, bool], firsts) -> Row:
	way = _hours(visit.get("departed_on"), visit.arrived_on)
	engineers = {}
	for person in people:
		work = flt(person.work_hours) or _hours(person.from_time, person.to_time)
		engineers[person.user] = (work, flt(person.travel_hours) or way)
	matter = cstr(visit.reference_name)
	first = not matter or (visit.doctype, visit.name) in firsts
	arrived = bool(visit.arrived_on)
	of_request = visit.reference_doctype == "Issue" and visit.doctype == SHEET and first
	kept_of_it = kept.get(matter) if of_request else None
	return Row(
		visit.doctype,
		visit,
		domain.Visit(
			name=visit.name,
			arrived=arrived,
			late=_late(visit),
			on_site=flt(visit.hours_on_site),
			work=sum(work for work, _travel in engineers.values()),
			travel=sum(travel for _work, travel in engineers.values()),
			kept=kept_of_it
			if arrived or kept_of_it is False
			else None,  # missed already, and nobody is there
			first=first,
			outcome=cstr(visit.outcome),
		),
		engineers,
	)


def _hours(start: Any, end: Any) -> float:
	if not start or not end:
		return 0.0
	return max(0.0, (get_datetime(end) - get_datetime(start)).total_seconds() / 3600)
