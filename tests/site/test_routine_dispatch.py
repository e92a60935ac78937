"""Routine work on the dispatch board and in My Day, beside visits (6.2.a, 6.2.c, 6.2.e)."""

import json

import api_calls
import factories
import frappe
import pytest
import routine_scene as scene
import scenario


def ask(user: str, function: str, **form):
	answer = api_calls.post(user, f"ops_delivery.api.dispatch.{function}", **form)
	assert answer.status == 200, answer.text
	return json.loads(answer.text)["message"]


@pytest.fixture
def w(site):
	w = frappe._dict(engineer=factories.make_user(roles=["Field Engineer"]).name)
	w.other = factories.make_user(roles=["Field Engineer"]).name
	w.planner = factories.make_user(roles=["Service Delivery Manager"]).name
	w.skill = factories.make("Service Skill", skill_name=factories.unique("Batteries")).name
	manual = scene.in_use(needed_skills=[{"skill": w.skill, "level": "Basic"}])
	w.agreement = scenario.agreement()
	with scene.at("2026-03-02"):
		w.schedule = scene.schedule(
			w.agreement,
			manual=manual.name,
			person=w.engineer,
			days_to_do=2,
			assistance=[{"what": "Helper", "details": "Somebody with the key", "days_before": 1}],
		)
	w.task = scene.tasks(w.schedule)[0].name
	w.key = f"Routine Task/{w.task}"
	return w


def row_of(board, user):
	return next(row for row in board["engineers"] if row["user"] == user)


@pytest.mark.clause("6.2.a", "6.2.c", "6.2.e")
def test_the_planner_sees_rounds_with_what_stands_against_them(w):
	with scene.at("2026-03-02"):
		scene.generation.run()
		board = ask(w.planner, "board", start="2026-03-02", days="7")
	shown = row_of(board, w.engineer)["rounds"]
	assert [one["key"] for one in shown["2026-03-02"]] == [w.key]
	said = " ".join(shown["2026-03-02"][0]["warnings"])
	assert w.skill in said and "has not confirmed" in said
	card = board["rounds"][w.key]
	assert (card["objects"], card["user"], card["day"], card["due"]) == (2, w.engineer, "2026-03-02", "2026-03-04")
	assert len(shown["2026-03-05"]) == 1 and not shown["2026-03-03"]
	factories.make(
		"Dispatch Profile",
		user=w.engineer,
		skills=[{"skill": w.skill, "level": "Basic"}],
		absences=[{"from_date": "2026-03-02", "to_date": "2026-03-03", "reason": "On leave"}],
	)
	with scene.at("2026-03-02"):
		shown = row_of(ask(w.planner, "board", start="2026-03-02", days="7"), w.engineer)["rounds"]["2026-03-02"]
	assert "On leave" in shown[0]["warnings"] and not any(w.skill in text for text in shown[0]["warnings"])


@pytest.mark.clause("6.2.a")
def test_a_round_is_given_to_another_and_planned_within_its_days(w):
	stamp = str(frappe.db.get_value(scene.TASK, w.task, "modified"))
	with scene.at("2026-03-02"):
		status, said = scene.post(w.planner, "give", name=w.task, modified=stamp, engineer=w.other, day="2026-03-05")
		assert (status, said["exc_type"]) == (417, "NotPossible")
		status, given = scene.post(w.planner, "give", name=w.task, modified=stamp, engineer=w.other, day="2026-03-04")
		assert status == 200
		status, said = scene.post(w.planner, "give", name=w.task, modified=stamp, engineer=w.engineer)
		assert (status, said["exc_type"]) == (417, "TimestampMismatchError")
		board = ask(w.planner, "board", start="2026-03-02", days="7")
		assert [one["key"] for one in row_of(board, w.other)["rounds"]["2026-03-04"]] == [w.key]
		status, _said = scene.post(w.planner, "give", name=w.task, modified=given["modified"], engineer="")
		board = ask(w.planner, "board", start="2026-03-02", days="7")
		assert w.key in board["open_rounds"]
		scene.generation.run()
	row = frappe.db.get_value(scene.TASK, w.task, ["planned_on", "meant_for", "due_on"])
	assert [str(day) for day in row] == ["2026-03-04", "2026-03-02", "2026-03-04"]
	assert len(scene.tasks(w.schedule)) == 3  # none was made anew for the day that is free now


@pytest.mark.clause("6.2.a")
def test_a_round_on_site_can_be_a_visit_with_its_sheet(w):
	answer = api_calls.post(
		w.planner,
		"ops_delivery.api.visits.values_from",
		doctype="Field Service Sheet",
		source_doctype=scene.TASK,
		source_name=w.task,
	)
	values = json.loads(answer.text)["message"]
	task = frappe.get_doc(scene.TASK, w.task)
	assert (values["reference_name"], values["owner_user"], values["agreement"]) == (w.task, w.engineer, w.agreement.name)
	assert (values["service_object"], values["planned_start"]) == (task.objects[0].service_object, "2026-03-02 09:00:00")
	assert all(row.object_name in values["work_content"] for row in task.objects)
	visit = frappe.get_doc({"doctype": "Field Service Sheet", **values}).insert()
	assert frappe.db.get_value(visit.doctype, {"reference_name": w.task}, "customer") == w.schedule.customer


@pytest.mark.clause("6.2.a")
def test_my_day_has_ones_own_rounds_and_those_of_ones_group(w):
	group = factories.make("User Group", __newname=factories.unique("Shift"), user_group_members=[{"user": w.other}]).name
	with scene.at("2026-03-02"):
		scene.schedule(w.agreement, assign_to="Group", user_group=group, person=None, title="Of the group", first_date="2026-03-02")
		mine = ask(w.engineer, "own_day")["rounds"]
		assert [(row["name"], row["day"]) for row in mine][:2] == [
			(w.task, "2026-03-02"),
			(scene.tasks(w.schedule)[1].name, "2026-03-05"),
		]
		assert all(row["title"] == w.schedule.title for row in mine)
		theirs = ask(w.other, "own_day")["rounds"]
		assert {row["title"] for row in theirs} == {"Of the group"}
	with scene.at("2026-03-04"):
		assert ask(w.engineer, "own_day")["rounds"][0]["day"] == "2026-03-04"
	scene.run("2026-03-06")
	with scene.at("2026-03-06"):
		first = ask(w.engineer, "own_day")["rounds"][0]
	assert (first["name"], first["day"], first["status"], first["late"]) == (w.task, "", "Missed", True)
