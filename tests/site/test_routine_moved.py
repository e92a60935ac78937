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


def moved(thing, customer):
	frappe.get_doc("Service Object", thing).update({"customer": customer}).save(ignore_permissions=True)


@pytest.mark.clause("6.2.a")
def test_an_object_of_another_customer_stays_out_of_new_tasks_and_of_open_rounds_and_the_planner_is_told(w):
	things = [scene.thing(w.agreement.customer) for _number in range(2)]
	first, *_rest = scheduled(w, manual=scene.in_use().name, objects=[{"service_object": thing} for thing in things])
	schedule = frappe.db.get_value(scene.TASK, first, "schedule")
	other = scenario.agreement()
	with scene.at("2026-03-02"):
		moved(things[1], other.customer)
		(one,) = todos(schedule)
		assert one.allocated_to == w.manager and frappe.db.get_value("Service Object", things[1], "object_name") in one.description
		assert "Take them off" in one.description and other.customer not in one.description
		sheet = scene.post(w.engineer, "task_sheet", name=first)[1]
	assert [row["name"] for row in sheet["objects"]] == things[:1] and len(sheet["moved"]) == 1
	assert {row["service_object"] for row in sheet["open"]} == {things[0]}, "nothing of it is asked for"
	scene.run("2026-03-20")
	last = frappe.get_all(scene.TASK, {"schedule": schedule}, pluck="name", order_by="planned_on desc")[0]
	assert [row.service_object for row in frappe.get_doc(scene.TASK, last).objects] == things[:1]
	with scene.at("2026-03-20"):
		moved(things[0], other.customer)
	scene.run("2026-04-20")
	row = frappe.db.get_value(scene.SCHEDULE, schedule, ["rests_because", "make_on"], as_dict=True)
	assert (row.rests_because, row.make_on) == ("No object of the customer", None), "a round of nothing is not made"
	with scene.at("2026-04-20"):
		for thing in things:
			moved(thing, w.agreement.customer)
	assert not todos(schedule)
	assert frappe.db.get_value(scene.SCHEDULE, schedule, "rests_because") is None
	assert "2026-04-23" in scene.days(frappe._dict(name=schedule)), "it goes on"


@pytest.mark.clause("6.2.a")
def test_what_the_customer_has_answered_stands_for_the_date_to_which_the_rhythm_moves(w):
	steps = [{"task": "Fans", "step": "Clean", "explanation": "With air", "criterion": "Text", "required": 0}]
	names = scheduled(
		w,
		manual=scene.in_use(steps=steps).name,
		repeats="Daily",
		every=7,
		rhythm="Moved",
		lead_days=21,
		assistance=[{"what": "Helper", "details": "Somebody with the key", "days_before": 1}],
	)
	schedule = frappe._dict(name=frappe.db.get_value(scene.TASK, names[0], "schedule"))
	assert scene.days(schedule) == ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"]
	row = frappe.get_doc(scene.TASK, names[2]).assistance[0].name
	with scene.at("2026-03-03"):
		assert scene.post(w.engineer, "record_answer", name=names[2], row=row, confirmed=True, words="", person="Ms Wang")[0] == 200
	with scene.at("2026-03-04"):
		assert scene.post(w.engineer, "finish", name=names[0])[0] == 200
	assert scene.days(schedule) == ["2026-03-02", "2026-03-11", "2026-03-16", "2026-03-25"], "the 16th was answered, and stands for the 18th"
	assert str(frappe.db.get_value(scene.TASK, names[2], "meant_for")) == "2026-03-18"
	assert frappe.get_doc(scene.TASK, names[2]).assistance[0].state == "Confirmed"
	scene.run("2026-03-12")
	assert scene.days(schedule)[-2:] == ["2026-03-25", "2026-04-01"]


@pytest.mark.clause("6.2.a")
def test_a_round_is_given_to_nobody_who_may_not_do_it_whatever_way_it_comes(w):
	auditor = factories.make_user(roles=["Delivery Auditor"]).name
	narrowed = factories.make_user(roles=["Field Engineer"]).name
	factories.make("User Permission", user=narrowed, allow="Customer", for_value=scenario.agreement().customer)
	task = scheduled(w)[0]
	modified = str(frappe.db.get_value(scene.TASK, task, "modified"))
	for person, why in ((auditor, "none of their roles"), (narrowed, "user permissions")):
		name = frappe.utils.get_fullname(person)
		with scene.at("2026-03-02"):
			status, said = scene.post(w.manager, "give", name=task, modified=modified, engineer=person)
			assert status == 417 and why in frappe.as_json(said) and name in frappe.as_json(said), "board"
			answer = api_calls.ask(w.manager, "PUT", f"/api/resource/Routine Task/{task}", data={"assigned_to": person})
			assert answer.status == 417 and "Assigned to" in answer.text and why in answer.text, "REST"
			doc = frappe.get_doc(scene.TASK, task)
			doc.assigned_to = person
			with pytest.raises(frappe.ValidationError, match=why):
				doc.save(ignore_permissions=True)
			for values in ({"assign_to": "Person", "person": person}, {"assign_to": "Rotation", "people": [{"user": w.engineer}, {"user": person}]}):
				with pytest.raises(frappe.ValidationError, match=why):
					scene.schedule(w.agreement, **values)
	assert frappe.db.get_value(scene.TASK, task, "assigned_to") == w.engineer


@pytest.mark.clause("6.2.a")
def test_whose_role_was_taken_away_is_stood_in_for(w):
	other = factories.make_user(roles=["Field Engineer"]).name
	scheduled(w, lead_days=0, assign_to="Rotation", people=[{"user": w.engineer}, {"user": other}])
	frappe.db.delete("Has Role", {"parent": w.engineer, "role": "Field Engineer"})
	scene.run("2026-03-16")
	assert set(frappe.get_all(scene.TASK, {"agreement": w.agreement.name, "planned_on": [">", "2026-03-02"]}, pluck="assigned_to")) == {other}


@pytest.mark.clause("6.2.a")
def test_what_was_made_under_a_version_that_has_a_successor_ends_with_the_successor(w):
	for status, more, wanted in (
		("Terminated", {"termination_date": "2026-03-04"}, ["Missed", "Cancelled", "Cancelled"]),
		("Suspended", {}, ["Cancelled", "Planned", "Planned"]),
		("Active", {}, ["Missed", "Planned", "Planned"]),
	):
		agreement = scenario.agreement()
		tasks = scheduled(w, agreement)
		later = frappe.copy_doc(agreement, ignore_no_copy=True)
		later.name = factories.unique("SA")
		later.update({"version": 2, "status": status, "docstatus": 1, **more})
		later.db_insert()
		agreement.db_set("status", "Superseded")
		scene.run("2026-03-04", "12:00")
		assert [frappe.db.get_value(scene.TASK, name, "status") for name in tasks[:3]] == wanted, status
