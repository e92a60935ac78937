"""The customer's own requests: reading them, raising one, telling more (6.3.j). ERPNext's list for them is closed."""

from typing import Any

import frappe
from frappe import _
from frappe.www import list as website_list

from ops_delivery import framework
from ops_delivery.permissions import ownership
from ops_delivery.permissions.gates import customers_only, open_to_all, refuse_incomplete
from ops_delivery.permissions.ownership import is_staff
from ops_delivery.printing import weasy
from ops_delivery.services.agreements import published_terms as announced
from ops_delivery.services.knowledge import counting, suggesting
from ops_delivery.services.portal import documents as portal_documents
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.requests import intake as customer_input
from ops_delivery.services.requests import own_requests
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared import call_limits as limits

WRITES_PER_HOUR = 60
SEARCHES_PER_HOUR = 1200


@frappe.whitelist(methods=["GET", "POST"])
@customers_only
def requests(view: str = "all", page: int = 1, search: str = "") -> dict[str, Any]:
	"""A page of the requests the customer's user may see."""
	return portal.requests(frappe.session.user, view, page, search)


@frappe.whitelist(methods=["GET", "POST"])
@customers_only
def request(name: str) -> dict[str, Any]:
	"""One request, as far as its customer may see it."""
	return portal.request(name, frappe.session.user)


@frappe.whitelist(methods=["GET", "POST"])
@customers_only
def channels() -> list[dict[str, Any]]:
	"""Channels, service hours and commitments of the user's agreements in force (6.3.a, 6.3.b)."""
	return announced.for_user(frappe.session.user)


@frappe.whitelist(methods=["POST"])
@customers_only
@limits.per_hour(WRITES_PER_HOUR)
def raise_request(
	subject: str,
	description: str,
	customer: str = "",
	service_object: str = "",
	urgency: str = "",
	once: str = "",
	answers: str | dict[str, Any] | None = None,
) -> str:
	"""Raise a request; returns the Issue. The same words and files within ten minutes make no second one: the first is
	returned. `once`: any value of the caller's, by which that holds for a day. `answers`: to what the administrator has
	customers asked, by the names of the Issue's fields."""
	given = frappe.parse_json(answers) if answers else {}
	if not isinstance(given, dict):
		frappe.throw(_("{0} is to be an object of fields and values.").format(frappe.bold("answers")))
	name = customer_input.raise_request(
		subject, description, customer, service_object, uploads.sent(), urgency, once, answers=given
	)
	counting.request_sent(once)
	return name


@frappe.whitelist(methods=["POST"])
@customers_only
@limits.per_hour(WRITES_PER_HOUR)
def add_information(issue: str, text: str = "") -> str:
	"""Add fault information to an open request; returns the Communication."""
	return customer_input.add_information(issue, text, uploads.sent())


@frappe.whitelist(methods=["GET"])
@customers_only
def attachment(issue: str, file: str) -> None:
	"""Download a file of a request that the customer's user may see."""
	doc = portal.attachment(issue, file, frappe.session.user)
	frappe.local.response.update(
		{
			"type": "download",
			"filename": doc.file_name,
			"filecontent": doc.get_content(),
			"display_content_as": "attachment",
		}
	)


@frappe.whitelist(methods=["POST"])
@customers_only
@limits.per_hour(SEARCHES_PER_HOUR)
def help_articles(text: str, form: str = "") -> list[dict[str, str]]:
	"""The articles that fit what the customer's user types, as far as they may read them: {title, url}. A POST: it is their text.
	`form`: the key of the form that they write."""
	return suggesting.for_customer(text, frappe.session.user, form[:40])


@frappe.whitelist(methods=["GET"])
@customers_only
def document_pdf(name: str) -> None:
	"""An agreement, plan or report as PDF for a user of its customer."""
	weasy.answer(name, portal_documents.pdf(name, frappe.session.user))


@frappe.whitelist(allow_guest=framework.guests_may_call(website_list.get_list_data), methods=["GET", "POST"])
@open_to_all("in place of the website's list of rows, which asks for itself; no Issues to whom our portal is on for")
def website_rows(**kwargs: Any) -> Any:
	"""In place of frappe.www.list.get_list_data: ERPNext's list of Issues knows no rule of ownership."""
	_not_for_issues(kwargs)
	theirs = framework.theirs("frappe.www.list.get_list_data")
	refuse_incomplete(theirs, (), kwargs)
	return theirs(**kwargs)


@frappe.whitelist(allow_guest=True, methods=["GET", "POST"])
@open_to_all("in place of the website's list page, which asks for itself; no Issues to whom our portal is on for")
def website_list_page(**kwargs: Any) -> Any:
	"""In place of frappe.www.list.get, for the same reason; Frappe 16 has it no more."""
	if not framework.is_there("frappe.www.list.get"):
		raise frappe.PermissionError
	_not_for_issues(kwargs)
	theirs = framework.theirs("frappe.www.list.get")
	refuse_incomplete(theirs, (), kwargs)
	return theirs(**kwargs)


@frappe.whitelist(allow_guest=True, methods=["GET", "POST"])
@open_to_all("in place of the web form's own function, which asks for itself; no Issue is shown whole")
def web_form_data(doctype: str, docname: Any = None, web_form_name: str | None = None) -> Any:
	"""In place of Frappe's get_form_data: a web form sends its record whole, also what is not on the form."""
	if docname:
		_not_for_issues({"doctype": doctype})
	found = framework.theirs("frappe.website.doctype.web_form.web_form.get_form_data")(doctype, docname, web_form_name)
	if docname and doctype == "Issue" and not is_staff():
		found.doc = own_requests.without_ours(found.doc)
	return found


def _not_for_issues(kwargs: dict[str, Any]) -> None:
	about_issues = str(kwargs.get("doctype") or "").strip().lower() == "issue"
	if about_issues and not is_staff() and ownership.shown_to(frappe.session.user):
		raise frappe.PermissionError(_("Your requests are listed under Service Requests."))
