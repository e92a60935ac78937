"""Whose is a request: one rule for lists, documents and pages (6.3.g, 6.3.j)."""

import customers
import factories
import frappe
import pytest

from ops_delivery.permissions import list_conditions, owned_records, ownership
from ops_delivery.services.portal import requests as portal

OWN, EACH = ownership.ONLY_OWN, ownership.EACH_OTHERS


def sees(user, issue) -> bool:
	"""The document check and the list must say the same."""
	by_document = ownership.may_see(frappe.get_doc("Issue", issue.name), user)
	by_list = issue.name in {row.name for row in portal.requests(user)["rows"]}
	by_query = bool(
		frappe.db.sql(
			f"select 1 from `tabIssue` where name=%s and {list_conditions.issue_query(user) or '1=1'}", issue.name
		)
	)
	assert by_document == by_list == by_query
	return by_document


@pytest.fixture
def w():
	return customers.world()


def test_asker_and_colleague_see_it_and_another_customer_does_not(w):
	assert sees(w.asker, w.issue)
	assert sees(w.colleague, w.issue)
	assert not sees(w.stranger, w.issue)
	assert not ownership.may_see(w.issue, "Guest")
	assert list_conditions.issue_query("Guest") == "1=0"


def test_the_settings_the_customer_and_the_contact_decide_in_that_order(w):
	frappe.db.set_single_value("Ops Delivery Settings", "request_visibility", OWN)
	assert sees(w.asker, w.issue) and not sees(w.colleague, w.issue)
	frappe.db.set_value("Customer", w.customer, "ops_request_visibility", EACH)
	assert sees(w.colleague, w.issue)
	frappe.db.set_single_value("Ops Delivery Settings", "request_visibility", EACH)
	frappe.db.set_value("Customer", w.customer, "ops_request_visibility", OWN)
	assert not sees(w.colleague, w.issue)
	manager = customers.portal_user(w.customer, sees_all=True)
	assert sees(manager, w.issue)


def test_portal_users_and_contacts_by_mail_belong_to_the_customer(w):
	by_portal = factories.make_user(user_type="Website User", roles=["Customer"]).name
	document = frappe.get_doc("Customer", w.customer)
	document.append("portal_users", {"user": by_portal})
	document.save(ignore_permissions=True)
	by_mail = factories.make_user(user_type="Website User", roles=["Customer"]).name
	factories.make_contact(w.customer, email=by_mail)
	assert ownership.customers_of(by_portal) == ownership.customers_of(by_mail) == {w.customer}
	assert sees(by_portal, w.issue) and sees(by_mail, w.issue)


def test_addresses_match_exactly_though_the_database_ignores_accents(w):
	twin = w.asker.replace("user", "usér")
	frappe.db.set_value("Issue", w.issue.name, {"raised_by": twin, "customer": None})
	assert not sees(w.asker, w.issue)


def test_a_name_with_quotes_and_signs_does_not_break_the_list(w):
	customer = factories.make_customer(customer_name=factories.unique('O\'Neill \\ 100% "Sons"')).name
	user = customers.portal_user(customer)
	issue = factories.make_issue(customer, raised_by="someone@example.org")
	assert sees(user, issue) and not sees(user, w.issue)


def test_staff_are_a_matter_of_roles(w, as_user):
	desk = factories.make_user(roles=["Service Desk"]).name
	nobody = factories.make_user().name
	assert list_conditions.issue_query(desk) == ""
	assert frappe.has_permission("Issue", "read", w.issue.name, user=desk)
	assert not frappe.has_permission("Issue", "read", w.issue.name, user=nobody)
	assert not frappe.has_permission("Issue", "read", w.issue.name, user=w.asker)


def test_acceptances_and_leftovers_follow_the_request(w):
	doc = frappe.get_doc("Service Acceptance", customers.open_one(w.issue))
	leftover = factories.make(
		"Service Leftover",
		subject="Label",
		customer=w.customer,
		source_doctype="Issue",
		source_name=w.issue.name,
	)
	for record, query in ((doc, list_conditions.reference_query), (leftover, list_conditions.leftover_query)):
		assert ownership.may_see(record, w.asker) and not ownership.may_see(record, w.stranger)
		assert not ownership.may_see(record, w.asker, "write")
		for user, expected in ((w.asker, 1), (w.colleague, 1), (w.stranger, 0)):
			found = frappe.db.sql(
				f"select 1 from `tab{record.doctype}` where name=%s and {query(user)}", record.name
			)
			assert len(found) == expected


@pytest.mark.clause("6.3.j")
def test_a_web_form_request_is_the_users_own_and_of_their_customer(w, as_user):
	other = factories.make_customer().name
	with as_user(w.asker):
		issue = frappe.get_doc(
			{
				"doctype": "Issue",
				"subject": "No network",
				"raised_by": "ceo@example.org",
				"ops_validity": "Valid",
			}
		).insert(ignore_permissions=True)
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc({"doctype": "Issue", "subject": "x", "customer": other}).insert(
				ignore_permissions=True
			)
	assert (issue.raised_by, issue.customer, issue.ops_validity) == (w.asker, w.customer, None)
	assert issue.ops_customer_email == w.asker and issue.ops_agreement == w.agreement.name


def test_the_customers_side_neither_edits_what_was_judged_nor_deletes(w, as_user):
	with as_user(w.asker):
		for change in ({"status": "Closed"}, {"subject": "Other"}, {"priority": "Urgent"}):
			document = frappe.get_doc("Issue", w.issue.name).update(change)
			with pytest.raises(frappe.PermissionError):
				document.save(ignore_permissions=True)
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc("Issue", w.issue.name).delete(ignore_permissions=True)
	with as_user(w.stranger), pytest.raises(frappe.PermissionError):
		frappe.get_doc("Issue", w.issue.name).save(ignore_permissions=True)


def test_whom_we_tell_is_never_a_colleague(w):
	desk = factories.make_user(roles=["Service Desk"]).name
	contact = factories.make_contact(w.customer, email=factories.unique_email("phone"))
	issue = factories.make_issue(w.customer, raised_by=desk, contact=contact.name)
	assert issue.ops_customer_email == contact.email_id
	issue.ops_customer_email = desk
	with pytest.raises(frappe.ValidationError, match="works at the desk"):
		issue.save()


def test_erpnexts_own_list_of_issues_is_closed_to_customers(w, as_user):
	from ops_delivery.api import portal as api

	with as_user(w.asker), pytest.raises(frappe.PermissionError):
		api.website_rows(doctype="Issue")
	hooks = frappe.get_hooks("override_whitelisted_methods")
	assert hooks["frappe.www.list.get_list_data"][-1] == "ops_delivery.api.portal.website_rows"


def test_the_generic_doors_do_not_show_a_request_whole(w, as_user):
	doc = frappe.get_doc("Issue", w.issue.name)
	assert owned_records.has_website_permission(doc, "read", w.asker) is False
	assert owned_records.has_website_permission(doc, "read", "Administrator") is True
	acceptance = frappe.get_doc("Service Acceptance", customers.open_one(w.issue))
	assert owned_records.has_website_permission(acceptance, "read", w.asker) is True
	assert owned_records.has_website_permission(acceptance, "read", w.stranger) is False
	with as_user(w.asker), pytest.raises(frappe.PermissionError):
		frappe.get_print("Issue", w.issue.name)


def test_a_document_brought_along_opens_nobodys(w, as_user):
	"""Frappe's run_doc_method takes a document as the request writes it, with the name of another's."""
	with as_user(w.stranger):
		for brought in ({"raised_by": w.stranger}, {"customer": next(iter(ownership.customers_of(w.stranger)))}):
			forged = frappe.get_doc({"doctype": "Issue", "name": w.issue.name, "__islocal": 1, **brought})
			assert not forged.has_permission("read")
	with as_user(w.asker):
		assert owned_records.has_permission(frappe.get_doc("Issue", w.issue.name)) is not False
