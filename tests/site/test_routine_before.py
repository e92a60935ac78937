"""Before routine work begins: security is confirmed, the customer provides what was asked (6.2.c, 6.2.e)."""

import threading
import time

import customers
import factories
import frappe
import pages
import pytest
import routine_scene as scene
import scenario

from ops_delivery.permissions.steps import OnlyBySteps
from ops_delivery.services.outbox import outbox
from ops_delivery.services.routine import assistance, generation, schedules, tasks
from ops_delivery.services.shared import number_bounds

SAFE = (
	{"area": "Tools", "requirement": "Only the tester with a valid calibration"},
	{"area": "Operation", "requirement": "The cabinet is opened by two", "second_person": 1},
)


def world(**values):
	agreement = scenario.agreement()
	manual = scene.in_use(**{name: values.pop(name) for name in ("requirements", "needed_skills") if name in values})
	engineer = factories.make_user(roles=["Field Engineer"]).name
	with scene.at("2026-03-02"):
		schedule = scene.schedule(agreement, manual=manual.name, person=engineer, **values)
	return frappe._dict(
		agreement=agreement, schedule=schedule, engineer=engineer, task=scene.tasks(schedule)[0].name
	)


def points(w, user=None):
	status, found = scene.post(user or w.engineer, "before_it_begins", name=w.task)
	assert status == 200
	return found["points"]


def keys(w):
	return [row["key"] for row in points(w)]


def refused(answer, kind, *parts):
	status, said = answer
	assert status == 417 and said["exc_type"] == kind, (status, said)
	text = frappe.as_json(said)
	for part in parts:
		assert part in text, (part, text)


@pytest.mark.clause("6.2.c")
def test_nothing_begins_before_what_the_manual_and_the_schedule_ask_is_confirmed(site):
	w = world(requirements=[dict(row) for row in SAFE])
	w.schedule.reload()
	w.schedule.append("requirements", {"area": "Data", "requirement": "No reading leaves the site by mail"})
	w.schedule.save(ignore_permissions=True)
	w.task = scene.tasks(w.schedule)[0].name
	refused(scene.post(w.engineer, "start", name=w.task), "NotConfirmed", SAFE[0]["requirement"], "leaves the site")
	thing = frappe.get_doc(scene.TASK, w.task).objects[0].service_object
	key = frappe.get_doc(scene.MANUAL, w.schedule.manual).steps[0].step_key
	reading = [{"service_object": thing, "step_key": key, "value": "20"}]
	refused(scene.post(w.engineer, "save_readings", name=w.task, rows=reading), "NotConfirmed")
	assert not frappe.db.count(scene.READING, {"task": w.task})
	first, two, third = keys(w)
	assert scene.post(w.engineer, "confirm", name=w.task, rows=[{"key": key, "met": 1} for key in (first, two, third)])[0] == 200
	refused(scene.post(w.engineer, "start", name=w.task), "NotConfirmed", SAFE[1]["requirement"])
	second = factories.make_user(roles=["Field Engineer"]).name
	assert scene.post(second, "confirm", name=w.task, rows=[{"key": two, "met": 1}])[0] == 200
	assert scene.post(w.engineer, "start", name=w.task) == (200, "In Progress")
	doc = frappe.get_doc(scene.TASK, w.task)
	assert [(row.point, row.state, row.confirmed_by) for row in doc.confirmations] == [
		(first, "Met", w.engineer),
		(two, "Met", second),
		(third, "Met", w.engineer),
	]
	refused(scene.post(w.engineer, "confirm", name=w.task, rows=[{"key": first, "met": 0, "remark": "x"}]), "NotConfirmed")


@pytest.mark.clause("6.2.c")
def test_what_is_not_met_needs_the_word_of_a_superior_who_is_somebody_else(site):
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	w = world(requirements=[dict(SAFE[0])])
	w.agreement.db_set("owner_user", manager)
	(key,) = keys(w)
	refused(scene.post(w.engineer, "confirm", name=w.task, rows=[{"key": key, "met": 0}]), "MandatoryError")
	row = {"key": key, "met": 0, "remark": "The tester is at the workshop"}
	assert scene.post(w.engineer, "confirm", name=w.task, rows=[row])[0] == 200
	refused(scene.post(w.engineer, "start", name=w.task), "NotConfirmed", "superior")
	assert frappe.db.exists("ToDo", {"reference_name": w.task, "allocated_to": manager, "status": "Open"})
	refused(scene.post(w.engineer, "permit", name=w.task, key=key, reason="I may"), "NotPermitted")
	refused(scene.post(manager, "permit", name=w.task, key="unknown", reason="Why not"), "NotPermitted")
	refused(scene.post(manager, "permit", name=w.task, key=key, reason=" "), "MandatoryError")
	status, _said = scene.post(manager, "permit", name=w.task, key=key, reason="By the customer's own tester")
	assert status == 200
	assert scene.post(w.engineer, "start", name=w.task) == (200, "In Progress")
	row = frappe.get_doc(scene.TASK, w.task).confirmations[0]
	assert (row.state, row.permitted_by, row.permit_reason) == ("Permitted", manager, "By the customer's own tester")
	assert not frappe.db.exists("ToDo", {"reference_name": w.task, "status": "Open"})


@pytest.mark.clause("6.2.c")
def test_a_manager_does_not_permit_what_they_said_themselves(site):
	w = world(requirements=[dict(SAFE[0])])
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	(key,) = keys(w)
	assert scene.post(manager, "confirm", name=w.task, rows=[{"key": key, "met": 0, "remark": "Lost"}])[0] == 200
	refused(scene.post(manager, "permit", name=w.task, key=key, reason="All right"), "NotPermitted")


@pytest.mark.clause("6.2.c")
def test_a_missing_qualification_stops_the_beginning_until_it_is_there_or_permitted(site):
	skill = factories.make("Service Skill", skill_name=factories.unique("High voltage")).name
	w = world(needed_skills=[{"skill": skill, "level": "Skilled"}])
	refused(scene.post(w.engineer, "start", name=w.task), "NotConfirmed", skill)
	shown = scene.post(w.engineer, "before_it_begins", name=w.task)[1]
	assert skill in shown["skills"]["texts"][0] and not shown["may_permit"]
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	assert scene.post(manager, "permit", name=w.task, key="skills", reason="Under the eyes of the expert")[0] == 200
	other = factories.make_user(roles=["Field Engineer"]).name
	refused(scene.post(other, "start", name=w.task), "NotConfirmed", skill)
	assert scene.post(w.engineer, "start", name=w.task) == (200, "In Progress")
	factories.make(
		"Dispatch Profile", user=other, skills=[{"skill": skill, "level": "Expert", "valid_until": "2026-03-04"}]
	)
	late, early = scene.tasks(w.schedule)[2].name, scene.tasks(w.schedule)[1].name
	refused(scene.post(other, "start", name=late), "NotConfirmed", "expired")
	frappe.db.set_value("Dispatch Profile Skill", {"skill": skill}, "valid_until", "2026-03-05")
	assert scene.post(other, "start", name=early) == (200, "In Progress")
	(row,) = frappe.get_doc(scene.TASK, early).confirmations
	assert (row.point, row.state, row.requirement) == ("skills", "Met", f"{skill} (Skilled)")


def test_what_was_confirmed_is_written_by_steps_alone(site):
	w = world(requirements=[dict(SAFE[0])])
	doc = frappe.get_doc(scene.TASK, w.task)
	doc.append("confirmations", {"point": keys(w)[0], "state": "Met", "confirmed_by": w.engineer})
	with pytest.raises(OnlyBySteps):
		doc.save()


# What the customer provides (6.2.e)

ASKED = (
	{"what": "Access Window", "details": "The server room is open from 9 to 11", "days_before": 2},
	{"what": "Helper", "details": "Somebody who may switch the UPS", "days_before": 1},
)


def asked(**values):
	w = world(assistance=[dict(row) for row in ASKED], **values)
	w.rows = {row.what: row.name for row in frappe.get_doc(scene.TASK, w.task).assistance}
	w.person = customers.portal_user(w.agreement.customer, sees_all=True)
	frappe.db.commit()  # a page that refuses takes back what the transaction did
	return w


def send(w, user, what="Access Window", **form):
	return pages.get(f"/rounds/{w.task}", user, "POST", {"row": w.rows[what], **form})


def row_of(w, what="Access Window"):
	doc = frappe.get_doc(scene.TASK, w.task)
	return next(row for row in doc.assistance if row.what == what), doc


@pytest.mark.clause("6.2.e")
def test_each_task_asks_the_customer_who_answers_on_the_portal(site):
	w = asked()
	with scene.at("2026-02-27"):
		listed = pages.get("/rounds", w.person)
		assert w.schedule.title in listed[1]
		assert f"/rounds/{w.task}" in pages.get("/service", w.person)[1]
		shown = pages.words(pages.get(f"/rounds/{w.task}", w.person)[1])
		for row in ASKED:
			assert row["details"] in shown
		assert send(w, w.person, confirmed="1", words="Mr Li, +86 10 1234")[0] == 303
	row, doc = row_of(w)
	assert (row.state, row.answer, doc.customer_side) == ("Confirmed", "Mr Li, +86 10 1234", "Asked")
	assert row.answered_by == frappe.utils.get_fullname(w.person)
	assert str(row.needed_by) == "2026-02-28"
	with scene.at("2026-02-27"):
		assert send(w, w.person, "Helper", confirmed="1")[0] == 303
	assert row_of(w)[1].customer_side == "Confirmed"
	with scene.at("2026-02-27"):
		assert f"/rounds/{w.task}" not in pages.get("/service", w.person)[1]


@pytest.mark.clause("6.2.e")
def test_what_is_declined_or_not_answered_in_time_is_on_the_planners_list(site):
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	w = asked()
	w.agreement.db_set("owner_user", manager)
	frappe.db.commit()
	answer = send(w, w.person, confirmed="0")
	assert "Say why it cannot be provided" in pages.words(answer[1])
	assert row_of(w)[0].state == "Asked"
	scene.run("2026-02-28")
	assert row_of(w)[1].customer_side == "Asked"
	for _twice in range(2):
		scene.run("2026-03-01")
	assert row_of(w)[1].customer_side == "Overdue"
	todos = {"reference_type": scene.TASK, "reference_name": w.task, "allocated_to": manager, "status": "Open"}
	assert frappe.db.count("ToDo", todos) == 1
	send(w, w.person, confirmed="0", words="The room is being painted <b>")
	assert row_of(w)[1].customer_side == "Declined"
	(text,) = frappe.get_all("ToDo", todos, pluck="description")
	assert "painted &lt;b&gt;" in text
	for what in w.rows:
		send(w, w.person, what, confirmed="1", words="Now it can be")
	assert row_of(w)[1].customer_side == "Confirmed"
	assert not frappe.db.count("ToDo", todos)


@pytest.mark.clause("6.2.e")
def test_staff_write_down_what_was_said_by_telephone_and_say_who_said_it(site):
	w = asked()
	given = {"name": w.task, "row": w.rows["Helper"], "confirmed": True, "words": "Ms Wang will be there"}
	refused(scene.post(w.engineer, "record_answer", **given), "MandatoryError")
	with scene.at("2026-02-27"):
		assert scene.post(w.engineer, "record_answer", **given, person="Ms Wang") == (200, "Asked")
	row, _doc = row_of(w, "Helper")
	assert (row.state, row.answered_by, row.recorded_by) == ("Confirmed", "Ms Wang", w.engineer)
	frappe.db.set_value(scene.TASK, w.task, "status", "Done")
	refused(scene.post(w.engineer, "record_answer", **given, person="Ms Wang"), "NotAsked")


@pytest.mark.clause("6.2.e")
def test_nobody_else_sees_or_answers_it(site):
	w = asked()
	stranger = customers.portal_user(scenario.agreement().customer, sees_all=True)
	frappe.db.commit()
	for user in (stranger, w.engineer):
		answer = send(w, user, confirmed="1")
		assert ASKED[0]["details"] not in answer[1]
		assert row_of(w)[0].state == "Asked"
	assert pages.get(f"/rounds/{w.task}", stranger)[0] == 403
	assert w.schedule.title not in pages.get("/rounds", stranger)[1]
	assert pages.get(f"/rounds/{w.task}", "Guest")[0] == 302
	assert scene.post(w.person, "record_answer", name=w.task, row=w.rows["Helper"], confirmed=True, person="x")[0] == 403


@pytest.mark.clause("6.2.e")
def test_the_customers_people_are_told_once_by_mail(site):
	factories.make_email_account()
	w = asked()
	outbox.deliver()
	outbox.deliver()
	name = frappe.db.get_value("Service Notice", {"reference_name": w.task, "key_point": "ops_routine_asked"})
	assert frappe.db.count("Service Notice", {"reference_name": w.task}) == 1
	mails = customers.mails(w.task, w.person)
	assert len(mails) == 1 and name
	assert ASKED[0]["details"] in mails[0]
	assert f"/rounds/{w.task}" in mails[0]


def test_a_request_must_lie_within_the_days_a_task_is_made_ahead(site):
	with pytest.raises(schedules.NotPossible, match="made 2 days ahead"):
		world(assistance=[dict(ASKED[0])], lead_days=2)
	with pytest.raises(number_bounds.OutOfBounds, match="Days before"):
		world(assistance=[{**ASKED[0], "days_before": -1}])


@pytest.mark.committed
@pytest.mark.clause("6.2.a", "6.2.e")
def test_the_hourly_run_misses_no_round_that_is_being_begun_and_undoes_no_answer_that_is_being_given(site, in_parallel, cleanup):
	"""The run comes while somebody holds the round: it waits, and goes by what they leave."""
	cleanup(scene.delete_all)
	helper = {"what": "Helper", "details": "Somebody with the key", "days_before": 1}
	begun, answered, left = (world(assistance=[helper]) for _number in range(3))
	for w in (begun, answered, left):
		manual, schedule = w.schedule.manual, w.schedule.name
		cleanup(lambda manual=manual, schedule=schedule: (frappe.db.delete(scene.MANUAL, {"name": manual}), frappe.db.delete("ToDo", {"reference_name": ["like", f"{schedule}%"]})))
	row = frappe.get_doc(scene.TASK, answered.task).assistance[0].name
	frappe.db.commit()
	held = threading.Barrier(3)

	def holding(name, step):
		frappe.set_user(begun.engineer)
		tasks.lock(name)
		held.wait()
		time.sleep(1.5)  # the run stands before the row by now
		step()
		frappe.db.commit()

	def hourly():
		held.wait()
		generation.run()

	with scene.at("2026-03-10"):
		answers = in_parallel(
			lambda: holding(begun.task, lambda: tasks.start(begun.task)),
			lambda: holding(answered.task, lambda: assistance.record(answered.task, row, True, "", "Ms Wang")),
			hourly,
		)
	assert not [one for one in answers if isinstance(one, Exception)], answers
	frappe.db.commit()
	found = {w.task: tuple(frappe.db.get_value(scene.TASK, w.task, ["status", "customer_side"])) for w in (begun, answered, left)}
	assert found == {begun.task: ("In Progress", "Overdue"), answered.task: ("Missed", "Confirmed"), left.task: ("Missed", "Overdue")}
	assert not frappe.get_all("ToDo", {"reference_name": answered.task, "status": "Open"}), "nobody is sent after an answer that is there"
	assert frappe.db.get_value(scene.TASK, begun.task, "started_by") == begun.engineer
