"""What a customer sees of deliverables: their own, published, with their files; and what became of a promise (8.2.b, 5.3.e)."""

import api_calls
import customers
import deliverable_scene as scene
import desk_door
import factories
import frappe
import pages
import pytest
import reviewing
import surveying

from ops_delivery.services.portal import deliverables as portal

FILE = "ops_delivery.api.deliverables.file"


@pytest.fixture
def world(site):
	w = frappe._dict(author=reviewing.manager(), reviewer=reviewing.manager(), customer=factories.make_customer().name)
	w.theirs = customers.portal_user(w.customer)
	w.stranger = customers.portal_user(factories.make_customer().name)
	w.shown = scene.published(w.author, w.reviewer, customer=w.customer, audience_people="Head of IT")
	w.inside = scene.published(w.author, w.reviewer, customer=w.customer, audience="Internal")
	w.draft = scene.document(w.author, w.customer)
	return w


def fetch(user, doc):
	return api_calls.get(user, FILE, name=doc.name, row=doc.files[0].name)


@pytest.mark.clause("8.2.b", "8.2.c.2")
def test_a_customer_sees_what_was_published_for_them_and_nobody_elses(world):
	status, page = pages.get("/deliverables", world.theirs)
	assert status == 200 and world.shown.title in page
	assert world.inside.title not in page and world.draft.title not in page
	status, page = pages.get(f"/deliverables/{world.shown.name}", world.theirs)
	assert status == 200 and "Head of IT" in page and "On Time" in page
	answer = fetch(world.theirs, world.shown)
	assert answer.status == 200 and answer.content.startswith(b"%PDF")
	for user, doc in ((world.stranger, world.shown), (world.theirs, world.inside), (world.theirs, world.draft), ("Guest", world.shown)):
		assert pages.get(f"/deliverables/{doc.name}", user)[0] in (302, 403), (user, doc.name)
		assert fetch(user, doc).status == 403, (user, doc.name)
	assert world.shown.title not in pages.get("/deliverables", world.stranger)[1]


@pytest.mark.clause("8.2.c.2")
def test_no_other_door_leads_a_customer_to_a_deliverable_or_its_file(world):
	for method, form in (
		("frappe.client.get", {"doctype": "Deliverable", "name": world.shown.name}),
		("frappe.client.get_list", {"doctype": "Deliverable"}),
		("frappe.client.get_value", {"doctype": "Deliverable", "fieldname": "security_risk", "filters": world.shown.name}),
		("frappe.utils.print_format.download_pdf", {"doctype": "Deliverable", "name": world.shown.name}),
		("frappe.client.set_value", {"doctype": "Deliverable", "name": world.shown.name, "fieldname": "title", "value": "x"}),
	):
		for user in (world.theirs, world.stranger):
			answer = api_calls.post(user, method, **form)
			assert answer.status in (401, 403) or world.shown.name not in answer.text, (method, answer.status, answer.text[:200])
	assert not frappe.get_all("File", {"file_url": world.shown.files[0].file, "is_private": 0})


@pytest.mark.clause("8.2.b")
def test_a_long_list_is_turned_over_page_by_page(world, monkeypatch):
	monkeypatch.setattr(portal, "MOST", 1)
	second = scene.published(world.author, world.reviewer, customer=world.customer)
	second.db_set("published_on", "2031-01-01 10:00:00")
	status, page = pages.get("/deliverables", world.theirs)
	assert status == 200 and second.title in page and world.shown.title not in page and "Older" in page and "Newer" not in page
	status, page = pages.get("/deliverables?page=2", world.theirs)
	assert status == 200 and world.shown.title in page and second.title not in page and "Newer" in page and "Older" not in page
	for odd in ("0", "-3", "x"):
		assert second.title in pages.get(f"/deliverables?page={odd}", world.theirs)[1]


@pytest.mark.clause("8.2.d")
def test_what_one_person_answered_is_not_shown_to_their_colleagues(world):
	surveying.only_own_rules()
	asked = surveying.asked([world.theirs], world.customer, surveying.template(low_score=40))[0]
	surveying.answer(asked, *surveying.GOOD)
	kind = frappe.get_all("Deliverable Type", {"result": "Satisfaction"}, pluck="name")[0]
	values = scene.values(world.customer, deliverable_type=kind, audience="Customer", security_risk="None", security_control="None is needed")
	with reviewing.user(world.author):
		doc = frappe.get_doc({**values, "records": [{"record_doctype": "Service Survey", "record_name": asked.name}]}).insert()
	doc.db_set({"status": "Published", "published_on": "2026-03-03 10:00:00"})
	row = doc.records[0]
	assert "of 100" in row.measure and row.verdict == "Met"
	colleague = customers.portal_user(world.customer)
	status, page = pages.get(f"/deliverables/{doc.name}", colleague)
	assert status == 200 and "Satisfaction survey</strong>: met" in page
	assert row.measure not in page and (not row.record_title or row.record_title not in page)
	assert row.measure in pages.get(f"/deliverables/{doc.name}", world.theirs)[1], "what they answered themselves"


@pytest.mark.clause("8.2.b")
def test_what_is_archived_or_under_revision_is_not_shown_any_more(world):
	for action in ("Archive", "Revise"):
		doc = scene.published(world.author, world.reviewer, customer=world.customer)
		assert fetch(world.theirs, doc).status == 200
		doc = reviewing.act(doc, action, world.author)
		assert fetch(world.theirs, doc).status == 403 and pages.get(f"/deliverables/{doc.name}", world.theirs)[0] == 403


@pytest.mark.clause("5.3.e")
def test_an_agreement_says_what_was_delivered_in_time_and_what_is_overdue(world):
	agreement = scene.agreement(scene.promise(title="Monthly report"), scene.promise(title="Survey analysis", due_when="After a Survey"))
	desk = desk_door.Desk("Service Delivery Manager")
	key = agreement.promised[0].promise_key
	for number, (status, timeliness, due) in enumerate((("Published", "On Time", "2026-02-10"), ("Archived", "Late", "2026-03-10"), ("Compiling", None, "2026-04-10"))):
		doc = scene.document(world.author, agreement.customer, agreement=agreement.name)
		published = "2026-03-12 10:00:00" if timeliness else None
		doc.db_set({"promise_key": key, "promise_slot": f"{agreement.agreement_number}:{key}:2026{number}", "status": status, "timeliness": timeliness, "due_date": due, "published_on": published})
	answer = frappe.parse_json(desk.call("ops_delivery.api.deliverables.of_agreement", agreement=agreement.name).text)["message"]
	first = answer[0]
	assert (first["title"], first["on_time"], first["late"], first["overdue"], len(first["rows"])) == ("Monthly report", 1, 1, 1, 3)
	assert first["rows"][1]["days_late"] == 2 and first["rows"][0]["days_late"] > 100
	assert answer[1]["rows"] == [] and answer[1]["when"].startswith("within 10 days after a survey")
	assert api_calls.post(world.theirs, "ops_delivery.api.deliverables.of_agreement", agreement=agreement.name).status == 403


def test_the_page_is_empty_in_words(world):
	assert "Nothing has been published for you yet" in pages.get("/deliverables", world.stranger)[1]
