"""The service clock: a stopwatch for one commitment on one record (clauses 5.3.d, 6.3.e).

A clock stores the working time it has settled and when it last started. Pausing settles and clears the deadline;
resuming computes the deadline anew from the *remaining* budget: no hold time is ever added to a deadline. An
append-only ledger of events rebuilds the state exactly: replay(events) is apply() folded over them.

Targets and elapsed times are int seconds of working time; instants are UTC in whole seconds. A calendar is named by a
key, looked up in the `calendars` mapping that every calculation is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ops_delivery.domain.calendar import WorkCalendar, epoch_seconds, instant_at
from ops_delivery.domain.errors import DomainError

Calendars = Mapping[str, WorkCalendar]


class Status(str, Enum):
	"""What a clock is doing."""

	RUNNING = "Running"
	PAUSED = "Paused"
	MET = "Met"
	CANCELLED = "Cancelled"


class Kind(str, Enum):
	"""What may happen to a clock."""

	START = "Start"
	PAUSE = "Pause"
	RESUME = "Resume"
	TARGET = "Target Change"
	CALENDAR = "Calendar Change"
	MET = "Met"
	REOPENED = "Reopened"
	CANCELLED = "Cancelled"
	REINSTATED = "Reinstated"
	RESET = "Reset"


_ALIVE = {Status.RUNNING, Status.PAUSED}

# kind: the states in which it may happen (None: no clock yet), and the state it leads to (None: stays as it is)
_TRANSITIONS: dict[Kind, tuple[set[Status | None], Status | None]] = {
	Kind.START: ({None, Status.CANCELLED}, Status.RUNNING),
	Kind.PAUSE: ({Status.RUNNING}, Status.PAUSED),
	Kind.RESUME: ({Status.PAUSED}, Status.RUNNING),
	Kind.TARGET: ({*_ALIVE, Status.MET}, None),
	Kind.CALENDAR: ({*_ALIVE, Status.MET}, None),
	Kind.MET: ({*_ALIVE}, Status.MET),
	Kind.REOPENED: ({Status.MET}, Status.RUNNING),
	Kind.CANCELLED: ({*_ALIVE}, Status.CANCELLED),
	Kind.REINSTATED: ({Status.CANCELLED}, Status.RUNNING),
	Kind.RESET: ({*Status}, Status.RUNNING),
}
_FRESH = (Kind.START, Kind.RESET)  # begin a measurement: nothing before counts


@dataclass(frozen=True)
class Event:
	"""One line of a clock's ledger.

	`target` (seconds > 0) is needed by Start and Target Change, `calendar` (its key from then on) by Start and
	Calendar Change; Reset may carry either, otherwise it keeps the clock's. Other kinds ignore them.
	DomainError: naive_instant, bad_target, missing_calendar.
	"""

	kind: Kind
	at: datetime
	target: int | None = None
	calendar: str | None = None
	reason: str = ""

	def __post_init__(self) -> None:
		object.__setattr__(self, "kind", Kind(self.kind))
		object.__setattr__(self, "at", instant_at(epoch_seconds(self.at)))
		if self.target is None:
			bad_target = self.kind in (Kind.START, Kind.TARGET)
		else:
			bad_target = not isinstance(self.target, int) or self.target <= 0
		if bad_target:
			raise DomainError(
				"bad_target",
				"{kind}: a target of {value!r} seconds.",
				kind=self.kind.value,
				value=self.target,
			)
		if self.kind in (Kind.START, Kind.CALENDAR) and not self.calendar:
			raise DomainError("missing_calendar", "{kind} needs a calendar.", kind=self.kind.value)


@dataclass(frozen=True)
class Clock:
	"""The state of a stopwatch after its last event; only apply() makes one.

	`elapsed` is settled up to `running_since` (while running) or for good. `due` exists only while running and follows
	from the remaining budget; it lies in the past once the budget is overspent. `breached` tells whether more than the
	target had been used at the last event.
	"""

	status: Status
	target: int
	calendar: str
	elapsed: int
	running_since: datetime | None
	started: datetime
	stopped: datetime | None
	due: datetime | None
	breached: bool
	last_event_at: datetime

	def elapsed_at(self, at: datetime, calendars: Calendars) -> int:
		"""Working seconds used by `at`. An `at` before the last event gives what was settled at that event."""
		if self.running_since is None:
			return self.elapsed
		return self.elapsed + max(0, _calendar(calendars, self.calendar).between(self.running_since, at))

	def remaining_at(self, at: datetime, calendars: Calendars) -> int:
		"""Working seconds left of the target at `at`; negative when overspent."""
		return self.target - self.elapsed_at(at, calendars)

	def is_breached_at(self, at: datetime, calendars: Calendars) -> bool:
		"""Whether more than the target is used at `at`. At the deadline itself the commitment is still kept."""
		return self.elapsed_at(at, calendars) > self.target

	def breached_on(self, calendars: Calendars, at: datetime | None = None) -> datetime | None:
		"""The deadline a running clock has passed by `at` (by its last event, if not given), else None."""
		breached = self.due is not None and self.is_breached_at(at or self.last_event_at, calendars)
		return self.due if breached else None


@dataclass(frozen=True)
class Segment:
	"""A stretch of a clock's life, for the explanation it gives of itself.

	kind: "counted" (service hours while running), "closed" (outside service hours while running), "paused", or
	"stopped" (met, and later reopened). `seconds` is wall time, `working` the service hours within, by `calendar`.
	`note` is the reason given for the event that brought the clock into this state.
	"""

	kind: str
	start: datetime
	end: datetime
	seconds: int
	working: int
	note: str = ""
	calendar: str = ""


def apply(clock: Clock | None, event: Event, calendars: Calendars) -> Clock:
	"""The clock after one more event.

	What ran until then is settled under the calendar that held until then. Reopening goes on with the remaining
	budget: the time since it was met is not counted. So does reinstating what was cancelled: at the moment of the
	cancellation it is as if there had been none. A Start after Cancelled, and a Reset, keep nothing.

	DomainError: illegal_transition, time_runs_backwards (older than the last event), unknown_calendar (a key that
	`calendars` lacks), beyond_horizon.
	"""
	before = clock.status if clock else None
	allowed, status = _TRANSITIONS[event.kind]
	if before not in allowed:
		raise DomainError(
			"illegal_transition",
			"{kind} is not possible on a clock that is {status}.",
			kind=event.kind.value,
			status=before.value if before else "not started",
		)
	if clock and event.at < clock.last_event_at:
		raise DomainError(
			"time_runs_backwards",
			"{kind} at {at} is older than the clock's last event at {last}.",
			kind=event.kind.value,
			at=event.at,
			last=clock.last_event_at,
		)
	status = status or before
	fresh = event.kind in _FRESH
	elapsed = 0 if fresh else clock.elapsed_at(event.at, calendars)
	target = event.target if fresh or event.kind is Kind.TARGET else None
	target = clock.target if target is None else target
	calendar = (event.calendar if fresh or event.kind is Kind.CALENDAR else None) or clock.calendar
	work = _calendar(calendars, calendar)
	running = status is Status.RUNNING
	if running or status is Status.PAUSED:
		stopped = None
	else:
		stopped = clock.stopped if before is status else event.at
	return Clock(
		status=status,
		target=target,
		calendar=calendar,
		elapsed=elapsed,
		running_since=event.at if running else None,
		started=event.at if fresh else clock.started,
		stopped=stopped,
		due=work.add(event.at, target - elapsed) if running else None,
		breached=elapsed > target,
		last_event_at=event.at,
	)


def reinstate_at(clock: Clock, stood_still: bool, now: datetime) -> datetime:
	"""From when a cancelled clock goes on that is promised again: from its cancellation, as the customer waited all the
	while; from now where it stood still when it was cancelled."""
	return now if stood_still or clock.stopped is None else clock.stopped


def stood_still(kinds: Iterable[Kind]) -> bool:
	"""Whether a ledger's last clock was paused when it was cancelled (or is paused now)."""
	paused = False
	for kind in kinds:
		if kind in (Kind.PAUSE, Kind.RESUME, Kind.MET, Kind.REOPENED, Kind.REINSTATED, *_FRESH):
			paused = kind is Kind.PAUSE
	return paused


def replay(events: Iterable[Event], calendars: Calendars) -> Clock:
	"""The clock that a ledger adds up to. DomainError as apply(), or "no_events" for an empty ledger."""
	clock = None
	for event in events:
		clock = apply(clock, event, calendars)
	if clock is None:
		raise DomainError("no_events", "A clock needs at least its Start.")
	return clock


def segments(events: Iterable[Event], calendars: Calendars, until: datetime) -> list[Segment]:
	"""How a clock came to its elapsed time by `until`: its life from `started` to `stopped` or `until`, without gaps.

	The working seconds of the counted segments add up to elapsed_at(until). Events after `until` are left out, and so
	is what lies before a Reset or a new Start. Stretches also end at events, so each has one calendar.
	"""
	until = instant_at(epoch_seconds(until))
	clock: Clock | None = None
	note = ""
	life: list[Segment] = []
	for event in events:
		if event.at > until:
			break
		after = apply(clock, event, calendars)
		if event.kind in _FRESH:
			life = []
		elif clock:
			life += _stretch(clock, event.at, calendars, note)
		if clock is None or after.status is not clock.status or event.kind in _FRESH:
			note = event.reason
		clock = after
	if clock and clock.stopped is None:
		return life + list(_stretch(clock, until, calendars, note))
	return [
		segment for segment in life if segment.start < clock.stopped
	]  # a met clock may have changed since


def paused_seconds(events: Iterable[Event], calendars: Calendars, until: datetime) -> int:
	"""Working seconds the clock spent paused by `until`: what the holds took out of the promised time."""
	return sum(s.working for s in segments(events, calendars, until) if s.kind == "paused")


def _stretch(clock: Clock, end: datetime, calendars: Calendars, note: str) -> Iterator[Segment]:
	"""The segments from a clock's last event to `end`."""
	work = _calendar(calendars, clock.calendar)

	def segment(kind: str, start: datetime, end: datetime) -> Iterator[Segment]:
		if start < end:
			seconds = epoch_seconds(end) - epoch_seconds(start)
			yield Segment(kind, start, end, seconds, work.between(start, end), note, clock.calendar)

	at = clock.last_event_at
	if clock.status is not Status.RUNNING:
		yield from segment("paused" if clock.status is Status.PAUSED else "stopped", at, end)
		return
	for opens, closes in work.segments(at, end):
		yield from segment("closed", at, opens)
		yield from segment("counted", opens, closes)
		at = closes
	yield from segment("closed", at, end)


def _calendar(calendars: Calendars, key: str) -> WorkCalendar:
	try:
		return calendars[key]
	except KeyError:
		raise DomainError(
			"unknown_calendar", "There is no calendar {value!r}.", field="calendar", value=key
		) from None
