"""What people, operations, data and tools must meet before routine work begins (6.2.c).

A requirement is met, or it is not and a superior lets the work begin all the same. One that asks for a second person is confirmed
by somebody else than who begins. What nobody confirmed is never taken for met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PEOPLE, OPERATION, DATA, TOOLS = ("People", "Operation", "Data", "Tools")
MET, NOT_MET, PERMITTED = STATES = ("Met", "Not Met", "Permitted")
UNCONFIRMED, UNMET, ALONE = CODES = ("unconfirmed", "unmet", "alone")


@dataclass(frozen=True)
class Requirement:
	"""One thing that must be met. `key` names it among those of a task; `second_person`: confirmed by another one."""

	key: str
	area: str
	text: str
	second_person: bool = False


@dataclass(frozen=True)
class Confirmation:
	"""What was said of a requirement: its state, by whom, and who let the work begin although it is not met."""

	state: str
	by: str = ""
	permitted_by: str = ""


@dataclass(frozen=True)
class Open:
	"""What still stands before the beginning, and why (CODES)."""

	code: str
	requirement: Requirement


def open_points(
	requirements: Iterable[Requirement], said: Mapping[str, Confirmation], beginner: str
) -> list[Open]:
	"""What still stands before the work can begin, in the order of the requirements; nothing where all are met or permitted."""
	found = []
	for one in requirements:
		answer = said.get(one.key)
		if answer is None or answer.state not in STATES:
			found.append(Open(UNCONFIRMED, one))
		elif answer.state == NOT_MET:
			found.append(Open(UNMET, one))
		elif answer.state == MET and one.second_person and answer.by == beginner:
			found.append(Open(ALONE, one))
	return found


def may_permit(confirmation: Confirmation | None, user: str) -> bool:
	"""Whether a superior may let the work begin although this is not met: it was said so, by somebody else."""
	return bool(confirmation) and confirmation.state == NOT_MET and confirmation.by != user
