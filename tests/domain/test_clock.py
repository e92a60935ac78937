"""The service clock: what each event does to it, and how it explains itself."""

from datetime import datetime, timedelta

import pytest

from ops_delivery.domain.clock import (
	Event,
	Kind,
	Status,
	apply,
	paused_seconds,
	reinstate_at,
	replay,
	segments,
	stood_still,
)
from ops_delivery.domain.errors import DomainError
from tests.domain.samples import CALENDARS, HOUR, at

START = Event(Kind.START, at(12, 9), 4 * HOUR, "5x8")


def clock_after(*events: Event):
	return replay([START, *events], CALENDARS)


@pytest.mark.clause("5.3.d")
def test_a_clock_measures_the_time_to_respond_in_service_hours():
	clock = clock_after(Event(Kind.MET, at(12, 14)))
	assert clock.status is Status.MET
	assert clock.elapsed == 4 * HOUR  # not 5: lunch is closed
	assert (clock.started, clock.stopped) == (at(12, 9), at(12, 14))
	assert not clock.breached


def test_starting_gives_a_deadline_in_service_hours():
	clock = clock_after()
	assert clock.due == at(12, 14)
	assert clock.running_since == clock.started == clock.last_event_at == at(12, 9)
	assert clock.remaining_at(at(12, 11), CALENDARS) == 2 * HOUR


def test_a_start_outside_service_hours_counts_from_the_next_window():
	assert replay([Event(Kind.START, at(11, 20), HOUR, "5x8")], CALENDARS).due == at(12, 10)


def test_pausing_settles_and_clears_the_deadline():
	clock = clock_after(Event(Kind.PAUSE, at(12, 11)))
	assert clock.status is Status.PAUSED
	assert clock.elapsed == 2 * HOUR
	assert clock.due is clock.running_since is None
	assert clock.elapsed_at(at(20, 9), CALENDARS) == 2 * HOUR


def test_resuming_computes_the_deadline_from_what_remains():
	"""Held from Monday 11:00 to Tuesday 20:00: the two hours left are Wednesday's first, not shifted clock time."""
	clock = clock_after(Event(Kind.PAUSE, at(12, 11)), Event(Kind.RESUME, at(13, 20)))
	assert clock.due == at(14, 11)
	assert clock.elapsed == 2 * HOUR


def test_a_hold_outside_service_hours_moves_nothing():
	clock = clock_after(Event(Kind.PAUSE, at(12, 12)), Event(Kind.RESUME, at(12, 13)))
	assert clock.due == clock_after().due


def test_a_new_target_keeps_what_has_elapsed():
	clock = clock_after(Event(Kind.TARGET, at(12, 11), 3 * HOUR))
	assert (clock.elapsed, clock.due) == (2 * HOUR, at(12, 12))


def test_a_new_target_below_the_elapsed_time_breaches_at_once():
	clock = clock_after(Event(Kind.TARGET, at(12, 11), HOUR))
	assert clock.breached
	assert clock.due == at(12, 10)
	assert clock.remaining_at(at(12, 11), CALENDARS) == -HOUR


def test_a_new_target_while_paused_counts_on_resuming():
	events = Event(Kind.PAUSE, at(12, 11)), Event(Kind.TARGET, at(12, 12), 3 * HOUR)
	assert clock_after(*events).due is None
	assert clock_after(*events, Event(Kind.RESUME, at(13, 9))).due == at(13, 10)


def test_a_new_calendar_settles_under_the_old_one():
	clock = clock_after(Event(Kind.CALENDAR, at(12, 13), calendar="7x24"))
	assert clock.elapsed == 3 * HOUR  # lunch did not count yet
	assert clock.due == at(12, 14)
	later = apply(clock, Event(Kind.CALENDAR, at(12, 14), calendar="5x8"), CALENDARS)
	assert later.elapsed == 4 * HOUR


def test_reopening_goes_on_with_what_remained():
	clock = clock_after(Event(Kind.MET, at(12, 11)), Event(Kind.REOPENED, at(14, 9)))
	assert clock.status is Status.RUNNING
	assert clock.due == at(14, 11)
	assert clock.stopped is None


def test_a_met_clock_records_changes_and_stays_met():
	clock = clock_after(
		Event(Kind.MET, at(12, 14)),
		Event(Kind.TARGET, at(13, 9), 2 * HOUR),
		Event(Kind.CALENDAR, at(13, 10), calendar="7x24"),
	)
	assert (clock.status, clock.elapsed, clock.stopped) == (Status.MET, 4 * HOUR, at(12, 14))
	assert (clock.target, clock.calendar, clock.breached) == (2 * HOUR, "7x24", True)


def test_a_reset_keeps_nothing_but_the_promise():
	clock = clock_after(Event(Kind.MET, at(12, 11)), Event(Kind.RESET, at(13, 9)))
	assert (clock.elapsed, clock.started, clock.due) == (0, at(13, 9), at(13, 14))
	changed = clock_after(Event(Kind.RESET, at(13, 9), HOUR, "7x24"))
	assert (changed.target, changed.calendar, changed.due) == (HOUR, "7x24", at(13, 10))


def test_a_start_after_cancelling_keeps_nothing():
	again = Event(Kind.START, at(13, 9), HOUR, "7x24")
	cancelled = Event(Kind.CANCELLED, at(12, 11))
	assert clock_after(cancelled, again) == replay([again], CALENDARS)
	assert clock_after(cancelled).stopped == at(12, 11)


@pytest.mark.clause("5.3.d")
def test_what_is_promised_again_goes_on_as_if_it_had_been_all_the_while():
	cancelled = Event(Kind.CANCELLED, at(12, 11))
	running = clock_after(cancelled)
	since = reinstate_at(running, stood_still([Kind.START, Kind.CANCELLED]), at(12, 13))
	again = clock_after(cancelled, Event(Kind.REINSTATED, since))
	assert (again.due, again.started, again.elapsed_at(at(12, 13), CALENDARS)) == (
		clock_after().due,
		clock_after().started,
		clock_after().elapsed_at(at(12, 13), CALENDARS),
	)
	held = [Kind.START, Kind.PAUSE, Kind.CALENDAR, Kind.CANCELLED]
	pause = Event(Kind.PAUSE, at(12, 10))
	paused = clock_after(pause, cancelled)
	assert stood_still(held) and reinstate_at(paused, stood_still(held), at(12, 13)) == at(12, 13)
	assert clock_after(pause, cancelled, Event(Kind.REINSTATED, at(12, 13))).elapsed == paused.elapsed
	assert not stood_still([*held, Kind.REINSTATED, Kind.CANCELLED])


@pytest.mark.clause("5.3.d")
def test_met_at_the_deadline_itself_is_kept():
	assert not clock_after(Event(Kind.MET, at(12, 14))).breached
	assert clock_after(Event(Kind.MET, at(12, 14, 0, 1))).breached
	clock = clock_after()
	assert not clock.is_breached_at(at(12, 14), CALENDARS)
	assert clock.is_breached_at(at(12, 14, 0, 1), CALENDARS)


def test_the_deadline_that_was_passed():
	clock = clock_after()
	assert clock.breached_on(CALENDARS) is None
	assert clock.breached_on(CALENDARS, at(12, 14)) is None
	assert clock.breached_on(CALENDARS, at(12, 15)) == at(12, 14)
	assert clock_after(Event(Kind.TARGET, at(12, 15), HOUR)).breached_on(CALENDARS) == at(12, 10)
	assert clock_after(Event(Kind.PAUSE, at(12, 15))).breached_on(CALENDARS) is None


def test_events_are_kept_in_utc_and_whole_seconds():
	event = Event("Pause", at(12, 9).replace(microsecond=5), reason="parts")
	assert event.kind is Kind.PAUSE
	assert event.at == at(12, 9)
	assert event.at.utcoffset() == timedelta(0)


# What is not allowed

LEGAL = {
	None: {Kind.START},
	Status.RUNNING: {Kind.PAUSE, Kind.TARGET, Kind.CALENDAR, Kind.MET, Kind.CANCELLED, Kind.RESET},
	Status.PAUSED: {Kind.RESUME, Kind.TARGET, Kind.CALENDAR, Kind.MET, Kind.CANCELLED, Kind.RESET},
	Status.MET: {Kind.REOPENED, Kind.TARGET, Kind.CALENDAR, Kind.RESET},
	Status.CANCELLED: {Kind.START, Kind.REINSTATED, Kind.RESET},
}
INTO = {
	None: None,
	Status.RUNNING: clock_after(),
	Status.PAUSED: clock_after(Event(Kind.PAUSE, at(12, 10))),
	Status.MET: clock_after(Event(Kind.MET, at(12, 10))),
	Status.CANCELLED: clock_after(Event(Kind.CANCELLED, at(12, 10))),
}


@pytest.mark.parametrize("status", LEGAL)
@pytest.mark.parametrize("kind", Kind)
def test_only_legal_transitions_are_possible(status, kind):
	event = Event(kind, at(12, 11), HOUR, "5x8")
	if kind in LEGAL[status]:
		assert apply(INTO[status], event, CALENDARS).last_event_at == at(12, 11)
	else:
		with pytest.raises(DomainError, match="is not possible") as caught:
			apply(INTO[status], event, CALENDARS)
		assert caught.value.code == "illegal_transition"


def test_time_does_not_run_backwards_but_may_stand_still():
	assert clock_after(Event(Kind.PAUSE, at(12, 9))).elapsed == 0
	with pytest.raises(DomainError) as caught:
		clock_after(Event(Kind.PAUSE, at(12, 8)))
	assert caught.value.code == "time_runs_backwards"


# The explanation

HELD = [
	START,
	Event(Kind.PAUSE, at(12, 11), reason="waiting for the customer"),
	Event(Kind.TARGET, at(12, 12), 5 * HOUR, reason="priority raised"),
	Event(Kind.RESUME, at(13, 10), reason="answered"),
	Event(Kind.MET, at(13, 15)),
	Event(Kind.REOPENED, at(14, 9), reason="not fixed"),
	Event(Kind.MET, at(14, 10)),
]


@pytest.mark.clause("5.3.d")
def test_a_clock_explains_itself():
	told = [(s.kind, s.start, s.end, s.working, s.note) for s in segments(HELD, CALENDARS, at(20))]
	assert told == [
		("counted", at(12, 9), at(12, 11), 2 * HOUR, ""),
		("paused", at(12, 11), at(12, 12), HOUR, "waiting for the customer"),
		("paused", at(12, 12), at(13, 10), 6 * HOUR, "waiting for the customer"),
		("counted", at(13, 10), at(13, 12), 2 * HOUR, "answered"),
		("closed", at(13, 12), at(13, 13), 0, "answered"),
		("counted", at(13, 13), at(13, 15), 2 * HOUR, "answered"),
		("stopped", at(13, 15), at(14, 9), 3 * HOUR, ""),
		("counted", at(14, 9), at(14, 10), HOUR, "not fixed"),
	]
	assert paused_seconds(HELD, CALENDARS, at(20)) == 7 * HOUR


def test_the_explanation_ends_where_it_is_asked_to():
	assert segments(HELD, CALENDARS, at(12, 8)) == []
	assert segments(HELD, CALENDARS, at(12, 11, 30))[-1].end == at(12, 11, 30)
	assert segments(HELD, CALENDARS, at(13, 20))[-1].end == at(13, 15)
	assert paused_seconds(HELD, CALENDARS, at(12, 11, 30)) == HOUR // 2


def test_the_explanation_of_a_met_clock_ends_when_it_was_met():
	changed = [*HELD[:5], Event(Kind.TARGET, at(13, 20), HOUR)]
	assert segments(changed, CALENDARS, at(20))[-1].end == at(13, 15)


def test_a_reopening_met_again_at_once_stays_in_the_explanation():
	again = [
		START,
		Event(Kind.MET, at(12, 10)),
		Event(Kind.REOPENED, at(12, 11)),
		Event(Kind.MET, at(12, 11)),
	]
	assert [s.kind for s in segments(again, CALENDARS, at(20))] == ["counted", "stopped"]


def test_the_explanation_begins_with_the_last_reset():
	assert segments([*HELD, Event(Kind.RESET, at(15, 9))], CALENDARS, at(15, 10))[0].start == at(15, 9)


def test_an_empty_ledger_explains_nothing():
	assert segments([], CALENDARS, at(12)) == []
	with pytest.raises(DomainError) as caught:
		replay([], CALENDARS)
	assert caught.value.code == "no_events"


def test_an_instant_needs_a_time_zone():
	with pytest.raises(DomainError) as caught:
		Event(Kind.PAUSE, datetime(2026, 10, 12))  # noqa: DTZ001 - the point of the test
	assert caught.value.code == "naive_instant"


def test_a_moment_before_the_last_event_gives_what_was_settled_then():
	resumed = clock_after(Event(Kind.PAUSE, at(12, 11)), Event(Kind.RESUME, at(13, 14)))
	for moment in (at(13, 13, 59, 59), at(13, 10), at(12, 9), at(1, 9)):
		assert resumed.elapsed_at(moment, CALENDARS) == 2 * HOUR
		assert resumed.remaining_at(moment, CALENDARS) == 2 * HOUR
	assert resumed.elapsed_at(at(13, 14, 0, 1), CALENDARS) == 2 * HOUR + 1


def test_whether_a_clock_stood_still_when_it_was_cancelled():
	assert not stood_still([]) and not stood_still([Kind.START, Kind.CANCELLED])
	assert stood_still([Kind.START, Kind.PAUSE, Kind.CANCELLED]) and stood_still([Kind.START, Kind.PAUSE])
	assert not stood_still([Kind.START, Kind.PAUSE, Kind.RESUME, Kind.CANCELLED])
