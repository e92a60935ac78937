"""When a source is silent (6.2.b.4)."""

import pytest

from ops_delivery.domain.monitoring.silence import limit, usual


def after(*gaps):
	found = 0
	for gap in gaps:
		found = usual(found, gap)
	return found


@pytest.mark.parametrize(
	("gaps", "seconds"),
	[((), 0), ((600,), 600), ((600,) * 9, 600), ((600, 0, -5), 600), ((600, 86_400), 825), ((0.4,), 1)],
)
def test_the_usual_interval_follows_slowly_and_a_pause_counts_for_little(gaps, seconds):
	assert after(*gaps) == seconds


def test_another_interval_is_usual_after_a_while():
	assert 590 < after(60, *[600] * 60) <= 601 and 60 <= after(600, *[60] * 60) < 70


@pytest.mark.parametrize(
	("configured", "usual_seconds", "found"),
	[(0, 0, None), (0, 60, 900), (0, 3600, 10_800), (7200, 0, 7200), (300, 3600, 300)],
)
def test_what_was_said_goes_before_what_is_usual_and_nothing_is_expected_of_alerts_alone(configured, usual_seconds, found):
	assert limit(configured, usual_seconds) == found
