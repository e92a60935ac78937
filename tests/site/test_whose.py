"""What a record names belongs to its customer; and who is known by several addresses is one person (6.3.f, 6.3.j)."""

import json

import api_calls
import customers
import desk_door
import factories
import frappe
import pytest
import reviewing
import scenario
import visiting
from pages import get

from ops_delivery.permissions import ownership
from ops_delivery.services.plans import completeness as plan_completeness
from ops_delivery.services.scope.customer_links import NotTheirs

OTHERS = "belongs to another customer"


def _put(who: str, doctype: str, name: str, field: str, value):
	return api_calls.post(who, "frappe.client.set_value", doctype=doctype, name=name, fieldname=field, value=value)


def _contact(customer: str):
	return factories.make_contact(customer)


@pytest.mark.clause("6.3.f")
def test_no_field_of_a_request_names_somebody_or_something_of_another_customer(site):
	agreement = scenario.agreement()
	other = factories.make_customer().name
	desk = factories.make_user(roles=["Service Desk", "Support Team"]).name
	issue = scenario.issue(agreement, raised_by=customers.portal_user(agreement.customer))
	stranger, mine = _contact(other), _contact(agreement.customer)
	theirs = factories.make("Service Object", object_name=factories.unique("Switch"), customer=other, importance="Important")
	told = frappe.db.get_value("Issue", issue.name, "ops_customer_email")
	for field, value in (
		("contact", stranger.name),
		("ops_customer_email", stranger.email_id),
		("ops_customer_email", customers.portal_user(other)),
		("ops_object", theirs.name),
	):
		answer = _put(desk, "Issue", issue.name, field, value)
		assert answer.status == 417 and OTHERS in answer.text, (field, answer.text)
	assert frappe.db.get_value("Issue", issue.name, "ops_customer_email") == told
	for field, value in (("contact", mine.name), ("ops_customer_email", mine.email_id)):
		assert _put(desk, "Issue", issue.name, field, value).status == 200, field
	# whom nobody knows is the customer's own business
	assert _put(desk, "Issue", issue.name, "ops_customer_email", "new.colleague@example.org").status == 200
	assert _put(desk, "Issue", issue.name, "customer", other).status == 417, "the contact stays behind"


@pytest.mark.clause("6.3.f")
def test_what_was_raised_from_an_address_of_another_customer_is_told_to_nobody_there(site):
	agreement = scenario.agreement()
	stranger = customers.portal_user(factories.make_customer().name)
	issue = scenario.issue(agreement, raised_by=stranger)
	assert issue.ops_customer_email != stranger


@pytest.mark.clause("6.3.j")
def test_whose_address_stands_on_another_customers_request_does_not_see_it(site):
	"""Typed by staff at the form or with a new one, or left behind by another customer: it opens nothing to its owner."""
	agreement = scenario.agreement()
	stranger = customers.portal_user(factories.make_customer().name)
	desk = factories.make_user(roles=["Service Desk", "Support Team"]).name
	issue = scenario.issue(agreement, raised_by=customers.portal_user(agreement.customer))
	answer = _put(desk, "Issue", issue.name, "raised_by", stranger)
	assert answer.status == 417 and OTHERS in answer.text, answer.text
	assert _put(desk, "Issue", issue.name, "raised_by", "new.colleague@example.org").status == 200
	doc = {"doctype": "Issue", "subject": "Theirs", "customer": agreement.customer, "raised_by": stranger}
	made = api_calls.post(desk, "frappe.client.insert", doc=json.dumps(doc))
	assert made.status == 200, made.text  # who wrote is a fact, as where somebody writes for another
	name = json.loads(made.text)["message"]["name"]
	moved = scenario.issue(agreement, raised_by=stranger)
	for one in (name, moved.name):
		assert get(f"/service-requests/{one}", stranger)[0] == 403
		assert one not in get("/service-requests", stranger)[1]
	nobodys = factories.make_issue(None, raised_by=factories.unique_email("nobody"), contact=None)
	frappe.db.set_value("Issue", nobodys.name, {"raised_by": stranger, "customer": None})
	assert get(f"/service-requests/{nobodys.name}", stranger)[0] == 200, "what they raised for nobody stays theirs"


def test_a_task_is_the_customers_whose_project_it_is_of(site):
	w = reviewing.world()
	theirs, mine = (
		factories.make("Project", project_name=factories.unique("Project"), customer=customer).name
		for customer in (factories.make_customer().name, w.customer)
	)
	activity = {"doctype": "Delivery Activity", "plan": w.plan.name, "subject": "Check", "service_content": "Routine Operation"}
	activity |= {"planned_start": "2026-03-03", "planned_end": "2026-03-04", "owner_user": w.author, "record_type": "Task"}
	manager = factories.make_user(roles=["Service Delivery Manager", "Projects User"]).name
	for project, status in ((theirs, 417), (mine, 200), (None, 200)):
		task = factories.make("Task", subject=factories.unique("Task"), project=project).name
		answer = api_calls.post(manager, "frappe.client.insert", doc=json.dumps({**activity, "record": task}))
		assert answer.status == status and (status == 200 or OTHERS in answer.text), answer.text


@pytest.mark.clause("6.3.f")
def test_no_review_is_asked_of_an_address_of_another_customer(site, monkeypatch):
	monkeypatch.setattr(plan_completeness, "require", lambda *_args, **_kwargs: None)
	factories.make_email_account()
	w = reviewing.in_customer_review()
	review = frappe.get_doc("Service Review", reviewing.open_review(w.plan, reviewing.CUSTOMER))
	desk = desk_door.Desk("Service Desk", "Service Delivery Manager")
	sent = review.as_dict()
	sent["participants"][0]["email"] = w.stranger
	answer = desk.save(sent)
	assert answer.status == 417 and OTHERS in answer.text, answer.text
	sent = review.as_dict()
	sent["participants"][0]["email"] = "new.colleague@example.org"
	assert desk.save(sent).status == 200
	customers.tell_all()
	assert not frappe.db.exists("Email Queue Recipient", {"recipient": w.stranger})


def test_every_address_that_a_person_types_is_known_for_one(site):
	"""So that it is asked whose it is."""
	typed = frappe.get_all(
		"DocField",
		{"fieldtype": "Data", "read_only": 0, "fieldname": ["like", "%mail%"], "parent": ["in", _ours()]},
		["parent", "fieldname", "options"],
	)
	assert typed and all(row.options == "Email" for row in typed), typed


def _ours() -> list[str]:
	return frappe.get_all("DocType", {"module": "Ops Delivery"}, pluck="name")


def test_rows_and_other_records_of_ours_are_held_to_it_too(site):
	agreement = scenario.agreement(submit=False)
	other = factories.make_customer().name
	theirs = factories.make("Service Object", object_name=factories.unique("Switch"), customer=other, importance="Important").name
	agreement.append("contacts", {"contact_role": "Customer Contact", "contact": _contact(other).name})
	with pytest.raises(NotTheirs, match="row 2"):
		agreement.save()
	w = visiting.world()
	w.visit.service_object = theirs
	with pytest.raises(frappe.ValidationError, match=OTHERS):  # visits say it themselves
		w.visit.save(ignore_permissions=True)
	ruled = scenario.agreement(customer=other)
	with pytest.raises(NotTheirs, match=OTHERS):
		factories.make(
			"Service Leftover", subject="Later", customer=w.customer, state="Open", service_object=theirs
		)
	assert ruled.customer == other


def test_what_a_record_leads_to_by_type_and_name_is_its_customers_too(site):
	agreement = scenario.agreement()
	other = factories.make_customer().name
	issue = scenario.issue(agreement)
	desk = factories.make_user(roles=["Service Delivery Manager", "Support Team"]).name
	complaint = {
		"doctype": "Service Complaint",
		"subject": "Late again",
		"description": "Nobody came",
		"customer": other,
		"raised_by_name": "Li Wei",
		"raised_how": "By phone",
		"channel": "Phone",
		"reference_doctype": "Issue",
		"reference_name": issue.name,
	}
	answer = api_calls.post(desk, "frappe.client.insert", doc=json.dumps(complaint))
	assert answer.status == 417 and OTHERS in answer.text, answer.text


def test_nobody_of_another_customer_is_named_by_their_log_in(site):
	agreement = scenario.agreement(submit=False)
	stranger = customers.portal_user(factories.make_customer().name)
	agreement.append("contacts", {"contact_role": "Customer Contact", "user": stranger})
	with pytest.raises(NotTheirs, match="row 2"):
		agreement.save()
	agreement.reload()
	agreement.append(
		"contacts", {"contact_role": "Customer Contact", "user": customers.portal_user(agreement.customer)}
	)
	agreement.save()


def test_a_picker_of_the_customers_people_offers_no_others(site):
	customer, other = (factories.make_customer().name for _ in range(2))
	mine, theirs = customers.portal_user(customer), customers.portal_user(other)
	asked = {
		"doctype": "User",
		"txt": "",
		"query": "ops_delivery.api.pickers.people_of_customer",
		"filters": json.dumps({"customer": customer}),
	}
	manager = factories.make_user(roles=["Service Delivery Manager", "Sales User"]).name
	answer = api_calls.post(manager, "frappe.desk.search.search_link", **asked)
	assert answer.status == 200, answer.text
	assert mine in answer.text and theirs not in answer.text
	assert api_calls.post(theirs, "frappe.desk.search.search_link", **asked).status == 403


@pytest.fixture
def two_addresses(site):
	agreement = scenario.agreement()
	frappe.db.set_value("Customer", agreement.customer, "ops_request_visibility", ownership.ONLY_OWN)
	asker = customers.portal_user(agreement.customer)
	contact = frappe.get_doc("Contact", {"user": asker})
	second = factories.unique_email("second")
	contact.append("email_ids", {"email_id": second})
	contact.save(ignore_permissions=True)
	return frappe._dict(agreement=agreement, asker=asker, second=second, contact=contact)


@pytest.mark.clause("6.3.j")
def test_a_mail_from_somebody_who_was_renamed_is_the_customers_and_the_persons_own(two_addresses):
	w = two_addresses
	renamed = frappe.rename_doc("User", w.asker, factories.unique_email("renamed"), force=True)
	with scenario.at(scenario.MONDAY):
		issue = factories.make_issue(None, raised_by=renamed, opening_date="2026-03-02")
		stranger = factories.make_issue(None, raised_by=factories.unique_email("renamed"))
	assert (issue.customer, issue.contact) == (w.agreement.customer, w.contact.name)
	assert scenario.clock(issue).state == "Running"
	assert issue.name in get("/service-requests", renamed)[1]
	assert not stranger.customer


@pytest.mark.clause("6.3.j")
def test_a_mail_from_a_second_address_is_the_customers_and_the_persons_own(two_addresses):
	w = two_addresses
	with scenario.at(scenario.MONDAY):
		issue = factories.make_issue(None, raised_by=f"Chen Jing <{w.second}>", opening_date="2026-03-02")
	assert (issue.customer, issue.contact, issue.ops_agreement) == (
		w.agreement.customer,
		w.contact.name,
		w.agreement.name,
	)
	assert scenario.clock(issue).state == "Running"
	assert issue.name in get("/service-requests", w.asker)[1]
	assert get(f"/service-requests/{issue.name}", w.asker)[0] == 200
	colleague = customers.portal_user(w.agreement.customer)
	assert issue.name not in get("/service-requests", colleague)[1]
	assert get(f"/service-requests/{issue.name}", colleague)[0] == 403


@pytest.mark.clause("6.3.j")
def test_who_is_renamed_keeps_their_requests(two_addresses):
	w = two_addresses
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	new = factories.unique_email("renamed")
	frappe.rename_doc("User", w.asker, new, force=True)
	frappe.clear_cache(user=new)
	assert issue.name in get("/service-requests", new)[1]
	contact = frappe.get_doc("Contact", w.contact.name)
	contact.set("email_ids", [{"email_id": new, "is_primary": 1}])
	contact.save(ignore_permissions=True)
	assert get(f"/service-requests/{issue.name}", new)[0] == 200


@pytest.mark.clause("5.4.d")
def test_who_is_renamed_keeps_their_complaints_and_surveys(two_addresses):
	"""Also where the old address is taken off their contact."""
	w = two_addresses
	frappe.db.commit()
	form = {"subject": "Nobody came", "text": "For two days"}
	place = get("/complaints/new", w.asker, method="POST", form=form)[1].partition("?")[0]
	new = factories.unique_email("renamed")
	frappe.rename_doc("User", w.asker, new, force=True)
	frappe.clear_cache(user=new)
	contact = frappe.get_doc("Contact", w.contact.name)
	contact.set("email_ids", [{"email_id": new, "is_primary": 1}])
	contact.save(ignore_permissions=True)
	assert get(place, new)[0] == 200
	assert place.rpartition("/")[2] in get("/complaints", new)[1]
	assert get(place, customers.portal_user(w.agreement.customer))[0] == 403


def test_an_address_that_is_another_users_log_in_is_nobody_elses(two_addresses):
	w = two_addresses
	colleague = customers.portal_user(w.agreement.customer)
	w.contact.append("email_ids", {"email_id": colleague})
	w.contact.save(ignore_permissions=True)
	assert ownership.addresses_of(w.asker) == {w.asker, w.second}
	issue = scenario.issue(w.agreement, raised_by=colleague)
	assert json.dumps(get(f"/service-requests/{issue.name}", w.asker)[0]) == "403"
