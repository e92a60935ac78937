"""Object State: the last reading of each step of each object, and since when it says so (8.3.a.1).

A small table beside the readings, so that a look at thousands of objects costs no look at a million readings. Whoever writes
readings notes them here in the same transaction, in sets; whoever takes some away has them worked out anew. What could not be taken
says nothing of a state and leaves it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder import functions as fn
from frappe.utils import cstr, get_datetime
from pypika.terms import Values

from ops_delivery.domain.routine.object_state import last_run
from ops_delivery.services.shared import bulk

STATE, READING = "Object State", "Routine Reading"
NOT_TAKEN = "Not Taken"
# of a reading, in the order in which they are written; what is compared with the stored row comes before it is overwritten
TAKEN = ("customer", "step", "manual", "value", "unit", "is_number", "task")
KEY = ("service_object", "step_key")
COLUMNS = ("name", *KEY, "since", *TAKEN, "verdict", "read_on")
OBJECTS_AT_ONCE = 200

Pair = tuple[str, str]


def note(readings: Iterable[Any]) -> None:
	"""Take note of readings that were written: rows with the columns of Routine Reading. Any number, in any order, also late ones."""
	series = _by_pair(row for row in readings if cstr(row.get("verdict")) != NOT_TAKEN)
	if not series:
		return
	late = _late(series)
	going_on, begun = [], []
	for pair, rows in sorted(series.items()):
		if pair in late:
			continue
		run = last_run([(get_datetime(row["read_on"]), cstr(row.get("verdict"))) for row in rows])
		(going_on if run.whole else begun).append(_values(rows[run.last], run.since))
	_write(going_on, goes_on=True)
	_write(begun, goes_on=False)
	recompute(late)


def verdicts(pairs: Iterable[Pair]) -> dict[Pair, str]:
	"""How (object, step) pairs were judged last; one that was never read is not there."""
	wanted = {(cstr(thing), cstr(key)) for thing, key in pairs}
	if not wanted:
		return {}
	state = frappe.qb.DocType(STATE)
	rows = (
		frappe.qb.from_(state).select(state.service_object, state.step_key, state.verdict).where(_is_one_of(state, wanted))
	).run()
	return {(thing, key): verdict for thing, key, verdict in rows}


def recompute(pairs: Iterable[Pair]) -> None:
	"""Work out anew, from the readings that are there, the state of (object, step) pairs; one without readings has none."""
	wanted = {(cstr(thing), cstr(key)) for thing, key in pairs}
	if not wanted:
		return
	state = frappe.qb.DocType(STATE)
	things, keys = sorted({pair[0] for pair in wanted}), sorted({pair[1] for pair in wanted})
	rows = [row for row in _newest(things, keys) if (row.service_object, row.step_key) in wanted]
	frappe.qb.from_(state).delete().where(_is_one_of(state, wanted)).run()
	_write([_values(row, row.since) for row in rows], goes_on=False)


def forget(manual: str, kept: Iterable[str]) -> None:
	"""A manual was published: what it asks for no more can never be read as normal again, so it says nothing of an object."""
	frappe.db.delete(STATE, {"manual": manual, "step_key": ["not in", sorted(kept) or [""]]})


def rebuild(objects: Sequence[str] | None = None) -> int:
	"""Work out anew the states of some objects, or of all; how many there are then. It may run at any time, and twice."""
	if objects is None:
		reading = frappe.qb.DocType(READING)
		rows = frappe.qb.from_(reading).select(reading.service_object).distinct().orderby(reading.service_object).run()
		objects = [row[0] for row in rows if row[0]]
		frappe.db.delete(STATE, {"service_object": ["not in", objects or [""]]})
	count = 0
	for at in range(0, len(objects), OBJECTS_AT_ONCE):
		some = list(objects[at : at + OBJECTS_AT_ONCE])
		rows = _newest(some)
		frappe.db.delete(STATE, {"service_object": ["in", some]})
		_write([_values(row, row.since) for row in rows], goes_on=False)
		count += len(rows)
	for manual, keys in _published_keys().items():
		forget(manual, keys)
	return count


def _published_keys() -> dict[str, list[str]]:
	manual, step = frappe.qb.DocType("Operation Manual"), frappe.qb.DocType("Operation Manual Step")
	rows = (
		frappe.qb.from_(manual)
		.join(step)
		.on((step.parent == manual.name) & (step.parenttype == "Operation Manual"))
		.select(manual.name, step.step_key)
		.where(manual.status == "Published")
	).run()
	found: dict[str, list[str]] = {}
	for name, key in rows:
		found.setdefault(name, []).append(key)
	return found


def _by_pair(readings: Iterable[Any]) -> dict[Pair, list[Any]]:
	series: dict[Pair, list[Any]] = {}
	for row in readings:
		series.setdefault((cstr(row["service_object"]), cstr(row["step_key"])), []).append(row)
	return series


def _late(series: dict[Pair, list[Any]]) -> set[Pair]:
	"""The pairs of which something older came than what is known: their course is another one now."""
	state = frappe.qb.DocType(STATE)
	rows = (
		frappe.qb.from_(state)
		.select(state.service_object, state.step_key, state.read_on)
		.where(_is_one_of(state, series))
		.run()
	)
	known = {(thing, key): read_on for thing, key, read_on in rows}
	return {
		pair
		for pair, rows in series.items()
		if pair in known and min(get_datetime(row["read_on"]) for row in rows) < known[pair]
	}


def _is_one_of(table: Any, pairs: Iterable[Pair]) -> Any:
	"""Condition: an object with one of its own keys. Not the two lists apart, which would name others' steps as well."""
	by_object: dict[str, list[str]] = {}
	for thing, key in pairs:
		by_object.setdefault(thing, []).append(key)
	by_keys: dict[tuple[str, ...], list[str]] = {}
	for thing, keys in by_object.items():
		by_keys.setdefault(tuple(sorted(keys)), []).append(thing)
	found = None
	for keys, things in by_keys.items():
		part = table.service_object.isin(things) & table.step_key.isin(keys)
		found = part if found is None else found | part
	return found


def _values(row: Any, since: Any) -> tuple[Any, ...]:
	taken = tuple(row.get(name) or (0 if name == "is_number" else None) for name in TAKEN)
	return (
		*(frappe.generate_hash(length=12), row["service_object"], row["step_key"], since, *taken),
		*(cstr(row.get("verdict")), row["read_on"]),
	)


def _write(rows: list[tuple[Any, ...]], goes_on: bool) -> None:
	"""Insert or update in one statement; a row that is newer by now stays. `goes_on`: a stored run of the same verdict goes on."""
	if not rows:
		return
	state, values = frappe.qb.DocType(STATE), bulk.stamped(STATE, COLUMNS, rows)
	query = frappe.qb.into(state).columns([*bulk.STAMPS, *COLUMNS]).insert(*values)
	is_newer = Values(state.read_on) >= state.read_on
	begins = is_newer & (state.verdict != Values(state.verdict)) if goes_on else is_newer
	since = Case().when(begins, Values(state.since)).else_(state.since)
	query = query.on_duplicate_key_update(state.since, since)
	for name in ("modified", "modified_by", *TAKEN, "verdict", "read_on"):
		query = query.on_duplicate_key_update(state[name], Case().when(is_newer, Values(state[name])).else_(state[name]))
	query.run()


def _newest(things: Sequence[str], keys: Sequence[str] = ()) -> list[frappe._dict]:
	"""The newest reading of each series of some objects, with `since`: the first of the run it belongs to. Three queries."""
	reading = frappe.qb.DocType(READING)

	def seen(table: Any, chosen: Sequence[str]) -> Any:
		found = table.service_object.isin(chosen) & (fn.Coalesce(table.verdict, "") != NOT_TAKEN)
		return found & table.step_key.isin(keys) if keys else found

	last = (
		frappe.qb.from_(reading)
		.select(reading.service_object, reading.step_key, fn.Max(reading.read_on).as_("read_on"))
		.where(seen(reading, things))
		.groupby(reading.service_object, reading.step_key)
	)
	rows = (
		frappe.qb.from_(reading)
		.join(last)
		.on((reading.service_object == last.service_object) & (reading.step_key == last.step_key) & (reading.read_on == last.read_on))
		.select(reading.service_object, reading.step_key, reading.read_on, reading.verdict, *[reading[name] for name in TAKEN])
		.where(seen(reading, things))
		.orderby(reading.creation)
		.orderby(reading.name)
	).run(as_dict=True)
	newest = {(row.service_object, row.step_key): row for row in rows}
	by_verdict: dict[str, list[Pair]] = {}
	for pair, row in newest.items():
		row.verdict = cstr(row.verdict)
		by_verdict.setdefault(row.verdict, []).append(pair)
	for verdict, pairs in by_verdict.items():
		for pair, since in _begins(reading, seen, verdict, {pair[0] for pair in pairs}).items():
			if pair in newest and newest[pair].verdict == verdict:
				newest[pair].since = since
	return list(newest.values())


def _begins(reading: Any, seen: Any, verdict: str, things: set[str]) -> dict[Pair, Any]:
	"""Since when each series of some objects says a verdict without a break: its first reading after the last that says otherwise."""
	said = fn.Coalesce(reading.verdict, "")
	otherwise = (
		frappe.qb.from_(reading)
		.select(reading.service_object, reading.step_key, fn.Max(reading.read_on).as_("read_on"))
		.where(seen(reading, sorted(things)) & (said != verdict))
		.groupby(reading.service_object, reading.step_key)
	)
	rows = (
		frappe.qb.from_(reading)
		.left_join(otherwise)
		.on((reading.service_object == otherwise.service_object) & (reading.step_key == otherwise.step_key))
		.select(reading.service_object, reading.step_key, fn.Min(reading.read_on))
		.where(seen(reading, sorted(things)) & (said == verdict))
		.where(otherwise.read_on.isnull() | (reading.read_on > otherwise.read_on))
		.groupby(reading.service_object, reading.step_key)
	).run()
	return {(thing, key): since for thing, key, since in rows}
