"""Prints of ours in e-mails are made for whoever reads the mail: in their language (8.4.b.1), and with what they may read.

Frappe notes in a queued mail which print goes with it and makes it when the mail is sent, in the language of the note; that
of a Notification is English or the worker's. Workflow mails and Auto Repeat make it at once, before anybody knows who will
read it. Here, when the mail is queued, its readers are known: the note gets their language, and a print that was made in
another one is noted in its place. Where readers read different languages the mail carries one print in each.

Who reads it goes with the note, too: one reader who is not staff, and it is the customer's version (services/reviews/readership.py).
That is asked when the mail is sent, of those to whom it is addressed by then.

What a person chose stays: the language of the e-mail dialog, of the print format, of the record itself.
"""

from __future__ import annotations

import json
from collections import Counter
from email import message_from_string
from email.message import Message
from email.policy import SMTP
from typing import Any

import frappe
from frappe.utils import cint, cstr

from ops_delivery import framework
from ops_delivery.permissions import confidential_messages
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.papers import frappe_prints as seam
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.locale import language_of

NOTE = "print_format_attachment"
AS_IT_IS = SMTP.clone(refold_source="none")  # a long subject that is not ASCII stays encoded


def before_insert(queue: Any, _method: str | None = None) -> None:
	"""doc_events Email Queue: every print of ours in the languages of the mail's readers."""
	noted = json.loads(queue.attachments or "[]")
	if not noted and not seam.any_made():
		return
	as_pdf = cint(frappe.get_cached_doc("Print Settings").send_print_as_pdf)
	by_person = _is_written_by_a_person(queue)
	kept: list[dict[str, Any]] = []
	for row in noted:
		if _is_note_of_ours(row):
			row = _for_readers(queue, row)
			chosen = by_person or not documents.is_ours(row["doctype"], row.get("print_format"))
			kept += [row] if chosen else _notes(queue, row)
		else:
			kept += (as_pdf and _made_anew(queue, _print_of(row))) or [row]
	kept += _taken_out(queue) if as_pdf else []
	if kept != noted:
		queue.attachments = json.dumps(kept)


def validate(queue: Any, _method: str | None = None) -> None:
	"""doc_events Email Queue: while it waits people may be added; its prints are for those who are to get it now."""
	noted = json.loads(queue.attachments or "[]")
	kept = [_for_readers(queue, row) if cstr(row.get("style")).startswith(seam.MARK) else row for row in noted]
	if kept != noted:
		queue.attachments = json.dumps(kept)


def settle_added_reader(row: Any, _method: str | None = None) -> None:
	"""doc_events Email Queue Recipient: somebody added past the mail itself is held to what the mail is held to."""
	queue = frappe.db.get_value(
		"Email Queue", row.parent, ["name", "status", "reference_doctype", "attachments"], as_dict=True
	)
	if not queue or queue.status == "Sent":
		return
	guarded = confidential_messages.guards_mail_about(queue.reference_doctype)
	if guarded or seam.MARK in cstr(queue.attachments) or queue.reference_doctype == "Deliverable":
		frappe.get_doc("Email Queue", queue.name).save(ignore_permissions=True)


def _is_note_of_ours(row: dict[str, Any]) -> bool:
	if row.get(NOTE) != 1 or row.get("html") or not row.get("doctype") or not row.get("name"):
		return False
	return documents.is_of_ours(row["doctype"]) or documents.is_ours(row["doctype"], row.get("print_format"))


def _for_readers(queue: Any, row: dict[str, Any]) -> dict[str, Any]:
	"""A note that says who reads the print. Some formats go past everybody who could leave anything out of them; who must not
	read all of the document gets our paper in their place."""
	if not documents.is_of_ours(row["doctype"]):
		return row
	meta, chosen = frappe.get_meta(row["doctype"]), row.get("print_format")
	past = framework.goes_past_get_print(chosen) and meta.default_print_format
	if past and _is_withheld(queue, row["doctype"], row["name"]):
		row = {**row, "print_format": meta.default_print_format}
	return {**row, "style": seam.marked_for(_addresses(queue), queue.name)}


def _addresses(queue: Any) -> list[str]:
	return [plain(row.recipient) for row in queue.recipients]


def _is_withheld(queue: Any, doctype: str, name: str) -> bool:
	"""Whether any reader of the mail must not read all of the document."""
	with readership.shown_to(_addresses(queue)):
		doc = frappe.get_doc(doctype, name)
		return readership.for_customer(doc) or bool(readership.hidden(doc))


def _goes_to_customer(queue: Any, doctype: str, name: str) -> bool:
	with readership.shown_to(_addresses(queue)):
		return readership.for_customer(frappe.get_doc(doctype, name))


def _is_written_by_a_person(queue: Any) -> bool:
	"""Whether it comes from the e-mail dialog, where the language of the print is chosen."""
	if not queue.communication:
		return False
	return frappe.db.get_value("Communication", queue.communication, "communication_type") == "Communication"


def _notes(queue: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
	"""A note once for each language that the mail's readers read."""
	spoken = _languages(queue, row["doctype"], row["name"], row.get("print_format"))
	file_name = row.get("file_name") or row["name"]
	return [
		{**row, "lang": language, **({"file_name": f"{file_name}-{language}"} if number else {})}
		for number, language in enumerate(spoken)
	]


def _made_anew(queue: Any, made: seam.Made | None) -> list[dict[str, Any]]:
	"""The notes that take the place of a print that was made before; none where it may stay."""
	if not made:
		return []
	spoken = _languages(queue, made.doctype, made.name, made.print_format)
	# made before anybody knew who reads it, so it is the customer's version
	for_customer = not documents.is_of_ours(made.doctype) or _goes_to_customer(queue, made.doctype, made.name)
	if spoken == [made.language] and for_customer:
		return []
	note = {
		NOTE: 1,
		"doctype": made.doctype,
		"name": made.name,
		"print_format": made.print_format,
		"letterhead": made.letterhead,
		"print_letterhead": int(not made.no_letterhead),
	}
	return _notes(queue, _for_readers(queue, note))


def _languages(queue: Any, doctype: str, name: str, print_format: str | None) -> list[str]:
	"""The languages to print in: the one that record or print format name, else those of the readers, commonest first."""
	meta = frappe.get_meta(doctype)
	chosen = (meta.has_field("language") and frappe.db.get_value(doctype, name, "language")) or (
		frappe.get_cached_value("Print Format", print_format or meta.default_print_format, "default_print_language")
	)
	if chosen:
		return [chosen]
	customer = frappe.db.get_value(doctype, name, "customer") if meta.has_field("customer") else None
	addresses = _addresses(queue)
	users = dict(
		frappe.get_all(
			"User",
			filters={"email": ["in", addresses or [""]], "enabled": 1},
			fields=["email", "language"],
			as_list=True,
			order_by="name",
		)
	)
	others = language_of(None, customer)
	spoken = Counter(users.get(address) or others for address in addresses)
	return [language for language, _number in spoken.most_common()] or [frappe.local.lang or "en"]


def _print_of(row: dict[str, Any]) -> seam.Made | None:
	"""The print of this request or job that a file attached to the mail holds."""
	if not row.get("fid") or not seam.any_made():
		return None
	return seam.made(frappe.db.get_value("File", row["fid"], "content_hash"))


def _taken_out(queue: Any) -> list[dict[str, Any]]:
	"""Prints of this request or job that stand in the message itself, in another language than its readers': taken out
	of it; the notes that take their place."""
	if not seam.any_made() or "application/pdf" not in (queue.message or ""):
		return []
	message = message_from_string(queue.message, policy=AS_IT_IS)
	found: list[dict[str, Any]] = []
	for whole in [part for part in message.walk() if part.is_multipart()]:
		stay: list[Message] = []
		for part in whole.get_payload():
			content = part.get_payload(decode=True) if part.get_content_type() == "application/pdf" else None
			notes = _made_anew(queue, seam.made_from(content)) if content else []
			found += notes
			stay += [] if notes else [part]
		whole.set_payload(stay)
	if found:
		queue.message = message.as_string()
	return found
