"""What is told of many verdicts: counts by chapter, what to do next, two agreements beside each other, the course over periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ops_delivery.domain.evidence.judging import ORDER, Reason, State, Verdict


@dataclass(frozen=True)
class Counts:
	"""How many clauses stand how."""

	by_state: Mapping[State, int] = field(default_factory=dict)

	def of(self, state: State) -> int:
		"""How many stand so."""
		return self.by_state.get(state, 0)

	@property
	def whole(self) -> int:
		"""All of them."""
		return sum(self.by_state.values())

	@property
	def share(self) -> float | None:
		"""The share that is proven of those that apply, from 0 to 1; None where none applies."""
		applying = self.whole - self.of(State.NOT_APPLICABLE)
		return self.of(State.PROVEN) / applying if applying else None


def counts(states: Iterable[State]) -> Counts:
	"""How many of them stand how; every state has its number."""
	found = dict.fromkeys(State, 0)
	for state in states:
		found[state] += 1
	return Counts(found)


def by_chapter(chapters: Mapping[str, str], verdicts: Mapping[str, Verdict]) -> dict[str, Counts]:
	"""The counts of each chapter, in the order in which `chapters` (clause -> chapter) names them."""
	states: dict[str, list[State]] = {}
	for clause, chapter in chapters.items():
		states.setdefault(chapter, []).append(verdicts[clause].state)
	return {chapter: counts(some) for chapter, some in states.items()}


def gaps(verdicts: Mapping[str, Verdict]) -> list[tuple[str, tuple[Reason, ...]]]:
	"""What to do next: the clauses that are not proven with their reasons, the missing ones first, else in their order."""
	open_ = [(clause, one) for clause, one in verdicts.items() if one.state in (State.MISSING, State.THIN)]
	open_.sort(key=lambda row: -ORDER.index(row[1].state))
	return [(clause, one.reasons) for clause, one in open_]


def differences(first: Mapping[str, State], second: Mapping[str, State]) -> dict[str, tuple[State, State]]:
	"""The clauses of which two agreements (or two periods) stand otherwise, in the order of the first; what only one knows counts as
	missing in the other."""
	clauses = dict.fromkeys((*first, *second))
	pairs = {clause: (first.get(clause, State.MISSING), second.get(clause, State.MISSING)) for clause in clauses}
	return {clause: pair for clause, pair in pairs.items() if pair[0] is not pair[1]}


def course(snapshots: Sequence[Mapping[str, State]], without: frozenset[str] = frozenset()) -> list[Counts]:
	"""The counts of each snapshot (clause -> state), leaving some clauses out of all of them."""
	return [counts(state for clause, state in one.items() if clause not in without) for one in snapshots]
