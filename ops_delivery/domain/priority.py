"""The priority matrix: urgency and importance judge the priority (clauses 6.3.d, 6.3.d.1, 6.3.d.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from ops_delivery.domain.errors import DomainError


class Matrix:
	"""A table from (urgency, importance) to a priority, over an order of priorities."""

	def __init__(self, cells: Mapping[tuple[str, str], str], order: Sequence[str]) -> None:
		"""`order` runs from the lowest to the highest priority.

		DomainError: duplicate_priority (twice in the order), unknown_priority (a cell's is not in the order).
		"""
		self.cells = dict(cells)
		self.order = tuple(order)
		for priority in self.order:
			if self.order.count(priority) > 1:
				raise DomainError(
					"duplicate_priority",
					"The priority {value!r} is in the order twice.",
					field="order",
					value=priority,
				)
		for cell, priority in self.cells.items():
			self._rank(priority, cell)

	@classmethod
	def from_rows(cls, rows: Iterable[tuple[str, str, str]], order: Sequence[str]) -> Matrix:
		"""A matrix from (urgency, importance, priority) rows. DomainError "duplicate_cell" besides those of __init__."""
		cells: dict[tuple[str, str], str] = {}
		for urgency, importance, priority in rows:
			if (urgency, importance) in cells:
				raise DomainError(
					"duplicate_cell",
					"The matrix has two priorities for {urgency} and {importance}.",
					urgency=urgency,
					importance=importance,
				)
			cells[urgency, importance] = priority
		return cls(cells, order)

	def priority_for(self, urgency: str, importance: str) -> str:
		"""The priority of a case. DomainError "missing_cell"."""
		try:
			return self.cells[urgency, importance]
		except KeyError:
			raise _missing([(urgency, importance)]) from None

	def raised(self, priority: str, steps: int = 1) -> str:
		"""The priority `steps` higher (6.3.e.3), the highest at most. DomainError "unknown_priority"."""
		return self.order[max(0, min(self._rank(priority) + steps, len(self.order) - 1))]

	def check_complete(self, urgencies: Iterable[str], importances: Iterable[str]) -> None:
		"""DomainError "missing_cell", whose `cells` lists every pair of the two scales without a priority."""
		missing = [pair for pair in product(urgencies, importances) if pair not in self.cells]
		if missing:
			raise _missing(missing)

	def _rank(self, priority: str, cell: tuple[str, str] | None = None) -> int:
		if priority not in self.order:
			raise DomainError(
				"unknown_priority",
				"The priority {value!r} is not in the order.",
				field="cells" if cell else "priority",
				value=priority,
				cell=cell,
			)
		return self.order.index(priority)


@dataclass(frozen=True)
class Judged:
	"""How a case is judged: its two judgements, the priority it has, and what the matrix gave for it."""

	urgency: str = ""
	importance: str = ""
	priority: str = ""
	suggested: str = ""

	def is_judged_as(self, other: Judged) -> bool:
		"""Whether urgency and importance are the same."""
		return (self.urgency, self.importance) == (other.urgency, other.importance)


def priority_by_matrix(now: Judged, before: Judged | None, suggested: str) -> str:
	"""The priority of a case for which the matrix gives `suggested`: another judgement brings another priority, unless
	somebody chose one, now or before, that was not the matrix's."""
	chosen_now = bool(now.priority) and (not before or now.priority != before.priority)
	chosen_before = bool(before and before.priority and before.suggested and before.priority != before.suggested)
	judged_anew = not before or not now.is_judged_as(before)
	return suggested if judged_anew and not chosen_now and not chosen_before else now.priority


def _missing(cells: list[tuple[str, str]]) -> DomainError:
	listed = ", ".join(f"{urgency} × {importance}" for urgency, importance in cells)
	return DomainError("missing_cell", "The matrix has no priority for {listed}.", cells=cells, listed=listed)
