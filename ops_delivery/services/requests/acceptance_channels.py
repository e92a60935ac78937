"""Who may answer for the customer, by which way, and how staff record an answer (clauses 6.3.g, 6.3.j).

Three ways lead to `acceptance.decide`: the customer's user on the portal, the addressee of a signed link, and staff
who record what the customer told them. Only the first two are answers; the third is a record of one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html, get_datetime

from ops_delivery.permissions import ownership
from ops_delivery.permissions.gates import refuse_staff, refuse_who_left
from ops_delivery.permissions.ownership import is_staff, is_staff_address, plain
from ops_delivery.services.requests.acceptance import (
	AlreadyDecided,
	already,
	decide,
	latest,
	open_acceptance,
	request,
)
from ops_delivery.services.requests.acceptance_decision import DOCTYPE, RECORDED, REQUESTED, WITHDRAWN
from ops_delivery.services.shared import signed_link
from ops_delivery.services.shared.site_time import site_now

PURPOSE = "acceptance"
PAGE = "acceptance"
JUST_NOW = timedelta(minutes=1)
PORTAL, SIGNED_LINK = "Portal", "Signed Link"


def decide_on_portal(
	issue: str, verdict: str, comment: str = "", reservations: tuple[str, ...] | list[str] = ()
) -> str:
	"""The logged-in customer's user answers for an Issue they may see."""
	user = frappe.session.user
	refuse_staff(user)
	doc = visible_issue(issue, user)
	refuse_who_left(user, doc.customer)
	name = open_acceptance(doc.name)
	if not name:
		last = latest(doc.name)
		raise AlreadyDecided(
			already(last) if last else _("{0} has no result to answer for yet.").format(doc.name)
		)
	return decide(
		name,
		verdict,
		frappe.utils.get_fullname(user),
		ownership.address_of(user),
		PORTAL,
		comment,
		reservations,
	)


def decide_by_link(
	token: str, verdict: str, comment: str = "", reservations: tuple[str, ...] | list[str] = ()
) -> str:
	"""The addressee of a signed link answers without a log-in. signed_link.InvalidLink for any other link."""
	link, doc = read_link(token)
	refuse_staff(frappe.session.user)
	signed_link.refuse_another_log_in(link.party)
	return decide(doc.name, verdict, _name_of(link.party), link.party, SIGNED_LINK, comment, reservations)


def record(
	issue: str,
	verdict: str,
	by_name: str,
	decided_on: datetime | str,
	how: str,
	by_email: str = "",
	comment: str = "",
	reservations: tuple[str, ...] | list[str] = (),
) -> str:
	"""Staff enter a decision the customer gave outside of the system: who gave it, when and how; returns the state."""
	if not is_staff():
		raise frappe.PermissionError(_("Only staff record a decision; answer for the result yourself."))
	doc = frappe.get_doc("Issue", issue)
	doc.check_permission("write")
	name = open_acceptance(issue)
	if not name:
		if doc.status != "Resolved":
			frappe.throw(
				_("{0} has no result that waits for an answer. Resolve it first.").format(escape_html(issue))
			)
		name = request(doc, tell=False)  # resolved before acceptances were asked for
	if is_staff_address(by_email):
		frappe.throw(
			_("{0} is a colleague's address. Name the person at the customer who decided.").format(
				escape_html(by_email)
			)
		)
	decided = get_datetime(decided_on) if decided_on else None
	if decided and abs(decided - site_now()) < JUST_NOW:
		decided = site_now()  # "now" as a form gives it, to the minute and by another clock
	return decide(
		name,
		verdict,
		by_name,
		by_email,
		RECORDED,
		comment,
		reservations,
		recorded_by=frappe.session.user,
		how=how,
		decided_on=decided,
	)


def link_for(issue) -> str | None:
	"""The signed link by which the customer's person answers for an offered result; None if nothing waits."""
	party = plain(issue.get("ops_customer_email"))
	row = latest(issue.name)
	if not party or not row or row.state != REQUESTED:
		return None
	return signed_link.url(PAGE, signed_link.make(PURPOSE, DOCTYPE, row.name, party, row.round))


def standing(row: Any) -> str:
	"""The state of an acceptance as its customer sees it. What is worked on again, past the save that would have taken the
	offer back, is not asked about."""
	if row.state != REQUESTED:
		return row.state
	status = frappe.db.get_value(row.reference_doctype, row.reference_name, "status")
	return REQUESTED if status == "Resolved" else WITHDRAWN


def read_link(token: str) -> tuple[signed_link.Link, Any]:
	"""The link and the acceptance it is for. InvalidLink unless it is still the customer's person's own."""
	link = signed_link.read(token, PURPOSE)
	doc = frappe.get_doc(DOCTYPE, link.name) if frappe.db.exists(DOCTYPE, link.name) else None
	if not doc or link.doctype != DOCTYPE or cint(doc.round) != link.round:
		raise signed_link.InvalidLink(
			_("This link is not valid any more: the request it was for has changed.")
		)
	party = frappe.db.get_value(doc.reference_doctype, doc.reference_name, "ops_customer_email")
	if plain(party) != link.party or is_staff_address(link.party):
		raise signed_link.InvalidLink(
			_("This link is not valid any more: someone else answers for this request now.")
		)
	signed_link.refuse_who_left(
		link.party, frappe.db.get_value(doc.reference_doctype, doc.reference_name, "customer")
	)
	return link, doc


def visible_issue(name: str, user: str) -> Any:
	"""The Issue if the user may see it; the same answer whether it is someone else's or does not exist."""
	doc = frappe.get_doc("Issue", name) if name and frappe.db.exists("Issue", name) else None
	if not doc or not ownership.may_see(doc, user):
		raise frappe.PermissionError(_("There is no request {0} that you can see.").format(escape_html(name)))
	return doc


def _name_of(email: str) -> str:
	user = frappe.db.get_value("User", {"email": email}, "full_name")
	contact = None if user else frappe.db.get_value("Contact", {"email_id": email}, "full_name")
	return user or contact or email
