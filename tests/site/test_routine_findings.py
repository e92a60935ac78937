"""Findings of rounds: opened once, led back to normal, followed by what the manual says (6.2.b.5, 6.2.d, 8.3.a.2, 8.3.a.3)."""

import api_calls
import desk_door
import factories
import frappe
import pytest
import routine_scene as scene
import scenario

from ops_delivery.services.handover import of_findings
from ops_delivery.services.routine import findings as judged
from ops_delivery.services.shared import bulk, events

FINDING = "Routine Finding"


def world(**manual):
	with scene.at("2026-03-02"):
		agreement = scenario.agreement()
		schedule = scene.schedule(agreement, lead_days=7, manual=scene.in_use(**manual).name)
	found = frappe._dict(agreement=agreement, schedule=schedule)
	found.engineer = factories.make_user(roles=["Field Engineer"]).name
	found.manager = factories.make_user(roles=["Service Delivery Manager"]).name
	found.tasks = [row.name for row in scene.tasks(schedule)]
	found.things = [row.service_object for row in frappe.get_doc(scene.TASK, found.tasks[0]).objects]
	sheet = scene.post(found.engineer, "task_sheet", name=found.tasks[0])[1]
	found.heat, found.lamp, found.door, found.seen = [step["key"] for step in sheet["steps"]]
	return found


@pytest.fixture
def w(site):
	return world(when_abnormal="Open an Issue", when_at_risk="Propose Optimization")


def save(w, *lines, task=0, day="2026-03-02", clock="09:00"):
	"""Lines of (step, value) or (step, value, object)."""
	rows = [{"service_object": w.things[line[2] if len(line) > 2 else 0], "step_key": line[0], "value": line[1]} for line in lines]
	with scene.at(day, clock):
		answer = scene.post(w.engineer, "save_readings", name=w.tasks[task], rows=rows)[1]
	assert not answer["refused"], answer


def finish(w, task=0, day="2026-03-02", clock="10:00"):
	with scene.at(day, clock):
		read = frappe.get_all(scene.READING, {"task": w.tasks[task]}, ["service_object", "step_key"], as_list=True)
		rest = [(key, value, at) for at, thing in enumerate(w.things) for key, value in ((w.heat, "20"), (w.lamp, "Green"), (w.door, "Yes")) if (thing, key) not in read]
		save(w, *rest, task=task, day=day, clock=clock)
		status, answer = scene.post(w.engineer, "finish", name=w.tasks[task])
	assert status == 200, answer


def step(user, function, **form):
	answer = api_calls.post(user, f"ops_delivery.api.findings.{function}", **form)
	assert answer.status < 500, answer.text
	return answer.status, frappe.parse_json(answer.text)


def findings(w, **filters):
	rows = frappe.get_all(FINDING, {"customer": w.agreement.customer, **filters}, pluck="name", order_by="first_found, name")
	return [frappe.get_doc(FINDING, name) for name in rows]


@pytest.mark.clause("8.3.b.2")
def test_what_is_abnormal_is_a_finding_at_once_and_the_same_again_is_added_to_it(w):
	save(w, (w.heat, "30"), (w.lamp, "Green"))
	(found,) = findings(w)
	assert (found.status, found.verdict, found.times_found, found.last_value, found.service_object) == ("Open", "At Risk", 1, "30", w.things[0])
	assert (found.agreement, found.task, found.step) == (w.agreement.name, w.tasks[0], "Read the temperature")
	save(w, (w.heat, "30"), (w.heat, "31", 1))
	assert len(findings(w)) == 2, "another object is another finding; the same reading sent again is none"
	save(w, (w.heat, "35"), task=1, day="2026-03-05")
	found.reload()
	assert len(findings(w)) == 2 and (found.times_found, found.verdict, found.last_value, found.first_value) == (2, "Abnormal", "35", "30")
	assert (found.task, found.last_task) == (w.tasks[0], w.tasks[1])


@pytest.mark.clause("8.3.a.2")
def test_a_slip_that_is_put_right_takes_the_finding_back(w):
	save(w, (w.heat, "300"))
	assert findings(w)[0].verdict == "Abnormal"
	save(w, (w.heat, "20"), clock="09:01")
	assert not findings(w)
	save(w, (w.heat, "300"), clock="09:02")
	save(w, (w.heat, ""), clock="09:03")
	assert not findings(w)


def test_a_slip_leaves_no_trace_on_the_readings_that_followed_it(w):
	save(w, (w.heat, "300"))
	save(w, (w.heat, "20"), task=1, day="2026-03-05")
	assert findings(w)[0].status == "Back to Normal"
	save(w, (w.heat, "30"), (w.heat, "30", 1), day="2026-03-05", clock="10:00")
	assert [row.status for row in findings(w)] == ["Open", "Open"], "the later one counts"
	save(w, (w.heat, "20"), day="2026-03-05", clock="11:00")
	assert len(findings(w)) == 1
	assert not frappe.db.count(scene.READING, {"service_object": w.things[0], "finding": ["is", "set"]})


def test_a_slip_that_somebody_took_in_hand_is_closed_and_says_so(w):
	save(w, (w.heat, "300"))
	(found,) = findings(w)
	step(w.engineer, "take", name=found.name)
	save(w, (w.heat, "20"), clock="09:05")
	found.reload()
	assert (found.status, found.outcome, found.live_key) == ("Closed", "Taken Back", None)


@pytest.mark.clause("8.3.a.2", "8.3.a.3")
def test_a_normal_reading_that_follows_is_recorded_as_the_result_and_a_person_closes_it(w):
	save(w, (w.heat, "30"))
	save(w, (w.heat, "21"), task=1, day="2026-03-05")
	(found,) = findings(w)
	assert (found.status, found.normal_value, str(found.normal_on)[:10], found.normal_task) == ("Back to Normal", "21", "2026-03-05", w.tasks[1])
	status, answer = step(w.engineer, "close", name=found.name, result="Holds for a week")
	assert status == 417 and "What was done" in str(answer)
	assert step(w.engineer, "close", name=found.name, result="Holds for a week", what_was_done="Filter changed")[1]["message"] == "Closed"
	found.reload()
	assert (found.outcome, found.closed_by, found.result) == ("Normal Again", w.engineer, "Holds for a week")
	save(w, (w.heat, "30", 0), task=1, day="2026-03-05", clock="11:00")
	assert [row.status for row in findings(w)] == ["Closed", "Open"], "what is found after the end is a new one"


def test_what_falls_back_before_it_was_closed_is_the_same_finding(w):
	save(w, (w.heat, "30"))
	save(w, (w.heat, "21"), task=1, day="2026-03-05")
	save(w, (w.heat, "29"), task=1, day="2026-03-05", clock="11:00")
	(found,) = findings(w)
	assert (found.status, found.times_found, found.normal_on) == ("Open", 2, None)


@pytest.mark.clause("6.2.b.5")
def test_a_finding_is_taken_in_hand_and_a_manager_alone_accepts_a_risk(w):
	save(w, (w.heat, "30"), (w.lamp, "Red"))
	(risk,), (fault,) = findings(w, verdict="At Risk"), findings(w, verdict="Abnormal")
	assert step(w.engineer, "take", name=risk.name)[1]["message"] == "In Hand"
	status, answer = step(w.engineer, "accept_risk", name=risk.name, reason="Summer")
	assert status == 403 and "Service Delivery Manager" in str(answer)
	assert step(w.manager, "accept_risk", name=risk.name, reason="Summer")[1]["message"] == "Risk Accepted"
	status, answer = step(w.manager, "accept_risk", name=fault.name, reason="Summer")
	assert status == 417 and "cannot become" in str(answer)
	save(w, (w.heat, "31"), task=1, day="2026-03-05")
	risk.reload()
	assert (risk.status, risk.times_found, risk.accepted_by) == ("Risk Accepted", 2, w.manager)
	save(w, (w.heat, "40"), task=1, day="2026-03-05", clock="10:00")
	risk.reload()
	assert risk.status == "In Hand", "what grows abnormal was not accepted"
	listed = frappe.parse_json(api_calls.get(w.engineer, "ops_delivery.api.findings.of_object", service_object=w.things[0]).text)["message"]
	assert {row["name"] for row in listed} == {risk.name, fault.name}


@pytest.mark.clause("6.2.d", "6.2.b.5", "5.3.b")
def test_a_done_round_opens_one_issue_under_the_agreement_with_the_facts(w):
	save(w, (w.heat, "35"))
	(found,) = findings(w)
	assert not found.issue and found.follow_up == "Wanted", "until the round is done a slip may be put right"
	finish(w)
	with scene.at("2026-03-02", "10:05"):
		for _time in range(2):
			of_findings.follow(found.name)
	found.reload()
	issue = frappe.get_doc("Issue", found.issue)
	assert (issue.customer, issue.ops_object, issue.ops_agreement) == (found.customer, found.service_object, w.agreement.name)
	for part in ("35", "18 to 27 ℃", "Read the temperature", "The value is normal for a day", found.name):
		assert part in issue.description, part
	assert frappe.db.exists("Service Clock", {"reference_name": issue.name}), "its clocks run"
	assert frappe.db.count("Service Handover", {"source_name": found.name}) == 1 and found.follow_up == "Under Way"
	with scene.at("2026-03-02", "12:00"):
		issue.update({"status": "Closed", "ops_validity": "Invalid", "ops_invalid_reason": "Sensor"})
		issue.save()
	found.reload()
	assert found.follow_up == "Over" and issue.name in found.follow_up_result


@pytest.mark.clause("6.2.d")
def test_a_risk_is_proposed_for_optimization_and_becomes_a_plan_with_its_facts(w):
	save(w, (w.heat, "30"))
	finish(w)
	(found,) = findings(w)
	of_findings.follow(found.name)
	handover = frappe.get_doc("Service Handover", {"source_name": found.name})
	assert (handover.state, handover.service_content, handover.service_object) == ("Proposed", "Optimization and Improvement", w.things[0])
	answer = api_calls.post(w.manager, "ops_delivery.api.handover.start", name=handover.name, target_doctype="Optimization Plan")
	plan = frappe.get_doc("Optimization Plan", frappe.parse_json(answer.text)["message"]["name"])
	assert "18 to 27 ℃" in plan.background and plan.status == "Draft" and plan.agreement == w.agreement.name


def test_the_hourly_run_follows_what_a_lost_job_or_an_unfinished_round_left(w):
	save(w, (w.heat, "35"))
	(found,) = findings(w)
	with scene.at("2026-03-02", "09:30"):
		of_findings.catch_up()
	assert not frappe.db.get_value(FINDING, found.name, "issue")
	with scene.at("2026-03-02", "10:30"):
		of_findings.catch_up()
	assert frappe.db.get_value(FINDING, found.name, "issue")


def test_the_manual_may_let_a_normal_reading_close_it(site):
	w = world(normal_closes=1)
	save(w, (w.heat, "30"))
	finish(w)
	save(w, (w.heat, "20"), task=1, day="2026-03-05")
	assert findings(w)[0].status == "Back to Normal", "until the round is done"
	finish(w, task=1, day="2026-03-05")
	(found,) = findings(w)
	assert (found.status, found.outcome, found.follow_up) == ("Closed", "Normal Again", "")


def test_nobody_writes_a_finding_by_hand(w):
	save(w, (w.heat, "30"))
	(found,) = findings(w)
	desk = desk_door.Desk("Service Delivery Manager")
	for values in ({"status": "Closed"}, {"verdict": "Abnormal"}, {"times_found": 9}):
		answer = desk.save(found, **values)
		assert answer.status == 417 and "Use Take in hand" in desk_door.said(answer), values
	assert desk.save(found, what_was_done="Filter ordered").status == 200


@pytest.mark.committed
def test_two_rounds_at_once_find_the_same_once(site, in_parallel, cleanup):
	cleanup(scene.delete_all)
	with scene.at("2026-03-02"):
		schedule = scene.schedule(lead_days=7)
	cleanup(lambda: frappe.db.delete(scene.MANUAL, {"name": schedule.manual}))
	first, second = (row.name for row in scene.tasks(schedule)[:2])
	key = frappe.get_doc(scene.MANUAL, schedule.manual).steps[0].step_key
	desk = factories.make_user(roles=["Service Desk"]).name
	things = [row.service_object for row in schedule.objects]
	frappe.db.commit()

	def enter(task, rows):
		with scene.at("2026-03-02"):
			return scene.post(desk, "save_readings", name=task, rows=rows)

	rows = [{"service_object": thing, "step_key": key, "value": "35"} for thing in things]
	answers = in_parallel(lambda: enter(first, rows), lambda: enter(second, rows[::-1]))
	frappe.db.rollback()
	assert [answer[0] if isinstance(answer, tuple) else answer for answer in answers] == [200, 200]
	found = frappe.get_all(FINDING, {"manual": schedule.manual}, ["service_object", "times_found"])
	assert sorted((row.service_object, row.times_found) for row in found) == [(thing, 2) for thing in sorted(things)]


def test_a_reading_of_no_round_is_followed_at_once(w, monkeypatch):
	"""As machines will send them (services/routine/findings.judged)."""
	told = []
	monkeypatch.setattr(events, "tell", told.append)
	with scene.at("2026-03-03"):
		values = {
			**{"name": "by-machine", "customer": w.agreement.customer, "service_object": w.things[0], "manual": w.schedule.manual},
			**{"step": "Read the temperature", "step_key": w.heat, "value": "40", "unit": "℃", "verdict": "Abnormal"},
			"read_on": frappe.utils.now_datetime(),
		}
		bulk.insert(scene.READING, tuple(values), [tuple(values.values())])
		for _time in range(2):
			judged.judged([frappe._dict(values)])
	(found,) = findings(w)
	assert (found.agreement, found.times_found, found.follow_up, found.task) == (w.agreement.name, 1, "Wanted", None)
	assert [event.name for event in told] == [found.name] * 2, "the job opens nothing twice"


def test_a_round_without_anything_wrong_costs_one_query_more(w):
	with scene.at("2026-03-02"):
		rows = [frappe._dict(service_object=w.things[0], step_key=w.heat, verdict="Normal", name=str(at), task="x") for at in range(50)]
		judged.judged(rows)  # Frappe looks at a DocType once
		asked = []
		before = frappe.db.sql
		frappe.db.sql = lambda *args, **options: asked.append(args) or before(*args, **options)
		try:
			judged.judged(rows)
		finally:
			frappe.db.sql = before
	assert len(asked) == 1
