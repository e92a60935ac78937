"""Small logs made after what public exports do: each is read right, or refused in words.

They are our own rows in the manner of ServiceNow, GLPI, OTRS, Jira, BPI 2013, NYC 311 and Excel exports.
"""

from __future__ import annotations

import pytest

from .conftest import an_agreement

WEEK = {day: [["08:00", "18:00"]] for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")}
HEAD = "ID,Created,Responded,Resolved,Priority"
GOOD = "1,2024-05-06 09:00,2024-05-06 09:30,2024-05-06 10:00,Medium"  # a Monday


def agreement() -> dict:
	"""10 hours a day in Paris; Response 4 h, Resolution 16 h."""
	return an_agreement(
		calendar="bh",
		calendars={"bh": {"time_zone": "Europe/Paris", "week": WEEK}},
		priorities=["Low", "Medium"],
		default_priority="Medium",
		targets=[
			{"commitment": "First Response", "priority": "Medium", "target": "4h"},
			{"commitment": "Resolution", "priority": "Medium", "target": "16h"},
		],
	)


def tickets(time_format="%Y-%m-%d %H:%M", **changes) -> dict:
	"""A mapping of whole tickets."""
	return {
		"format": "ops_delivery.mapping/1",
		"name": "t",
		"shape": "tickets",
		"time_format": time_format,
		"columns": {"ticket": "ID", "created": "Created", "priority": "Priority"},
		"commitments": {"First Response": {"met_at": "Responded"}, "Resolution": {"met_at": "Resolved"}},
		**changes,
	}


def updates(**changes) -> dict:
	"""A mapping of updates whose one time is also the creation."""
	return {
		"format": "ops_delivery.mapping/1",
		"name": "u",
		"shape": "updates",
		"time_format": "%Y-%m-%d %H:%M",
		"columns": {
			"ticket": "ID",
			"created": "At",
			"event_time": "At",
			"state": "State",
			"priority": "Priority",
		},
		"states": ["New", "Active", "Waiting", "Resolved", "Closed"],
		"commitments": {
			"First Response": {"met": {"not_in": ["New"]}},
			"Resolution": {"paused": ["Waiting"], "met": ["Resolved", "Closed"], "reopens": True},
		},
		**changes,
	}


def holds(*rows: str) -> str:
	return "\n".join(["ID,Created,Responded,Resolved,Priority,H1,R1,H2,R2", *rows])


HELD = {
	"commitments": {
		"First Response": {"met_at": "Responded"},
		"Resolution": {"met_at": "Resolved", "paused_between": [["H1", "R1"], ["H2", "R2"]]},
	}
}
HELD_ROW = "1,2024-05-06 09:00,2024-05-06 09:30,2024-05-08 12:00,Medium"

# what, rows, mapping, exit code, {(ticket, commitment): elapsed minutes}, what standard error says
RIGHT = [
	(
		"newest first",
		"ID,Created,At,State,Priority\n1,2024-05-06 09:00,2024-05-07 11:00,Closed,Medium\n"
		"1,2024-05-06 09:00,2024-05-06 09:30,Active,Medium\n1,2024-05-06 09:00,2024-05-06 09:00,New,Medium\n",
		updates(),
		0,
		{("1", "First Response"): 30, ("1", "Resolution"): 720},
		"the newest rows come first",
	),
	(
		"an unclosed quote",
		f'{HEAD},Title\n{GOOD},fine\n2{GOOD[1:]},"monitor 24\n3{GOOD[1:]},missed\n4{GOOD[1:]},"a ""screen"""\n',
		tickets(),
		3,
		{(n, c): m for n in "134" for c, m in (("First Response", 30), ("Resolution", 60))},
		'line 3: 2: a quotation mark is opened and never closed: ""monitor 24"',
	),
	(
		"a quote that a later one closes",
		f'{HEAD},Title\n{GOOD},"monitor 24\n2{GOOD[1:]},lost?\n3{GOOD[1:]},"\n4{GOOD[1:]},fine\n',
		tickets(),
		3,
		{(n, c): m for n in "24" for c, m in (("First Response", 30), ("Resolution", 60))},
		"line 2: 1: a quotation mark is opened and never closed",
	),
	(
		"short and long rows",
		f"{HEAD}\n{GOOD}\n2,2024-05-06 09:00,2024-05-06 09:30\n3{GOOD[1:]},,\n4{GOOD[1:]},surplus\n",
		tickets(),
		3,
		{(n, c): m for n in "13" for c, m in (("First Response", 30), ("Resolution", 60))},
		"line 3: 2: only 3/5 cells",
	),
	(
		"one bad milestone",
		f"{HEAD}\n1,2024-05-06 09:00,2024-05-06 00:00,2024-05-06 10:00,Medium\n2,2024-05-06 09:00,2024-05-06 09:40,n/a,Medium\n",
		tickets(),
		3,
		{("1", "Resolution"): 60, ("2", "First Response"): 40},
		'line 2: 1: Responded "2024-05-06 00:00" is before the ticket was made; its First Response is left out',
	),
	(
		"a typing error in a year",
		f"{HEAD}\n1,2024-05-06 09:00,2024-05-06 09:30,,Medium\n2,2024-05-06 09:00,2024-05-06 09:40,2042-05-06 10:00,Medium\n",
		tickets(),
		3,
		{("1", "First Response"): 30, ("1", "Resolution"): 40, ("2", "First Response"): 40},
		'Resolved "2042-05-06 10:00" lies far from all other times',
	),
	(
		"holds that overlap are one",
		holds(f"{HELD_ROW},2024-05-06 10:00,2024-05-07 10:00,2024-05-07 09:00,2024-05-07 12:00"),
		tickets(**HELD),
		0,
		{("1", "First Response"): 30, ("1", "Resolution"): 60 + 360 + 240},
		"",
	),
	(
		"a hold that lasts to the end",
		holds(f"{HELD_ROW},2024-05-06 10:00,,,"),
		tickets(**HELD),
		0,
		{("1", "First Response"): 30, ("1", "Resolution"): 60},
		"",
	),
	*(
		(
			what,
			holds(f"{HELD_ROW},{row}"),
			tickets(**HELD),
			3,
			{("1", "First Response"): 30},
			said,
		)
		for what, row, said in (
			("a hold without a beginning", ",2024-05-07 10:00,,", 'R1 "2024-05-07 10:00" ends a hold that has no beginning'),
			("a hold after the end", "2024-05-09 10:00,2024-05-09 11:00,,", "is after the end of the clock"),
			("a hold that ends after the end", "2024-05-07 10:00,2024-05-09 11:00,,", "is after the end of the clock"),
			("a hold without an end", "2024-05-06 10:00,,2024-05-07 10:00,2024-05-07 11:00", "begins a hold that has no end"),
			("a hold that runs backwards", "2024-05-07 10:00,2024-05-06 11:00,,", "ends a hold before it begins"),
		)
	),
	(
		"sep=;",
		f"sep=;\n{HEAD}\n{GOOD}\n".replace(",", ";"),
		tickets(delimiter=";"),
		0,
		{("1", "First Response"): 30, ("1", "Resolution"): 60},
		"",
	),
	(
		"上午 and 下午 with two blanks",
		f"{HEAD}\n1,2024/5/6 上午  9:00:00,2024/5/6 上午 9:30:00,2024/5/6 下午 1:00:00,Medium\n",
		tickets("%Y/%m/%d %p %I:%M:%S"),
		0,
		{("1", "First Response"): 30, ("1", "Resolution"): 240},
		"",
	),
	(
		"months first, as the log proves",
		f"{HEAD}\n1,3/4/2025 9:00,3/4/2025 9:30,3/4/2025 10:00,Medium\n2,3/14/2025 9:00,3/14/2025 9:30,3/14/2025 10:00,Medium\n",
		tickets(["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]),
		0,
		{(n, c): m for n in "12" for c, m in (("First Response", 30), ("Resolution", 60))},
		'dates are read month/day: line 3 has Created "3/14/2025 9:00"',
	),
	(
		"one date turned round among others",
		f"{HEAD}\n1,14/3/2025 9:00,14/3/2025 9:30,14/3/2025 10:00,Medium\n2,3/14/2025 9:00,3/14/2025 9:30,,Medium\n",
		tickets("%d/%m/%Y %H:%M"),
		3,
		{("1", "First Response"): 30, ("1", "Resolution"): 60},
		'line 3: 2: Created "3/14/2025 9:00" has day and month the other way round',
	),
	(
		"date and time in two columns, hold as a text, a cancelled ticket",
		"ID,Day,Time,Responded,Resolved,Priority,Waiting,State\n"
		"1,06.05.2024,09:00,06.05.2024 09:30,07.05.2024 12:00,Medium,2 hours 30 minutes,Solved\n"
		"2,06.05.2024,09:00,06.05.2024 09:30,,Medium,,Cancelled\n",
		tickets(
			"%d.%m.%Y %H:%M",
			columns={
				"ticket": "ID", "created": {"date": "Day", "time": "Time"}, "priority": "Priority", "state": "State",
			},
			neutral=["Cancelled"],
			commitments={
				"First Response": {"met_at": "Responded"},
				"Resolution": {"met_at": "Resolved", "paused_for": "Waiting"},
			},
		),
		0,
		{("1", "First Response"): 30, ("1", "Resolution"): 540 + 240 - 150, ("2", "First Response"): 30},
		"",
	),
]  # fmt: skip

REFUSED = [
	("%H with %p", f"{HEAD}\n{GOOD}\n", tickets("%d/%b/%y %H:%M %p"), "has %p behind a clock of 24 hours"),
	(
		"%I without %p",
		f"{HEAD}\n{GOOD}\n",
		tickets("%d/%b/%y %I:%M"),
		"without %p, so morning and evening are the same",
	),
	(
		"dates that fit both orders",
		f"{HEAD}\n1,3/4/2025 9:00,3/4/2025 9:30,3/4/2025 10:00,Medium\n",
		tickets(["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]),
		"say --dates day-first or --dates month-first",
	),
	(
		"dates that contradict each other",
		f"{HEAD}\n1,13/4/2025 9:00,,,Medium\n2,4/14/2025 9:00,,,Medium\n",
		tickets(["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]),
		'Created "13/4/2025 9:00" in line 2 can only have its day first, Created "4/14/2025 9:00" in line 3 only its month',
	),
	(
		"a date that contradicts the mapping",
		f"{HEAD}\n1,3/14/2025 9:00,3/14/2025 9:10,3/14/2025 10:00,Medium\n2,3/4/2025 9:00,3/4/2025 9:10,,Medium\n",
		tickets("%d/%m/%Y %H:%M"),
		"has 14 as its month",
	),
	(
		"times in another format",
		f"{HEAD}\n{GOOD}\n",
		tickets("%d %B %Y %H:%M"),
		'are not written as "%d %B %Y %H:%M"',
	),
	(
		"another delimiter than the mapping says",
		f"{HEAD}\n{GOOD}\n".replace(",", ";"),
		tickets(delimiter=","),
		'it has "ID;Created;Responded;Resolved…", divided by comma',
	),
	(
		"a draft with open questions",
		f"{HEAD}\n{GOOD}\n",
		tickets(unknown=["which?"]),
		"the draft leaves open: which?",
	),
]


@pytest.mark.parametrize(
	("what", "rows", "mapping", "code", "minutes", "said"), RIGHT, ids=[case[0] for case in RIGHT]
)
def test_read_right(replay, what, rows, mapping, code, minutes, said):
	ran = replay(rows, agreement(), mapping)
	assert ran.code == code, ran.err
	assert {(c["ticket"], c["commitment"]): int(c["elapsed_s"]) / 60 for c in ran.clocks} == minutes
	assert said in ran.err
	assert ("PARTIAL" in ran.out) == (code == 3)


@pytest.mark.parametrize(("what", "rows", "mapping", "said"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused_in_words(replay, what, rows, mapping, said):
	ran = replay(rows, agreement(), mapping)
	assert ran.code == 2
	assert said in ran.err
	assert not (ran.folder / "figures.json").exists()


def test_the_order_that_is_said_decides(replay):
	rows = f"{HEAD}\n1,3/4/2025 9:00,3/4/2025 9:30,3/4/2025 10:00,Medium\n"
	for dates, day in (("day-first", "2025-04-03"), ("month-first", "2025-03-04")):
		ran = replay(rows, agreement(), tickets(["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]), "--dates", dates)
		assert ran.code == 0, ran.err
		assert ran.clocks[0]["started"].startswith(day)


def test_partial_figures_may_be_allowed(replay):
	ran = replay(f"{HEAD}\n{GOOD}\n2,2024-05-06 09:00\n", agreement(), tickets(), "--allow-partial")
	assert ran.code == 0
	assert "PARTIAL: up to 50.0 % of the log is not behind a figure (too few cells 1)" in ran.out
	assert ran.figures["partial"] == ["First Response", "Resolution"]


def test_what_is_not_chosen_is_not_measured(replay):
	rows = f"{HEAD},State,Ticket type\n{GOOD},Closed,Incident\n2{GOOD[1:]},Cancelled,Incident\n3{GOOD[1:]},Closed,Request\n"
	asked = 'state != "Cancelled" and `Ticket type` in ("Incident", "Fault")'
	ran = replay(rows, agreement(), tickets(), "--where", asked)
	assert ran.code == 0
	assert {clock["ticket"] for clock in ran.clocks} == {"1"}
	assert ran.figures["tickets_not_chosen"] == 2
	for wrong, said in (
		("colour == 1", 'there is no column "colour" in log.csv: "ID"'),
		("open('x')", "cannot be asked here"),
		("state ==", "is no condition"),
	):
		ran = replay(rows, agreement(), tickets(), "--where", wrong)
		assert (ran.code, said in ran.err) == (2, True), ran.err


def test_as_of_a_day_what_comes_later_is_not_heeded(replay):
	rows = f"{HEAD}\n{GOOD}\n2,2024-05-06 17:00,,2024-05-08 09:00,Medium\n3,2024-05-09 09:00,,,Medium\n"
	ran = replay(rows, agreement(), tickets(), "--as-of", "2024-05-07T12:00")
	assert ran.code == 0, ran.err
	assert ran.clock("2", "Resolution")["elapsed_s"] == str(5 * 3600)  # 17–18 and 8–12
	assert {clock["ticket"] for clock in ran.clocks} == {"1", "2"}
	assert ran.figures["until"] == "2024-05-07T12:00:00+02:00"
	assert "--as-of" in replay(rows, agreement(), tickets(), "--as-of", "soon").err


@pytest.mark.parametrize(("duplicates", "minutes"), [("first", 60), ("last", 120)])
def test_a_ticket_twice_counts_once_as_the_mapping_says(replay, duplicates, minutes):
	rows = f"{HEAD}\n{GOOD}\n1,2024-05-06 09:00,2024-05-06 09:30,2024-05-06 11:00,Medium\n"
	ran = replay(rows, agreement(), tickets(duplicates=duplicates), "--allow-partial")
	assert ran.clock("1", "Resolution")["elapsed_s"] == str(minutes * 60)
	assert f"rows that repeat a ticket: 1; the {duplicates} row of each counts" in ran.err


def test_updates_that_end_neutral_are_no_clock(replay):
	rows = (
		"ID,At,State,Priority\n1,2024-05-06 09:00,New,Medium\n1,2024-05-06 10:00,Cancelled,Medium\n"
		"2,2024-05-06 09:00,New,Medium\n2,2024-05-06 10:00,Cancelled,Medium\n2,2024-05-06 12:00,New,Medium\n"
		"2,2024-05-06 13:00,Resolved,Medium\n2,2024-05-06 14:00,Cancelled,Medium\n"
	)
	ran = replay(rows, agreement(), updates(neutral=["Cancelled"]))
	assert ran.code == 0, ran.err
	assert {(c["ticket"], c["commitment"]): int(c["elapsed_s"]) // 3600 for c in ran.clocks} == {
		("2", "First Response"): 2,
		("2", "Resolution"): 2,
	}
