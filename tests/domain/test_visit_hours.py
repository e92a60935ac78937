"""The hours of a visit, as time sheets count them (7.2.d.3)."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.visit_hours import TRAVEL, WORK, spans

NINE = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
hours = st.floats(0, 24).map(lambda value: round(value, 2))


def hour(value: float) -> datetime:
	return NINE + timedelta(hours=value)


def told(found) -> list[tuple[str, datetime, datetime]]:
	return [(span.kind, span.start, span.end) for span in found]


@pytest.mark.clause("7.2.d.3")
def test_travel_lies_before_the_work_and_what_is_left_of_it_after():
	found = spans(NINE, hour(3), work_hours=2.5, travel_hours=2, departed=hour(-0.5))
	assert told(found) == [
		(TRAVEL, hour(-0.5), NINE),
		(WORK, NINE, hour(2.5)),
		(TRAVEL, hour(3), hour(4.5)),
	]
	assert told(spans(NINE, hour(3), travel_hours=1)) == [(TRAVEL, hour(-1), NINE), (WORK, NINE, hour(3))]


@pytest.mark.clause("7.2.d.3")
@given(length=hours, work=hours, travel=hours, before=st.one_of(st.none(), hours))
def test_spans_never_overlap_and_keep_every_hour(length, work, travel, before):
	departed = None if before is None else hour(-before)
	found = spans(NINE, hour(length), work, travel, departed)
	assert all(one.end <= other.start for one, other in pairwise(found))
	assert all(span.hours > 0 for span in found)
	said = {kind: sum(span.hours for span in found if span.kind == kind) for kind in (TRAVEL, WORK)}
	assert said[TRAVEL] == pytest.approx(travel, abs=1e-6)
	assert said[WORK] == pytest.approx(work or length, abs=1e-6)


@pytest.mark.parametrize(
	"code, arguments",
	[
		("no_hours", (None, hour(1))),
		("no_hours", (NINE, None)),
		("hours_reversed", (NINE, hour(-1))),
		("hours_too_many", (NINE, hour(1), 25)),
		("hours_too_many", (NINE, hour(1), 1, 25)),
	],
)
def test_hours_that_cannot_be_are_refused(code, arguments):
	with pytest.raises(DomainError) as caught:
		spans(*arguments)
	assert caught.value.code == code


@given(
	st.integers(0, 300 * 86_400_000_000).map(lambda micros: NINE + timedelta(microseconds=micros)),
	st.integers(1, 36_000_000_000),
	st.floats(0, 10).map(lambda hours: round(hours, 2)),
	st.integers(0, 5 * 3_600_000_000),
	st.integers(2, 9),
)
def test_a_time_sheet_of_any_moments_does_not_overlap_itself(start, lasts, travel, before, digits):
	"""As ERPNext works the end out: from the beginning and hours rounded to the site's precision."""
	micro = timedelta(microseconds=1)
	found = spans(start, start + lasts * micro, 0, travel, start - before * micro)
	ends = [span.start + timedelta(hours=round(span.hours, digits)) for span in found]
	assert ends == [span.end for span in found]
	assert all(end <= later.start for end, later in zip(ends, found[1:], strict=False))
	assert all(not span.start.microsecond for span in found)
