"""What an agreement promises of each commitment at each priority (clauses 6.3.b, 6.3.c): one model for the site and the replay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Promised(NamedTuple):
	"""What is promised: working seconds, and the calendar (its key or name) that counts them."""

	seconds: int
	calendar: str


Promises = Mapping[tuple[str, str], Promised]  # by commitment and priority


def table(rows: Iterable[tuple[str, str, int, str | None]], calendar: str) -> Promises:
	"""Promises of rows (commitment, priority, working seconds, calendar); without a calendar they go by the agreement's."""
	return {(commitment, priority): Promised(seconds, own or calendar) for commitment, priority, seconds, own in rows}


def find(promises: Promises, commitment: str, priority: str | None, default: str) -> Promised | None:
	"""What is promised for a commitment at a priority, by default at the agreement's; None where nothing is."""
	return promises.get((commitment, priority or default))
