"""The clocks of a replay at the end of the log, kept column by column: a million tickets have millions of them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ops_delivery.domain import attainment
from ops_delivery.domain.attainment import Figures

NONE = -1
STATES = BREACHED, MET, RUNNING, PAUSED = ("breached", "met", "running", "paused")


@dataclass
class ClockLine:
	"""One commitment of one ticket at the end of the log; instants in epoch seconds, the rest in working seconds.

	`state` is "breached" if more than the target was used, stopped or not; else "met" once stopped, and "running" or
	"paused" if it goes on. `due` is None while paused.
	"""

	__slots__ = (
		"commitment", "due", "elapsed", "paused", "priority", "started", "state", "stopped", "target", "ticket",
	)  # fmt: skip

	ticket: int  # its position in the log
	commitment: str
	priority: str
	started: int
	target: int
	elapsed: int
	paused: int
	due: int | None
	stopped: int | None
	state: str


class ClockLines:
	"""Clock lines in the order in which they were added."""

	def __init__(self, commitments: Sequence[str], priorities: Sequence[str]) -> None:
		self.commitments, self.priorities = list(commitments), list(priorities)
		self._ticket, self._target, self._state = array("I"), array("q"), array("B")
		self._commitment, self._priority = array("B"), array("B")
		self._started, self._elapsed, self._paused = array("q"), array("q"), array("q")
		self._due, self._stopped = array("q"), array("q")
		self._code_c = {name: i for i, name in enumerate(self.commitments)}
		self._code_p = {name: i for i, name in enumerate(self.priorities)}

	def add(
		self,
		ticket: int,
		commitment: str,
		priority: str,
		started: int,
		target: int,
		elapsed: int,
		paused: int,
		due: int | None,
		stopped: int | None,
		held: bool = False,
	) -> None:
		"""One more clock; its state follows from the rest."""
		if elapsed > target:
			state = 0
		else:
			state = 1 if stopped is not None else 3 if held else 2
		self._ticket.append(ticket)
		self._commitment.append(self._code_c[commitment])
		self._priority.append(self._code_p[priority])
		self._started.append(started)
		self._target.append(target)
		self._elapsed.append(elapsed)
		self._paused.append(paused)
		self._due.append(NONE if due is None else due)
		self._stopped.append(NONE if stopped is None else stopped)
		self._state.append(state)

	def __len__(self) -> int:
		return len(self._ticket)

	def __iter__(self) -> Iterator[ClockLine]:
		return map(self.line, range(len(self)))

	def line(self, i: int) -> ClockLine:
		"""The line at a position."""
		due, stopped = self._due[i], self._stopped[i]
		return ClockLine(
			self._ticket[i],
			self.commitments[self._commitment[i]],
			self.priorities[self._priority[i]],
			self._started[i],
			self._target[i],
			self._elapsed[i],
			self._paused[i],
			None if due == NONE else due,
			None if stopped == NONE else stopped,
			STATES[self._state[i]],
		)

	def where(self, commitment: str, priority: str | None = None) -> list[int]:
		"""The positions of a commitment's lines, at one priority or at all."""
		if commitment not in self.commitments:
			return []
		c = self.commitments.index(commitment)
		if priority is None:
			return [i for i, code in enumerate(self._commitment) if code == c]
		p = self.priorities.index(priority)
		return [i for i, code in enumerate(self._commitment) if code == c and self._priority[i] == p]

	def figures(self, positions: Iterable[int]) -> Figures:
		"""The figures of the lines at these positions."""
		counts, times = [0, 0, 0, 0], []
		for i in positions:
			state = self._state[i]
			counts[state] += 1
			if state == 1 or (state == 0 and self._stopped[i] != NONE):
				times.append(self._elapsed[i])
		return attainment.figures(counts[1], counts[0], counts[2] + counts[3], times)

	def targets(self, positions: Iterable[int]) -> frozenset[int]:
		"""The targets of the lines at these positions."""
		return frozenset(self._target[i] for i in positions)

	def used(self, positions: Iterable[int]) -> tuple[list[int], list[int]]:
		"""What was used by the clocks that have stopped, and by those that have not."""
		stopped: list[int] = []
		going: list[int] = []
		for i in positions:
			(going if self._stopped[i] == NONE else stopped).append(self._elapsed[i])
		return stopped, going

	def shares(self, positions: Iterable[int]) -> Iterator[tuple[int, int]]:
		"""(used, target) of the clocks that are decided."""
		return ((self._elapsed[i], self._target[i]) for i in positions if self._state[i] < 2)

	def started(self, i: int) -> int:
		"""When the clock at a position started."""
		return self._started[i]

	def latest_priorities(self) -> dict[int, str]:
		"""The priority of each ticket's last line."""
		return {t: self.priorities[p] for t, p in zip(self._ticket, self._priority, strict=True)}

	def furthest_over(self, most: int) -> list[ClockLine]:
		"""The lines that went furthest over their target."""
		import heapq

		over = (
			(self._target[i] - self._elapsed[i], self._ticket[i], i)
			for i, state in enumerate(self._state)
			if not state
		)
		return [self.line(i) for _over, _ticket, i in heapq.nsmallest(most, over)]
