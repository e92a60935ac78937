"""Who has which duty: a responsibility matrix (clause 5.2.f)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CONTRADICTIONS = ("several_accountable", "twice")


@dataclass(frozen=True)
class Duty:
	"""One cell of a responsibility matrix: `letter` is R, A, C or I."""

	matter: str
	role: str
	letter: str


def problems_of(duties: Iterable[Duty]) -> list[tuple[str, str, tuple[str, ...]]]:
	"""What is wrong with a responsibility matrix, as (code, matter, roles), in the order of the matters.

	Codes: `several_accountable` (the roles), `twice` (the role), `nobody_accountable`, `nobody_responsible`. The first
	two contradict, the others are gaps.
	"""
	matters: dict[str, dict[str, list[str]]] = {}
	for duty in duties:
		matters.setdefault(duty.matter, {}).setdefault(duty.letter, []).append(duty.role)
	problems: list[tuple[str, str, tuple[str, ...]]] = []
	for matter, letters in matters.items():
		for roles in letters.values():
			for role in sorted({role for role in roles if roles.count(role) > 1}):
				problems.append(("twice", matter, (role,)))
		accountable = tuple(dict.fromkeys(letters.get("A", ())))
		if len(accountable) > 1:
			problems.append(("several_accountable", matter, accountable))
		if not accountable:
			problems.append(("nobody_accountable", matter, ()))
		if not letters.get("R"):
			problems.append(("nobody_responsible", matter, ()))
	return problems
