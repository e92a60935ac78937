"""What was measured stays as it was measured: the database keeps a figure whole, and saving again changes nothing of it.

From Frappe 15 of 2025 on, a precision in the DocType narrows the column: 81.25 with a precision of 1 is stored as 81.3.
"""

import consulting_scene
import customers
import factories
import frappe
import plans
import pytest
import scenario
import surveying
import visiting

from ops_delivery.services.requests import acceptance
from ops_delivery.services.reviews import content as reviewed_content
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import workflow_states

# a third of a thousand, and as a column of nine decimal places keeps it
THIRD, KEPT = 1000 / 3, 333.333333333
COLUMN = "decimal(21,9)"


def fields() -> list[tuple[str, str]]:
	"""Every field of ours that holds a number with decimal places."""
	singles = frappe.get_all("DocType", filters={"module": "Ops Delivery", "issingle": 1}, pluck="name", order_by="name")
	found = frappe.get_all(
		"DocField",
		filters={"fieldtype": ["in", ["Float", "Currency", "Percent"]], "parent": ["in", of_ours()]},
		fields=["parent", "fieldname"],
		order_by="parent, idx",
	)
	return [(row.parent, row.fieldname) for row in found if row.parent not in singles]  # which have no table


def of_ours() -> list[str]:
	return frappe.get_all("DocType", filters={"module": "Ops Delivery"}, pluck="name", order_by="name")


def stored(doctype: str, name: str, *names: str) -> list[float]:
	"""As it stands in the database."""
	return list(frappe.db.get_value(doctype, name, names, as_dict=True).values())


def test_no_column_is_narrower_than_what_is_measured():
	narrow = {
		f"{doctype}.{field}": kind
		for doctype, field in fields()
		if (kind := frappe.db.get_column_type(doctype, field)) != COLUMN
	}
	assert not narrow
	assert len(fields()) > 50


def test_a_third_in_every_figure_survives_being_written_twice():
	per_doctype: dict[str, list[str]] = {}
	for doctype, field in fields():
		per_doctype.setdefault(doctype, []).append(field)
	for doctype, names in per_doctype.items():
		doc = frappe.new_doc(doctype)
		doc.update(dict.fromkeys(names, THIRD))
		doc.name = factories.unique("third")
		doc.db_insert()
		for _again in range(2):
			assert stored(doctype, doc.name, *names) == [KEPT] * len(names), doctype
			doc = frappe.get_doc(doctype, doc.name)
			assert doc.get(names[0]) == KEPT
			doc.db_update()
		frappe.db.delete(doctype, {"name": doc.name})


# By the ways that people go


def test_a_survey_answered_in_thirds_keeps_its_score():
	surveying.only_own_rules()
	customer = factories.make_customer().name
	questions = [dict(surveying.QUESTIONS[0], weight=1), dict(surveying.QUESTIONS[1], weight=2)]
	survey = surveying.asked(
		[customers.portal_user(customer)], customer, surveying.template(questions, low_score=0)
	)[0]
	surveying.answer(survey, "5", "9")  # 100 and 88.888… of 100, the second counts twice
	response = surveying.response(survey)
	assert stored("Survey Response", response.name, "score") == [92.592592593]
	answers = frappe.get_all("Survey Answer", {"response": response.name}, pluck="name", order_by="place")
	assert [stored("Survey Answer", name, "points", "weight") for name in answers] == [
		[100, 1],
		[88.888888889, 2],
	]


def test_a_reviewed_document_keeps_its_figures_and_its_fingerprint(monkeypatch):
	monkeypatch.setattr(workflow_states, "active", lambda _doctype: None)
	monkeypatch.setattr(review_rules, "of_doctype", lambda _doctype: [])
	score = 242.47 / 3
	doc = consulting_scene.report(
		consulting_scene.working_plan(
			people=[dict(row, days=1 / 3) for row in consulting_scene.content()["people"]]
		),
		satisfaction_before=score,
		satisfaction_after=score + 1 / 3,
	)
	of = frappe.get_doc("Consulting Plan", doc.plan)
	assert stored("Consulting Report", doc.name, "satisfaction_before", "satisfaction_after") == [
		80.823333333,
		81.156666667,
	]
	assert stored("Consulting Plan Person", of.people[0].name, "days") == [0.333333333]
	twice_saved_the_same(doc)
	twice_saved_the_same(of)


def test_an_optimization_keeps_its_figures_and_its_fingerprint():
	plan = frappe.get_doc(plans.proposal(satisfaction_before=200 / 3)).insert()
	assert stored("Optimization Plan", plan.name, "satisfaction_before") == [66.666666667]
	twice_saved_the_same(plan)


def test_a_visit_keeps_where_the_device_was_and_how_long_the_way_took():
	w = visiting.present(
		visiting.world("Field Service Sheet"),
		latitude="31.230416123",
		longitude="121.473701987",
		accuracy="12.6",
	)
	doc = w.visit
	assert stored(doc.doctype, doc.name, "arrival_latitude", "arrival_longitude", "arrival_accuracy") == [
		31.230416123,
		121.473701987,
		12.6,
	]
	doc.engineers[0].travel_hours = 1 / 3
	doc.save()
	assert stored("Field Service Engineer", doc.engineers[0].name, "travel_hours") == [0.333333333]
	twice_saved_the_same(doc)


# Texts, of which fingerprints are taken like of figures

FROM_15 = (  # as Frappe 15 stores them; 16 would put rel="…" into the link and close up the style
	'<p style="color: red; text-align: center;">Second site: <a href="https://example.com/plan">plan</a></p>'
)


def test_a_text_that_another_version_cleaned_stays_as_it_was_signed():
	plan = frappe.get_doc(plans.proposal(background="-")).insert()
	frappe.db.set_value(plan.doctype, plan.name, "background", FROM_15)
	plan = frappe.get_doc(plan.doctype, plan.name)
	twice_saved_the_same(plan)
	assert frappe.db.get_value(plan.doctype, plan.name, "background") == FROM_15
	plan.reload()
	plan.background = FROM_15.replace("Second", "Third") + "<script>alert(1)</script>"
	plan.save()
	written = frappe.db.get_value(plan.doctype, plan.name, "background")
	assert "Third" in written and "<script>" not in written, "what is written is cleaned as ever"


def test_what_was_offered_for_acceptance_keeps_its_fingerprint():
	w = customers.world()
	offer = frappe.get_doc("Service Acceptance", acceptance.latest(w.issue.name).name)
	offer.db_set("offered_result", FROM_15)
	digest = acceptance.fingerprint(offer, w.issue.subject)
	acceptance.decide(customers.open_one(w.issue), "Accepted", "Chen", w.asker, "Portal")
	decided = frappe.get_doc(offer.doctype, offer.name)
	assert decided.state == "Accepted"
	assert acceptance.fingerprint(decided, w.issue.subject) == digest


def test_a_result_is_offered_as_it_is_stored():
	w = customers.world()
	issue = frappe.get_doc("Issue", w.issue.name)
	issue.resolution_details = FROM_15
	frappe.db.delete("Service Acceptance", {"reference_name": issue.name})
	acceptance.request(issue)
	offer = frappe.get_doc("Service Acceptance", acceptance.latest(issue.name).name)
	assert acceptance.fingerprint(offer, issue.subject) == offer.offered_hash


def twice_saved_the_same(doc) -> None:
	of_it = [df.fieldname for df in doc.meta.fields if df.fieldtype in ("Float", "Currency", "Percent")]
	before = stored(doc.doctype, doc.name, *of_it)
	digest = reviewed_content.content_hash(frappe.get_doc(doc.doctype, doc.name))
	for _again in range(2):
		doc = frappe.get_doc(doc.doctype, doc.name)
		doc.save()
		assert stored(doc.doctype, doc.name, *of_it) == before
		assert reviewed_content.content_hash(doc) == digest
		assert reviewed_content.content_hash(frappe.get_doc(doc.doctype, doc.name)) == digest
