"""Rows that cannot be used are reported and left out; files that cannot be used are refused in one line."""

from __future__ import annotations

import gzip

import pytest

from ops_delivery.replay.outputs import safe

from .conftest import HEADER, a_mapping

GOOD = "A,2025-01-06 09:00,2025-01-06 10:00,open,1"


def test_bad_rows_are_named_by_line_and_the_rest_goes_on(replay):
	ran = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 08:59,new,1",  # 2: before it was made
			"A,2025-01-06 09:00,2025-01-06 10:00,open,1",
			"A,2025-01-06 09:00,yesterday,open,1",  # 4
			"A,2025-01-06 09:00,2025-01-06 09:59,wait,1",  # 5: put in its place
			"A,2025-01-06 09:00,2025-01-06 10:30,-100,1",  # 6
			"A,2025-01-06",  # 7
			",2025-01-06 09:00,2025-01-06 10:00,open,1",  # 8
			"B,?,2025-01-06 10:00,open,1",  # 9
			"",  # a blank line is nothing
			"A,2025-01-06 09:00,2025-01-06 11:00,done,1",
		]
	)
	assert ran.code == 3
	assert [(int(r["line"]), r["reason"]) for r in ran.rejected] == [
		(2, "before_created"),
		(4, "unreadable_time"),
		(6, "unknown_state"),
		(7, "short_row"),
		(8, "no_ticket"),
		(9, "unreadable_time"),
	]
	assert (ran.figures["rows"], ran.figures["rejected_rows"], ran.figures["tickets"]) == (9, 6, 1)
	assert ran.clock("A", "First Response")["elapsed_s"] == str(59 * 60)
	assert ran.clock("A", "Resolution")["state"] == "met"
	assert 'line 6: A: state "-100" is not a known state' in ran.err
	assert "rows that could not be used: 6 of 9" in ran.err


def test_standard_error_lists_twenty_and_counts_the_rest(replay):
	ran = replay([GOOD] + ["A,2025-01-06 09:00,never,open,1"] * 25)
	assert ran.err.count("never") == 20
	assert "… and 5 more" in ran.err
	assert len(ran.rejected) == 25


def test_lines_are_counted_through_quoted_line_breaks(replay):
	ran = replay(f'note,{HEADER}\n"two\nlines",{GOOD}\n"one",{GOOD.replace("open", "odd")}\n')
	assert [r["line"] for r in ran.rejected] == ["4"]


def test_cells_that_look_like_formulas_are_made_safe(replay):
	ran = replay(
		[
			"=HYPERLINK(1),2025-01-06 09:00,2025-01-06 10:00,open,1",
			"+1,2025-01-06 09:00,2025-01-06 10:00,=cmd|x,1",
		]
	)
	text = (ran.folder / "clocks.csv").read_text("utf-8")
	assert "\n'=HYPERLINK(1),First Response" in text
	assert ran.rejected[0]["ticket"] == "'+1"
	assert ran.rejected[0]["value"] == "'=cmd|x"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_safe_cells(start):
	assert safe(start + "1") == "'" + start + "1"
	assert safe("1" + start) == "1" + start


def test_unknown_priorities_take_the_default_and_are_said(replay):
	ran = replay(
		[GOOD, "B,2025-01-06 09:00,2025-01-06 10:00,open,9", "C,2025-01-06 09:00,2025-01-06 10:00,open,?"]
	)
	assert ran.clock("B", "Resolution")["priority"] == "Low"
	assert ran.clock("C", "Resolution")["priority"] == "Low"
	assert "priority '9' is not mapped and was taken as 'Low' (tickets: 1)" in ran.err
	assert "'?'" not in ran.err


def test_an_empty_priority_keeps_the_one_before(replay):
	ran = replay([GOOD, "A,2025-01-06 09:00,2025-01-06 11:00,done,?"])
	assert ran.clock("A", "Resolution")["priority"] == "High"


def test_priorities_may_be_written_as_the_agreement_names_them(replay):
	ran = replay([GOOD.replace(",1", ",High")])
	assert ran.clock("A", "Resolution")["priority"] == "High"


def test_a_log_of_nothing_but_a_header(replay):
	ran = replay([])
	assert ran.code == 0
	assert ran.figures["commitments"]["Resolution"] == {
		"met": 0,
		"breached": 0,
		"running": 0,
		"attainment": None,
	}


@pytest.mark.parametrize(
	("data", "said"),
	[
		(b"", "log.csv: is empty"),
		(b"id,made,changed,priority\n", 'log.csv: has no column "state", which the mapping desk needs'),
		(b"id,made,changed,state,state,priority\n", 'log.csv: has the column "state" more than once'),
		("id,made,changed,state,priority\nü".encode("latin-1"), 'name its "encoding" in the mapping'),
		(
			gzip.compress(b"id,made,changed,state,priority\n" + b"A,,,,\n" * 9999)[:-20],
			"is a damaged gzip file",
		),
	],
)
def test_a_file_that_cannot_be_used(replay, data, said):
	ran = replay(data)
	assert ran.code == 2
	assert said in ran.err
	assert len(ran.err.splitlines()) == 1


def test_gzip_byte_order_mark_and_other_encodings(replay):
	text = f"{HEADER}\n{GOOD}\n"
	plain = replay(text).clocks
	assert replay(gzip.compress(text.encode())).clocks == plain
	assert replay(text.encode("utf-8-sig")).clocks == plain
	chinese = a_mapping(encoding="gb18030", priorities={"高": "High"})
	assert replay(text.replace(",1", ",高").encode("gb18030"), None, chinese).clocks == plain
	semicolons = a_mapping(delimiter=";")
	assert replay(text.replace(",", ";"), None, semicolons).clocks == plain


@pytest.mark.parametrize(
	("change", "said"),
	[
		({"shape": "events"}, 'shape: must be "updates" or "tickets", not "events"'),
		({"columns": {"ticket": "id"}}, "columns.created: is missing"),
		({"states": []}, "states: must list"),
		({"time_format": "dd.mm.yyyy"}, 'time_format: must be "iso" or a pattern'),
		({"time_format": "%H:%M"}, "time_format: must be"),
		({"time_zone": "Mars/Olympus"}, 'time_zone: unknown time zone "Mars/Olympus"'),
		({"encoding": "ebcdic-9"}, 'encoding: unknown encoding "ebcdic-9"'),
		(
			{"commitments": {"Resolution": {"met": ["gone"]}}},
			'commitments.Resolution.met: "gone" is not one of the states',
		),
		({"commitments": {"Resolution": {"paused": []}}}, "commitments.Resolution.met: is missing"),
		(
			{"commitments": {"Resolution": {"met": ["done"], "resets": 1}}},
			"commitments.Resolution.resets: is not known",
		),
		({"commitments": {"Repair": {"met": ["done"]}}}, 'none of "Repair" has a target in the agreement'),
		({"priorities": {"1": "Top"}}, 'priorities.1: "Top" is not a priority of the agreement (Low, High)'),
		({"kind": 1}, "kind: is not a key of a mapping"),
		({"format": "x"}, 'format: must be "ops_delivery.mapping/1"'),
	],
)
def test_a_mapping_that_cannot_be_used(replay, change, said):
	ran = replay([GOOD], None, a_mapping(**change))
	assert ran.code == 2
	assert ran.err.startswith("ops-delivery: desk.json: ")
	assert said in ran.err
	assert len(ran.err.splitlines()) == 1


def test_without_a_mapping_the_fitting_one_is_taken_and_said(replay):
	header = "number,incident_state,opened_at,sys_updated_at,priority"
	ran = replay(f"{header}\nI1,Active,16/1/2025 09:00,16/1/2025 10:00,High\n", None, False)
	assert ran.code == 0
	assert "mapping: servicenow-audit" in ran.err
	assert ran.clock("I1", "First Response")["stopped"] == "2025-01-16T10:00:00+08:00"


def test_without_a_fitting_mapping_the_missing_column_is_named(replay):
	ran = replay("number,incident_state,opened_at,priority\n", None, False)
	assert ran.code == 2
	assert 'nearest: servicenow-audit, missing "sys_updated_at"' in ran.err


def test_a_mapping_of_the_wrong_json(replay, tmp_path):
	bad = tmp_path / "bad.json"
	bad.write_text("{", "utf-8")
	assert "bad.json: is not JSON" in replay([GOOD], None, False, "--mapping", str(bad)).err
	assert "is neither a file nor a shipped mapping" in replay([GOOD], None, False, "--mapping", "none").err
