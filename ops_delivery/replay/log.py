"""A ticket log that has been read: its tickets, and by line what could not be used."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from ops_delivery.replay.mapping import LogMapping

NONE = -(1 << 62)  # an instant that is not there
BAD = NONE + 1  # one that cannot be read
PARTIAL = 0.05  # the share left out beyond which a figure is called partial
# A change of a ticket: the instant (epoch seconds), what it does to the clock, and the priority after it, as the log
# writes it ("" = not said).
Change = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Rejection:
	"""What was not used: its first line in the file (the header is line 1), and which value of which column.

	With a `commitment` that clock of the ticket alone was left out, else the row.
	"""

	line: int
	ticket: str
	code: str
	column: str = ""
	value: str = ""
	commitment: str = ""


@dataclass
class Ticket:
	"""What the log says about one ticket: when it was made, and its changes for each commitment, in order of time.

	A commitment whose changes are None is left out; `held` are seconds of holds that have a length but no moment.
	"""

	__slots__ = ("courses", "created", "held", "index", "line", "number", "priority")

	index: int
	line: int  # of its row, or of the first of them
	number: str
	created: int
	priority: str
	courses: dict[str, tuple[Change, ...] | None]
	held: dict[str, int] | None


class Tickets(Protocol):
	"""The tickets of one shape of log, kept small; a Ticket is made when it is asked for."""

	numbers: list[str]
	created: array[int]

	def priorities(self) -> Counter[str]:
		"""Each priority as the log writes it, and how many tickets have it at any time."""

	def __iter__(self) -> Iterator[Ticket]: ...


@dataclass
class Log:
	"""A log that has been read: its tickets in order of appearance, and what could not be used."""

	name: str
	header: list[str]
	mapping: LogMapping
	zone: ZoneInfo
	encoding: str
	divided: str
	tickets: Tickets
	rows: int = 0
	rejections: list[Rejection] = field(default_factory=list)
	notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)  # keys of texts: how it was read
	until: int | None = None  # the instant at which open clocks are read
	as_of: bool = False  # whether that was asked for
	not_chosen: int = 0  # tickets that --where or --as-of leaves out
	lost: int = 0  # tickets of which nothing could be used
	_noted: set[Rejection] = field(default_factory=set)

	@property
	def rejected_rows(self) -> int:
		"""How many rows were not used at all."""
		return sum(not rejection.commitment for rejection in self.rejections)

	def left_out(self, commitment: str) -> int:
		"""How many clocks of a commitment were left out though their ticket was used."""
		return sum(rejection.commitment == commitment for rejection in self.rejections)

	def leave_out(self, ticket: Ticket, commitment: str, code: str, value: str) -> None:
		"""Notes, once, a clock that cannot be told from what is known of its ticket."""
		rejection = Rejection(ticket.line, ticket.number, code, "", value, commitment)
		if rejection not in self._noted:
			self._noted.add(rejection)
			self.rejections.append(rejection)

	def unused(self, commitment: str) -> float:
		"""The share of the log, of rows or of tickets, that is not behind a commitment's figure."""
		tickets = len(self.tickets.numbers)
		rows = self.rejected_rows / self.rows if self.rows else 0
		lost = (self.lost + self.left_out(commitment)) / (tickets + self.lost) if tickets + self.lost else 0
		return max(rows, lost)

	def partial(self, commitment: str) -> bool:
		"""Whether so much was left out that the figure may not be called that of the log."""
		return self.unused(commitment) > PARTIAL
