"""Routine work while things change under it: an object that another customer has by now, people who left, words that stand beside each other."""

import api_calls
import factories
import frappe
import pytest
import reviewing
import routine_scene as scene
import scenario

from ops_delivery.permissions import ownership

FINDING, STATE = "Routine Finding", "Object State"


@pytest.fixture
def w(site):
	w = frappe._dict(agreement=scenario.agreement(), engineer=factories.make_user(roles=["Field Engineer"]).name)
	w.manager = factories.make_user(roles=["Service Delivery Manager"]).name
	w.agreement.db_set("owner_user", w.manager)
	w.manual = scene.in_use(requirements=[{"area": "Tools", "requirement": "The tester with a valid calibration"}])
	w.heat = w.manual.steps[0].step_key
	return w


def scheduled(w, agreement=None, **values):
	with scene.at("2026-03-02"):
		return [row.name for row in scene.tasks(scene.schedule(agreement or w.agreement, person=w.engineer, **values))]


def read(w, task, thing, key, value, day="2026-03-02", user=None, **more):
	with scene.at(day):
		return scene.post(user or w.engineer, "save_readings", name=task, rows=[{"service_object": thing, "step_key": key, "value": value, **more}])[1]


@pytest.mark.clause("6.2.b.5")
@pytest.mark.clause("8.3.a.1")
def test_what_was_read_for_the_customer_before_stays_with_them(w):
	manual = scene.in_use()
	heat, lamp = (step.step_key for step in manual.steps[:2])
	thing = scene.thing(w.agreement.customer)
	first = scheduled(w, manual=manual.name, objects=[{"service_object": thing}])
	assert read(w, first[0], thing, heat, "40")["kept"] == 1
	other = scenario.agreement()
	frappe.get_doc("Service Object", thing).update({"customer": other.customer}).save(ignore_permissions=True)
	second = scheduled(w, other, manual=manual.name, objects=[{"service_object": thing}])
	narrowed = factories.make_user(roles=["Field Engineer"]).name
	factories.make("User Permission", user=narrowed, allow="Customer", for_value=other.customer)
	with scene.at("2026-03-05"):
		assert scene.post(narrowed, "task_sheet", name=second[1])[1]["last"] == []
	assert read(w, second[1], thing, heat, "41", "2026-03-05", narrowed)["kept"] == 1
	found = frappe.get_all(FINDING, {"service_object": thing}, ["customer", "times_found", "last_value"], order_by="creation")
	assert [tuple(row.values()) for row in found] == [(w.agreement.customer, 1, "40"), (other.customer, 1, "41")]
	late = read(w, first[1], thing, heat, "20", "2026-03-05")
	assert (late["kept"], late["refused"]) == (0, 1) and "another customer" in late["answers"][0]["message"]
	assert frappe.db.get_value(STATE, {"service_object": thing, "step_key": heat}, ["customer", "value"]) == (other.customer, "41")
	assert read(w, first[1], thing, lamp, "", "2026-03-05", note="It is another customer's by now")["kept"] == 1
	name = frappe.db.get_value(FINDING, {"service_object": thing, "customer": w.agreement.customer})
	answer = step(w.manager, "close", name=name, result="Handed over", what_was_done="Told the customer")
	assert answer == (200, "Closed")
	assert read(w, second[1], thing, heat, "42", "2026-03-05", narrowed)["kept"] == 1
	assert frappe.db.count(FINDING, {"service_object": thing}) == 2


def step(user, function, **form):
	answer = api_calls.post(user, f"ops_delivery.api.findings.{function}", **form)
	assert answer.status < 500, answer.text
	return answer.status, frappe.parse_json(answer.text)["message"]


def todos(task):
	return frappe.get_all("ToDo", {"reference_name": task, "status": "Open"}, ["allocated_to", "description"])


@pytest.mark.clause("6.2.c")
@pytest.mark.clause("6.2.e")
def test_the_planners_list_says_all_that_stands_against_a_round_until_none_does(w):
	(task, *_rest) = scheduled(w, manual=w.manual.name, assistance=[{"what": "Helper", "details": "Somebody with the key", "days_before": 1}])
	(key,) = (point["key"] for point in scene.post(w.engineer, "before_it_begins", name=task)[1]["points"])
	row = frappe.get_doc(scene.TASK, task).assistance[0].name
	said = {"name": task, "row": row, "person": "Ms Wang"}
	assert scene.post(w.engineer, "confirm", name=task, rows=[{"key": key, "met": 0, "remark": "Lent out"}])[0] == 200
	assert scene.post(w.engineer, "record_answer", **said, confirmed=False, words="On holiday")[0] == 200
	(one,) = todos(task)
	assert one.allocated_to == w.manager and "tester" in one.description and "On holiday" in one.description
	assert scene.post(w.engineer, "record_answer", **said, confirmed=True)[0] == 200
	(one,) = todos(task)
	assert "tester" in one.description and "On holiday" not in one.description
	assert scene.post(w.engineer, "record_answer", **said, confirmed=False, words="On holiday")[0] == 200
	assert scene.post(w.engineer, "confirm", name=task, rows=[{"key": key, "met": 1}])[0] == 200
	(one,) = todos(task)
	assert "tester" not in one.description and "On holiday" in one.description
	assert scene.post(w.engineer, "cancel", name=task, reason="Not needed")[0] == 200
	assert not todos(task)


@pytest.mark.clause("6.2.c")
def test_nothing_is_permitted_once_the_work_has_begun(w):
	skill = factories.make("Service Skill", skill_name=factories.unique("High voltage")).name
	able = factories.make_user(roles=["Field Engineer"]).name
	factories.make("Dispatch Profile", user=able, skills=[{"skill": skill, "level": "Expert"}])
	task = scheduled(w, manual=scene.in_use(needed_skills=[{"skill": skill, "level": "Skilled"}]).name)[0]
	assert scene.post(able, "start", name=task) == (200, "In Progress")
	status, said = scene.post(w.manager, "permit", name=task, key="skills", reason="Afterwards")
	assert (status, said["exc_type"]) == (417, "NotPermitted")
	(row,) = frappe.get_doc(scene.TASK, task).confirmations
	assert (row.state, row.confirmed_by, row.permitted_by) == ("Met", able, None)


@pytest.mark.clause("6.2.a")
def test_a_round_is_given_to_nobody_who_has_left(w):
	gone = factories.make_user(roles=["Field Engineer"], enabled=0).name
	assert ownership.lost_access(gone)
	task = scheduled(w)[0]
	with scene.at("2026-03-02"):
		status, said = scene.post(w.manager, "give", name=task, modified=str(frappe.db.get_value(scene.TASK, task, "modified")), engineer=gone)
	assert status == 417 and "is disabled" in frappe.as_json(said)


@pytest.mark.clause("8.3.b.3")
def test_a_step_in_another_unit_is_another_series(site):
	manual = scene.published()
	heat, lamp = (row.step_key for row in manual.steps[:2])
	author = reviewing.manager()
	doc = reviewing.act(manual, "Revise", author)
	with reviewing.user(author):
		doc.steps[0].unit = "K"
		doc.save()
		assert doc.steps[0].step_key != heat and doc.steps[1].step_key == lamp
		doc.steps[0].unit = "℃"
		doc.save()
		assert doc.steps[0].step_key == heat, "put back, it is the series that it was"
		doc.steps[0].update({"unit": "°C", "step": "Read the temperature at the door"})
		doc.save()
		assert doc.steps[0].step_key == heat, "another way to write the unit, and another title, is the same step"


@pytest.mark.clause("6.2.a")
def test_what_lay_ahead_of_a_termination_is_cancelled_and_not_missed(w):
	tasks = scheduled(w)
	w.agreement.db_set({"status": "Terminated", "termination_date": "2026-03-04"})
	scene.run("2026-03-04", "12:00")
	assert [frappe.db.get_value(scene.TASK, name, "status") for name in tasks] == ["Missed", "Cancelled", "Cancelled"]
	assert "ended" in frappe.db.get_value(scene.TASK, tasks[1], "cancel_reason")
