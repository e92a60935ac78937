"""Who may handle a complaint: somebody independent of those complained about and of the matter (5.4.d).

Independent is who is not complained about, stands neither above nor below them in the reporting line, has no part in
the matter, and did not decide an earlier round of the same complaint. An appeal goes one level up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ops_delivery.domain.errors import DomainError

NOT_HANDLER, ACCUSED, ABOVE, BELOW, INVOLVED, EARLIER, NOT_HIGHER = (
	"not_handler",
	"accused",
	"above",
	"below",
	"involved",
	"earlier",
	"not_higher",
)


@dataclass(frozen=True)
class Lines:
	"""Reporting lines of an organization. `superior`: employee -> whom they report to; `employees`: user -> their
	employee records (none where the user has no such record)."""

	superior: Mapping[str, str | None]
	employees: Mapping[str, Collection[str]]

	def above(self, user: str) -> frozenset[str]:
		"""The employees above a user, up to the top; a circle in the data ends the walk."""
		found: set[str] = set()
		for employee in self.employees.get(user, ()):
			current = self.superior.get(employee)
			while current and current not in found:
				found.add(current)
				current = self.superior.get(current)
		return frozenset(found)

	def own(self, user: str) -> frozenset[str]:
		return frozenset(self.employees.get(user, ()))

	def is_above(self, one: str, other: str) -> bool:
		"""Whether `one` stands above `other`, at whatever distance."""
		return bool(self.own(one) & (self.above(other) - self.own(other)))

	def height(self, user: str) -> int | None:
		"""How many stand above a user, fewest first; None where they have no employee record."""
		own = self.own(user)
		return len(self.above(user) - own) if own else None


@dataclass(frozen=True)
class Matter:
	"""A complaint as far as independence goes. All sets hold users.

	`accused`: complained about; `involved`: assigned to or engineers of the matter; `earlier`: who decided earlier rounds,
	`last` of them the latest ("" in the first round).
	"""

	accused: frozenset[str] = frozenset()
	involved: frozenset[str] = frozenset()
	earlier: frozenset[str] = frozenset()
	last: str = ""


@dataclass(frozen=True)
class Objection:
	"""Why somebody is not independent: a code of this module and the user it is about ("" for nobody in particular)."""

	code: str
	about: str = ""


def objections(candidate: str, matter: Matter, lines: Lines, may_handle: bool = True) -> list[Objection]:
	"""Everything that speaks against a candidate; empty for somebody independent. `may_handle`: has a role for it."""
	found = [] if may_handle else [Objection(NOT_HANDLER)]
	if candidate in matter.accused:
		found.append(Objection(ACCUSED))
	for other in sorted(matter.accused - {candidate}):
		if lines.is_above(candidate, other):
			found.append(Objection(ABOVE, other))
		if lines.is_above(other, candidate):
			found.append(Objection(BELOW, other))
	if candidate in matter.involved - matter.accused:
		found.append(Objection(INVOLVED))
	if candidate in matter.earlier:
		found.append(Objection(EARLIER))
	elif matter.last and not _one_level_up(candidate, matter.last, lines):
		found.append(Objection(NOT_HIGHER, matter.last))
	return found


def check(candidate: str, matter: Matter, lines: Lines, may_handle: bool = True) -> None:
	"""DomainError not_independent with `objections` unless the candidate is independent."""
	found = objections(candidate, matter, lines, may_handle)
	if found:
		raise DomainError(
			"not_independent",
			"{value} is not independent: {codes}",
			value=candidate,
			codes=", ".join(row.code for row in found),
			objections=found,
		)


def _one_level_up(candidate: str, last: str, lines: Lines) -> bool:
	"""Whether an appeal against `last`'s decision reaches a higher level. Where heights are not known, or nobody stands
	higher than `last`, anybody else will do."""
	theirs, own = lines.height(last), lines.height(candidate)
	return not theirs or own is None or own < theirs
