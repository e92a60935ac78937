"""Every clause with the records that prove it: catalogue, definitions and matrix, by the doors of manager and auditor."""

import json

import api_calls
import customers
import desk_door
import evidence_scene as scene
import factories
import frappe
import pytest

from ops_delivery.services.evidence import catalogue, definitions, scan
from ops_delivery.services.evidence import scope as scopes
from ops_delivery.setup import evidence_seeds, install, seeds

OWN = {"5.2.a", "5.2.c", "5.2.g", "6.3.a", "6.3.b", "6.3.e.1", "6.3.e.2"}  # what the agreement of the scene itself says


@pytest.fixture
def w(site):
	return scene.world()


def test_the_catalogue_has_143_clauses_in_both_languages_and_follows_the_app(w):
	rows = frappe.get_all(catalogue.DOCTYPE, {"catalogue": catalogue.CATALOGUE, "is_heading": 0}, ["number", "title_zh", "requirement_zh"])
	assert len(rows) == 143 and all(row.title_zh and row.requirement_zh for row in rows)
	frappe.db.set_value(catalogue.DOCTYPE, scene.named("5.2.a"), "title", "Written over")
	frappe.db.delete(catalogue.DOCTYPE, {"name": scene.named("8.6.b.5")})
	assert (catalogue.sync(), catalogue.sync()) == (2, 0)
	assert frappe.db.get_value(catalogue.DOCTYPE, scene.named("5.2.a"), "title") == "Complete, accurate service agreement"


def test_nobody_writes_a_clause_of_ours_and_everybody_who_may_a_clause_of_their_own(w):
	desk = desk_door.Desk("System Manager")
	doc = frappe.get_doc(scene.CLAUSE, scene.named("5.2.a"))
	answer = desk.save(doc, title="Mine")
	assert answer.status == 417 and "come with the app" in answer.text
	answer = api_calls.ask(desk.user, "DELETE", f"/api/resource/{scene.CLAUSE}/{scene.named('5.2.a')}")
	assert answer.status in (417, 409) and frappe.db.exists(scene.CLAUSE, scene.named("5.2.a"))
	own = {"catalogue": factories.unique("Audit list"), "number": "A.1", "title": "One", "requirement": "There must be one."}
	assert desk.new(scene.CLAUSE, **own).status == 200
	assert desk.new(scene.CLAUSE, **own).status in (409, 417)


def test_each_seed_is_a_definition_that_can_be_saved(w):
	((doctype, records),) = list(evidence_seeds.records())
	for name, values in records.items():
		doc = frappe.get_doc({"doctype": doctype, **values})
		definitions.check(doc)
		assert doc.hint and doc.hint_zh, name


def test_an_agreement_without_work_proves_only_what_is_its_own(w):
	answer = scene.look(w)
	proven = {number for number, state in scene.states(answer).items() if state == "Proven"}
	assert proven <= OWN | {"6.3.e.3"} and "5.3.b" not in proven
	assert len(scene.states(answer)) == 143 == sum(answer["counts"].values())
	for one in answer["clauses"]:
		assert one["is_heading"] or one["state"] != "Proven" or one["records"], one


def test_what_nobody_defined_is_missing_and_says_so(w):
	defined = {row.number for row in definitions.of_catalogue(catalogue.CATALOGUE)}
	answer = scene.look(w)
	for one in answer["clauses"]:
		if not one["is_heading"] and one["number"] not in defined:
			assert (one["state"], one["reasons"]) == ("Missing", ["Nobody has defined yet what proves it."]), one


@pytest.mark.clause("5.3.b")
def test_a_record_proves_its_clause_in_its_own_period_alone(w):
	name = scene.issue(w)
	answer = scene.look(w)
	one = scene.clause(answer, "5.3.b")
	assert (one["state"], one["records"], one["newest"]) == ("Proven", 1, "2026-03-10")
	assert scene.states(scene.look(w, first="2026-04-01", last="2026-04-30"))["5.3.b"] == "Missing"
	proof = scene.records(w, "5.3.b")["Issue"]
	assert proof["names"] == [name] and proof["rows"][0]["name"] == name and not proof["unreadable"]


def test_a_record_that_lacks_what_must_be_filled_is_thin_and_the_gap_says_what_to_do(w):
	scene.issue(w, resolution_details="")
	one = scene.clause(scene.look(w), "5.3.b")
	assert one["state"] == "Thin" and "Issue: 1 lack what must be filled in." in one["reasons"]
	assert {"hint": "Resolve requests with what was done", "way": "list", "doctype": "Issue"}.items() <= next(row for row in one["next"] if row.get("doctype") == "Issue").items()


def test_another_agreements_records_prove_nothing_here(w):
	scene.issue(frappe._dict(w, agreement=scene.world().agreement))
	assert scene.states(scene.look(w))["5.3.b"] == "Missing"


def test_removing_the_evidence_of_a_clause_lets_it_fall_and_only_clauses_of_the_same_records(w):
	"""For every definition that finds something here: without the records that it found, its clause falls."""
	scene.issue(w, ops_validity="Valid", ops_urgency="Urgent", ops_importance="Important", priority="High", ops_security_checked=1)
	rows = definitions.of_catalogue(catalogue.CATALOGUE)
	before = scene.states(scene.look(w))
	span = scene_span()
	found = scan.found(rows, scopes.of(w.agreement.name, span))
	types = {row.number: {one.document_type for one in rows if one.number == row.number} for row in rows}
	removed = [name for proof in found.values() if proof.doctype == "Issue" for name in proof.names]
	frappe.db.set_value("Issue", {"name": ["in", removed]}, "ops_agreement", None)
	after = scene.states(scene.look(w, anew=1))
	fallen = {number for number in before if before[number] != after[number]}
	assert fallen == {number for number, state in before.items() if state == "Proven" and types.get(number) == {"Issue"}} | {"5.3.b", "5.3.g", "8.4.b.1"}
	assert {"6.3.d.1", "6.3.d.2", "6.3.h"} <= fallen and all(after[number] == "Missing" for number in fallen)


def scene_span():
	from datetime import date

	from ops_delivery.domain.periods import Span

	return Span(date(2026, 3, 1), date(2026, 3, 31))


def test_only_managers_and_auditors_are_let_in(w):
	customer = customers.portal_user(w.agreement.customer)
	narrowed = factories.make_user(roles=["Delivery Auditor"]).name
	factories.make("User Permission", user=narrowed, allow="Customer", for_value=factories.make_customer().name)
	for user in (w.desk, customer, "Guest", narrowed):
		for function, more in (("matrix", {}), ("records", {"number": "5.3.b"}), ("compare", {"other": w.agreement.name})):
			status, _answer = scene.call(user, function, agreement=w.agreement.name, **scene.PERIOD, **more)
			assert status == 403, (user, function)
		assert scene.call(user, "course", agreement=w.agreement.name)[0] == 403
	assert scene.look(w, w.manager)["counts"]


def test_what_a_reader_may_not_read_is_counted_and_not_shown(w):
	name = scene.issue(w)
	company = frappe.get_doc({"doctype": "Company", "company_name": factories.unique("Co"), "default_currency": "CNY", "country": "China"})
	company.flags.ignore_mandatory = True
	other = scene.issue(w)
	frappe.db.set_value("Issue", other, "priority", "Low")
	frappe.db.set_value("Issue", name, "priority", "High")
	factories.make("User Permission", user=w.auditor, allow="Issue Priority", for_value="Low", apply_to_all_doctypes=0, applicable_for="Issue")
	proof = scene.records(w, "5.3.b")["Issue"]
	assert (proof["count"], proof["names"], proof["unreadable"]) == (2, [other], 1)
	assert name not in json.dumps(proof)


def test_an_administrators_definition_survives_a_migration_and_a_deleted_one_stays_away(w):
	edited, gone = "5.3.b Issue", "5.4.c Survey Response"
	frappe.db.set_value(scene.DEFINITION, edited, "at_least", 7)
	if frappe.db.exists(scene.DEFINITION, gone):
		frappe.delete_doc(scene.DEFINITION, gone, force=True)
	seeds.plant_evidence()
	install.after_migrate()
	assert frappe.db.get_value(scene.DEFINITION, edited, "at_least") == 7
	assert not frappe.db.exists(scene.DEFINITION, gone)


def test_a_definition_that_could_find_nothing_is_refused_by_name(w):
	desk = desk_door.Desk("Service Delivery Manager")
	base = {"definition_name": factories.unique("Own"), "clause": scene.named("5.4.a"), "document_type": "Issue", "counts": "In the Period", "at_least": 1, "enabled": 1}
	for wrong, said in (
		({"condition": "doc.stauts == 'Closed'"}, "has no field stauts"),
		({"date_field": "subject"}, "Name one of its fields with a date"),
		({"required_fields": "subject, nothing_such"}, "has no field nothing_such"),
		({"document_type": "Delivery Plan Staff"}, "Choose the record that these rows belong to"),
		({"document_type": "ToDo"}, "Name the field of its Service Agreement"),
	):
		answer = desk.new(scene.DEFINITION, **{**base, **wrong})
		assert answer.status == 417 and said in desk_door.said(answer), (wrong, desk_door.said(answer))
	assert desk.new(scene.DEFINITION, **base).status == 200


def test_a_definition_is_tried_on_a_record(w):
	name = scene.issue(w, resolution_details="")
	draft = {"document_type": "Issue", "condition": 'doc.status == "Closed"', "required_fields": "resolution_details", "clause": scene.named("5.4.a")}
	status, answer = scene.call(w.manager, "try_definition", definition=json.dumps(draft), name=name)
	assert status == 200 and answer["holds"] and len(answer["lacking"]) == 1
	assert scene.call(w.auditor, "try_definition", definition=json.dumps(draft), name=name)[0] == 403


def test_the_number_of_queries_does_not_grow_with_the_records(w):
	scope = scopes.of(w.agreement.name, scene_span())
	rows = definitions.of_catalogue(catalogue.CATALOGUE)

	def queries():
		count, execute = [0], frappe.db.sql

		def counted(*args, **kwargs):
			count[0] += 1
			return execute(*args, **kwargs)

		frappe.db.sql = counted
		try:
			scan.found(rows, scope)
		finally:
			del frappe.db.sql
		return count[0]

	scene.issue(w)
	queries()
	few = queries()
	for _turn in range(8):
		scene.issue(w)
	assert queries() == few and few < 90


def test_a_second_catalogue_has_a_matrix_of_its_own(w):
	standard = factories.unique("Audit list")
	desk = desk_door.Desk("System Manager")
	clause = {"catalogue": standard, "number": "A.1", "chapter": "A", "chapter_title": "Requests", "title": "Requests are closed", "requirement": "Requests must be closed."}
	assert desk.new(scene.CLAUSE, **clause).status == 200
	definition = {"definition_name": factories.unique("Closed"), "clause": f"{standard} A.1", "document_type": "Issue", "condition": 'doc.status == "Closed"'}
	assert desk.new(scene.DEFINITION, **definition, counts="In the Period", at_least=2, enabled=1).status == 200
	scene.issue(w)
	assert scene.states(scene.look(w, standard=standard)) == {"A.1": "Thin"}
	scene.issue(w)
	assert scene.states(scene.look(w, standard=standard, anew=1)) == {"A.1": "Proven"}
	assert scene.call(w.auditor, "catalogues")[1][0] == catalogue.CATALOGUE
