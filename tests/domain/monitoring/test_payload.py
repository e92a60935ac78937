"""Bytes of a stranger become lines or a DomainError, and nothing else."""

import json
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.monitoring import alerts, payload, reading_lines

ZONE = ZoneInfo("Asia/Shanghai")
JSON = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
	lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.sampled_from(sorted(
		("readings", "alerts", "version", "labels", "annotations", "status", "state", "object", "metric", "value", "time", "id", "title", "startsAt")
	)), inner, max_size=6),
	max_leaves=25,
)  # fmt: skip


def code(read, *given) -> str:
	with pytest.raises(DomainError) as caught:
		read(*given)
	assert "{" not in str(caught.value).replace(reading_lines.EXAMPLE, "").replace(alerts.EXAMPLE, "")
	return caught.value.code


def codes(lines) -> list:
	return [line.code if isinstance(line, DomainError) else None for line in lines]


@pytest.mark.parametrize(
	("body", "said"),
	[(b"", "body_empty"), (b" \n", "body_empty"), (b"\xff", "body_not_utf8"), (b"x" * (payload.MOST_BYTES + 1), "body_too_large")],
)
def test_bytes_that_are_no_text_are_refused(body, said):
	assert code(payload.text_of, body) == said


@pytest.mark.parametrize("text", ["[" * 100_000, "{", '{"a": 1}}', "9" * 6000, "nul"])
def test_what_is_no_json_is_refused(text):
	assert code(payload.json_of, text) == "body_not_json"


@pytest.mark.parametrize(
	("text", "said"),
	[
		("object,value\na,1", "csv_without_columns"),
		("object,metric,value,time\n", "csv_without_rows"),
		('metric,value,time\n"a', "csv_unreadable"),
		("metric,value,time\n" + "a,1,x\n" * (payload.MOST_LINES + 1), "lines_too_many"),
	],
)
def test_what_is_no_csv_of_readings_is_refused(text, said):
	assert code(reading_lines.of_csv, text, ZONE) == said


def test_a_csv_may_have_its_columns_in_any_order_and_three_signs_between():
	for sign in ",;\t":
		text = sign.join(("Time", "value", "Metric", "object")) + "\r\n" + sign.join(("2026-01-31 09:00", '"1,5"', "heat", "rack")) + "\r\n"
		(line,) = reading_lines.of_csv(text, ZONE).lines
		assert (line.object, line.metric, line.value, line.unit) == ("rack", "heat", "1,5", "")
		assert line.taken_on == datetime(2026, 1, 31, 1, tzinfo=timezone.utc)


GOOD = {"object": "a", "metric": "b", "value": 1, "time": "2026-01-31T09:00:00Z"}


@pytest.mark.parametrize(
	("row", "said"),
	[
		(3, "row_no_object"),
		({**GOOD, "object": []}, "not_a_text"),
		({**GOOD, "metric": True}, "not_a_text"),
		({**GOOD, "unit": "x" * 141}, "text_too_long"),
		({**GOOD, "value": "x" * 141}, "text_too_long"),
		({**GOOD, "value": {}}, "value_no_value"),
		*(({**GOOD, "time": when}, "bad_moment") for when in (None, 5, "2026", "2026-01-31", "2026-02-30T00:00Z", "0001-01-01T00:00Z", "9999-12-31T23:59:59-12:00", "2026-01-31T25:00Z", "2026-01-31T09:00+99:00")),
	],
)  # fmt: skip
def test_a_line_that_is_wrong_is_refused_by_itself(row, said):
	message = reading_lines.Message(reading_lines._read([GOOD, row], ZONE), False)
	assert codes(message.lines) == [None, said]


def test_a_message_of_readings_is_a_list_or_has_one():
	for text in ("{}", "[]", '{"readings": 5}', "3", "null"):
		assert code(reading_lines.of_json, text, ZONE) == "readings_missing"
	assert code(reading_lines.of_json, '{"readings": [1], "whole": "maybe"}', ZONE) == "bad_whole"
	assert reading_lines.of_json('{"readings": [1], "whole": "1"}', ZONE).whole


@pytest.mark.parametrize(
	("written", "hours"),
	[("2026-01-31T09:00:00+08:00", 1), ("2026-01-31T09:00:00.123456789Z", 9), ("2026-01-31 09:00", 1), ("2026-01-31T09:00:00-0500", 14)],
)
def test_moments_are_read_with_their_offset_or_in_the_zone_of_the_source(written, hours):
	found = payload.moment({"time": written}, "time", ZONE)
	assert found.replace(microsecond=0) == datetime(2026, 1, 31, tzinfo=timezone.utc) + timedelta(hours=hours)


def test_a_name_keeps_what_is_seen_and_nothing_else():
	assert payload.plain("a\x00b\n c\u200b\ud800 d") == "a b c d"


@given(JSON)
def test_any_json_has_an_answer(data):
	text = json.dumps(data)
	for read in (lambda: reading_lines.of_json(text, ZONE).lines, lambda: alerts.read(text, ZONE)):
		try:
			lines = read()
		except DomainError as error:
			str(error)
			continue
		assert all(str(line) for line in lines)


@given(st.text(max_size=300))
def test_any_text_has_an_answer_as_csv(text):
	try:
		reading_lines.of_csv("metric,value,time\n" + text, ZONE)
	except DomainError as error:
		str(error)
