"""Reads a log, stage by stage: file → table → ordered rows → tickets. Each stage says by line what it leaves out."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ops_delivery.replay import date_order, shipped_mappings, time_formats, workbook
from ops_delivery.replay import mapping as maps
from ops_delivery.replay import where as conditions
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.log import Log, Rejection
from ops_delivery.replay.mapping import At, LogMapping
from ops_delivery.replay.table import Progress, Table
from ops_delivery.replay.times import FIRST_YEAR, LAST_YEAR, TimeReader


@dataclass(frozen=True)
class Choices:
	"""What the user says of the reading besides the mapping."""

	time_zone: str | None = None
	dates: str | None = None
	where: str = ""
	as_of: str = ""
	sheet: str | None = None
	now: int = field(default_factory=lambda: int(time.time()))


class Source:
	"""What both shapes of log are read with: the table, the times in it, the tickets that are looked at, what is wrong."""

	def __init__(self, table: Table, mapping: LogMapping, zone: ZoneInfo, choices: Choices) -> None:
		self.table, self.mapping, self.zone, self.choices = table, mapping, zone, choices
		self.rows = 0
		self.rejections: list[Rejection] = []
		self.notes: list[tuple[str, dict[str, object]]] = []
		if table.title:
			self.notes.append(("header_line", {"line": table.header_line}))
		self.times = [at for role, at in mapping.columns.items() if role in ("created", "event_time")]
		for rule in mapping.commitments.values():
			self.times += getattr(rule, "times", ())
		self.i_ticket = self.position("ticket")
		self.turned: tuple[date_order.Found, str] | None = None
		self.formats = self._formats()
		self.reader = TimeReader(self.formats, zone, mapping.language)
		self.chosen = self._where()
		self.as_of = _instant_of(choices.as_of, zone) if choices.as_of else None

	def position(self, role: str) -> int:
		"""Where the column of a role stands."""
		return self.table.position(self.mapping.columns[role][0])

	def cell(self, at: At) -> Callable[[Sequence[str]], str]:
		"""What gives a time's text from a row."""
		first, *rest = (self.table.position(name) for name in at)
		if not rest:
			return lambda row: row[first].strip()
		(second,) = rest
		if self.table.sheet is not None:
			return lambda row: workbook.joined(row[first].strip(), row[second].strip())
		return lambda row: f"{row[first].strip()} {row[second].strip()}".strip()

	def reject(
		self, line: int, ticket: str, code: str, column: str = "", value: str = "", commitment: str = ""
	) -> None:
		"""Notes a row, or a clock of a ticket, that cannot be used."""
		self.rejections.append(Rejection(line, ticket, code, column, value, commitment))

	def reject_time(self, line: int, ticket: str, at: At, value: str, commitment: str = "") -> None:
		"""Notes a time that cannot be read, and remembers one that reads with day and month the other way round."""
		name = date_order.fits_turned(value, self.formats, self.zone, self.mapping.language)
		if name and not self.turned:
			self.turned = (line, maps.label(at), value), name
		self.reject(
			line, ticket, "day_month" if name else "unreadable_time", maps.label(at), value, commitment
		)

	def text(self, instant: int) -> str:
		"""An instant as the log's zone writes it."""
		return f"{datetime.fromtimestamp(instant, self.zone):%Y-%m-%d %H:%M}"

	def ticket_of(self, row: Sequence[str]) -> str:
		"""The ticket's number in a row that may be broken."""
		return row[self.i_ticket].strip() if len(row) > self.i_ticket else ""

	def numbered(self, progress: Progress | None) -> Iterator[tuple[int, list[str]]]:
		"""The rows of the table; those that are none are counted and noted."""
		created = self.cell(self.mapping.columns["created"])
		width = len(self.table.header)

		def problem(line: int, code: str, value: str, row: list[str]) -> None:
			self.rows += 1
			self.reject(line, self.ticket_of(row), code, "", value)

		def is_row(row: list[str]) -> bool:
			return (
				len(row) == width and bool(self.ticket_of(row)) and self.reader.read(created(row)) is not None
			)

		for line, row in self.table.rows(problem, is_row, progress):
			self.rows += 1
			yield line, row

	def log(self, tickets: object) -> Log:
		"""The log that has been read. InputError where its dates contradict the mapping."""
		if self.turned and not self.reader.proved:
			raise date_order.contradiction(*self.turned, self.table.name)
		if not self.rows:
			self.notes.append(("no_row", {}))
		self.rejections.sort(key=lambda rejection: rejection.line)
		known = set(tickets.numbers)  # type: ignore[attr-defined]
		lost = {rejection.ticket for rejection in self.rejections if not rejection.commitment} - known - {""}
		return Log(
			name=self.table.name,
			header=self.table.header,
			mapping=self.mapping,
			zone=self.zone,
			encoding=self.table.encoding,
			divided=self.table.divided,
			tickets=tickets,  # type: ignore[arg-type]
			rows=self.rows,
			rejections=self.rejections,
			notes=self.notes,
			lost=len(lost),
			as_of=self.as_of is not None,
		)

	def _formats(self) -> tuple[str, ...]:
		"""The mapping's formats, with the order of day and month that was said or that the log proves."""
		formats, dates = self.mapping.time_formats, self.choices.dates
		if dates is None and date_order.is_open(formats):
			cells = [(maps.label(at), self.cell(at)) for at in dict.fromkeys(self.times)]
			found = (
				(line, label, text)
				for line, row in self.table.rows(
					lambda *_: None, lambda row: len(row) == len(self.table.header)
				)
				for label, cell in cells
				if (text := cell(row)) not in self.mapping.empty
			)
			evidence = date_order.weigh(found, formats, self.zone, self.mapping.language)
			dates = date_order.decide(evidence, self.table.name)
			if dates:
				line, column, value = (evidence.day if dates == date_order.DAY_FIRST else evidence.month) or (
					0,
					"",
					"",
				)
				self.notes.append(
					(
						dates.replace("-", "_"),
						{"line": line, "column": column, "value": quote(value), "count": evidence.boths},
					)
				)
			formats = (
				formats
				if dates
				else tuple(name for name in formats if not time_formats.order_of(name)) or formats
			)
		if dates:
			formats = date_order.chosen(formats, dates)
		# cells of a workbook that hold times come as such, however they look there
		return (*formats, workbook.WRITTEN_AS) if self.table.sheet is not None else formats

	def _where(self) -> Callable[[Sequence[str]], bool] | None:
		asked = [text for text in (self.mapping.where, self.choices.where) if text]
		if not asked:
			return None
		self.notes.append(
			(
				"where",
				{"condition": " and ".join(asked if len(asked) < 2 else (f"({text})" for text in asked))},
			)
		)
		parts = [conditions.condition(text, self._column, times=self._time_of) for text in asked]
		return lambda row: all(part(row) for part in parts)

	def _time_of(self, index: int) -> Callable[[str], int | None] | None:
		"""What reads the times of a column, and one that a condition names; None for a column that holds none."""
		if all(len(at) > 1 or self.table.position(at[0]) != index for at in self.times):
			return None

		def read(text: str) -> int | None:
			found = self.reader.read(text)
			return _iso_instant(text, self.zone) if found is None else found

		return read

	def _column(self, name: str) -> int:
		"""A column by its name, by its role in the mapping, or by its name in other case."""
		header = self.table.header
		if name in header:
			return self.table.position(name)
		if name in self.mapping.columns:
			return self.position(name)
		alike = [column for column in header if column.casefold() == name.casefold()]
		if len(alike) == 1:
			return header.index(alike[0])
		raise InputError(
			"--where", f"there is no column {quote(name)} in {self.table.name}: {maps.named(header)}"
		)


def _instant_of(text: str, zone: ZoneInfo) -> int:
	"""The instant of --as-of: a time of the log's zone, or the end of a day."""
	instant = _iso_instant(text, zone)
	if instant is None:
		raise InputError("--as-of", f"{quote(text)} is no date such as 2025-06-30, or 2025-06-30T18:00")
	if len(text) == len("2025-06-30"):
		return _iso_instant(f"{datetime.fromisoformat(text) + timedelta(days=1):%Y-%m-%d}", zone) or instant
	return instant


def _iso_instant(text: str, zone: ZoneInfo) -> int | None:
	"""A day (its beginning) or a time as people write them for a machine; None for any other text."""
	if not re.match(r"\d{4}-\d{2}-\d{2}(?:[ T]\d|$)", text, re.ASCII):
		return None
	try:
		at = datetime.fromisoformat(text)
		instant = int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp())
	except (ValueError, OverflowError):
		return None
	return instant if FIRST_YEAR <= at.year <= LAST_YEAR else None
