"""The rule of ownership.py as conditions of queries: which rows a user of the customer's side may see (6.3.g, 6.3.j)."""

from __future__ import annotations

import frappe
from frappe.query_builder import functions as fn

from ops_delivery.domain.service_report import life as report_life
from ops_delivery.permissions import secrecy
from ops_delivery.permissions.ownership import (
	address_of,
	addresses_of,
	colleagues_visible,
	customers_of,
	own_contacts,
)

_hex = fn.CustomFunction("HEX", ["text"])


def visible(issue, user: str):
	"""The same rule as a query-builder condition on the Issue table `issue`, for a user of the customer's side."""
	address = address_of(user)
	if not address:
		return issue.name.isnull()
	addresses = sorted(addresses_of(user))
	exactly = _hex(fn.Lower(issue.raised_by)).isin([one.encode().hex().upper() for one in addresses])
	own = issue.raised_by.isin(addresses) & exactly
	members = sorted(customers_of(user))
	if members:
		own = own & fn.Coalesce(issue.customer, "").isin(["", *members])
	if contacts := sorted(own_contacts(user)):
		own = own | (issue.contact.isin(contacts) & issue.customer.isin(members or [""]))
	shared = colleagues_visible(user)
	return own | issue.customer.isin(sorted(shared)) if shared else own


def reviews_visible(review, user: str):
	"""The same rule as a query-builder condition on the Service Review table `review`."""
	line = frappe.qb.DocType("Service Review Participant")
	asked = (
		frappe.qb.from_(line)
		.select(line.parent)
		.where((line.parenttype == "Service Review") & (line.user == user))
	)
	whole, member = sorted(colleagues_visible(user)) or [""], sorted(customers_of(user)) or [""]
	theirs = review.customer.isin(whole) | (review.customer.isin(member) & review.name.isin(asked))
	found = (review.party == "Customer") & (review.customer != "") & theirs
	for doctype in secrecy.GUARDED:
		table = frappe.qb.DocType(doctype)
		if (shown := secrecy.portal_listed(table, user, doctype)) is not None:
			closed = frappe.qb.from_(table).select(table.name).where(shown.negate())
			found &= (fn.Coalesce(review.reference_doctype, "") != doctype) | review.reference_name.notin(closed)
	return found


def surveys_visible(survey, user: str):
	"""The same rule as a query-builder condition on the Service Survey table `survey`."""
	address = address_of(user)
	if not address:
		return survey.name.isnull()
	addresses = sorted(addresses_of(user))
	own = survey.person_email.isin(addresses) & _hex(fn.Lower(survey.person_email)).isin(
		[one.encode().hex().upper() for one in addresses]
	)
	nobodys = fn.Coalesce(survey.person_email, "") == ""
	return own | (
		nobodys & survey.customer.isin(sorted(colleagues_visible(user)) or [""]) & (survey.customer != "")
	)


def visits_visible(table, user: str):
	"""The visits (or sessions) of `table` that a user of the customer's side may see, as a condition: those of their
	requests, and those of no request where they see all of their customer's."""
	issue = frappe.qb.DocType("Issue")
	requests = frappe.qb.from_(issue).select(issue.name).where(visible(issue, user))
	own = (table.reference_doctype == "Issue") & table.reference_name.isin(requests)
	other = table.reference_doctype.isnull() | (table.reference_doctype != "Issue")
	shared = table.customer.isin(sorted(colleagues_visible(user)) or [""]) & (table.customer != "")
	return own | (other & shared)


def rounds_visible(table, user: str):
	"""The Routine Tasks of `table` that a user of the customer's side may see, as a condition: those of the customers all of whose
	requests they see."""
	return table.customer.isin(sorted(colleagues_visible(user)) or [""]) & (table.customer != "")


def deliverables_visible(table, user: str):
	"""The Deliverables of `table` that a user of the customer's side may see, as a condition: published for the customers all of whose
	records they see, as far as its security class shows it."""
	shown = (table.status == "Published") & (table.audience == "Customer")
	if (by_class := secrecy.portal_listed(table, user)) is not None:
		shown = shown & by_class
	return shown & table.customer.isin(sorted(colleagues_visible(user)) or [""]) & (table.customer != "")


def reports_visible(table, user: str):
	"""The Service Reports of `table` that a user of the customer's side may see, as a condition: published for the customers all of whose
	records they see, as far as its class and its deliverable's show it."""
	shown = secrecy.portal_listed(table, user, "Service Report")
	theirs = table.status.isin(report_life.SHOWN) & table.customer.isin(sorted(colleagues_visible(user)) or [""]) & (table.customer != "")
	return theirs if shown is None else theirs & shown
