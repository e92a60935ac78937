"""How objects stand: by the last reading of each step, worst first, since when, and not seen for how long (8.3.a.1)."""

import json

import api_calls
import factories
import frappe
import pytest
import reviewing
import routine_scene as scene
import scenario

from ops_delivery.permissions import steps
from ops_delivery.services.routine import object_states

STATE = object_states.STATE


@pytest.fixture
def w(site):
	return scene.two_rounds()


def read(w, day, *rows, task=None, clock="09:00"):
	lines = [{"service_object": w.things[thing], "step_key": key, "value": value, "note": note} for thing, key, value, note in rows]
	with scene.at(day, clock):
		status, answer = scene.post(w.engineer, "save_readings", name=(task or w.first).name, rows=lines)
	assert status == 200 and not answer["refused"], answer


def call(user, function, **form):
	answer = api_calls.post(user, f"ops_delivery.api.object_states.{function}", **form)
	content = json.loads(answer.text)
	assert answer.status < 500, content
	return answer.status, content.get("message", content)


def look(w, day="2026-03-06", user=None, **form):
	with scene.at(day):
		status, answer = call(user or w.engineer, "overview", **{"customer": w.customer, **form})
	assert status == 200, answer
	return answer


def stored(w, thing=0):
	rows = frappe.get_all(STATE, {"service_object": w.things[thing]}, ["step_key", "verdict", "value", "since", "read_on"])
	return {row.step_key: (row.verdict, row.value, str(row.since)[:10], str(row.read_on)[:10]) for row in rows}


@pytest.mark.clause("8.3.a.1")
def test_an_object_stands_as_the_worst_of_its_last_readings_does_and_says_since_when(w):
	read(w, "2026-03-02", (0, w.heat, "33", ""), (0, w.lamp, "Green", ""), (1, w.heat, "20", ""))
	read(w, "2026-03-05", (0, w.heat, "34", ""), (0, w.lamp, "Yellow", ""), task=w.second)
	answer = look(w)
	assert answer["counts"] == {"Abnormal": 1, "At Risk": 0, "Not Seen": 0, "Normal": 1} and answer["whole"] == 2
	first, second = answer["rows"]
	assert (first["name"], first["state"], first["since"][:10], first["seen"][:10]) == (w.things[0], "Abnormal", "2026-03-02", "2026-03-05")
	assert (first["worst"]["step"], first["worst"]["value"], first["worst"]["unit"]) == ("Read the temperature", "34", "℃")
	assert first["round"]["name"] == w.second.name
	assert (second["name"], second["state"], second["worst"]["value"]) == (w.things[1], "Normal", "20")
	assert [row["name"] for row in look(w, state="Normal")["rows"]] == [w.things[1]]
	assert look(w, search=frappe.db.get_value("Service Object", w.things[0], "object_name"))["whole"] == 1
	assert look(w, search="no such thing")["rows"] == []


@pytest.mark.clause("8.3.a.1")
def test_what_was_not_seen_for_long_is_not_normal_and_a_fault_stays_a_fault(w):
	read(w, "2026-03-02", (0, w.heat, "33", ""), (1, w.heat, "20", ""))
	states = {row["name"]: (row["state"], row["unseen"]) for row in look(w, "2026-05-02")["rows"]}
	assert states == {w.things[0]: ("Abnormal", True), w.things[1]: ("Not Seen", True)}
	assert look(w, "2026-05-02", days=90)["counts"]["Normal"] == 1
	third = scene.thing(w.customer)
	assert {row["name"]: (row["state"], row["since"]) for row in look(w)["rows"]}[third] == ("Not Seen", None), "it was never read"


@pytest.mark.clause("8.3.a.1")
def test_what_is_taken_back_corrected_or_could_not_be_taken_leaves_the_state_that_is_true(w):
	read(w, "2026-03-02", (0, w.heat, "20", ""))
	read(w, "2026-03-05", (0, w.heat, "33", ""), task=w.second)
	assert stored(w) == {w.heat: ("Abnormal", "33", "2026-03-05", "2026-03-05")}
	read(w, "2026-03-06", (0, w.heat, "30", ""), task=w.second)
	assert stored(w) == {w.heat: ("At Risk", "30", "2026-03-06", "2026-03-06")}, "corrected"
	read(w, "2026-03-06", (0, w.heat, "", "The key is missing"), task=w.second)
	assert stored(w) == {w.heat: ("Normal", "20", "2026-03-02", "2026-03-02")}, "not taken says nothing of the state"
	read(w, "2026-03-06", (0, w.heat, "", ""), task=w.first)
	assert stored(w) == {}, "taken back"
	read(w, "2026-03-06", (0, w.heat, "21", ""))
	steps.take(frappe.get_doc(scene.READING, {"task": w.first.name, "step_key": w.heat})).delete(ignore_permissions=True)
	assert stored(w) == {}, "deleted"


def readings(w, key, *values, thing=0):
	"""Rows as a machine's readings are written: (day, clock, verdict)."""
	return [
		{
			**{"service_object": w.things[thing], "customer": w.customer, "step_key": key, "step": "Load", "value": "1", "number": 1.0},
			**{"is_number": 1, "verdict": verdict, "read_on": frappe.utils.get_datetime(f"{day} {clock}"), "name": frappe.generate_hash(length=12)},
		}
		for day, clock, verdict in values
	]


def keep(rows):
	for row in rows:
		frappe.get_doc({"doctype": scene.READING, **row}).db_insert()
	object_states.note(rows)


def test_readings_in_any_order_give_the_same_state_as_all_of_them_worked_out_anew(w):
	keep(readings(w, "load", ("2026-03-02", "09:00", "Normal"), ("2026-03-02", "09:10", "Abnormal"), ("2026-03-02", "09:20", "Abnormal")))
	row = frappe.get_all(STATE, {"step_key": "load", "service_object": w.things[0]}, ["verdict", "since", "read_on"])[0]
	assert (row.verdict, str(row.since)[11:16], str(row.read_on)[11:16]) == ("Abnormal", "09:10", "09:20")
	keep(readings(w, "load", ("2026-03-02", "09:30", "Abnormal")))
	keep(readings(w, "load", ("2026-03-02", "09:15", "Normal")))  # late
	keep(readings(w, "load", ("2026-03-02", "09:05", "At Risk"), ("2026-03-02", "09:00", "Normal"), thing=1))
	before = frappe.get_all(STATE, {"service_object": ["in", w.things]}, ["service_object", "step_key", "verdict", "since", "read_on", "value"], order_by="service_object, step_key")
	row = frappe.get_all(STATE, {"step_key": "load", "service_object": w.things[0]}, ["verdict", "since", "read_on"])[0]
	assert (row.verdict, str(row.since)[11:16], str(row.read_on)[11:16]) == ("Abnormal", "09:20", "09:30")
	object_states.rebuild()
	object_states.rebuild()
	after = frappe.get_all(STATE, {"service_object": ["in", w.things]}, ["service_object", "step_key", "verdict", "since", "read_on", "value"], order_by="service_object, step_key")
	assert before == after


@pytest.mark.clause("8.3.a.1")
def test_the_page_of_an_object_shows_every_step_rounds_and_open_requests(w):
	read(w, "2026-03-02", (0, w.heat, "33", ""), (0, w.lamp, "Green", ""), (0, w.seen, "<b>A fly</b>", ""))
	with scene.at("2026-03-02"):
		scene.post(w.engineer, "finish", name=w.first.name)
	with scene.at("2026-03-03"):
		status, page = call(w.engineer, "one", name=w.things[0])
	assert status == 200 and page["state"] == "Abnormal"
	assert [(row["step"], row["value"], row["verdict"], row["is_number"]) for row in page["steps"]] == [
		("Read the temperature", "33", "Abnormal", 1),
		("Look at the lamps", "Green", "Normal", 0),
		("What else was seen", "<b>A fly</b>", "", 0),
	]
	assert page["coming"][0]["name"] in (w.first.name, w.second.name)


def test_who_sees_some_customers_only_sees_their_objects_only(w):
	read(w, "2026-03-02", (0, w.heat, "33", ""))
	other = scenario.agreement()
	strange = scene.thing(other.customer)
	restricted = factories.make_user(roles=["Field Engineer"]).name
	factories.make("User Permission", user=restricted, allow="Customer", for_value=other.customer)
	rows = look(w, user=restricted, customer="")["rows"]
	assert {row["name"] for row in rows} == {strange}
	assert look(w, user=restricted)["whole"] == 0
	for function, form in (("one", {"name": w.things[0]}), ("trend", {"service_object": w.things[0], "step_key": w.heat})):
		assert call(restricted, function, **form)[0] == 403, function
		assert call(factories.make_portal_user(w.customer).name, function, **form)[0] == 403, function
	assert call(factories.make_portal_user(w.customer).name, "overview")[0] == 403


def test_states_read_at_a_former_customer_are_not_shown_to_the_next(w):
	read(w, "2026-03-02", (0, w.heat, "33", ""))
	buyer = factories.make_customer().name
	frappe.db.set_value("Service Object", w.things[0], "customer", buyer)
	(row,) = look(w, customer=buyer)["rows"]
	assert (row["state"], row["worst"]) == ("Not Seen", None)
	assert call(w.engineer, "trend", service_object=w.things[0], step_key=w.heat)[0] == 417


def test_the_days_after_which_something_is_not_seen_are_set_by_the_administrator(w):
	assert look(w)["days"] == 30
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.unseen_days = 7
	settings.save()
	assert look(w)["days"] == 7
	assert look(w, days=-4)["days"] == 1 and look(w, days=10**9)["days"] == 3660


def test_what_a_manual_asks_for_no_more_says_nothing_of_an_object(w):
	"""Nobody could ever read it as normal again."""
	manual, keys = frappe.get_doc(scene.MANUAL, w.schedule.manual), {"heat": w.heat, "lamp": w.lamp}
	read(w, "2026-03-02", (0, w.heat, "20", ""), (0, w.lamp, "Red", ""))
	assert look(w)["counts"]["Abnormal"] == 1
	author, reviewer = reviewing.manager(), reviewing.manager()
	manual = reviewing.act(manual, "Revise", author)
	manual.steps = [row for row in manual.steps if row.step_key != keys["lamp"]]
	with reviewing.user(author):
		manual.save()
	assert look(w)["counts"]["Abnormal"] == 1, "until that is published"
	manual = reviewing.act(manual, "Ask for Internal Review", author)
	reviewing.approve(manual, reviewer, scene.REVIEW)
	reviewing.act(manual, "Publish", author)
	assert set(stored(w)) == {keys["heat"]} and look(w)["counts"]["Normal"] == 1
	object_states.rebuild(w.things)
	assert set(stored(w)) == {keys["heat"]}


def test_a_last_value_on_the_sheet_and_a_state_are_of_the_same_reading(w):
	read(w, "2026-03-02", (0, w.heat, "24", ""))
	with scene.at("2026-03-05"):
		sheet = scene.post(w.engineer, "task_sheet", name=w.second.name)[1]
	assert [row["value"] for row in sheet["last"]] == [stored(w)[w.heat][1]]
