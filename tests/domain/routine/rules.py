"""Rules and starts at random, for the tests of recurrence: only such as are read, but any of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.rule import DAILY, HOURLY, MINUTELY, MONTHLY, WEEKLY, YEARLY, Rule


def some(least: int, most: int, signed: bool = False, size: int = 3) -> st.SearchStrategy[tuple[int, ...]]:
	values = st.integers(least, most)
	if signed:
		values = st.one_of(values, values.map(lambda n: -n))
	return st.lists(values, min_size=1, max_size=size, unique=True).map(lambda found: tuple(sorted(found)))


@st.composite
def rules(draw, frequencies=(YEARLY, MONTHLY, WEEKLY, DAILY), times: bool = False) -> Rule:
	"""A rule without COUNT and UNTIL; with times of day if asked for."""
	while True:
		freq = draw(st.sampled_from(frequencies))
		parts: dict = {"freq": freq, "interval": draw(st.sampled_from((1, 1, 2, 3, 5)))}
		if draw(st.booleans()):
			parts["week_start"] = draw(st.integers(0, 6))
		if draw(st.integers(0, 3)) == 0:
			parts["by_month"] = draw(some(1, 12, size=4))
		kind = draw(st.sampled_from(("none", "month_day", "day", "day", "both", "year_day", "week")))
		if kind in ("month_day", "both"):
			parts["by_month_day"] = draw(some(1, 31, signed=True, size=4))
			if freq == YEARLY:
				parts.setdefault("by_month", draw(some(1, 12)))
		if kind in ("day", "both", "week"):
			numbers = (0,)
			if freq == MONTHLY or (freq == YEARLY and kind != "week"):
				numbers = (0, 0, 1, 2, -1, 5, -5)
			days = st.tuples(st.sampled_from(numbers), st.integers(0, 6))
			found = draw(st.lists(days, min_size=1, max_size=4, unique=True))
			parts["by_day"] = tuple(sorted(found, key=lambda day: (day[1], day[0])))
		if kind == "week":
			parts["by_week"] = draw(some(1, 53, signed=True))
			if draw(st.booleans()):
				del parts["by_day"]
		if kind == "year_day":
			parts["by_year_day"] = draw(some(1, 366, signed=True))
		if times:
			if draw(st.booleans()):
				parts["by_hour"] = draw(some(0, 23))
			if draw(st.booleans()):
				parts["by_minute"] = draw(some(0, 59))
		if draw(st.integers(0, 3)) == 0:
			parts["by_position"] = draw(some(1, 4, signed=True))
		try:
			return Rule(**parts)
		except DomainError:
			continue


STARTS = st.dates(date(2015, 1, 1), date(2029, 12, 31))
TIMED_STARTS = st.datetimes(datetime(2015, 1, 1), datetime(2029, 12, 31)).map(  # noqa: DTZ001
	lambda moment: moment - timedelta(seconds=moment.second, microseconds=moment.microsecond)
)
HOURS = (HOURLY, MINUTELY)
