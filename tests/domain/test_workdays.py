from datetime import date, datetime, timedelta, timezone

import pytest

from ops_delivery.domain.calendar import DayException, Window, WorkCalendar
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.workdays import end_of_working_day

OFFICE = {day: [Window.parse("09:00", "12:00"), Window.parse("13:00", "18:00")] for day in range(5)}
SHANGHAI = WorkCalendar("Asia/Shanghai", OFFICE)


def utc(*parts):
	return datetime(*parts, tzinfo=timezone.utc)


@pytest.mark.clause("6.3.g")
def test_the_day_itself_is_not_counted_and_the_weekend_is_skipped():
	friday_morning = utc(2026, 11, 20, 2)
	assert end_of_working_day(SHANGHAI, friday_morning, 1) == utc(2026, 11, 23, 10)
	assert end_of_working_day(SHANGHAI, friday_morning, 5) == utc(2026, 11, 27, 10)


def test_the_date_is_the_one_of_the_calendar_s_zone():
	still_thursday_in_utc = utc(2026, 11, 19, 17)  # Friday 01:00 in Shanghai
	assert end_of_working_day(SHANGHAI, still_thursday_in_utc, 1) == utc(2026, 11, 23, 10)


def test_holidays_and_makeup_workdays_count_as_the_calendar_says():
	calendar = WorkCalendar(
		"Asia/Shanghai",
		OFFICE,
		[
			DayException(date(2026, 11, 21), "makeup", weekday=4),
			DayException(date(2026, 11, 23), "holiday"),
		],
	)
	assert end_of_working_day(calendar, utc(2026, 11, 20, 2), 1) == utc(2026, 11, 21, 10)
	assert end_of_working_day(calendar, utc(2026, 11, 20, 2), 2) == utc(2026, 11, 24, 10)


def test_wall_clock_across_a_change_of_dst():
	calendar = WorkCalendar("Europe/Berlin", {6: [Window.parse("09:00", "18:00")]})
	assert end_of_working_day(calendar, utc(2026, 10, 24, 8), 1) == utc(2026, 10, 25, 17)


def test_a_window_over_midnight_ends_on_the_next_date():
	calendar = WorkCalendar("UTC", {0: [Window.parse("22:00", "06:00")]})
	assert end_of_working_day(calendar, utc(2026, 11, 22, 8), 1) == utc(2026, 11, 24, 6)


def test_less_than_one_day_is_refused():
	with pytest.raises(DomainError):
		end_of_working_day(SHANGHAI, utc(2026, 11, 20), 0)


def test_a_calendar_without_days_is_given_up_after_ten_years():
	closed = [DayException(date(2026, 11, 20) + timedelta(days=number), "holiday") for number in range(3661)]
	with pytest.raises(DomainError) as refused:
		end_of_working_day(WorkCalendar("UTC", {day: OFFICE[0] for day in range(7)}, closed), utc(2026, 11, 20), 1)
	assert refused.value.code == "beyond_horizon"
	almost = WorkCalendar("UTC", {day: OFFICE[0] for day in range(7)}, closed[:3660])
	assert end_of_working_day(almost, utc(2026, 11, 20), 1) == utc(2036, 11, 27, 18)


@pytest.mark.parametrize("days", [0, -1])
def test_the_refusal_names_the_days(days):
	with pytest.raises(DomainError) as refused:
		end_of_working_day(SHANGHAI, utc(2026, 11, 20), days)
	assert refused.value.code == "bad_amount" and refused.value.context["value"] == days
