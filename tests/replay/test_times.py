"""Local times become instants, also where the clock changes."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.replay.times import TimeReader

from .conftest import a_mapping

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


def utc(text: str) -> int:
	return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


@pytest.mark.parametrize(
	("time_format", "text"),
	[
		("%d/%m/%Y %H:%M", "29/2/2016 01:16"),
		("%Y-%m-%d %H:%M:%S", "2016-02-29 01:16:00"),
		("%m/%d/%Y %I:%M %p", "02/29/2016 01:16 AM"),
		("%d.%b.%Y %H:%M", "29.Feb.2016 01:16"),
		("iso", "2016-02-29T01:16"),
		("iso", "2016-02-28T17:16Z"),
		("iso", "2016-02-28T12:16:00-05:00"),
		("%Y-%m-%d %H:%M %z", "2016-02-28 17:16 +0000"),
	],
)
def test_formats(time_format, text):
	assert TimeReader([time_format], SHANGHAI).read(text) == utc("2016-02-28T17:16")


@pytest.mark.parametrize(
	"text",
	[
		"",
		"?",
		"29/2/2015 10:00",
		"1/1/2016",
		"1/1/2016 24:00",
		"1/1/2016 10:60",
		"1/1/1969 10:00",
		"٢/1/2016 10:00",
	],
)
def test_unreadable(text):
	assert TimeReader(["%d/%m/%Y %H:%M"], SHANGHAI).read(text) is None


def test_the_first_format_that_fits_is_taken():
	reader = TimeReader(["%Y-%m-%d %H:%M", "%d/%m/%Y"], SHANGHAI)
	assert reader.read("1/3/2016") == reader.read("2016-03-01 00:00")


def test_a_skipped_hour_is_the_instant_of_the_change():
	reader = TimeReader(["%Y-%m-%d %H:%M"], BERLIN)
	assert {reader.read(f"2025-03-30 02:{minute:02}") for minute in (0, 1, 59)} == {utc("2025-03-30T01:00")}


def test_a_repeated_hour_is_its_first_pass_or_on_request_its_second():
	reader = TimeReader(["%Y-%m-%d %H:%M"], BERLIN)
	assert reader.read("2025-10-26 02:30") == utc("2025-10-26T00:30")
	assert reader.second[reader.read("2025-10-26 02:30")] == utc("2025-10-26T01:30")
	assert reader.read("2025-10-26 03:30") not in reader.second


def test_rows_in_a_repeated_hour_do_not_run_backwards(replay):
	ran = replay(
		[
			"A,2025-10-26 02:50,2025-10-26 02:50,new,1",
			"A,2025-10-26 02:50,2025-10-26 02:10,open,1",
			"A,2025-10-26 02:50,2025-10-26 01:10,done,1",
		],
		None,
		a_mapping(time_zone="Europe/Berlin"),
	)
	assert [r["line"] for r in ran.rejected] == ["4"]
	assert ran.clock("A", "First Response")["stopped"] == "2025-10-26T02:10:00+01:00"


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2190, 1, 1)))  # noqa: DTZ001
def test_it_agrees_with_the_standard_library_away_from_changes(wall):
	wall = wall.replace(microsecond=0, fold=0)
	aware = wall.replace(tzinfo=BERLIN)
	if aware.utcoffset() != aware.replace(fold=1).utcoffset():
		return
	assert TimeReader(["%Y-%m-%d %H:%M:%S"], BERLIN).read(wall.isoformat(" ")) == int(aware.timestamp())
