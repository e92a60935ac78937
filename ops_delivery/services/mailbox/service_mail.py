"""A mail of a service mailbox, read as customers' programs write it and not only as the standards have it (5.3.c, 6.3.j)."""

from __future__ import annotations

import mimetypes
from datetime import datetime
from email.message import Message
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.file.exceptions import MaxFileSizeReachedError
from frappe.email.receive import InboundMail
from frappe.utils import cint, escape_html, validate_email_address

from ops_delivery.domain import mail_headers, mail_kinds, mail_parts
from ops_delivery.services.mailbox import blocks as mail_blocks
from ops_delivery.services.mailbox import request_mails as mail_requests
from ops_delivery.services.mailbox import set_aside
from ops_delivery.services.mailbox import threads as mail_threads
from ops_delivery.services.scope import customer_contacts as parties
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared import link_codes as own_codes
from ops_delivery.services.shared.site_time import to_site

MOST_HTML, MOST_TEXT = 500_000, 200_000  # characters of a message; cleaning more takes minutes
KEPT_WORDS = 50_000
MOST_PARTS = 500
DEEPEST = 5  # messages within messages
SUBJECT_LENGTH = NAME_LENGTH = ADDRESS_LENGTH = 140
MOST_PEOPLE = 200


class ServiceMail(InboundMail):
	"""`ops_received` and `ops_dated` are instants: from when it counts as received, and the date it bears."""

	def __init__(
		self,
		raw: bytes,
		account: Any,
		uid: int,
		append_to: str | None,
		received: datetime,
		dated: datetime | None,
		thread: mail_threads.Reference | str | None = None,
	):
		"""`thread`: a record that somebody said it belongs to, or NEW for one that is to open a record of its own."""
		self.ops_received, self.ops_dated, self.ops_thread = received, dated, thread
		self.ops_broken, self.ops_too_large, self.ops_parts = False, [], 0
		self.ops_blocks: list[str] = []
		self.ops_words: list[tuple[bool, str]] = []  # (is HTML, text) of the parts that are to be read, in their order
		super().__init__(raw, account, uid, None, append_to)
		self.date = to_site(received).strftime("%Y-%m-%d %H:%M:%S")

	# Reading

	def parse(self) -> None:
		mail_headers.heal(self.mail)
		self._read(self.mail, 0)
		if any(is_html for is_html, _text in self.ops_words):
			beside = [text for is_html, text in self.ops_words if not is_html]
			self.html_content = "".join(
				text if is_html else f"<div>{mail_parts.as_html(text)}</div>" for is_html, text in self.ops_words
			)
			if beside:  # it says in HTML alone what stands above or below
				self.text_content = mail_parts.plain(self.html_content[:MOST_HTML], MOST_TEXT)

	def _read(self, part: Message, depth: int, alternative: bool = False) -> None:
		"""`alternative`: the same is said in another part of its message."""
		self.ops_parts += 1
		kind = part.get_content_type()
		if self.ops_parts > MOST_PARTS or depth > DEEPEST:
			return
		mail_parts.unpack_message(part)
		if kind == "message/rfc822" and part.is_multipart():
			self._read_message(part, depth)
		elif part.is_multipart() and kind != "message/delivery-status":
			children = part.get_payload()
			kinds = {child.get_content_type() for child in children} if kind == "multipart/alternative" else set()
			for child in children:
				self._read(child, depth, alternative or len(kinds) > 1)
		elif kind == "message/delivery-status":
			self.text_content += f"\n{part.as_string().partition(chr(10) * 2)[2]}"
		elif kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and depth == 0:
			self._read_text(part, kind, alternative)
		elif not (depth and kind in ("text/plain", "text/html") and not mail_headers.file_name(part)):
			if kind == "text/calendar":
				self.ops_blocks += mail_blocks.of_calendar(self.get_payload(part))
			if mail_blocks.is_packed(part):
				self.ops_blocks.append(mail_blocks.of_packed(part))
			self.get_attachment(part)

	def _read_text(self, part: Message, kind: str, alternative: bool) -> None:
		text = self.get_payload(part)
		if any(type(defect).__name__ == "InvalidBase64LengthDefect" for defect in part.defects):
			self.ops_broken = True
		if kind == "text/html":
			self.ops_words.append((True, text))
		else:
			self.text_content += text
			if not alternative and text.strip():
				self.ops_words.append((False, text))
			if part.get_filename():
				self.get_attachment(part)

	def _read_message(self, part: Message, depth: int) -> None:
		"""A message that was attached: its words are shown below the sender's own, it and its files are kept."""
		inner = part.get_payload()[0]
		self.ops_blocks.append(mail_blocks.of_message(inner, self.get_payload))
		name = mail_headers.file_name(part) or mail_headers.decode(inner["Subject"]) or _("Message", context="Ops Delivery")
		name = name if name.lower().endswith(".eml") else f"{name}.eml"
		self._attach(name, own_codes.clean_mail(inner.as_bytes()), "message/rfc822", "")
		self._read(inner, depth + 1)

	def get_payload(self, part: Message) -> str:
		content = part.get_payload(decode=True)
		if not isinstance(content, bytes):
			return ""
		try:
			charset = part.get_content_charset()
		except (LookupError, ValueError, TypeError):
			charset = None
		return own_codes.without(mail_headers.to_text(content, charset).replace("\x00", "")) or ""

	def get_attachment(self, part: Message) -> None:
		content = part.get_payload(decode=True)
		if not content:
			return
		kind = part.get_content_type()
		name = mail_headers.file_name(part)
		if not name:
			ending = mimetypes.guess_extension(kind) or ".bin"
			name = f"{kind.partition('/')[0]}-{len(self.attachments) + 1}{ending}"
		self._attach(name, content, kind, (part.get("Content-Id") or "").strip("<> \t\r\n"))

	def _attach(self, name: str, content: bytes, kind: str, cid: str) -> None:
		name = uploads.clean_name(name)
		taken = {attachment["fname"] for attachment in self.attachments}
		stem, dot, ending = name.rpartition(".")
		number = 1
		while name in taken:
			number += 1
			name = f"{stem}-{number}.{ending}" if dot else f"{ending}-{number}"
		self.attachments.append({"content_type": kind, "fname": name, "fcontent": content})
		if cid:
			self.cid_map[name] = cid

	def set_content_and_type(self) -> None:
		"""HTML always: the sender's own words first, then what was attached as messages or invitations. What is too long to be
		cleaned is kept as a file, with its words in the message."""
		text, pictures = self.text_content, []
		html, pictures = mail_parts.take_out_pictures(self.html_content)
		for name, ending, content in pictures:
			self._attach(f"{name}.{ending}", content, f"image/{ending}", name)
		if len(html) > MOST_HTML:
			self._attach("message.html", html.encode(), "text/html", "")
			text, html = text.strip() or mail_parts.plain(html, KEPT_WORDS), ""
		if len(text) > MOST_TEXT:
			self._attach("message.txt", text.encode(), "text/plain", "")
			text = text[:KEPT_WORDS]
		self.text_content = text or mail_parts.plain(html, KEPT_WORDS)
		content = html if html.strip() else mail_parts.as_html(text)
		self.content = "".join([content, *(f"<hr>{block}" for block in self.ops_blocks)]) or f"<p>{_('[Blank E-mail]')}</p>"
		self.content_type = "text/html"

	def set_subject(self) -> None:
		self.subject = mail_headers.decode(self.mail.get("Subject"))[:SUBJECT_LENGTH].strip() or _("No Subject")

	def set_from(self) -> None:
		"""Who wrote: the sender if known here, else a Reply-To that is known, else where answers are wanted."""
		name, sender = mail_headers.address(self.mail.get("X-Original-From") or self.mail.get("From"))
		_reply_name, reply_to = mail_headers.address(self.mail.get("Reply-To"))
		if reply_to and reply_to != sender and not parties.is_known(sender):
			own = frappe.db.exists("Email Account", {"email_id": reply_to})
			if not own and (parties.is_known(reply_to) or sender):
				sender = reply_to
		fits = sender and len(sender) <= ADDRESS_LENGTH
		self.from_email = sender if fits and validate_email_address(sender) else None
		self.from_real_name = (name or sender)[:NAME_LENGTH]
		self.message_id = next(iter(mail_headers.message_ids(self.mail.get("Message-ID"))), "")
		self.ids = mail_headers.message_ids(self.mail.get("In-Reply-To"))
		known = set(self.ids)
		self.ids += [one for one in reversed(mail_headers.message_ids(self.mail.get("References"))) if one not in known]

	@property
	def in_reply_to(self) -> str:
		return next(iter(self.ids), "")

	@staticmethod
	def decode_email(value: Any) -> str:
		return mail_headers.decode(value) if value else ""

	@property
	def addressees(self) -> list[str]:
		"""All addresses that the mail was sent to, as far as its headers tell."""
		names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")
		return mail_headers.addresses(value for name in names for value in self.mail.get_all(name, []))

	@property
	def is_automatic(self) -> bool:
		"""Whether a machine wrote it."""
		return mail_kinds.is_automatic(self.mail)

	@property
	def wanted(self) -> tuple[str, ...]:
		"""Of which record types a number in the subject is looked up."""
		return tuple(dict.fromkeys(filter(None, (self.append_to, ours.ISSUE, mail_threads.COMPLAINT))))

	def trouble(self) -> tuple[str, str] | None:
		"""(reason, details) why it cannot be filed by itself; None where it can."""
		if not self.from_email:
			return set_aside.NO_SENDER, mail_headers.decode(self.mail.get("From"))
		if self.ops_parts > MOST_PARTS:
			return set_aside.UNREADABLE, _("It has more than {0} parts.").format(MOST_PARTS)
		if self.ops_broken and not mail_parts.plain(self.html_content, 100):
			return set_aside.UNREADABLE, _("Its text is damaged.")
		return None

	# Filing

	def is_exist_in_system(self) -> Any:
		"""The same mail was looked for by its fingerprint; here one that Frappe took in before the mailbox was named."""
		found = super().is_exist_in_system()
		known = found and frappe.db.exists(mail_threads.LOG, {"communication": found.name, "direction": "Received"})
		return None if known else found

	def parent_email_queue(self) -> str:
		return ""

	def parent_communication(self) -> Any:
		"""The message that it answers, for the thread of messages."""
		if self._parent_communication is None:
			names = frappe.get_all(
				mail_threads.LOG,
				filters={"message_id": ["in", self.ids[:1] or [""]], "communication": ["is", "set"]},
				pluck="communication",
				order_by="creation desc",
				limit=1,
			)
			found = names and frappe.db.exists("Communication", names[0])
			self._parent_communication = frappe.get_doc("Communication", names[0]) if found else ""
		return self._parent_communication

	def reference_document(self) -> Any:
		if self._reference_document is None:
			thread = self.ops_thread if self.ops_thread else mail_threads.find(self)
			is_record = thread and thread != set_aside.NEW
			self._reference_document = frappe.get_doc(*thread) if is_record else ""
		return self._reference_document

	def _create_reference_document(self, doctype: str) -> str | None:
		if doctype not in (ours.ISSUE, mail_threads.COMPLAINT):
			return super()._create_reference_document(doctype)
		received = to_site(self.ops_received)
		doc = frappe.new_doc(doctype)
		doc.update({"subject": self.subject, "raised_by": self.from_email})
		if doctype == ours.ISSUE:
			doc.update({"email_account": self.email_account.name, "ops_channel": mail_requests.BY_MAIL})
			doc.update({"ops_received_on": received, "ops_mail_dated_on": to_site(self.ops_dated)})
			doc.update({"opening_date": received.date(), "opening_time": received.time()})
			doc.flags.ops_by_mail = True
		else:
			doc.update({"raised_by_name": self.from_real_name, "received_on": received})
		doc.flags.ignore_mandatory = True
		return doc.insert(ignore_permissions=True).name

	def save_attachments_in_doc(self, doc: Any) -> list[Any]:
		saved = []
		for attachment in self.attachments:
			try:
				if file := self._save(doc, attachment):
					saved.append(file)
			except MaxFileSizeReachedError:
				self.ops_too_large.append(attachment["fname"])
		if self.ops_too_large:
			names = ", ".join(escape_html(name) for name in self.ops_too_large)
			self.content += f"<p>{_('Not kept, as too large: {0}').format(names)}</p>"
		return saved

	def _save(self, doc: Any, attachment: dict[str, Any]) -> Any:
		"""One file. What says to be a picture and is none is kept all the same, under a name that no program opens as one."""
		name = attachment["fname"]
		for given in (name, f"{name}.bin"):
			frappe.db.savepoint("ops_mail_file")
			try:
				file = frappe.get_doc(
					{
						"doctype": "File",
						"file_name": given,
						"attached_to_doctype": doc.doctype,
						"attached_to_name": doc.name,
						"is_private": 1,
						"content": attachment["fcontent"],
					}
				)
				file.insert(ignore_permissions=True)
			except (frappe.FileAlreadyAttachedException, frappe.DuplicateEntryError):
				return None
			except MaxFileSizeReachedError:
				raise
			except Exception:
				frappe.db.rollback(save_point="ops_mail_file")
				if given != name:
					raise
				continue
			if name in self.cid_map:
				self.cid_map[file.name] = self.cid_map[name]
			return file
		return None

	def as_dict(self) -> dict[str, Any]:
		values = super().as_dict()
		for field, header in (("recipients", "To"), ("cc", "Cc"), ("bcc", "Bcc")):
			values[field] = ", ".join(map(_as_written, self._people(header))) or None
		return values

	def _people(self, header: str) -> list[tuple[str, str]]:
		"""Whom a header names, as far as the site takes them for addresses: of others it would try to make contacts."""
		people = mail_headers.people(self.mail.get_all(header, []))[:MOST_PEOPLE]
		return [(name, address) for name, address in people if validate_email_address(address)]


def _as_written(person: tuple[str, str]) -> str:
	name = person[0].replace('"', "'")
	return f'"{name}" <{person[1]}>' if name else person[1]
