"""What real exports hold and once came out wrong: without a word, with a traceback, or with words that misled."""

from __future__ import annotations

import json

import pytest

from ops_delivery.replay import draft_words, text_files
from ops_delivery.replay.cli import main
from ops_delivery.replay.errors import InputError
from ops_delivery.replay.hold_times import seconds_of

from .conftest import a_mapping

TICKETS = "id,made,ended,priority\n"
ONE = TICKETS + "A,2025-01-06 09:00,2025-01-06 11:00,1\n"  # a Monday


def tickets(**changes) -> dict:
	"""A mapping for a row a ticket."""
	found = a_mapping(
		shape="tickets",
		columns={"ticket": "id", "made": "made", "created": "made", "priority": "priority"},
		commitments={"Resolution": {"met_at": "ended"}},
		**changes,
	)
	del found["states"], found["columns"]["made"]
	return found


@pytest.mark.parametrize("asked", ["9999-12-31", "0001-01-01", "2300-01-01", "20250106", "2025-W02-1"])
def test_as_of_is_a_day_or_a_time_within_the_years_that_are_read(replay, asked):
	ran = replay(ONE, None, tickets(), "--as-of", asked)
	assert ran.code == 2
	assert f'--as-of: "{asked}" is no date such as 2025-06-30' in ran.err


@pytest.mark.parametrize(
	"asked", ['priority in (priority == "1")', '"x"', "5 in 5", 'priority < ["1"]', '["1"]']
)
def test_a_condition_that_asks_nothing_is_refused(replay, asked):
	ran = replay(ONE, None, tickets(), "--where", asked)
	assert ran.code == 2
	assert ran.err.startswith("ops-delivery: --where: ") and "write for instance" in ran.err


def test_one_text_in_brackets_is_that_text_and_not_a_part_of_it(replay):
	rows = TICKETS + "A,2025-01-06 09:00,,High\nB,2025-01-06 09:00,,\nC,2025-01-06 09:00,,Hi\n"
	ran = replay(rows, None, tickets(), "--where", 'priority in ("High")')
	assert [clock["ticket"] for clock in ran.clocks] == ["A"]
	ran = replay(rows, None, tickets(), "--where", '"Hi" in priority')
	assert [clock["ticket"] for clock in ran.clocks] == ["A", "C"]


@pytest.mark.parametrize("since", ["01/06/2025 00:00", "2025-06-01", "2025-06-01T00:00"])
def test_a_condition_compares_times_as_times(replay, since):
	rows = TICKETS + "A,14/05/2025 09:00,14/05/2025 12:00,1\nB,02/06/2025 09:00,,1\n"
	mapping = tickets() | {"time_format": "%d/%m/%Y %H:%M"}
	ran = replay(rows, None, mapping, "--where", f'created >= "{since}"')
	assert [clock["ticket"] for clock in ran.clocks] == ["B"]
	ran = replay(rows, None, mapping, "--where", f'"{since}" > ended')
	assert [clock["ticket"] for clock in ran.clocks] == ["A"]  # and not B, which has no end


def test_a_condition_on_a_time_needs_one_to_compare_with(replay):
	ran = replay(ONE, None, tickets(), "--where", 'made > "spring"')
	assert ran.code == 2
	assert '--where: "spring" is no time to compare made with' in ran.err


@pytest.mark.parametrize(
	("text", "seconds"), [("1,234", None), ("1.5", 2), ("1,5 hours", 5400), ("12,345 s", None)]
)
def test_a_comma_that_may_part_thousands_is_no_decimal_comma(text, seconds):
	assert seconds_of(text) == seconds


def test_a_zone_name_counts_at_its_time_of_day(replay):
	rows = TICKETS + "A,2025-03-30 01:00 Europe/Paris,2025-03-30 04:00 Europe/Paris,1\n"
	ran = replay(rows, None, tickets() | {"time_format": "%Y-%m-%d %H:%M %Z"})
	clock = ran.clock("A", "Resolution")  # on that day the clock goes from 2 to 3
	assert clock["started"] == "2025-03-30T08:00:00+08:00"
	assert clock["stopped"] == "2025-03-30T10:00:00+08:00"


def test_a_narrow_space_before_pm_hides_no_evidence(replay):
	"""As Java and Node have written times since 2023."""
	space = "\u202f"
	rows = TICKETS + f'A,"1/7/2025, 9:00{space}AM","1/14/2025, 2:00{space}PM",1\n'
	mapping = tickets() | {"time_format": ["%d/%m/%Y, %I:%M %p", "%m/%d/%Y, %I:%M %p"]}
	ran = replay(rows, None, mapping)
	assert ran.code == 0
	assert ran.clock("A", "Resolution")["started"] == "2025-01-07T09:00:00+08:00"


def test_a_row_in_another_encoding_at_the_end_does_not_turn_the_whole(tmp_path):
	log = tmp_path / "log.csv"
	rows = "".join(f"{i:05},Büro\n" for i in range(400)).encode()
	log.write_bytes(rows[: text_files.HEAD - 9] + b"\n\n\n\n\n\n\n\n\n" + "400,Stöhr\n".encode("cp1252"))
	with open(log, "rb") as file, pytest.raises(InputError, match="is UTF-8 but for some bytes"):
		text_files.encoding_of(file, "log.csv")
