"""Routine work goes by who may do it today, by the version that rules today, and leaves alone what colleagues asked."""

import api_calls
import factories
import frappe
import pytest
import routine_scene as scene
import scenario
from frappe import permissions
from frappe.desk.form import assign_to

from ops_delivery.permissions import assignees
from ops_delivery.services.agreements import versions as agreements


@pytest.fixture
def w(site):
	w = frappe._dict(agreement=scenario.agreement(), engineer=factories.make_user(roles=["Field Engineer"]).name)
	w.manager = factories.make_user(roles=["Service Delivery Manager"]).name
	w.agreement.db_set("owner_user", w.manager)
	return w


@pytest.mark.clause("5.2.a")
def test_a_customer_that_is_renamed_or_merged_keeps_their_agreement(w):
	customer, day = w.agreement.customer, "2026-03-02"
	assert agreements.find(customer, day) == w.agreement.name
	name = factories.unique("Renamed")
	frappe.rename_doc("Customer", customer, name)
	assert agreements.find(name, day) == w.agreement.name
	other = factories.make_customer().name
	frappe.rename_doc("Customer", name, other, merge=True)
	assert agreements.find(other, day) == w.agreement.name


@pytest.mark.clause("6.2.a")
def test_what_a_colleague_asked_about_a_schedule_stays_on_the_list(w):
	with scene.at("2026-03-02"):
		schedule = scene.schedule(w.agreement, person=w.engineer)
		assign_to.add({"doctype": scene.SCHEDULE, "name": schedule.name, "assign_to": [w.manager], "description": "Look at the goal"})
		answer = api_calls.ask(w.manager, "PUT", f"/api/resource/Routine Schedule/{schedule.name}", data={"lead_days": 3})
		assert answer.status == 200, answer.text
	assert frappe.get_all("ToDo", {"reference_name": schedule.name, "status": "Open"}, pluck="allocated_to") == [w.manager]


@pytest.mark.clause("6.2.a")
def test_who_may_not_see_the_customer_any_more_is_stood_in_for(w):
	other = factories.make_user(roles=["Field Engineer"]).name
	with scene.at("2026-03-02"):
		schedule = scene.schedule(w.agreement, person=w.engineer, substitute=other, lead_days=0)
	factories.make("User Permission", user=w.engineer, allow="Customer", for_value=factories.make_customer().name)
	scene.run("2026-03-05")
	assert [row.assigned_to for row in scene.tasks(schedule)][-1] == other


@pytest.mark.clause("6.2.a")
def test_who_may_write_rounds_as_a_desk_user_may_be_given_one(w):
	plain = factories.make_user(roles=["Employee"]).name
	assert assignees.able([plain], scene.TASK) == set()
	try:
		permissions.add_permission(scene.TASK, "Desk User")
		permissions.update_permission_property(scene.TASK, "Desk User", 0, "write", 1)
		assert assignees.able([plain, w.engineer], scene.TASK) == {plain, w.engineer}
	finally:
		permissions.reset_perms(scene.TASK)


@pytest.mark.clause("6.2.a")
def test_a_version_that_waits_for_its_day_does_not_rule_yet(w):
	with scene.at("2026-03-02"):
		schedule = scene.schedule(w.agreement, person=w.engineer, lead_days=0)
	names = {}
	for number, status, first in ((2, "Active", "2026-01-01"), (3, "Scheduled", "2026-06-01")):
		later = frappe.copy_doc(w.agreement, ignore_no_copy=True)
		later.name = names[number] = factories.unique("SA")
		later.update({"version": number, "status": status, "docstatus": 1, "start_date": first})
		later.db_insert()
	w.agreement.db_set("status", "Superseded")
	scene.run("2026-03-05")
	assert [row.agreement for row in scene.tasks(schedule)][-1] == names[2]
	assert scene.days(schedule)[-1] == "2026-03-05"


@pytest.mark.clause("6.2.a", "6.2.e")
def test_what_the_end_of_an_agreement_cancels_is_off_the_planners_list(w):
	with scene.at("2026-03-02"):
		schedule = scene.schedule(w.agreement, person=w.engineer, assistance=[{"what": "Helper", "details": "Somebody with the key", "days_before": 1}])
	task = scene.tasks(schedule)[1].name
	row = frappe.get_doc(scene.TASK, task).assistance[0].name
	with scene.at("2026-03-03"):
		assert scene.post(w.engineer, "record_answer", name=task, row=row, confirmed=False, words="On holiday", person="Ms Wang")[0] == 200
	assert frappe.db.count("ToDo", {"reference_name": task, "status": "Open"}) == 1
	w.agreement.db_set({"status": "Terminated", "termination_date": "2026-03-04"})
	scene.run("2026-03-04", "12:00")
	assert frappe.db.get_value(scene.TASK, task, "status") == "Cancelled"
	assert frappe.db.count("ToDo", {"reference_name": task, "status": "Open"}) == 0


@pytest.mark.clause("6.2.a", "6.2.b.4")
def test_a_round_of_which_every_object_is_another_customers_is_not_done_but_cancelled(w):
	with scene.at("2026-03-02"):
		schedule = scene.schedule(w.agreement, person=w.engineer)
		task = scene.tasks(schedule)[0].name
		other = scenario.agreement()
		desk = factories.make_user(roles=["Service Desk"]).name
		steps = frappe.get_doc(scene.MANUAL, schedule.manual).steps
		first, second = (row.service_object for row in frappe.get_doc(scene.TASK, task).objects)

		def move(thing):
			assert api_calls.ask(desk, "PUT", f"/api/resource/Service Object/{thing}", data={"customer": other.customer}).status == 200

		move(first)
		rows = [{"service_object": second, "step_key": row.step_key, "value": value} for row, value in zip(steps, ("20", "Green", "Yes"), strict=False)]
		partly = scene.tasks(schedule)[1].name
		assert scene.post(w.engineer, "save_readings", name=partly, rows=rows)[1]["refused"] == 0
		status, said = scene.post(w.engineer, "finish", name=partly)
		assert (status, said["status"], said["open"]) == (200, "Done", 0)
		move(second)
		status, said = scene.post(w.engineer, "finish", name=task)
		assert (status, said["exc_type"]) == (417, "NotPossible") and "Cancel" in frappe.as_json(said)
		assert scene.post(w.engineer, "cancel", name=task, reason="Sold")[0] == 200
