"""Routine operation: a published manual, objects, a schedule, and people who do the work."""

import json
from datetime import datetime

import api_calls
import factories
import frappe
import reviewing
import scenario

from ops_delivery.services.reviews import content as reviewed_content
from ops_delivery.services.reviews import decisions
from ops_delivery.services.routine import generation, readings, sheet

MANUAL, SCHEDULE, TASK, READING = "Operation Manual", "Routine Schedule", "Routine Task", "Routine Reading"
KIND = "Inspection Round"
REVIEW = "Operation manual: internal review"
STEPS = (
	{
		"task": "Server room",
		"step": "Read the temperature",
		"explanation": "At the sensor beside the door",
		"criterion": "Number",
		"unit": "℃",
		"alarm_low": "10",
		"warning_low": "18",
		"warning_high": "27",
		"alarm_high": "32",
		"required": 1,
	},
	{"step": "Look at the lamps", "criterion": "Choice", "normal_choices": "Green", "risk_choices": "Yellow", "abnormal_choices": "Red", "required": 1},
	{"step": "Is the door shut?", "criterion": "Yes or No", "normal_answer": "Yes", "required": 1},
	{"task": "Paper", "step": "What else was seen", "explanation": "In a sentence", "criterion": "Text", "required": 0},
)


def at(day: str, clock: str = "09:00"):
	"""Within it, it is that day at the site."""
	return scenario.at(datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=scenario.ZONE))


def manual_values(**values) -> dict:
	if not frappe.db.exists("Routine Kind", KIND):  # a site of tests may be older than its seed
		factories.make("Routine Kind", kind_name=KIND)
	return {
		"doctype": MANUAL,
		"title": factories.unique("Manual"),
		"kind": KIND,
		"keeper": factories.make_user(roles=["Technical Expert"]).name,
		"review_date": "2031-01-31",
		"purpose": "Find what is about to fail",
		"steps": [dict(row) for row in STEPS],
		"recording": "Who, when, and every value",
		"abnormal_roles": "The engineer tells the desk; the expert decides",
		"abnormal_method": "Take the object off the load",
		"abnormal_flow": "Engineer, desk, expert, within the hour",
		"abnormal_end": "The value is normal for a day",
		"report_template": "<p>Objects, values, findings, advice</p>",
		**values,
	}


def published(**values):
	"""A manual that was reviewed by another manager and published."""
	author, reviewer = reviewing.manager(), reviewing.manager()
	with reviewing.user(author):
		doc = frappe.get_doc(manual_values(**values)).insert()
	doc = reviewing.act(doc, "Ask for Internal Review", author)
	with reviewing.user(reviewer):
		decisions.decide(reviewing.open_review(doc, REVIEW), "Approved", "Fine")
	return reviewing.act(doc, "Publish", author)


def in_use(**values):
	"""A published manual, without the way there; that is for test_routine_manuals.py."""
	doc = frappe.get_doc(manual_values(**values)).insert(ignore_permissions=True)
	doc.db_set({"status": "Published", "workflow_state": "Published", "published_version": reviewed_content.snapshot(doc)})
	return doc


def thing(customer: str, **values) -> str:
	scenario.basics()
	return factories.make(
		"Service Object",
		**{"object_name": factories.unique("Rack"), "customer": customer, "kind": "Other", "importance": "Important", **values},
	).name


def schedule_values(agreement, **values) -> dict:
	if "objects" not in values:
		values["objects"] = [{"service_object": thing(agreement.customer)}, {"service_object": thing(agreement.customer)}]
	return {
		"doctype": SCHEDULE,
		"title": factories.unique("Weekly round"),
		"agreement": agreement.name,
		"kind": KIND,
		"manual": values.pop("manual", None) or in_use().name,
		"goal": "No failure by heat",
		"content": "Temperature, lamps, doors",
		"scope": "The server rooms of the head office",
		"first_date": "2026-03-02",
		"repeats": "Weekly",
		"monday": 1,
		"thursday": 1,
		"assign_to": "Person",
		"lead_days": 7,
		"person": values.pop("person", None) or factories.make_user(roles=["Field Engineer"]).name,
		**values,
	}


def schedule(agreement=None, **values):
	return frappe.get_doc(schedule_values(agreement or scenario.agreement(), **values)).insert(ignore_permissions=True)


def tasks(schedule) -> list[frappe._dict]:
	fields = ["name", "planned_on", "meant_for", "due_on", "status", "assigned_to", "manual_version", "agreement"]
	return frappe.get_all(TASK, {"schedule": schedule.name}, fields, order_by="planned_on")


def days(schedule, **filters) -> list[str]:
	rows = frappe.get_all(TASK, {"schedule": schedule.name, **filters}, ["planned_on"], order_by="planned_on")
	return [str(row.planned_on) for row in rows]


def post(user: str, function: str, **form):
	"""An endpoint of ours as a browser calls it: (status, message); what fails on our side fails the test."""
	sent = {key: json.dumps(value) if isinstance(value, dict | list | bool) else value for key, value in form.items()}
	answer = api_calls.post(user, f"ops_delivery.api.routine.{function}", **sent)
	content = json.loads(answer.text)
	assert answer.status < 500, content
	return answer.status, content.get("message", content)


def run(day: str, clock: str = "09:00") -> None:
	with at(day, clock):
		generation.run()


def risk_on(task: str) -> None:
	"""A reading of a task that is at risk, kept by whoever is there."""
	doc = frappe.get_doc(TASK, task)
	key = next(key for key, step in sheet.steps_of(doc).items() if step.criterion == "Number")
	readings.save(task, [{"service_object": doc.objects[0].service_object, "step_key": key, "value": "30"}])


def two_rounds() -> frappe._dict:
	"""Two rounds of two objects of a customer, and the engineer who makes them."""
	with at("2026-03-02"):
		agreement = scenario.agreement()
		made = schedule(agreement, lead_days=7)
	found = frappe._dict(agreement=agreement, schedule=made, customer=agreement.customer)
	found.engineer = factories.make_user(roles=["Field Engineer"]).name
	found.first, found.second = (frappe.get_doc(TASK, row.name) for row in tasks(made)[:2])
	found.things = [row.service_object for row in found.first.objects]
	found.heat, found.lamp, found.door, found.seen = (step.step_key for step in frappe.get_doc(MANUAL, made.manual).steps)
	return found


def delete_all() -> None:
	for doctype in (READING, "Object State", "Reading Day", "Routine Finding", TASK, SCHEDULE, "Routine Object", "Routine Person"):
		frappe.db.delete(doctype)
