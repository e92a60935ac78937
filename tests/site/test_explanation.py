"""A clock explains itself: segments, figures and ledger in words, by the rules it was measured with."""

import itertools
from datetime import datetime, timedelta

import frappe
import pytest
import scenario
from scenario import MONDAY, hours

from ops_delivery.services.clocks import explanation
from ops_delivery.services.shared import wording

THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def agreement(site):
	return scenario.agreement()


@pytest.fixture
def course(agreement):
	"""Judged at 10, paused from 11 to Thursday 9 o'clock, then running. High: 8 h for the resolution."""
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY + hours(1))
	scenario.change(issue, MONDAY + hours(2), status="On Hold", ops_pause_reason="Waiting for <spare> part")
	return scenario.change(issue, THURSDAY, status="Open")


def _local(iso):
	return datetime.fromisoformat(iso).astimezone(scenario.ZONE)


@pytest.mark.clause("5.3.b", "5.3.d", "6.3.e")
def test_every_second_of_its_life_is_counted_paused_or_closed(course):
	clock = explanation.explain(scenario.clock(course).name, at=THURSDAY + hours(4))
	segments = clock["segments"]
	assert [s["kind"] for s in segments] == ["counted", "counted", "paused", "counted", "closed"]
	assert _local(segments[0]["start"]) == MONDAY and _local(segments[-1]["end"]) == THURSDAY + hours(4)
	assert all(a["end"] == b["start"] for a, b in itertools.pairwise(segments))
	assert sum(s["working"] for s in segments if s["kind"] == "counted") == clock["elapsed"] == 5 * 3600
	assert clock["remaining"] == 3 * 3600 and not clock["missed"]
	assert clock["paused"] == (6 + 8 + 8) * 3600  # service hours taken out by the hold
	assert next(s for s in segments if s["kind"] == "paused")["note"] == "Waiting for <spare> part"


@pytest.mark.clause("5.3.b", "6.3.b")
def test_it_names_the_rules_it_was_measured_with(course, agreement):
	clock = explanation.explain(scenario.clock(course).name, at=THURSDAY)
	assert (clock["agreement"], clock["agreement_version"]) == (agreement.name, 1)
	assert (clock["calendar"], clock["calendar_revision"]) == (agreement.calendar, 1)
	assert clock["zone"] == "Asia/Shanghai"
	assert clock["policy"] == agreement.escalation_policy
	assert not clock["problem"]


@pytest.mark.clause("5.3.b")
def test_the_ledger_tells_who_when_and_why_in_words(course):
	lines = explanation.explain(scenario.clock(course).name, at=THURSDAY)["events"]
	assert [line["kind"] for line in lines] == ["Start", "Target Change", "Pause", "Resume"]
	assert lines[1]["text"] == "Target changed from 24 h to 8 h: 1 h used, 7 h left"
	assert lines[1]["cause"] == "Priority changed from Medium to High"
	assert lines[2]["reason"] == "Waiting for <spare> part"
	assert _local(lines[3]["at"]) == THURSDAY
	assert {line["user"] for line in lines} == {"Administrator"}


def test_a_missed_clock_says_by_how_much(course):
	clock = explanation.explain(scenario.clock(course).name, at=THURSDAY + timedelta(days=1, hours=2))
	assert clock["missed"] and clock["missed_by"] == 4 * 3600
	assert clock["remaining"] == -4 * 3600
	assert _local(clock["missed_on"]) == THURSDAY + hours(7)


def test_a_running_clock_brings_the_hours_to_count_on_with(course):
	clock = explanation.explain(scenario.clock(course).name, at=THURSDAY)
	start, end = clock["upcoming"][0]
	assert datetime.fromtimestamp(start, scenario.ZONE) == THURSDAY
	assert end - start == 3 * 3600
	paused = explanation.explain(scenario.clock(course, "First Response").name, at=MONDAY + hours(1))
	assert paused["target"] == 3600


def test_a_long_life_is_summed_by_day_and_then_by_month(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	name = scenario.clock(issue).name
	by_day = explanation.explain(name, at=MONDAY + timedelta(days=40))
	by_month = explanation.explain(name, at=MONDAY + timedelta(days=200))
	for clock, kind in ((by_day, "day"), (by_month, "month")):
		segments = clock["segments"]
		assert {s["kind"] for s in segments} == {kind}
		assert sum(s["working"] for s in segments) == clock["elapsed"]
		assert all(a["end"] == b["start"] for a, b in itertools.pairwise(segments))
	assert by_day["segments"][0]["label"] == "2026-03-02"
	assert by_month["segments"][-1]["label"] == "2026-09"


def test_a_record_is_explained_with_the_same_queries_however_many_clocks(course):
	explanation.explain_record("Issue", course.name)  # calendars are compiled now
	queries = []
	original = frappe.db.sql

	def counted(query, *args, **kwargs):
		queries.append(query)
		return original(query, *args, **kwargs)

	frappe.db.sql = counted
	try:
		clocks = explanation.explain_record("Issue", course.name)
	finally:
		del frappe.db.sql
	assert [c["commitment"] for c in clocks] == ["First Response", "Restore", "Resolution"]
	assert len(queries) <= 12, queries


def test_a_stored_clock_that_differs_from_its_ledger_says_so(course):
	row = scenario.clock(course)
	frappe.db.set_value("Service Clock", row.name, "elapsed", 60)
	assert "Repair the clocks" in explanation.explain(row.name)["problem"]
	frappe.db.delete("Service Clock Event", {"clock": row.name})
	assert explanation.explain(row.name)["problem"] == "The ledger has no lines."


def test_an_unknown_clock_is_an_error(site):
	with pytest.raises(frappe.DoesNotExistError, match="no-such-clock"):
		explanation.explain("no-such-clock")


@pytest.mark.parametrize(
	"seconds, text",
	[(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (-5400, "1 h 30 min"), (90061, "25 h 1 min")],
)
def test_durations_in_words(site, seconds, text):
	assert wording.duration(seconds) == text
