"""A mail as customers' programs write it: its words, its files, who wrote and to whom (5.3.c, 6.3.j)."""

from __future__ import annotations

import mimetypes
from datetime import datetime
from email.message import Message
from typing import Any

import frappe
from frappe import _
from frappe.email.receive import InboundMail
from frappe.utils import validate_email_address

from ops_delivery.domain import mail_headers, mail_kinds, mail_parts
from ops_delivery.services.mailbox import blocks as mail_blocks
from ops_delivery.services.scope import customer_contacts as parties
from ops_delivery.services.scope import file_names
from ops_delivery.services.shared import link_codes as own_codes
from ops_delivery.services.shared.site_time import to_site

MOST_HTML, MOST_TEXT = 500_000, 200_000  # characters of a message; cleaning more takes minutes
KEPT_WORDS = 50_000
MOST_PARTS = 500
DEEPEST = 5  # messages within messages
SUBJECT_LENGTH = NAME_LENGTH = ADDRESS_LENGTH = 140


class ReadMail(InboundMail):
	"""A mail of a mailbox as it is read, not only as the standards have it. `ops_received` and `ops_dated` are instants: from when
	it counts as received, and the date it bears."""

	def __init__(
		self, raw: bytes, account: Any, uid: int, append_to: str | None, received: datetime, dated: datetime | None
	):
		self.ops_received, self.ops_dated = received, dated
		self.ops_broken, self.ops_parts = False, 0
		self.ops_blocks: list[str] = []
		self.ops_words: list[tuple[bool, str]] = []  # (is HTML, text) of the parts that are to be read, in their order
		super().__init__(raw, account, uid, None, append_to)
		self.date = to_site(received).strftime("%Y-%m-%d %H:%M:%S")

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
		name = file_names.clean_name(name)
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
