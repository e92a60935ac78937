"""Readings from machines: each line kept, there already, or refused by itself; kept in sets (6.2.b.3, 6.2.b.4).

They stand among the readings that people take, without a task, and are judged by the published content of the source's manual.
A reading is known by its source, object, step and moment: the database refuses a second one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.monitoring import reading_lines
from ops_delivery.domain.monitoring.reading_lines import Message, Sent
from ops_delivery.domain.routine.normal_state import Step, Value
from ops_delivery.domain.routine.reading_batch import Batch, Key, Line, Refused, Taken, read_batch
from ops_delivery.domain.routine.typed_readings import read_value
from ops_delivery.services.monitoring import metrics, objects, sentences, sources
from ops_delivery.services.routine import criteria, findings, object_states, reading_days
from ops_delivery.services.routine.readings import READING
from ops_delivery.services.shared import bulk, site_time

KEPT, THERE, REFUSED, NOT_KEPT = "kept", "already there", "refused", "not kept"
AT_ONCE = 1000  # rows of one statement
COLUMNS = (
	*("name", "customer", "service_object", "manual", "step", "step_key", "value", "is_number", "number", "unit", "verdict"),
	*("read_on", "source", "once_key"),
)


@dataclass(frozen=True)
class Read:
	"""A batch that was read: what became of each line, and what its rows need to be written."""

	batch: Batch
	steps: dict[str, frappe._dict]
	count: int


def message_of(source, text: str, is_csv: bool) -> Message:
	"""The lines of a message. DomainError where the whole of it cannot be read."""
	zone = sources.zone_of(source)
	return reading_lines.of_csv(text, zone) if is_csv else reading_lines.of_json(text, zone)


def receive(source, message: Message, whole: bool = False, dry: bool = False) -> dict[str, Any]:
	"""Keep what was read; the answer, with one line for each. `whole`: all lines or none. `dry`: nothing is kept.

	The source is locked by the caller (sources.locked), unless it is dry. States and findings follow as from a round.
	"""
	found = _read(source, message, whole or message.whole)
	if not dry:
		rows = list(_rows(source, found))
		for part in _parts(rows, AT_ONCE):
			bulk.insert(READING, COLUMNS, [tuple(row[column] for column in COLUMNS) for row in part])
		as_before = _as_before(rows)
		object_states.note(rows)
		reading_days.note(rows)
		findings.judged(rows, as_before=as_before)
	return _answer(found)


def _read(source, message: Message, whole: bool) -> Read:
	steps = metrics.steps_of(source.manual)
	keys = metrics.keys_of(source, steps)
	known = objects.Known(source, (sent.object for sent in message.lines if isinstance(sent, Sent)))
	judged = {key: criteria.step_of(step) for key, step in steps.items()}
	lines, refused = [], []
	for number, sent in enumerate(message.lines, 1):
		try:
			if isinstance(sent, DomainError):
				raise sent
			lines.append(_line(sent, keys, known, bool(steps)))
		except DomainError as error:
			refused.append((number, error))
	stored = _stored(source, lines, judged)
	batch = read_batch(lines, judged, known.titles, site_time.utc_now(), stored, all_or_none=whole)
	if refused:
		unread = tuple(Refused(number, error) for number, error in refused)
		batch = replace(batch, refused=(*batch.refused, *unread), taken=() if whole else batch.taken)
	return Read(batch, steps, len(message.lines))


def _line(sent: Sent, keys: dict[str, str], known: objects.Known, has_steps: bool) -> Line:
	if not has_steps:
		raise DomainError("source_without_manual", "The source has no manual by which readings are judged. Choose one on its form.", field="manual")
	thing = known.find(sent.object) if sent.object else known.default
	return Line(sent.number, thing or sent.object, keys.get(sent.metric, sent.metric), sent.value, sent.taken_on, sent.unit)


def _stored(source, lines: list[Line], steps: dict[str, Step]) -> dict[Key, Value]:
	"""What is stored of the same source at the same moments."""
	reading, found = frappe.qb.DocType(READING), {}
	by_key = {_once_key(source.name, Key(line.object, line.step, line.taken_on)): line for line in lines if line.step in steps}
	for part in _parts(list(by_key), AT_ONCE):
		rows = (
			frappe.qb.from_(reading).select(reading.once_key, reading.value).where(reading.once_key.isin(part))
		).run()
		for once_key, value in rows:
			line = by_key[once_key]
			try:
				kept: Value = read_value(steps[line.step], value)
			except DomainError:  # the manual takes other values by now
				kept = cstr(value)
			found[Key(line.object, line.step, line.taken_on)] = kept
	return found


def _rows(source, found: Read) -> Iterator[frappe._dict]:
	for taken in found.batch.taken:
		step = found.steps[taken.key.step]
		number = taken.value if isinstance(taken.value, float) else None
		yield frappe._dict(
			name=frappe.generate_hash(length=12),
			task=None,
			customer=source.customer,
			service_object=taken.key.object,
			manual=source.manual,
			step=cstr(step.step)[:140],
			step_key=taken.key.step,
			value=_text(taken),
			is_number=int(number is not None),
			number=number or 0.0,  # the column holds no blank
			unit=step.unit if number is not None else None,
			verdict=criteria.VERDICTS[taken.state],
			read_on=site_time.to_site(taken.key.taken_on),
			source=source.name,
			once_key=_once_key(source.name, taken.key),
		)


def _as_before(rows: list[frappe._dict]) -> set[str]:
	"""The names of readings that are judged as the one of their object and step before them."""
	last = object_states.verdicts({(row.service_object, row.step_key) for row in rows})
	found = set()
	for row in sorted(rows, key=lambda row: row.read_on):
		pair = (row.service_object, row.step_key)
		if last.get(pair) == row.verdict:
			found.add(row.name)
		last[pair] = row.verdict
	return found


def _text(taken: Taken) -> str:
	"""The value as it is shown, and read again when the same line comes once more."""
	if isinstance(taken.value, float):
		return str(int(taken.value)) if taken.value.is_integer() else repr(taken.value)
	return criteria.ANSWERS.get(taken.value, cstr(taken.value))


def _once_key(source: str, key: Key) -> str:
	"""What the database holds unique: source, object, step and instant, whatever offset it was sent with."""
	instant: datetime = key.taken_on.astimezone(site_time.UTC)
	return hashlib.sha256("\n".join((source, key.object, key.step, instant.isoformat())).encode()).hexdigest()


def _answer(found: Read) -> dict[str, Any]:
	batch, lines = found.batch, [{"line": number, "result": NOT_KEPT} for number in range(1, found.count + 1)]
	for taken in batch.taken:
		lines[taken.number - 1] |= {"result": KEPT, "state": criteria.VERDICTS[taken.state]}
	for number in batch.repeated:
		lines[number - 1]["result"] = THERE
	for refused in batch.refused:
		lines[refused.number - 1] |= {"result": REFUSED, "code": refused.error.code, "message": sentences.plain(refused.error)}
	return {"kept": len(batch.taken), "already_there": len(batch.repeated), "refused": len(batch.refused), "answers": lines}


def in_words(answer: dict[str, Any]) -> str:
	"""What came of a message, for the form (plain text)."""
	return _("Readings: {0} kept, {1} there already, {2} refused").format(
		cint(answer["kept"]), cint(answer["already_there"]), cint(answer["refused"])
	)


def _parts(rows: list[Any], size: int) -> Iterator[list[Any]]:
	rest = iter(rows)
	while part := list(islice(rest, size)):
		yield part
