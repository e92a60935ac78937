"""Readings that come many at once, from machines or pasted from a sheet: each line kept or refused by itself.

A reading is known by its source, its object, its step and its moment: the same one again is no second one, and another value for
the same moment is refused, so that a batch may be sent again until it was answered.

Written for clauses 6.2.b.4 and 5.3.b.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.numbers import PLAIN, NumberFormat
from ops_delivery.domain.routine.normal_state import Step, Value
from ops_delivery.domain.routine.typed_readings import read_value, same_unit

CLOCKS_DIFFER = timedelta(minutes=5)  # a machine's clock may be ahead by so much


class Line(NamedTuple):
	"""One reading as it came: its line (the first is 1), what it is of, what was found, in which unit if said, and when (aware)."""

	number: int
	object: str
	step: str
	value: object
	taken_on: datetime
	unit: str = ""


class Key(NamedTuple):
	"""What a reading of one source is known by."""

	object: str
	step: str
	taken_on: datetime


@dataclass(frozen=True)
class Taken:
	"""A reading that is kept: its line, key, value and the state that it shows (None: only recorded)."""

	number: int
	key: Key
	value: Value
	state: str | None


@dataclass(frozen=True)
class Refused:
	"""A line that is not kept, and why."""

	number: int
	error: DomainError


@dataclass(frozen=True)
class Batch:
	"""What became of a batch: lines kept, refused, and those that were there already (their numbers)."""

	taken: tuple[Taken, ...]
	refused: tuple[Refused, ...]
	repeated: tuple[int, ...]


def read_batch(
	lines: Iterable[Line],
	steps: Mapping[str, Step],
	objects: Collection[str],
	now: datetime,
	known: Mapping[Key, Value] | None = None,
	form: NumberFormat = PLAIN,
	all_or_none: bool = False,
) -> Batch:
	"""Judge the lines of one source, in their order.

	`objects`: those that the source may report on. `known`: what is stored of the same source. `all_or_none`: one refused line
	keeps all others out. The codes of refused lines: object_unknown, step_unknown, reading_without_zone, reading_in_future,
	reading_empty, reading_twice, and those of read_value().
	"""
	stored: dict[Key, Value] = dict(known or {})
	taken: list[Taken] = []
	refused: list[Refused] = []
	repeated: list[int] = []
	for line in lines:
		try:
			found = _read(line, steps, objects, now, form)
			if found.key in stored:
				if stored[found.key] != found.value:
					raise _twice(line, steps[line.step], stored[found.key])
				repeated.append(line.number)
				continue
			stored[found.key] = found.value
			taken.append(found)
		except DomainError as error:
			refused.append(Refused(line.number, error))
	if refused and all_or_none:
		taken = []
	return Batch(tuple(taken), tuple(refused), tuple(repeated))


def _read(line: Line, steps: Mapping[str, Step], objects: Collection[str], now: datetime, form: NumberFormat) -> Taken:
	if line.object not in objects:
		raise DomainError(
			"object_unknown",
			"{value} is none of the objects on which this source may report. Check its name, or the source's objects.",
			field="object",
			value=line.object,
		)
	step = steps.get(line.step)
	if step is None:
		raise DomainError(
			"step_unknown",
			"{value} is no step of the manual. Its steps are {known}.",
			field="step",
			value=line.step,
			known=", ".join(step.title for step in steps.values()),
		)
	if line.taken_on.tzinfo is None:
		raise DomainError(
			"reading_without_zone",
			"The time {value} has no time zone. Send it with its offset, such as 2026-01-31T09:00:00+08:00.",
			field="taken_on",
			value=line.taken_on.isoformat(),
		)
	if line.taken_on > now + CLOCKS_DIFFER:
		raise DomainError(
			"reading_in_future",
			"The time {value} lies in the future. Check the clock of the source and its time zone.",
			field="taken_on",
			value=line.taken_on.isoformat(),
		)
	if line.unit and not same_unit(line.unit, step.unit):
		value: object = f"{line.value} {line.unit}"
	else:
		value = line.value
	found = read_value(step, value, form)
	if found is None:
		raise DomainError(
			"reading_empty",
			"There is no value for {step}. Leave the line out where nothing was read.",
			field=step.key,
			value=line.value,
			step=step.title,
		)
	return Taken(line.number, Key(line.object, step.key, line.taken_on), found, step.state(found))


def _twice(line: Line, step: Step, stored: Any) -> DomainError:
	return DomainError(
		"reading_twice",
		"{step} of {object} has {stored} for {moment} already, not {value}. A correction is entered by a person.",
		field=step.key,
		value=line.value,
		step=step.title,
		object=line.object,
		stored=stored,
		moment=line.taken_on.isoformat(),
	)


def last_values(readings: Sequence[Taken]) -> dict[tuple[str, str], Taken]:
	"""The latest reading of each object and step: what stands beside the field in which the next one is entered."""
	found: dict[tuple[str, str], Taken] = {}
	for reading in readings:
		place = (reading.key.object, reading.key.step)
		if place not in found or found[place].key.taken_on <= reading.key.taken_on:
			found[place] = reading
	return found
