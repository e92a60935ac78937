"""Routine work under strain: nothing that somebody has dealt with is lost, nothing runs from a page, no batch falls over one line."""

import json

import amounts_scene
import api_calls
import customers
import factories
import frappe
import pages
import pytest
import routine_scene as scene
import scenario
import visiting

from ops_delivery.services.routine import generation

MARKUP = "</textarea><img src=x onerror=alert(1)>"


@pytest.fixture
def w(site):
	w = frappe._dict(agreement=scenario.agreement(), engineer=factories.make_user(roles=["Field Engineer"]).name)
	with scene.at("2026-03-02"):
		w.schedule = scene.schedule(
			w.agreement, person=w.engineer, assistance=[{"what": "Helper", "details": "Somebody with the key", "days_before": 1}]
		)
	w.tasks = [row.name for row in scene.tasks(w.schedule)]
	w.things = [row.service_object for row in frappe.get_doc(scene.TASK, w.tasks[0]).objects]
	w.steps = frappe.get_doc(scene.MANUAL, w.schedule.manual).steps
	w.manager = factories.make_user(roles=["Service Delivery Manager"]).name
	return w


def changed(w, **values):
	"""The schedule is changed on its form, by its manager."""
	with scene.at("2026-03-02"):
		doc = frappe.get_doc(scene.SCHEDULE, w.schedule.name)
		sent = frappe.as_json({**doc.as_dict(), **values})
		return api_calls.post(w.manager, "frappe.desk.form.save.savedocs", doc=sent, action="Save")


@pytest.mark.clause("6.2.e")
def test_what_the_customer_answered_runs_nothing_on_a_colleagues_page(w):
	row = frappe.get_doc(scene.TASK, w.tasks[0]).assistance[0].name
	one, other = (customers.portal_user(w.agreement.customer, sees_all=True) for _number in range(2))
	frappe.db.commit()
	with scene.at("2026-02-27"):
		refused = pages.get(f"/rounds/{w.tasks[0]}", one, "POST", {"row": row, "confirmed": "5", "words": MARKUP})[1]
		assert "onerror=alert(1)&gt;" in refused and "<img src=x" not in refused
		assert pages.get(f"/rounds/{w.tasks[0]}", one, "POST", {"row": row, "confirmed": "1", "words": MARKUP})[0] == 303
		shown = pages.get(f"/rounds/{w.tasks[0]}", other)[1]
	assert "&lt;img src=" in shown and "<img src=x" not in shown and '<img src="x"' not in shown


@pytest.mark.clause("6.2.b.4")
def test_a_long_sentence_is_refused_with_its_line_and_the_others_are_kept(w):
	heat, seen = w.steps[0].step_key, w.steps[3].step_key
	rows = [{"service_object": w.things[0], "step_key": heat, "value": "21"}, {"service_object": w.things[0], "step_key": seen, "value": "It hums. " * 30}]
	with scene.at("2026-03-02"):
		status, answer = scene.post(w.engineer, "save_readings", name=w.tasks[0], rows=rows)
	assert (status, answer["kept"], answer["refused"]) == (200, 1, 1)
	assert "longer than 140 characters" in answer["answers"][1]["message"]


@pytest.mark.clause("6.2.a")
@pytest.mark.clause("6.2.e")
def test_a_changed_schedule_leaves_what_somebody_has_dealt_with(w):
	second = w.tasks[1]
	row = frappe.get_doc(scene.TASK, second).assistance[0].name
	answer = {"row": row, "confirmed": True, "words": "At nine", "person": "Ms Wang"}
	with scene.at("2026-03-02", "10:00"):
		assert scene.post(w.engineer, "record_answer", name=second, **answer) == (200, "Confirmed")
	before = scene.tasks(w.schedule)
	answer = changed(w, title="Another title")
	assert answer.status == 200, answer.text
	kept = frappe.get_doc(scene.TASK, second)
	assert (kept.customer_side, kept.assistance[0].answered_by) == ("Confirmed", "Ms Wang")
	assert "2026" in answer.text and "as they are" in answer.text
	assert [row.planned_on for row in scene.tasks(w.schedule)] == [row.planned_on for row in before]
	assert frappe.db.get_value(scene.TASK, w.tasks[2], "title") == "Another title"


@pytest.mark.clause("6.2.a")
def test_a_visit_that_is_planned_for_a_round_holds_up_neither_its_schedule_nor_all_others(w):
	visit = visiting.plan(visiting.SHEET, w.agreement.customer, reference_doctype=scene.TASK, reference_name=w.tasks[1])
	assert changed(w, title="Another title").status == 200
	assert frappe.db.get_value(visit.doctype, visit.name, "reference_name") == w.tasks[1]
	assert frappe.db.exists(scene.TASK, w.tasks[1])
	frappe.db.set_value(scene.SCHEDULE, w.schedule.name, "rests_because", generation.NOT_IN_FORCE)  # as behind a suspension
	scene.run("2026-03-02", "11:00")
	assert not frappe.db.get_value(scene.SCHEDULE, w.schedule.name, "rests_because")


@pytest.mark.clause("6.2.a")
def test_numbers_beyond_all_bounds_are_said_in_the_preview(w):
	for name in ("lead_days", "days_to_do"):
		doc = {**w.schedule.as_dict(no_nulls=True, convert_dates_to_str=True), name: 99_999_999_999}
		status, shown = scene.post(w.manager, "preview", doc=json.loads(frappe.as_json(doc)))
		assert (status, [row["field"] for row in shown["problems"]], shown["dates"]) == (200, [name], [])


@pytest.mark.clause("8.3.b.3")
def test_a_trend_looks_back_no_farther_than_there_are_days(w):
	with scene.at("2026-03-02"):
		scene.post(w.engineer, "save_readings", name=w.tasks[0], rows=[{"service_object": w.things[0], "step_key": w.steps[0].step_key, "value": "21"}])
	form = {"service_object": w.things[0], "step_key": w.steps[0].step_key, "days": 1_000_000_000}
	assert api_calls.post(w.engineer, "ops_delivery.api.object_states.trend", **form).status == 200


@pytest.mark.clause("6.2.b.5")
def test_a_text_that_nobody_reads_is_refused_by_its_field(w):
	long = "x" * 70_000
	for user, function, form, field in (
		(w.engineer, "cancel", {"reason": long}, "Why cancelled"),
		(w.manager, "permit", {"key": "skills", "reason": long}, "Reason"),
	):
		status, said = scene.post(user, function, name=w.tasks[0], **form)
		assert status == 417 and "longer than 4000 characters" in frappe.as_json(said) and field in frappe.as_json(said)


@pytest.mark.clause("5.3.a")
def test_a_reason_not_to_count_is_refused_when_nobody_reads_it(site):
	agreement = amounts_scene.agreement(amounts_scene.amount("Visits"))
	amounts_scene.leave(amounts_scene.visited(agreement))
	(entry,) = frappe.get_all(amounts_scene.ENTRY, {"agreement": agreement.name}, pluck="name")
	status, said = amounts_scene.post(amounts_scene.manager(), "amounts.do_not_count", entry=entry, reason="x" * 70_000)
	assert status == 417 and "longer than 4000 characters" in frappe.as_json(said)
	assert amounts_scene.entries(agreement) == [("Visits", "Drawn", 1.0, 0.0)]
