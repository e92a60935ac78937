"""What reaches an Issue without its being saved: replies, assignments, other apps' shortcuts (5.3.c, 6.3.d, 6.3.f)."""

from __future__ import annotations

import frappe

from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.permissions import switches
from ops_delivery.permissions.ownership import belongs_elsewhere, is_staff_address, plain
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.outbox import unsubscribed
from ops_delivery.services.requests import issue_state, result_messages
from ops_delivery.services.requests.answered_people import reaches_nobody_there
from ops_delivery.services.requests.automatic_mail import AUTOMATED
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.scope import record_parties


def before_communication(doc, _method: str | None = None) -> None:
	"""doc_events Communication.before_save: whether this save may move its Issue, and what the Issue's status is.

	Frappe sets an Issue to Open, and its first response, past every rule with every save of a message. A message moves
	something once: when it comes to its Issue, if a person wrote it, and if the Issue has not ended. What goes to nobody at
	the customer is no answer.
	"""
	unsubscribed.offer_nothing(doc)
	about_issue = doc.reference_doctype == "Issue" and doc.reference_name
	if not about_issue or doc.communication_type == "Comment" or not switches.now().measuring:
		return
	doc.flags.ops_moves = True
	if not ours.is_issue_ours(doc.reference_name):
		return
	received = doc.sent_or_received == "Received"
	issue = frappe.db.get_value(
		"Issue",
		doc.reference_name,
		["status", "ops_agreement", "customer", "raised_by", "ops_customer_email"],
		as_dict=True,
		for_update=received,  # silence is judged under the same lock: whoever is just writing is not silent
	)
	before = issue and issue.status
	ended = before in ISSUE_ENDED and bool(issue.ops_agreement) and received
	comes = _comes_to_its_record(doc)
	doc.flags.ops_status_before = before
	doc.flags.ops_moves = comes and doc.communication_type != AUTOMATED and not (issue and reaches_nobody_there(doc, issue))
	if received and issue and _is_of_another_customer(doc, issue):
		doc.flags.ops_moves = False
	doc.flags.ops_after_the_end = doc.flags.ops_moves and ended
	if ended or not doc.flags.ops_moves:
		_leave_alone(doc)


def after_communication(doc, _method: str | None = None) -> None:
	"""A reply may meet a clock; a reply to an ended Issue does not reopen it behind the customer's decision."""
	if not doc.reference_doctype or not doc.reference_name or doc.communication_type == "Comment":
		return
	if not definitions.for_doctype(doc.reference_doctype):
		return
	before, moves = doc.flags.pop("ops_status_before", None), doc.flags.pop("ops_moves", True)
	if doc.reference_doctype == "Issue":
		if not moves or not ours.is_issue_ours(doc.reference_name):
			return
		if doc.flags.pop("ops_after_the_end", False):
			if not is_staff_address(doc.sender):
				result_messages.hear(doc)
				notices.post("Issue", doc.reference_name, "ops_reply_after_end", result_messages.said(doc))
				frappe.flags.ops_told_of_mail = True
		elif frappe.flags.ops_receiving_mail and doc.sent_or_received == "Received":
			_tell_of_mail(doc)
		if before == "On Hold":
			_go_on(doc)
		issue_state.follow(doc.reference_name)
	clocks.refresh(doc.reference_doctype, doc.reference_name)


def _tell_of_mail(communication) -> None:
	"""A mail to a request that nobody is assigned to is told; whoever is assigned gets it from Frappe. The mail that opened
	the request is told with it."""
	if is_staff_address(communication.sender) or frappe.flags.ops_opening:
		return
	notices.post("Issue", communication.reference_name, "ops_message", result_messages.said(communication))


def _comes_to_its_record(doc) -> bool:
	"""Whether a message is new on its record: just stored, or moved there from another one."""
	if doc.flags.in_insert or doc.is_new():
		return True
	old = doc.get_doc_before_save()
	return bool(old) and (old.reference_doctype, old.reference_name) != (doc.reference_doctype, doc.reference_name)


def _is_of_another_customer(doc, issue) -> bool:
	"""Whether the writer is known as one of other customers' people alone, and has no part in the Issue: Frappe files what bears
	its number, whoever writes. It moves nothing."""
	sender = plain(doc.sender)
	if sender in record_parties.persons_of(issue, "Issue") or is_staff_address(sender):
		return False
	return belongs_elsewhere(sender, issue.customer)


def _leave_alone(doc) -> None:
	"""Frappe asks the record a message belongs to (`parent_doc`) for a method of this name first, and else sets its status."""
	doc.parent_doc = frappe.get_doc(doc.reference_doctype, doc.reference_name)
	doc.parent_doc.on_communication_update = _nothing


def _nothing(_communication) -> None:
	"""What a message does to a record that it does not move."""


def _go_on(communication) -> None:
	"""What was waited for has come: the reason for the pause is over, and both sides are told as by a save."""
	issue = frappe.db.get_value(
		"Issue", communication.reference_name, ["status", "ops_agreement"], as_dict=True
	)
	if issue and issue.ops_agreement and issue.status != "On Hold":
		frappe.db.set_value(
			"Issue", communication.reference_name, "ops_pause_reason", None, update_modified=False
		)
		notices.post("Issue", communication.reference_name, "ops_resumed")


def after_assignment(doc, _method: str | None = None) -> None:
	"""doc_events ToDo: an assignment dispatches the Issue, and may meet or start a clock."""
	if not doc.reference_type or not doc.reference_name or not definitions.for_doctype(doc.reference_type):
		return
	if doc.reference_type == "Issue" and not ours.is_issue_ours(doc.reference_name):
		return
	if doc.flags.in_insert and doc.reference_type == "Issue":
		notices.post(doc.reference_type, doc.reference_name, "ops_dispatched")
	clocks.refresh(doc.reference_type, doc.reference_name)
