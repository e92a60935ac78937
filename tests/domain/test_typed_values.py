"""Days, times, lengths of time and ticks as people and spreadsheets write them."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, timezone

import pytest

from ops_delivery.domain import typed_values
from ops_delivery.domain.errors import DomainError


@contextmanager
def refused(code):
	with pytest.raises(DomainError) as caught:
		yield
	assert caught.value.code == code and str(caught.value)


@pytest.mark.parametrize(
	"value, pattern",
	[
		("2031-01-09", "dd-mm-yyyy"),
		("09-01-2031", "dd-mm-yyyy"),
		("01/09/2031", "mm/dd/yyyy"),
		("9.1.2031", "dd.mm.yyyy"),
		("2031/1/9", "mm/dd/yyyy"),
		("2031年1月9日", "yyyy-mm-dd"),
		("２０３１年１月９日", "yyyy-mm-dd"),
		("2031-01-09 00:00:00", "yyyy-mm-dd"),
		("2031-01-09T00:00", "yyyy-mm-dd"),
		(date(2031, 1, 9), "yyyy-mm-dd"),
		(datetime.fromisoformat("2031-01-09 00:00:00"), "yyyy-mm-dd"),
	],
)
def test_a_day(value, pattern):
	assert typed_values.read_day(value, pattern) == date(2031, 1, 9)


@pytest.mark.parametrize(
	"value",
	[
		"2031-02-30",
		"31-12-31",
		"09-01-2031",
		"2031-01-09 08:00",
		datetime.fromisoformat("2031-01-09 08:00:00"),
		"soon",
		47000,
		"2031-01-091",
		"",
	],
)
def test_no_day(value):
	with refused("bad_day"):
		typed_values.read_day(value, "yyyy-mm-dd")


def test_a_moment():
	assert typed_values.read_moment("09-01-2031 14:30", "dd-mm-yyyy") == datetime.fromisoformat(
		"2031-01-09 14:30:00"
	)
	assert typed_values.read_moment("2031年1月9日 8:05:07") == datetime.fromisoformat("2031-01-09 08:05:07")
	assert typed_values.read_moment("2031-01-09 08:05:07.123456") == datetime.fromisoformat(
		"2031-01-09 08:05:07"
	)
	with refused("bad_day"):
		typed_values.read_moment("2031-01-09 8 o'clock")


@pytest.mark.parametrize(
	"value, read",
	[
		("9:05", "09:05:00"),
		("24:00", "24:00:00"),
		(time(9, 5), "09:05:00"),
		(timedelta(hours=24), "24:00:00"),
		("9：05", "09:05:00"),
		("0:00", "00:00:00"),
		("9:59", "09:59:00"),
		("23:59:59", "23:59:59"),
		("9:05:07.25", "09:05:07"),
		(time(9, 5, 7, 250), "09:05:07"),
		(datetime(2031, 1, 9, 9, 5, 7, tzinfo=timezone.utc), "09:05:07"),
		(timedelta(hours=9, minutes=5, seconds=7), "09:05:07"),
		(timedelta(seconds=7.6), "00:00:08"),
	],
)
def test_a_time(value, read):
	assert typed_values.read_time(value) == read


@pytest.mark.parametrize("value", ["25:00", "24:01", "9", "9:60", "9:05:60", "24:00:01", "9:5", "009:05", timedelta(hours=25), None, 9])
def test_no_time(value):
	with refused("bad_time"):
		typed_values.read_time(value)


@pytest.mark.parametrize(
	"value",
	[
		"2h30m",
		"2h 30m",
		"2小时30分钟",
		"2时30分",
		"150分",
		"9000",
		9000,
		9000.0,
		time(2, 30),
		timedelta(minutes=150),
	],
)
def test_a_length_of_time(value):
	assert typed_values.read_duration(value) == 9000
	assert typed_values.in_units(9000) == "2h 30m"


def test_lengths_are_written_as_tables_read_them():
	assert [typed_values.in_units(seconds) for seconds in (0, 59, 86400, 93784)] == [
		"0s",
		"59s",
		"1d",
		"1d 2h 3m 4s",
	]
	assert typed_values.read_duration("1天2小时") == 93600
	for value in ("soon", "-2h", 1.5, True, "2 weeks"):
		with refused("bad_duration"):
			typed_values.read_duration(value)


@pytest.mark.parametrize("value", ["是", "Yes", "1", 1, True, 1.0, "√", " y "])
def test_yes(value):
	assert typed_values.read_tick(value) == 1


@pytest.mark.parametrize("value", ["否", "No", "0", 0, False, 0.0, "f"])
def test_no(value):
	assert typed_values.read_tick(value) == 0


def test_neither():
	for value in ("perhaps", 2, "也许"):
		with refused("bad_tick"):
			typed_values.read_tick(value)
