"""Dispatch: what stands against a plan of visits and sessions, engineer by engineer (5.3.a, 7.2.a).

A conflict is a warning to whoever plans. It forbids nothing: the engineer who stays longer on a Friday is a matter
between people. Instants are aware datetimes, dates are local to the zone that is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from ops_delivery.domain.calendar import WorkCalendar

OVERLAP, OUTSIDE_HOURS, DAY_OFF, ABSENT, TRAVEL, SKILL_MISSING, SKILL_LOW, SKILL_EXPIRED, LATE = CODES = (
	"overlap",
	"outside_hours",
	"day_off",
	"absent",
	"travel",
	"skill_missing",
	"skill_low",
	"skill_expired",
	"late",
)
ASSUMED = timedelta(hours=1)  # how long a visit takes whose end is not planned
LEVELS = ("Basic", "Skilled", "Expert")


@dataclass(frozen=True)
class Skill:
	"""What an engineer can do. `level`: 1 (basic) to 3 (expert); `until`: the last day of its certificate."""

	name: str
	level: int = 1
	until: date | None = None


@dataclass(frozen=True)
class Need:
	"""What a visit asks for."""

	name: str
	level: int = 1


@dataclass(frozen=True)
class Absence:
	"""Days an engineer is away, both included."""

	first: date
	last: date
	reason: str = ""


@dataclass(frozen=True)
class Engineer:
	"""Whom visits are given to. `calendar`: None where the hours are not known; `travel`: minutes to a site."""

	user: str
	calendar: WorkCalendar | None = None
	travel: int = 0
	skills: tuple[Skill, ...] = ()
	absences: tuple[Absence, ...] = ()


@dataclass(frozen=True)
class Stay:
	"""The time a visit takes of an engineer.

	`travel`: minutes to its site where they are known for it, 0 where the engineer's own count; `open`: it may still
	be planned otherwise, so its conflicts are worth telling.
	"""

	key: str
	start: datetime
	end: datetime
	customer: str = ""
	address: str = ""
	remote: bool = False
	travel: int = 0
	needs: tuple[Need, ...] = ()
	promised: datetime | None = None
	open: bool = True


@dataclass(frozen=True)
class Conflict:
	"""Something that stands against a stay. `other`: the stay it collides with; the rest as the code needs it."""

	code: str
	stay: str
	other: str = ""
	subject: str = ""
	free: int = 0  # minutes there are
	needed: int = 0  # minutes there should be
	day: date | None = None


@dataclass(frozen=True)
class Way:
	"""The way between two visits on site of one day. `free` and `needed` in minutes; needed is 0 at one place."""

	before: str
	after: str
	free: int
	needed: int

	@property
	def short(self) -> bool:
		return self.free < self.needed


def conflicts(engineer: Engineer, stays: Iterable[Stay], zone: tzinfo) -> list[Conflict]:
	"""Everything that stands against the stays of one engineer, by stay in the order of time.

	Two stays that collide are told of both, as far as they are open. `zone`: in which days begin.
	"""
	row = in_order(stays)
	found: dict[str, list[Conflict]] = {stay.key: [] for stay in row}
	for stay in row:
		found[stay.key] += [*_hours(engineer, stay, zone), *_skills(engineer, stay, zone), *_late(stay)]
	for one, other in _overlaps(row):
		found[one.key].append(Conflict(OVERLAP, one.key, other.key))
		found[other.key].append(Conflict(OVERLAP, other.key, one.key))
	for way in ways(engineer, row, zone):
		if way.short and way.free >= 0:
			for key, other in ((way.before, way.after), (way.after, way.before)):
				found[key].append(Conflict(TRAVEL, key, other, free=way.free, needed=way.needed))
	return [conflict for stay in row if stay.open for conflict in found[stay.key]]


def ways(engineer: Engineer, stays: Iterable[Stay], zone: tzinfo) -> list[Way]:
	"""The ways from each visit on site to the next of the same day.

	Remote sessions move nobody, but nobody travels during one: of the time in between the longest free piece counts.
	`free` is negative where the two overlap.
	"""
	found: list[Way] = []
	last: Stay | None = None
	between: list[Stay] = []
	for stay in in_order(stays):
		if stay.remote:
			between.append(stay)
			continue
		if last and _day(last.start, zone) == _day(stay.start, zone):
			needed = 0 if same_place(last, stay) else (stay.travel or engineer.travel)
			found.append(Way(last.key, stay.key, _longest_gap(last.end, stay.start, between), needed))
		if last is None or stay.end >= last.end or _day(last.start, zone) != _day(stay.start, zone):
			last = stay
		between = [held for held in between if held.end > last.end]
	return found


def same_place(one: Stay, other: Stay) -> bool:
	"""Whether two visits are at one place: the same address, or the same customer where not both have an address."""
	if one.address and other.address:
		return _plain(one.address) == _plain(other.address)
	return bool(one.customer) and one.customer == other.customer


def in_order(stays: Iterable[Stay]) -> list[Stay]:
	"""By time; the same order for the same stays."""
	return sorted(stays, key=lambda stay: (stay.start, stay.end, stay.key))


def lacking(engineer: Engineer, needs: Sequence[Need], day: date) -> list[tuple[str, Need, Skill | None]]:
	"""The needs an engineer does not meet on a day: (code, need, the best of what there is)."""
	found: list[tuple[str, Need, Skill | None]] = []
	for need in needs:
		held = [skill for skill in engineer.skills if skill.name == need.name]
		able = [skill for skill in held if skill.level >= need.level]
		if any(skill.until is None or skill.until >= day for skill in able):
			continue
		best = max(able or held, key=lambda skill: (skill.level, skill.until or date.max), default=None)
		found.append((SKILL_EXPIRED if able else SKILL_LOW if held else SKILL_MISSING, need, best))
	return found


def new_only(before: Iterable[Conflict], after: Iterable[Conflict]) -> list[Conflict]:
	"""The conflicts that a change makes: those of the same code, stay and counterpart were there already."""
	known = {_identity(conflict) for conflict in before}
	return [conflict for conflict in after if _identity(conflict) not in known]


def end_of(start: datetime, end: datetime | None) -> datetime:
	"""When a stay ends: as planned, else an hour later."""
	return end if end and end > start else start + ASSUMED


# Parts


def _hours(engineer: Engineer, stay: Stay, zone: tzinfo) -> list[Conflict]:
	"""Away, a day without hours, or a beginning or end outside of them; a break in between is no matter."""
	first, last = _day(stay.start, zone), _day(stay.end - timedelta(seconds=1), zone)
	for absence in engineer.absences:
		if absence.first <= last and first <= absence.last:
			return [Conflict(ABSENT, stay.key, subject=absence.reason, day=max(first, absence.first))]
	calendar = engineer.calendar
	if not calendar:
		return []
	if not calendar.between(stay.start, stay.end) and not calendar.working_seconds_on(first):
		return [Conflict(DAY_OFF, stay.key, day=first)]
	inside = calendar.is_working(stay.start) and calendar.is_working(stay.end - timedelta(seconds=1))
	return [] if inside else [Conflict(OUTSIDE_HOURS, stay.key, day=first)]


def _skills(engineer: Engineer, stay: Stay, zone: tzinfo) -> list[Conflict]:
	day = _day(stay.start, zone)
	return [
		Conflict(
			code,
			stay.key,
			subject=need.name,
			needed=need.level,
			free=best.level if best else 0,
			day=best.until if best and code == SKILL_EXPIRED else None,
		)
		for code, need, best in lacking(engineer, stay.needs, day)
	]


def late_by(
	promised: datetime | None, planned: datetime | None, arrived: datetime | None, now: datetime
) -> timedelta:
	"""How much later than promised somebody came or, until then, is: against the plan where nothing was promised and nobody is
	there yet. Nothing where it is in time; whole minutes."""
	due = promised or (planned if arrived is None else None)
	late = (arrived or now) - due if due else timedelta()
	return max(timedelta(), late - late % timedelta(minutes=1))


def _late(stay: Stay) -> list[Conflict]:
	if not stay.promised or stay.start <= stay.promised:
		return []
	return [Conflict(LATE, stay.key, needed=int((stay.start - stay.promised).total_seconds() // 60))]


def _overlaps(row: Sequence[Stay]) -> list[tuple[Stay, Stay]]:
	"""The pairs of stays that take place at the same time; `row` in the order of time."""
	found: list[tuple[Stay, Stay]] = []
	running: list[Stay] = []
	for stay in row:
		running = [held for held in running if held.end > stay.start]
		found += [(held, stay) for held in running]
		running.append(stay)
	return found


def _longest_gap(start: datetime, end: datetime, between: Sequence[Stay]) -> int:
	"""Minutes of the longest piece from start to end in which none of the stays takes place; negative if end < start."""
	if end <= start:
		return int((end - start).total_seconds() // 60)
	longest, reached = timedelta(0), start
	for stay in between:
		longest = max(longest, min(stay.start, end) - reached)
		reached = max(reached, stay.end)
	return int(max(longest, end - reached).total_seconds() // 60)


def _identity(conflict: Conflict) -> tuple[str, str, str, str]:
	return conflict.code, conflict.stay, conflict.other, conflict.subject


def _day(instant: datetime, zone: tzinfo) -> date:
	return instant.astimezone(zone).date()


def _plain(address: str) -> str:
	return "".join(address.split()).casefold()
