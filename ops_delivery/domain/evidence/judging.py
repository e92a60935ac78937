"""From what was found of a clause to a verdict: proven, thin, missing or not applicable, with the reasons as data.

A clause has definitions (Evidence Definition). Those of one group stand for each other; each group must be proven, and one without
a group is a group of its own. A clause without a definition is missing: what nobody has said how to prove is not proven.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any


class State(str, Enum):
	"""How a clause stands; the values are what the page and the snapshots say."""

	PROVEN = "Proven"
	THIN = "Thin"
	MISSING = "Missing"
	NOT_APPLICABLE = "Not Applicable"


# best first: of alternatives the best counts, of groups the worst
ORDER = (State.PROVEN, State.THIN, State.MISSING)
NO_DEFINITION, NONE_FOUND, TOO_FEW, LACKING, TOO_OLD, FAILING, EXEMPT = (
	"no_definition",
	"none_found",
	"too_few",
	"lacking",
	"too_old",
	"failing",
	"exempt",
)


@dataclass(frozen=True)
class Definition:
	"""What of an Evidence Definition decides; `at_least` records prove it, fewer are thin evidence."""

	name: str
	clause: str
	group: str = ""
	at_least: int = 1


@dataclass(frozen=True)
class Found:
	"""The records of one definition: `whole` ones, those that lack a required field, those that are too old; `newest`: the day of
	the newest of all; `failing`: on how many the condition could not be asked (they count for nothing)."""

	whole: int = 0
	lacking: int = 0
	old: int = 0
	failing: int = 0
	newest: date | None = None

	@property
	def all(self) -> int:
		"""How many records say something about it, whole or not."""
		return self.whole + self.lacking + self.old


@dataclass(frozen=True)
class Reason:
	"""Why a definition does not prove its clause: a code of this module, its numbers, and the definition ("" for the clause)."""

	code: str
	definition: str = ""
	values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
	"""How a clause stands: its state, how many records speak for it, the day of the newest, and why it is no better."""

	state: State
	records: int = 0
	newest: date | None = None
	reasons: tuple[Reason, ...] = ()


def of_definition(definition: Definition, found: Found) -> tuple[State, tuple[Reason, ...]]:
	"""How one definition stands. Proven needs as many whole records as it asks for, and never fewer than one."""
	wanted = max(1, definition.at_least)
	if found.whole >= wanted:
		return State.PROVEN, ()
	reasons = []
	if found.failing:
		reasons.append(Reason(FAILING, definition.name, {"count": found.failing}))
	if found.lacking:
		reasons.append(Reason(LACKING, definition.name, {"count": found.lacking}))
	if found.old:
		reasons.append(Reason(TOO_OLD, definition.name, {"count": found.old}))
	if found.whole:
		reasons.append(Reason(TOO_FEW, definition.name, {"count": found.whole, "wanted": wanted}))
	if not found.all:
		reasons.append(Reason(NONE_FOUND, definition.name, {"wanted": wanted}))
	return (State.THIN if found.all else State.MISSING), tuple(reasons)


def of_clause(definitions: Sequence[Definition], found: Mapping[str, Found], exempt: bool = False) -> Verdict:
	"""How a clause stands by its definitions and what was found of each (by name); `exempt`: an exemption is in force.

	The records of all definitions are counted, also where the clause is not applicable: an auditor sees that there are some.
	"""
	each = [found.get(one.name, Found()) for one in definitions]
	records = sum(one.all for one in each)
	newest = max((one.newest for one in each if one.newest), default=None)
	if exempt:
		return Verdict(State.NOT_APPLICABLE, records, newest, (Reason(EXEMPT),))
	if not definitions:
		return Verdict(State.MISSING, 0, None, (Reason(NO_DEFINITION),))
	groups: dict[str, list[tuple[State, tuple[Reason, ...]]]] = {}
	for number, (definition, one) in enumerate(zip(definitions, each, strict=True)):
		groups.setdefault(definition.group or f"\0{number}", []).append(of_definition(definition, one))
	standing = [(min((state for state, _reasons in group), key=ORDER.index), group) for group in groups.values()]
	state = max((best for best, _group in standing), key=ORDER.index)
	if state is State.MISSING and any(best is not State.MISSING for best, _group in standing):
		state = State.THIN  # part of it is proven
	reasons = tuple(
		reason
		for best, group in standing
		if best is not State.PROVEN
		for _state, some in group
		for reason in some
	)
	return Verdict(state, records, newest, reasons)


def of_all(
	clauses: Iterable[str],
	definitions: Iterable[Definition],
	found: Mapping[str, Found],
	exempt: frozenset[str] = frozenset(),
) -> dict[str, Verdict]:
	"""The verdict of each clause, in the order given."""
	by_clause: dict[str, list[Definition]] = {}
	for one in definitions:
		by_clause.setdefault(one.clause, []).append(one)
	return {clause: of_clause(by_clause.get(clause, ()), found, clause in exempt) for clause in clauses}
