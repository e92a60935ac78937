"""Runs a log through the domain: every ticket's clocks, and the triggers they would have set off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from ops_delivery.domain import attainment, escalation
from ops_delivery.domain import clock as clocks
from ops_delivery.domain.clock import Clock, Event, Kind, Status
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.terms import Target, Terms
from ops_delivery.replay import mapping as maps
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.log import Change, Log, Progress, Ticket

PROGRESS_EVERY = 200
SECOND = timedelta(seconds=1)


@dataclass
class ClockLine:
	"""One commitment of one ticket at the end of the log; `target`, `elapsed` and `paused` in working seconds.

	`state` is "breached" if more than the target was used, stopped or not; else "met" once stopped, and "running" or
	"paused" if it goes on. `due` is None while paused.
	"""

	__slots__ = (
		"commitment", "due", "elapsed", "paused", "priority", "started", "state", "stopped", "target", "ticket",
	)  # fmt: skip

	ticket: str
	commitment: str
	priority: str
	started: datetime
	target: int
	elapsed: int
	paused: int
	due: datetime | None
	stopped: datetime | None
	state: str

	def outcome(self) -> attainment.Outcome:
		"""The line as what the domain counts; a paused clock within its target is still running."""
		status = "running" if self.state == "paused" else self.state
		return attainment.Outcome(
			commitment=self.commitment,
			priority=self.priority,
			started=self.started,
			target=self.target,
			elapsed=self.elapsed,
			status=status,
			open=self.stopped is None,
		)


@dataclass
class Result:
	"""What the replay found."""

	log: Log
	terms: Terms
	measured: list[str]
	lines: list[ClockLine] = field(default_factory=list)
	triggers: Counter[tuple[str, str]] = field(
		default_factory=Counter
	)  # (commitment, kind of step) -> how many
	unknown_priorities: Counter[str] = field(default_factory=Counter)  # as the log writes it -> tickets

	def outcomes(self) -> list[attainment.Outcome]:
		"""One for each clock, in the order of the lines."""
		return [line.outcome() for line in self.lines]

	def unmeasured(self) -> list[str]:
		"""The agreement's commitments that the mapping cannot see in the log."""
		return [name for name in commitments_of(self.terms) if name not in self.measured]

	def triggers_by_kind(self) -> dict[str, int]:
		"""How many triggers of each kind of step would have fired; every kind is named."""
		counts = {kind.value: 0 for kind in escalation.StepKind}
		for (_commitment, kind), count in self.triggers.items():
			counts[kind] += count
		return counts


def commitments_of(terms: Terms) -> list[str]:
	"""The commitments the agreement has targets for, in its order."""
	return list(dict.fromkeys(target.commitment for target in terms.targets))


def run(log: Log, terms: Terms, progress: Progress | None = None) -> Result:
	"""Replays every ticket of `log` under `terms`; InputError if they have nothing in common."""
	promised = set(commitments_of(terms))
	measured = [name for name in log.mapping.commitments if name in promised]
	if not measured:
		raise InputError(
			log.mapping.source,
			f"commitments: none of {', '.join(map(quote, log.mapping.commitments))} has a target in the agreement",
		)
	result = Result(log, terms, measured)
	if not log.tickets:
		return result
	names = _priority_names(log, terms, result.unknown_priorities)
	until = _instant(log.until or 0)
	followers = [_Follower(result, name, names, until) for name in measured]
	for done, ticket in enumerate(log.tickets.values()):
		for follower in followers:
			if line := follower.follow(ticket):
				result.lines.append(line)
		if progress and not done % PROGRESS_EVERY:
			progress(done, len(log.tickets))
	return result


def _instant(seconds: int) -> datetime:
	return datetime.fromtimestamp(seconds, timezone.utc)


def _priority_names(log: Log, terms: Terms, unknown: Counter[str]) -> dict[str, str]:
	"""The agreement's name of every priority in the log: its own name if the log uses it, else the mapping's.

	A priority that neither knows is the agreement's default one and counted in `unknown`; InputError if the mapping
	leads to a priority that the agreement does not have.
	"""
	written: Counter[str] = Counter()
	for ticket in log.tickets.values():
		written.update({ticket.priority, *(change[2] for change in ticket.changes)})
	names = {"": terms.default_priority}
	for value, tickets in written.items():
		if value in terms.priorities:
			names[value] = value
		elif value in log.mapping.priorities:
			names[value] = log.mapping.priorities[value]
			if names[value] not in terms.priorities:
				raise InputError(
					log.mapping.source,
					f"priorities.{value}: {quote(names[value])} is not a priority of the agreement "
					f"({', '.join(terms.priorities)})",
				)
		elif value:
			names[value] = terms.default_priority
			unknown[value] = tickets
	return names


class _Follower:
	"""Follows the clock of one commitment through one ticket after another."""

	def __init__(self, result: Result, commitment: str, names: dict[str, str], until: datetime) -> None:
		terms = result.terms
		self.terms, self.commitment, self.names, self.until = terms, commitment, names, until
		self.rule = result.log.mapping.commitments[commitment]
		self.calendars = terms.calendars
		self.triggers = result.triggers
		self.kinds = {step.key: step.kind.value for step in terms.steps}
		self.repeating = {step.key for step in terms.steps if step.repeat_minutes}
		self.targets: dict[str, Target | None] = {
			priority: terms.target_for(commitment, priority) for priority in terms.priorities
		}
		self.steps = {
			priority: [step for step in terms.steps if step.applies_to(commitment, priority)]
			for priority in terms.priorities
		}

	def follow(self, ticket: Ticket) -> ClockLine | None:
		"""The clock at the end of the log, None if no priority the ticket ever had is promised anything."""
		course = list(ticket.course(self.commitment, self.rule))
		start = self._first_promise(ticket, course)
		if start is None:
			return None
		try:
			return _Run(self, ticket, start).through(course)
		except DomainError as error:
			raise InputError(
				self.terms.agreement, f"ticket {quote(ticket.number)}, {self.commitment}: {error}"
			)

	def _first_promise(self, ticket: Ticket, course: Iterable[Change]) -> str | None:
		"""The first priority with a target that the ticket had until it was met for good; the clock starts under it."""
		priority = self.names[ticket.priority]
		if self.targets[priority]:
			return priority
		for _instant, effect, written in course:
			priority = self.names[written]
			if self.targets[priority]:
				return priority
			if effect == maps.MET and not self.rule.reopens:
				return None
		return None

	def calendar_of(self, target: Target) -> str:
		"""The key of the calendar that `target` counts in."""
		return target.calendar or self.terms.calendar


class _Run:
	"""One clock of one ticket, from event to event."""

	def __init__(self, follower: _Follower, ticket: Ticket, priority: str) -> None:
		self.f, self.ticket, self.priority = follower, ticket, priority
		self.paused = 0
		self.fired: list[escalation.Fired] = []
		self.last_due: datetime | None = None
		self.held = self.stood_still = False
		self.done: datetime | None = None
		self.clock: Clock = None  # type: ignore[assignment]  # until the next line
		self._promise(priority, _instant(ticket.created))

	def through(self, course: Iterable[Change]) -> ClockLine | None:
		"""Follows the ticket's changes to the end of the log."""
		for instant, effect, written in course:
			self._note(_instant(instant), effect)
			if self.clock.status is Status.MET:
				if not self.f.rule.reopens:
					break
				if effect == maps.MET:
					continue
				self._apply(Kind.REOPENED, _instant(instant))
			at = _instant(instant)
			priority = self.f.names[written]
			if priority != self.priority:
				self._promise(priority, at)
			if self.clock.status in (Status.CANCELLED, Status.MET):
				continue
			if effect == maps.MET:
				self._apply(Kind.MET, at)
			elif effect == maps.PAUSE and self.clock.status is Status.RUNNING:
				self._apply(Kind.PAUSE, at)
			elif effect == maps.RUN and self.clock.status is Status.PAUSED:
				self._apply(Kind.RESUME, at)
		return self._line()

	def _note(self, at: datetime, effect: str) -> None:
		"""What the ticket says of itself, also while nothing is promised: whether it is held, since when it is done."""
		self.held = effect == maps.PAUSE
		if effect == maps.MET:
			self.done = self.done or at
		elif self.f.rule.reopens:
			self.done = None

	def _promise(self, priority: str, at: datetime) -> None:
		"""Puts the clock under the target of `priority`: starts it, or changes what differs, as a site does.

		Where that priority is promised nothing, the clock is cancelled; one that is promised something again goes on.
		"""
		target = self.f.targets[priority]
		if target is None:
			if self.clock.status in (Status.RUNNING, Status.PAUSED):
				self.stood_still = self.clock.status is Status.PAUSED
				self._apply(Kind.CANCELLED, at)
				self.priority = priority
			return
		self.priority, calendar = priority, self.f.calendar_of(target)
		if self.clock is not None and self.clock.status is Status.CANCELLED:
			again = clocks.reinstate_at(self.clock, self.stood_still, at)
			self._apply(Kind.REINSTATED, again)
			if self.done:
				self._change(target.seconds, calendar, again)
				self._apply(Kind.MET, max(again, self.done))
				return
			self._change(target.seconds, calendar, at)
			return
		if self.clock is None:
			self._apply(Kind.START, at, target.seconds, calendar)
			return
		self._change(target.seconds, calendar, at)

	def _change(self, seconds: int, calendar: str, at: datetime) -> None:
		if calendar != self.clock.calendar:
			self._apply(Kind.CALENDAR, at, calendar=calendar)
		if seconds != self.clock.target:
			self._apply(Kind.TARGET, at, seconds)

	def _apply(
		self, kind: Kind, at: datetime, target: int | None = None, calendar: str | None = None
	) -> None:
		"""One more event; what the clock would have set off until then goes first."""
		if self.clock is not None:
			self._close(at)
			self.last_due = self.clock.due
		self.clock = clocks.apply(self.clock, Event(kind, at, target, calendar), self.f.calendars)

	def _close(self, at: datetime) -> None:
		"""What came of the stretch since the last event by `at`: triggers while running, held time while paused."""
		if self.clock.status is Status.RUNNING:
			self._fire(at)
		elif self.clock.status is Status.PAUSED:
			self.paused += self.f.calendars[self.clock.calendar].between(self.clock.last_event_at, at)

	def _fire(self, end: datetime) -> None:
		"""Fires what falls due before `end` if nothing happens to the clock until then. Nobody acknowledges."""
		clock, since = self.clock, self.clock.running_since
		steps = self.f.steps[self.priority]
		if since >= end:
			return
		calendar = self.f.calendars[clock.calendar]
		while steps:
			pending = escalation.plan(
				clock, steps, self.f.commitment, self.priority, calendar, self.fired, (), since
			)
			due = [trigger for trigger in pending if trigger.due < end]
			for trigger in due:
				self.fired.append(escalation.Fired(trigger.step, trigger.round, max(trigger.due, since)))
				self.f.triggers[self.f.commitment, self.f.kinds[trigger.step]] += 1
			again = {trigger.step for trigger in due} & self.f.repeating  # the rest of the plan stands
			steps = [step for step in steps if step.key in again]

	def _line(self) -> ClockLine | None:
		"""The clock as it stands at the end of the log; None where nothing is promised any more."""
		clock, until, calendars = self.clock, self.f.until, self.f.calendars
		if clock.status is Status.CANCELLED:
			return None
		if clock.stopped is None:
			self._close(until + SECOND if clock.status is Status.RUNNING else until)
		elapsed = clock.elapsed_at(until, calendars)
		due = clock.due
		if clock.stopped:
			due = self.last_due or calendars[clock.calendar].add(clock.stopped, clock.target - elapsed)
		if elapsed > clock.target:
			state = "breached"
		else:
			state = {Status.MET: "met", Status.PAUSED: "paused"}.get(clock.status, "running")
		return ClockLine(
			ticket=self.ticket.number,
			commitment=self.f.commitment,
			priority=self.priority,
			started=clock.started,
			target=clock.target,
			elapsed=elapsed,
			paused=self.paused,
			due=due,
			stopped=clock.stopped,
			state=state,
		)
