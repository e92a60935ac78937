"""A delivery plan on its way through reviews: an author, reviewers, a customer's person, and short names for the steps."""

import contextlib

import customers
import factories
import frappe
from frappe.model.workflow import apply_workflow
from frappe.permissions import add_permission

from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import standing as reviews

DOCTYPE = "Delivery Plan"
INTERNAL, CUSTOMER = "Delivery plan: internal review", "Delivery plan: customer review"


@contextlib.contextmanager
def user(name: str):
	before = frappe.session.user
	frappe.set_user(name)
	try:
		yield
	finally:
		frappe.set_user(before)


def manager(**values) -> str:
	return factories.make_user(roles=["Service Delivery Manager"], **values).name


def world(**values):
	"""customer, asker (their person), stranger, author, reviewer, other (two delivery managers), plan (a draft)."""
	customer = factories.make_customer().name
	w = frappe._dict(
		customer=customer,
		asker=customers.portal_user(customer),
		stranger=customers.portal_user(factories.make_customer().name),
		author=manager(),
		reviewer=manager(),
		other=manager(),
	)
	with user(w.author):
		w.plan = frappe.get_doc(
			{
				"doctype": DOCTYPE,
				"title": factories.unique("Plan"),
				"customer": customer,
				"company": factories.company(),
				"start_date": "2026-03-02",
				"end_date": "2026-12-31",
				"description": "What we agreed upon",
				**values,
			}
		).insert()
	return w


def act(doc, action: str, by: str | None = None):
	"""A workflow action on the document as it stands; returns it reloaded."""
	with user(by or frappe.session.user):
		apply_workflow(frappe.get_doc(doc.doctype, doc.name), action)
	return frappe.get_doc(doc.doctype, doc.name)


def change(doc, by: str | None = None, **values):
	"""Save other values on the document as it stands."""
	fresh = frappe.get_doc(doc.doctype, doc.name)
	fresh.update(values)
	with user(by or frappe.session.user):
		fresh.save()
	return fresh


def open_review(doc, rule: str = INTERNAL) -> str | None:
	return frappe.db.get_value(
		"Service Review", {"reference_name": doc.name, "rule": rule, "state": "Open"}, "name"
	)


def state(doc, rule: str = INTERNAL) -> list[str]:
	"""The states of a rule's reviews of the document, oldest first."""
	return frappe.get_all(
		"Service Review",
		filters={"reference_name": doc.name, "rule": rule},
		pluck="state",
		order_by="creation, name",
	)


def approve(doc, by: str, rule: str = INTERNAL, verdict: str = "Approved", opinion: str = "Fine") -> str:
	with user(by):
		return review_answers.decide(open_review(doc, rule), verdict, opinion)


def customer_decides(
	doc, by: str, rule: str = CUSTOMER, verdict: str = "Approved", opinion: str = "Good"
) -> str:
	with user(by):
		return review_answers.decide_on_portal(open_review(doc, rule), verdict, opinion)


def in_internal_review(**values):
	w = world(**values)
	w.plan = act(w.plan, "Ask for Internal Review", w.author)
	return w


def in_customer_review(**values):
	w = in_internal_review(**values)
	approve(w.plan, w.reviewer)
	w.plan = act(w.plan, "Send to the Customer", w.author)
	return w


def approved(**values):
	w = in_customer_review(**values)
	customer_decides(w.plan, w.asker)
	w.plan = act(w.plan, "Approve", w.author)
	return w


def empty_role() -> str:
	"""A role that may read delivery plans and that nobody has."""
	role = factories.make("Role", role_name=factories.unique("Lawyer"), desk_access=1).name
	add_permission(DOCTYPE, role)
	return role


def rule(**values):
	"""An enabled review rule of delivery plans."""
	return factories.make(
		"Review Rule",
		**{
			"rule_name": factories.unique("Rule"),
			"document_type": DOCTYPE,
			"needed_before": "Approved",
			"party": "Internal",
			"role": "Service Delivery Manager",
			"approvals": 1,
			**values,
		},
	)
