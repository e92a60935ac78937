"""An agreement with a little work in March 2026, and who may look at its evidence."""

import json

import api_calls
import factories
import frappe
import reviewing
import scenario

from ops_delivery.services.evidence import catalogue
from ops_delivery.setup import seeds

PERIOD = {"first": "2026-03-01", "last": "2026-03-31"}
CLAUSE, DEFINITION, SNAPSHOT, EXEMPTION = "Specification Clause", "Evidence Definition", "Evidence Snapshot", "Clause Exemption"


def world():
	"""manager, second (another manager), auditor, desk, agreement: in force, without work."""
	seeds.plant_evidence()
	catalogue.sync()
	return frappe._dict(
		manager=reviewing.manager(),
		second=reviewing.manager(),
		auditor=factories.make_user(roles=["Delivery Auditor"]).name,
		desk=factories.make_user(roles=["Service Desk"]).name,
		agreement=scenario.agreement(),
	)


def named(number: str) -> str:
	return f"{catalogue.CATALOGUE} {number}"


def issue(w, day="2026-03-10", **values):
	"""A request of the agreement as it is once it is closed."""
	made = factories.make_issue(w.agreement.customer)
	done = {"ops_agreement": w.agreement.name, "opening_date": day, "status": "Closed", "description": "No light", "resolution_details": "A new lamp"}
	frappe.db.set_value("Issue", made.name, {**done, **values})
	return made.name


def call(user, function, **form):
	answer = api_calls.post(user, f"ops_delivery.api.evidence.{function}", **form)
	content = json.loads(answer.text)
	assert answer.status < 500, content
	return answer.status, content.get("message", content)


def look(w, user=None, **form):
	status, answer = call(user or w.auditor, "matrix", **{"agreement": w.agreement.name, **PERIOD, **form})
	assert status == 200, answer
	return answer


def clause(answer, number):
	(found,) = [one for one in answer["clauses"] if one["number"] == number]
	return found


def states(answer) -> dict:
	return {one["number"]: one["state"] for one in answer["clauses"] if one["state"]}


def records(w, number, user=None, **form):
	status, answer = call(user or w.auditor, "records", **{"agreement": w.agreement.name, **PERIOD, "number": number, **form})
	assert status == 200, answer
	return {proof["doctype"]: proof for proof in answer["proofs"]}
