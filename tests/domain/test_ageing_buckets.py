"""Ageing buckets (6.5.d)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import ageing_buckets as ageing


@pytest.mark.clause("6.5.d")
@pytest.mark.parametrize(
	"days, expected", [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (4000, 3)]
)
def test_a_bound_belongs_to_the_bucket_it_ends(days, expected):
	assert ageing.bucket(days) == expected


@given(st.integers(0, 10_000), st.lists(st.integers(1, 5000), unique=True).map(sorted).map(tuple))
def test_every_day_lies_in_the_span_of_its_bucket(days, bounds):
	first, last = ageing.spans(bounds)[ageing.bucket(days, bounds)]
	assert first <= days and (last is None or days <= last)


def test_days_before_the_beginning_are_refused():
	with pytest.raises(ValueError, match="-1"):
		ageing.bucket(-1)
