"""What was agreed in amounts: work draws on it once, what is no longer so is given back, the rest is shown (5.3.a, 5.4.a)."""

import re

import amounts_scene as scene
import api_calls
import desk_door
import factories
import frappe
import planning
import pytest
import routine_scene
import scenario
import visiting
from reviewing import user

from ops_delivery.services.agreements import file_words, versions
from ops_delivery.services.amounts import drawing
from ops_delivery.setup.demo_desk import sign_off


@pytest.mark.clause("5.3.a", "5.4.a")
def test_a_visit_draws_once_when_it_is_left(site):
	agreement = scene.agreement(scene.amount("Visits"), scene.amount("Hours on site", counts="Hours", quantity=40, per="Year"))
	world = scene.visited(agreement, hours=3)
	assert scene.entries(agreement) == []
	assert scene.leave(world)[0] == 200
	assert scene.leave(world)[0] == 200, "a second tap"
	assert scene.entries(agreement) == [("Hours on site", "Drawn", 3.0, 0.0), ("Visits", "Drawn", 1.0, 0.0)]
	found = scene.used(scene.manager(), agreement)
	assert (found["Visits"]["now"]["used"], found["Visits"]["now"]["left"]) == (1.0, 3.0)
	assert (found["Hours on site"]["now"]["used"], found["Hours on site"]["now"]["left"]) == (3.0, 37.0)


@pytest.mark.clause("5.3.a")
def test_hours_that_are_corrected_are_given_back_and_drawn_anew_and_no_entry_is_touched(site):
	agreement = scene.agreement(scene.amount("Hours", counts="Hours", quantity=40, per="Year"))
	world = scene.visited(agreement, hours=3)
	scene.leave(world)
	first = frappe.get_all(scene.ENTRY, {"agreement": agreement.name}, "*")
	desk = desk_door.Desk("Service Desk")
	doc = frappe.get_doc(world.visit.doctype, world.visit.name)
	rows = [{**row.as_dict(), "work_hours": 2.5} for row in doc.engineers]
	answer = desk.save(doc, engineers=rows)
	assert answer.status == 200, desk_door.said(answer)
	assert scene.entries(agreement) == [("Hours", "Drawn", 3.0, 0.0), ("Hours", "Given Back", -3.0, 0.0), ("Hours", "Drawn", 2.5, 0.0)]
	assert frappe.get_all(scene.ENTRY, {"name": first[0].name}, "*") == first
	assert scene.used(scene.manager(), agreement)["Hours"]["now"]["used"] == 2.5


@pytest.mark.clause("5.3.a")
def test_a_routine_task_draws_by_its_kind_and_what_lies_ahead_is_planned(site):
	agreement = scene.agreement(
		scene.amount("Inspections", counts="Routine Tasks", routine_kind=_kind("Inspection Round"), quantity=4, per="Month"),
		scene.amount("Drills", counts="Routine Tasks", routine_kind=_kind("Emergency Test"), quantity=1, per="Year"),
	)
	steps = [{"task": "Fans", "step": "Clean", "explanation": "With air", "criterion": "Text", "required": 0}]
	with routine_scene.at("2026-03-02"):
		schedule = routine_scene.schedule(agreement, manual=routine_scene.in_use(steps=steps).name, thursday=0, lead_days=8)
	engineer = factories.make_user(roles=["Field Engineer"]).name
	task = routine_scene.tasks(schedule)[0].name
	with routine_scene.at("2026-03-02"):
		assert routine_scene.post(engineer, "finish", name=task)[0] == 200
	assert scene.entries(agreement) == [("Inspections", "Drawn", 1.0, 0.0)]
	now = scene.used(engineer, agreement, "2026-03-03")["Inspections"]["now"]
	# 9 March is a task already, 16, 23 and 30 March are dates of the schedule
	assert (now["used"], now["planned"], now["planned_extra"], now["left"]) == (1.0, 3.0, 1.0, 0.0)
	with routine_scene.at("2026-03-09"):
		assert routine_scene.post(engineer, "cancel", name=routine_scene.tasks(schedule)[1].name, reason="Closed")[0] == 200
	now = scene.used(engineer, agreement, "2026-03-09")["Inspections"]["now"]
	assert (now["planned"], now["planned_extra"]) == (3.0, 0.0), "a cancelled task gives its place back"


@pytest.mark.clause("5.3.a")
def test_a_time_sheet_for_the_project_of_a_plan_draws_by_its_lines_and_gives_back_when_it_is_cancelled(site):
	agreement = scene.agreement(scene.amount("Hours", counts="Hours", quantity=10, per="Month"))
	project = factories.make("Project", project_name=factories.unique("Project"), company=factories.company(), customer=agreement.customer)
	planning.plan(agreement=agreement.name, customer=agreement.customer, project=project.name)
	other = factories.make("Project", project_name=factories.unique("Other"), company=factories.company(), customer=agreement.customer)
	sheet = factories.make(
		"Timesheet",
		employee=factories.make_employee(factories.make_user().name).name,
		company=factories.company(),
		time_logs=[
			_line("2026-03-02 09:00:00", 4, project.name),
			_line("2026-03-03 09:00:00", 7.5, project.name),
			_line("2026-03-04 09:00:00", 5, other.name),
		],
	)
	assert scene.entries(agreement) == []
	desk = desk_door.Desk("System Manager", "Projects User", "Projects Manager", "HR User")
	assert desk.call("frappe.client.submit", doc=frappe.as_json(sheet.as_dict())).status == 200
	assert sorted(row[1:] for row in scene.entries(agreement)) == [("Drawn", 4.0, 0.0), ("Drawn", 7.5, 1.5)]
	assert desk.call("frappe.client.cancel", doctype="Timesheet", name=sheet.name).status == 200
	assert sum(row[2] for row in scene.entries(agreement)) == 0
	assert scene.used(scene.manager(), agreement)["Hours"]["now"]["used"] == 0
	answer = desk.call("frappe.client.delete", doctype="Timesheet", name=sheet.name)
	assert answer.status in (200, 202), "its entries are no reason to keep the host's record"


def test_a_time_sheet_of_a_visit_is_counted_by_the_visit_alone(site):
	agreement = scene.agreement(scene.amount("Hours", counts="Hours", quantity=10, per="Month"))
	world = scene.visited(agreement, hours=2)
	factories.make_employee(world.engineer)
	scene.leave(world)
	with user("Administrator"):
		made = frappe.get_attr("ops_delivery.services.visits.erpnext_records.make_timesheets")(*visiting.key(world.visit))
	frappe.get_doc("Timesheet", made[0]).submit()
	assert [row[1:3] for row in scene.entries(agreement)] == [("Drawn", 2.0)]


@pytest.mark.clause("5.4.a")
def test_what_goes_beyond_is_marked_and_never_taken_from_another_period(site):
	agreement = scene.agreement(scene.amount("Visits", quantity=1, per="Month"))
	for _number in range(2):
		scene.leave(scene.visited(agreement))
	assert [row[3] for row in scene.entries(agreement)] == [0.0, 1.0]
	found = scene.used(scene.manager(), agreement, "2026-04-01")["Visits"]
	march = found["periods"][2]
	assert (march["used"], march["extra"], march["left"]) == (1.0, 1.0, 0.0)
	assert (found["now"]["used"], found["now"]["left"]) == (0.0, 1.0)


@pytest.mark.clause("5.3.a")
def test_a_superior_is_asked_before_it_is_done_where_the_agreement_says_so_and_nothing_is_held_up(site):
	agreement = scene.agreement(scene.amount("Visits", quantity=1, per="Month", beyond="Ask First"))
	agreement.db_set("owner_user", boss := scene.manager())
	scene.leave(scene.visited(agreement))
	assert not frappe.db.exists("Field Service Request", {"customer": agreement.customer})
	with routine_scene.at("2026-03-03"):
		second = visiting.world(customer=agreement.customer, agreement=agreement.name, planned_start="2026-03-03 09:00:00")
		with user(second.engineer):
			visiting.before_arrival.confirm_details(*visiting.key(second.visit), visiting.PERSON)
			visiting.answer_stage(second.visit, "Before")
		status, message = scene.post(second.engineer, "visits.prepare", doctype=second.visit.doctype, name=second.visit.name)
	assert status == 200, message
	request = frappe.get_doc("Field Service Request", {"reference_name": second.visit.name})
	assert (request.kind, request.superior, request.state) == ("Beyond the Agreement", boss, "Waiting")
	assert "1 time" in request.question and "Visits" in request.question
	assert frappe.db.exists("ToDo", {"reference_name": request.name, "allocated_to": boss, "status": "Open"})
	assert scene.post(second.engineer, "visits.answer_request", request=request.name, granted=1)[0] == 403
	assert scene.post(boss, "visits.answer_request", request=request.name, granted=1)[1] == "Granted"
	assert not frappe.db.exists("ToDo", {"reference_name": request.name, "status": "Open"})


def test_a_task_that_goes_beyond_is_asked_for_when_it_is_begun_and_no_more_when_it_is_cancelled(site):
	agreement = scene.agreement(scene.amount("Rounds", counts="Routine Tasks", quantity=0.5, per="Year", beyond="Ask First"))
	with routine_scene.at("2026-03-02"):
		schedule = routine_scene.schedule(agreement)
		task, user_ = routine_scene.tasks(schedule)[0].name, factories.make_user(roles=["Field Engineer"]).name
		scene.manager()
		assert routine_scene.post(user_, "start", name=task)[0] == 200
		request = frappe.get_doc("Field Service Request", {"reference_name": task})
		assert (request.reference_doctype, request.kind, request.state, request.asked_by) == ("Routine Task", "Beyond the Agreement", "Waiting", user_)
		assert routine_scene.post(user_, "cancel", name=task, reason="Too much")[0] == 200
	assert frappe.db.get_value("Field Service Request", request.name, "state") == "Withdrawn"


def test_who_was_not_asked_before_is_asked_when_it_is_done(site):
	"""The amount was used up between the preparation and the end."""
	agreement = scene.agreement(scene.amount("Visits", quantity=1, per="Month", beyond="Ask First"))
	first, second = scene.visited(agreement), scene.visited(agreement)
	assert not frappe.db.exists("Field Service Request", {"customer": agreement.customer})
	scene.leave(first)
	assert scene.leave(second)[0] == 200
	assert frappe.db.get_value("Field Service Request", {"customer": agreement.customer}, ["reference_name", "state"]) == (second.visit.name, "Waiting")


@pytest.mark.clause("5.4.a")
def test_the_person_in_charge_is_told_once_a_period_when_it_is_nearly_used(site):
	agreement = scene.agreement(scene.amount("Visits", quantity=3, per="Month", warn_at=60))
	told = {"reference_name": agreement.name, "key_point": "ops_amount_nearly_used"}
	counts = []
	for _number in range(3):
		scene.leave(scene.visited(agreement))
		counts.append((frappe.db.count("Service Notice", told), frappe.db.count(scene.ENTRY, {"agreement": agreement.name, "kind": "Warned"})))
	assert counts == [(0, 0), (1, 1), (1, 1)]
	scene.leave(scene.visited(agreement, "2026-04-02"), "2026-04-02")
	scene.leave(scene.visited(agreement, "2026-04-02"), "2026-04-02")
	assert frappe.db.count(scene.ENTRY, {"agreement": agreement.name, "kind": "Warned"}) == 2


@pytest.mark.clause("5.4.a")
def test_a_new_version_that_keeps_the_first_day_takes_over_what_was_drawn(site):
	old = scene.agreement(scene.amount("Visits", quantity=4))
	scene.leave(scene.visited(old))
	with user(scene.manager()):
		draft = frappe.get_doc(scene.AGREEMENT, versions.new_version(old.name))
		draft.update({"amendment_reason": "More visits"})
		draft.amounts[0].quantity = 6
		draft.save()
	new = sign_off.sign_off(draft)
	assert new.amounts[0].amount_key == old.amounts[0].amount_key
	now = scene.used(scene.manager(), new)["Visits"]["now"]
	assert (now["at_hand"], now["used"], now["left"]) == (6.0, 1.0, 5.0)
	scene.leave(scene.visited(old, "2026-03-05"), "2026-03-05")
	assert {row.agreement for row in frappe.get_all(scene.ENTRY, {"agreement_number": old.agreement_number, "day": "2026-03-05"}, ["agreement"])} == {new.name}


def test_a_version_that_begins_later_counts_from_its_own_first_day(site):
	old = scene.agreement(scene.amount("Visits", quantity=4))
	scene.leave(scene.visited(old))
	with user(scene.manager()):
		draft = frappe.get_doc(scene.AGREEMENT, versions.new_version(old.name))
		draft.update({"amendment_reason": "More visits", "start_date": "2026-03-10"})
		draft.save()
	new = sign_off.sign_off(draft)
	scene.leave(scene.visited(old, "2026-03-12"), "2026-03-12")
	manager = scene.manager()
	assert [row["now"]["used"] for row in scene.used(manager, new).values()] == [1.0]
	before = scene.used(manager, old)["Visits"]
	assert (before["now"], before["periods"][-1]["to"], before["periods"][-1]["used"], before["periods"][-1]["expired"]) == (None, "2026-03-09", 1.0, 3.0)


@pytest.mark.clause("5.4.a")
def test_what_stays_good_is_carried_over_and_no_more_than_was_agreed(site):
	agreement = scene.agreement(scene.amount("Visits", quantity=4, per="Quarter", carry_periods=1, carry_most=2))
	scene.leave(scene.visited(agreement))
	found = scene.used(scene.manager(), agreement, "2026-04-01")["Visits"]
	assert (found["periods"][0]["left"], found["periods"][0]["expired"]) == (3.0, 1.0)
	assert (found["now"]["promised"], found["now"]["carried"], found["now"]["left"]) == (4.0, 2.0, 6.0)


def may(reader, entry):
	"""Whether the form of an entry has the button, for a user."""
	answer = api_calls.ask(reader, "GET", "/api/method/frappe.desk.form.load.getdoc", query_string={"doctype": scene.ENTRY, "name": entry})
	(doc,) = frappe.parse_json(answer.text)["docs"]
	return bool(doc["__onload"].get("ops_may_be_taken_back"))


@pytest.mark.clause("5.3.a")
def test_what_is_not_counted_is_decided_with_a_reason_and_stays_so(site):
	agreement = scene.agreement()
	world = scene.visited(agreement)
	scene.leave(world)
	entry = frappe.db.get_value(scene.ENTRY, {"agreement": agreement.name})
	engineer, manager = world.engineer, world.manager
	assert (may(engineer, entry), may(manager, entry)) == (False, True)
	assert scene.post(engineer, "amounts.do_not_count", entry=entry, reason="Ours")[0] == 403
	assert scene.post(manager, "amounts.do_not_count", entry=entry, reason=" ")[0] == 417
	assert scene.post(manager, "amounts.do_not_count", entry=entry, reason="Our own mistake")[0] == 200
	assert scene.post(manager, "amounts.do_not_count", entry=entry, reason="Again")[0] == 417
	assert not may(manager, entry), "the button is gone"
	with user(world.manager):
		drawing.settle(*visiting.key(world.visit))
	assert [row[1] for row in scene.entries(agreement)] == ["Drawn", "Not Counted"]
	assert scene.used(manager, agreement)["Visits"]["now"]["used"] == 0
	assert scene.post(manager, "amounts.differences", agreement=agreement.name)[1] == []


@pytest.mark.clause("5.4.a")
def test_records_that_came_past_the_steps_are_found_and_brought_in_line(site):
	agreement = scene.agreement()
	world = visiting.world(customer=agreement.customer, agreement=agreement.name)
	visiting.over(world)
	manager = scene.manager()
	status, found = scene.post(manager, "amounts.differences", agreement=agreement.name)
	assert status == 200 and [(row["name"], row["takes"], row["stands"]) for row in found] == [(world.visit.name, 1.0, 0.0)]
	assert scene.post(world.engineer, "amounts.bring_in_line", agreement=agreement.name)[0] == 403
	assert scene.post(manager, "amounts.bring_in_line", agreement=agreement.name)[1] == 1
	assert scene.post(manager, "amounts.bring_in_line", agreement=agreement.name)[1] == 0
	assert scene.entries(agreement) == [("Visits", "Drawn", 1.0, 0.0)]
	frappe.db.set_value(*visiting.key(world.visit), "status", "Cancelled")
	assert scene.post(manager, "amounts.bring_in_line", agreement=agreement.name)[1] == 1
	assert scene.entries(agreement)[-1] == ("Visits", "Given Back", -1.0, 0.0)


@pytest.mark.committed
@pytest.mark.clause("5.3.a")
def test_two_visits_that_are_left_at_once_never_draw_the_same_hour_twice(site, in_parallel, cleanup):
	agreement = scene.agreement(scene.amount("Hours", counts="Hours", quantity=3, per="Month"), scene.amount("Visits", quantity=1))
	cleanup(lambda: frappe.db.delete(scene.ENTRY, {"agreement_number": agreement.agreement_number}))
	worlds = [scene.visited(agreement, hours=2) for _number in range(3)]
	frappe.db.commit()
	answers = in_parallel(*[lambda world=world: scene.leave(world) for world in worlds], lambda: scene.leave(worlds[0]))
	assert all(isinstance(answer, tuple) and answer[0] == 200 for answer in answers), [str(answer)[-1500:] for answer in answers]
	frappe.db.commit()
	found = scene.entries(agreement)
	assert sorted(row[3] for row in found if row[0] == "Hours") == [0.0, 1.0, 2.0]
	assert sorted(row[3] for row in found if row[0] == "Visits") == [0.0, 1.0, 1.0]
	assert len(found) == 6


def test_the_database_itself_refuses_a_second_draw(site):
	agreement = scene.agreement()
	scene.leave(scene.visited(agreement))
	twin = frappe.get_doc(scene.ENTRY, {"agreement": agreement.name})
	twin.name = "another"
	with pytest.raises(frappe.UniqueValidationError):
		twin.db_insert()


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"quantity": 0}, "Amount.*tick"),
		({"quantity": -3}, "Amount.*-3"),
		({"quantity": 1.23456}, "1.23456"),
		({"carry_periods": 500}, "500"),
		({"warn_at": 140}, "140"),
	],
)
def test_an_amount_that_cannot_be_is_refused_by_its_row(site, values, said):
	draft = scenario.agreement(submit=False)
	answer = desk_door.Desk("Service Delivery Manager").save(draft, amounts=[scene.amount(**values)])
	assert answer.status == 417
	assert re.search(said, frappe.utils.strip_html(desk_door.said(answer))), desk_door.said(answer)
	assert "Agreed Amounts" in desk_door.said(answer)


def test_entries_are_only_added_to_by_the_work_itself(site):
	agreement = scene.agreement()
	scene.leave(scene.visited(agreement))
	doc = frappe.get_doc(scene.ENTRY, {"agreement": agreement.name})
	desk = desk_door.Desk("System Manager", "Service Delivery Manager")
	assert desk.save(doc, quantity=0).status in (403, 417)
	assert desk.call("frappe.client.delete", doctype=scene.ENTRY, name=doc.name).status in (403, 417)
	assert desk.new(scene.ENTRY, title="x", quantity=-1).status in (403, 417)


def _kind(name: str) -> str:
	if not frappe.db.exists("Routine Kind", name):
		factories.make("Routine Kind", kind_name=name)
	return name


def _line(start: str, hours: float, project: str) -> dict:
	return {
		"activity_type": _activity(),
		"from_time": start,
		"to_time": frappe.utils.add_to_date(start, hours=hours),
		"hours": hours,
		"project": project,
	}


def _activity() -> str:
	if not frappe.db.exists("Activity Type", "Execution"):
		factories.make("Activity Type", activity_type="Execution")
	return "Execution"


@pytest.mark.clause("5.2.a")
@pytest.mark.parametrize(
	("values", "said"),
	[
		({"title": " "}, "Agreed Amounts, row 2 (What): it is blank. Name what is promised"),
		({"title": "Visits"}, "Agreed Amounts, row 1 (Visits, What): it is there twice"),
		({"title": "Drills", "quantity": 0}, "Agreed Amounts, row 2 (Drills, "),
	],
)
def test_what_is_wrong_with_an_amount_is_said_by_row_and_field(site, values, said):
	with pytest.raises(frappe.ValidationError) as refused:
		scene.agreement(scene.amount("Visits"), scene.amount(**values))
	text = frappe.utils.strip_html(str(refused.value))
	assert text.startswith(said) and "[" not in text


def test_a_place_in_the_agreement_file_is_said_as_the_form_calls_it(site):
	doc = scene.agreement(scene.amount("Visits"))
	for path, words in (
		("amounts[0].what", "Agreed Amounts, row 1, What"),
		("amounts[0]", "Agreed Amounts, row 1"),
		("targets[1].priority", "Targets, row 2, Priority"),
		("period.end", "Valid to"),
		("calendars.Office.week.mon", "Service Hours"),
		("escalation.steps[0].amount", "Escalation Policy"),
		("priorities[2]", "Priority Matrix"),
		("default_priority", "Priority before triage"),
	):
		assert file_words.where(doc, path) == words
	assert frappe.utils.strip_html(file_words.unfit(doc, "amounts[0].what", None)) == "Agreed Amounts, row 1, What is missing. Enter it."
