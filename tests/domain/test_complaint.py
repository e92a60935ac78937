"""The phases of a complaint."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import complaint as c
from ops_delivery.domain.errors import DomainError

PATH = (c.RECEIVED, c.ACKNOWLEDGED, c.INVESTIGATING, c.TOLD, c.CLOSED)


@pytest.mark.clause("5.4.d")
def test_a_complaint_goes_its_way_a_step_at_a_time():
	for was, now in itertools.pairwise(PATH):
		c.check_step(was, now)
	for now in (c.INVESTIGATING, c.TOLD, c.CLOSED, c.APPEALED):
		with pytest.raises(DomainError) as caught:
			c.check_step(c.RECEIVED, now)
		assert caught.value.code == "complaint_step" and c.ACKNOWLEDGED in str(caught.value)


def test_an_appeal_comes_after_a_result_and_leads_back_to_the_investigation():
	c.check_step(c.TOLD, c.APPEALED)
	c.check_step(c.APPEALED, c.INVESTIGATING)
	for was in set(c.PHASES) - {c.TOLD, c.CLOSED, c.WITHDRAWN}:
		with pytest.raises(DomainError):
			c.check_step(was, c.APPEALED)


@given(st.sampled_from(c.ENDED), st.sampled_from(c.PHASES))
def test_the_end_is_the_end(was, now):
	with pytest.raises(DomainError) as caught:
		c.check_step(was, now)
	assert caught.value.code == "complaint_ended"


@pytest.mark.parametrize(
	("round_", "appeals", "may"), [(1, 0, False), (1, 1, True), (2, 1, False), (2, 2, True), (3, 2, False)]
)
def test_appeals_are_limited(round_, appeals, may):
	assert c.may_appeal(round_, appeals) == may


def test_from_where_a_complaint_can_be_withdrawn():
	for was in (c.RECEIVED, c.ACKNOWLEDGED, c.INVESTIGATING, c.APPEALED):
		c.check_step(was, c.WITHDRAWN)
	with pytest.raises(DomainError) as caught:
		c.check_step(c.TOLD, c.WITHDRAWN)
	assert (caught.value.code, caught.value.context["next"], caught.value.context["wanted"]) == ("complaint_step", c.CLOSED, c.WITHDRAWN)
	with pytest.raises(DomainError) as caught:
		c.check_step("nowhere", c.CLOSED)
	assert (caught.value.code, caught.value.context["next"]) == ("complaint_step", "")
	assert set(c.LIVE) == set(c.PHASES) - set(c.ENDED)
