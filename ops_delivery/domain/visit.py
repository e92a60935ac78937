"""The stages of a visit on site (7.2) and of a remote session (7.3), and what must be settled before each is left.

A visit walks from phase to phase, one at a time. Before it enters one, every point of the stages behind it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ops_delivery.domain import numbers
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.numbers import NumberFormat

BEFORE, DURING, LEAVING, AFTER = STAGES = ("Before", "During", "Before Leaving", "After")
CANCELLED = "Cancelled"

YES_NO, READING, TEXT, PHOTO = ("Yes/No", "Reading", "Text", "Photo")
YES, NO, NOT_APPLICABLE = "Yes", "No", "Not Applicable"

PROPOSED, CONFIRMED, STARTED, STOPPED, DONE, LEFT_OPEN, DROPPED = (
	"Proposed",
	"Confirmed",
	"Started",
	"Stopped",
	"Done",
	"Left Open",
	"Dropped",
)
SETTLED = (DONE, LEFT_OPEN, DROPPED)

SUPPLIER_REVIEW, CUSTOMER_REVIEW = "Internal", "Customer"


class Phase(IntEnum):
	"""The places on a visit's path. What the record calls each is its kind's word, see Kind.phases."""

	OFF = -1  # cancelled
	PLANNED = 0
	PREPARED = 1
	PRESENT = 2  # on site, or in session
	WORK_DONE = 3
	LEFT = 4
	FOLLOWED_UP = 5


@dataclass(frozen=True)
class Kind:
	"""A kind of visit: its phases in order, who reviews a contingency plan, what its record has beside the common.

	`told_first`: one departs before one arrives; `signed`: the customer signs the sheet.
	"""

	phases: tuple[str, ...]
	reviewers: tuple[str, ...]
	told_first: bool
	signed: bool

	@property
	def planned(self) -> str:
		return self.phases[Phase.PLANNED]

	@property
	def prepared(self) -> str:
		return self.phases[Phase.PREPARED]

	@property
	def present(self) -> str:
		"""On site, or in session."""
		return self.phases[Phase.PRESENT]

	@property
	def work_done(self) -> str:
		return self.phases[Phase.WORK_DONE]

	@property
	def left(self) -> str:
		return self.phases[Phase.LEFT]

	@property
	def followed_up(self) -> str:
		return self.phases[Phase.FOLLOWED_UP]

	def rank(self, phase: str) -> Phase:
		"""The place of a phase on the path; Phase.OFF for any other word."""
		return Phase(self.phases.index(phase)) if phase in self.phases else Phase.OFF


ON_SITE = Kind(
	("Planned", "Prepared", "On Site", "Work Done", "Left", "Followed Up"),
	reviewers=(SUPPLIER_REVIEW,),
	told_first=True,
	signed=True,
)
REMOTE = Kind(
	("Planned", "Prepared", "In Session", "Work Done", "Ended", "Followed Up"),
	reviewers=(SUPPLIER_REVIEW, CUSTOMER_REVIEW),
	told_first=False,
	signed=False,
)

# the rank of the phase that one may enter only when the stage's points are done
GATE_OF = {BEFORE: Phase.PREPARED, DURING: Phase.WORK_DONE, LEAVING: Phase.LEFT, AFTER: Phase.FOLLOWED_UP}


@dataclass(frozen=True)
class Point:
	"""A point of the checklist with its answer. Limits and answers are as typed; "" is none."""

	stage: str
	question: str
	answer_type: str = YES_NO
	required: bool = True
	answer: str = ""
	remark: str = ""
	minimum: str = ""
	maximum: str = ""
	form: NumberFormat = numbers.PLAIN

	@property
	def done(self) -> bool:
		"""Whether the point is settled: No never settles it; what does not apply, or lies outside, says why."""
		answer = self.answer.strip()
		if not answer:
			return False
		if self.answer_type == YES_NO:
			return answer == YES or (answer == NOT_APPLICABLE and bool(self.remark.strip()))
		if self.answer_type == READING:
			return not self.outside or bool(self.remark.strip())
		return True

	@property
	def outside(self) -> bool:
		"""Whether a reading lies outside its limits. DomainError bad_reading for what is no number."""
		if self.answer_type != READING or not self.answer.strip():
			return False
		value = numbers.read(self.answer, self.form)
		below = self.minimum.strip() and value < numbers.read(self.minimum, self.form)
		above = self.maximum.strip() and value > numbers.read(self.maximum, self.form)
		return bool(below or above)


@dataclass(frozen=True)
class Leftover:
	"""Something left open: whether its treatment is agreed (with owner and date), and whether it has ended."""

	subject: str
	agreed: bool
	ended: bool = False


@dataclass(frozen=True)
class Open:
	"""One thing that is still open before a phase: a code of this module and what it is about."""

	code: str
	subject: str = ""
	stage: str = ""


# what a visit's facts may hold
DETAILS_CONFIRMED = "details_confirmed"
DEPARTED = "departed"
ARRIVED = "arrived"
ARRIVAL_CONFIRMED = "arrival_confirmed"
WORK_CONFIRMED = "work_confirmed"
OUTCOME = "outcome"
SIGNED = "signed"
PERMITTED = "permitted"
SURVEYS_DUE = "surveys_due"
CONTINGENCY = "contingency"


@dataclass(frozen=True)
class Visit:
	"""A visit or session as it stands. `risky`: None while the risk is not judged; `reviewed_by`: the parties whose
	review of the contingency plan, as it is now, is given."""

	kind: Kind
	phase: str
	facts: frozenset[str] = frozenset()
	points: tuple[Point, ...] = ()
	items: tuple[tuple[str, str], ...] = ()  # (work, state)
	leftovers: tuple[Leftover, ...] = ()
	risky: bool | None = None
	reviewed_by: frozenset[str] = frozenset()


def open_points(visit: Visit, phase: str) -> list[Open]:
	"""What is open before a visit may enter a phase, whatever phase it is in now; empty when nothing is.

	All stages behind that phase count, so nothing is passed over by changing it later. Cancelling leaves nothing open.
	"""
	rank = visit.kind.rank(phase)
	found: list[Open] = []
	if rank >= Phase.PREPARED:
		found += _before(visit)
	if rank >= Phase.PRESENT:
		if visit.kind.told_first:
			found += _fact(visit, DEPARTED, BEFORE)
		found += _fact(visit, ARRIVED, DURING)
	if rank >= Phase.WORK_DONE:
		found += _during(visit)
	if rank >= Phase.LEFT:
		found += _leaving(visit)
	if rank >= Phase.FOLLOWED_UP:
		found += _fact(visit, SURVEYS_DUE, AFTER)
		found += [Open("leftover_open", row.subject, AFTER) for row in visit.leftovers if not row.ended]
		found += _points(visit, AFTER)
	return found


def check_step(visit: Visit, phase: str) -> None:
	"""DomainError unless a visit may move to that phase next: stage_skipped, visit_ended, too_late_to_cancel.

	One phase forward at a time; back only from Prepared (before departure) and from Work Done; cancelled only before
	arrival. What is open is not asked here, see open_points().
	"""
	kind, now = visit.kind, visit.phase
	rank = kind.rank(now)
	if rank in (Phase.OFF, Phase.FOLLOWED_UP):
		raise DomainError("visit_ended", "The visit is {phase} and does not move on.", phase=now)
	if phase == CANCELLED:
		if ARRIVED in visit.facts:
			raise DomainError(
				"too_late_to_cancel", "The visit is {phase}: it has begun and cannot be cancelled.", phase=now
			)
		return
	back = (rank == Phase.PREPARED and DEPARTED not in visit.facts) or rank == Phase.WORK_DONE
	if kind.rank(phase) == rank + 1 or (back and kind.rank(phase) == rank - 1):
		return
	raise DomainError(
		"stage_skipped",
		"From {phase} a visit goes on to {next}, not to {wanted}.",
		phase=now,
		next=kind.phases[rank + 1],
		wanted=phase,
	)


def next_phase(visit: Visit) -> str | None:
	"""The phase that comes next, or None at the end."""
	rank = visit.kind.rank(visit.phase)
	return None if rank in (Phase.OFF, Phase.FOLLOWED_UP) else visit.kind.phases[rank + 1]


def _before(visit: Visit) -> list[Open]:
	found = _fact(visit, DETAILS_CONFIRMED, BEFORE)
	if visit.risky is None:
		found.append(Open("risk_not_judged", stage=BEFORE))
	elif visit.risky:
		if CONTINGENCY not in visit.facts:
			found.append(Open("contingency_missing", stage=BEFORE))
		found += [
			Open("contingency_not_reviewed", party, BEFORE)
			for party in visit.kind.reviewers
			if party not in visit.reviewed_by
		]
	if not visit.items:
		found.append(Open("no_items", stage=BEFORE))
	return found + _points(visit, BEFORE)


def _during(visit: Visit) -> list[Open]:
	found = _fact(visit, ARRIVAL_CONFIRMED, DURING) + _fact(visit, WORK_CONFIRMED, DURING)
	found += [
		Open("item_stopped" if state == STOPPED else "item_open", work, DURING)
		for work, state in visit.items
		if state not in SETTLED
	]
	return found + _fact(visit, OUTCOME, DURING) + _points(visit, DURING)


def _leaving(visit: Visit) -> list[Open]:
	found = [Open("leftover_not_agreed", row.subject, LEAVING) for row in visit.leftovers if not row.agreed]
	unfinished = any(state == LEFT_OPEN for _work, state in visit.items)
	if unfinished and not visit.leftovers:
		found.append(Open("leftover_missing", stage=LEAVING))
	if visit.kind.signed:
		found += _fact(visit, SIGNED, LEAVING)
	return _points(visit, LEAVING) + found + _fact(visit, PERMITTED, LEAVING)


def _fact(visit: Visit, code: str, stage: str) -> list[Open]:
	return [] if code in visit.facts else [Open(f"not_{code}", stage=stage)]


def _points(visit: Visit, stage: str) -> list[Open]:
	return [
		Open("point_open", point.question, stage)
		for point in visit.points
		if point.stage == stage and point.required and not point.done
	]
