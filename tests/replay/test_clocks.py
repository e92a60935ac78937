"""Tickets small enough to work out by hand. 6 January 2025 is a Monday; office hours are 9–12 and 13–18."""

from __future__ import annotations

import pytest

from ops_delivery.domain import clock as clocks
from ops_delivery.replay import outputs

from .conftest import a_mapping, an_agreement

HOUR = 3600


def test_a_ticket_in_one_day(replay):
	ran = replay(
		[
			"A,2025-01-06 10:00,2025-01-06 10:00,new,1",
			"A,2025-01-06 10:00,2025-01-06 10:30,open,1",
			"A,2025-01-06 10:00,2025-01-06 14:00,done,1",
		]
	)
	assert ran.code == 0
	assert list(ran.clocks[0]) == outputs.CLOCK_COLUMNS
	assert ran.clocks == [
		{
			"ticket": "A",
			"commitment": "First Response",
			"priority": "High",
			"started": "2025-01-06T10:00:00+08:00",
			"target_s": "3600",
			"elapsed_s": "1800",
			"paused_s": "0",
			"due": "2025-01-06T11:00:00+08:00",
			"stopped": "2025-01-06T10:30:00+08:00",
			"state": "met",
		},
		{
			"ticket": "A",
			"commitment": "Resolution",
			"priority": "High",
			"started": "2025-01-06T10:00:00+08:00",
			"target_s": "14400",
			"elapsed_s": "10800",  # 10–12 and 13–14
			"paused_s": "0",
			"due": "2025-01-06T15:00:00+08:00",
			"stopped": "2025-01-06T14:00:00+08:00",
			"state": "met",
		},
	]


def test_the_deadline_itself_is_kept_and_a_minute_later_is_not(replay):
	ran = replay(
		[
			"A,2025-01-06 10:00,2025-01-06 11:00,open,1",
			"B,2025-01-06 10:00,2025-01-06 11:01,open,1",
		]
	)
	assert ran.clock("A", "First Response")["state"] == "met"
	late = ran.clock("B", "First Response")
	assert (late["state"], late["elapsed_s"], late["due"]) == (
		"breached",
		"3660",
		"2025-01-06T11:00:00+08:00",
	)


def test_a_pause_over_the_night_counts_working_time_only(replay):
	"""Paused 17:00 to 10:00 the next day: two working hours, 17–18 and 9–10."""
	ran = replay(
		[
			"A,2025-01-06 16:00,2025-01-06 16:00,open,1",
			"A,2025-01-06 16:00,2025-01-06 17:00,wait,1",
			"A,2025-01-06 16:00,2025-01-07 10:00,open,1",
			"A,2025-01-06 16:00,2025-01-07 14:30,done,1",
		]
	)
	line = ran.clock("A", "Resolution")
	assert int(line["paused_s"]) == 2 * HOUR
	assert int(line["elapsed_s"]) == HOUR + 2 * HOUR + HOUR + HOUR // 2  # 16–17, 10–12, 13–14:30
	# 3 h were left at 10:00: the plan was 10–12, 13–14
	assert line["due"] == "2025-01-07T14:00:00+08:00"
	assert line["state"] == "breached"


def test_a_reopened_ticket_goes_on_with_what_is_left(replay):
	"""The day and more it lay solved is not counted."""
	ran = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 09:00,open,1",
			"A,2025-01-06 09:00,2025-01-06 11:00,done,1",
			"A,2025-01-06 09:00,2025-01-08 10:00,open,1",
			"A,2025-01-06 09:00,2025-01-08 11:30,done,1",
		]
	)
	line = ran.clock("A", "Resolution")
	assert int(line["elapsed_s"]) == 3 * HOUR + HOUR // 2
	assert line["due"] == "2025-01-08T12:00:00+08:00"
	assert line["stopped"] == "2025-01-08T11:30:00+08:00"
	assert (line["state"], line["paused_s"]) == ("met", "0")
	response = ran.clock("A", "First Response")
	assert response["stopped"] == "2025-01-06T09:00:00+08:00"  # a response is not undone


def test_reopening_into_a_waiting_state_is_paused(replay):
	ran = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 10:00,done,1",
			"A,2025-01-06 09:00,2025-01-06 14:00,wait,1",
			"B,2025-01-06 09:00,2025-01-06 16:00,new,1",
		]
	)
	line = ran.clock("A", "Resolution")
	assert (line["state"], line["elapsed_s"], line["paused_s"]) == ("paused", "3600", str(2 * HOUR))
	assert (line["due"], line["stopped"]) == ("", "")


def test_open_tickets_are_judged_at_the_end_of_the_log(replay):
	"""The log ends on Tuesday at 11:00."""
	ran = replay(
		[
			"A,2025-01-06 17:00,2025-01-06 17:00,new,2",
			"B,2025-01-06 09:00,2025-01-06 10:00,open,1",
			"C,2025-01-07 11:00,2025-01-07 11:00,open,1",
		]
	)
	running = ran.clock("A", "Resolution")
	assert (running["state"], running["elapsed_s"]) == ("running", str(3 * HOUR))
	assert running["due"] == "2025-01-08T17:00:00+08:00"  # 16 h: 1 on Monday, 8 on Tuesday, 7 on Wednesday
	late = ran.clock("B", "Resolution")
	assert (late["state"], late["stopped"], late["elapsed_s"]) == ("breached", "", str(10 * HOUR))
	assert late["due"] == "2025-01-06T14:00:00+08:00"
	assert ran.figures["commitments"]["Resolution"] == {
		"met": 0,
		"breached": 1,
		"running": 2,
		"attainment": 0,
	}


def test_stopping_while_paused_gives_the_deadline_from_the_remaining_budget(replay):
	ran = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 10:00,wait,1",
			"A,2025-01-06 09:00,2025-01-06 16:00,done,1",
		]
	)
	line = ran.clock("A", "Resolution")
	assert (line["elapsed_s"], line["paused_s"]) == (str(HOUR), str(5 * HOUR))
	assert line["due"] == "2025-01-07T10:00:00+08:00"  # 3 h after Monday 16:00


def test_a_change_of_priority_plans_the_remaining_budget_anew(replay):
	"""Three working hours under Low (16 h), then High (4 h): one is left."""
	ran = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 09:30,open,2",
			"A,2025-01-06 09:00,2025-01-06 12:30,open,1",
			"A,2025-01-06 09:00,2025-01-06 13:30,done,1",
			"A,2025-01-06 09:00,2025-01-06 15:00,done,2",
		]
	)
	line = ran.clock("A", "Resolution")
	assert (line["priority"], line["target_s"]) == ("High", str(4 * HOUR))
	assert line["due"] == "2025-01-06T14:00:00+08:00"
	assert (line["elapsed_s"], line["state"]) == (str(3 * HOUR + HOUR // 2), "met")
	assert ran.clock("A", "First Response")["priority"] == "Low"  # it was met before the change


def test_a_priority_may_count_by_another_calendar(replay):
	targets = an_agreement()["targets"]
	for target in targets:
		if target["priority"] == "High":
			target["calendar"] = "always"
	ran = replay(
		[
			"A,2025-01-06 17:00,2025-01-06 17:00,new,2",
			"A,2025-01-06 17:00,2025-01-06 20:00,new,1",
			"A,2025-01-06 17:00,2025-01-06 22:00,done,1",
		],
		an_agreement(targets=targets),
	)
	line = ran.clock("A", "Resolution")
	assert int(line["elapsed_s"]) == HOUR + 2 * HOUR  # an office hour, then two by the wall clock
	assert line["due"] == "2025-01-06T23:00:00+08:00"


def test_a_priority_without_target_is_not_measured(replay):
	targets = [target for target in an_agreement()["targets"] if target["priority"] == "High"]
	ran = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 10:00,open,2",
			"B,2025-01-06 09:00,2025-01-06 09:00,new,2",
			"B,2025-01-06 09:00,2025-01-06 10:00,new,1",
			"B,2025-01-06 09:00,2025-01-06 11:00,done,1",
		],
		an_agreement(targets=targets),
	)
	assert [(c["ticket"], c["commitment"]) for c in ran.clocks] == [
		("B", "First Response"),
		("B", "Resolution"),
	]
	assert ran.clock("B", "Resolution")["elapsed_s"] == str(2 * HOUR)  # from the ticket's creation
	assert ran.figures["tickets"] == 2


def test_a_clock_that_is_promised_nothing_any_more_ends_and_goes_on_when_it_is(replay):
	"""As a site does it: A ends under Low and is no breach, B comes back to High and keeps its deadline."""
	targets = [target for target in an_agreement()["targets"] if target["priority"] == "High"]
	ran = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 09:00,open,1",
			"A,2025-01-06 09:00,2025-01-06 10:00,open,2",
			"A,2025-01-06 09:00,2025-01-08 10:00,done,2",
			"B,2025-01-06 09:00,2025-01-06 09:00,open,1",
			"B,2025-01-06 09:00,2025-01-06 10:00,open,2",
			"B,2025-01-06 09:00,2025-01-06 11:00,open,1",
			"B,2025-01-06 09:00,2025-01-06 11:30,done,1",
			"C,2025-01-06 09:00,2025-01-06 09:00,open,1",
			"C,2025-01-06 09:00,2025-01-06 10:00,open,2",
			"C,2025-01-06 09:00,2025-01-06 10:30,done,2",
			"C,2025-01-06 09:00,2025-01-08 10:00,done,1",
			"D,2025-01-06 09:00,2025-01-06 09:00,open,1",
			"D,2025-01-06 09:00,2025-01-06 10:00,wait,1",
			"D,2025-01-06 09:00,2025-01-06 10:30,wait,2",
			"D,2025-01-06 09:00,2025-01-08 10:00,open,1",
			"D,2025-01-06 09:00,2025-01-08 10:30,done,1",
		],
		an_agreement(targets=targets),
	)
	lines = {line["ticket"]: line for line in ran.clocks if line["commitment"] == "Resolution"}
	assert set(lines) == {"B", "C", "D"}
	assert (lines["B"]["due"], lines["B"]["elapsed_s"]) == ("2025-01-06T14:00:00+08:00", str(9000))
	assert (lines["C"]["state"], lines["C"]["elapsed_s"]) == ("met", str(HOUR + HOUR // 2))
	assert lines["D"]["elapsed_s"] == str(HOUR + HOUR // 2), "held, then not promised, then worked on"


def test_rows_of_tickets_may_be_mixed(replay):
	together = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 10:00,open,1",
			"A,2025-01-06 09:00,2025-01-06 11:00,done,1",
			"B,2025-01-06 09:00,2025-01-06 10:30,open,2",
			"B,2025-01-06 09:00,2025-01-06 11:30,done,2",
		]
	).clocks
	mixed = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 10:00,open,1",
			"B,2025-01-06 09:00,2025-01-06 10:30,open,2",
			"A,2025-01-06 09:00,2025-01-06 11:00,done,1",
			"B,2025-01-06 09:00,2025-01-06 11:30,done,2",
		]
	).clocks
	assert mixed == together


def test_equal_times_are_in_order_of_the_file(replay):
	ran = replay(
		[
			"A,2025-01-06 09:00,2025-01-06 10:00,open,1",
			"A,2025-01-06 09:00,2025-01-06 10:00,wait,1",
			"A,2025-01-06 09:00,2025-01-06 10:00,done,1",
		]
	)
	assert ran.figures["rejected_rows"] == 0
	assert ran.clock("A", "Resolution")["elapsed_s"] == str(HOUR)


def test_one_row_a_ticket(replay):
	mapping = a_mapping(
		shape="tickets",
		columns={"ticket": "id", "created": "made", "priority": "priority"},
		commitments={
			"First Response": {"met_at": "answered"},
			"Resolution": {"met_at": ["solved", "closed"], "paused_between": [["held", "resumed"]]},
		},
	)
	mapping.pop("states")
	ran = replay(
		"id,made,priority,answered,held,resumed,solved,closed\n"
		"A,2025-01-06 09:00,1,2025-01-06 09:30,2025-01-06 10:00,2025-01-06 14:00,2025-01-06 16:00,\n"
		"B,2025-01-06 09:00,1,2025-01-06 11:30,,,,2025-01-06 11:30\n"
		"C,2025-01-06 09:00,1,,2025-01-06 10:00,,,\n"
		"D,2025-01-06 09:00,1,2025-01-06 08:00,,,,\n"
		"A,2025-01-06 09:00,1,,,,,\n"
		"E,2025-01-06 09:00,1,soon,,,,\n",
		None,
		mapping,
	)
	line = ran.clock("A", "Resolution")
	assert (line["elapsed_s"], line["paused_s"], line["state"]) == (str(3 * HOUR), str(3 * HOUR), "met")
	assert line["due"] == "2025-01-06T17:00:00+08:00"
	assert ran.clock("B", "Resolution")["elapsed_s"] == str(2 * HOUR + HOUR // 2)
	assert ran.clock("B", "First Response")["state"] == "breached"
	assert ran.clock("C", "Resolution")["state"] == "paused"
	assert [(r["line"], r["reason"]) for r in ran.rejected] == [
		("5", "before_created"),
		("6", "duplicate_ticket"),
		("7", "unreadable_time"),
	]


def test_it_runs_twice_the_same(replay):
	rows = [
		f"T{i},2025-01-06 09:00,2025-01-0{6 + i % 3} 10:{i:02},{'done' if i % 2 else 'open'},1"
		for i in range(30)
	]
	first, second = replay(rows), replay(rows)
	assert first.clocks == second.clocks
	assert {**first.figures, "seconds": 0} == {**second.figures, "seconds": 0}


def test_paused_time_is_what_the_domain_says_of_the_ledger(replay, monkeypatch):
	"""The replay adds it up as it goes; the ledger that it applied must give the same."""
	ledgers: list[list[clocks.Event]] = []
	calendars = {}

	def recording(clock, event, given):
		calendars.update(given)
		if clock is None:
			ledgers.append([])
		ledgers[-1].append(event)
		return apply(clock, event, given)

	apply = clocks.apply
	monkeypatch.setattr(clocks, "apply", recording)
	ran = replay(
		[
			"A,2025-01-06 16:00,2025-01-06 17:00,wait,1",
			"A,2025-01-06 16:00,2025-01-07 10:00,wait,2",
			"A,2025-01-06 16:00,2025-01-07 11:00,open,2",
			"A,2025-01-06 16:00,2025-01-07 15:00,done,2",
			"A,2025-01-06 16:00,2025-01-08 09:00,wait,2",
			"A,2025-01-06 16:00,2025-01-08 15:00,done,2",
			"B,2025-01-06 16:00,2025-01-07 09:30,wait,1",
			"C,2025-01-06 16:00,2025-01-09 09:00,new,1",
		]
	)
	monkeypatch.undo()
	until = clocks.instant_at(1736384400)  # 9 January, 9:00 in Shanghai
	expected = [clocks.paused_seconds(ledger, calendars, until) for ledger in ledgers]
	# a clock that ran straight through has no ledger of its own
	lines = [line for line in ran.clocks if line["commitment"] == "Resolution" and line["ticket"] != "C"]
	assert [int(line["paused_s"]) for line in lines] == expected
	assert sum(expected) > 0
	for ledger, line in zip(ledgers, lines, strict=True):
		assert clocks.replay(ledger, calendars).elapsed_at(until, calendars) == int(line["elapsed_s"])


@pytest.mark.parametrize("option", [[], ["--time-zone", "Europe/Berlin"]])
def test_times_are_of_the_zone_that_was_named_last(replay, option):
	"""The option beats the mapping, the mapping the agreement; due and others are given in that zone."""
	mapping = a_mapping(time_zone="UTC")
	ran = replay(["A,2025-01-06 02:00,2025-01-06 02:30,open,1"], None, mapping, *option)
	line = ran.clock("A", "First Response")
	if option:
		assert (line["started"], line["elapsed_s"]) == (
			"2025-01-06T02:00:00+01:00",
			"1800",
		)  # 9:00 in Shanghai
	else:
		assert (line["started"], line["due"]) == ("2025-01-06T02:00:00+00:00", "2025-01-06T03:00:00+00:00")


def test_one_ticket_in_the_hour_that_comes_twice_does_not_make_a_log_without_order(replay):
	rows = [
		"A,2025-10-26 01:50,2025-10-26 01:50,new,1",
		"A,2025-10-26 01:50,2025-10-26 02:40,open,1",
		"A,2025-10-26 01:50,2025-10-26 02:10,done,1",
	]
	ran = replay(rows, None, None, "--time-zone", "Europe/Paris")
	assert ran.clock("A", "Resolution")["stopped"] == "2025-10-26T02:10:00+01:00"
	ran = replay(rows[::-1], None, None, "--time-zone", "Europe/Paris")
	assert ran.clock("A", "Resolution")["stopped"] == "2025-10-26T02:10:00+01:00"
