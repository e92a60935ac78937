"""The command `ops-delivery dates`: what it prints, what it refuses, and that it needs no site."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ops_delivery.replay.cli import main

from .conftest import an_agreement

ROOT = Path(__file__).parents[2]
OFFICE = {
	"time_zone": "Asia/Shanghai",
	"week": {day: [["09:00", "18:00"]] for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")},
	"exceptions": [
		*({"date": f"2026-10-0{day}", "kind": "holiday"} for day in range(1, 8)),
		{"date": "2026-10-10", "kind": "makeup", "weekday": "Friday"},
	],
}


@pytest.fixture
def office(tmp_path) -> str:
	path = tmp_path / "office.json"
	path.write_text(json.dumps(OFFICE), "utf-8")
	return str(path)


@pytest.fixture
def dates(capsys):
	"""Runs the command: (exit code, the lines printed, standard error)."""

	def run(*arguments: str) -> tuple[int, list[str], str]:
		try:
			code = main(["dates", *arguments])
		except SystemExit as ended:  # argparse
			code = ended.code
		said = capsys.readouterr()
		return code, said.out.splitlines(), said.err

	return run


def test_as_the_guide_shows_it_without_frappe(tmp_path):
	"""A fresh interpreter in which frappe cannot be imported."""
	(tmp_path / "frappe.py").write_text("raise ImportError('no frappe here')", "utf-8")
	ran = subprocess.run(
		[
			*(sys.executable, "-m", "ops_delivery.replay", "dates", "FREQ=MONTHLY;BYMONTHDAY=31"),
			*("--start", "2026-01-31", "--count", "12"),
		],
		cwd=tmp_path,
		env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": "", "LANG": "C"},
		capture_output=True,
		encoding="utf-8",
	)
	assert ran.returncode == 0, ran.stderr
	months = ("01", "03", "05", "07", "08", "10", "12")
	years = [f"{year}-{month}-31" for year in (2026, 2027) for month in months]
	assert ran.stdout.split("\n") == [*years[:12], ""]
	assert ran.stderr == ""


def test_short_months_take_their_last_day_where_asked(dates):
	code, lines, _ = dates("FREQ=MONTHLY;BYMONTHDAY=31", "--start", "2026-01-31", "--count", "4", "--short-month", "last")
	assert (code, lines) == (0, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"])


@pytest.mark.parametrize(
	("start", "lines"),
	[
		("2026-01-31", ["2026-01-31", "2026-02-01"]),
		("20260131", ["2026-01-31", "2026-02-01"]),
		("2026-01-31T09:00", ["2026-01-31T09:00", "2026-02-01T09:00"]),
		("2026-01-31 09:00", ["2026-01-31T09:00", "2026-02-01T09:00"]),
		("2026-01-31T09:00:00", ["2026-01-31T09:00:00", "2026-02-01T09:00:00"]),
		("20260131T090000", ["2026-01-31T09:00:00", "2026-02-01T09:00:00"]),
		("20260131T090000Z", ["2026-01-31T09:00:00", "2026-02-01T09:00:00"]),
	],
)
def test_what_is_printed_is_written_as_the_start_is(dates, start, lines):
	code, printed, said = dates("FREQ=DAILY", "--start", start, "--count", "2")
	assert (code, printed) == (0, lines)
	assert ("its Z says nothing" in said) == start.endswith("Z")


def test_seconds_are_printed_where_the_rule_has_them(dates):
	_, lines, _ = dates("FREQ=DAILY;BYSECOND=0,30", "--start", "2026-01-31T09:00", "--count", "2")
	assert lines == ["2026-01-31T09:00:00", "2026-01-31T09:00:30"]


@pytest.mark.parametrize(
	("closed", "lines"),
	[
		("skip", ["2026-10-10", "2026-11-09"]),
		("before", ["2026-09-30", "2026-10-09", "2026-10-10"]),
		("after", ["2026-10-08", "2026-10-10", "2026-10-12"]),
	],
)
def test_closed_days_are_treated_as_asked(dates, office, closed, lines):
	"""4 October lies in the National Day week; 10 October is a Saturday that is worked, the 11th a Sunday; 9 November is a Monday."""
	rule = "FREQ=MONTHLY;BYMONTHDAY=4,10,11" if closed != "skip" else "FREQ=MONTHLY;BYMONTHDAY=10,9;BYDAY=SA,MO"
	if closed == "before":
		rule = "FREQ=MONTHLY;BYMONTHDAY=4,9,11"
	code, printed, _ = dates(rule, "--start", "2026-10-01", "--count", str(len(lines)), "--closed", closed, "--calendar", office)
	assert (code, printed) == (0, lines)


def test_an_agreement_file_gives_its_own_calendar(dates, tmp_path):
	path = tmp_path / "agreement.json"
	path.write_text(json.dumps(an_agreement()), "utf-8")
	code, lines, _ = dates("FREQ=WEEKLY;BYDAY=SA", "--start", "2026-01-03", "--count", "1", "--closed", "after", "--calendar", str(path))
	assert (code, lines) == (0, ["2026-01-05"])


def test_where_the_rule_ends_it_is_said(dates):
	code, lines, said = dates("FREQ=DAILY;COUNT=2", "--start", "2026-01-31", "--count", "12")
	assert (code, len(lines)) == (0, 2)
	assert "2 of 12 dates" in said


def test_until_with_z_is_read_as_local_time_and_said_so(dates):
	code, lines, said = dates("FREQ=DAILY;UNTIL=20260201T090000Z", "--start", "2026-01-31T09:00", "--count", "3")
	assert (code, lines) == (0, ["2026-01-31T09:00", "2026-02-01T09:00"])
	assert "UNTIL is read as local time" in said


@pytest.mark.parametrize(
	("arguments", "said"),
	[
		(("FREQ=DAILY;", "--start", "2026-01-31", "--count", "3"), "ends with a semicolon"),
		(("FREQ=DAILY;COLOUR=1", "--start", "2026-01-31", "--count", "3"), "COLOUR=1 is no part of a rule"),
		(("FREQ=YEARLY;BYMONTHDAY=1", "--start", "2026-01-31", "--count", "3"), "Add BYMONTH"),
		(("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "--start", "2026-01-31", "--count", "3"), "never falls"),
		(("FREQ=HOURLY", "--start", "2026-01-31", "--count", "3"), "needs a time of day"),
		(("FREQ=DAILY", "--start", "31.01.2026", "--count", "3"), "--start"),
		(("FREQ=DAILY", "--start", "2026-02-30", "--count", "3"), "--start"),
		(("FREQ=DAILY", "--start", "2026-01-31T25:00", "--count", "3"), "--start"),
		(("FREQ=DAILY", "--start", "2026-01-31T09:00+08:00", "--count", "3"), "has an offset"),
		(("FREQ=DAILY", "--start", "", "--count", "3"), "--start"),
		(("FREQ=DAILY", "--start", "2026-01-31", "--count", "0"), "--count"),
		(("FREQ=DAILY", "--start", "2026-01-31", "--count", "many"), "--count"),
		(("FREQ=DAILY", "--start", "2026-01-31", "--count", "-1"), "--count"),
		(("FREQ=DAILY", "--start", "2026-01-31"), "--count"),
		(("FREQ=DAILY", "--count", "3"), "--start"),
		(("--start", "2026-01-31", "--count", "3"), "RULE"),
		(("FREQ=DAILY", "--start", "2026-01-31", "--count", "3", "--short-month", "first"), "--short-month"),
		(("FREQ=DAILY", "--start", "2026-01-31", "--count", "3", "--closed", "near"), "--closed"),
		(("FREQ=DAILY", "--start", "2026-01-31", "--count", "3", "--closed", "skip"), "--calendar"),
		(("FREQ=DAILY", "--start", "2026-01-31", "--count", "3", "--closed", "skip", "--calendar", "none.json"), "no such file"),
	],
)
def test_what_cannot_be_used_is_refused_in_words_and_nothing_is_printed(dates, arguments, said):
	code, lines, error = dates(*arguments)
	assert (code, lines) == (2, [])
	assert said in error
	assert "Traceback" not in error


@pytest.mark.parametrize(
	("content", "said"),
	[
		("{", "is not JSON"),
		("[" * 100_000, "is not JSON"),
		("[]", "is not a table"),
		('{"time_zone": "Mars/Base", "week": {"Monday": [["09:00", "18:00"]]}}', "Mars/Base"),
		('{"time_zone": "UTC", "week": {}}', "no working window"),
		('{"calendar": "a", "calendars": {"b": {}}}', "none of its calendars"),
	],
)
def test_a_calendar_that_is_none_is_refused(dates, tmp_path, content, said):
	(tmp_path / "odd.json").write_text(content, "utf-8")
	more = ("--closed", "skip", "--calendar", str(tmp_path / "odd.json"))
	code, lines, error = dates("FREQ=DAILY", "--start", "2026-01-31", "--count", "3", *more)
	assert (code, lines) == (2, [])
	assert said in error


def test_help_tells_all():
	with pytest.raises(SystemExit) as ended:
		main(["dates", "--help"])
	assert ended.value.code == 0
