"""Jinja methods for the messages an administrator edits (clause 6.3.f). Described in the administrator's guide.

Their names begin with ops_, as templates see them beside everybody else's.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_url, get_url_to_form
from frappe.utils.data import quoted

from ops_delivery.framework import issue_field
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.complaints import links as complaint_links
from ops_delivery.services.complaints import process_text as complaint_words
from ops_delivery.services.outbox import desk_people
from ops_delivery.services.outbox import sending as notice_sending
from ops_delivery.services.requests import acceptance, acceptance_decision, result_messages
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.reviews import participants as review_people
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import moment, text
from ops_delivery.services.shared.site_time import has_passed
from ops_delivery.services.surveys import answering as survey_answering
from ops_delivery.services.surveys import templates as survey_templates


def ops_acceptance_link(doc: Any) -> str:
	"""Where the customer answers for the offered result.

	In a message that goes to the customer's person alone it is their signed link, which needs no log-in; anywhere else
	it is the page for those who log in, so that nobody gets a link in somebody else's name.
	"""
	party = plain(doc.get("ops_customer_email"))
	if party and notice_sending.addressees() == [party]:
		return answering.link_for(doc) or ops_request_link(doc)
	return ops_request_link(doc)


def ops_silence(doc: Any) -> str:
	"""What follows if the customer does not answer for the offered result: the day from which it counts as accepted, or that
	it never does."""
	row = acceptance.latest(doc.name)
	if row and row.state == acceptance_decision.REQUESTED and row.deemed_on:
		if has_passed(row.deemed_on):  # the mail was held up
			return escape_html(
				_("If we hear nothing from you now, the result counts as accepted and the request is closed, as agreed.")
			)
		return escape_html(
			_(
				"If we hear nothing from you by {0}, the result counts as accepted and the request is closed, as agreed."
			).format(moment(row.deemed_on))
		)
	return escape_html(_("The request is closed only when you accept the result."))


def ops_request_link(doc: Any) -> str:
	"""The customer's page of a request."""
	return get_url(f"/service-requests/{quoted(doc.name)}")


def ops_resolution_by(doc: Any) -> Any:
	"""By when an Issue is to be resolved, whatever this ERPNext calls that field; None without a promise, or while what is
	promised is provisional: a priority that is judged later may take it back."""
	if doc.doctype == "Issue" and doc.get("ops_agreement") and doc.get("ops_validity") != "Valid":
		return None
	return doc.get(issue_field("resolution_by"))


def ops_clock(doc: Any, commitment: str) -> dict[str, Any]:
	"""A clock of any measured record as it stands now: state, due_on, breached, priority; empty where there is none."""
	found = frappe.db.get_value(
		"Service Clock",
		{
			"reference_doctype": doc.doctype,
			"reference_name": cstr(doc.name),
			"commitment": commitment,
		},
		["state", "due_on", "breached", "priority"],
		as_dict=True,
	)
	return found or frappe._dict()


def ops_survey_link(survey: Any) -> str:
	"""Where a survey is answered: in a message to its person alone their signed link, anywhere else the portal's page."""
	party = plain(survey.person_email)
	if party and notice_sending.addressees() == [party]:
		if link := survey_answering.link_for(survey):
			return link
	return get_url(f"/surveys/{quoted(survey.name)}")


def ops_survey_title(survey: Any) -> str:
	"""A survey's title in the reader's language, ready to stand in a message."""
	return escape_html(survey_templates.sheet(survey.template_version).words("title"))


def ops_desk_link(doc: Any) -> str:
	"""The record on the desk, for staff."""
	return get_url_to_form(doc.doctype, doc.name)


def ops_review_link(review: Any) -> str:
	"""The customer's page of a review."""
	return get_url(f"/reviews/{quoted(review.name)}")


def ops_sign_link(doc: Any) -> str:
	"""The customer's page on which a document is signed."""
	return get_url(f"/reviews/sign/{quoted(doc.name)}")


def ops_customer_people(doc: Any) -> str:
	"""The addresses of those at the customer who can review and sign, separated by commas."""
	return ", ".join(person["email"] for person in review_people.at_customer(doc.customer) if person["email"])


def ops_reviewed_link(review: Any) -> str:
	"""The document a review is about, on the desk."""
	return get_url_to_form(review.reference_doctype, review.reference_name)


def ops_notice_details() -> dict[str, Any]:
	"""What was noted when the key point was reached, such as reason, by, verdict."""
	return notice_sending.details()


def ops_text(stored: Any) -> str:
	"""A plain text of the record, ready to stand in a message: what looks like a tag stays text."""
	return escape_html(text(stored))


def ops_time(value: Any) -> str:
	"""A date and time as the reader's clock shows it."""
	return moment(value)


def ops_day(value: Any) -> str:
	"""A date as the reader writes it."""
	return wording.day(value)


def ops_complaint_link(doc: Any) -> str:
	"""Of a complaint: its page. Of a request: the page on which a complaint about it is made, without a log-in where the
	message goes to the customer's person alone."""
	return complaint_links.link(doc)


def ops_complaint_process() -> str:
	"""How complaints are taken and handled, in the reader's language."""
	return escape_html(complaint_words.process())


def ops_complaint_channels() -> str:
	"""Where to complain, in the reader's language."""
	return escape_html(complaint_words.channels())


def ops_message_words(doc: Any) -> str:
	"""Of a notice about a message: what was written, ready to stand in a message."""
	name = notice_sending.details().get("message")
	return escape_html(result_messages.said_in(name, doc.doctype, cstr(doc.name)))


def ops_desk_people(doc: Any) -> str:
	"""The addresses of the service desk, separated by commas, while nobody is assigned to the record; of a complaint, those
	of who handles it, or chooses who does."""
	people = desk_people.of_complaint if doc.doctype == "Service Complaint" else desk_people.unassigned
	return ", ".join(people(doc))


def ops_improvement_link(doc: Any) -> str:
	"""The customer's page of an improvement action; without a log-in where the message goes to one of them alone."""
	return complaint_links.action_link(doc)


def ops_improvement_people(doc: Any) -> str:
	"""The addresses of those an improvement action is told to, separated by commas."""
	return ", ".join(complaint_links.people_of_action(doc))


def ops_round_link(doc: Any) -> str:
	"""The customer's page of a Routine Task."""
	return get_url(f"/rounds/{quoted(doc.name)}")
