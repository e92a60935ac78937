"""Which record a mail belongs to: by the ids of our mails, the record's number, or the address it answers to (5.3.c).

What we send about a record is noted by its id on the record (Service Mail), so it is known after Frappe's queue is emptied. It
carries In-Reply-To and References of the dialogue, the number in the subject and, where the mailbox takes plus addresses, a
reply address with a signed token. An answer is matched in that order. Whoever has no part in a record writes nothing into it by
knowing an id, a number or an address: such a mail is kept apart and the desk decides.
"""

from __future__ import annotations

import re
from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.domain import mail_edit, mail_headers
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.mailbox.reply_addresses import by_reply_address, reply_address
from ops_delivery.services.mailbox.taking_part import COMPLAINT, MODULE, Reference, guards, has_part
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import site_now

LOG, QUEUE, MESSAGE = "Service Mail", "Email Queue", "Communication"
DIALOGUE = 10  # ids that a mail of ours refers to
ID_LENGTH = 255
_SPLIT = re.compile(r"[\s()\[\]{}#【】（）《》「」:：,，;；!！?？、。\"'“”]+")
_REPLY = re.compile(r"^\s*(re|aw|sv|antw|回复|回覆|答复|答覆|回信|转发|轉寄|fw|fwd)\s*[:：]\s*", re.I)
LONGEST_TOKEN = 60
MOST_NAMES = 20
RECENT_DAYS = 60


class NoPart(Exception):
	"""A mail names a record that its sender has no part in. `reference` is the record."""

	def __init__(self, reference: Reference):
		super().__init__(": ".join(reference))
		self.reference = reference


# What comes in


def find(mail: Any) -> Reference | None:
	"""The record that a received mail (ServiceMail) belongs to; None for none. NoPart where its sender may not write there."""
	answered = by_ids(mail.ids)
	found = next((one for one in answered if has_part(one, mail.from_email)), None) or next(iter(answered), None)
	found = found or by_number(mail.subject, mail.from_email, mail.wanted)
	found = found or by_reply_address(mail.addressees) or _by_answered_subject(mail)
	if not found:
		return None
	if not mail.is_automatic and guards(found) and not has_part(found, mail.from_email):
		if mail.append_to == COMPLAINT:
			return None  # whoever writes to the complaints' address complains, about whatever
		raise NoPart(found)
	return found


def by_ids(ids: list[str]) -> list[Reference]:
	"""By the mails that a mail answers or refers to: In-Reply-To first, then References from the newest.

	Anybody may give a mail of theirs the id of another one. What we sent goes first, then what came first; all that bear the
	first known id are named, for the caller to choose the one in which the writer has a part.
	"""
	ids = [one[:ID_LENGTH] for one in ids]
	if not ids:
		return []
	for doctype, field, sent in (
		(LOG, "message_id", "direction"),
		(MESSAGE, "message_id", "sent_or_received"),
		(QUEUE, "message_id", None),
	):
		rows = frappe.get_all(
			doctype,
			filters={field: ["in", ids], "reference_name": ["is", "set"]},
			fields=[field, "reference_doctype", "reference_name", *([f"{sent} as direction"] if sent else [])],
			order_by="creation",
		)
		rows.sort(key=lambda row: row.get("direction") == "Received")  # what we sent first, each in its order
		for one in ids:  # Frappe's own records are asked where ours know none
			named = [(row.reference_doctype, row.reference_name) for row in rows if row[field] == one]
			if there := [reference for reference in dict.fromkeys(named) if frappe.db.exists(*reference)][:MOST_NAMES]:
				return there
	return []


def by_number(subject: str, sender: str, doctypes: tuple[str, ...]) -> Reference | None:
	"""By a record's number in the subject, of those that the sender has a part in. A number alone is no right to write."""
	words = [
		word.strip(".-_") for word in _SPLIT.split(subject) if 3 <= len(word) <= LONGEST_TOKEN and any(map(str.isdigit, word))
	]
	if not words:
		return None
	for doctype in doctypes:
		names = frappe.get_all(doctype, filters={"name": ["in", words[:MOST_NAMES]]}, pluck="name", order_by="name")
		for name in sorted(names, key=lambda name: words.index(name) if name in words else len(words)):
			if has_part((doctype, name), sender):
				return doctype, name
	return None


def sent_by_us(ids: list[str]) -> bool:
	"""Whether one of these is the id of a mail that we sent about a record of ours."""
	wanted = [one[:ID_LENGTH] for one in ids]
	return bool(wanted) and bool(frappe.db.exists(LOG, {"message_id": ["in", wanted], "direction": "Sent"}))


def _by_answered_subject(mail: Any) -> Reference | None:
	"""An answer that names nothing: the one open request of that sender with this very subject, lately."""
	subject, bare = mail.subject, None
	while bare != subject:
		bare, subject = subject, _REPLY.sub("", subject)
	if bare == mail.subject or not bare or ours.ISSUE not in mail.wanted:
		return None
	rows = frappe.get_all(
		ours.ISSUE,
		filters={
			"raised_by": mail.from_email,
			"subject": bare,
			"status": ["!=", "Closed"],
			"creation": [">", frappe.utils.add_days(site_now(), -RECENT_DAYS)],
		},
		pluck="name",
		order_by="creation desc",
		limit=2,
	)
	return (ours.ISSUE, rows[0]) if len(rows) == 1 else None


# What goes out


def mark(queue: Any, _method: str | None = None) -> None:
	"""doc_events Email Queue.before_insert: a mail about a record of ours says what it belongs to."""
	if not queue.message or not is_about_ours(queue):
		return
	reference = (queue.reference_doctype, queue.reference_name)
	head, body = mail_edit.split(cstr(queue.message))
	ids = [one for one in _dialogue(reference) if one != queue.message_id]
	if ids and not mail_edit.get(head, "In-Reply-To"):
		head = mail_edit.put(head, "In-Reply-To", f"<{ids[0]}>")
	if ids and not mail_edit.get(head, "References"):
		answered = mail_headers.message_ids(mail_edit.get(head, "In-Reply-To"))
		line = [*(one for one in reversed(ids) if one not in answered), *answered]
		head = mail_edit.put(head, "References", " ".join(f"<{one}>" for one in line))
	written = mail_headers.decode(mail_edit.get(head, "Subject"))
	subject = " ".join(text(written).split())  # no HTML, as what it is made of may be; the body's own heading stays escaped
	if reference[1] not in subject:
		subject = f"{subject} (#{reference[1]})"
	if subject != written:
		head = mail_edit.put(head, "Subject", subject)
	if address := reply_address(reference, queue.email_account):
		given = mail_headers.addresses([mail_edit.get(head, "Reply-To")])
		if not given or given == [address.plain]:
			head = mail_edit.put(head, "Reply-To", address.signed)
	queue.message = mail_edit.join(head, body)


def note_sent(queue: Any, _method: str | None = None) -> None:
	"""doc_events Email Queue.after_insert: its id stays with the record when Frappe empties the queue."""
	if not queue.message_id or not is_about_ours(queue):
		return
	row = frappe.new_doc(LOG)
	row.update(
		{
			"name": frappe.generate_hash(length=16),
			"direction": "Sent",
			"reference_doctype": queue.reference_doctype,
			"reference_name": queue.reference_name,
			"communication": queue.communication,
			"message_id": cstr(queue.message_id).strip("<>")[:ID_LENGTH],
			"email_account": queue.email_account,
			"received_on": None,
			"dated_on": site_now(),
		}
	)
	bulk.insert_row(row)


def is_about_ours(queue: Any) -> bool:
	"""Whether a queued mail is about one record of ours."""
	doctype, name = queue.reference_doctype, queue.reference_name
	if not doctype or not name:
		return False
	if doctype == ours.ISSUE:
		return ours.is_issue_ours(name)
	return frappe.get_meta(doctype).module == MODULE


def _dialogue(reference: Reference) -> list[str]:
	"""The ids of the last mails about a record, both ways, the newest first."""
	return [
		one
		for one in frappe.get_all(
			LOG,
			filters={"reference_doctype": reference[0], "reference_name": reference[1], "message_id": ["is", "set"]},
			pluck="message_id",
			order_by="creation desc",
			limit=DIALOGUE,
		)
		if one
	]


