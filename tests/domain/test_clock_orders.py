"""Any legal order of events: the ledger rebuilds the clock, and its explanation adds up."""

from datetime import timedelta
from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_delivery.domain.calendar import Window, WorkCalendar
from ops_delivery.domain.clock import Clock, Event, Kind, Status, apply, paused_seconds, replay, segments
from tests.domain.samples import CALENDARS, at

NIGHTS = WorkCalendar(
	"America/New_York", {d: [Window.parse("20:00", "04:00")] for d in range(5)}, name="nights"
)
KNOWN = {**CALENDARS, "nights": NIGHTS}

LEGAL = {
	None: [Kind.START],
	Status.RUNNING: [
		Kind.PAUSE,
		Kind.PAUSE,
		Kind.TARGET,
		Kind.CALENDAR,
		Kind.MET,
		Kind.CANCELLED,
		Kind.RESET,
	],
	Status.PAUSED: [
		Kind.RESUME,
		Kind.RESUME,
		Kind.TARGET,
		Kind.CALENDAR,
		Kind.MET,
		Kind.CANCELLED,
		Kind.RESET,
	],
	Status.MET: [Kind.REOPENED, Kind.REOPENED, Kind.TARGET, Kind.CALENDAR, Kind.RESET],
	Status.CANCELLED: [Kind.START, Kind.REINSTATED, Kind.RESET],
}
NEXT = {
	Kind.START: Status.RUNNING,
	Kind.PAUSE: Status.PAUSED,
	Kind.RESUME: Status.RUNNING,
	Kind.MET: Status.MET,
	Kind.REOPENED: Status.RUNNING,
	Kind.CANCELLED: Status.CANCELLED,
	Kind.REINSTATED: Status.RUNNING,
	Kind.RESET: Status.RUNNING,
}


@st.composite
def ledgers(draw) -> list[Event]:
	"""A legal ledger: states are tracked here on their own, so that apply() is not asked what is legal."""
	gaps = st.one_of(st.just(0), st.integers(1, 3 * 3600), st.integers(1, 5 * 86_400))
	targets = st.integers(1, 60 * 3600)
	status, moment, events = None, at(1, 9, month=draw(st.sampled_from([3, 10]))), []
	for _ in range(draw(st.integers(1, 14))):
		kind = draw(st.sampled_from(LEGAL[status]))
		moment += timedelta(seconds=draw(gaps))
		target = draw(targets) if kind in (Kind.START, Kind.TARGET) else None
		calendar = draw(st.sampled_from(sorted(KNOWN))) if kind in (Kind.START, Kind.CALENDAR) else None
		if kind is Kind.RESET and draw(st.booleans()):
			target = draw(targets)
		events.append(Event(kind, moment, target, calendar))
		status = NEXT.get(kind, status)
	return events


def measured(events: list[Event], until) -> tuple[int, int]:
	"""(elapsed, paused) working seconds of a ledger, from its status and calendar between one event and the next."""
	elapsed = paused = 0
	status = calendar = None
	for event, following in pairwise([*events, None]):
		if event.kind in (Kind.START, Kind.RESET):
			elapsed = paused = 0
		status = NEXT.get(event.kind, status)
		calendar = event.calendar or calendar
		work = KNOWN[calendar].between(event.at, following.at if following else until)
		elapsed += work if status is Status.RUNNING else 0
		paused += work if status is Status.PAUSED else 0
	return elapsed, paused


@pytest.mark.clause("5.3.d")
@settings(max_examples=400)
@given(ledgers(), st.integers(0, 10 * 86_400))
def test_any_ledger_adds_up(events, later):
	until = events[-1].at + timedelta(seconds=later)
	clock = replay(events, KNOWN)
	assert clock == reduce(lambda state, event: apply(state, event, KNOWN), events, None)

	elapsed, paused = measured(events, until)
	assert clock.elapsed_at(until, KNOWN) == elapsed
	assert clock.elapsed_at(until, KNOWN) + clock.remaining_at(until, KNOWN) == clock.target
	assert clock.is_breached_at(until, KNOWN) == (elapsed > clock.target)
	assert paused_seconds(events, KNOWN, until) == paused
	check_state(clock)
	check_segments(events, clock, until, elapsed)


@settings(max_examples=150)
@given(ledgers())
def test_every_prefix_of_a_ledger_is_a_ledger(events):
	clock = None
	for count, event in enumerate(events, 1):
		clock = apply(clock, event, KNOWN)
		assert clock == replay(events[:count], KNOWN)
		check_state(clock)


def check_state(clock: Clock) -> None:
	running = clock.status is Status.RUNNING
	assert (clock.due is not None) == (clock.running_since is not None) == running
	assert (clock.stopped is not None) == (clock.status in (Status.MET, Status.CANCELLED))
	assert clock.breached == (clock.elapsed > clock.target)
	if running:
		# The due instant uses the target up exactly, and is the earliest to do so while there is time left.
		work = KNOWN[clock.calendar]
		assert clock.elapsed + work.between(clock.running_since, clock.due) == clock.target
		if clock.elapsed < clock.target:
			just_before = clock.due - timedelta(seconds=1)
			assert clock.remaining_at(just_before, KNOWN) == 1
			assert not clock.is_breached_at(clock.due, KNOWN)


def check_segments(events, clock: Clock, until, elapsed: int) -> None:
	life = segments(events, KNOWN, until)
	end = clock.stopped or until
	assert all(a.end == b.start for a, b in pairwise(life))
	assert all(s.seconds == (s.end - s.start) // timedelta(seconds=1) > 0 for s in life)
	assert all(0 <= s.working <= s.seconds for s in life)
	assert all(s.working == {"counted": s.seconds, "closed": 0}.get(s.kind, s.working) for s in life)
	assert sum(s.working for s in life if s.kind == "counted") == elapsed
	if clock.started < end:
		assert (life[0].start, life[-1].end) == (clock.started, end)
	else:
		assert not life
