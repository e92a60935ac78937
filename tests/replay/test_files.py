"""Logs as spreadsheets and desks write them: encodings, delimiters, long texts, Chinese times (6.3.a)."""

from __future__ import annotations

import codecs
import csv
import json
from zoneinfo import ZoneInfo

import pytest

from ops_delivery.replay.times import TimeReader

from .conftest import HEADER, a_mapping, an_agreement

ROWS = [
	HEADER,
	"工单A,2025-01-06 09:00,2025-01-06 10:00,open,1",
	"工单A,2025-01-06 09:00,2025-01-06 11:00,done,1",
]
TEXT = "\n".join(ROWS) + "\n"


@pytest.mark.parametrize(
	"content",
	[
		TEXT.encode("utf-8"),
		TEXT.encode("utf-8-sig"),
		TEXT.encode("utf-16"),
		TEXT.encode("utf-16-le"),
		TEXT.encode("utf-16-be"),
		codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
		TEXT.encode("gb18030"),
	],
	ids=["utf-8", "utf-8 marked", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be marked", "gb18030"],
)
def test_a_log_says_itself_what_it_is_written_in(replay, content):
	ran = replay(content)
	assert ran.code == 0, ran.err
	assert ran.clock("工单A", "Resolution")["state"] == "met"


def test_a_mark_goes_before_what_a_mapping_says(replay):
	ran = replay(TEXT.encode("utf-16"), None, a_mapping(encoding="gb18030"))
	assert ran.code == 0, ran.err
	assert ran.clock("工单A", "Resolution")["state"] == "met"


def test_chinese_that_begins_late_in_a_long_log_is_read(replay):
	rows = [
		HEADER,
		*(f"T{number},2025-01-06 09:00,2025-01-06 10:00,open,1" for number in range(2000)),
		*ROWS[1:],
	]
	ran = replay("\n".join(rows).encode("gb18030"))
	assert ran.code == 0, ran.err
	assert ran.figures["tickets"] == 2001
	assert "gb18030" in ran.err


def test_a_log_in_no_encoding_we_know_is_refused_with_the_way_out(replay):
	ran = replay(TEXT.encode("utf-8") + b"\xff\xff\n")
	assert ran.code == 2
	assert '"encoding"' in ran.err and "log.csv" in ran.err


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_workbook_is_called_one(replay, head):
	ran = replay(head + b"\x00" * 40)
	assert ran.code == 2
	assert "save it there as CSV" in ran.err


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_other_delimiters_are_found(replay, sign):
	ran = replay(TEXT.replace(",", sign))
	assert ran.code == 0, ran.err
	assert ran.clock("工单A", "Resolution")["state"] == "met"


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_line_that_announces_the_delimiter_is_no_header(replay, first):
	ran = replay(f"{first}\r\n" + TEXT.replace(",", ";").replace("open", "odd"))
	assert ran.code == 3, ran.err
	assert [row["line"] for row in ran.rejected] == ["3"]  # as an editor counts
	assert ran.clock("工单A", "Resolution")["state"] == "met"


def test_a_delimiter_that_a_mapping_names_is_kept_to(replay):
	ran = replay(TEXT, None, a_mapping(delimiter=";"))
	assert ran.code == 2
	assert 'no column "id"' in ran.err


def test_a_text_of_any_length_keeps_its_row(replay):
	long = "x" * 200_000
	rows = [HEADER + ",remark", f'A,2025-01-06 09:00,2025-01-06 10:00,open,1,"{long}"']
	ran = replay("\n".join([*rows, "A,2025-01-06 09:00,2025-01-06 11:00,done,1,"]))
	assert ran.code == 0, ran.err
	assert ran.rejected == []
	assert ran.clock("A", "First Response")["elapsed_s"] == "3600"


def test_a_quotation_mark_that_is_never_closed_is_said(replay):
	rows = [
		HEADER + ",remark",
		'A,2025-01-06 09:00,2025-01-06 10:00,open,1,"oh',
		"B,2025-01-06 09:00,2025-01-06 10:00,open,1,",
	]
	ran = replay("\n".join(rows))
	assert [(row["line"], row["reason"]) for row in ran.rejected] == [("2", "open_quote")]
	assert "quotation mark" in ran.err


def test_a_mapping_and_an_agreement_may_be_chinese_text_of_a_spreadsheet(replay, tmp_path, capsys):
	from ops_delivery.replay.cli import main

	replay(TEXT)  # lays the files down
	for encoding in ("gb18030", "utf-16", "utf-8-sig"):
		mapping = a_mapping(title="我们的服务台", states=["new", "open", "wait", "done", "已关闭"])
		(tmp_path / "desk.json").write_bytes(json.dumps(mapping, ensure_ascii=False).encode(encoding))
		agreement = an_agreement(title="办公网络")
		(tmp_path / "agreement.json").write_bytes(json.dumps(agreement, ensure_ascii=False).encode(encoding))
		arguments = [
			"--agreement",
			str(tmp_path / "agreement.json"),
			"--mapping",
			str(tmp_path / "desk.json"),
		]
		assert main(["replay", str(tmp_path / "log.csv"), *arguments]) == 0, (
			encoding,
			capsys.readouterr().err,
		)


@pytest.mark.parametrize(
	("time_format", "text"),
	[
		("%Y/%m/%d %p %I:%M", "2025/1/6 下午 3:05"),
		("%Y/%m/%d %I:%M %p", "2025/1/6 3:05 下午"),
		("%Y年%m月%d日 %p%I:%M", "2025年1月6日 下午3:05"),
		("%Y/%m/%d %p %I:%M", "2025/1/6 PM 3:05"),
		("%Y-%m-%d %H:%M", "２０２５－０１－０６　１５：０５"),
	],
)
def test_chinese_times(time_format, text):
	reader = TimeReader([time_format], ZoneInfo("Asia/Shanghai"))
	plain = TimeReader(["%Y-%m-%d %H:%M"], ZoneInfo("Asia/Shanghai"))
	assert reader.read(text) == plain.read("2025-01-06 15:05")


def test_noon_and_midnight_of_a_twelve_hour_clock():
	reader = TimeReader(["%Y/%m/%d %p %I:%M"], ZoneInfo("Asia/Shanghai"))
	plain = TimeReader(["%Y-%m-%d %H:%M"], ZoneInfo("Asia/Shanghai"))
	assert reader.read("2025/1/6 上午 12:10") == plain.read("2025-01-06 00:10")
	assert reader.read("2025/1/6 下午 12:10") == plain.read("2025-01-06 12:10")
	assert reader.read("2025/1/6 下午 13:10") is None


def test_a_spreadsheet_opens_what_is_written_as_utf8(replay):
	ran = replay([*ROWS[1:], "工单B,never,never,open,1"])
	for name in ("clocks.csv", "rejected.csv"):
		content = (ran.folder / name).read_bytes()
		assert content.startswith(codecs.BOM_UTF8), name
		assert "工单" in content.decode("utf-8-sig")
	assert not (ran.folder / "figures.json").read_bytes().startswith(codecs.BOM_UTF8)
	assert next(csv.DictReader(content.decode("utf-8-sig").splitlines()))["line"] == "4"
