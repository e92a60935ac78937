"""Mails, the bell, timelines and appointments tell nobody of a complaint who must not learn of it (5.4.d)."""

from __future__ import annotations

import frappe

from ops_delivery.permissions.confidential import ACTION, COMPLAINT, NAMES_RECORDS, is_guarded, is_hidden
from ops_delivery.permissions.ownership import GUEST, plain


def guards_mail_about(doctype: str | None) -> bool:
	"""Whether mails about records of that type are kept from some people."""
	return doctype in (COMPLAINT, ACTION)


def guard_mail(doc, _method: str | None = None) -> None:
	"""doc_events Email Queue, before_insert and validate: no mail about a hidden record goes to who must not see it, nor to
	somebody added to it while it waits."""
	if not guards_mail_about(doc.reference_doctype):
		return
	kept = [
		row
		for row in doc.recipients
		if not _address_is_hidden(doc.reference_doctype, doc.reference_name, row.recipient)
	]
	if len(kept) == len(doc.recipients):
		return
	doc.set("recipients", kept)
	addresses = {plain(row.recipient) for row in kept}
	doc.show_as_cc = ",".join(part for part in (doc.show_as_cc or "").split(",") if plain(part) in addresses)
	if not kept:
		doc.status = "Expired"


def guard_bell(doc, _method: str | None = None) -> None:
	"""doc_events Notification Log.before_insert: a note about a hidden record is emptied and given to nobody."""
	if is_hidden(doc.document_type, doc.document_name, doc.for_user):
		doc.update(dict.fromkeys(("subject", "email_content", "document_type", "document_name", "link"), ""))
		doc.update({"for_user": GUEST, "type": "Alert"})
		doc.flags.ops_hidden = True


def drop_bell(doc, _method: str | None = None) -> None:
	"""doc_events Notification Log.after_insert: what was emptied is not kept."""
	if doc.flags.ops_hidden:
		frappe.db.delete("Notification Log", {"name": doc.name})


def keep_off_timelines(doc, _method: str | None = None) -> None:
	"""doc_events Communication.before_save: a mail of a complaint stands on the complaint alone, not on the timeline of
	the contact or customer, which those complained about can read."""
	if doc.reference_doctype == COMPLAINT:
		doc.set("timeline_links", [])


def guard_preview(doc, _method: str | None = None, preview_document: str | None = None) -> None:
	"""doc_events Notification.preview_…: whoever looks at a message with a record of ours needs the right to read it."""
	if preview_document and doc.document_type and is_guarded(doc.document_type):
		frappe.has_permission(doc.document_type, "read", doc=preview_document, throw=True)


def keep_private(doc, _method: str | None = None) -> None:
	"""doc_events Event.validate: an appointment about a complaint is private.

	Frappe's own list condition of Event ends in an "or" without brackets, which lets public ones pass by any other.
	"""
	if doc.event_type == "Public" and any(
		row.get(field) in (COMPLAINT, ACTION)
		for doctype, field, _name in NAMES_RECORDS["Event"].rows
		for row in doc.get_all_children()
		if row.doctype == doctype
	):
		doc.event_type = "Private"


def _address_is_hidden(doctype: str, name: str, address: str) -> bool:
	users = frappe.get_all("User", filters={"email": plain(address)}, pluck="name", order_by="name")
	return any(is_hidden(doctype, name, user) for user in users)
