"""Readings: entered line by line at the task, judged at once, never normal by being empty (6.2.b.3, 6.2.b.4)."""

import factories
import frappe
import pytest
import routine_scene as scene
import scenario

from ops_delivery.services.routine import tasks


@pytest.fixture
def w(site):
	"""A task of today with two objects, and the engineer who does it."""
	with scene.at("2026-03-02"):
		agreement = scenario.agreement()
		schedule = scene.schedule(agreement, lead_days=7)
	engineer = factories.make_user(roles=["Field Engineer"]).name
	task = frappe.get_doc(scene.TASK, scene.tasks(schedule)[0].name)
	found = frappe._dict(agreement=agreement, schedule=schedule, engineer=engineer, task=task)
	found.things = [row.service_object for row in task.objects]
	sheet = scene.post(engineer, "task_sheet", name=task.name)[1]
	found.step_keys = {step["step"]: step["key"] for step in sheet["steps"]}
	found.heat, found.lamp, found.door, found.seen = found.step_keys.values()
	return found


def row(w, key, value, thing=0, **values):
	return {"service_object": w.things[thing], "step_key": key, "value": value, **values}


def save(w, *rows, day="2026-03-02", **values):
	with scene.at(day):
		return scene.post(w.engineer, "save_readings", name=w.task.name, rows=list(rows), **values)


def kept(w) -> dict:
	rows = frappe.get_all(scene.READING, {"task": w.task.name}, ["service_object", "step_key", "value", "number", "verdict", "read_by"])
	return {(found.service_object, found.step_key): found for found in rows}


@pytest.mark.clause("6.2.b.3")
def test_each_reading_is_judged_at_once_by_the_manual(w):
	said = (
		*(("22", "Normal"), ("27", "Normal"), ("27.1", "At Risk"), ("32", "At Risk"), ("32,5", "Abnormal"), ("9.9", "Abnormal")),
		*(("１２", "At Risk"), ("12 ℃", "At Risk"), ("20°C", "Normal"), ("−3", "Abnormal"), (" 18 ", "Normal")),
	)
	for typed, verdict in said:
		status, answer = save(w, row(w, w.heat, typed))
		assert status == 200 and answer["answers"][0]["verdict"] == verdict, (typed, answer)
	for key, typed, verdict in ((w.lamp, "yellow", "At Risk"), (w.lamp, "Red", "Abnormal"), (w.door, "No", "Abnormal"), (w.door, "是", "Normal"), (w.seen, "A fly", "")):
		answer = save(w, row(w, key, typed))[1]["answers"][0]
		assert answer["ok"] and answer["verdict"] == verdict, (typed, answer)


@pytest.mark.clause("6.2.b.4")
def test_wrong_lines_are_refused_each_by_itself_and_the_good_ones_kept_or_none_if_so_asked(w):
	stranger = scene.thing(factories.make_customer().name)
	lines = (
		row(w, w.heat, "warm"),
		row(w, w.heat, "70 °F", thing=1),
		row(w, w.lamp, "Green"),
		row(w, w.lamp, "Blue", thing=1),
		{"service_object": stranger, "step_key": w.heat, "value": "20"},
		row(w, "no-such-step", "1"),
		row(w, w.lamp, "Red"),
	)
	assert save(w, *lines, whole=True)[1]["kept"] == 0 and not kept(w)
	answer = save(w, *lines)[1]
	assert (answer["kept"], answer["refused"]) == (1, 6)
	said = [found.get("message", "kept") for found in answer["answers"]]
	for text, part in zip(said, ("not a number", "°F", "kept", "Blue", "no object of this task", "not in the manual", "twice"), strict=True):
		assert part in text, (part, text)
	assert list(kept(w)) == [(w.things[0], w.lamp)]


@pytest.mark.clause("6.2.b.4")
def test_a_task_is_done_once_all_that_must_be_recorded_is_there_and_empty_is_never_normal(w):
	save(w, row(w, w.heat, "30"), row(w, w.lamp, "Green"), row(w, w.door, "", thing=0))
	status, answer = scene.post(w.engineer, "finish", name=w.task.name)
	assert status == 417 and "Is the door shut?" in str(answer)
	save(w, *(row(w, key, value, thing=1) for key, value in ((w.heat, "20"), (w.lamp, "Green"), (w.door, "Yes"))))
	answer = save(w, row(w, w.door, "", note="The key is with the customer"))[1]
	assert (answer["open"], answer["answers"][0]["verdict"]) == (0, "Not Taken")
	with scene.at("2026-03-02"):
		status, answer = scene.post(w.engineer, "finish", name=w.task.name, note="Warm")
	assert status == 200 and (answer["status"], answer["timeliness"], answer["result"]) == ("Done", "On Time", "At Risk")
	done = frappe.get_doc(scene.TASK, w.task.name)
	assert (done.done_by, done.started_by, done.note) == (w.engineer, w.engineer, "Warm")
	status, answer = save(w, row(w, w.heat, "20"))
	assert status == 417 and "stays as it is" in str(answer), "what was read stays"


def test_all_normal_is_entered_only_where_the_manual_allows_it_and_never_for_numbers(w):
	status, answer = scene.post(w.engineer, "enter_all_normal", name=w.task.name)
	assert status == 417 and "does not allow" in str(answer) and not kept(w)
	with scene.at("2026-03-02"):
		schedule = scene.schedule(w.agreement, manual=scene.in_use(allow_all_normal=1).name)
	w.task = frappe.get_doc(scene.TASK, scene.tasks(schedule)[0].name)
	w.things = [found.service_object for found in w.task.objects]
	w.step_keys = {step.step: step.step_key for step in frappe.get_doc(scene.MANUAL, schedule.manual).steps}
	w.heat, w.lamp, w.door, w.seen = w.step_keys.values()
	save(w, row(w, w.lamp, "Red"))
	status, answer = scene.post(w.engineer, "enter_all_normal", name=w.task.name, service_object=w.things[0])
	assert status == 200 and answer["kept"] == 1
	assert {key: found.verdict for key, found in kept(w).items()} == {(w.things[0], w.lamp): "Abnormal", (w.things[0], w.door): "Normal"}
	assert frappe.db.get_value(scene.READING, {"task": w.task.name, "step_key": w.door}, "by_all_normal") == 1


@pytest.mark.clause("6.2.b.2", "6.2.b.3")
def test_the_sheet_shows_steps_limits_and_the_last_value_and_stays_with_its_manual(w):
	save(w, row(w, w.heat, "24"), row(w, w.heat, "26", thing=1))
	following = scene.tasks(w.schedule)[1].name
	sheet = scene.post(w.engineer, "task_sheet", name=following)[1]
	assert {found["service_object"]: found["value"] for found in sheet["last"]} == {w.things[0]: "24", w.things[1]: "26"}
	heat = sheet["steps"][0]
	assert (heat["task"], heat["normal"], heat["unit"], heat["explanation"]) == ("Server room", "18 to 27 ℃", "℃", "At the sensor beside the door")
	assert sheet["steps"][1]["task"] == "Server room" and sheet["steps"][1]["choices"] == ["Green", "Yellow", "Red"]
	assert [part["text"] for part in sheet["abnormal"]][-1] == "The value is normal for a day"
	manual = frappe.get_doc(scene.MANUAL, w.schedule.manual)
	manual.db_set({"status": "Draft", "workflow_state": "Draft"})
	manual.steps[0].warning_high = "30"
	manual.save()
	assert scene.post(w.engineer, "task_sheet", name=following)[1]["steps"][0]["normal"] == "18 to 27 ℃"


def test_a_photo_is_one_of_this_task(w):
	manual = scene.in_use(steps=[{"task": "Seal", "step": "Photograph", "explanation": "x", "criterion": "Text", "photo_needed": 1, "required": 1}])
	with scene.at("2026-03-02"):
		schedule = scene.schedule(w.agreement, manual=manual.name)
	w.task = frappe.get_doc(scene.TASK, scene.tasks(schedule)[0].name)
	w.things, key = [found.service_object for found in w.task.objects], manual.steps[0].step_key
	foreign = factories.make("File", file_name="other.txt", content="x", is_private=1)
	answer = save(w, row(w, key, "whole", photo=foreign.file_url))[1]["answers"][0]
	assert not answer["ok"] and "not attached to this task" in answer["message"]
	answer = save(w, row(w, key, "whole"), row(w, key, "whole", thing=1))[1]
	assert answer["kept"] == 2 and answer["open"] == 2, "without its photo it is not recorded"
	own = factories.make("File", file_name="seal.txt", content="y", is_private=1, attached_to_doctype=scene.TASK, attached_to_name=w.task.name)
	assert save(w, row(w, key, "whole", photo=own.file_url))[1]["open"] == 1


def test_what_was_missed_may_still_be_done_and_what_is_cancelled_may_not(w):
	other = scene.tasks(w.schedule)[1].name
	status, answer = scene.post(w.engineer, "cancel", name=other, reason=" ")
	assert status == 417
	assert scene.post(w.engineer, "cancel", name=other, reason="The site is shut")[1] == "Cancelled"
	assert scene.post(w.engineer, "start", name=other)[0] == 417
	scene.run("2026-03-04")
	assert frappe.db.get_value(scene.TASK, w.task.name, "status") == "Missed"
	answer = save(w, row(w, w.heat, "20"), day="2026-03-04")[1]
	assert answer["status"] == "In Progress"


def test_who_may_only_read_enters_nothing(w):
	auditor = factories.make_user(roles=["Delivery Auditor"]).name
	assert scene.post(auditor, "task_sheet", name=w.task.name)[0] == 200
	for function, values in (("save_readings", {"rows": [row(w, w.heat, "20")]}), ("start", {}), ("finish", {}), ("cancel", {"reason": "x"}), ("enter_all_normal", {})):
		assert scene.post(auditor, function, name=w.task.name, **values)[0] == 403, function
	customer = factories.make_portal_user(w.agreement.customer).name
	assert scene.post(customer, "task_sheet", name=w.task.name)[0] == 403
	assert tasks.PLANNED == frappe.db.get_value(scene.TASK, w.task.name, "status")


@pytest.mark.committed
def test_the_same_line_sent_several_times_at_once_is_kept_once(site, in_parallel, cleanup):
	cleanup(scene.delete_all)
	with scene.at("2026-03-02"):
		schedule = scene.schedule()
	task = frappe.get_doc(scene.TASK, scene.tasks(schedule)[0].name)
	cleanup(lambda: frappe.db.delete(scene.MANUAL, {"name": schedule.manual}))
	frappe.db.commit()
	desk = factories.make_user(roles=["Service Desk"]).name
	key = frappe.get_doc(scene.MANUAL, schedule.manual).steps[0].step_key
	frappe.db.commit()
	line = {"service_object": task.objects[0].service_object, "step_key": key, "value": "21"}
	answers = in_parallel(*[lambda: scene.post(desk, "save_readings", name=task.name, rows=[line])] * 4)
	frappe.db.rollback()
	assert [status for status, _answer in answers] == [200] * 4, answers
	assert frappe.db.count(scene.READING, {"task": task.name}) == 1


def test_what_waited_for_a_connection_has_its_own_time_and_replaces_nothing_newer(w):
	def send(clock, *rows):
		with scene.at("2026-03-02", clock):
			status, said = scene.post(w.engineer, "save_readings", name=w.task.name, rows=list(rows))
		assert status == 200
		return said["answers"]

	send("10:00", row(w, w.heat, "20"))
	answers = send("12:00", row(w, w.heat, "31", waited=3 * 3600), row(w, w.lamp, "Green", waited=3600))
	assert [(one["ok"], one["value"]) for one in answers] == [(True, "20"), (True, "Green")]
	assert send("12:00", row(w, w.heat, "22", waited=60))[0]["value"] == "22"
	for wrong in (-5, 15 * 86400):
		(answer,) = send("12:00", row(w, w.heat, "25", waited=wrong))
		assert not answer["ok"] and "14 days" in answer["message"]
	read = frappe.get_all(scene.READING, {"task": w.task.name}, ["step_key", "value", "read_on"], order_by="read_on")
	assert [(one.step_key, one.value, str(one.read_on)[11:19]) for one in read] == [
		(w.lamp, "Green", "11:00:00"),
		(w.heat, "22", "11:59:00"),
	]
