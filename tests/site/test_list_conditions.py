"""Where an administrator gives customers the read right to records of ours, Frappe's lists and forms still show them theirs
alone (6.3.g, 6.3.j). Asked over HTTP, as that user."""

import json

import api_calls
import customers
import factories
import frappe
import frappe.api
import frappe.app
import pytest
from frappe.permissions import add_permission

# DocType: (what makes a row theirs, what makes it somebody else's); functions of the world
BY_ISSUE = ("reference_doctype", "reference_name")
SEEN = {
	"Service Review": (
		lambda w: {"party": "Customer", "customer": w.customer},
		[lambda w: {"party": "Internal", "customer": w.customer}, lambda w: {"party": "Customer", "customer": w.other}],
	),
	"Service Signature": (lambda w: {"customer": w.customer}, [lambda w: {"customer": w.other}, lambda w: {}]),
	"Service Survey": (
		lambda w: {"customer": w.customer, "person_email": w.asker},
		[
			lambda w: {"customer": w.customer, "person_email": w.colleague},
			lambda w: {"customer": w.other},
			lambda w: {},
		],
	),
	"Field Service Sheet": (lambda w: {"customer": w.customer}, [lambda w: {"customer": w.other}, lambda w: {}]),
	"Remote Support Session": (
		lambda w: {"customer": w.other, "reference_doctype": "Issue", "reference_name": w.issue},
		[lambda w: {"customer": w.customer, "reference_doctype": "Issue", "reference_name": w.others_issue}],
	),
	"Service Acceptance": (
		lambda w: {"reference_doctype": "Issue", "reference_name": w.issue},
		[lambda w: {"reference_doctype": "Issue", "reference_name": w.others_issue}, lambda w: {}],
	),
	"Service Leftover": (
		lambda w: {"source_doctype": "Issue", "source_name": w.issue},
		[lambda w: {"source_doctype": "Issue", "source_name": w.others_issue}, lambda w: {}],
	),
}
# what is inside, whatever rights are given: the customer's side has pages of its own
INSIDE = (
	"Survey Response",
	"Survey Answer",
	"Survey Round",
	"Service Authorship",
	"Service Membership Change",
	"Field Service Request",
	"Service Notice",
	"Improvement Action",
	"Service Complaint",
)
# of which a customer's document is theirs where they are asked about it, though it stands in no list of theirs
THEIR_OWN_BY_ITSELF = ("Improvement Action",)
ALL_OF_THE_CUSTOMERS = {"Service Survey": [lambda w: {"customer": w.customer}]}


@pytest.fixture
def w(site):
	customer, other = factories.make_customer().name, factories.make_customer().name
	world = frappe._dict(
		customer=customer,
		other=other,
		asker=customers.portal_user(customer),
		colleague=customers.portal_user(customer),
		stranger=customers.portal_user(other),
	)
	world.issue = factories.make_issue(customer, raised_by=world.asker).name
	world.others_issue = factories.make_issue(other, raised_by=world.stranger).name
	return world


def row(doctype: str, values: dict) -> str:
	"""A record as the database has it, past what its services would ask."""
	doc = frappe.new_doc(doctype)
	doc.update({"name": factories.unique("LC"), **values})
	doc.db_insert()
	return doc.name


def asked(who: str, path: str, **query) -> tuple[int, dict]:
	with api_calls.request(who, "GET", f"/api/resource/{path}", query_string=query):
		try:
			response = frappe.api.handle(frappe.request)
		except Exception as error:
			response = frappe.app.handle_exception(error)
		return response.status_code, json.loads(response.get_data())


def listed(who: str, doctype: str) -> set[str]:
	status, found = asked(who, doctype, limit_page_length=0)
	assert status == 200, found
	return {row["name"] for row in found["data"]}


def may_open(who: str, doctype: str, name: str) -> bool:
	status, found = asked(who, f"{doctype}/{name}")
	assert status in (200, 403), found
	return status == 200


@pytest.mark.parametrize("doctype", SEEN)
def test_a_customer_with_the_right_sees_theirs_alone(w, doctype):
	add_permission(doctype, "Customer")
	theirs, not_theirs = SEEN[doctype]
	own = row(doctype, theirs(w))
	others = {row(doctype, values(w)) for values in not_theirs}
	shared = {row(doctype, values(w)) for values in ALL_OF_THE_CUSTOMERS.get(doctype, ())}
	assert listed(w.asker, doctype) & {own, *others, *shared} == {own, *shared}
	assert own not in listed(w.stranger, doctype)
	assert may_open(w.asker, doctype, own) and not may_open(w.stranger, doctype, own)
	for name in others:
		assert not may_open(w.asker, doctype, name), name
	for name in shared:
		assert may_open(w.asker, doctype, name) and not may_open(w.stranger, doctype, name)


@pytest.mark.parametrize("doctype", [*SEEN, *INSIDE])
def test_nobody_who_is_not_logged_in_sees_any(w, doctype):
	add_permission(doctype, "Guest")
	theirs = SEEN.get(doctype, (lambda w: {}, ()))[0]
	name = row(doctype, theirs(w))
	assert listed("Guest", doctype) == set()
	assert not may_open("Guest", doctype, name)


@pytest.mark.parametrize("doctype", INSIDE)
def test_what_is_inside_stays_there(w, doctype):
	add_permission(doctype, "Customer")
	name = row(doctype, {"customer": w.customer} if frappe.get_meta(doctype).has_field("customer") else {})
	assert listed(w.asker, doctype) == set()
	if doctype not in THEIR_OWN_BY_ITSELF:
		assert not may_open(w.asker, doctype, name)
