"""What the customer provides for routine work: access, rights, helpers, a place to work; asked for and confirmed before (6.2.e)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ASKED, CONFIRMED, DECLINED = STATES = ("Asked", "Confirmed", "Declined")
OVERDUE = "Overdue"


@dataclass(frozen=True)
class Request:
	"""One thing asked for: until when it is to be confirmed, and what became of it."""

	state: str
	needed_by: date | None = None


def needed_by(planned: date, days_before: int) -> date:
	"""The day by which it is to be confirmed. `days_before`: whole days before the planned one, 0 for that day itself."""
	return planned - timedelta(days=max(0, days_before))


def is_overdue(request: Request, today: date) -> bool:
	"""Asked, and the day by which it is needed has passed without an answer."""
	return request.state == ASKED and request.needed_by is not None and request.needed_by < today


def standing(requests: Iterable[Request], today: date) -> str:
	"""How things stand with all that was asked for one task: "" where nothing was, else the worst of Declined, Overdue, Asked,
	Confirmed."""
	found = [OVERDUE if is_overdue(one, today) else one.state for one in requests]
	return next((state for state in (DECLINED, OVERDUE, ASKED, CONFIRMED) if state in found), "")
