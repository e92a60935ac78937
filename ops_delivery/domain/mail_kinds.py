"""What a received mail is, by its headers: a person's, a machine's, a report of a mail server, a reply to an invitation (RFC 3834,
3464, 5546), and what mail servers and ticket systems in use send beside that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parseaddr

from ops_delivery.domain import mail_headers

BULK = frozenset({"bulk", "auto_reply", "auto-reply", "list", "junk"})
MARKS = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Auto-Reply", "X-Failed-Recipients", "List-Id")
SENDERS = frozenset({"mailer-daemon", "postmaster"})
# answers that somebody is away, of programs that mark them in the subject alone
AWAY = re.compile(
	r"^\s*(?:automatic reply|auto[- ]?reply|autosvar|out of (?:the )?office|abwesenheitsnotiz|automatische antwort|"
	r"réponse automatique|自动回复|自動回覆|自動回復|外出自动回复)\s*[:：]",
	re.IGNORECASE,
)
REASON_LENGTH = 200
MOST_PARTS = 200

# numbers of other ticket systems: [REQ-881], [#12345], Ticket #4711, ##RE-77##, INC0012345, 工单号：2026-118
_NUMBERS = (
	re.compile(r"##\s*([A-Za-z0-9][\w-]{1,30})\s*##"),
	re.compile(
		r"\[\s*(?:ticket|case|request|incident|工单)?\s*[#＃]?\s*([A-Za-z]{2,10}-\d[\d-]{1,20})\s*\]",
		re.IGNORECASE,
	),
	re.compile(r"\[\s*[#＃]\s*(\d{3,20})\s*\]"),
	re.compile(r"\b((?:INC|RITM|REQ|CHG|PRB|SCTASK|CS)\d{5,12})\b"),
	re.compile(
		r"(?:\b(?:ticket|case|incident|service request)|工单|事件单|服务单|报修单)\s*"
		r"(?:id|no\.?|number|nr\.?|编号|号码|号)?\s*[:：]?\s*[#＃]?\s*([A-Za-z]{0,8}[-_]?\d[\d-]{2,20})\b",
		re.IGNORECASE,
	),
)


@dataclass(frozen=True)
class Bounce:
	"""A mail server's report that a mail did not arrive: the ids it may mean, who was not reached, and why."""

	message_ids: tuple[str, ...] = ()
	addresses: tuple[str, ...] = ()
	reason: str = ""


@dataclass
class _Report:
	ids: list[str] = field(default_factory=list)
	addresses: list[str] = field(default_factory=list)
	reason: str = ""
	failed: bool | None = None  # None where the report says nothing that a machine can read


def is_automatic(mail: Message) -> bool:
	"""Whether a machine wrote it."""
	submitted = first(mail, "Auto-Submitted").split(";")[0].strip()
	suppress = first(mail, "X-Auto-Response-Suppress")
	return bool(
		(submitted and submitted != "no")
		or (suppress and suppress != "none")
		or first(mail, "Precedence") in BULK
		or any(mail.get(mark) for mark in MARKS)
		or is_of_a_mail_server(mail)
		or is_calendar_reply(mail)
		or AWAY.match(subject(mail))
	)


def is_report(mail: Message) -> bool:
	"""Whether a system wrote on its own account (RFC 3834: auto-generated), as the customer's own ticket system does. An
	answer that somebody is away, a bounce and a list are none."""
	submitted = first(mail, "Auto-Submitted").split(";")[0].strip()
	return (
		submitted == "auto-generated"
		and not is_of_a_mail_server(mail)
		and first(mail, "Precedence") not in BULK
	)


def is_of_a_mail_server(mail: Message) -> bool:
	"""Whether it is a report of a mail server, or of a mail program on its behalf: it has no sender that could be answered."""
	envelope = mail.get("Return-Path")
	if envelope is not None and not _address(envelope):
		return True
	return _is_from_a_server(mail) or mail.get_content_type() == "multipart/report"


def is_calendar_reply(mail: Message) -> bool:
	"""Whether it accepts, declines or counters an invitation (iTIP). An invitation itself is a person's."""
	return any(
		part.get_content_type() == "text/calendar"
		and str(part.get_param("method") or "").upper() in ("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH")
		for part in _parts(mail)
	)


def bounce(mail: Message) -> Bounce | None:
	"""What a mail server says about a mail that did not arrive; None for any other mail, for one that is only late, and for
	a receipt that it was read."""
	if not is_of_a_mail_server(mail):
		return None
	report = _Report()
	for header in ("In-Reply-To", "References"):
		report.ids += ids(mail.get(header))
	texts: list[str] = []
	for part in _parts(mail):
		kind = part.get_content_type()
		if kind == "message/disposition-notification":
			return None
		if kind == "message/delivery-status":
			_read_status(part, report)
		elif kind == "message/rfc822":
			for inner in part.get_payload() if isinstance(part.get_payload(), list) else ():
				report.ids = ids(inner.get("Message-ID")) + report.ids
		elif kind in ("text/rfc822-headers", "text/plain"):
			text = _text(part)
			found = re.findall(r"^Message-ID:\s*(<[^<>\s]+>)", text, re.IGNORECASE | re.MULTILINE)
			report.ids = [one.strip("<>") for one in found] + report.ids
			texts.append(text)
	report.addresses += [
		_address(one).lower() for one in str(mail.get("X-Failed-Recipients") or "").split(",")
	]
	if report.failed is False:
		return None
	if report.failed is None and (
		not (
			_is_from_a_server(mail) or mail.get("X-Failed-Recipients")
		)  # who is away has an empty sender, too
		or re.search(r"\bdelay|\bwarning|延迟|推迟", subject(mail), re.IGNORECASE)
	):
		return None
	reason = report.reason or _said(texts) or subject(mail)
	return Bounce(
		tuple(dict.fromkeys(report.ids)),
		tuple(dict.fromkeys(filter(None, report.addresses))),
		" ".join(reason.split())[:REASON_LENGTH],
	)


def external_numbers(text: str) -> list[str]:
	"""Numbers of other ticket systems in a subject, in their order, without repetition."""
	found = [(match.start(1), match[1]) for pattern in _NUMBERS for match in pattern.finditer(text)]
	return list(dict.fromkeys(number.upper() for _at, number in sorted(found)))


def first(mail: Message, header: str) -> str:
	"""A header's value in lower case, "" where there is none."""
	return str(mail.get(header) or "").strip().lower()


def subject(mail: Message) -> str:
	"""The subject as it is read, also where it was written in bytes that no header may hold."""
	written = (value for name, value in mail.raw_items() if name.lower() == "subject")
	return mail_headers.decode(next(written, None))


def ids(value: object) -> list[str]:
	"""The message ids in a header, without their brackets."""
	return re.findall(r"<([^<>\s]+)>", str(value or ""))


def _is_from_a_server(mail: Message) -> bool:
	return _address(mail.get("From")).partition("@")[0].lower() in SENDERS


def _address(value: object) -> str:
	return parseaddr(str(value or "")[: mail_headers.LONGEST_ADDRESS])[1]


def _read_status(part: Message, report: _Report) -> None:
	blocks = part.get_payload() if isinstance(part.get_payload(), list) else []
	for block in blocks:
		action = first(block, "Action")
		if not action:
			continue
		report.failed = bool(report.failed) or action == "failed"
		if action != "failed":
			continue
		recipient = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
		report.addresses.append(recipient.rpartition(";")[2].strip().strip("<>").lower())
		said = str(block.get("Diagnostic-Code") or "").partition(";")[2].strip() or str(
			block.get("Status") or ""
		)
		report.reason = report.reason or said


def _said(texts: list[str]) -> str:
	"""The line of a report in words that gives the reason: the first with a code of a lasting failure."""
	lines = [line.strip() for text in texts for line in text.splitlines()]
	return next((line for line in lines if re.search(r"\b5\d\d\b|\b5\.\d{1,3}\.\d{1,3}\b", line)), "")


def _text(part: Message) -> str:
	payload = part.get_payload(decode=True)
	return mail_headers.to_text(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""


def _parts(mail: Message) -> list[Message]:
	found: list[Message] = []
	for part in mail.walk():
		found.append(part)
		if len(found) >= MOST_PARTS:
			break
	return found
