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

from ops_delivery.domain import mail_headers, mail_parts
from ops_delivery.permissions import steps
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared import link_codes as own_codes
from ops_delivery.services.shared.site_time import to_site

DOCTYPE = "Mail That Needs a Person"
NO_SENDER, UNREADABLE, TOO_LARGE = "No Sender", "Cannot Be Read", "Too Large"
NOT_SAVED = "Stopped by a Rule or Script"
STRANGER = "Writer Has No Part in the Record"
TOO_MANY = "Too Many of One Sender"
OPEN, MADE, ADDED, NOTHING = "Open", "Request Made", "Added to the Record", "Nothing to Do"
NEW = "new"  # a mail that is to open a record of its own, whatever it answers
EXCERPT = 10_000


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
	name, address = sender(raw)
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


def waiting() -> int:
	"""How many wait for somebody."""
	return frappe.db.count(DOCTYPE, {"state": OPEN})


def sender(raw: bytes) -> tuple[str, str]:
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
