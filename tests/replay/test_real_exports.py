"""What real exports hold and once came out wrong: without a word, with a traceback, or with words that misled."""

from __future__ import annotations

import io
import json

import pytest

from ops_delivery.replay import draft_words, text_files
from ops_delivery.replay.cli import main
from ops_delivery.replay.errors import InputError
from ops_delivery.replay.hold_times import seconds_of

from .conftest import a_mapping, an_agreement

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
	assert ran.out.startswith("1 ticket from 3 rows") and "Tickets left out by choice: 2." in ran.err
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


@pytest.mark.parametrize(
	("value", "meant"),
	[
		("1 very low", "Low"), ("2 low", "Low"), ("3 normal", "Medium"), ("4 high", "High"), ("5 very high", "Urgent"),  # OTRS
		("1 muito baixo", "Low"), ("4 alto", "High"), ("5 muito alto", "Urgent"), ("3 média", "Medium"),
		("Immediate", "Urgent"), ("Sofort", "Urgent"), ("立即", "Urgent"),  # Redmine
		("not urgent", "Low"), ("Non-urgent", "Low"), ("不紧急", "Low"), ("非紧急", "Low"),
		("1 - Critical", "Urgent"), ("4 - Low", "Low"), ("P2", "High"), ("2", "High"), ("5 - Planning", "Low"),
	],
)  # fmt: skip
def test_a_priority_goes_by_its_word_before_its_number(value, meant):
	assert draft_words.priority(value) == meant


@pytest.mark.parametrize(
	("state", "kind"),
	[
		("Unresolved", ""), ("Not resolved", ""), ("Incomplete", ""), ("未完成", ""), ("未关闭", ""), ("待关闭", ""),
		("Resolution in progress", ""), ("Closed Incomplete", "met"), ("Non résolu", ""), ("Résolu", "met"),
		("Closed - Unresolved", "met"), ("未处理", "new"), ("Unassigned", "new"), ("Nicht gelöst", ""),
	],
)  # fmt: skip
def test_a_state_that_denies_is_not_solved(state, kind):
	assert draft_words.meaning(state) == kind


@pytest.fixture
def look(tmp_path, capsys, monkeypatch):
	"""Looks into a log; the code, what was said on both streams, and the draft."""

	def run(content, name="log.csv", *more):
		monkeypatch.chdir(tmp_path)
		(tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
		code = main(["mapping", name, "--out", "draft.json", *more])
		said = capsys.readouterr()
		return code, said.out, said.err, json.loads((tmp_path / "draft.json").read_text("utf-8"))

	return run


def test_epochs_in_columns_named_without_the_word_time(look):
	_code, _out, _err, draft = look(
		"Number,Created,Resolved,First response\n1,1746500000,1746580000,1746510000\n"
	)
	assert draft["time_format"] == ["epoch"]
	assert draft["commitments"]["Resolution"]["met_at"] == "Resolved"
	assert "unknown" not in draft


def test_a_time_of_day_in_a_column_of_its_own_is_joined_to_its_date(look):
	rows = "Number,Open Date,Open Time,Close Date,Close Time\n1,14/05/2025,9:30 AM,15/05/2025,1:00 PM\n"
	_code, _out, _err, draft = look(rows)
	assert draft["columns"]["created"] == {"date": "Open Date", "time": "Open Time"}
	assert draft["commitments"]["Resolution"]["met_at"] == {"date": "Close Date", "time": "Close Time"}
	assert draft["time_format"] == ["%d/%m/%Y %I:%M %p"]
	assert any("Open Date + Open Time" in line for line in draft["guessed"])


def test_a_log_of_a_header_alone_says_so(look):
	code, _out, _err, draft = look("Number,Created,Resolved\n")
	assert code == 0
	assert draft["unknown"] == ["the log has a header and no row, so nothing could be told"]


TITLE = "Ticket export of 1 June 2025,,\n\n"


def test_a_title_above_the_header(look, replay):
	rows = "id,made,ended\nA,2025-01-06 09:00,2025-01-06 11:00\n"
	_code, out, err, draft = look(TITLE + rows)
	assert "1 rows, 3 columns" in out
	assert "columns.created: which column is it? (made" in str(draft["unknown"])
	assert "the header was found in line 3" in err
	mapping = tickets()
	del mapping["columns"]["priority"]
	for text in (TITLE + rows, TITLE.replace(",", "") + rows):
		ran = replay(text, None, mapping)
		assert ran.code == 0
		assert ran.clock("A", "Resolution")["elapsed_s"] == "7200"
		assert "the header was found in line 3" in ran.err
	ran = replay(TITLE + rows.replace("11:00", "xx"), None, mapping)
	assert [line["line"] for line in ran.rejected] == ["4"]


def book(path, rows):
	"""A workbook of those rows."""
	import openpyxl
	made = openpyxl.Workbook()
	for row in rows:
		made.active.append(row)
	made.save(path)
	return path.read_bytes()


def test_a_workbook_with_a_merged_title_and_dates_and_times_apart(look, replay, tmp_path):
	from datetime import date, time

	rows = [
		["Tickets of May"],
		["id", "Open Date", "Open Time", "ended"],
		["A", date(2025, 1, 6), time(9), "2025-01-06 11:00:00"],
	]
	content = book(tmp_path / "made.xlsx", rows)
	_code, _out, err, draft = look(content, "log.xlsx")
	assert "the header was found in line 2" in err
	assert draft["columns"]["created"] == {"date": "Open Date", "time": "Open Time"}
	mapping = tickets()
	mapping["columns"] = {"ticket": "id", "created": {"date": "Open Date", "time": "Open Time"}}
	ran = replay(content, None, mapping)
	assert ran.clock("A", "Resolution")["elapsed_s"] == "7200"
	mapping["time_format"] = "%d/%m/%Y %H:%M"  # the cells are times, however they look
	assert replay(content, None, mapping).clock("A", "Resolution")["started"] == "2025-01-06T09:00:00+08:00"


def test_a_sheet_of_one_column_is_not_asked_for_its_delimiter(look, tmp_path):
	_code, _out, err, _draft = look(
		book(tmp_path / "made.xlsx", [["see the other sheet"], ["x"]]), "log.xlsx"
	)
	assert "delimiter" not in err
	assert "one column only: if it is another sheet, name it with --sheet" in err


def test_a_sheet_of_a_file_that_has_none(replay):
	ran = replay(ONE, None, tickets(), "--sheet", "May")
	assert ran.code == 2
	assert '--sheet: "May" cannot be chosen, as log.csv is no workbook' in ran.err


def test_a_column_that_comes_twice_has_a_way_out(replay):
	ran = replay(
		"id,made,ended,made\nA,2025-01-06 09:00,,\n",
		None,
		tickets() | {"columns": {"ticket": "id", "created": "made"}},
	)
	assert ran.code == 2
	assert 'has the column "made" more than once; rename one of them' in ran.err


def test_a_result_does_not_write_over_the_other_agreement(replay, tmp_path):
	replay(ONE, None, tickets())
	other = tmp_path / "other.json"
	other.write_bytes((tmp_path / "agreement.json").read_bytes())
	before = other.read_bytes()
	ran = replay(ONE, None, tickets(), "--what-if", str(other), "--report", str(tmp_path / "r.html"))
	assert ran.code == 0
	ran = replay(ONE, None, tickets(), "--what-if", str(other), "--json", str(other))
	assert (ran.code, other.read_bytes()) == (2, before)
	assert "is also read or written as something else" in ran.err


def test_days_in_iso_are_said_to_have_no_time_or_joined_to_it(look):
	_code, _out, _err, draft = look("Number,Created,Resolved\n1,2025-05-01,2025-05-03\n")
	assert "Created holds days without a time; each counts from its midnight" in draft["guessed"]


def test_days_in_iso_are_joined_to_their_time(look):
	_code, _out, _err, draft = look(
		"Number,Open Date,Open Time,Resolved\n1,2025-05-01,09:30,2025-05-03 10:00\n"
	)
	assert draft["columns"]["created"] == {"date": "Open Date", "time": "Open Time"}
	assert draft["time_format"] == ["%Y-%m-%d %H:%M"]


def test_updates_that_also_say_when_a_ticket_was_closed_are_updates(look):
	"""As ServiceNow's audit log: the waiting between would be lost if each ticket's last row were the ticket."""
	rows = ["number,state,opened_at,sys_updated_at,closed_at"]
	for i in range(40):
		for hour, state in ((9, "New"), (10, "Awaiting User"), (12, "Active"), (13, "Closed")):
			rows.append(f"INC{i},{state},2025-01-06 09:00,2025-01-06 {hour}:{i:02},2025-01-06 13:{i:02}")
	_code, _out, _err, draft = look("\n".join(rows))
	assert draft["shape"] == "updates"
	assert draft["columns"]["event_time"] == "sys_updated_at"
	assert draft["commitments"]["Resolution"]["paused"] == ["Awaiting User"]
	assert draft["states"] == ["New", "Active", "Awaiting User", "Closed"]  # in the order of their life


def test_tickets_of_which_one_comes_twice_stay_tickets(look):
	rows = ["number,state,opened_at,sys_updated_at,closed_at"]
	rows += [f"INC{i % 39},Closed,2025-01-06 09:00,2025-01-06 13:{i:02},2025-01-06 13:00" for i in range(40)]
	_code, _out, _err, draft = look("\n".join(rows))
	assert (draft["shape"], draft["duplicates"]) == ("tickets", "last")


def test_tickets_made_after_as_of_are_counted_in_both_shapes(replay):
	rows = ["A,2025-01-06 09:00,2025-01-06 09:30,open,1", "B,2025-01-08 09:00,2025-01-08 09:30,open,1"]
	ran = replay(rows, None, None, "--as-of", "2025-01-07")
	assert (ran.figures["tickets"], ran.figures["tickets_not_chosen"]) == (1, 1)
	text = TICKETS + "A,2025-01-06 09:00,,1\nB,2025-01-08 09:00,,1\n"
	ran = replay(text, None, tickets(), "--as-of", "2025-01-07")
	assert (ran.figures["tickets"], ran.figures["tickets_not_chosen"]) == (1, 1)


def test_the_report_says_which_tickets_it_is_about(replay, tmp_path):
	rows = TICKETS + "A,2025-01-06 09:00,,1\nB,2025-01-06 09:00,,2\n"
	report = str(tmp_path / "r.html")
	ran = replay(rows, None, tickets(), "--where", 'priority == "<1>" or priority == "1"', "--as-of", "2025-01-07",
		"--report", report)  # fmt: skip
	html = (tmp_path / "r.html").read_text("utf-8")
	said = (
		"only tickets that fulfil priority == &#34;&lt;1&gt;&#34; or priority == &#34;1&#34; were looked at"
	)
	assert f"O{said[1:]}." in html
	assert "6 Jan 2025 to 7 Jan 2025" in html  # and not the 8th, on which the 7th ends
	assert 'only tickets that fulfil priority == "<1>"' in ran.err
	replay(rows, None, tickets(), "--where", 'priority == "1"', "--report", report, "--language", "zh")
	assert "只统计符合以下条件的工单：priority == &#34;1&#34;。" in (tmp_path / "r.html").read_text("utf-8")


@pytest.mark.parametrize(
	("text", "clock"),
	[
		("早上 9:00", "09:00"),
		("清晨 6:30", "06:30"),
		("傍晚 6:30", "18:30"),
		("中午 12:10", "12:10"),
		("凌晨 12:10", "00:10"),
	],
)
def test_the_times_of_a_chinese_day(replay, text, clock):
	mapping = tickets() | {"time_format": "%Y-%m-%d %p %I:%M"}
	ran = replay(TICKETS + f"A,2025-01-06 {text},,1\n", None, mapping)
	assert ran.clock("A", "Resolution")["started"] == f"2025-01-06T{clock}:00+08:00"


def test_half_past_twelve_in_the_evening_is_not_noon(replay):
	"""The night of which day it is nobody can tell."""
	mapping = tickets() | {"time_format": "%Y-%m-%d %p %I:%M"}
	ran = replay(TICKETS + "A,2025-01-06 晚上 12:30,,1\nB,2025-01-06 晚上 8:30,,1\n", None, mapping)
	assert [(line["ticket"], line["reason"]) for line in ran.rejected] == [("A", "unreadable_time")]


@pytest.mark.parametrize(
	("encoding", "words"),
	[
		("cp1254", ["Çözüldü", "Açık", "Yüksek öncelik", "İşlemde"]),
		("cp1255", ["סגור", "פתוח", "מדפסת"]),
		("cp437", ["Büro"]),
		("iso-8859-15", ["Déjà résolu", "10 €"]),
		("koi8-r", ["Не работает принтер"]),
		("cp1251", ["Не работает принтер", "Закрыто", "Открыто"]),
		("shift_jis", ["新規チケット", "プリンターが動かない", "解決済み"]),
		("big5", ["印表機無法使用", "已解決", "處理中"]),
		("euc-kr", ["프린터 고장", "해결됨", "신규"]),
		("cp1250", ["Příliš žluťoučký kůň", "Zavřeno", "Otevřeno"]),
	],
)
def test_a_rare_encoding_is_read_right_or_refused(encoding, words):
	for count in (1, 10, 300):
		rows = "".join(f"{i},2025-05-06 09:00,{words[i % len(words)]}\n" for i in range(count))
		content = rows.encode(encoding)
		try:
			found = text_files.encoding_of(io.BytesIO(content), "log.csv")
		except InputError as error:
			assert 'name its "encoding" in the mapping' in str(error)
			assert encoding not in ("cp1251", "shift_jis", "big5", "euc-kr") or count == 1
		else:
			assert content.decode(found) == rows


def test_the_draft_says_that_it_guessed_the_encoding(look):
	_code, _out, _err, draft = look("Number,Created,Resolved,Büro\n1,2025-05-01 09:00,,\n".encode("cp1252"))
	assert "the text is in cp1252, by its letters" in draft["guessed"]


def test_standard_output_holds_one_result_and_nothing_else(replay, capsys):
	bad = TICKETS + "A,2025-01-06 09:00,2025-01-06 11:00,1\nB,soon,,1\n"
	ran = replay(bad, None, tickets(), "--rejected", "-")
	assert (
		ran.out.splitlines()[0].lstrip("\ufeff").startswith("line,ticket,reason")
		and "tickets from" not in ran.out
	)
	ran = replay(ONE, None, tickets(), "--json", "-", "--clocks", "-")
	assert ran.code == 2
	assert "ops-delivery: --clocks: standard output can hold one result, and --json goes there" in ran.err
	ran = replay(ONE, None, tickets(), "--report", "-")
	assert ran.code == 2
	assert "--report: - must end in .html or .pdf" in ran.err


def test_the_draft_names_the_times_it_has_no_use_for_and_the_report_its_guesses(look, tmp_path):
	"""Else holds in columns of other names would be counted without a word."""
	_code, _out, _err, draft = look(
		"ID,Created,Resolved,H1,R1,Agent\n1,2025-01-06 09:00,2025-01-06 11:00,2025-01-06 10:00,2025-01-06 10:30,Li\n"
	)
	line = "the times in H1, R1 mean nothing for the clocks"
	assert line in draft["guessed"]
	(tmp_path / "a.json").write_text(json.dumps(an_agreement()), "utf-8")
	for language, said in (("en", "Guessed by the draft: "), ("zh", "草稿中的推测：")):
		arguments = [
			"--agreement",
			"a.json",
			"--mapping",
			"draft.json",
			"--report",
			"r.html",
			"--language",
			language,
		]
		assert main(["replay", "log.csv", *arguments]) == 0
		html = (tmp_path / "r.html").read_text("utf-8")
		assert said in html and line in html
