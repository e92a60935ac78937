"""What the headers of a mail say, as programs really write them: GBK by itself, encoded words in quotes, broken ones (5.3.c).

The standard library reads what the standards allow. Customers' programs write names in GB2312 or GBK without saying so,
split a character between two encoded words, put encoded words into quotes and file names, and name character sets that
nobody knows. Nothing here raises for what a mail says: what cannot be read is read as well as it can be.
"""

from __future__ import annotations

import base64
import binascii
import io
import quopri
import re
from collections.abc import Iterable
from email.header import Header
from email.message import Message
from email.utils import parseaddr

# what Chinese programs call by a smaller set's name holds signs of the larger one
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030"}
_ALIASES = {"windows-874": "cp874", "utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7", "x-unknown": "", "unknown-8bit": ""}
_FOR_NAMES = ("idna", "punycode")  # codecs of domain names, which stop at any other byte
_GUESSES = ("utf-8", "gb18030")
_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]+\?[bBqQ]\?)")
_FOLDED = re.compile(r"\r?\n[ \t]*")
_ID = re.compile(r"<([^<>\s]+)>")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+\.[^\s<>()\[\],;:\"]+|[^\s<>()\[\],;:\"]+@localhost")
MOST_IDS = 60
LONGEST_ADDRESS = 1000  # the library reads an address' words each a level deeper, and no address has so many


def charset_of(name: str | None) -> str:
	"""The codec for a character set as mails name it; "" where there is none by that name."""
	wanted = (name or "").strip().strip("'\"").lower()
	wanted = _ALIASES.get(wanted, wanted)
	wanted = _LARGER.get(wanted, wanted)
	try:
		io.TextIOWrapper(io.BytesIO(), encoding=wanted)  # refuses codecs of bytes (hex, zip), which a look-up finds
		b"text".decode(wanted, "replace")  # and some name no character set, or cannot stand a fault
		return "" if wanted in _FOR_NAMES else wanted
	except (LookupError, ValueError):
		return ""


def to_text(content: bytes, charset: str | None = None) -> str:
	"""Bytes as text: by the character set they name; where that is unknown, or cannot be meant, by what they fit."""
	named = charset_of(charset)
	for codec in (named, *_GUESSES):
		if not codec:
			continue
		try:
			return content.decode(codec)
		except ValueError:
			continue
	return content.decode(named or "utf-8", "replace")


def heal(mail: Message) -> Message:
	"""Give a parsed mail's headers back as text where they hold bytes that no header may hold, in every part.

	The library hides such a header in an object that its own other functions cannot read. Returns the same mail.
	"""
	for part in mail.walk():
		headers = list(part.raw_items())
		if not any(isinstance(value, Header) or _has_bytes(str(value)) for _name, value in headers):
			continue
		for name in {name for name, _value in headers}:
			del part[name]
		for name, value in headers:
			part.set_raw(name, _healed(str(value)))
	return mail


def decode(value: object) -> str:
	"""The text of a header, in one line; "" for none."""
	text = _FOLDED.sub(" ", _healed(str(value))) if value is not None else ""
	text = _BETWEEN_WORDS.sub(r"\1", text)
	decoded, at = [], 0
	pending: tuple[str, bytes] | None = None  # a character may be split between two words of one character set
	for word in _WORD.finditer(text):
		between, at = text[at : word.start()], word.end()
		content = _content(word[2], word[3])
		if content is None:
			content = word[0].encode("utf-8", "replace")
			charset = "utf-8"
		else:
			charset = word[1].partition("*")[0].lower()
		if pending and (between or pending[0] != charset):
			decoded.append(to_text(pending[1], pending[0]))
			pending = None
		decoded.append(between)
		pending = (charset, (pending[1] if pending else b"") + content)
	if pending:
		decoded.append(to_text(pending[1], pending[0]))
	decoded.append(text[at:])
	return " ".join("".join(decoded).replace("\x00", "").split())


def address(value: object) -> tuple[str, str]:
	"""(display name, address in lower case) of the first person a header names; "" for what it does not say.

	The address is read before anything is decoded: a decoded name may hold commas and brackets.
	"""
	raw = _FOLDED.sub(" ", _healed(str(value))) if value is not None else ""
	name, found = parseaddr(raw[:LONGEST_ADDRESS])
	if "@" not in found or " " in found:
		match = _ADDRESS.search(_WORD.sub(" ", raw)) or _ADDRESS.search(decode(raw))
		found = match[0] if match else ""
		name = raw.replace(found, "").strip(' <>"\'') if found else raw
	name = decode(name).strip(" \"'")
	return (name if name.lower() != found.lower() else "", found.strip().lower())


def addresses(values: Iterable[object]) -> list[str]:
	"""All addresses that headers name, in lower case, each once, in their order."""
	found: dict[str, None] = {}
	for value in values:
		for match in _ADDRESS.finditer(_WORD.sub(" ", _FOLDED.sub(" ", _healed(str(value))))):
			found.setdefault(match[0].lower())
	return list(found)


def people(values: Iterable[object]) -> list[tuple[str, str]]:
	"""(display name, address in lower case) of all whom headers name, each address once, in their order."""
	found: dict[str, str] = {}
	for value in values:
		for part in _each(_FOLDED.sub(" ", _healed(str(value)))):
			name, one = address(part)
			if one:
				found.setdefault(one, name)
	return [(name, one) for one, name in found.items()]


def message_ids(*values: object) -> list[str]:
	"""The message ids of headers, without their brackets, each once, in their order; at most MOST_IDS, the last ones."""
	found: dict[str, None] = {}
	for value in values:
		if value is None:
			continue
		text = _FOLDED.sub(" ", _healed(str(value)))
		for one in _ID.findall(text) or [word for word in text.split() if "@" in word]:
			found.setdefault(one)
	return list(found)[-MOST_IDS:]


def file_name(part: Message) -> str:
	"""The name a part gives its file, whichever way it is written; "" for none."""
	try:
		name = part.get_filename()
	except (LookupError, ValueError, TypeError, AttributeError):
		name = None
	return decode(name) if name else ""


def _each(line: str) -> list[str]:
	"""The parts of a list of addresses: at its commas, but for those in quotes."""
	found, quoted = [""], False
	for sign in line:
		quoted ^= sign == '"'
		if sign in ",;" and not quoted:
			found.append("")
		else:
			found[-1] += sign
	return re.split("[,;]", line) if quoted else found


def _healed(value: str) -> str:
	return to_text(value.encode("utf-8", "surrogateescape")) if _has_bytes(value) else value


def _has_bytes(value: str) -> bool:
	return any("\udc80" <= sign <= "\udcff" for sign in value)


def _content(kind: str, text: str) -> bytes | None:
	"""The bytes of an encoded word; None where it holds none."""
	try:
		raw = text.encode("ascii")
		if kind in "qQ":
			return quopri.decodestring(raw.replace(b"_", b" "), header=True)
		raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
		if len(raw) % 4 == 1:
			raw = raw[:-1]
		return base64.b64decode(raw + b"=" * (-len(raw) % 4))
	except (UnicodeEncodeError, binascii.Error, ValueError):
		return None


def first(raw: bytes, name: str) -> str:
	"""The first header of that name of a whole mail, decoded; "" where there is none or the mail cannot be read."""
	head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
	match = re.search(rb"^%s[ \t]*:(.*(?:\n[ \t].*)*)" % re.escape(name.encode()), head, re.I | re.M)
	return decode(match[1].decode("utf-8", "surrogateescape")) if match else ""
