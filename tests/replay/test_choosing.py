"""What helps to choose: a second agreement side by side, the curve over the target, an agreement from a few questions."""

from __future__ import annotations

import io
import json
import sys

import pytest

from ops_delivery.replay import curve
from ops_delivery.replay.cli import main

from .conftest import an_agreement

HOUR = 3600
ROWS = [  # 6 January 2025 is a Monday
	"A,2025-01-06 09:00,2025-01-06 11:00,done,1",
	"B,2025-01-06 09:00,2025-01-06 12:00,done,1",
	"C,2025-01-06 09:00,2025-01-06 17:00,done,1",
	"D,2025-01-06 09:00,2025-01-06 18:00,open,1",
]


def test_two_agreements_side_by_side(replay):
	ran = replay(ROWS, None, None, "--what-if", "Resolution/High=2h")
	before, after = (
		ran.figures["commitments"]["Resolution"],
		ran.figures["what_if"]["commitments"]["Resolution"],
	)
	assert (before["met"], before["breached"]) == (2, 2)
	assert (after["met"], after["breached"]) == (1, 3)
	assert ran.figures["what_if"]["agreement"] == "Resolution/High=2h"
	assert "what if:" in ran.out and "(+1 breached, Resolution/High=2h)" in ran.out


def test_the_other_agreement_may_be_a_file_and_is_in_the_report(replay, tmp_path):
	other = an_agreement(agreement="SA-2")
	for target in other["targets"]:
		target["target"] = "16h"
	(tmp_path / "other.json").write_text(json.dumps(other), "utf-8")
	options = ("--what-if", str(tmp_path / "other.json"), "--report", str(tmp_path / "r.html"))
	ran = replay(ROWS, None, None, *options)
	assert ran.figures["what_if"]["commitments"]["Resolution"]["met"] == 3
	html = (tmp_path / "r.html").read_text("utf-8")
	assert "under SA-2 (other.json)" in html
	assert "Resolution: 50.0 % kept becomes 100 %; 2 fewer would have been missed." in html
	replay(ROWS, None, None, *options, "--language", "zh")
	assert "超时减少 2 张" in (tmp_path / "r.html").read_text("utf-8")


@pytest.mark.parametrize(
	("asked", "said"),
	[
		("Repair=4h", '"Repair" has no target in the agreement (it has First Response/High'),
		("Resolution=soon", "Resolution=soon: "),
		("Resolution=30m", "is longer than the resolution target"),
		("none.json", "none.json: no such file"),
	],
)
def test_a_what_if_that_cannot_be_used(replay, asked, said):
	ran = replay(ROWS, None, None, "--what-if", asked)
	assert ran.code == 2
	assert said in ran.err


def test_the_curve_counts_what_each_target_would_have_kept(replay):
	found = replay(ROWS).figures["curve"]["Resolution"]
	shares = dict(zip(found["targets_s"], found["shares"], strict=True))
	assert shares[1 * HOUR] == 0
	assert shares[2 * HOUR] == 0.25
	assert shares[3 * HOUR] == 0.5
	assert shares[6 * HOUR] == 0.5  # C used 7 h; D is open after 8 h
	assert shares[8 * HOUR] == 1  # D is not decided any more
	assert found["targets_s"][0] == HOUR and found["targets_s"][-1] == 5 * 24 * HOUR
	assert list(found["priorities"]) == ["High"]


def test_a_curve_bends_where_it_stands_highest_above_its_chord():
	assert curve.of([HOUR] * 10 + [8 * HOUR] * 80 + [100 * HOUR] * 10, []).bend == 8 * HOUR
	assert curve.of([], []).bend is None
	assert curve.of([HOUR], []).bend is None  # all is kept at the first target already


ANSWERS = """SA-7
Office network

2026-01-01
2026-12-31
Europe/Berlin
Mon-Fri
08:00-12:00 13:00-17:00
{country}
Low, High
Resolution
Low
4h
none
"""


@pytest.fixture
def ask(tmp_path, monkeypatch, capsys):
	"""Answers the questions from a text, as from a pipe."""

	def run(answers):
		monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
		code = main(["agreement", "new", str(tmp_path / "a.json")])
		return code, capsys.readouterr()

	return run


def test_an_agreement_from_a_few_questions(ask, tmp_path, capsys):
	code, _said = ask(ANSWERS.format(country="none"))
	assert code == 0
	assert main(["agreement", str(tmp_path / "a.json")]) == 0
	out = capsys.readouterr().out
	assert "SA-7, version 1: Office network" in out
	assert "Mon–Fri 08:00–12:00, 13:00–17:00 (Europe/Berlin)" in out
	assert "Resolution, High: 4 h" in out and "Resolution, Low" not in out
	code, said = ask(ANSWERS.format(country="none"))
	assert (code, "is not overwritten" in said.err) == (2, True)


def test_its_holidays_are_those_of_a_country(ask, tmp_path):
	assert ask(ANSWERS.format(country="DE"))[0] == 0
	exceptions = json.loads((tmp_path / "a.json").read_text("utf-8"))["calendars"]["service"]["exceptions"]
	assert "2026-05-01" in {row["date"] for row in exceptions}
	assert "2026-10-03" not in {row["date"] for row in exceptions}  # a Saturday


def test_chinas_make_up_workdays_are_in_it(ask, tmp_path):
	answers = ANSWERS.format(country="CN").replace("2026-", "2024-")
	assert ask(answers)[0] == 0
	exceptions = json.loads((tmp_path / "a.json").read_text("utf-8"))["calendars"]["service"]["exceptions"]
	kinds = {row["date"]: row["kind"] for row in exceptions}
	assert kinds["2024-10-01"] == "holiday" and kinds["2024-10-12"] == "makeup"


@pytest.mark.parametrize(
	("was", "answer", "said"),
	[
		("Europe/Berlin", "Mars", "unknown time zone"),
		("Mon-Fri", "Someday", "days are Mon, Tue"),
		("08:00-12:00 13:00-17:00", "nine to five", "hours are written"),
		("4h", "soon", "is not a duration"),
		("none\nLow, High", "XX\nLow, High", "is no country"),
	],
)
def test_a_wrong_answer_names_question_and_value(ask, was, answer, said):
	code, told = ask(ANSWERS.format(country="none").replace(was, answer, 1))
	assert code == 2
	assert said in told.err and "agreement new" in told.err


@pytest.mark.parametrize(
	("was", "answer", "said"),
	[
		("2026-12-31", "2025-12-31", "Last day"),
		("08:00-12:00 13:00-17:00", "08:00-12:00 13:00-25:00", "Service hours"),
		("08:00-12:00 13:00-17:00", "08:00-12:00 11:00-17:00", "Service hours"),
	],
)
def test_what_cannot_be_is_said_at_its_question(ask, was, answer, said):
	"""Not when all is answered, and all answers are lost."""
	code, told = ask(ANSWERS.format(country="none").replace(was, answer, 1))
	assert code == 2
	assert f"agreement new: {said}" in told.err and "Priorities, from low to high" not in told.out


def test_a_folder_that_is_not_there_is_said_before_any_question(monkeypatch, tmp_path, capsys):
	monkeypatch.setattr(sys, "stdin", io.StringIO(""))
	assert main(["agreement", "new", str(tmp_path / "none" / "a.json")]) == 2
	told = capsys.readouterr()
	assert "cannot be written: no such folder" in told.err and "Number of the agreement" not in told.out


def test_answers_as_a_chinese_keyboard_types_them(ask, tmp_path):
	answers = ANSWERS.format(country="none").replace("Mon-Fri", "周一至周五", 1)
	answers = answers.replace("08:00-12:00 13:00-17:00", "08：00－12：00，13：00－17：00", 1)
	assert ask(answers)[0] == 0
	week = json.loads((tmp_path / "a.json").read_text("utf-8"))["calendars"]["service"]["week"]
	assert week["Friday"] == [["08:00", "12:00"], ["13:00", "17:00"]] and week.get("Saturday", []) == []
