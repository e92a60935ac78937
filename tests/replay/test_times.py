"""Local times become instants, also where the clock changes."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.replay import month_names
from ops_delivery.replay.hold_times import seconds_of
from ops_delivery.replay.outputs import Moments
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


@pytest.mark.parametrize(
	("time_format", "text"),
	[
		("%d/%b/%y %I:%M %p", "29/Feb/16 1:16 am"),
		("%d/%b/%y %I:%M %p", "29/feb/16 1:16 A.M."),
		("%d %B %Y %H:%M", "29 février 2016 01:16"),
		("%d. %b %Y %H:%M", "29. Feb. 2016 01:16"),
		("%d %B %Y %H:%M", "29 de fevereiro 2016 01:16".replace("de ", "")),
		("epoch", "1456679760"),
		("epoch_ms", "1456679760123"),
		("excel", "42429.052778"),
		("%d/%m/%Y %H:%M %Z", "29/02/2016 01:16 CST"),  # China's, as the zone has it
		("%d/%m/%Y %H:%M %Z", "28/02/2016 18:16 CET"),
		("%d/%m/%Y %H:%M %Z", "28/02/2016 12:16 America/New_York"),
		("%d/%m/%Y %H:%M %z", "28/02/2016 18:16 GMT+1"),
		("%Y-%m-%dT%H:%M:%S.%f%z", "2016-02-28T18:16:00.000+01:00"),
		("iso", "2016-02-28T17:16:00.123+0000"),
		("%F %R", "2016-02-29 01:16"),
		("%Y/%m/%d %p %I:%M", "2016/2/29 凌晨 1:16"),
		("%Y年%m月%d日 %H:%M", "2016年2月29日 01:16"),
		("%a %d %b %Y %H:%M", "Mon 29 Feb 2016 01:16"),
	],
)
def test_the_times_of_exports(time_format, text):
	if "f" in text and not text.startswith("29/") and not month_names.babel_is_here():
		pytest.skip("names in other languages need Babel")
	assert TimeReader([time_format], SHANGHAI).read(text) == utc("2016-02-28T17:16")


def test_a_language_decides_where_names_are_not_the_same_month_everywhere():
	assert TimeReader(["%d %b %Y"], BERLIN).read("1 listopad 2024") is None
	assert TimeReader(["%d %B %Y"], BERLIN, "hr").read("1 listopada 2024") == TimeReader(
		["%d %B %Y"], BERLIN
	).read("1 Oct 2024")
	assert TimeReader(["%d %B %Y"], BERLIN, "pl").read("1 listopada 2024") == TimeReader(
		["%d %B %Y"], BERLIN
	).read("1 Nov 2024")


@pytest.mark.parametrize(
	("text", "seconds"),
	[
		("2 days 14 hours", 62 * 3600),
		("62:30:00", 225_000),
		("1 day, 2:00", 26 * 3600),
		("P2DT14H", 62 * 3600),
		("90", 90),
		("1,5 h", 5400),
		("2天 14小时 30分钟", 225_000),
		("1 dias 18 horas 47 minutos", 154_020),
		("0 segundo", 0),
		("3 Tage und 2 Stunden", 74 * 3600),
		("soon", None),
		("5 apples", None),
		("2 days 14", None),
		("", None),
	],
)
def test_durations_as_help_desks_write_them(text, seconds):
	assert seconds_of(text) == seconds


def test_a_number_counts_the_unit_of_the_mapping():
	assert (seconds_of("90", "minutes"), seconds_of("1.5", "hours")) == (5400, 5400)


@given(
	st.integers(0, 5_000_000_000),
	st.sampled_from(
		["Europe/Berlin", "Asia/Shanghai", "Asia/Kathmandu", "Africa/Monrovia", "Australia/Lord_Howe"]
	),
)
def test_instants_are_written_as_the_standard_library_does(instant, zone):
	moments = Moments(ZoneInfo(zone))
	for at in (instant - instant % 900, instant, instant + 1):
		assert moments.text(at) == datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat()
