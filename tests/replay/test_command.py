"""The command itself: its help, its exit codes, its sample."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ops_delivery.replay import demo, mapping_file
from ops_delivery.replay.cli import main

from .conftest import an_agreement

GOOD = ["A,2025-01-06 09:00,2025-01-06 10:00,open,1"]


def test_help_tells_all(capsys):
	with pytest.raises(SystemExit) as ended:
		main(["replay", "--help"])
	assert ended.value.code == 0
	text = capsys.readouterr().out
	for word in (
		"LOG", "--agreement", "--mapping", "servicenow-audit", "--json", "--clocks", "--rejected", "--report",
		"--language", "exit codes", "elapsed_s", "examples", "docs/agreement-file.md",
	):  # fmt: skip
		assert word in text


def test_without_frappe_as_a_module_and_silent_without_a_terminal(tmp_path):
	"""A fresh interpreter in which frappe cannot be imported; no progress bar in a pipe."""
	(tmp_path / "frappe.py").write_text("raise ImportError('no frappe here')", "utf-8")
	demo.copy_to(str(tmp_path / "demo"))
	root = Path(__file__).parents[2]
	ran = subprocess.run(
		[
			*(sys.executable, "-m", "ops_delivery.replay", "replay", "demo/sample-updates.csv"),
			*("--agreement", "demo/sample-agreement.json", "--report", "report.html", "--language", "zh"),
		],
		cwd=tmp_path,
		env={"PYTHONPATH": f"{tmp_path}:{root}", "PATH": "", "LANG": "C"},
		capture_output=True,
		encoding="utf-8",
	)
	assert ran.returncode == 0, ran.stderr
	assert "60 tickets" in ran.stdout
	assert "\r" not in ran.stderr
	assert (tmp_path / "report.html").stat().st_size > 20_000


def test_the_two_shapes_of_the_sample_agree(tmp_path):
	"""Where the priority never changed and nothing was reopened, a row a ticket says the same."""
	demo.copy_to(str(tmp_path))
	figures = {}
	for shape in ("updates", "tickets"):
		log, out = tmp_path / f"sample-{shape}.csv", tmp_path / f"{shape}.json"
		agreement = str(tmp_path / demo.AGREEMENT)
		assert main(["replay", str(log), "--agreement", agreement, "--json", str(out)]) == 0
		figures[shape] = json.loads(out.read_text("utf-8"))
	assert figures["updates"]["tickets"] == figures["tickets"]["tickets"] == 60
	assert figures["updates"]["rejected_rows"] == 3
	response = [f["commitments"]["First Response"] for f in figures.values()]
	assert response[0] == response[1]
	assert list(figures["updates"]) == [
		"tickets",
		"rows",
		"rejected_rows",
		"rejected_clocks",
		"lost_tickets",
		"tickets_not_chosen",
		"reasons",
		"unused",
		"partial",
		"until",
		"commitments",
		"triggers",
		"curve",
		"seconds",
	]


def test_the_sample_is_not_written_over(tmp_path, capsys):
	assert main(["sample", str(tmp_path)]) == 0
	assert main(["sample", str(tmp_path)]) == 2
	assert "is not overwritten" in capsys.readouterr().err


def test_json_to_standard_output_is_alone_there(replay):
	ran = replay(GOOD, None, None, "--json", "-")
	assert json.loads(ran.out)["tickets"] == 1


def test_an_agreement_is_printed(tmp_path, capsys):
	path = tmp_path / "a.json"
	amounts = [
		{"what": "Visits", "amount": 8, "unit": "visit", "per": "year", "carry_periods": 1},
		{"what": "Hotline", "unit": "call", "per": "month"},
	]
	path.write_text(json.dumps({**an_agreement(), "amounts": amounts}), "utf-8")
	assert main(["agreement", str(path)]) == 0
	text = capsys.readouterr().out
	assert "amount:    Visits: 8 (visit) a year; the rest stays good for 1 more periods" in text
	assert "amount:    Hotline: as many as needed" in text
	assert "SA-1, version 3: Office network" in text
	assert "Mon–Fri 09:00–12:00, 13:00–18:00 (Asia/Shanghai)" in text
	assert "Resolution, High: 4 h" in text


@pytest.mark.parametrize(
	("change", "said"),
	[
		({"calendar": "night"}, "a.json: calendar: 'night'"),
		({"priorities": ["Low"]}, "targets[0].priority: 'High'"),
		(
			{"targets": [{"commitment": "Resolution", "priority": "High", "target": "soon"}]},
			"targets[0].target",
		),
		({"calendars": {"office": {"time_zone": "Asia/Shanghai", "week": {}}}}, "calendars.office"),
		({"format": "nonsense"}, "format: 'nonsense'"),
		({"penalty": 5}, "penalty: 5"),
	],
)
def test_a_bad_agreement_names_field_and_value(tmp_path, capsys, change, said):
	path = tmp_path / "a.json"
	path.write_text(json.dumps(an_agreement(**change)), "utf-8")
	assert main(["agreement", str(path)]) == 2
	err = capsys.readouterr().err
	assert said in err
	assert len(err.splitlines()) == 1


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe{", b"3", b""])
def test_an_agreement_that_is_none(tmp_path, capsys, content):
	path = tmp_path / "a.json"
	path.write_bytes(content)
	assert main(["agreement", str(path)]) == 2
	err = capsys.readouterr().err
	assert err.startswith("ops-delivery: ")
	assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
	("more", "said"),
	[
		(["--agreement", "nowhere.json"], "nowhere.json: no such file"),
		(["--report", "r.doc"], "--report: r.doc must end in .html or .pdf"),
		(["--report", "nowhere/r.html"], "--report: nowhere/r.html cannot be written"),
		(["--time-zone", "Mars"], '--time-zone: unknown time zone "Mars"'),
		(["--time-zone", "../../etc/passwd"], "unknown time zone"),
	],
)
def test_bad_options(replay, more, said):
	ran = replay(GOOD, None, None, *more)
	assert ran.code == 2
	assert said in ran.err


def test_a_result_never_overwrites_what_is_read(replay, tmp_path):
	ran = replay(GOOD, None, None, "--json", str(tmp_path / "log.csv"))
	assert ran.code == 2
	assert "is also read or written" in ran.err
	assert (tmp_path / "log.csv").read_text("utf-8").startswith("id,made")


def test_a_missing_log(tmp_path, capsys):
	path = tmp_path / "a.json"
	path.write_text(json.dumps(an_agreement()), "utf-8")
	assert main(["replay", str(tmp_path / "none.csv"), "--agreement", str(path)]) == 2
	assert "none.csv: no such file" in capsys.readouterr().err
	assert main(["replay", str(tmp_path), "--agreement", str(path)]) == 2
	assert "cannot be read" in capsys.readouterr().err


def test_the_examples_of_the_documents_are_valid(tmp_path, capsys):
	docs = Path(__file__).parents[2] / "docs"
	(terms,) = re.findall(r"```json\n(.*?)```", (docs / "agreement-file.md").read_text("utf-8"), re.DOTALL)
	(tmp_path / "a.json").write_text(terms, "utf-8")
	assert main(["agreement", str(tmp_path / "a.json")]) == 0, capsys.readouterr().err
	mappings = re.findall(r"```json\n(.*?)```", (docs / "replay.md").read_text("utf-8"), re.DOTALL)
	assert [mapping_file.parse(text, "example").shape for text in mappings] == ["updates", "tickets"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_a_terminal_sees_a_progress_bar(tmp_path):
	import pty

	demo.copy_to(str(tmp_path))
	ours, theirs = pty.openpty()
	ran = subprocess.run(
		[
			*(sys.executable, "-m", "ops_delivery.replay", "replay", str(tmp_path / demo.UPDATES)),
			*("--agreement", str(tmp_path / demo.AGREEMENT)),
		],
		cwd=Path(__file__).parents[2],
		stdout=subprocess.DEVNULL,
		stderr=theirs,
	)
	os.close(theirs)
	shown = os.read(ours, 65536)
	os.close(ours)
	assert ran.returncode == 0
	assert b"reading:" in shown and b"replaying:" in shown
