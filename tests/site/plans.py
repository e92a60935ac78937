"""An optimization plan for tests, filled in as far as a phase needs, and taken there with the reviews out of the way."""

from datetime import datetime, timedelta

import factories
import frappe
import scenario

ZONE = scenario.ZONE
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
PATH = (
	"Proposal Review",
	"Proposal Approved",
	"Implementation Review",
	"Approved",
	"In Progress",
	"Trial Run",
	"Closed",
)
METRICS = (
	{"metric_name": "Login time", "unit": "ms", "baseline": 2400, "target": 800, "direction": "At Most"},
	{"metric_name": "Success rate", "unit": "%", "baseline": 97, "target": 99.5, "direction": "At Least"},
)


def day(number: float) -> datetime:
	"""That many days after the morning on which everything begins."""
	return BEGIN + timedelta(days=number)


def date(number: int) -> str:
	return str(day(number).date())


def proposal(**values) -> dict:
	"""A plan with all that the proposal needs."""
	return {
		"doctype": "Optimization Plan",
		"title": factories.unique("Faster log-in"),
		"customer": values.pop("customer", None) or factories.make_customer().name,
		"company": factories.company(),
		"start_date": date(0),
		"end_date": date(40),
		"goals": "<p>People log in within a second</p>",
		"content": "<p>Index the session table; pool the connections</p>",
		"metrics": [dict(row) for row in METRICS],
		"budget": 50000,
		"currency": "CNY",
		**values,
	}


def implementation() -> dict:
	"""What the implementation adds."""
	user = "Administrator"
	return {
		"steps": [
			{"step": "Build the index", "owner_user": user, "start_date": date(0), "end_date": date(2)}
		],
		"people": [{"role": "Database expert", "party": "Supplier", "user": user}],
		"risks": [
			{
				"risk": "The index locks the table",
				"likelihood": "Medium",
				"impact": "High",
				"measure": "Build it online, at night",
				"owner_user": user,
			}
		],
		"rollback_trigger": "Log-in fails for more than ten minutes; the person in charge decides",
		"rollback_steps": [{"step": "Drop the index", "owner_user": user, "minutes": 5}],
		"trial_days": 10,
		"grace_days": 2,
		"readings_needed": 2,
	}


def ready(plan) -> None:
	"""What has to be there before anything is touched."""
	for row in plan.rollback_steps:
		row.update({"rehearsed_on": date(0), "rehearsal_result": "Passed"})
	for row in plan.security_checks:
		row.result = "Fulfilled"
	plan.update({"confirmed_by": "Chen Jing", "confirmed_on": date(0)})


def done(plan) -> None:
	"""What the work leaves on record."""
	for row in plan.steps:
		row.done_on = date(1)
	plan.append(
		"changes",
		{
			"change": "Index on sessions",
			"kind": "System Change",
			"done_on": f"{date(1)} 22:00:00",
			"done_by": "Administrator",
		},
	)


def looked_back(plan) -> None:
	"""The retrospective and the results of the changes."""
	for row in plan.changes:
		row.result = "Successful"
	plan.update(
		{
			"went_well": "The index was built without a stop",
			"went_badly": "The window was announced late",
			"lessons": "Announce a week ahead",
			"goals_result": "Reached",
			"retrospective_on": date(15),
			"retrospective_people": "Li Wei, Chen Jing",
		}
	)


def at_phase(phase: str, **values):
	"""A saved plan in that phase, on the way there at fitting times (trial run: days 2 to 11, closed on day 15)."""
	plan = frappe.get_doc(proposal(**values))
	with scenario.at(day(0)):
		plan.insert()
		for step in PATH[: PATH.index(phase) + 1] if phase != "Draft" else ():
			if step == "Implementation Review":
				plan.update(implementation())
			elif step == "In Progress":
				ready(plan)
			elif step == "Trial Run":
				frappe.flags.ops_now = day(2)
				done(plan)
			elif step == "Closed":
				good_readings(plan)
				frappe.flags.ops_now = day(15)
				looked_back(plan)
			plan.status = step
			plan.save()
	return plan


def reading(plan, metric: str = "Login time", value=700, number: float = 5, **values):
	"""A reading taken on that day of the story."""
	with scenario.at(day(number)):
		return frappe.get_doc(
			{
				"doctype": "Trial Reading",
				"plan": plan.name,
				"metric": metric,
				"value": value,
				"taken_on": day(number).replace(tzinfo=None),
				**values,
			}
		).insert()


def good_readings(plan) -> None:
	for number in (5, 9):
		reading(plan, "Login time", 700, number)
		reading(plan, "Success rate", 99.9, number)
