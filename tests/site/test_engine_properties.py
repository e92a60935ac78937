"""What holds for clocks whatever happens to a record, on a real site: ledger, stored state and explanation agree."""

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

import factories
import frappe
import isolation
import pytest
import scenario
from frappe.utils import get_datetime
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scenario import MONDAY, hours

from ops_delivery.domain import clock as domain
from ops_delivery.services.clocks import explanation, figures
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks.changes import CALENDARS
from ops_delivery.services.engine import desk_counts as attention
from ops_delivery.services.escalation import sweep
from ops_delivery.services.portal import request_clocks
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.scope import active_rules as every_save
from ops_delivery.setup.demo_desk import sign_off

MOVES = (
	"hold",
	"go on",
	"resolve",
	"reopen",
	"urgency",
	"importance",
	"invalid",
	"valid",
	"calendar",
	"sweep",
)
GAPS = st.one_of(st.integers(0, 90), st.integers(1, 72 * 60))  # minutes
COURSES = st.lists(st.tuples(GAPS, st.sampled_from(MOVES), st.integers(0, 2)), min_size=2, max_size=6)
LEVELS = tuple(scenario.LEVELS.values())


def _local(moment, zone=scenario.ZONE):
	return moment.astimezone(zone).replace(tzinfo=None)


class Course:
	"""An Issue taken through a course of moves, with a minute-by-minute account of its resolution clock beside it."""

	def __init__(self, agreement):
		self.agreement, self.now = agreement, MONDAY
		self.calendar = frappe.get_doc("Service Calendar", agreement.calendar)
		self.holidays, self.known = set(), set()
		self.issue = scenario.judge_valid(scenario.issue(agreement, MONDAY), MONDAY)
		self.counted = 0

	def move(self, minutes: int, what: str, which: int) -> None:
		later = self.now + timedelta(minutes=minutes)
		self._count_until(later)
		self.now = later
		old = frappe.get_doc("Issue", self.issue.name)
		values = self._values(what, which, old)
		if what == "calendar":
			self._another_holiday(which)
		elif what == "sweep":
			with scenario.at(self.now):
				sweep.run()
		if values:
			before = scenario.clock(self.issue).state
			scenario.change(self.issue, self.now, **values)
			after = scenario.clock(self.issue).state
			if after == "Cancelled" != before:
				self.waited, self.stood_still, self.known_then = 0, before == "Paused", set(self.known)
			elif before == "Cancelled" != after and not self.stood_still:
				self.counted += self.waited  # the customer waited all the while
			self.known = set(self.holidays)  # a save takes up the calendar as it stands

	def _values(self, what, which, old):
		status = old.status
		if what == "hold" and status == "Open":
			return {"status": "On Hold", "ops_pause_reason": "parts"}
		if what == "go on" and status == "On Hold":
			return {"status": "Open"}
		if what == "resolve" and status in ("Open", "On Hold") and old.ops_validity == "Valid":
			return {"status": "Resolved", "resolution_details": "done"}
		if what == "reopen" and status == "Resolved":
			return {"status": "Open"}
		if what == "urgency":
			return {"ops_urgency": LEVELS[0][which]}
		if what == "importance":
			return {"ops_importance": LEVELS[1][which]}
		if what == "invalid" and status == "Open":
			return {"ops_validity": "Invalid", "ops_invalid_reason": "not ours"}
		if what == "valid" and status == "Open":
			return {"ops_validity": "Valid"}
		return {"subject": factories.unique("Issue")} if what == "calendar" else {}

	def _another_holiday(self, which):
		day = self.now.astimezone(scenario.ZONE).date() + timedelta(days=which)
		if day not in self.holidays:
			self.holidays.add(day)
			self.calendar.append("exceptions", {"date": day, "kind": "Holiday"})
			with scenario.at(self.now):
				self.calendar.update(scenario.SAID)
				self.calendar.save()

	def _count_until(self, later):
		state = scenario.clock(self.issue).state
		if state == "Running":
			self.counted += self._open_seconds(later, self.known)
		elif state == "Cancelled":
			self.waited += self._open_seconds(later, self.known_then)

	def _open_seconds(self, later, holidays) -> int:
		seconds, minute = 0, self.now
		while minute < later:
			local = minute.astimezone(scenario.ZONE)
			open_ = 9 <= local.hour < 18 and local.hour != 12
			if open_ and local.weekday() < 5 and local.date() not in holidays:
				seconds += 60
			minute += timedelta(minutes=1)
		return seconds

	def check(self) -> None:
		assert clocks.rebuild("Issue", self.issue.name, repair=False) == []
		for explained in explanation.explain_record("Issue", self.issue.name, self.now):
			assert not explained.get("problem")
			assert explained["elapsed"] + explained["remaining"] == explained["target"]
			if explained["state"] != "Cancelled":
				counted = sum(s["working"] for s in explained["segments"] if s["kind"] == "counted")
				assert counted == explained["elapsed"]
		for row in clock_store.load("Issue", self.issue.name).values():
			_check_row(row, self.now)
		resolution = scenario.clock(self.issue)
		if resolution.state != "Cancelled":
			row = clock_store.load("Issue", self.issue.name)[resolution.clock_definition]
			assert clock_store.to_domain(row, CALENDARS).elapsed_at(self.now, CALENDARS) == self.counted


def _check_row(row, now) -> None:
	"""Elapsed and remaining add up, the deadline is where the rest runs out, and only a running clock has triggers."""
	clock = clock_store.to_domain(row, CALENDARS)
	assert clock.elapsed_at(now, CALENDARS) + clock.remaining_at(now, CALENDARS) == clock.target
	triggers = frappe.db.count("Service Clock Trigger", {"clock": row.name})
	if row.state == "Running":
		calendar = CALENDARS[clock.calendar]
		assert calendar.between(clock.running_since, clock.due) == clock.target - clock.elapsed
		assert get_datetime(row.due_on) == _local(clock.due)
		assert triggers or row.breached
	else:
		assert not row.due_on and not triggers
	ledger = clock_store.ledger(row.name)
	assert len(ledger) == row.event_count
	assert all(a.at <= b.at for a, b in pairwise(ledger))
	assert domain.replay(ledger, CALENDARS) == clock or row.state in ("Met", "Cancelled")


@pytest.mark.clause("5.3.d", "6.3.e")
def test_any_course_of_an_issue_leaves_ledger_state_and_explanation_in_agreement(site):
	policy = scenario.policy([{**scenario.STEPS[0]}, {**scenario.STEPS[1]}])
	agreement = scenario.agreement(escalation_policy=policy.name)

	tried = []

	@settings(
		max_examples=25,
		deadline=None,
		database=None,
		suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
	)
	@example([(0, "invalid", 0), (1, "valid", 0)])  # the customer waited all the while
	@given(COURSES)
	def holds(course):
		frappe.db.savepoint("ops_example")
		ours = scenario.calendar()
		frappe.db.set_value("Service Agreement", agreement.name, "calendar", ours.name)
		_forget_terms()
		agreement.calendar = ours.name
		taken = Course(agreement)
		for step in course:
			taken.move(*step)
		taken.check()
		tried.append(course)
		frappe.db.rollback(save_point="ops_example")

	holds()
	assert tried


def _forget_terms():
	from ops_delivery.services.engine import process_caches as kept

	kept.forget_all()
	frappe.clear_document_cache("Service Agreement")


@pytest.fixture
def measured_project(site):
	"""ERPNext's Project as a second measured record type, by records alone."""
	scenario.basics()
	factories.make(
		"Measured Record Type",
		document_type="Project",
		customer_field="customer",
		priority_field="priority",
		date_field="creation",
		status_field="status",
	)
	factories.make(
		"Clock Definition",
		definition_name="Project: Resolution",
		commitment="Resolution",
		document_type="Project",
		start_when="True",
		pause_when='doc.is_active == "No"',
		meet_when='doc.status == "Completed"',
		cancel_when='doc.status == "Cancelled"',
	)
	every_save.forget()
	yield
	every_save.forget()


@pytest.mark.clause("5.3.d", "6.3.b", "6.3.e.3")
def test_another_record_type_is_measured_by_records_alone(measured_project):
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	agreement = scenario.agreement(manager=manager)
	with scenario.at(MONDAY):
		project = factories.make(
			"Project",
			project_name=factories.unique("Project"),
			customer=agreement.customer,
			company=factories.company(),
			percent_complete_method="Manual",
			priority="Medium",
		)
	clock = _clock_of(project)
	assert (clock.state, clock.target, clock.agreement) == ("Running", 24 * 3600, agreement.name)
	_save(project, MONDAY + hours(1), is_active="No")
	assert _clock_of(project).state == "Paused"
	_save(project, MONDAY + hours(3), is_active="Yes", priority="High")
	clock = _clock_of(project)
	assert (clock.state, clock.elapsed, clock.target) == ("Running", 3600, 8 * 3600)
	with scenario.at(MONDAY + hours(10) + timedelta(days=1)):
		outcome = sweep.run()
	assert not outcome["failed"]
	assert _clock_of(project).breached
	assert frappe.db.exists("Notification Log", {"for_user": manager, "document_name": project.name})
	assert frappe.db.exists("Escalation Log", {"reference_name": project.name, "kind": "Manager Route"})
	_save(project, MONDAY + timedelta(days=2), status="Completed")
	assert _clock_of(project).state == "Met"
	assert clocks.rebuild("Project", project.name, repair=False) == []
	explained = explanation.explain_record("Project", project.name, MONDAY + timedelta(days=3))[0]
	assert sum(s["working"] for s in explained["segments"] if s["kind"] == "counted") == explained["elapsed"]


@pytest.mark.clause("6.3.b")
def test_it_keeps_the_version_it_was_measured_by_first(measured_project):
	from ops_delivery.services.agreements import versions as agreements

	agreement = scenario.agreement()
	with scenario.at(MONDAY):
		project = factories.make(
			"Project",
			project_name=factories.unique("Project"),
			customer=agreement.customer,
			company=factories.company(),
		)
	newer = frappe.get_doc("Service Agreement", agreements.new_version(agreement.name))
	newer.amendment_reason = "Quicker"
	newer.save()
	sign_off.sign_off(newer)
	_save(project, MONDAY + hours(1), notes="still ours")
	assert _clock_of(project).agreement == agreement.name


def _save(document, moment, **values):
	with scenario.at(moment):
		document = frappe.get_doc(document.doctype, document.name)
		document.update(values)
		document.save(ignore_permissions=True)


def _clock_of(document, commitment="Resolution"):
	return frappe.db.get_value(
		"Service Clock",
		{
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"commitment": commitment,
		},
		"*",
		as_dict=True,
	)


# --- the hour that occurs twice ------------------------------------------------------------------------------------

NEW_YORK = "America/New_York"
FIRST = datetime(2026, 11, 1, 5, 30, tzinfo=timezone.utc)  # 01:30, still in daylight saving time
SECOND = FIRST + hours(1)  # 01:30 once more


@pytest.fixture
def new_york(site):
	"""The site stands in New York, on the night when clocks are put back."""
	frappe.db.set_single_value("System Settings", "time_zone", NEW_YORK)
	_forget_settings()
	yield
	_forget_settings()


def _forget_settings():
	frappe.clear_document_cache("System Settings")
	if hasattr(frappe.local, "system_settings"):
		del frappe.local.system_settings
	frappe.cache.delete_value("system_settings")
	frappe.cache.delete_value("time_zone")
	frappe.local.cache = {}
	isolation.forget_process_caches()


@pytest.fixture
def night(new_york):
	"""An agreement that is served round the clock, with an alarm at the deadline."""
	from ops_delivery.services.shared import site_time as time

	assert time.site_zone().key == NEW_YORK
	round_the_clock = scenario.calendar(
		time_zone=NEW_YORK,
		windows=[
			{"weekday": day, "start_time": "00:00:00", "end_time": "24:00:00"}
			for day in (*scenario.WEEK, "Saturday", "Sunday")
		],
	)
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	policy = scenario.policy(
		[{"step_name": "Alarm", "kind": "Alarm", "moment": "At", "notify_assignee": 0, "notify_managers": 1}]
	)
	return scenario.agreement(calendar=round_the_clock.name, escalation_policy=policy.name, manager=manager)


def _issue_at(agreement, moment, **values):
	with scenario.at(moment):
		issue = factories.make_issue(
			agreement.customer, opening_date=date(2026, 10, 31), description="-", **values
		)
	return scenario.judge_valid(issue, moment)


@pytest.mark.clause("5.3.d")
def test_what_happens_within_the_hour_that_occurs_twice_is_rebuilt_exactly(night):
	issue = _issue_at(night, FIRST - hours(1))
	scenario.change(issue, FIRST, status="On Hold", ops_pause_reason="parts")
	scenario.change(issue, SECOND, status="Open")
	clock = scenario.clock(issue)
	assert clock.elapsed == 3600
	assert clock.utc_offset == -300
	assert clocks.rebuild("Issue", issue.name, repair=False) == []
	ledger = clock_store.ledger(clock.name)
	assert [event.at for event in ledger][-2:] == [FIRST, SECOND]
	scenario.change(issue, SECOND + hours(0.25), status="Resolved", resolution_details="done")
	clock = scenario.clock(issue)
	assert clock.elapsed == 3600 + 900  # the hour on hold lies between two equal readings of the clock
	assert clocks.rebuild("Issue", issue.name, repair=False) == []
	explained = next(
		e
		for e in explanation.explain_record("Issue", issue.name, SECOND + hours(2))
		if e["commitment"] == "Resolution"
	)
	assert (explained["elapsed"], explained["paused"]) == (4500, 3600)
	assert explained["stopped"] == (SECOND + hours(0.25)).isoformat()


@pytest.mark.clause("6.3.e.2")
@pytest.mark.parametrize("due", [FIRST, SECOND])
def test_a_deadline_within_the_hour_that_occurs_twice_is_told_at_its_own_time(night, due):
	issue = _issue_at(night, due - hours(8), ops_restored_on=None)
	assert scenario.clock(issue).target == 8 * 3600
	for moment, expected in (
		(due - hours(1), 0),
		(due - timedelta(minutes=1), 0),
		(due, 1),
		(due + hours(1), 1),
	):
		with scenario.at(moment):
			assert sweep.run()["finished"]
		told = frappe.db.count(
			"Escalation Log", {"reference_name": issue.name, "commitment": "Resolution", "kind": "Alarm"}
		)
		assert told == expected, moment


def test_what_is_due_just_before_clocks_are_put_back_is_not_late_by_an_hour(night):
	change = datetime(2026, 11, 1, 6, 0, tzinfo=timezone.utc)
	issue = _issue_at(night, change - timedelta(minutes=1) - hours(8))
	with scenario.at(change + timedelta(seconds=20)):
		sweep.run()
	assert scenario.clock(issue).breached


@pytest.mark.parametrize("due", [FIRST, SECOND])
def test_no_page_says_late_before_the_deadline_in_the_hour_that_occurs_twice(night, due):
	"""48 minutes before the second 01:30 the site's clock reads 01:42 for the first time."""
	issue = _issue_at(night, due - hours(8), ops_restored_on=None)

	def shown(moment) -> tuple[bool, ...]:
		with scenario.at(moment):
			sweep.run()
			clock = scenario.clock(issue)
			row = next(row for row in request_clocks.clocks_of([issue.name])[issue.name] if row.commitment == "Resolution")
			return (
				request_clocks.is_late(row),
				request_clocks.commitment(row)["late"],
				figures.is_missed(clock, moment),
				bool(_missed_and_open(clock)),
			)

	for minutes in (60, 48, 30, 1):
		assert shown(due - timedelta(minutes=minutes)) == (False,) * 4, minutes
	for minutes in (1, 20, 40, 61, 119):
		assert shown(due + timedelta(minutes=minutes)) == (True,) * 4, minutes


def _missed_and_open(clock) -> int:
	before = attention.missed_and_open()["value"]
	frappe.db.savepoint("ops_without")
	frappe.db.delete("Service Clock", {"name": clock.name})
	without = attention.missed_and_open()["value"]
	frappe.db.rollback(save_point="ops_without")
	return before - without


def test_a_moment_of_two_has_passed_with_the_second(new_york):
	from ops_delivery.services.shared import site_time as time

	stored = datetime(2026, 11, 1, 1, 30)
	with scenario.at(FIRST + timedelta(minutes=12)):
		assert not time.has_passed(stored) and time.surely_past() == datetime(2026, 11, 1, 0, 59)
	with scenario.at(SECOND + timedelta(minutes=1)):
		assert time.has_passed(stored)
	with scenario.at(SECOND + hours(1)):
		assert time.surely_past() == datetime(2026, 11, 1, 2, 30)
