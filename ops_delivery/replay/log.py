"""Reads a ticket log (CSV, also gzipped) through a mapping into one course of changes for each ticket."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from zoneinfo import ZoneInfo

from ops_delivery.replay import mapping as maps
from ops_delivery.replay import text_files
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.mapping import ColumnRule, LogMapping, StateRule
from ops_delivery.replay.times import TimeReader

PROGRESS_EVERY = 2000
LONGEST_FIELD = 1 << 26  # characters; Python's own bound of 131,072 is less than a pasted log
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX, XLS
END = "\uf8ffend\uf8ff"  # a row of our own behind the last one: within a cell, it shows a quotation mark never closed
# A change of a ticket: the instant (epoch seconds), the state after it (of a `tickets` log: what it does to the
# clock), and the priority after it, as the log writes it ("" = not said).
Change = tuple[int, str, str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Rejection:
	"""A row that was not used: its first line in the file (the header is line 1), and which value of which column."""

	line: int
	ticket: str
	code: str
	column: str
	value: str


@dataclass
class Ticket:
	"""What the accepted rows say about one ticket; instants in epoch seconds, priorities as the log writes them."""

	__slots__ = ("changes", "created", "last", "number", "own_changes", "priority")

	number: str
	created: int
	last: int
	priority: str
	changes: list[Change]
	# `tickets` logs only: the changes of each commitment, which have no states to share.
	own_changes: dict[str, list[Change]] | None

	def course(self, commitment: str, rule: StateRule | ColumnRule) -> Iterator[Change]:
		"""The changes as (instant, what they do to the commitment's clock, priority), in order of time."""
		if isinstance(rule, ColumnRule):
			yield from (self.own_changes or {}).get(commitment, [])
			return
		effect = rule.effect
		for instant, state, priority in self.changes:
			yield instant, effect[state], priority


@dataclass
class Log:
	"""A log that has been read: its tickets in order of appearance, and what could not be used."""

	name: str
	header: list[str]
	mapping: LogMapping
	zone: ZoneInfo
	encoding: str = text_files.UTF8
	tickets: dict[str, Ticket] = field(default_factory=dict)
	rows: int = 0
	rejections: list[Rejection] = field(default_factory=list)

	@property
	def until(self) -> int | None:
		"""The last instant the log speaks of (epoch seconds); clocks that still run are read at it."""
		return max((ticket.last for ticket in self.tickets.values()), default=None)

	def reject(self, line: int, ticket: str, code: str, column: str = "", value: str = "") -> None:
		"""Notes a row that cannot be used."""
		self.rejections.append(Rejection(line, ticket, code, column, value))


def read(
	path: str,
	mapping: LogMapping | None,
	default_zone: str,
	time_zone: str | None = None,
	progress: Progress | None = None,
) -> Log:
	"""Reads the log at `path`; without a `mapping` the shipped one that fits the header is taken.

	The log's wall-clock times are of `time_zone`, else the mapping's zone, else `default_zone` (the agreement's).
	`progress` is called now and then with the bytes read and the file's size.
	"""
	name = os.path.basename(path)
	try:
		with open(path, "rb") as raw:
			head = _unpacked(raw).read(text_files.SAMPLE)
			if head.startswith(WORKBOOKS):
				raise InputError(name, "is a workbook of a spreadsheet; save it there as CSV")
			*guesses, last = text_files.encodings(head, mapping.encoding if mapping else None)
			for encoding in guesses:
				try:
					return _read(raw, encoding, name, mapping, default_zone, time_zone, progress)
				except UnicodeDecodeError:
					continue
			return _read(raw, last, name, mapping, default_zone, time_zone, progress)
	except FileNotFoundError:
		raise InputError(path, "no such file")
	except UnicodeDecodeError as error:
		raise InputError(
			name,
			f'is not {error.encoding} text ({error.reason}); name its "encoding" in the mapping, or save it as UTF-8',
		)
	except (EOFError, zlib.error, gzip.BadGzipFile) as error:
		raise InputError(name, f"is a damaged gzip file ({error})")
	except OSError as error:
		raise InputError(path, f"cannot be read ({error.strerror or error})")


def _unpacked(raw: BinaryIO) -> BinaryIO:
	"""`raw` from its beginning, unpacked if it is gzip."""
	raw.seek(0)
	packed = raw.read(2) == b"\x1f\x8b"
	raw.seek(0)
	return io.BufferedReader(gzip.GzipFile(fileobj=raw), 1 << 18) if packed else raw  # type: ignore[arg-type, return-value]


def _read(
	raw: BinaryIO,
	encoding: str,
	name: str,
	mapping: LogMapping | None,
	default_zone: str,
	time_zone: str | None,
	progress: Progress | None,
) -> Log:
	text = io.TextIOWrapper(_unpacked(raw), encoding=encoding, newline="")
	try:
		return _read_text(text, raw, name, mapping, default_zone, time_zone, progress, encoding)
	finally:
		text.detach()  # it would close the file, which is read again where this was not its encoding


def _read_text(
	text: io.TextIOWrapper,
	raw: BinaryIO,
	name: str,
	mapping: LogMapping | None,
	default_zone: str,
	time_zone: str | None,
	progress: Progress | None,
	encoding: str,
) -> Log:
	first = text.readline()
	delimiter = text_files.announced_delimiter(first)
	before = 1 if delimiter else 0  # lines before the header
	if delimiter:
		first = text.readline()
	delimiter = delimiter or (mapping and mapping.delimiter) or text_files.likely_delimiter(first, _fits(mapping))
	csv.field_size_limit(LONGEST_FIELD)
	lines = csv.reader(itertools.chain([first] if first else [], text, [END]), delimiter=delimiter)
	try:
		header = [column.strip() for column in next(lines, [])]
	except csv.Error as error:
		raise InputError(name, f"is not CSV ({error})")
	if not any(header) or header == [END]:
		raise InputError(name, "is empty; its first line must name the columns")
	mapping = mapping or maps.detect(header, name)
	for column in mapping.missing_columns(header):
		raise InputError(name, f"has no column {quote(column)}, which the mapping {mapping.name} needs")
	for column in mapping.needed_columns():
		if header.count(column) > 1:
			raise InputError(name, f"has the column {quote(column)} more than once")
	zone = maps.check_zone(time_zone or mapping.time_zone or default_zone, "--time-zone")
	log = Log(name, header, mapping, zone, encoding)
	size = os.fstat(raw.fileno()).st_size
	rows = _numbered(lines, before, log, lambda: progress(raw.tell(), size) if progress else None)
	take = _take_updates if mapping.shape == maps.UPDATES else _take_tickets
	take(rows, log, TimeReader(mapping.time_formats, zone))
	return log


def _fits(mapping: LogMapping | None) -> Callable[[list[str]], bool]:
	"""Whether a header has the columns of the mapping, or of one that is shipped."""
	wanted = [mapping] if mapping else [maps.load(shipped) for shipped in maps.shipped()]
	return lambda header: any(not one.missing_columns(header) for one in wanted)


def _numbered(
	lines: Iterator[list[str]], before: int, log: Log, tick: Callable[[], None]
) -> Iterator[tuple[int, list[str]]]:
	"""The rows that are not blank, each with its first line (`before` lines stand before the header); counts them in `log`."""
	line = lines.line_num + before + 1  # type: ignore[attr-defined]
	while True:
		try:
			row = next(lines)
		except StopIteration:
			return
		except csv.Error as error:
			log.rows += 1
			log.reject(line, "", "unreadable_row", "", str(error))
			line = lines.line_num + before + 1  # type: ignore[attr-defined]
			continue
		if row and row[-1].endswith(END):
			if row != [END]:
				log.rows += 1
				log.reject(line, "", "open_quote", "", row[-1].removesuffix(END))
			return
		if row:
			log.rows += 1
			yield line, row
			if not log.rows % PROGRESS_EVERY:
				tick()
		line = lines.line_num + before + 1  # type: ignore[attr-defined]


def _take_updates(rows: Iterator[tuple[int, list[str]]], log: Log, times: TimeReader) -> None:
	"""A row is a ticket's state after an update. A refused row leaves the ticket as the row before left it."""
	columns, states, empty = log.mapping.columns, log.mapping.states, log.mapping.empty
	at = {key: log.header.index(column) for key, column in columns.items()}
	i_ticket, i_created, i_event, i_state = at["ticket"], at["created"], at["event_time"], at["state"]
	i_priority = at.get("priority", -1)
	width = max(at.values()) + 1
	tickets, reject, instant_of = log.tickets, log.reject, times.read
	for line, row in rows:
		if len(row) < width:
			reject(line, row[i_ticket].strip() if len(row) > i_ticket else "", "short_row", "", str(len(row)))
			continue
		number = row[i_ticket].strip()
		if number in empty:
			reject(line, "", "no_ticket", columns["ticket"], number)
			continue
		ticket = tickets.get(number)
		created = ticket.created if ticket else instant_of(row[i_created].strip())
		if created is None:
			reject(line, number, "unreadable_time", columns["created"], row[i_created])
			continue
		event = instant_of(row[i_event].strip())
		if event is None:
			reject(line, number, "unreadable_time", columns["event_time"], row[i_event])
			continue
		state = row[i_state].strip()
		if state not in states:
			reject(line, number, "unknown_state", columns["state"], state)
			continue
		floor = ticket.last if ticket else created
		if event < floor:
			# In the hour that the clock repeats in autumn, a time that seems to run backwards is its second pass.
			event = times.read_second(row[i_event].strip()) or event
			if event < floor:
				code = "time_runs_backwards" if ticket else "before_created"
				reject(line, number, code, columns["event_time"], row[i_event])
				continue
		priority = row[i_priority].strip() if i_priority >= 0 else ""
		if priority in empty:
			priority = ticket.changes[-1][2] if ticket else ""
		if ticket is None:
			tickets[number] = Ticket(number, created, event, priority, [(event, state, priority)], None)
			continue
		ticket.last = event
		before = ticket.changes[-1]
		if state != before[1] or priority != before[2]:
			ticket.changes.append((event, state, priority))


def _take_tickets(rows: Iterator[tuple[int, list[str]]], log: Log, times: TimeReader) -> None:
	"""A row is a whole ticket: when it was made, and for each commitment when it was met and paused."""
	columns, empty = log.mapping.columns, log.mapping.empty
	for line, row in rows:
		if len(row) < len(log.header):
			row = row + [""] * (len(log.header) - len(row))
		cell = {name: value.strip() for name, value in zip(log.header, row, strict=False)}
		number = cell[columns["ticket"]]
		if number in empty:
			log.reject(line, "", "no_ticket", columns["ticket"], number)
		elif number in log.tickets:
			log.reject(line, number, "duplicate_ticket", columns["ticket"], number)
		else:
			try:
				log.tickets[number] = _whole_ticket(number, cell, log.mapping, times)
			except _BadCell as bad:
				log.reject(line, number, bad.code, bad.column, cell[bad.column])


class _BadCell(Exception):
	def __init__(self, code: str, column: str) -> None:
		super().__init__(code, column)
		self.code, self.column = code, column


def _whole_ticket(number: str, cell: dict[str, str], mapping: LogMapping, times: TimeReader) -> Ticket:
	"""The ticket of one row; _BadCell for a time that cannot be read or lies before the one it must follow."""

	def instant(column: str, floor: int | None = None) -> int | None:
		text = cell[column]
		if text in mapping.empty and floor is not None:
			return None
		value = times.read(text)
		if value is None:
			raise _BadCell("unreadable_time", column)
		if floor is not None and value < floor:
			value = times.read_second(text) or value
			if value < floor:
				raise _BadCell("before_created" if floor == created else "time_runs_backwards", column)
		return value

	created = instant(mapping.columns["created"])
	assert created is not None
	priority = cell[mapping.columns["priority"]] if "priority" in mapping.columns else ""
	priority = "" if priority in mapping.empty else priority
	own: dict[str, list[Change]] = {}
	last = created
	for commitment, rule in mapping.commitments.items():
		assert isinstance(rule, ColumnRule)
		course: list[Change] = []
		floor = created
		for from_column, to_column in rule.paused_between:
			start = instant(from_column, floor)
			if start is None:
				continue
			end = instant(to_column, start)
			course.append((start, maps.PAUSE, priority))
			if end is not None:
				course.append((end, maps.RUN, priority))
			floor = start if end is None else end
		for column in rule.met_at:
			if (met := instant(column, floor)) is not None:
				course.append((met, maps.MET, priority))
				break
		own[commitment] = course
		last = max([last, *(change[0] for change in course)])
	return Ticket(number, created, last, priority, [], own)
