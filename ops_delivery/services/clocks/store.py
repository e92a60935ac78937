"""How clocks, their ledgers and the domain's values stand in tables: loading, writing in bulk, repairing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

import frappe
from frappe.utils import get_datetime
from pypika.terms import Parameter

from ops_delivery.domain import clock as domain
from ops_delivery.domain.clock import Calendars, Clock, Event, Kind, Status
from ops_delivery.domain.states import CLOCK_LIVE
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.site_time import offset_minutes, site_now, to_site, to_utc, utc_now

CLOCK_FIELDS = (
	"name",
	"reference_doctype",
	"reference_name",
	"clock_definition",
	"commitment",
	"customer",
	"state",
	"breached",
	"breached_on",
	"priority",
	"due_on",
	"target",
	"elapsed",
	"started_on",
	"stopped_on",
	"last_event_on",
	"utc_offset",
	"event_count",
	"agreement",
	"calendar",
	"calendar_version",
	"policy",
	"set_aside",
)
FIXED = ("name", "reference_doctype", "reference_name", "clock_definition", "commitment")
CHANGING = tuple(fieldname for fieldname in CLOCK_FIELDS if fieldname not in FIXED)
EVENT_FIELDS = (
	"name",
	"clock",
	"seq",
	"kind",
	"at",
	"utc_offset",
	"elapsed",
	"target",
	"due_on",
	"priority",
	"agreement",
	"calendar_version",
	"reason",
	"user",
)


def load(doctype: str, name: str) -> dict[str, frappe._dict]:
	"""A record's clock rows by definition, locked until the transaction ends (one evaluation at a time)."""
	rows = frappe.db.sql(_loading(), (name, doctype), as_dict=True)
	return {row.clock_definition: _of(row, doctype, name) for row in rows}


def peek(doctype: str, name: str) -> dict[str, frappe._dict]:
	"""A record's clock rows by definition as they stand, without a lock: to be shown, not to be changed."""
	rows = frappe.get_all(
		"Service Clock",
		filters={"reference_doctype": doctype, "reference_name": name},
		fields=list(CLOCK_FIELDS),
		order_by="clock_definition",
	)
	return {row.clock_definition: row for row in rows}


def _of(row: frappe._dict, doctype: str, name: str) -> frappe._dict:
	row.reference_doctype, row.reference_name = doctype, name
	return row


@cache
def _loading() -> str:
	"""The statement that load() runs on every save of a measured record: building it costs more than running it."""
	clock, blank = frappe.qb.DocType("Service Clock"), Parameter("%s")
	return (
		frappe.qb.from_(clock)
		.select(*[clock[fieldname] for fieldname in CLOCK_FIELDS if not fieldname.startswith("reference_")])
		.where((clock.reference_name == blank) & (clock.reference_doctype == blank))
		.for_update()
		.get_sql()
	)


def lock(names: list[str]) -> list[frappe._dict]:
	"""Clock rows by name, locked until the transaction ends; waits for a save of their record."""
	clock = frappe.qb.DocType("Service Clock")
	return (
		frappe.qb.from_(clock)
		.select(*[clock[fieldname] for fieldname in CLOCK_FIELDS])
		.where(clock.name.isin(list(names) or [""]))
		.orderby(clock.name)
		.for_update()
	).run(as_dict=True)


def to_domain(row: frappe._dict, calendars: Calendars) -> Clock:
	"""The domain's clock of a stored row."""
	running = row.state == Status.RUNNING.value
	last = to_utc(row.last_event_on, row.utc_offset)
	target, elapsed = int(row.target), int(row.elapsed)
	return Clock(
		status=Status(row.state),
		target=target,
		calendar=row.calendar_version,
		elapsed=elapsed,
		running_since=last if running else None,
		started=_moment(row, "started_on"),
		stopped=_moment(row, "stopped_on"),
		due=calendars[row.calendar_version].add(last, target - elapsed) if running else None,
		breached=elapsed > target,
		last_event_at=last,
	)


def _moment(row: frappe._dict, fieldname: str) -> datetime | None:
	"""A moment of the row; where it is that of its last event, the offset stored with that settles an ambiguous hour."""
	same = row.get(fieldname) and get_datetime(row.get(fieldname)) == get_datetime(row.last_event_on)
	return to_utc(row.get(fieldname), row.utc_offset if same else None)


def state_values(clock: Clock) -> dict[str, Any]:
	"""What a stored row says of the domain's clock. `breached` here is as settled; the sweep adds what passes later."""
	return {
		"state": clock.status.value,
		"calendar_version": clock.calendar,
		"target": clock.target,
		"elapsed": clock.elapsed,
		"started_on": to_site(clock.started),
		"stopped_on": to_site(clock.stopped),
		"due_on": to_site(clock.due),
		"last_event_on": to_site(clock.last_event_at),
		"utc_offset": offset_minutes(clock.last_event_at),
	}


def record(row: frappe._dict, clock: Clock, event: Event, lines: list[frappe._dict]) -> None:
	"""Put an event's outcome on the row and add its ledger line."""
	row.update(state_values(clock))
	if event.kind in (Kind.START, Kind.RESET, Kind.TARGET, Kind.CALENDAR, Kind.REOPENED, Kind.REINSTATED):
		row.breached_on = None  # the deadline has moved; whether it is missed is known again from here
	if not clock.breached and not clock.due:
		row.breached_on = None  # settled within its target, whatever a sweep saw in that second: one clock, one verdict
	if clock.breached or (clock.due and clock.due < utc_now()):
		row.breached_on = row.breached_on or to_site(clock.due or clock.stopped or event.at)
	row.breached = int(bool(row.breached_on))
	row.event_count = (row.event_count or 0) + 1
	lines.append(
		frappe._dict(
			name=frappe.generate_hash(length=16),
			clock=row.name,
			seq=row.event_count,
			kind=event.kind.value,
			at=to_site(event.at),
			utc_offset=offset_minutes(event.at),
			elapsed=clock.elapsed,
			target=clock.target,
			due_on=to_site(clock.due),
			priority=row.priority,
			agreement=row.agreement,
			calendar_version=clock.calendar,
			reason=event.reason,
			user=frappe.session.user,
		)
	)


def write(changes: list) -> None:
	"""Write changed clocks (see situation.Change): new rows and ledger lines in bulk, others one update each."""
	new = [change.row for change in changes if change.new]
	if new:
		_insert("Service Clock", CLOCK_FIELDS, new)
	for change in changes:
		if not change.new:
			_update(change.row)
	_insert("Service Clock Event", EVENT_FIELDS, [line for change in changes for line in change.events])


def ledger(clock: str) -> list[Event]:
	"""A clock's ledger as the domain's events, in order."""
	lines = frappe.get_all(
		"Service Clock Event",
		filters={"clock": clock},
		fields=["kind", "at", "utc_offset", "target", "calendar_version", "reason"],
		order_by="seq",
	)
	return [to_event(line) for line in lines]


def stood_still(clocks: Iterable[str]) -> set[str]:
	"""Those of cancelled clocks that were paused then, by their ledgers. One query."""
	kinds: dict[str, list[Kind]] = defaultdict(list)
	for line in frappe.get_all(
		"Service Clock Event",
		filters={"clock": ["in", sorted(clocks) or [""]]},
		fields=["clock", "kind"],
		order_by="clock, seq",
	):
		kinds[line.clock].append(Kind(line.kind))
	return {clock for clock, course in kinds.items() if domain.stood_still(course)}


def to_event(line: frappe._dict) -> Event:
	"""A Service Clock Event row as the domain's event."""
	return Event(
		Kind(line.kind),
		to_utc(line.at, line.utc_offset),
		target=int(line.target) if line.kind in ("Start", "Target Change", "Reset") else None,
		calendar=line.calendar_version,
		reason=line.reason or "",
	)


def repair(rows: list[frappe._dict]) -> None:
	"""Write rebuilt rows back (clocks.rebuild)."""
	for row in rows:
		_update(row)


def differs(stored: Any, rebuilt: Any) -> bool:
	"""Whether a stored value is not what the ledger gives; datetimes are compared by the second."""
	if isinstance(rebuilt, datetime):
		return not stored or get_datetime(stored).replace(microsecond=0) != rebuilt
	if rebuilt is None:
		return bool(stored)
	return int(stored or 0) != rebuilt if isinstance(rebuilt, int) else stored != rebuilt


def records_with_other_revision(
	calendar: str, version: str, skip: set[tuple[str, str]], limit: int
) -> list[tuple[str, str]]:
	"""Records whose live clocks were planned with another revision of a calendar, at most `limit`."""
	clock = frappe.qb.DocType("Service Clock")
	rows = (
		frappe.qb.from_(clock)
		.select(clock.reference_doctype, clock.reference_name)
		.where(
			(clock.calendar == calendar)
			& (clock.calendar_version != version)
			& clock.state.isin(CLOCK_LIVE)
		)
		.groupby(clock.reference_doctype, clock.reference_name)
		.limit(limit + len(skip))
	).run()
	return [tuple(row) for row in rows if tuple(row) not in skip][:limit]


def _insert(doctype: str, fields: tuple[str, ...], rows: list[frappe._dict]) -> None:
	bulk.insert(doctype, fields, [[_value(row, fieldname) for fieldname in fields] for row in rows])


def _value(row: frappe._dict, fieldname: str) -> Any:
	value = row.get(fieldname)
	return 0 if value is None and fieldname in ("breached", "event_count") else value


def _update(row: frappe._dict) -> None:
	values = [_value(row, fieldname) for fieldname in CHANGING]
	frappe.db.sql(_updating(), (site_now(), *values, row.name))


@cache
def _updating() -> str:
	clock, blank = frappe.qb.DocType("Service Clock"), Parameter("%s")
	query = frappe.qb.update(clock).set(clock.modified, blank)
	for fieldname in CHANGING:
		query = query.set(clock[fieldname], blank)
	return query.where(clock.name == blank).get_sql()
