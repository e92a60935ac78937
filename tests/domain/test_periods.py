"""Periods counted from the first day, and the fee of an agreement that renewed itself."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import periods
from ops_delivery.domain.periods import Span

YEAR = Span(date(2025, 1, 1), date(2025, 12, 31))


def test_a_series_does_not_drift_through_short_months():
	ends = [periods.series(date(2026, 1, 31), 1, number).last for number in range(4)]
	assert ends == [date(2026, 2, 27), date(2026, 3, 30), date(2026, 4, 29), date(2026, 5, 30)]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from([1, 3, 6, 12]), st.integers(0, 40))
def test_periods_follow_each_other_without_a_gap(start, months, number):
	one, next_one = (periods.series(start, months, n) for n in (number, number + 1))
	assert next_one.first == one.last + timedelta(days=1)
	assert periods.at(start, months, one.first) == periods.at(start, months, one.last) == one


def test_renewals_count_from_the_first_end():
	days = [date(2023, 8, 30)]
	for _ in range(5):
		days.append(periods.renewed_until(date(2023, 8, 30), 6, days[-1]))
	assert [f"{day:%m-%d}" for day in days] == ["08-30", "02-28", "08-30", "02-27", "08-30", "02-27"]
	with pytest.raises(ValueError, match="0 months"):
		periods.renewed_until(date(2023, 8, 30), 0, date(2023, 8, 30))


@pytest.mark.parametrize(
	("first", "last", "months"),
	[
		("2025-01-01", "2025-12-31", 12),
		("2025-01-31", "2025-02-27", 1),
		("2025-03-15", "2025-06-14", 3),
		("2025-03-15", "2025-06-13", 0),
		("2024-02-29", "2025-02-27", 12),
	],
)
def test_whole_months_are_told(first, last, months):
	assert periods.whole_months(Span(date.fromisoformat(first), date.fromisoformat(last))) == months


def _fee(asked_from, asked_to, signed=YEAR, months=12, last=date(2027, 12, 31)):
	asked = Span(date.fromisoformat(asked_from), date.fromisoformat(asked_to))
	return round(periods.fee(36500, signed, months, last, asked), 2)


def test_the_fee_goes_on_after_a_renewal():
	assert _fee("2025-01-01", "2025-01-31") == 3100
	assert _fee("2026-01-01", "2026-01-31") == 3100
	assert _fee("2025-12-31", "2026-01-01") == 200
	assert _fee("2027-01-01", "2027-12-31") == 36500
	assert _fee("2026-01-01", "2026-06-30", months=6) == 18250
	# nothing before it began, nothing after its last day
	assert _fee("2024-12-01", "2024-12-31") == 0
	assert _fee("2025-06-01", "2025-12-31", months=0, last=date(2025, 6, 30)) == 3000
	assert _fee("2027-12-31", "2028-12-31") == 100


def test_a_period_of_odd_days_renews_at_its_rate_a_day():
	signed = Span(date(2025, 1, 1), date(2025, 3, 10))
	rate = 36500 / signed.days
	assert _fee("2025-03-11", "2025-03-11", signed=signed, months=1) == round(rate, 2)
	assert _fee("2025-03-12", "2025-03-13", signed=signed, months=0) == round(2 * rate, 2)


def day(text):
	return date.fromisoformat(text)


@pytest.mark.parametrize(
	("from_day", "to_assess"),
	[
		("2026-01-01", ("2026-01-01", "2026-03-31")),
		("2026-02-15", ("2026-02-15", "2026-03-31")),  # 45 of 90 days are half of them
		("2026-02-16", ("2026-02-16", "2026-06-30")),  # less: with the next one
		("2026-03-31", ("2026-03-31", "2026-06-30")),
		("2026-12-31", ("2026-12-31", "2026-12-31")),  # nothing comes after the last day
		("2025-11-01", ("2025-11-01", "2026-03-31")),
		("2027-02-01", ("2027-02-01", "2027-02-01")),
	],
)
def test_what_is_to_be_assessed_next(from_day, to_assess):
	found = periods.next_to_assess(day("2026-01-01"), 3, day(from_day), day("2026-12-31"))
	assert found == tuple(map(day, to_assess))


@pytest.mark.parametrize(
	("start", "months", "same_day"),
	[
		("2026-01-31", 1, "2026-02-28"),
		("2024-01-31", 1, "2024-02-29"),
		("2026-10-31", 1, "2026-11-30"),
		("2026-11-30", 1, "2026-12-30"),
		("2026-12-31", 1, "2027-01-31"),
		("2026-12-31", 2, "2027-02-28"),
		("2026-01-15", 12, "2027-01-15"),
		("2026-01-15", 11, "2026-12-15"),
		("2026-01-15", 0, "2026-01-15"),
		("2026-03-31", -1, "2026-02-28"),
		("2026-01-31", -2, "2025-11-30"),
	],
)
def test_the_same_day_months_later(start, months, same_day):
	assert periods.later(day(start), months) == day(same_day)


def test_days_count_both_ends_and_never_less_than_none():
	assert Span(day("2026-01-01"), day("2026-01-01")).days == 1
	assert Span(day("2026-01-01"), day("2026-01-31")).days == 31
	assert Span(day("2026-01-02"), day("2026-01-01")).days == 0
	assert Span(day("2026-01-05"), day("2026-01-01")).days == 0


def test_no_series_has_no_period():
	assert periods.at(day("2026-01-01"), 0, day("2026-01-01")) is None
	assert periods.at(day("2026-01-02"), 1, day("2026-01-01")) is None
	assert periods.at(day("2026-01-02"), 1, day("2026-01-02")) == (day("2026-01-02"), day("2026-02-01"))
	assert periods.whole_months(Span(day("2026-01-01"), day("2026-01-01"))) == 0
	assert periods.whole_months(Span(day("2026-01-31"), day("2026-01-30"))) == 0


def test_a_renewal_of_other_length_costs_as_many_months():
	assert _fee("2026-01-01", "2026-12-31", months=24) == 36500
	assert _fee("2026-01-01", "2026-12-31", months=1) == pytest.approx(36500, abs=0.01)
	assert _fee("2025-01-01", "2027-12-31", months=12) == 3 * 36500
