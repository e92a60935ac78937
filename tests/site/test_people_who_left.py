"""A link asks at the moment of acting whether its addressee still acts for that customer (6.3.g; 5.4.c; 5.4.d)."""

import complaining
import customers
import factories
import frappe
import pytest
import scenario
import surveying
import wire
from frappe.utils.password import update_password
from pages import get, words

from ops_delivery.api import acceptance as api
from ops_delivery.permissions import ownership
from ops_delivery.services.escalation import delivery as telling
from ops_delivery.services.escalation import sweep
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.portal import complaints as complaint_portal
from ops_delivery.services.requests import acceptance
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared import signed_link
from ops_delivery.services.surveys import answering as survey_answering


def disabled(user: str, _customer: str) -> None:
	frappe.db.set_value("User", user, "enabled", 0)
	frappe.clear_document_cache("User", user)


def moved(user: str, customer: str) -> None:
	other = factories.make_customer().name
	for contact in frappe.get_all("Contact", {"email_id": user}, pluck="name"):
		frappe.db.set_value("Dynamic Link", {"parent": contact, "link_name": customer}, "link_name", other)


LEFT = {"disabled": disabled, "moved to another customer": moved}


@pytest.fixture(params=LEFT)
def leave(request):
	return LEFT[request.param]


@pytest.fixture
def w():
	world = customers.world()
	world.links = {
		"/acceptance": (answering.link_for(world.issue).partition("#")[2], {"decision": "Accepted"}),
		"/complaint": (
			signed_link.make("complaint", "Issue", world.issue.name, world.asker),
			{"subject": "Nobody came", "text": "x"},
		),
	}
	survey = surveying.asked([world.asker], world.customer, surveying.template())[0]
	world.survey = survey.name
	world.links["/survey"] = (survey_answering.link_for(survey).partition("#")[2], {})
	told = complaining.complain(world, subject="Late", text="y")
	world.complaint = told.name
	frappe.db.commit()
	return world


def test_whoever_is_there_is_let_in(w):
	for path, (token, _form) in w.links.items():
		assert get(path, "Guest", "POST", {"token": token})[0] == 200, path


def test_no_link_of_somebody_who_left_opens_or_decides(w, leave):
	leave(w.asker, w.customer)
	before = {name: frappe.db.count(name) for name in ("Service Complaint", "Survey Response")}
	token = signed_link.make("complaint", "Service Complaint", w.complaint, w.asker)
	for path, (code, form) in {**w.links, "/complaint#": (token, {"answer": "accept"})}.items():
		for sent in ({"token": code}, {"token": code, "act": "1", **form}):
			status, html = get(path.rstrip("#"), "Guest", "POST", sent)
			assert status == 403 and "does not answer for this customer now" in words(html), path
	assert acceptance.latest(w.issue.name).state == "Requested"
	assert {name: frappe.db.count(name) for name in before} == before
	frappe.set_user("Guest")
	with pytest.raises(signed_link.InvalidLink, match="does not answer"):
		api.decide_by_link(w.links["/acceptance"][0], "Accepted")


def test_on_the_portal_who_moved_decides_nothing_for_the_former_customer(w, as_user):
	moved(w.asker, w.customer)
	with as_user(w.asker):
		with pytest.raises(frappe.PermissionError, match="that you can see"):
			answering.decide_on_portal(w.issue.name, "Accepted")
		with pytest.raises(frappe.PermissionError, match="any more"):
			survey_answering.answer_on_portal(w.survey, {})
		with pytest.raises(frappe.PermissionError, match="any more"):
			complaint_portal.answer_on_portal(w.complaint, w.asker, {"answer": "accept"})


def test_somebody_of_whom_nothing_is_on_record_has_not_left(w):
	assert not ownership.has_left("new@example.com", w.customer)
	assert not ownership.has_left(w.asker, None) and not ownership.has_left("", w.customer)
	assert not ownership.has_left(w.asker, w.customer) and ownership.has_left(w.stranger, w.customer)


def test_who_left_is_sent_no_link_and_no_survey(w, leave):
	from ops_delivery.services.surveys import addressees as survey_people

	factories.make_email_account()
	leave(w.asker, w.customer)
	world_issue = frappe.get_doc("Issue", w.issue.name)
	before = len(customers.mails(w.issue.name, w.asker))
	notices.post("Issue", w.issue.name, "ops_resolved", {"round": 1})
	customers.tell_all()
	assert len(customers.mails(w.issue.name, w.asker)) == before
	for ask in (survey_people.ASKER, survey_people.MAIN, survey_people.ALL):
		asked = {person.email for person in survey_people.whom(ask, world_issue)}
		assert w.asker not in asked, ask


def test_who_left_is_sent_no_link_by_a_second_address_of_theirs_either(w):
	"""A contact's addresses are one person's: the log-in is known by one of them alone."""
	contact = frappe.get_doc("Contact", frappe.db.get_value("Contact", {"email_id": w.asker}))
	second = factories.unique_email("second")
	contact.append("email_ids", {"email_id": second})
	contact.save(ignore_permissions=True)
	issue = customers.resolve(scenario.judge_valid(scenario.issue(w.agreement, raised_by=second), scenario.MONDAY))
	token = answering.link_for(issue).partition("#")[2]
	assert get("/acceptance", "Guest", "POST", {"token": token})[0] == 200
	disabled(w.asker, w.customer)
	for sent in ({"token": token}, {"token": token, "act": "1", "decision": "Accepted"}):
		status, html = get("/acceptance", "Guest", "POST", sent)
		assert status == 403 and "does not answer for this customer now" in words(html)
	assert acceptance.latest(issue.name).state == "Requested"
	shared = factories.make_contact(w.customer, email=second)  # somebody else reads it, too
	assert shared and get("/acceptance", "Guest", "POST", {"token": token})[0] == 200


def test_an_escalation_that_was_held_goes_to_nobody_who_left_since(site):
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	factories.make_email_account()
	policy = scenario.policy(has_quiet_hours=1, quiet_from="00:00:00", quiet_to="23:59:59", steps=[
		{**scenario.STEPS[1], "ignore_quiet_hours": 0, "by_email": 1, "by_desk": 0}
	])
	agreement = scenario.agreement(manager=manager, escalation_policy=policy.name)
	scenario.issue(agreement)
	with scenario.at(scenario.MONDAY + scenario.hours(24)):
		sweep.run()
	held = {"parenttype": "Escalation Log", "user": manager}
	assert "Held" in frappe.get_all("Escalation Log Recipient", held, pluck="state")
	disabled(manager, "")
	with scenario.at(scenario.MONDAY + scenario.hours(48)):
		telling.send_held()
	assert set(frappe.get_all("Escalation Log Recipient", held, pluck="state")) == {"Not Sent"}
	assert not frappe.db.exists("Email Queue Recipient", {"recipient": manager})


@pytest.mark.committed
def test_over_http_nobody_who_was_disabled_opens_answers_or_goes_on(site, cleanup):
	"""From the form of a user: their links, by page and by API, and the session that they had."""
	w = customers.world()
	survey = surveying.asked([w.asker], w.customer, surveying.template())[0]
	told = complaining.complain(w, subject="Late", text="y")
	codes = {
		"/acceptance": (answering.link_for(w.issue).partition("#")[2], {"decision": "Accepted"}),
		"/survey": (survey_answering.link_for(survey).partition("#")[2], {}),
		"/complaint": (signed_link.make("complaint", "Issue", w.issue.name, w.asker), {"subject": "Nobody came", "text": "x"}),
		"/complaint ": (signed_link.make("complaint", "Service Complaint", told.name, w.asker), {"answer": "accept"}),
	}
	update_password(w.asker, wire.PASSWORD)
	frappe.db.commit()
	guest, theirs = wire.Visitor(site), wire.Visitor(site, w.asker)
	for path, (code, _form) in codes.items():
		assert guest.ask("POST", path.strip(), {"token": code}).status == 200, path
	assert theirs.ask("GET", "/service-requests").status == 200
	manager = factories.make_user(roles=["System Manager"], new_password=wire.PASSWORD).name
	frappe.db.commit()
	form = {"doctype": "User", "name": w.asker, "fieldname": "enabled", "value": 0}
	answer = wire.Visitor(site, manager).ask("POST", "/api/method/frappe.client.set_value", form)
	assert answer.status == 200, answer.text
	frappe.db.rollback()
	assert not frappe.db.get_value("User", w.asker, "enabled")
	before = {name: frappe.db.count(name) for name in ("Service Complaint", "Survey Response", "Service Leftover")}
	for path, (code, form) in codes.items():
		old = guest.ask("GET", path.strip(), {"token": code})  # of a mail from before codes left the address
		assert w.issue.subject not in old.text, path
		for sent in ({"token": code}, {"token": code, "act": "1", **form}):
			answer = guest.ask("POST", path.strip(), sent)
			assert answer.refused and "does not answer for this customer now" in words(answer.text), (path, sent, answer.status)
	code = codes["/acceptance"][0]
	for function, given in (("offer", {}), ("decide_by_link", {"decision": "Accepted"})):
		answer = guest.ask("POST", f"/api/method/ops_delivery.api.acceptance.{function}", {"token": code, **given})
		assert answer.refused, (function, answer.text)
	for function, given in (
		("acceptance.decide", {"issue": w.issue.name, "decision": "Accepted"}),
		("portal.raise_request", {"subject": "x", "description": "x"}),
		("portal.requests", {}),
	):
		answer = theirs.ask("POST", f"/api/method/ops_delivery.api.{function}", given)
		assert answer.status in (401, 403), (function, answer.status, answer.text[-600:])
	for page in ("/service-requests", f"/service-requests/{w.issue.name}", "/service-reviews", "/service"):
		answer = theirs.ask("GET", page)
		assert w.issue.subject not in answer.text, page
	frappe.db.rollback()
	assert {name: frappe.db.count(name) for name in before} == before
	assert acceptance.latest(w.issue.name).state == "Requested"
