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
