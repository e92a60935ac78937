"""The rule of ownership as conditions on Frappe's lists: hooks permission_query_conditions (clauses 6.3.g, 6.3.j).

Each gives the SQL text that Frappe adds to a list's query for a user of the customer's side; staff get "", for what they
may see is a matter of roles. What is whose is decided in permissions.ownership alone.
"""

from __future__ import annotations

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder import functions as fn
from frappe.query_builder.terms import NamedParameterWrapper

from ops_delivery.domain import parties
from ops_delivery.domain.deliverables.secrecy import LIST
from ops_delivery.permissions import field_levels, ownership, reach, secrecy, switches
from ops_delivery.permissions.owned_rows import (
	deliverables_visible,
	reports_visible,
	reviews_visible,
	surveys_visible,
	visible,
	visits_visible,
)
from ops_delivery.permissions.ownership import GUEST, colleagues_visible, is_staff


def issue_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Issue."""
	user = user or frappe.session.user
	if is_staff(user):
		return ""
	issue, found = frappe.qb.DocType("Issue"), switches.now()
	if found.rule == switches.OURS or ownership.shown_to(user):
		return "1=0" if user == GUEST else as_text(visible(issue, user))
	if not found.measuring:
		return ""  # no Issue can be ours
	theirs = fn.Coalesce(issue.ops_agreement, "") == ""
	return as_text(theirs if user == GUEST else theirs | visible(issue, user))


def reference_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Service Acceptance."""
	return _by_reference(user, "Service Acceptance")


def leftover_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Service Leftover on the customer's side; for staff see confidential.reference_query."""
	return _by_reference(user, "Service Leftover")


def review_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Service Review."""
	user, review = user or frappe.session.user, frappe.qb.DocType("Service Review")
	if is_staff(user):
		# its title and minutes tell of them
		hidden = {name: names for name in secrecy.GUARDED if switches.uses(name) and (names := secrecy.hidden_names(user, name)) is not None}
		if not hidden:
			return ""
		of, named = fn.Coalesce(review.reference_doctype, ""), fn.Coalesce(review.reference_name, "")
		return as_text(Criterion.all([(of != name) | named.notin(names) for name, names in hidden.items()]))
	return as_text(reviews_visible(review, user))


def signature_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Service Signature."""
	user = user or frappe.session.user
	if is_staff(user):
		return ""
	signature = frappe.qb.DocType("Service Signature")
	return as_text(
		signature.customer.isin(sorted(colleagues_visible(user)) or [""]) & (signature.customer != "")
	)


def survey_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Service Survey."""
	user = user or frappe.session.user
	if is_staff(user):
		return ""
	return as_text(surveys_visible(frappe.qb.DocType("Service Survey"), user))


def sheet_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Field Service Sheet."""
	return _visit_query(user, "Field Service Sheet")


def session_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Remote Support Session."""
	return _visit_query(user, "Remote Support Session")


def deliverable_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Deliverable: what its class lets staff find, what is the customer's and shown to them."""
	user = user or frappe.session.user
	table = frappe.qb.DocType("Deliverable")
	if is_staff(user):
		seen = secrecy.listed(table, LIST, user)
		return "" if seen is None else as_text(seen)
	if user == GUEST:
		return "1=0"
	return as_text(deliverables_visible(table, user))


def report_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Service Report: as closed as its class and its deliverable's."""
	user, table = user or frappe.session.user, frappe.qb.DocType("Service Report")
	if is_staff(user):
		return _by_class(table, user, "Service Report")
	return "1=0" if user == GUEST else as_text(reports_visible(table, user))


def incident_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Major Incident Report: as closed as its deliverable."""
	user, doctype = user or frappe.session.user, "Major Incident Report"
	return _by_class(frappe.qb.DocType(doctype), user, doctype) if is_staff(user) else "1=0"


def _by_class(table, user: str, doctype: str) -> str:
	seen = secrecy.listed(table, LIST, user, doctype)
	return "" if seen is None else as_text(seen)


def staff_only(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition of what is inside: nothing for the customer's side, who have pages of their own."""
	return "" if is_staff(user) else "1=0"


def version_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Rule Version. A list gives the content whole, so it leaves out the versions of types with
	fields above the user's field levels; the document itself leaves out these fields only."""
	user, version = user or frappe.session.user, frappe.qb.DocType("Rule Version")
	types = frappe.get_all("Rule Version", distinct=True, pluck="reference_doctype", order_by="reference_doctype")
	withheld = [name for name in types if frappe.db.exists("DocType", name) and field_levels.hidden(name, [user])]
	return as_text(version.reference_doctype.notin(withheld)) if withheld else ""


def _visit_query(user: str | None, doctype: str) -> str:
	user = user or frappe.session.user
	if is_staff(user):
		return ""
	if user == GUEST:
		return "1=0"
	return as_text(visits_visible(frappe.qb.DocType(doctype), user))


def _by_reference(user: str | None, doctype: str) -> str:
	user = user or frappe.session.user
	if is_staff(user):
		return ""
	if user == GUEST:
		return "1=0"
	issue, table = frappe.qb.DocType("Issue"), frappe.qb.DocType(doctype)
	requests = frappe.qb.from_(issue).select(issue.name).where(visible(issue, user))
	doctype_field, name_field = parties.of(doctype).about
	condition = (table[doctype_field] == "Issue") & table[name_field].isin(requests)
	return as_text(condition)


def as_text(condition) -> str:
	"""A condition as the SQL text that Frappe's hook wants, every value escaped by the database driver's rules."""
	values = NamedParameterWrapper()
	sql = condition.get_sql(with_namespace=True, quote_char="`", param_wrapper=values)
	return "(" + sql % {key: frappe.db.escape(value) for key, value in values.get_parameters().items()} + ")"


def own_rows(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: rows of children that tell of people (addresses, telephones, roles, whose message it is).

	Frappe lists a child to whoever may list its parent's type at all, be it only their own. So who has no desk gets the rows
	of their own account, and those they made.
	"""
	user = user or frappe.session.user
	if not reach.has_no_desk(user) or not reach.is_in_use():
		return ""
	table = frappe.qb.DocType(doctype)
	return as_text((table.parent == user) | (table.owner == user))
