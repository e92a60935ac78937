"""Follows the clock of one commitment through the tickets of a log, by the rules that a site goes by."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from ops_delivery.domain import clock as clocks
from ops_delivery.domain import clock_course, escalation, promises
from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.domain.calendar import epoch_seconds, instant_at
from ops_delivery.domain.clock import Clock, Event, Kind, Status
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.promises import Promised
from ops_delivery.replay import mapping as maps
from ops_delivery.replay.clock_lines import ClockLines
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.log import Change, Log, Ticket
from ops_delivery.replay.straight import StraightStep

SECOND = timedelta(seconds=1)


class Follower:
	"""Follows the clock of one commitment through one ticket after another."""

	def __init__(
		self,
		log: Log,
		terms: Terms,
		lines: ClockLines,
		triggers: Counter[tuple[str, str]],
		commitment: str,
		names: dict[str, str],
	) -> None:
		self.log, self.terms, self.lines, self.triggers = log, terms, lines, triggers
		self.commitment, self.names = commitment, names
		self.until = log.until or 0
		self.rule = log.mapping.commitments[commitment]
		self.calendars = terms.calendars
		self.kinds = {step.key: step.kind.value for step in terms.steps}
		self.repeating = {step.key for step in terms.steps if step.repeat_minutes}
		self.targets: dict[str, Promised | None] = {
			priority: promises.find(terms.promises, commitment, priority, terms.default_priority)
			for priority in terms.priorities
		}
		self.steps = {
			priority: [step for step in terms.steps if step.applies_to(commitment, priority)]
			for priority in terms.priorities
		}

		self.straight = {
			priority: [StraightStep(step, target.seconds) for step in self.steps[priority]]
			for priority, target in self.targets.items()
			if target
		}

	def follow(self, ticket: Ticket) -> None:
		"""Adds the clock at the end of the log, if any priority the ticket ever had is promised anything."""
		course = ticket.courses[self.commitment]
		if course is None:
			return
		try:
			if ticket.held and (held := ticket.held.get(self.commitment)):
				course = self._with_hold(ticket, course, held)
				if course is None:
					return
			elif self._straight(ticket, course):
				return
			_Run(self, ticket).through(course)
		except DomainError as error:
			raise InputError(
				self.terms.agreement, f"ticket {quote(ticket.number)}, {self.commitment}: {error}"
			)

	def _straight(self, ticket: Ticket, course: tuple[Change, ...]) -> bool:
		"""Takes a clock that ran from beginning to end under one target; whether it was one.

		Most are. Their due, elapsed time and state are what Start and Met make of them, without an object for either.
		"""
		priority, met = ticket.priority, None
		for at, effect, written in course:
			if written != priority or effect in (maps.PAUSE, maps.NEUTRAL):
				return False
			if effect == maps.MET:
				met = at
				if not self.rule.reopens:
					break
			elif met is not None:
				return False
		if met is not None and self.rule.reopens:
			met = next(at for at, effect, _written in course if effect == maps.MET)
		name = self.names[priority]
		target = self.targets[name]
		if target is None:
			return False
		calendar = self.calendars[target.calendar]
		end = self.until if met is None else met
		elapsed = calendar.between_ts(ticket.created, max(end, ticket.created))
		due = calendar.add_ts(ticket.created, target.seconds)
		self.lines.add(
			ticket.index, self.commitment, name, ticket.created, target.seconds, elapsed, 0, due, met
		)
		stops = end + 1 if met is None else end
		for step in self.straight[name] if stops > ticket.created else ():
			if elapsed >= step.earliest and (times := step.times(calendar, ticket.created, due, stops)):
				self.triggers[self.commitment, step.kind] += times
		return True

	def _with_hold(self, ticket: Ticket, course: tuple[Change, ...], held: int) -> tuple[Change, ...] | None:
		"""A course with a hold of so many seconds put before its end; None where there is no room for it."""
		if course and course[-1][1] == maps.NEUTRAL:
			return course
		target = self.targets[self.names[ticket.priority]]
		if target is None:
			return course
		calendar = self.calendars[target.calendar]
		end = course[-1][0] if course else self.until
		wall = getattr(self.rule, "wall", False)
		if (end - ticket.created if wall else calendar.between_ts(ticket.created, end)) < held:
			self.log.leave_out(ticket, self.commitment, "hold_too_long", str(held))
			return None
		start = max(ticket.created, end - held if wall else calendar.add_ts(end, -held))
		resumed = () if course else ((end, maps.RUN, ticket.priority),)
		return (start, maps.PAUSE, ticket.priority), *course, *resumed


class _Run:
	"""One clock of one ticket, from row to row of its log: the case (clock_course.Case) that the log makes at each of them."""

	def __init__(self, follower: Follower, ticket: Ticket) -> None:
		self.f, self.ticket = follower, ticket
		self.paused = 0
		self.fired: list[escalation.Fired] = []
		self.last_due: datetime | None = None
		self.clock: Clock | None = None
		self.now = self.created = instant_at(ticket.created)
		self.priority = self.wanted = ""  # the one it goes by, and the one that the ticket has
		self.held = False
		self.done: datetime | None = None
		self.done_before: datetime | None = None
		self.ledger: list[Kind] = []
		self.happened = False

	def through(self, course: tuple[Change, ...]) -> None:
		"""Follows the ticket's changes to the end of the log, and adds the line they come to.

		A neutral state holds the clock; one that ends in it is no clock at all, as nobody waits any more. Nor is one that was
		met for good before anything was promised.
		"""
		self._look(self.created, maps.RUN, self.ticket.priority)
		neutral = False
		for instant, effect, written in course:
			if self.clock is not None and self.clock.status is Status.MET:
				if not self.f.rule.reopens:
					break
				if effect in (maps.MET, maps.NEUTRAL):
					continue
			neutral = effect == maps.NEUTRAL
			self._look(instant_at(instant), maps.PAUSE if neutral else effect, written)
			if self.clock is None and self.done and not self.f.rule.reopens:
				return
		if self.clock is not None and not neutral:
			self._add_line()

	def _look(self, at: datetime, effect: str, written: str) -> None:
		"""What the ticket says of itself from that row on, also while nothing is promised; and what the clock makes of it."""
		self.now, self.wanted, self.happened = at, self.f.names[written], False
		self.held, self.done_before = effect == maps.PAUSE, self.done
		if effect == maps.MET:
			self.done = self.done or at
		elif self.f.rule.reopens:
			self.done = None
		clock_course.advance(self)

	def promised(self) -> Promised | None:
		return self.f.targets[self.wanted]

	def is_cancelled(self) -> bool:
		return False

	def is_begun(self) -> bool:
		return True

	def may_begin(self, promised: Promised) -> bool:
		return True

	def is_reset(self) -> bool:
		return False

	def is_met(self) -> bool:
		return self.done is not None

	def is_held(self) -> bool:
		return self.held

	def goes_on(self) -> bool:
		return not self.held

	def begun_at(self) -> datetime:
		return self.created

	def met_at(self) -> datetime:
		return self.now

	def done_since(self) -> datetime | None:
		return self.done_before

	def stood_still(self) -> bool:
		return clocks.stood_still(self.ledger)

	def happen(self, kind: Kind, at: datetime, promised: Promised | None = None) -> None:
		self._apply(kind, at, *(promised or (None, None)))

	def go_by(self, promised: Promised, at: datetime) -> None:
		otherwise = self.priority != self.wanted and not self.happened
		for kind in clock_course.changes(self.clock, promised, otherwise):
			self._apply(kind, at, *promised)
		self.priority = self.wanted

	def _apply(
		self, kind: Kind, at: datetime, target: int | None = None, calendar: str | None = None
	) -> None:
		"""One more event; what the clock would have set off until then goes first."""
		if self.clock is not None:
			self._close(at)
			self.last_due = self.clock.due
		if target is not None:  # from here on; what fell due before did so by the steps of the priority until then
			self.priority = self.wanted
		self.ledger.append(kind)
		self.happened = True
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

	def _add_line(self) -> None:
		"""Adds the clock as it stands at the end of the log; nothing where nothing is promised any more."""
		clock, calendars = self.clock, self.f.calendars
		until = instant_at(self.f.until)
		if clock.status is Status.CANCELLED:
			return
		if clock.stopped is None:
			self._close(until + SECOND if clock.status is Status.RUNNING else until)
		elapsed = clock.elapsed_at(until, calendars)
		due = clock.due
		if clock.stopped:
			due = self.last_due or calendars[clock.calendar].add(clock.stopped, clock.target - elapsed)
		self.f.lines.add(
			self.ticket.index,
			self.f.commitment,
			self.priority,
			epoch_seconds(clock.started),
			clock.target,
			elapsed,
			self.paused,
			epoch_seconds(due) if due else None,
			epoch_seconds(clock.stopped) if clock.stopped else None,
			clock.status is Status.PAUSED,
		)
