"""Which needs of review are met by which decisions (clauses 6.4.b, 6.5.c, 8.5.b.1–2).

A decision is about one content, known by its fingerprint; it says nothing about any other. An author never approves
their own content. Where a rule does not let one person stand in twice, a person counts for one such rule only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

APPROVED, REJECTED = "Approved", "Rejected"
VERDICTS = (APPROVED, REJECTED)


@dataclass(frozen=True)
class Need:
	"""What one rule asks of one content: so many approvals.

	`may_repeat`: one person may give several of them, and may also have approved for another rule.
	"""

	rule: str
	content: str
	approvals: int = 1
	may_repeat: bool = False


@dataclass(frozen=True)
class Decision:
	"""What one person said for a rule about one content. Decisions are handed over in the order they were given."""

	rule: str
	person: str
	verdict: str
	content: str


@dataclass(frozen=True)
class Standing:
	"""How a need stands: approvals that count of those wanted, who gave them, who rejected this very content."""

	rule: str
	wanted: int
	given: int
	approved_by: tuple[str, ...] = ()
	rejected_by: tuple[str, ...] = ()
	outdated: int = 0  # decisions about another content

	@property
	def met(self) -> bool:
		"""Enough approvals of this content, and nobody who rejected it and did not change their mind."""
		return self.given >= self.wanted and not self.rejected_by

	@property
	def lacking(self) -> int:
		"""How many approvals are still wanted."""
		return max(0, self.wanted - self.given)


def judge(
	needs: Iterable[Need], decisions: Iterable[Decision], authors: Collection[str] = ()
) -> dict[str, Standing]:
	"""How each need stands, by rule. Of a person's decisions on one content for one rule the last one holds.

	Who has left or lost their part since is no matter: what was decided stays, and what is wanted does not shrink.
	"""
	wanted = {need.rule: need for need in needs}
	told = [decision for decision in decisions if decision.rule in wanted and decision.person not in authors]
	current = [decision for decision in told if decision.content == wanted[decision.rule].content]
	last = {(decision.rule, decision.person): decision.verdict for decision in current}
	approvals: dict[str, Counter[str]] = defaultdict(Counter)
	for decision in current:
		if decision.verdict == APPROVED and last[decision.rule, decision.person] == APPROVED:
			approvals[decision.rule][decision.person] += 1
	counted = _share_out([need for need in wanted.values() if not need.may_repeat], approvals)
	for need in wanted.values():
		if need.may_repeat:
			counted[need.rule] = list(approvals[need.rule].elements())
	return {
		rule: Standing(
			rule=rule,
			wanted=max(1, need.approvals),
			given=len(counted[rule]),
			approved_by=tuple(counted[rule]),
			rejected_by=tuple(
				person for (of, person), verdict in last.items() if of == rule and verdict == REJECTED
			),
			outdated=sum(
				1 for decision in told if decision.rule == rule and decision.content != need.content
			),
		)
		for rule, need in wanted.items()
	}


def would_count(
	needs: Sequence[Need], decisions: Sequence[Decision], authors: Collection[str], decision: Decision
) -> bool:
	"""Whether one more approval would bring the needs further (or take back this person's rejection)."""
	before = judge(needs, decisions, authors)
	after = judge(needs, [*decisions, decision], authors)
	taken_back = len(after[decision.rule].rejected_by) < len(before[decision.rule].rejected_by)
	return taken_back or sum(s.given for s in after.values()) > sum(s.given for s in before.values())


def _share_out(needs: Sequence[Need], approvals: Mapping[str, Counter[str]]) -> dict[str, list[str]]:
	"""Give each person who approved to one need for the same content, so that as many places as can be are filled.

	A maximum matching by augmenting paths; beyond the places of its need nobody is counted.
	"""
	places = {(need.rule, seat): need for need in needs for seat in range(max(1, need.approvals))}
	taken: dict[tuple[str, str], tuple[str, int]] = {}  # (content, person) -> place

	def seat(place: tuple[str, int], tried: set[tuple[str, str]]) -> bool:
		need = places[place]
		for person in approvals.get(need.rule, ()):
			key = (need.content, person)
			if key in tried:
				continue
			tried.add(key)
			if key not in taken or seat(taken[key], tried):
				taken[key] = place
				return True
		return False

	for place in places:
		seat(place, set())
	found: dict[str, list[str]] = {need.rule: [] for need in needs}
	for (_content, person), (rule, _seat) in taken.items():
		found[rule].append(person)
	return found
