"""What stands in a mail's parts: invitations, pictures within the text, long HTML as plain text, what makes a mail the same."""

from __future__ import annotations

import base64
import binascii
import email
import hashlib
import html
import quopri
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.message import Message
from email.utils import mktime_tz, parsedate_tz
from zoneinfo import ZoneInfo

_DATA_URI = re.compile(r"""(["'(=]\s*)data:(?:image/(png|jpe?g|gif|webp|bmp);base64,([A-Za-z0-9+/=\s%]+)|[^"')\s>]*)""", re.I)
_WITHOUT_TEXT = re.compile(r"<(script|style|head|title)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_NEW_LINE = re.compile(r"<(?:br|/?blockquote|/(?:p|div|tr|li|h[1-6]|pre|ul|ol|table))\b[^>]*>", re.I)
_TAG = re.compile(r"<[^>]*>")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
# what is a mail's own, and not its way's
_IDENTIFYING = ("message-id", "date", "from", "subject", "to")
# what servers on its way, and the mailbox, write into its head
_OF_ITS_WAY = re.compile(
	rb"(?:received|return-path|delivered-to|(?:x-)?envelope-to|authentication-results|arc-|dkim-|domainkey-|resent-|x-|status|"
	rb"content-length|lines|errors-to|>?from )",
	re.I,
)
MOVED = timedelta(days=1)


@dataclass(frozen=True)
class Invitation:
	"""An appointment that a mail proposes. `begins` and `ends` are as its writer's calendar says them."""

	title: str
	begins: datetime | None
	ends: datetime | None
	whole_day: bool
	zone: str
	place: str
	organizer: str
	cancelled: bool


def identity(raw: bytes) -> str:
	"""What makes a mail the same mail wherever it is fetched: its own headers and its body, without the traces of its way."""
	head, _blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
	lines = [line.strip() for line in re.sub(rb"\n[ \t]+", b" ", head).split(b"\n")]
	own = sorted(
		line
		for line in lines
		if line.partition(b":")[0].strip().lower().decode("ascii", "replace") in _IDENTIFYING
	)
	if not any(line.lower().startswith(b"message-id") for line in own):  # then little tells it from others: all of its head
		own = sorted(line for line in lines if line and not _OF_ITS_WAY.match(line))
	return hashlib.sha256(b"\n".join([*own, b"", body.rstrip(b"\n")])).hexdigest()


def dated(header: str) -> datetime | None:
	"""The instant of a Date header; None where it says none."""
	try:
		parts = parsedate_tz(header)
		return datetime.fromtimestamp(mktime_tz(parts), timezone.utc) if parts else None
	except (ValueError, OverflowError, OSError):  # no such day, or none that the system counts
		return None


def received_at(internal: datetime | None, dated: datetime | None, now: datetime) -> datetime:
	"""From when a mail counts as received: when its mailbox got it, at most now.

	Where that is more than a day after the date it bears, and that date is not to come, the mailbox was moved: the date.
	All are instants.
	"""
	internal = min(internal or now, now)
	if dated and dated <= now and internal - dated > MOVED:
		return dated
	return internal


def take_out_pictures(text: str) -> tuple[str, list[tuple[str, str, bytes]]]:
	"""HTML without pictures written into it: (HTML, pictures). A picture is (id, ending, content), and stands as cid:id.

	What is written into the HTML and is no such picture is left out.
	"""
	found: list[tuple[str, str, bytes]] = []

	def replaced(match: re.Match[str]) -> str:
		content = None
		if match[2]:
			try:
				content = base64.b64decode(re.sub(r"%0[ad]|[^A-Za-z0-9+/=]", "", match[3], flags=re.I))
			except binascii.Error:
				content = None
		if not content:
			return match[1]
		name = f"ops-picture-{len(found) + 1}-{hashlib.sha256(content).hexdigest()[:12]}"
		found.append((name, match[2].lower().replace("jpeg", "jpg"), content))
		return f"{match[1]}cid:{name}"

	return (_DATA_URI.sub(replaced, text), found) if "data:" in text.lower() else (text, found)


def plain(text: str, most: int) -> str:
	"""The words of HTML, at most so many characters, in time that grows with its length alone."""
	cut = _WITHOUT_TEXT.sub(" ", text)
	cut = _TAG.sub("", _NEW_LINE.sub("\n", cut))
	lines = (" ".join(line.split()) for line in html.unescape(cut).splitlines())
	return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()[:most]


def unpack_message(part: Message) -> bool:
	"""Read an attached message that was sent encoded, as the standards forbid and programs do; whether it was one."""
	encoding = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
	if part.get_content_type() != "message/rfc822" or encoding not in ("base64", "quoted-printable"):
		return False
	inner = part.get_payload()
	if not isinstance(inner, list) or inner[0].keys():
		return False  # it says to be encoded, and is not
	coded = inner[0].as_bytes().lstrip(b"\r\n")  # the end of a head that it has not
	try:
		raw = binascii.a2b_base64(coded) if encoding == "base64" else quopri.decodestring(coded)
	except binascii.Error:
		return False
	part.set_payload([email.message_from_bytes(raw)])
	del part["Content-Transfer-Encoding"]
	return True


def as_html(text: str) -> str:
	"""Plain text as HTML, line by line."""
	return "<br>".join(html.escape(line) for line in text.strip().splitlines())


def invitations(calendar: str) -> list[Invitation]:
	"""The appointments of a calendar (RFC 5545); none where it cannot be read."""
	lines = re.sub(r"\r?\n[ \t]", "", calendar).splitlines()
	found, current, method, depth = [], None, "", []
	for line in lines:
		head, _colon, value = _split(line)
		name, *parameters = head.split(";")
		name, value = name.strip().upper(), value.strip()
		if name == "BEGIN":
			depth.append(value.upper())
			current = {} if value.upper() == "VEVENT" else current
		elif name == "END":
			if value.upper() == "VEVENT" and current is not None:
				found.append(_invitation(current, method))
				current = None
			if depth:
				depth.pop()
		elif name == "METHOD":
			method = value.upper()
		elif current is not None and depth and depth[-1] == "VEVENT":
			current.setdefault(name, (parameters, value))
	return found


def _split(line: str) -> tuple[str, str, str]:
	"""A line at its first colon outside of quotes."""
	quoted = False
	for at, sign in enumerate(line):
		if sign == '"':
			quoted = not quoted
		elif sign == ":" and not quoted:
			return line[:at], ":", line[at + 1 :]
	return line, "", ""


def _invitation(lines: dict[str, tuple[list[str], str]], method: str) -> Invitation:
	begins, zone, whole_day = _moment(lines.get("DTSTART"))
	ends, _zone, _whole = _moment(lines.get("DTEND"))
	organizer = lines.get("ORGANIZER", ([], ""))
	named = next((p[3:].strip('"') for p in organizer[0] if p.upper().startswith("CN=")), "")
	return Invitation(
		title=_unescaped(lines.get("SUMMARY")),
		begins=begins,
		ends=ends,
		whole_day=whole_day,
		zone=zone,
		place=_unescaped(lines.get("LOCATION")),
		organizer=named or re.sub(r"^mailto:", "", organizer[1], flags=re.I),
		cancelled=method == "CANCEL" or _unescaped(lines.get("STATUS")).upper() == "CANCELLED",
	)


def _moment(line: tuple[list[str], str] | None) -> tuple[datetime | None, str, bool]:
	"""(moment, zone as it is named, whether a whole day is meant). Where the zone is known the moment is aware."""
	if not line:
		return None, "", False
	zone = next((p[5:].strip('"') for p in line[0] if p.upper().startswith("TZID=")), "")
	for shape, utc in (("%Y%m%dT%H%M%SZ", True), ("%Y%m%dT%H%M%S", False), ("%Y%m%dT%H%M", False)):
		try:
			moment = datetime.strptime(line[1], shape)  # noqa: DTZ007
		except ValueError:
			continue
		if utc:
			return moment.replace(tzinfo=timezone.utc), "UTC", False
		try:
			return (moment.replace(tzinfo=ZoneInfo(zone)), zone, False) if zone else (moment, "", False)
		except (KeyError, ValueError, OSError):
			return moment, zone, False
	try:
		return datetime.strptime(line[1][:8], "%Y%m%d"), zone, True  # noqa: DTZ007
	except ValueError:
		return None, zone, False


def _unescaped(line: tuple[list[str], str] | None) -> str:
	value = line[1] if line else ""
	return re.sub(r"\\([,;\\])", r"\1", re.sub(r"\\[nN]", "\n", value)).strip()
