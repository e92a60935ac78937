"""Every clause with the records that prove it, by the doors of manager and auditor."""

import json

import api_calls
import factories
import frappe
import pytest
import reviewing
import scenario

from ops_delivery.services.evidence import catalogue, definitions
from ops_delivery.setup import evidence_seeds, seeds

PERIOD = {"first": "2026-03-01", "last": "2026-03-31"}


@pytest.fixture
def w(site):
	catalogue.sync()
	world = frappe._dict(manager=reviewing.manager(), auditor=factories.make_user(roles=["Delivery Auditor"]).name)
	world.agreement = scenario.agreement()
	return world


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


def test_the_catalogue_has_143_clauses_in_both_languages_and_follows_the_app(w):
	rows = frappe.get_all(catalogue.DOCTYPE, {"catalogue": catalogue.CATALOGUE, "is_heading": 0}, ["number", "title_zh", "requirement_zh"])
	assert len(rows) == 143 and all(row.title_zh and row.requirement_zh for row in rows)
	frappe.db.set_value(catalogue.DOCTYPE, f"{catalogue.CATALOGUE} 5.2.a", "title", "Written over")
	frappe.db.delete(catalogue.DOCTYPE, {"name": f"{catalogue.CATALOGUE} 8.6.b.5"})
	assert (catalogue.sync(), catalogue.sync()) == (2, 0)
	assert frappe.db.get_value(catalogue.DOCTYPE, f"{catalogue.CATALOGUE} 5.2.a", "title") == "Complete, accurate service agreement"


def test_each_seed_is_a_definition_that_can_be_saved(w):
	((doctype, records),) = list(evidence_seeds.records())
	for name, values in records.items():
		doc = frappe.get_doc({"doctype": doctype, **values})
		definitions.check(doc)
		assert doc.hint and doc.hint_zh, name


def test_an_agreement_without_work_proves_only_what_is_its_own(w):
	seeds.plant_evidence()
	answer = look(w)
	proven = {one["number"] for one in answer["clauses"] if one["state"] == "Proven"}
	print(json.dumps(answer["counts"]), sorted(proven))
	print([(one["number"], one["state"], one["reasons"]) for one in answer["clauses"] if one["state"] == "Thin"])
	assert answer["counts"]["Missing"] > 100
