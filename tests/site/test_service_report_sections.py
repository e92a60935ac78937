"""The other sections of a service report, each against records made by the doors and counted by hand (8.3.b.5)."""

from datetime import date, timedelta

import amounts_scene
import factories
import frappe
import improving
import pytest
import report_scene as scene
import routine_scene
import scenario
import surveying
import visiting

from ops_delivery.domain.service_report.model import MISSED
from ops_delivery.services.reports.collect import collect
from ops_delivery.services.visits.types import SESSION, SHEET

pytestmark = pytest.mark.clause("8.3.b.5")


def values(section) -> dict:
	return {figure.key: figure.value for figure in section.figures}


def test_routine_tasks_by_what_came_of_them(site):
	agreement = scenario.agreement()
	with routine_scene.at("2026-03-01"):
		made = routine_scene.schedule(agreement, lead_days=31)
	tasks = [row for row in routine_scene.tasks(made) if str(row.planned_on).startswith("2026-03")]
	assert len(tasks) == 9  # Mondays and Thursdays from March 2nd
	done = {"status": "Done", "done_on": "2026-03-05 10:00:00"}
	for row, changed in zip(tasks, ({**done, "timeliness": "On Time"}, {**done, "timeliness": "Late"}, {"status": "Missed"}, {"status": "Cancelled"}), strict=False):
		frappe.db.set_value("Routine Task", row.name, changed)
	section = scene.section(agreement, "routine")
	found = values(section)
	assert (found["planned"], found["done"], found["late"]) == (8, 2, 1)
	assert found["missed"] == 1 + sum(row.due_on < date(2026, 4, 3) for row in tasks[4:])
	assert found["planned"] == found["done"] + found["missed"] + found["open"]
	assert found["share"] == pytest.approx(100 / (found["done"] + found["missed"]))
	assert section.figure("done").sources.names == tuple(row.name for row in tasks[:2])
	assert [row["kind"] for row in section.table("kinds").rows] == [routine_scene.KIND]


def test_what_was_found_and_how_an_object_develops(site):
	w = routine_scene.two_rounds()
	frappe.db.set_value("Service Object", w.things[0], "importance", "Very Important")
	with routine_scene.at("2026-03-02"):
		routine_scene.risk_on(w.first.name)
	with routine_scene.at("2026-03-05"):
		routine_scene.risk_on(w.second.name)
	day = frappe.get_all("Reading Day", {"service_object": w.things[0]}, ["*"])[0]
	for number in (9, 10):
		scene.put("Reading Day", **{**day, "name": factories.unique("d"), "day": date(2026, 3, number), "mean": number, "rest": 0, "readings": 1})
	section = scene.section(w.agreement, "routine")
	finding = frappe.get_all("Routine Finding", {"agreement": w.agreement.name}, ["name", "first_found"])
	assert section.figure("found").sources.names == tuple(row.name for row in finding)
	assert section.figure("standing").value == 1
	assert [row["record"] for row in section.table("findings").rows] == [finding[0].name]
	chart = section.charts[0]
	assert chart.arguments[1] == "Read the temperature"
	assert dict(zip(chart.labels, chart.series[0].values, strict=True)) == {"2026-03-02": 30, "2026-03-05": 30, "2026-03-09": 9, "2026-03-10": 10}


def test_visits_hours_and_punctuality(site):
	agreement = scenario.agreement()
	w = visiting.world(customer=agreement.customer, planned_start="2026-03-03 09:00:00")
	late = w.visit
	early, session = (visiting.plan(kind, agreement.customer, owner_user=w.engineer, planned_start="2026-03-04 09:00:00") for kind in (SHEET, SESSION))
	common = {"agreement": agreement.name, "status": "Left", "promised_on": "2026-03-04 10:00:00"}
	frappe.db.set_value(SHEET, late.name, {**common, "arrived_on": "2026-03-04 10:20:00", "late_minutes": 20, "hours_on_site": 2})
	frappe.db.set_value(SHEET, early.name, {**common, "arrived_on": "2026-03-04 09:50:00", "late_minutes": -10, "hours_on_site": 1.5})
	frappe.db.set_value(SESSION, session.name, {"agreement": agreement.name, "status": "Ended", "arrived_on": "2026-03-04 09:50:00"})
	left = scene.put("Service Leftover", subject="Order a fan", customer=agreement.customer, state="Open", source_doctype=SHEET, source_name=late.name)
	section = scene.section(agreement, "visits")
	found = values(section)
	assert (found["visits"], found["sessions"], found["hours"], found["late"], found["punctual"]) == (2, 1, 3.5, 1, 50)
	assert section.figure("late").sources.names == (late.name,)
	assert section.figure("leftovers").sources.names == (left.name,)
	assert [(row["record"], row["late"]) for row in section.table("late").rows] == [(late.name, 20)]


def test_amounts_used_in_the_period_and_in_all(site):
	agreement = amounts_scene.agreement(amounts_scene.amount("Visits", quantity=4, per="Quarter"))
	for day in ("2026-02-10", "2026-03-02"):
		amounts_scene.leave(amounts_scene.visited(agreement, day), day)
	row = scene.section(agreement, "amounts").table("amounts").rows[0]
	assert (row["promised"], row["used_now"], row["used"], row["left"]) == (4, 1, 2, 2)
	assert (row["from_day"], row["to_day"]) == ("2026-01-01", "2026-03-31")


def test_too_few_answers_give_no_mean(site):
	surveying.only_own_rules()
	agreement = scenario.agreement()
	people = surveying.people(agreement.customer, 3)
	surveys = surveying.asked(people, agreement.customer, surveying.template())
	for survey in surveys:
		frappe.db.set_value("Service Survey", survey.name, {"agreement": agreement.name, "asked_on": "2026-03-05 09:00:00"})
	for number, survey in enumerate(surveys, start=1):
		surveying.answer(frappe.get_doc("Service Survey", survey.name))
		frappe.db.set_value("Survey Response", surveying.response(survey).name, {"answered_on": "2026-03-06", "agreement": agreement.name})
		section = scene.section(agreement, "satisfaction")
		found = values(section)
		assert (found["answers"], found["asked"]) == (number, 3)
		assert found["satisfaction"] == (100 if number == 3 else None)
		assert bool(section.notes) == (number < 3)


def test_improvements_open_done_and_their_effect(site):
	agreement = scenario.agreement()
	actions = [improving.action(customer=agreement.customer, agreement=agreement.name) for _number in range(4)]
	moments = ("2026-03-02 09:00:00", "2026-03-03 09:00:00", "2026-02-03 09:00:00", "2026-02-04 09:00:00")
	for action, moment in zip(actions, moments, strict=True):
		frappe.db.set_value("Improvement Action", action.name, "creation", moment, update_modified=False)
	frappe.db.set_value("Improvement Action", actions[1].name, {"state": "Closed", "closed_on": "2026-03-20 09:00:00"})
	frappe.db.set_value("Improvement Action", actions[2].name, {"state": "Closed", "closed_on": "2026-02-20 09:00:00"})
	scene.put("Improvement Check", parent=actions[1].name, parenttype="Improvement Action", parentfield="checks", result="Effective", checked_on="2026-03-19 09:00:00")
	found = values(scene.section(agreement, "improvements"))
	assert (found["opened"], found["closed"], found["open"], found["effective"]) == (2, 1, 2, 1)


def test_the_assessment_is_worked_out_until_one_is_kept(site):
	agreement = scenario.agreement()
	scene.requests(agreement)
	section = scene.section(agreement, "assessment")
	kept = scene.section(agreement, "attainment").figure("attainment").value
	row = section.table("metrics").rows[0]
	assert (row["value"], row["verdict"]) == (pytest.approx(kept), MISSED)
	assert section.figure("penalties").value > 0
	assert section.figure("penalties").arguments == ("CNY",)
	assert section.notes[0][0] == "It is worked out for this report, and was not confirmed by both parties."
	with scenario.at(scene.MADE):
		doc = factories.make("Agreement Assessment", agreement=agreement.name, start_date="2026-03-01", end_date="2026-03-31")
	section = scene.section(agreement, "assessment")
	assert section.figure("score").sources.names == (doc.name,)
	assert section.figure("score").value == pytest.approx(doc.score)
	assert [row["verdict"] for row in section.table(doc.name).rows] == [MISSED]
	assert section.notes[0][0] == "{0}, {1} to {2}: not yet confirmed by both parties."


def test_a_major_incident_has_its_course_and_cause(site):
	agreement = scenario.agreement()
	values_ = {"ops_urgency": "Very Urgent", "ops_importance": "Very Important"}
	issue = scenario.judge_valid(scenario.issue(agreement, scene.moment(2)), scene.moment(2, "09:05"), **values_)
	assert issue.priority == "Urgent"
	scenario.change(issue, scene.moment(2, "10:30"), ops_restored_on="2026-03-02 10:30:00")
	other = scenario.judge_valid(scenario.issue(agreement, scene.moment(3)), scene.moment(3, "09:05"))
	improving.action(customer=agreement.customer, source_doctype="Issue", source_name=issue.name, cause="The fan stood still")
	section = scene.section(agreement, "major_incidents")
	rows = section.table("incidents").rows
	assert [row["record"] for row in rows] == [issue.name] != [other.name]
	assert (rows[0]["hours"], rows[0]["cause"]) == (1.5, "The fan stood still")
	assert values(section) == {"reported": 1, "open": 1, "longest": 1.5}


def test_what_comes_next(site):
	agreement = scenario.agreement()
	with routine_scene.at("2026-04-01"):
		made = routine_scene.schedule(agreement, lead_days=14, first_date="2026-04-06")
	visit = visiting.world(customer=agreement.customer, planned_start="2026-04-09 09:00:00").visit
	frappe.db.set_value(SHEET, visit.name, "agreement", agreement.name)
	section = scene.section(agreement, "next_period")
	expected = [row.name for row in routine_scene.tasks(made) if row.planned_on < date(2026, 5, 1)]
	assert expected
	assert list(section.figure("Routine Task").sources.names) == expected
	assert section.figure("Field Service Sheet").sources.names == (visit.name,)


def test_the_summary_says_what_was_not_kept_and_what_waits(site):
	agreement = scenario.agreement()
	scene.requests(agreement)
	waiting = frappe.get_all("Service Acceptance", {"agreement": agreement.name, "state": "Requested"}, pluck="reference_name")
	assert waiting
	with scenario.at(scene.MADE):
		found = collect(agreement.name, scene.FIRST, scene.LAST, ["summary", "attainment"])
	section = found["summary"]
	assert section.figure("attainment_attainment").value == found["attainment"].figure("attainment").value
	missed = [row["commitment"] for row in found["attainment"].table("commitments").rows if row["verdict"] == MISSED]
	assert [arguments[0]["value"] for text, arguments in section.notes if "was not kept" in text] == missed
	assert {(row["doctype"], row["record"]) for row in section.table("decisions").rows} == {("Issue", name) for name in waiting}


def test_the_annex_lists_the_records(site):
	agreement = scenario.agreement()
	made = scene.requests(agreement)
	rows = scene.section(agreement, "records").table("requests").rows
	assert {row["record"] for row in rows} == {one.name for key, one in made.items() if key != "april"}
	assert rows[0]["reported"] == (scene.moment(20, month=2)).strftime("%Y-%m-%d %H:%M:%S")


def test_plans_against_what_was_done(site):
	agreement = scenario.agreement()
	plan = scene.put("Delivery Plan", title="Plan of the year", agreement=agreement.name, customer=agreement.customer, status="In Progress", start_date="2026-01-01", end_date="2026-12-31")
	ends = (("2026-03-10", "Completed", "2026-03-12"), ("2026-03-20", "Not Started", None), ("2026-04-20", "Not Started", None))
	activities = [
		scene.put("Delivery Activity", subject=f"Step {number}", plan=plan.name, customer=agreement.customer, planned_start=date.fromisoformat(end) - timedelta(days=5), planned_end=end, state=state, actual_start=ended, actual_end=ended)
		for number, (end, state, ended) in enumerate(ends)
	]
	section = scene.section(agreement, "plan_against_actual")
	assert {key: section.figure(key).sources.names for key in ("due", "done", "late")} == {
		"due": (activities[0].name, activities[1].name),
		"done": (activities[0].name,),
		"late": (activities[0].name, activities[1].name),
	}
	assert [row["days"] for row in section.table("activities").rows] == [2, 14]
	assert [row["activities"] for row in section.table("plans").rows] == [3]
