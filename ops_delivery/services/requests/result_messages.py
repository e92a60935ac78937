"""What the customer writes while a result waits for their answer (6.3.g): an answer, perhaps, and no silence.

A message decides nothing by itself. It ends the silence at once, our people are told, and one of them says what it is: the
acceptance or the rejection, which is recorded in the customer's name with the message as evidence, or only a message, after
which the days of silence are counted anew.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_datetime

from ops_delivery.domain.mail_quotes import own_words
from ops_delivery.permissions.ownership import is_staff_address, plain
from ops_delivery.services.outbox import accounts as incoming
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import acceptance, acceptance_decision, acceptance_schedule
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared.locale import moment, plain_lines
from ops_delivery.services.shared.site_time import site_now

ONLY_A_MESSAGE = "Only a Message"
TAKEN_AS = (acceptance_decision.ACCEPTED, acceptance_decision.WITH_RESERVATIONS, acceptance_decision.REJECTED, ONLY_A_MESSAGE)
SHOWN, EXCERPT = 5, 600
FIELDS = ("name", "creation", "communication_date", "sender", "sender_full_name", "subject", "content")


def hear(message: Any) -> None:
	"""A message of the customer's side has come to a request: whoever writes is not silent any more. Our people are told."""
	if (
		message.reference_doctype != "Issue"
		or is_staff_address(message.sender)
		or incoming.is_ours(message.sender)
	):
		return
	waits = acceptance.open_acceptance(message.reference_name)
	if not waits:
		return
	issue, doc = acceptance.locked(waits)
	if doc.state != acceptance_decision.REQUESTED or any(row.message == message.name for row in doc.messages):
		return
	doc.append(
		"messages",
		{
			"message": message.name,
			"sender": plain(message.sender),
			"received_on": message.creation or site_now(),
		},
	)
	acceptance_schedule.stop(doc)
	notices.post("Issue", issue.name, "ops_reply_after_end", said(message))


def unanswered(doc: Any) -> list[str]:
	"""The messages since a result was offered of which nobody has said what they are, oldest first.

	Those that were noted when they came, and those that came to the request past that, such as one moved there. What was
	moved to a complaint is the complaint's alone.
	"""
	noted = {row.message: row.taken_as for row in doc.messages}
	written = frappe.get_all(
		"Communication",
		filters={
			"reference_doctype": doc.reference_doctype,
			"reference_name": doc.reference_name,
			"sent_or_received": "Received",
			"creation": [">=", doc.requested_on],
		},
		fields=["name", "sender", "communication_type"],
		order_by="creation",
	)
	return [
		row.name
		for row in written
		if (
			not noted[row.name]
			if row.name in noted
			else row.communication_type == "Communication" and not is_staff_address(row.sender)
		)
	]


def waiting(issue: str) -> list[dict[str, Any]]:
	"""For the Issue's form: the newest messages of which somebody has to say what they are, in the writer's own words."""
	name = acceptance.open_acceptance(issue)
	if not name:
		return []
	names = unanswered(frappe.get_doc(acceptance_decision.DOCTYPE, name))
	if not names:
		return []
	rows = frappe.get_all(
		"Communication", filters={"name": ["in", names]}, fields=FIELDS, order_by="creation desc", limit=SHOWN
	)
	return [
		{
			"name": row.name,
			"who": row.sender_full_name or row.sender,
			"sender": plain(row.sender),
			"when": moment(row.creation),
			"subject": row.subject,
			"words": words_of(row.content)[:EXCERPT],
		}
		for row in rows
	]


def tell_form(doc: Any, _method: str | None = None) -> None:
	"""doc_events Issue.onload: the form shows what the customer wrote instead of an answer."""
	if doc.status == "Resolved" and doc.get("ops_acceptance_status") == acceptance_decision.REQUESTED:
		doc.set_onload("ops_messages", waiting(doc.name))


def take(
	issue: str,
	message: str,
	taken_as: str,
	comment: str = "",
	reservations: tuple[str, ...] | list[str] = (),
) -> str:
	"""Staff say what a message is; returns the state of the acceptance.

	An acceptance or a rejection is recorded as the customer's decision, with who wrote it, when and which message says so.
	"""
	if taken_as not in TAKEN_AS:
		frappe.throw(
			_("{0} is no way to take a message. Choose one of {1}.").format(
				frappe.bold(escape_html(cstr(taken_as))),
				", ".join(_(value, context="Service Acceptance Message") for value in TAKEN_AS),
			)
		)
	frappe.get_doc("Issue", issue).check_permission("write")
	waits = acceptance.open_acceptance(issue)
	if not waits:
		raise acceptance.AlreadyDecided(
			_("{0} has no result that waits for an answer any more.").format(escape_html(issue))
		)
	_issue, doc = acceptance.locked(waits)
	if message not in unanswered(doc):
		frappe.throw(_("Somebody has said already what this message is, or it is about another request."))
	written = frappe.db.get_value("Communication", message, FIELDS, as_dict=True)
	_note(doc, written, taken_as)
	if taken_as == ONLY_A_MESSAGE:
		if not unanswered(doc):
			acceptance_schedule.schedule(doc, since=site_now())
		acceptance_schedule.save(doc)
		return doc.state
	acceptance_schedule.save(doc)
	said_on = min(max(get_datetime(written.creation), get_datetime(doc.requested_on)), site_now())
	return answering.record(
		issue,
		taken_as,
		written.sender_full_name or written.sender,
		said_on,
		_("Message of {0} from {1}: {2}").format(
			moment(written.creation), written.sender, written.subject or message
		),
		by_email=plain(written.sender),
		comment=comment,
		reservations=reservations,
	)


def words_of(content: str | None) -> str:
	"""A stored message as plain text, without the mail it quotes."""
	whole = plain_lines(content)
	return own_words(whole) or whole


def said(message: Any) -> dict[str, str]:
	"""Of a message, for the notice about it; its words are read when that is sent, for Frappe stores them after it."""
	return {"by": message.sender_full_name or message.sender, "message": message.name}


def said_in(name: str | None, doctype: str, record: str) -> str:
	"""The words of a message that is still about this record, without the mail it quotes."""
	filters = {"name": name, "reference_doctype": doctype, "reference_name": record}
	return words_of(frappe.db.get_value("Communication", filters, "content"))[:EXCERPT] if name else ""


def _note(doc: Any, written: Any, taken_as: str) -> None:
	row = next((row for row in doc.messages if row.message == written.name), None) or doc.append(
		"messages",
		{"message": written.name, "sender": plain(written.sender), "received_on": written.creation},
	)
	row.update({"taken_as": taken_as, "taken_by": frappe.session.user, "taken_on": site_now()})
