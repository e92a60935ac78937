"""How far a planned activity is: its state, days and progress follow each other, or the record that carries it out (5.3.a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ops_delivery.domain.planning import CANCELLED, COMPLETED, IN_PROGRESS, NOT_STARTED, ON_HOLD

ALMOST = 99.0  # percent: the most of what is not completed
DRAFT, SUBMITTED, VISITED = "Draft", "Submitted", "Fully Completed"

# by the type of the record and what its form shows; None says when, not whether it was begun
OF_RECORD: dict[str, dict[str, str | None]] = {
	"Task": {
		"Open": NOT_STARTED,
		"Working": IN_PROGRESS,
		"Pending Review": IN_PROGRESS,
		"Overdue": None,
		"Completed": COMPLETED,
		"Cancelled": CANCELLED,
	},
	"Issue": {
		"Open": IN_PROGRESS,
		"Replied": IN_PROGRESS,
		"On Hold": ON_HOLD,
		"Resolved": COMPLETED,
		"Closed": COMPLETED,
	},
	"Project": {"Open": None, "Completed": COMPLETED, "Cancelled": CANCELLED},
	"Service Handover": {
		"Proposed": NOT_STARTED,
		"Accepted": NOT_STARTED,
		"Started": IN_PROGRESS,
		"Done": COMPLETED,
		"Declined": ON_HOLD,
	},
	"Optimization Plan": {
		"In Progress": IN_PROGRESS,
		"Trial Run": IN_PROGRESS,
		"Closed": COMPLETED,
		"Rolled Back": ON_HOLD,
		"Cancelled": CANCELLED,
	},
	"Consulting Plan": {"In Progress": IN_PROGRESS, "Completed": COMPLETED, "Cancelled": CANCELLED},
}


@dataclass(frozen=True)
class Standing:
	"""Where an activity stands. `progress` is 0 to 100."""

	state: str
	actual_start: date | None = None
	actual_end: date | None = None
	progress: float = 0.0


@dataclass(frozen=True)
class Said:
	"""What a record says of its work: a state (None: nothing), a share where it knows one, and the word its form shows."""

	state: str | None
	progress: float | None = None
	shown: str = ""


def of_record(doctype: str, shown: str, share: float = 0.0) -> Said:
	"""What a record's state means for the activity it carries out; `share` is how much a Task or Project says is done."""
	state = OF_RECORD.get(doctype, {}).get(shown)
	if doctype == "Task" and share and state != COMPLETED:
		return Said(IN_PROGRESS if state in (None, NOT_STARTED) else state, min(ALMOST, share), shown)
	if doctype == "Project" and share and not state:
		return Said(IN_PROGRESS, min(ALMOST, share), shown)
	return Said(state, None, shown)


def of_maintenance_visit(docstatus: int, completion: str) -> Said:
	"""What ERPNext's Maintenance Visit says: it is done when it was submitted as fully completed."""
	if docstatus != 1:
		return _not_submitted(docstatus)
	return Said(COMPLETED if completion == VISITED else IN_PROGRESS, None, completion)


def of_maintenance_schedule(docstatus: int, completions: Sequence[str]) -> Said:
	"""What ERPNext's Maintenance Schedule says: as far as its visits have come."""
	if docstatus != 1:
		return _not_submitted(docstatus)
	done = sum(completion == VISITED for completion in completions)
	if completions and done == len(completions):
		return Said(COMPLETED, None, "Completed")
	share = min(ALMOST, 100 * done / len(completions)) if completions else 0.0
	return Said(IN_PROGRESS if done else NOT_STARTED, share, SUBMITTED)


def _not_submitted(docstatus: int) -> Said:
	return Said(CANCELLED, None, "Cancelled") if docstatus == 2 else Said(NOT_STARTED, None, DRAFT)


def settle(entered: Standing, before: Standing, is_own: bool, is_milestone: bool, today: date) -> Standing:
	"""What was entered moves the rest. `is_own`: the state is the activity's own to move, not a record's that stands still."""
	now = replace(entered, state=_moved(entered, before)) if is_own and entered.state == before.state else entered
	if now.state == IN_PROGRESS:
		now = replace(now, actual_start=now.actual_start or today)
		if before.state == COMPLETED or now.actual_end:
			now = replace(now, actual_end=None, progress=min(now.progress, ALMOST))
	elif now.state == COMPLETED:
		end = now.actual_end or max(today, now.actual_start or today)
		start = now.actual_start or (end if is_milestone else min(today, end))
		now = replace(now, actual_start=start, actual_end=end, progress=100.0)
	elif now.state == NOT_STARTED and before.state != NOT_STARTED:
		now = replace(now, actual_start=None, actual_end=None, progress=0.0)
	elif now.state == ON_HOLD:
		now = replace(now, actual_end=None)
	return now


def _moved(entered: Standing, before: Standing) -> str:
	"""The state that days and progress lead to, where nobody chose another one."""
	if entered.state in (NOT_STARTED, IN_PROGRESS):
		if entered.actual_end and not before.actual_end:
			return COMPLETED
		if entered.state == NOT_STARTED and (entered.actual_start or entered.progress > 0):
			return IN_PROGRESS
	if entered.state == COMPLETED and not entered.actual_end:
		return IN_PROGRESS
	return entered.state
