"""The codes of our signed links are taken out of whatever comes in, before it is stored or sent on (6.3.g, 6.3.j).

Who answers a mail quotes it, with its link; whoever reads the quotation could then answer in the customer's place. A code
is known by what it begins with and by what it says, also where a mail program broke it over lines or put it into another link.
"""

from __future__ import annotations

import base64
import binascii
import email
import json
import re
from email.message import Message
from typing import Any

from frappe.utils import cstr

from ops_delivery.domain import mail_headers, mail_parts

BEGIN = "WzEsI"  # [1," – how every sealed link begins (signed_link.make)
_WRAP = r"(?:=?\r?\n[>\s|]*|&#8203;|<wbr\s*/?>|\u200b)?"
_SIGN = rf"[A-Za-z0-9_-]{_WRAP}"
_CODE = re.compile(
	"".join(f"{sign}{_WRAP}" for sign in BEGIN) + rf"(?P<body>(?:{_SIGN}){{8,2000}}?)(?:\.|%2[Ee]){_WRAP}(?:{_SIGN}){{0,42}}[A-Za-z0-9_-]"
)
_NOISE = re.compile(r"=?\r?\n[>\s|]*|&#8203;|<wbr\s*/?>|\u200b")
_SIGN_OF_CODE = re.compile(r"[A-Za-z0-9_.%-]")
LEFT = "…"
MAIL_ENDINGS = (".eml", ".mht", ".mhtml")


def without(text: str | None) -> str | None:
	"""The text without our codes; the same object where it holds none."""
	return _CODE.sub(lambda match: LEFT if _is_ours(match) else match[0], text) if text else text


def clean_file(name: str, kind: str, content: bytes) -> bytes:
	"""A file that came with a mail, without our codes: a mail that was saved or attached as whatever kind, a page, a text.

	In all but mails each sign of a code is written over, so that nothing else in the file moves; what is packed stays as it is.
	"""
	if kind == "message/rfc822" or name.lower().endswith(MAIL_ENDINGS):
		content = clean_mail(content)
	content = _written_over(content.decode("latin-1")).encode("latin-1")
	for start in (0, 1):  # of programs that write two bytes a sign, as Outlook does in its own files
		wide, rest = content[start:], b""
		if len(wide) % 2:
			wide, rest = wide[:-1], wide[-1:]
		if b"W\0z\0" in wide:
			over = _written_over(wide.decode("utf-16-le", "surrogatepass")).encode("utf-16-le", "surrogatepass")
			content = content[:start] + over + rest
	return content


def clean_files(mail: Any) -> None:
	"""The files of a received mail (Frappe's InboundMail), before they are stored."""
	for file in mail.attachments:
		if isinstance(file["fcontent"], bytes):
			file["fcontent"] = clean_file(cstr(file["fname"]), cstr(file.get("content_type")), file["fcontent"])


def _written_over(text: str) -> str:
	return _CODE.sub(lambda match: _SIGN_OF_CODE.sub("*", match[0]) if _is_ours(match) else match[0], text)


def clean_message(doc: Any, _method: str | None = None) -> None:
	"""doc_events Communication.before_validate: what was received, by whichever way."""
	if doc.sent_or_received != "Received":
		return
	for field in ("content", "text_content", "subject"):
		value = doc.get(field)
		if value and (cleaned := without(cstr(value))) != value:
			doc.set(field, cleaned)


def clean_mail(raw: bytes) -> bytes:
	"""A whole mail without our codes, whatever its parts are encoded in; the same bytes where it holds none."""
	try:
		mail = email.message_from_bytes(raw)
		changed = [part for part in mail.walk() if _clean_part(part)]
		return mail.as_bytes() if changed else raw
	except Exception:  # nothing that can be read as a mail: what stands in it openly is taken out
		text = raw.decode("utf-8", "surrogateescape")
		return cstr(without(text)).encode("utf-8", "surrogateescape")


def _clean_part(part: Message) -> bool:
	if mail_parts.unpack_message(part):
		return True
	if part.is_multipart() or part.get_content_maintype() != "text":
		return False
	content = part.get_payload(decode=True) or b""
	charset = part.get_content_charset()
	text = mail_headers.to_text(content, charset)
	cleaned = without(text)
	if cleaned == text:
		return False
	del part["Content-Transfer-Encoding"]
	part.set_payload(cstr(cleaned).encode(), charset=None)
	part.set_param("charset", "utf-8")
	part["Content-Transfer-Encoding"] = "base64"
	part.set_payload(base64.encodebytes(cstr(cleaned).encode()).decode())
	return True


def _is_ours(match: re.Match[str]) -> bool:
	"""Whether what looks like a code says what ours say."""
	body = BEGIN + _NOISE.sub("", match["body"])
	try:
		said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
	except (binascii.Error, ValueError):
		return False
	return isinstance(said, list) and len(said) == 7
