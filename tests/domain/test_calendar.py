"""The service calendar's rules, one by one; test_calendar_oracle.py checks its arithmetic at large."""

import threading
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.calendar import DayException, Window, WorkCalendar
from ops_delivery.domain.errors import DomainError
from tests.domain.samples import ALWAYS, HOUR, OFFICE, OFFICE_HOURS, at

NEW_YORK = ZoneInfo("America/New_York")


def every_day(zone: str, *windows: tuple[str, str], exceptions=()) -> WorkCalendar:
	return WorkCalendar(zone, {d: [Window.parse(*w) for w in windows] for d in range(7)}, exceptions)


# Windows


@pytest.mark.parametrize(
	("start", "end", "window", "text"),
	[
		("09:00", "18:00", (32400, 64800), ("09:00", "18:00")),
		("9:00:00", "18:00:30", (32400, 64830), ("09:00", "18:00:30")),
		(time(9), time(18), (32400, 64800), ("09:00", "18:00")),
		(timedelta(hours=9), timedelta(hours=24), (32400, 86400), ("09:00", "24:00")),
		("18:00", "24:00", (64800, 86400), ("18:00", "24:00")),
		("18:00", "00:00", (64800, 86400), ("18:00", "24:00")),
		("00:00", "00:00", (0, 86400), ("00:00", "24:00")),
		("22:00", "06:00", (79200, 108000), ("22:00", "06:00")),
		("09:00", "09:00", (32400, 118800), ("09:00", "09:00")),
	],
)
def test_window_reads_and_writes_clock_times(start, end, window, text):
	assert Window.parse(start, end) == Window(*window)
	assert Window(*window).format() == text
	assert Window.parse(*text) == Window(*window)


@pytest.mark.parametrize(
	"start",
	["", "nine", "9", "25:00", "09:60", "24:00", "24:01", None, 9, timedelta(hours=25), timedelta(-1)],
)
def test_window_refuses_what_is_no_time(start):
	with pytest.raises(DomainError) as caught:
		Window.parse(start, "18:00")
	assert caught.value.code == "bad_time"


@given(st.integers(0, 86399).flatmap(lambda s: st.tuples(st.just(s), st.integers(s + 1, s + 86400))))
def test_every_window_survives_its_text(pair):
	assert Window.parse(*Window(*pair).format()) == Window(*pair)


# Arithmetic


@pytest.mark.clause("6.3.b")
def test_lunch_nights_weekends_and_holidays_do_not_count():
	assert OFFICE.add(at(12, 11), 2 * HOUR) == at(12, 14)
	assert OFFICE.add(at(12, 17), 2 * HOUR) == at(13, 10)
	assert OFFICE.add(at(16, 17), 2 * HOUR) == at(19, 10)
	assert OFFICE.between(at(1, 0), at(8, 0)) == 0


@pytest.mark.clause("6.3.b")
def test_a_makeup_saturday_works_as_the_weekday_it_replaces():
	assert OFFICE.add(at(9, 17), 2 * HOUR) == at(10, 10)
	assert OFFICE.windows_on(date(2026, 10, 10)) == OFFICE_HOURS
	assert OFFICE.working_seconds_on(date(2026, 10, 10)) == 8 * HOUR
	assert OFFICE.working_seconds_on(date(2026, 10, 11)) == 0
	assert not OFFICE.is_working(at(11, 10))


def test_a_deadline_is_at_the_end_of_a_window_not_at_the_start_of_the_next():
	assert OFFICE.add(at(12, 9), 3 * HOUR) == at(12, 12)
	assert OFFICE.add(at(12, 9), 3 * HOUR + 1) == at(12, 13, 0, 1)
	assert OFFICE.add(at(12, 9), 8 * HOUR) == at(12, 18)


def test_going_back_leads_to_the_latest_instant():
	assert OFFICE.add(at(12, 14), -HOUR) == at(12, 13)
	assert OFFICE.add(at(12, 14), -HOUR - 1) == at(12, 11, 59, 59)
	assert OFFICE.add(at(12, 20), -8 * HOUR) == at(12, 9)
	assert OFFICE.between(at(12, 14), at(12, 10)) == -3 * HOUR


def test_adding_nothing_stays_even_outside_working_time():
	assert OFFICE.add(at(11, 3), 0) == at(11, 3)


def test_instants_come_back_as_utc_and_without_microseconds():
	got = OFFICE.add(at(12, 9).replace(microsecond=999_999), HOUR)
	assert got == at(12, 10)
	assert got.tzinfo is timezone.utc
	assert OFFICE.between(at(12, 9).replace(microsecond=999_999), at(12, 9, 0, 1)) == 1


def test_is_working_at_the_first_second_of_a_window_and_not_at_its_end():
	assert OFFICE.is_working(at(12, 9))
	assert not OFFICE.is_working(at(12, 12))


def test_segments_are_clipped_and_merged():
	assert OFFICE.segments(at(12, 11), at(12, 14)) == [(at(12, 11), at(12, 12)), (at(12, 13), at(12, 14))]
	assert OFFICE.segments(at(12, 18), at(13, 9)) == []
	assert OFFICE.segments(at(12, 14), at(12, 11)) == []
	assert ALWAYS.segments(at(12), at(20)) == [(at(12), at(20))]


def test_touching_windows_are_one():
	calendar = every_day("UTC", ("09:00", "12:00"), ("12:00", "15:00"))
	start = datetime(2026, 1, 5, tzinfo=timezone.utc)
	assert len(calendar.segments(start, start + timedelta(days=1))) == 1


@given(*[st.integers(0, 4_000_000_000)] * 3)
def test_between_is_additive(a, b, c):
	assert OFFICE.between_ts(a, b) + OFFICE.between_ts(b, c) == OFFICE.between_ts(a, c)


@given(st.integers(1_500_000_000, 2_000_000_000), st.integers(-20_000_000, 20_000_000))
def test_add_and_between_are_inverse(ts, seconds):
	assert OFFICE.between_ts(ts, OFFICE.add_ts(ts, seconds)) == seconds


@given(st.integers(1_500_000_000, 2_000_000_000), st.integers(1, 20_000_000))
def test_the_deadline_is_the_earliest_and_the_way_back_the_latest(ts, seconds):
	assert OFFICE.between_ts(ts, OFFICE.add_ts(ts, seconds) - 1) == seconds - 1
	assert OFFICE.between_ts(OFFICE.add_ts(ts, -seconds) + 1, ts) == seconds - 1


def test_days_add_up():
	days = [date(2026, 1, 1) + timedelta(days=i) for i in range(365)]
	night = every_day("Europe/Berlin", ("22:00", "06:00"))
	midnights = [datetime(year, 1, 1, tzinfo=ZoneInfo("Europe/Berlin")) for year in (2026, 2027)]
	assert sum(map(night.working_seconds_on, days)) == night.between(*midnights)
	assert night.working_seconds_on(date(2026, 3, 29)) == 7 * HOUR  # the clock skips one of six morning hours


def test_all_of_history_is_as_good_as_a_day():
	whole = OFFICE.between_ts(0, 7_258_118_400)
	assert OFFICE.add_ts(0, whole) <= 7_258_118_400
	assert OFFICE.between_ts(1_000_000_000, 1_000_000_000) == 0


@pytest.mark.parametrize("seconds", [10**10, -(10**10), 10**18])
def test_beyond_the_horizon_is_an_error_and_never_a_hang(seconds):
	with pytest.raises(DomainError) as caught:
		OFFICE.add(at(12, 9), seconds)
	assert caught.value.code == "beyond_horizon"


def test_a_calendar_may_be_asked_by_several_threads_while_it_grows():
	calendar = WorkCalendar("Asia/Shanghai", {d: OFFICE_HOURS for d in range(5)})
	reference = WorkCalendar("Asia/Shanghai", {d: OFFICE_HOURS for d in range(5)})
	asked = [1_700_000_000 + (-1) ** i * i * 20_000_000 for i in range(40)]
	wanted = [reference.add_ts(ts, 144_000) for ts in asked]
	wrong = []

	def ask():
		wrong.extend(ts for ts, due in zip(asked, wanted, strict=True) if calendar.add_ts(ts, 144_000) != due)

	threads = [threading.Thread(target=ask) for _ in range(4)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert not wrong


# The wall clock


def test_a_window_that_starts_in_the_skipped_hour_starts_at_the_change():
	calendar = every_day("America/New_York", ("02:30", "04:00"))
	day = datetime(2026, 3, 8, tzinfo=NEW_YORK)
	assert calendar.segments(day, day.replace(hour=12)) == [(day.replace(hour=3), day.replace(hour=4))]


def test_a_window_within_the_skipped_hour_does_not_exist_that_day():
	calendar = every_day("America/New_York", ("02:15", "02:45"))
	assert calendar.working_seconds_on(date(2026, 3, 8)) == 0
	assert calendar.working_seconds_on(date(2026, 3, 9)) == HOUR // 2


def test_a_window_over_the_repeated_hour_is_unbroken_and_counts_it_twice():
	calendar = every_day("America/New_York", ("01:00", "02:00"))
	assert calendar.working_seconds_on(date(2026, 11, 1)) == 2 * HOUR
	day = datetime(2026, 11, 1, tzinfo=NEW_YORK)
	assert len(calendar.segments(day, day.replace(hour=12))) == 1


def test_a_window_that_ends_in_the_repeated_hour_ends_at_its_first_showing():
	assert every_day("America/New_York", ("00:30", "01:30")).working_seconds_on(date(2026, 11, 1)) == HOUR


def test_half_an_hour_of_summer_time():
	calendar = every_day("Australia/Lord_Howe", ("00:00", "24:00"))
	assert calendar.working_seconds_on(date(2026, 10, 4)) == 23 * HOUR + HOUR // 2
	assert calendar.working_seconds_on(date(2026, 4, 5)) == 24 * HOUR + HOUR // 2


def test_a_date_that_never_was_has_no_time():
	calendar = every_day("Pacific/Apia", ("00:00", "24:00"))
	assert calendar.working_seconds_on(date(2011, 12, 30)) == 0
	assert calendar.working_seconds_on(date(2011, 12, 31)) == 24 * HOUR


def test_an_offset_with_seconds():
	calendar = every_day("Africa/Monrovia", ("09:00", "17:00"))  # 44 min 30 s behind until 1972
	nine = datetime(1971, 5, 5, 9, 44, 30, tzinfo=timezone.utc)
	assert calendar.add(nine, HOUR) == nine + timedelta(hours=1)
	assert not calendar.is_working(nine - timedelta(seconds=1))


# Exceptions


def test_a_holiday_keeps_the_tail_of_the_evening_before():
	calendar = every_day("UTC", ("22:00", "06:00"), exceptions=[DayException(date(2026, 1, 7), "holiday")])
	assert calendar.working_seconds_on(date(2026, 1, 7)) == 6 * HOUR
	assert calendar.working_seconds_on(date(2026, 1, 8)) == 2 * HOUR


def test_exceptions_that_overlap_the_evening_before_count_once():
	special = DayException(date(2026, 1, 7), "special", (Window.parse("04:00", "08:00"),))
	calendar = every_day("UTC", ("22:00", "06:00"), exceptions=[special])
	assert calendar.working_seconds_on(date(2026, 1, 7)) == 8 * HOUR


def test_a_makeup_day_may_have_hours_of_its_own():
	calendar = WorkCalendar(
		"UTC",
		{0: OFFICE_HOURS},
		[DayException(date(2026, 1, 10), "makeup", (Window.parse("10:00", "11:00"),), weekday=0)],
	)
	assert calendar.working_seconds_on(date(2026, 1, 10)) == HOUR


# Definition


def test_a_definition_round_trips():
	again = WorkCalendar.from_dict(OFFICE.to_dict())
	assert again == OFFICE
	assert hash(again) == hash(OFFICE)
	assert again.to_dict() == OFFICE.to_dict()
	assert OFFICE != ALWAYS
	assert OFFICE != "5x8"
	assert repr(OFFICE) == "<WorkCalendar 5x8 (Asia/Shanghai)>"


def test_the_fingerprint_is_of_the_hours_and_not_of_the_name():
	data = OFFICE.to_dict()
	assert WorkCalendar.from_dict({**data, "name": "other"}).fingerprint() == OFFICE.fingerprint()
	assert WorkCalendar.from_dict({**data, "time_zone": "Asia/Taipei"}).fingerprint() != OFFICE.fingerprint()
	shuffled = {**data, "exceptions": data["exceptions"][::-1], "week": dict(reversed(data["week"].items()))}
	assert WorkCalendar.from_dict(shuffled).fingerprint() == OFFICE.fingerprint()


def test_long_spells_without_hours_are_found():
	off = [DayException(date(2026, 10, 12) + timedelta(days=number), "holiday") for number in range(60)]
	calendar = WorkCalendar("Asia/Shanghai", {weekday: OFFICE_HOURS for weekday in range(5)}, off)
	((begins, ends),) = calendar.closed_spells(at(9, 9), 200, 30)
	assert begins == at(9, 18) and ends == at(11, 9, month=12)
	assert OFFICE.closed_spells(at(1), 400, 30) == []
	never = WorkCalendar("Asia/Shanghai", {0: OFFICE_HOURS}, [DayException(date(2026, 10, 12), "holiday")])
	assert never.closed_spells(at(12), 10, 5) == [(at(12), at(19, 9))]


def test_a_fingerprint_that_was_kept_is_known_again():
	"""As stored by earlier versions, also where a note is Chinese."""
	calendar = WorkCalendar("Asia/Shanghai", {0: [Window.parse("09:00", "18:00")]}, [DayException(date(2026, 10, 1), "holiday", note="国庆节")])
	assert calendar.fingerprint() == "88048fafa79b0dc81fc227bd6935f8d47b16f1d5a7b7851c06ccecd3b1f7347a"


@pytest.mark.parametrize(
	("start", "end", "possible"),
	[
		(0, 1, True), (0, 86_400, True), (86_399, 172_799, True), (86_399, 86_400, True),
		(-1, 3600, False), (0, 0, False), (3600, 3599, False), (86_400, 86_401, False), (0, 86_401, False), (3600, 90_001, False),
	],
)  # fmt: skip
def test_which_windows_there_can_be(start, end, possible):
	if possible:
		assert (Window(start, end).start, Window(start, end).end) == (start, end)
	else:
		with pytest.raises(DomainError) as refused:
			Window(start, end)
		assert refused.value.code == "bad_time"
