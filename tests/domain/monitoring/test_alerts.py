"""Alerts of Alertmanager's webhook and of the plain format: known by their fingerprint, each read by itself."""

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.monitoring import alerts

ZONE = ZoneInfo("Asia/Shanghai")
FIRES = {
	"status": "firing",
	"labels": {"alertname": "Hot", "instance": "db1:9100", "severity": "critical"},
	"annotations": {"summary": "Too hot", "description": "Above 40"},
	"startsAt": "2026-01-31T01:00:00.5Z",
	"endsAt": "0001-01-01T00:00:00Z",
	"generatorURL": "http://prometheus/graph",
	"fingerprint": "abc",
}


def read(data):
	return alerts.read(json.dumps(data), ZONE)


def of_alertmanager(*rows):
	return read({"version": "4", "alerts": list(rows)})


def code(data) -> str:
	with pytest.raises(DomainError) as caught:
		read(data)
	return caught.value.code


def test_what_alertmanager_sends_is_read():
	(alert,) = of_alertmanager(FIRES)
	assert (alert.fingerprint, alert.firing, alert.title, alert.text, alert.severity) == ("abc", True, "Too hot", "Above 40", "critical")
	assert alert.began_on == datetime(2026, 1, 31, 1, 0, 0, 500_000, tzinfo=timezone.utc) and alert.ended_on is None
	(over,) = of_alertmanager({**FIRES, "status": "resolved", "endsAt": "2026-01-31T02:00:00Z"})
	assert not over.firing and over.ended_on.hour == 2


def test_without_a_fingerprint_the_labels_are_it_in_whatever_order():
	labels = {"a": "1", "b": "2"}
	one, other, third = of_alertmanager({"labels": labels}, {"labels": dict(reversed(labels.items()))}, {"labels": {"a": "1"}})
	assert one.fingerprint == other.fingerprint != third.fingerprint


def test_the_plain_format_is_one_alert_or_a_list():
	(one,) = read({"id": "ups", "title": "On battery", "object": "UPS 7", "severity": "high", "time": "2026-01-31T09:00:00"})
	assert (one.fingerprint, one.firing, one.object, one.severity, one.began_on.tzinfo) == ("ups", True, "UPS 7", "high", ZONE)
	assert [alert.firing for alert in read({"alerts": [{"id": "ups"}, {"id": "ups", "state": "resolved"}]})] == [True, False]
	assert read({"title": "A", "object": "x"})[0].fingerprint != read({"title": "A", "object": "y"})[0].fingerprint


@pytest.mark.parametrize(
	("data", "said"),
	[
		([], "alerts_missing"),
		({"alerts": 5}, "alerts_missing"),
		({"version": "4"}, "alerts_missing"),
		({"version": "3", "alerts": [FIRES]}, "alert_version"),
		({"alerts": [{}] * (alerts.MOST_ALERTS + 1)}, "alerts_too_many"),
	],
)
def test_a_message_without_alerts_is_refused(data, said):
	assert code(data) == said


@pytest.mark.parametrize(
	("row", "said"),
	[
		({**FIRES, "status": "on fire"}, "alert_state"),
		({**FIRES, "labels": []}, "labels_no_object"),
		({**FIRES, "labels": {str(number): "x" for number in range(65)}}, "labels_too_many"),
		({**FIRES, "labels": {"a": {}}}, "not_a_text"),
		({"labels": {}}, "alert_without_id"),
		({**FIRES, "startsAt": "soon"}, "bad_moment"),
		(7, "row_no_object"),
	],
)
def test_an_alert_that_is_wrong_is_refused_by_itself(row, said):
	first, second = of_alertmanager(row, FIRES)
	assert first.code == said and second.fingerprint == "abc"


def test_long_texts_are_cut_and_links_are_of_the_web():
	(alert,) = of_alertmanager({**FIRES, "labels": {"a": "x" * 9000}, "annotations": {"summary": "y" * 999}, "generatorURL": "javascript:alert(1)"})
	assert len(alert.labels["a"]) == alerts.LONGEST_LABEL and len(alert.title) == alerts.LONGEST_TITLE and alert.link == ""
	assert code({"state": "firing"} | {"alerts": []}) == "alerts_missing"
	assert isinstance(read({"state": "firing"})[0], DomainError)


@pytest.mark.parametrize(("field", "minutes", "refused"), [("began_on", 4, False), ("ended_on", 4, False), ("began_on", 2000, True), ("ended_on", 2000, True)])
def test_an_alert_of_the_future_is_refused_but_clocks_may_differ_a_little(field, minutes, refused):
	now = datetime(2026, 11, 30, 12, tzinfo=UTC)
	alert = alerts.Alert(1, "a", True, "Disk full", **{field: now + timedelta(minutes=minutes)})
	if not refused:
		alerts.check_moments(alert, now)
		return
	with pytest.raises(DomainError) as error:
		alerts.check_moments(alert, now)
	assert (error.value.code, error.value.context["value"]) == ("alert_in_future", "2026-12-01T21:20:00+00:00")
