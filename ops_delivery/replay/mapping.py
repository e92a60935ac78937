"""A mapping: which columns of a log hold what, and what its states mean for the commitments (docs/replay.md)."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from ops_delivery.replay import text_files
from ops_delivery.replay.errors import InputError, quote

FORMAT = "ops_delivery.mapping/1"
UPDATES, TICKETS = "updates", "tickets"
# What a state does to a commitment's clock.
RUN, PAUSE, MET, NEUTRAL = "run", "pause", "met", "neutral"


# A time in one column, or its date and its time of day in two.
At = tuple[str, ...]


def label(at: At) -> str:
	"""A time's columns in a message."""
	return " + ".join(at)


@dataclass(frozen=True)
class StateRule:
	"""One commitment of an `updates` log: what each known state does, and whether leaving `met` reopens the clock."""

	effect: MappingType[str, str]
	reopens: bool = False
	columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnRule:
	"""One commitment of a `tickets` log: the columns of its end (the first filled one), and of its pauses: from and to, or how
	long (in `unit`, where a value names none)."""

	met_at: tuple[At, ...]
	paused_between: tuple[tuple[At, At], ...] = ()
	paused_for: tuple[str, ...] = ()
	unit: str = "seconds"
	wall: bool = False  # whether holds of a length are of the wall clock, else of service time
	reopens: bool = False

	@property
	def times(self) -> tuple[At, ...]:
		"""Every time the rule reads."""
		return self.met_at + tuple(at for pair in self.paused_between for at in pair)

	@property
	def columns(self) -> tuple[str, ...]:
		"""Every column the rule reads."""
		return tuple(name for at in self.times for name in at) + self.paused_for


@dataclass(frozen=True)
class LogMapping:
	"""A mapping that has been read and checked; `source` names it in messages."""

	source: str
	name: str
	shape: str
	columns: MappingType[str, At]  # by role; only those of times may be two
	states: tuple[str, ...]
	priorities: MappingType[str, str]
	commitments: MappingType[str, StateRule | ColumnRule]
	time_formats: tuple[str, ...]
	time_zone: str | None = None
	language: str | None = None  # of the names of months
	empty: frozenset[str] = frozenset({""})
	neutral: frozenset[str] = frozenset()  # states in which nothing is promised any more
	duplicates: str = "first"  # which row of a ticket counts, of a `tickets` log
	where: str = ""
	encoding: str | None = None  # None: as the log shows
	delimiter: str | None = None
	sheet: str | None = None
	title: str = ""
	credit: str = ""
	credit_columns: frozenset[str] = field(default_factory=frozenset)
	guessed: tuple[str, ...] = ()  # what a draft took for likely

	def needed_columns(self) -> list[str]:
		"""The columns a log must have, in the mapping's order, each once."""
		names = [name for role, at in self.columns.items() if role != "sequence" for name in at]
		for rule in self.commitments.values():
			names += rule.columns
		return list(dict.fromkeys(names))

	def missing_columns(self, header: Collection[str]) -> list[str]:
		"""The needed columns that `header` lacks."""
		return [name for name in self.needed_columns() if name not in header]

	def credit_for(self, header: Collection[str]) -> str:
		"""The credit to show with figures from a log with this header, empty if none is due."""
		return self.credit if self.credit and self.credit_columns <= set(header) else ""


def named(header: Collection[str], most: int = 12) -> str:
	"""The columns of a log in a message."""
	shown = ", ".join(quote(name, 30) for name in list(header)[:most])
	return f"{shown} and {len(header) - most} more" if len(header) > most else shown


def check_zone(value: object, source: str, field: str = "") -> ZoneInfo:
	"""The zone of that IANA name, or an InputError that says where the bad name stands."""
	try:
		return ZoneInfo(value)  # type: ignore[arg-type]
	except (KeyError, ValueError, TypeError, OSError):
		raise InputError(source, f"{field + ': ' if field else ''}unknown time zone {quote(value)}")
