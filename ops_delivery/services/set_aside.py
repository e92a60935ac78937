"""Mails that need a person: what came into a service mailbox and cannot be filed by itself is kept as it came (5.3.c).

One click makes a request of it, or puts it into the record that it answers; a person may also say that nothing is to be done.
Each is written down: who, when, what became of it.
"""

from __future__ import annotations

import email
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, get_datetime, validate_email_address

from ops_delivery.domain import mail_headers, mail_kinds, mail_parts
from ops_delivery.permissions import steps
from ops_delivery.permissions.ownership import plain
from ops_delivery.services import mail, ours, own_codes, uploads
from ops_delivery.services.reader import language_of, reading
from ops_delivery.services.time import site_now, to_site, to_utc

DOCTYPE = "Mail That Needs a Person"
NO_SENDER, UNREADABLE, TOO_LARGE = "No Sender", "Cannot Be Read", "Too Large"
STRANGER = "Writer Has No Part in the Record"
TOO_MANY = "Too Many of One Sender"
OPEN, MADE, ADDED, NOTHING = "Open", "Request Made", "Added to the Record", "Nothing to Do"
NEW = "new"  # a mail that is to open a record of its own, whatever it answers
EXCERPT = 10_000
ADDRESS_LENGTH = 140
MEGABYTE = 1024 * 1024


def keep(
	place: Any,
	raw: bytes,
	reason: str,
	details: str,
	received: datetime,
	dated: datetime | None,
	reference: tuple[str, str] | None = None,
) -> str:
	"""Keep a mail, without the codes of our links, for a person; its name in the list."""
	raw = own_codes.clean_mail(raw)
	name, address = _sender(raw)
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"subject": (mail_headers.first(raw, "Subject") or _("No Subject"))[:255],
			"sender": address[:255],
			"sender_name": name[:255],
			"received_on": to_site(received),
			"dated_on": to_site(dated),
			"state": OPEN,
			"reason": reason,
			"details": details,
			"reference_doctype": reference[0] if reference else None,
			"reference_name": reference[1] if reference else None,
			"excerpt": _words(raw),
			"email_account": place.account.name,
			"append_to": place.append_to,
			"folder": place.folder,
			"uid": place.uid,
		}
	)
	steps.take(doc).insert(ignore_permissions=True)
	file = uploads.attach(DOCTYPE, doc.name, f"{doc.name}.eml", raw)
	doc.db_set("mail", file.file_url, update_modified=False)
	return doc.name


def refuse(place: Any, head: bytes, size: int, received: datetime, dated: datetime | None) -> None:
	"""Keep the head of a mail that is too large, and tell its sender how to send it; a machine is not answered."""
	from ops_delivery.services import mail_storing

	megabytes = mail_storing.most_bytes() * 3 // 4 // MEGABYTE
	details = _("{0} MB. It lies unread in the mailbox.").format(round(size / MEGABYTE))
	keep(place, head, TOO_LARGE, details, received, dated)
	_name, address = _sender(head)
	if not address or mail_kinds.is_automatic(mail_storing.parsed(head)) or address == plain(place.account.email_id):
		return
	subject = mail_headers.first(head, "Subject") or _("No Subject")
	with reading(language_of(address)):
		mail.queue(
			"".join(
				f"<p>{line}</p>"
				for line in (
					_("Your mail of {0} MB did not reach us: we take mails of up to {1} MB.").format(
						round(size / MEGABYTE), megabytes
					),
					_(
						"Please send us your words without the large files: answer this mail. Then send the files in several mails, as smaller pictures, or on your request's page."
					),
				)
			),
			recipients=[address],
			sender=place.account.email_id,
			subject=_("Not received, as too large: {0}").format(subject),
			in_reply_to=next(iter(mail_headers.message_ids(mail_headers.first(head, "Message-ID"))), None),
			add_unsubscribe_link=0,
			header=None,
		)


def waiting() -> int:
	"""How many wait for somebody."""
	return frappe.db.count(DOCTYPE, {"state": OPEN})


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
	from ops_delivery.services.service_mail import ServiceMail

	if doc.reason in (NO_SENDER, TOO_LARGE) or not frappe.db.exists("Email Account", doc.email_account):
		return None
	account = frappe.get_doc("Email Account", doc.email_account)
	account.use_imap = 1
	append_to = ours.ISSUE if thread == NEW else doc.append_to or ours.ISSUE
	frappe.db.savepoint("ops_mail_filed")
	try:
		mail = ServiceMail(_raw(doc), account, 0, append_to, to_utc(doc.received_on), to_utc(doc.dated_on), thread)
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
	if raw := _raw(doc):
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
	if raw := _raw(doc):
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


def _raw(doc: Any) -> bytes:
	name = frappe.db.get_value(
		"File", {"attached_to_doctype": DOCTYPE, "attached_to_name": doc.name, "file_url": doc.mail}, "name"
	)
	if not name:
		return b""
	with open(frappe.get_doc("File", name).get_full_path(), "rb") as file:  # get_content gives a text where it can
		return file.read()


def _sender(raw: bytes) -> tuple[str, str]:
	"""(name, address) of the sender as far as the head says."""
	try:
		return mail_headers.address(mail_headers.heal(email.message_from_bytes(raw[:100_000])).get("From"))
	except Exception:  # what no library reads
		return mail_headers.first(raw, "From"), ""


def _words(raw: bytes) -> str:
	"""What can be read of it, at most EXCERPT characters; never an error."""
	try:
		mail = mail_headers.heal(email.message_from_bytes(raw))
		texts: dict[str, str] = {"text/plain": "", "text/html": ""}
		for part in mail.walk():
			kind = part.get_content_type()
			if kind in texts and part.get_content_disposition() != "attachment":
				content = part.get_payload(decode=True) or b""
				texts[kind] += mail_headers.to_text(content[: EXCERPT * 20], part.get_content_charset())
		words = texts["text/plain"].strip() or mail_parts.plain(texts["text/html"], EXCERPT)
	except Exception:
		words = mail_headers.to_text(raw.partition(b"\n\n")[2][: EXCERPT * 2])
	return words.replace("\x00", "").strip()[:EXCERPT]
