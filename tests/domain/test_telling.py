"""Quiet hours and digests of escalation mails (6.3.e)."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.telling import QuietHours, mail_from

UTC, SHANGHAI, BERLIN = timezone.utc, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(22), time(7), SHANGHAI)
NOON = QuietHours(time(12), time(13, 30), SHANGHAI)
times = st.times().map(lambda moment: moment.replace(microsecond=0))


def at(hour, minute=0, day=10, zone=SHANGHAI):
	return datetime(2026, 3, day, hour, minute, tzinfo=zone).astimezone(UTC)


instants = st.integers(0, 365 * 24 * 60).map(lambda minutes: at(0, day=1) + timedelta(minutes=minutes))


@pytest.mark.parametrize(
	("quiet", "now", "end"),
	[
		(NIGHT, at(21, 59), None),
		(NIGHT, at(22), at(7, day=11)),
		(NIGHT, at(23, 30), at(7, day=11)),
		(NIGHT, at(0, 30), at(7)),
		(NIGHT, at(6, 59), at(7)),
		(NIGHT, at(7), None),
		(NOON, at(11, 59), None),
		(NOON, at(12), at(13, 30)),
		(NOON, at(13, 30), None),
		(QuietHours(time(9), time(9), SHANGHAI), at(9), None),
	],
)
def test_quiet_hours_end_in_their_own_zone_also_past_midnight(quiet, now, end):
	assert quiet.until(now) == end


def test_the_end_is_by_the_wall_clock_when_daylight_saving_begins():
	quiet = QuietHours(time(22), time(7), BERLIN)
	assert quiet.until(at(23, day=28, zone=BERLIN)) == datetime(2026, 3, 29, 5, tzinfo=UTC)


@given(times, times, instants)
def test_their_end_lies_ahead_within_a_day_and_is_no_quiet_hour_itself(start, end, now):
	quiet = QuietHours(start, end, SHANGHAI)
	until = quiet.until(now)
	if until is not None:
		assert now < until <= now + timedelta(days=1)
		assert quiet.until(until) is None


def test_mails_wait_for_the_end_of_quiet_hours_else_for_the_digest():
	assert mail_from(at(23), NIGHT, 30, at_once=False) == at(7, day=11)
	assert mail_from(at(12), NIGHT, 30, at_once=False) == at(12, 30)
	assert mail_from(at(12), None, 0, at_once=False) == at(12)
	assert mail_from(at(23), NIGHT, 30, at_once=True) == at(23)
