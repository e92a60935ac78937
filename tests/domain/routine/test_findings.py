"""Findings by their readings: when one begins, grows, is normal again, and what follows it (6.2.b.5, 6.2.d, 8.3.a.2, 8.3.a.3)."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from ops_delivery.domain.routine import findings
from ops_delivery.domain.routine.findings import (
	ACCEPTED,
	BACK,
	CLOSED,
	IN_HAND,
	NOTHING,
	OPEN,
	OVER,
	UNDER_WAY,
	WANTED,
	Seen,
)
from ops_delivery.domain.routine.normal_state import ABNORMAL, AT_RISK, NORMAL

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ISSUE, PLAN = "issue", "plan"


def seen(*states):
	"""A reading an hour."""
	return [Seen(START + timedelta(hours=at), state) for at, state in enumerate(states)]


def course(*states):
	return findings.course(seen(*states))


def test_without_a_bad_reading_there_is_no_finding():
	assert course() is None and course(NORMAL, NORMAL) is None


@pytest.mark.parametrize(
	"states, first, last, normal",
	[
		((AT_RISK,), 0, 0, None),
		((NORMAL, AT_RISK, ABNORMAL), 1, 2, None),
		((AT_RISK, NORMAL, NORMAL), 0, 0, 1),  # the first normal one ended it
		((AT_RISK, NORMAL, ABNORMAL), 0, 2, None),
		((ABNORMAL, NORMAL, AT_RISK, NORMAL), 0, 2, 3),
	],
)
def test_the_course_of_a_finding(states, first, last, normal):
	rows = seen(*states)
	wanted = (rows[first], rows[last], rows[normal] if normal is not None else None)
	for order in itertools.permutations(rows):
		found = findings.course(order)
		assert (found.first, found.last, found.normal) == wanted, "in whatever order they come"


def test_of_two_readings_of_one_moment_the_bad_one_holds():
	found = findings.course([Seen(START, ABNORMAL), Seen(START, NORMAL)])
	assert found.normal is None and found.last.state == ABNORMAL


@pytest.mark.clause("8.3.a.2", "8.3.a.3")
@pytest.mark.parametrize(
	"status, was, states, taken, wanted",
	[
		(OPEN, None, (AT_RISK,), False, OPEN),
		(OPEN, AT_RISK, (AT_RISK, NORMAL), False, BACK),
		(IN_HAND, AT_RISK, (AT_RISK, ABNORMAL), True, IN_HAND),
		(BACK, AT_RISK, (AT_RISK, NORMAL, AT_RISK), False, OPEN),
		(BACK, AT_RISK, (AT_RISK, NORMAL, AT_RISK), True, IN_HAND),
		(ACCEPTED, AT_RISK, (AT_RISK, AT_RISK), False, ACCEPTED),
		(ACCEPTED, AT_RISK, (AT_RISK, ABNORMAL), False, OPEN),
		(ACCEPTED, AT_RISK, (AT_RISK, NORMAL), False, BACK),
		(CLOSED, AT_RISK, (AT_RISK, ABNORMAL), False, CLOSED),
	],
)
def test_the_state_follows_the_readings(status, was, states, taken, wanted):
	assert findings.after_readings(status, was, course(*states), taken) == wanted


def test_a_person_leads_a_finding_on_and_accepts_only_a_risk():
	assert findings.may_move(OPEN, ACCEPTED, AT_RISK) and not findings.may_move(OPEN, ACCEPTED, ABNORMAL)
	assert not findings.may_move(CLOSED, IN_HAND, AT_RISK) and not findings.may_move(BACK, IN_HAND, AT_RISK)
	assert all(findings.may_move(status, CLOSED, ABNORMAL) for status in findings.LIVE)
	assert findings.outcome(BACK) == findings.NORMAL_AGAIN and findings.outcome(OPEN) == findings.REMOVED


@pytest.mark.clause("6.2.d")
@pytest.mark.parametrize(
	"stage, asked, asks, worse, relapsed, wanted",
	[
		(NOTHING, "", ISSUE, False, False, (WANTED, ISSUE)),
		(NOTHING, "", "", False, False, (NOTHING, "")),
		(WANTED, ISSUE, PLAN, False, False, (WANTED, PLAN)),  # nothing was begun: it follows the state
		(WANTED, ISSUE, "", False, False, (NOTHING, "")),
		(UNDER_WAY, ISSUE, ISSUE, True, True, (UNDER_WAY, ISSUE)),  # once
		(UNDER_WAY, PLAN, ISSUE, True, False, (WANTED, ISSUE)),  # a worse state asks for more
		(UNDER_WAY, ISSUE, PLAN, False, False, (UNDER_WAY, ISSUE)),  # a better one does not
		(OVER, ISSUE, ISSUE, False, False, (OVER, ISSUE)),
		(OVER, ISSUE, ISSUE, False, True, (WANTED, ISSUE)),  # it came back after all was done
		(OVER, ISSUE, "", False, True, (OVER, ISSUE)),
	],
)
def test_what_follows_is_begun_once_for_each_time_it_is_wanted(stage, asked, asks, worse, relapsed, wanted):
	assert findings.follow_up(stage, asked, asks, worse, relapsed) == wanted
