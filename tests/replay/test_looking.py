"""`ops-delivery mapping`: what a log shows, and a draft that says what it guessed and what it could not know."""

from __future__ import annotations

import json

import pytest

from ops_delivery.replay import demo, format_guess, text_files
from ops_delivery.replay.cli import main

from .conftest import an_agreement
from .test_made_small import agreement

HEAD = "工单号;创建时间;状态;优先级;解决时间"
ROWS = [
	"A1;2025/1/6 上午 9:00;已关闭;高;2025/1/6 下午 3:05",
	"A2;2025/1/6 上午 9:30;处理中;低;",
	"A3;2025/1/7 上午 9:30;已取消;低;",
]


@pytest.fixture
def look(tmp_path, capsys, monkeypatch):
	"""Looks into a file; what was said, and the draft."""

	def run(name, content, *more):
		monkeypatch.chdir(tmp_path)
		(tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
		code = main(["mapping", name, "--out", "draft.json", *more])
		said = capsys.readouterr()
		path = tmp_path / "draft.json"
		draft = json.loads(path.read_text("utf-8")) if path.exists() else None
		return code, said.out, said.err, draft

	return run


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_chinese_export_in_any_encoding(look, tmp_path, encoding):
	code, out, _err, draft = look("log.csv", "\n".join([HEAD, *ROWS]).encode(encoding))
	assert code == 0
	assert "3 rows, 5 columns" in out and "divided by semicolon" in out
	assert "处理中 (1)" in out
	assert draft["columns"] == {
		"ticket": "工单号",
		"created": "创建时间",
		"priority": "优先级",
		"state": "状态",
	}
	assert draft["time_format"] == ["%Y/%m/%d %p %I:%M"]
	assert draft["commitments"]["Resolution"]["met_at"] == "解决时间"
	assert draft["neutral"] == ["已取消"]
	assert draft["priorities"] == {"高": "High", "低": "Low"}
	assert "unknown" not in draft
	(tmp_path / "a.json").write_text(json.dumps(an_agreement()), "utf-8")
	arguments = ["--agreement", "a.json", "--mapping", "draft.json", "--json", "figures.json"]
	assert main(["replay", "log.csv", *arguments]) == 0
	figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
	assert figures["commitments"]["Resolution"] == {"met": 0, "breached": 1, "running": 1, "attainment": 0}


def test_updates_are_told_from_tickets(look):
	rows = ["CaseID,Status,CompleteTimestamp"]
	for i in range(9):
		states = ("Queued", "Awaiting Assignment", "Completed")
		rows += [f"C{i},{state},2025-01-0{1 + i % 9} 1{n}:00:00" for n, state in enumerate(states)]
	_code, _out, _err, draft = look("log.csv", "\n".join(rows))
	assert draft["shape"] == "updates"
	assert draft["columns"] == {
		"ticket": "CaseID", "created": "CompleteTimestamp", "event_time": "CompleteTimestamp", "state": "Status",
	}  # fmt: skip
	assert draft["commitments"]["Resolution"]["paused"] == ["Awaiting Assignment"]
	assert draft["commitments"]["Resolution"]["met"] == ["Completed"]


def test_what_it_cannot_know_is_asked_and_not_guessed(look, tmp_path, capsys):
	code, out, _err, draft = look(
		"log.csv", "ID,Created,Resolved\n1,3/4/2025 9:00,4/4/2025 9:00\n2,5/4/2025 9:00,\n"
	)
	assert code == 0
	assert draft["unknown"] == [
		"time_format: every date fits day/month and month/day; leave one of %d/%m/%Y %H:%M and %m/%d/%Y %H:%M"
	]
	assert "nothing decides" in out
	(tmp_path / "a.json").write_text(json.dumps(an_agreement()), "utf-8")
	assert main(["replay", "log.csv", "--agreement", "a.json", "--mapping", "draft.json"]) == 2
	assert "the draft leaves open: time_format" in capsys.readouterr().err


def test_the_order_of_dates_is_said_with_its_evidence(look):
	_code, out, _err, draft = look("log.csv", "ID,Created,Closed\n1,3/4/2025 9:00,3/14/2025 9:00\n")
	assert draft["time_format"] == ["%m/%d/%Y %H:%M"]
	assert '1 values have their month first for certain, such as "3/14/2025 9:00"' in out


def test_a_draft_is_not_written_over(look, tmp_path):
	(tmp_path / "draft.json").write_text("{}", "utf-8")
	code, _out, err, _draft = look("log.csv", "ID,Created\n1,2025-01-01 09:00\n")
	assert code == 2 and "is not overwritten" in err


def test_the_draft_of_the_sample_reads_it(look, tmp_path):
	demo.copy_to(str(tmp_path))
	for name in (demo.UPDATES, demo.TICKETS):
		(tmp_path / "draft.json").unlink(missing_ok=True)
		code, _out, _err, draft = look(name, (tmp_path / name).read_bytes())
		assert code == 0 and "unknown" not in draft
		assert (
			main(
				["replay", name, "--agreement", demo.AGREEMENT, "--mapping", "draft.json", "--json", "f.json"]
			)
			== 0
		)
		assert json.loads((tmp_path / "f.json").read_text("utf-8"))["tickets"] == 60


@pytest.mark.parametrize(
	("values", "formats"),
	[
		(["28/Nov/25 9:00 AM", "28/Nov/25 5:03 PM"], ("%d/%b/%y %I:%M %p",)),
		(["2018-05-11T09:46:53.000+0300"], ("iso",)),
		(["13.05.2024 09:30"], ("%d.%m.%Y %H:%M",)),
		(["Mon May 13 09:30:00 CEST 2024"], ("%a %b %d %H:%M:%S %Z %Y",)),
		(["2024-05-13"], ("iso",)),
		(["3/4/2025 9:00"], ("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M")),
		(["INC1", "INC2"], None),
		(["12", "13"], None),
	],
)
def test_formats_are_told_by_their_values(values, formats):
	found = format_guess.guess(values)
	assert (found and found.formats) == formats


def test_workbooks_are_read_like_text(look, tmp_path):
	from datetime import datetime

	import openpyxl

	book = openpyxl.Workbook()
	book.active.title = "About"
	page = book.create_sheet("Tickets")
	page.append(["ID", "Created", "Responded", "Resolved", "Priority"])
	at = datetime(2024, 5, 6, 9)  # noqa: DTZ001
	page.append([1, at, at.replace(minute=30), at.replace(hour=10), "Medium"])
	page.append([2, "06/05/2024 09:00", None, None, "Medium"])
	book.save(tmp_path / "log.xlsx")
	code, out, _err, draft = look("log.xlsx", (tmp_path / "log.xlsx").read_bytes())
	assert code == 0
	assert 'sheet "Tickets" of "About", "Tickets"' in out
	assert draft["sheet"] == "Tickets"
	draft |= {"time_format": "%d/%m/%Y %H:%M", "guessed": []}
	draft.pop("unknown", None)
	draft["columns"]["created"] = "Created"
	draft["commitments"] = {"First Response": {"met_at": "Responded"}, "Resolution": {"met_at": "Resolved"}}
	(tmp_path / "m.json").write_text(json.dumps(draft), "utf-8")
	(tmp_path / "a.json").write_text(json.dumps(agreement()), "utf-8")
	arguments = ["--agreement", "a.json", "--mapping", "m.json", "--json", "f.json"]
	assert main(["replay", "log.xlsx", *arguments]) == 0
	figures = json.loads((tmp_path / "f.json").read_text("utf-8"))
	assert figures["commitments"]["Resolution"] == {"met": 1, "breached": 0, "running": 1, "attainment": 1}
	assert main(["replay", "log.xlsx", *arguments, "--sheet", "Other"]) == 2


@pytest.mark.parametrize(
	("text", "encoding"),
	[
		("número;manutenção;solução;São José\n", "cp1252"),
		("工单号,状态,已解决,时间\n", "gb18030"),
		("工单号,状态,已解决,时间\n", "utf-8"),
		("id,owner\n1,张伟\n2,王秀英\n3,赵雪\n", "gb18030"),
	],
)
def test_encodings_are_told_by_their_letters(text, encoding):
	import io

	found = text_files.encoding_of(io.BytesIO(text.encode(encoding)), "log.csv")
	assert found.replace("utf-8-sig", "utf-8") == encoding
