"""No mail carries a deliverable to whom its security class does not let it be mailed: print, file, or what is written of it (8.2.c.2).

Whoever writes a mail is told whom it cannot go to; of what goes out by itself those addresses are left out.
"""

from __future__ import annotations

import json
from email import message_from_string
from email.policy import SMTP
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain.deliverables import secrecy as acts
from ops_delivery.permissions import secrecy, secret_records, switches
from ops_delivery.permissions.ownership import is_staff, plain

FILE = "File"
PDF = "application/pdf"
AS_IT_IS = SMTP.clone(refold_source="none")  # a long subject that is not ASCII stays encoded
NOTE = "print_format_attachment"


def guard(queue: Any, _method: str | None = None) -> None:
	"""doc_events Email Queue, before_insert and validate, for whoever is added while it waits, too. NotForThisReader for who writes one."""
	if not switches.uses(*secrecy.GUARDED):
		return
	carried = _carried(queue)
	queue.flags.ops_deliverables = []
	for of, with_file in carried.items():
		doc = frappe.get_doc(*of)
		rules = [rule for _each, rule in secrecy.ruled(doc)]
		if any(rule.watermark or (with_file and rule.encrypted) for rule in rules):
			_refuse_file(queue, doc)
		queue.flags.ops_deliverables = [*(queue.flags.ops_deliverables or ()), doc]
		if any(rule.restricted for rule in rules):
			_keep(queue, doc, [row.recipient for row in queue.recipients if not _may_be_mailed(doc, row.recipient)])


def _carried(queue: Any) -> dict[tuple[str, str], bool]:
	"""The deliverables and reports (type, name) of which a mail carries something, and whether that is a file of theirs."""
	found: dict[tuple[str, str], bool] = {}
	fids, urls = [], []
	for note in json.loads(queue.attachments or "[]"):
		if note.get(NOTE) == 1 and note.get("doctype") in secrecy.GUARDED and note.get("name"):
			found.setdefault((note["doctype"], note["name"]), False)
		fids += [note["fid"]] if note.get("fid") else []
		urls += [note["file_url"]] if note.get("file_url") else []
	if fids:
		urls += frappe.get_all(FILE, {"name": ["in", fids]}, pluck="file_url")
	if urls:
		named = {"file_url": ["in", urls], "attached_to_doctype": ["in", secrecy.GUARDED]}
		found |= dict.fromkeys(frappe.get_all(FILE, named, ["attached_to_doctype", "attached_to_name"], as_list=True), True)
	if queue.reference_doctype in secrecy.GUARDED and queue.reference_name and (_is_written(queue) or "attachment;" in cstr(queue.message)):
		found.setdefault((queue.reference_doctype, queue.reference_name), False)
	return {of: file for of, file in found.items() if of[1] and frappe.db.exists(*of)}


def _is_written(queue: Any) -> bool:
	"""Whether a person writes it, rather than a rule."""
	if not queue.communication:
		return False
	return frappe.db.get_value("Communication", queue.communication, "communication_type") == "Communication"


def _may_be_mailed(doc: Any, address: str) -> bool:
	users = frappe.get_all("User", {"email": plain(address), "enabled": 1}, pluck="name", order_by="name")
	return any(
		secret_records.may(doc, acts.MAIL, user) and (not is_staff(user) or frappe.has_permission(doc.doctype, "read", doc=doc, user=user))
		for user in users
	)


def _keep(queue: Any, doc: Any, refused: list[str]) -> None:
	if not refused:
		return
	if queue.is_new() and _is_written(queue):
		frappe.throw(
			_("The security class {0} does not let {1} be mailed to: {2}. Name them under {3} of {1} where the class lets named readers, or take them off the mail.").format(
				frappe.bold(_(secrecy.class_that(doc, "restricted"), context=secrecy.CLASS)),
				frappe.bold(escape_html(doc.name)),
				escape_html(", ".join(plain(address) for address in refused)),
				frappe.bold(_("Named Readers", context="Deliverable")),
			),
			secret_records.NotForThisReader,
		)
	queue.set("recipients", [row for row in queue.recipients if row.recipient not in refused])
	kept = {plain(row.recipient) for row in queue.recipients}
	queue.show_as_cc = ",".join(part for part in cstr(queue.show_as_cc).split(",") if plain(part) in kept)
	if not kept:
		queue.status = "Expired"


def _refuse_file(queue: Any, doc: Any) -> None:
	"""A copy in a mail is nobody's: it bears no reader's name, and stays readable wherever it goes."""
	if queue.is_new() and _is_written(queue) and (json.loads(queue.attachments or "[]") or "attachment;" in cstr(queue.message)):
		frappe.throw(
			_("Copies of the security class {0} are not attached to mails: each is made for one reader. Send the link to {1} instead.").format(
				frappe.bold(_(secrecy.class_that(doc, "watermark") or secrecy.class_that(doc, "encrypted"), context=secrecy.CLASS)), frappe.bold(escape_html(doc.name))
			),
			secret_records.NotForThisReader,
		)
	urls = set(frappe.get_all(FILE, {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}, pluck="file_url"))
	same = set(frappe.get_all(FILE, {"file_url": ["in", sorted(urls) or [""]]}, pluck="name"))
	notes = json.loads(queue.attachments or "[]")
	print_of = {"doctype": doc.doctype, "name": doc.name}
	queue.attachments = json.dumps(
		[
			note
			for note in notes
			if note.get("fid") not in same and note.get("file_url") not in urls and not print_of.items() <= note.items()
		]
	)
	if queue.reference_doctype == doc.doctype and PDF in cstr(queue.message):
		queue.message = _without_pdf(queue.message)


def _without_pdf(text: str) -> str:
	message = message_from_string(text, policy=AS_IT_IS)
	for whole in [part for part in message.walk() if part.is_multipart()]:
		whole.set_payload([part for part in whole.get_payload() if part.get_content_type() != PDF])
	return message.as_string()
