"""The report on a major incident: facts and course from the records, causes, measures, review, and its way to the customer (8.4.b.3)."""

import json

import api_calls
import customers
import deliverable_scene
import desk_door
import factories
import frappe
import incident_scene as scene
import pages
import pytest
import reviewing
import scenario
from frappe.utils import get_datetime

from ops_delivery.services.deliverables import incident_reports
from ops_delivery.services.incidents import rules, steps
from ops_delivery.services.papers import prints
from ops_delivery.services.requests import major
from ops_delivery.services.reviews import decisions, phase_guard
from ops_delivery.services.shared.locale import reading

API = "ops_delivery.api.incidents."


@pytest.fixture
def world(site):
	w = frappe._dict(author=reviewing.manager(), reviewer=reviewing.manager())
	w.agreement = scene.agreement(owner_user=w.author)
	w.issue = scene.over(scene.request(w.agreement, **scene.WORST, ops_people_affected=120))
	w.report = scene.report_on(w.issue)
	return w


def answer(user, method, **form):
	return api_calls.post(user, API + method, **form)


def message(answered):
	return json.loads(answered.text)["message"]


@pytest.mark.clause("8.4.b.3")
def test_facts_clocks_and_course_are_taken_from_the_records(world):
	doc = world.report
	assert (doc.people_affected, doc.priority, doc.down_minutes) == (120, "Urgent", 0)  # proposed when it came in
	doc = reviewing.change(doc, world.author, impact="All")
	assert (doc.down_minutes, doc.customer, str(doc.restored_on)) == (120, world.agreement.customer, "2026-03-02 11:00:00")
	assert {row.commitment for row in doc.clocks} >= {"Resolution", "First Response"}
	assert message(answer(world.author, "take_course", name=doc.name)) > 0
	assert message(answer(world.author, "take_course", name=doc.name)) == 0
	doc.reload()
	said = [row.what for row in doc.timeline]
	assert any("Report received" in what for what in said) and any("restored" in what for what in said)
	assert [row.at for row in doc.timeline] == sorted(row.at for row in doc.timeline)
	assert {row.origin for row in doc.timeline} == {"The Records"}


def test_one_that_is_major_by_priority_gets_its_report_when_somebody_asks_and_an_ordinary_one_none(site):
	agreement, author = scenario.agreement(), reviewing.manager()
	worst, ordinary = scene.request(agreement, **scene.WORST), scene.request(agreement)
	assert scene.report_on(worst) is None
	made = message(answer(author, "report_on", issue=worst.name))
	assert made == message(answer(author, "report_on", issue=worst.name)) == scene.report_on(worst).name
	refused = answer(author, "report_on", issue=ordinary.name)
	assert refused.status == 417 and "no major incident" in refused.text
	assert answer(factories.make_user(roles=["Delivery Auditor"]).name, "report_on", issue=worst.name).status == 403


@pytest.mark.clause("8.4.b.3")
def test_lines_of_ones_own_are_marked_and_those_of_the_records_are_chosen_not_rewritten(world):
	desk = desk_door.Desk("Technical Expert")
	doc = world.report
	first = doc.timeline[0].what
	values = doc.as_dict()
	values["timeline"][0].update(what="Nothing happened", shown=0, origin="Written by Hand")
	values["timeline"].append({"at": "2026-03-02 09:10:00", "what": "The operator smelled smoke", "origin": "The Records", "record_key": "told:x"})
	saved = desk.save(values)
	assert saved.status == 200, saved.text[:400]
	doc.reload()
	assert (doc.timeline[0].what, doc.timeline[0].shown, doc.timeline[0].origin) == (first, 0, "The Records")
	own = next(row for row in doc.timeline if "smoke" in row.what)
	assert (own.origin, own.record_key) == ("Written by Hand", None)
	refused = desk.save(doc, timeline=[*doc.as_dict()["timeline"], {"at": "2099-01-01 00:00:00", "what": "x"}])
	assert refused.status == 417 and "lies in the future" in desk_door.said(refused)
	refused = desk.save(doc, people_affected=3, down_minutes=1)
	doc.reload()
	assert doc.people_affected == 120, refused.text[:200]


@pytest.mark.clause("8.4.b.3")
def test_what_is_not_complete_is_not_reviewed_and_a_chain_of_whys_has_no_gap(world):
	doc = world.report
	with pytest.raises(rules.NotComplete, match="Impact"):
		reviewing.act(doc, "Ask for Internal Review", world.author)
	listed = message(api_calls.get(world.author, API + "missing", name=doc.name))
	assert {row["field"] for row in listed} == {"impact", "causes", "root_cause", "treatment", "measures", "lessons"}
	with pytest.raises(frappe.ValidationError, match="Why 2"):
		reviewing.change(doc, world.author, causes=[{"category": "People", "why_1": "a", "why_3": "c"}])


@pytest.mark.clause("8.4.b.3", "5.5.b")
def test_measures_become_improvement_actions_once_and_their_state_is_shown(world):
	doc = scene.complete(world.report, world.author)
	made = message(answer(world.author, "open_measures", name=doc.name))
	assert message(answer(world.author, "open_measures", name=doc.name)) == []
	doc.reload()
	action = frappe.get_doc("Improvement Action", made[0])
	assert (action.source_doctype, action.source_name, action.customer) == (scene.DOCTYPE, doc.name, doc.customer)
	assert [row.improvement for row in doc.measures] == made and action.cause == "Logs were not rotated"
	assert [row["state"] for row in message(api_calls.get(world.author, API + "measures", name=doc.name))] == ["Open"]
	auditor = factories.make_user(roles=["Delivery Auditor"]).name
	assert answer(auditor, "open_measures", name=doc.name).status == 403
	engineer = desk_door.Desk("Field Engineer")
	row = {**doc.measures[0].as_dict(), "improvement": None}
	engineer.save(doc, measures=[row])
	assert frappe.db.get_value("Major Incident Measure", {"parent": doc.name}, "improvement") == made[0]


@pytest.mark.clause("8.4.b.3", "8.2.a")
def test_another_than_its_author_reviews_it_and_what_is_published_is_frozen_until_it_is_revised(world):
	doc = scene.complete(world.report, world.author)
	with reviewing.user(world.author):
		steps.open_measures(doc.name)
	doc = reviewing.act(frappe.get_doc(scene.DOCTYPE, doc.name), "Ask for Internal Review", world.author)
	with pytest.raises(frappe.PermissionError, match="somebody else has to decide"), reviewing.user(world.author):
		decisions.decide(reviewing.open_review(doc, scene.RULE), "Approved", "Mine")
	with pytest.raises(phase_guard.ReviewMissing):
		reviewing.act(doc, "Publish", world.author)
	reviewing.approve(doc, world.reviewer, scene.RULE)
	doc = reviewing.act(doc, "Publish", world.author)
	assert doc.published_on and doc.version == 1
	with pytest.raises(phase_guard.ContentFixed):
		reviewing.change(doc, world.author, lessons="None")
	doc = reviewing.act(doc, "Revise", world.author)
	assert (doc.version, doc.status) == (2, "Compiling")
	with pytest.raises(rules.StepNotPossible):
		reviewing.change(doc, world.author, status="Cancelled", reason="x", workflow_state=None)
	refused = desk_door.Desk("Service Delivery Manager").call("frappe.client.delete", doctype=scene.DOCTYPE, name=doc.name)
	assert refused.status in (403, 417) and frappe.db.exists(scene.DOCTYPE, doc.name)


@pytest.mark.clause("8.4.b.3", "8.2.e")
def test_its_pdf_is_the_file_of_the_promised_deliverable_which_keeps_its_own_rules_and_the_customer_reads_it(world):
	doc = scene.published(world.report, world.author, world.reviewer)
	assert doc.deliverable
	theirs, stranger = customers.portal_user(doc.customer), customers.portal_user(factories.make_customer().name)
	assert message(answer(world.author, "hand_over", name=doc.name)) == doc.deliverable
	assert message(answer(world.author, "hand_over", name=doc.name)) == doc.deliverable
	target = frappe.get_doc("Deliverable", doc.deliverable)
	assert len(target.files) == 1 and doc.name in target.files[0].file and target.status == "Compiling"
	assert pages.get(f"/deliverables/{target.name}", theirs)[0] in (302, 403)
	target = deliverable_scene.published(world.author, world.reviewer, target)
	status, page = pages.get(f"/deliverables/{target.name}", theirs)
	assert status == 200 and "Logs were not rotated" in page and "Rotate the logs" in page
	file = api_calls.get(theirs, "ops_delivery.api.deliverables.file", name=target.name, row=target.files[0].name)
	assert file.status == 200 and file.content.startswith(b"%PDF")
	assert api_calls.get(stranger, "ops_delivery.api.deliverables.file", name=target.name, row=target.files[0].name).status == 403
	for user in (theirs, stranger):
		got = api_calls.post(user, "frappe.client.get", doctype=scene.DOCTYPE, name=doc.name)
		assert got.status in (401, 403), got.text[:200]
	doc = reviewing.act(doc, "Revise", world.author)
	assert "Rotate the logs" not in pages.get(f"/deliverables/{target.name}", theirs)[1]
	doc = reviewing.act(reviewing.change(doc, world.author, lessons="More"), "Ask for Internal Review", world.author)
	reviewing.approve(doc, world.reviewer, scene.RULE)
	doc = reviewing.act(doc, "Publish", world.author)
	with pytest.raises(incident_reports.NotHandedOver, match="Revise that"), reviewing.user(world.author):
		incident_reports.hand_over(doc.name)
	target = reviewing.act(target, "Revise", world.author)
	with reviewing.user(world.author):
		incident_reports.hand_over(doc.name)
	target.reload()
	assert len(target.files) == 1 and "-v2" in target.files[0].file


@pytest.mark.clause("8.4.b.3")
def test_what_nobody_promised_gets_a_deliverable_of_its_own(site):
	author, reviewer = reviewing.manager(), reviewing.manager()
	agreement = scenario.agreement(major_condition="doc.ops_people_affected > 5", major_words="Six people", owner_user=author)
	issue = scene.over(scene.request(agreement, ops_people_affected=6))
	doc = scene.published(scene.report_on(issue), author, reviewer)
	made = message(answer(author, "hand_over", name=doc.name))
	target = frappe.get_doc("Deliverable", made)
	assert target.deliverable_type == "Major Incident Report" and target.customer == agreement.customer and len(target.files) == 1


@pytest.mark.clause("8.4.b.3")
def test_a_request_that_is_none_any_more_or_one_again_is_said_on_its_report_and_deletes_nothing(world):
	doc = scene.published(world.report, world.author, world.reviewer)
	with reviewing.user(world.author):
		major.decide(world.issue.name, "Withdrawn", "It was a drill")
		major.decide(world.issue.name, "Declared", "It was none")
	doc.reload()
	assert [row.what for row in doc.decisions] == ["By the Agreement", "Withdrawn", "Declared"]
	assert doc.status == "Published" and get_datetime(doc.decisions[-1].done_on)
	assert frappe.db.count("Deliverable", {"event_name": world.issue.name}) == 1


@pytest.mark.clause("8.4.b.3")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_paper_says_it_all_in_both_languages(world, language):
	doc = scene.published(world.report, world.author, world.reviewer)
	with reading(language):
		page = prints.html(frappe.get_doc(scene.DOCTYPE, doc.name), scene.DOCTYPE)
	for said in ("Logs were not rotated", "Rotate the logs", "Watch the free space", "df -h", "Nobody could open a document"):
		assert said in page, said
	assert ("根本原因" if language == "zh" else "Root cause") in page
