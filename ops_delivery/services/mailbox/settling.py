"""What a person decides on a mail that was set aside: a request of its own, part of a record, or nothing (5.3.c).

Each is written down: who, when, what became of it.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, get_datetime, validate_email_address

from ops_delivery.domain import mail_parts
from ops_delivery.permissions import steps
from ops_delivery.services.mailbox.service_mail import ServiceMail
from ops_delivery.services.mailbox.set_aside import (
	ADDED,
	DOCTYPE,
	MADE,
	NEW,
	NO_SENDER,
	NOTHING,
	OPEN,
	TOO_LARGE,
)
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared.site_time import site_now, to_utc

ADDRESS_LENGTH = 140


def make_request(name: str) -> str:
	"""Make a request of a mail: as if it had come in so; where it cannot be read, with what can be read and the mail as a
	file. Returns the request."""
	return _settle(name, MADE)


def add_to_record(name: str) -> str:
	"""Put a mail into the record that it answers; returns the record's name."""
	return _settle(name, ADDED)


def leave(name: str, note: str) -> None:
	"""There is nothing to be done with it; `note` says why."""
	if not cstr(note).strip():
		frappe.throw(_("{0} is needed: say why nothing is to be done.").format(frappe.bold(_("Note", context=DOCTYPE))))
	doc = _open(name)
	_close(doc, NOTHING, note=cstr(note).strip())


# Parts


def _settle(name: str, state: str) -> str:
	doc = _open(name)
	if state == ADDED and not (doc.reference_name and frappe.db.exists(doc.reference_doctype, doc.reference_name)):
		frappe.throw(_("{0} answers no record that is still there. Make a request of it.").format(frappe.bold(doc.name)))
	thread = (doc.reference_doctype, doc.reference_name) if state == ADDED else NEW
	found = _filed(doc, thread)
	if not found:
		found = _bare_request(doc) if state == MADE else _bare_message(doc)
	_close(doc, state, found)
	return found[1]


def _filed(doc: Any, thread: Any) -> tuple[str, str] | None:
	"""File the mail as one that came in just now; None where it cannot be read or has no sender."""
	if doc.reason in (NO_SENDER, TOO_LARGE) or not frappe.db.exists("Email Account", doc.email_account):
		return None
	account = frappe.get_doc("Email Account", doc.email_account)
	account.use_imap = 1
	append_to = ours.ISSUE if thread == NEW else doc.append_to or ours.ISSUE
	frappe.db.savepoint("ops_mail_filed")
	try:
		mail = ServiceMail(raw_of(doc), account, 0, append_to, to_utc(doc.received_on), to_utc(doc.dated_on), thread)
		communication = mail.process()
	except Exception:
		frappe.db.rollback(save_point="ops_mail_filed")
		frappe.log_error(title=f"Ops Delivery: {doc.name} could not be filed as a mail")
		return None
	return communication.reference_doctype, communication.reference_name


def _bare_request(doc: Any) -> tuple[str, str]:
	received = get_datetime(doc.received_on or site_now())
	issue = frappe.new_doc(ours.ISSUE)
	issue.update(
		{
			"subject": doc.subject[:140],
			"raised_by": doc.sender if _takes_mail(doc.sender) else None,
			"description": mail_parts.as_html(cstr(doc.excerpt)),
			"email_account": doc.email_account,
			"ops_channel": "E-mail",
			"ops_received_on": received,
			"ops_mail_dated_on": doc.dated_on,
			"opening_date": received.date(),
			"opening_time": received.time(),
		}
	)
	issue.flags.ops_by_mail = issue.flags.ignore_mandatory = True
	issue.insert(ignore_permissions=True)
	if raw := raw_of(doc):
		uploads.attach(ours.ISSUE, issue.name, f"{doc.name}.eml", raw)
	return issue.doctype, issue.name


def _bare_message(doc: Any) -> tuple[str, str]:
	message = frappe.new_doc("Communication")
	message.update(
		{
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Received",
			"subject": doc.subject,
			"sender": doc.sender if validate_email_address(cstr(doc.sender)) else None,
			"sender_full_name": doc.sender_name or doc.sender,
			"content": mail_parts.as_html(cstr(doc.excerpt)),
			"communication_date": doc.received_on,
			"reference_doctype": doc.reference_doctype,
			"reference_name": doc.reference_name,
			"has_attachment": 1,
		}
	)
	message.insert(ignore_permissions=True)
	if raw := raw_of(doc):
		uploads.attach("Communication", message.name, f"{doc.name}.eml", raw)
	return doc.reference_doctype, doc.reference_name


def _open(name: str) -> Any:
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	if doc.state != OPEN:
		frappe.throw(
			_("{0} was settled already: {1}, by {2}.").format(
				frappe.bold(doc.name), _(doc.state, context=DOCTYPE), frappe.utils.get_fullname(doc.handled_by)
			)
		)
	return doc


def _close(doc: Any, state: str, found: tuple[str, str] | None = None, note: str | None = None) -> None:
	doc.update(
		{
			"state": state,
			"handled_by": frappe.session.user,
			"handled_on": site_now(),
			"outcome_doctype": found[0] if found else None,
			"outcome_name": found[1] if found else None,
			"note": note,
		}
	)
	steps.take(doc).save(ignore_permissions=True)


def _takes_mail(address: str | None) -> bool:
	"""Whether an address may stand on a request: what is longer than its field would be refused."""
	return len(cstr(address)) <= ADDRESS_LENGTH and bool(validate_email_address(cstr(address)))


def raw_of(doc: Any) -> bytes:
	"""The mail as it came, without the codes of our links; b"" where its file is gone."""
	name = frappe.db.get_value(
		"File", {"attached_to_doctype": DOCTYPE, "attached_to_name": doc.name, "file_url": doc.mail}, "name"
	)
	if not name:
		return b""
	with open(frappe.get_doc("File", name).get_full_path(), "rb") as file:  # get_content gives a text where it can
		return file.read()
