"""Reading Day: the numbers of one step of one object on one day, counted once, so that a long course is drawn from its days (8.3.b.3).

A metric that is read every ten minutes has 144 readings a day and one row here. Whoever writes, replaces or takes away readings
says which ones in the same transaction; their days are counted anew from what is stored then, so it does not matter in what order,
how late or how often they come. Days are those of the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple

import frappe
from frappe.query_builder import Case, CustomFunction
from frappe.query_builder import functions as fn
from frappe.utils import cstr, get_datetime
from pypika.terms import Criterion, Values, ValueWrapper

from ops_delivery.framework import reading_committed
from ops_delivery.services.routine import criteria
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.site_time import site_now

DAY, READING = "Reading Day", "Routine Reading"
KEY = ("service_object", "step_key", "customer", "day")
COUNTED = ("readings", "least", "mean", "rest", "most", "at_risk", "abnormal")
OBJECTS_AT_ONCE, DAYS_AT_ONCE, DAYS_HELD = 50, 1000, 200
PLACES, SMALLEST = 9, 1e-8  # as a column of Frappe's keeps a number

_day_of = CustomFunction("DATE", ["moment"])
_round = CustomFunction("ROUND", ["number", "places"])
_digest = CustomFunction("MD5", ["text"])


class Key(NamedTuple):
	"""One row: an object, a step, whose the object was, and a day of the site."""

	service_object: str
	step_key: str
	customer: str
	day: date


def mean_of(readings: int, mean: Any, rest: Any) -> float:
	"""The mean of a day as exactly as its readings give it: of a sum, which may outgrow a column, mean and rest are kept."""
	return float((mean * readings + rest) / readings)


class Difference(NamedTuple):
	"""A day that is not what its readings say: what is stored, what they come to (None: there is no such row)."""

	key: Key
	stored: tuple | None
	counted: tuple | None


def note(readings: Iterable[Any]) -> None:
	"""Readings (rows of Routine Reading) were written, or are there no more: count their days anew, in a few statements a thousand days.

	The rows are locked before the readings are counted, so of two that write for one day at once the later one counts both;
	called within framework.reading_committed, where a statement sees what others have committed by then.
	"""
	keys = sorted(
		{
			Key(cstr(row.get("service_object")), cstr(row.get("step_key")), cstr(row.get("customer")), get_datetime(row.get("read_on")).date())
			for row in readings
			if row.get("is_number") in (None, 1)
		}
	)
	for part in _some(keys, DAYS_AT_ONCE):
		_count_anew(part)


def recount(objects: Sequence[str] | None = None) -> int:
	"""Count the days of some objects, or of all, anew while others write; how many rows there are then.

	Days are held in the order in which writers hold them, some hundred at a time, and committed, so nobody waits long.
	"""
	objects = sorted({*_all_objects(), *_with_days()}) if objects is None else objects
	with reading_committed():
		for thing in objects:
			for part in _some(_keys_of(thing), DAYS_HELD):
				_count_anew(part)
				frappe.db.commit()
	return frappe.db.count(DAY, {"service_object": ["in", list(objects) or [""]]})


def rebuild(objects: Sequence[str] | None = None) -> int:
	"""Count the days of some objects, or of all, anew where nobody else writes (a patch, customers that become one); how many rows
	there are then. It may run twice; beside others see recount()."""
	if objects is None:
		objects = _all_objects()
		frappe.db.delete(DAY, {"service_object": ["not in", objects or [""]]})
	for some in _parts(objects):
		frappe.db.delete(DAY, {"service_object": ["in", some]})
		_insert(some)
	return frappe.db.count(DAY, {"service_object": ["in", list(objects) or [""]]})


def check(objects: Sequence[str] | None = None) -> list[Difference]:
	"""The days that are not what their readings say; none where all is right. Changes nothing."""
	objects, found = _all_objects() if objects is None else objects, []
	day, reading = frappe.qb.DocType(DAY), frappe.qb.DocType(READING)
	for some in _parts(objects):
		columns = [day[name] for name in (*KEY, *COUNTED)]
		stored = frappe.qb.from_(day).select(*columns).where(day.service_object.isin(some)).run()
		counted = _counting(reading).where(reading.service_object.isin(some)).run()
		there, wanted = ({Key(*row[: len(KEY)]): row[len(KEY) :] for row in rows} for rows in (stored, counted))
		found += [
			Difference(key, there.get(key), wanted.get(key))
			for key in sorted({*there, *wanted})
			if not _is_same(there.get(key), wanted.get(key))
		]
	return found


def _is_same(stored: Sequence[Any] | None, counted: Sequence[Any] | None) -> bool:
	"""Up to the last place that a column keeps of a mean."""
	if stored is None or counted is None:
		return stored is counted
	return all(abs(float(one) - float(other)) < SMALLEST for one, other in zip(stored, counted, strict=True))


def _count_anew(keys: Sequence[Key]) -> None:
	_hold(keys)
	rows = _counted(keys)
	_write(rows, overwritten=("modified", *COUNTED))
	_drop(set(keys) - {Key(*row[: len(KEY)]) for row in rows})


def _some(keys: Iterable[Key], size: int) -> Iterator[list[Key]]:
	rest = iter(keys)
	while part := list(islice(rest, size)):
		yield part


def _keys_of(thing: str) -> list[Key]:
	"""The days on which numbers of an object were read, and those that are stored."""
	day, reading = frappe.qb.DocType(DAY), frappe.qb.DocType(READING)
	stored = frappe.qb.from_(day).select(*[day[name] for name in KEY]).where(day.service_object == thing).run()
	read = frappe.qb.from_(reading).select(reading.service_object, reading.step_key, reading.customer, _day_of(reading.read_on)).distinct()
	return sorted({Key(*row) for row in (*stored, *read.where((reading.service_object == thing) & (reading.is_number == 1)).run())})


def _with_days() -> list[str]:
	return frappe.get_all(DAY, pluck="service_object", distinct=True, order_by="service_object")


def _parts(objects: Sequence[str]) -> Iterator[list[str]]:
	return (list(objects[at : at + OBJECTS_AT_ONCE]) for at in range(0, len(objects), OBJECTS_AT_ONCE))


def _all_objects() -> list[str]:
	reading = frappe.qb.DocType(READING)
	rows = frappe.qb.from_(reading).select(reading.service_object).distinct().orderby(reading.service_object).run()
	return [row[0] for row in rows if row[0]]


def _counting(reading: Any, query: Any = None) -> Any:
	"""The query of a day's figures by KEY, of numbers alone; into a table where `query` begins so."""
	day, mean = _day_of(reading.read_on), _round(fn.Avg(reading.number), PLACES)

	def judged(verdict: str) -> Any:
		return fn.Sum(Case().when(reading.verdict == verdict, 1).else_(0))

	return (
		(query or frappe.qb).from_(reading)
		.select(reading.service_object, reading.step_key, reading.customer, day.as_("day"))
		.select(fn.Count("*").as_("readings"), fn.Min(reading.number).as_("least"), mean.as_("mean"))
		.select((fn.Sum(reading.number) - mean * fn.Count("*")).as_("rest"))
		.select(fn.Max(reading.number).as_("most"), judged(criteria.AT_RISK).as_("at_risk"), judged(criteria.ABNORMAL).as_("abnormal"))
		.where(reading.is_number == 1)
		.groupby(reading.service_object, reading.step_key, reading.customer, day)
	)


def _hold(keys: Sequence[Key]) -> None:
	"""Have a row for each key, and keep others from it until this transaction ends; in one order for all."""
	_write([(*key, *[0] * len(COUNTED)) for key in keys], overwritten=())


def _counted(keys: Sequence[Key]) -> list[tuple[Any, ...]]:
	"""The rows of these keys, as their readings are now; without those that have none. No lock is taken or waited for."""
	reading, wanted = frappe.qb.DocType(READING), set(keys)
	rows = (
		_counting(reading)
		.where(reading.service_object.isin(sorted({key.service_object for key in keys})))
		.where(reading.step_key.isin(sorted({key.step_key for key in keys})))
		.where(Criterion.any((reading.read_on >= first) & (reading.read_on < after) for first, after in _spans({key.day for key in keys})))
	).run()
	return [row for row in rows if Key(*row[: len(KEY)]) in wanted]


def _spans(days: Iterable[date]) -> list[tuple[date, date]]:
	"""Days as spans without a gap: the first, and the one after the last."""
	found: list[tuple[date, date]] = []
	for day in sorted(days):
		after = day + timedelta(days=1)
		if found and found[-1][1] == day:
			found[-1] = (found[-1][0], after)
		else:
			found.append((day, after))
	return found


def _write(rows: Sequence[tuple[Any, ...]], overwritten: Sequence[str]) -> None:
	if not rows:
		return
	table, columns = frappe.qb.DocType(DAY), ("name", *KEY, *COUNTED)
	values = bulk.stamped(DAY, columns, [(frappe.generate_hash(length=12), *row) for row in rows])
	query = frappe.qb.into(table).columns([*bulk.STAMPS, *columns]).insert(*values)
	for name in overwritten or ("name",):
		query = query.on_duplicate_key_update(table[name], Values(table[name]) if overwritten else table[name])
	query.run()


def _drop(keys: Iterable[Key]) -> None:
	"""The rows of days on which nothing is read any more."""
	table = frappe.qb.DocType(DAY)
	parts = [Criterion.all(table[name] == value for name, value in zip(KEY, key, strict=True)) for key in keys]
	if parts:
		frappe.qb.from_(table).delete().where(Criterion.any(parts)).run()


def _insert(objects: Sequence[str]) -> None:
	"""Count all days of some objects within the database. The names begin by chance, so that none of another run is met."""
	table, reading = frappe.qb.DocType(DAY), frappe.qb.DocType(READING)
	day = _day_of(reading.read_on)
	own = _digest(fn.Concat(frappe.generate_hash(length=12), reading.service_object, "/", reading.step_key, "/", reading.customer, "/", day))
	now, user = site_now(), frappe.session.user
	query = frappe.qb.into(table).columns([*KEY, *COUNTED, "name", *bulk.STAMPS])
	query = _counting(reading, query).select(own, *[ValueWrapper(value) for value in (now, now, user, user)])
	query.where(reading.service_object.isin(objects)).run()
