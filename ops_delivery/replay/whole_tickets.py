"""The tickets of a log with a row for each, kept column by column."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator

from ops_delivery.replay import mapping as maps
from ops_delivery.replay.log import NONE, Change, Ticket
from ops_delivery.replay.mapping import At, ColumnRule, LogMapping


class WholeTickets:
	"""The tickets of such a log, column by column."""

	def __init__(self, mapping: LogMapping) -> None:
		self.mapping = mapping
		self.rules: dict[str, ColumnRule] = dict(mapping.commitments)  # type: ignore[arg-type]
		self.numbers: list[str] = []
		self.created = array("q")
		self.line = array("I")
		self.written: list[str] = [""]  # priorities
		self.priority = array("H")
		self.neutral = bytearray()
		self.chosen = bytearray()
		times = dict.fromkeys(at for rule in self.rules.values() for at in rule.times)
		self.times: dict[At, array[int]] = {at: array("q") for at in times}
		self.lengths: dict[str, array[int]] = {
			f"{column}\n{rule.unit}": array("q") for rule in self.rules.values() for column in rule.paused_for
		}
		self.texts: dict[tuple[int, str], str] = {}  # what cannot be read, by ticket and column
		self.left_out: dict[str, bytearray] = {}
		self.until: int | None = None  # what happens later is not heeded

	def priorities(self) -> Counter[str]:
		"""Each priority as the log writes it, and how many tickets have it."""
		counts = Counter(self.priority)
		return Counter({self.written[code]: count for code, count in counts.items()})

	def at(self, column: At, index: int) -> int:
		"""A milestone of a ticket; NONE for one that is empty, or later than the end."""
		value = self.times[column][index]
		return NONE if self.until is not None and value > self.until else value

	def met(self, rule: ColumnRule, index: int) -> tuple[int, At | None]:
		"""When a commitment was met: the first of its columns that is filled."""
		for column in rule.met_at:
			if (value := self.at(column, index)) != NONE:
				return value, column
		return NONE, None

	def course(self, name: str, index: int) -> tuple[Change, ...]:
		"""What happened to a commitment: holds that touch are one."""
		rule, priority = self.rules[name], self.written[self.priority[index]]
		met, _column = self.met(rule, index)
		found: list[Change] = []
		if rule.paused_between:
			holds = sorted(
				(start, self.at(to, index))
				for since, to in rule.paused_between
				if (start := self.at(since, index)) != NONE
			)
			reached = NONE
			for start, end in holds:
				if found and start <= reached:
					found.pop()
				else:
					found.append((start, maps.PAUSE, priority))
				if end == NONE:
					break
				reached = max(reached, end)
				found.append((reached, maps.RUN, priority))
		if met != NONE:
			if found and found[-1][:2] == (met, maps.RUN):
				found.pop()
			found.append((met, maps.MET, priority))
		elif self.neutral and self.neutral[index]:
			found.append((found[-1][0] if found else self.created[index], maps.NEUTRAL, priority))
		return tuple(found)

	def __iter__(self) -> Iterator[Ticket]:
		lengths = {name: rule for name, rule in self.rules.items() if rule.paused_for}
		for index, number in enumerate(self.numbers):
			courses = {
				name: None if self.left_out[name][index] else self.course(name, index) for name in self.rules
			}
			held = {name: self.held(rule, index) for name, rule in lengths.items()} if lengths else None
			yield Ticket(
				index,
				self.line[index],
				number,
				self.created[index],
				self.written[self.priority[index]],
				courses,
				held,
			)

	def held(self, rule: ColumnRule, index: int) -> int:
		"""How long a commitment was held, of holds that have no moment."""
		return sum(max(0, self.lengths[f"{column}\n{rule.unit}"][index]) for column in rule.paused_for)

	def columns(self) -> list[array[int]]:
		"""Every column that holds a number a ticket."""
		return [self.created, self.line, self.priority, *self.times.values(), *self.lengths.values()]

	def put(self, place: int, number: str, values: list[int]) -> None:
		"""A ticket's values in the order of columns(), at the end or in the place of an earlier one."""
		if place == len(self.numbers):
			self.numbers.append(number)
			for column, value in zip(self.columns(), values, strict=True):
				column.append(value)
			return
		self.texts = {key: text for key, text in self.texts.items() if key[0] != place}
		for column, value in zip(self.columns(), values, strict=True):
			column[place] = value

	def keep(self, wanted: bytearray) -> None:
		"""Leaves out all tickets but the wanted ones."""
		places = [i for i, want in enumerate(wanted) if want]
		moved = {old: new for new, old in enumerate(places)}
		self.texts = {(moved[i], column): text for (i, column), text in self.texts.items() if i in moved}
		self.numbers = [self.numbers[i] for i in places]
		self.neutral = bytearray(self.neutral[i] for i in places) if self.neutral else self.neutral
		for column in self.columns():
			column[:] = array(column.typecode, (column[i] for i in places))
