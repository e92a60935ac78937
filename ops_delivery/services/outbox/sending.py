"""How one notice is told: every Notification of its key point, each addressee in their own language (clause 6.3.f).

Frappe decides whether a Notification applies and renders it. Here it is rendered once per reader's language, the
customer's mail goes to the customer alone (it carries their signed link), and the timeline gets a copy without the
link. Frappe's own way would also take our automatic message for staff's first response.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.utils import formataddr
from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import make_notification_logs
from frappe.email.doctype.notification.notification import evaluate_alert
from frappe.utils import strip_html

from ops_delivery.domain import mail_text
from ops_delivery.domain.events import NoticeSent
from ops_delivery.permissions import ownership
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.outbox import gathering, unsubscribed
from ops_delivery.services.outbox import mail_queue as mail
from ops_delivery.services.scope import customer_contacts as parties
from ops_delivery.services.scope import measured_types as record_types
from ops_delivery.services.scope import record_parties
from ops_delivery.services.shared import bulk, events
from ops_delivery.services.shared.locale import language_of, reading, user_of, zone_of
from ops_delivery.services.shared.site_time import site_now

# the code of a signed link: behind the # of its address, or in a link of the old kind
TOKEN = re.compile(r"(token=|#(?=[\w%~-]{16,}\.[\w%~-]{16,}))[\w.%~-]+")
MESSAGE_LENGTH = 300
# reminders, and what still has to wait for an answer when they go out: (record type, its state)
REMINDS = {"ops_reminded": ("Service Acceptance", "Requested"), "ops_survey_reminded": ("Service Survey", "Asked")}


@dataclass
class Round:
	"""One attempt at one notice."""

	row: Any
	party: str
	customer: str | None
	done: set[str]
	errors: list[str] = field(default_factory=list)
	mails: list[tuple[str, str]] = field(default_factory=list)  # the customer's: (address, Email Queue)
	queued: list[tuple[str, str]] = field(default_factory=list)  # all of them: (Email Queue, what it was queued for)
	told: list[str] = field(default_factory=list)  # addresses, of mails and of the desk
	left: bool = False  # the customer's mail is another notice's
	not_told: list[str] = field(default_factory=list)  # address and reason, each in a line


def send(row, left: bool = False) -> tuple[Round, bool]:
	"""Tell a key point: how it went, and whether trying again is pointless. `left`: the customer's mail is left to a later
	notice (gathering)."""
	done = set(filter(None, (row.delivered or "").splitlines()))
	if not frappe.db.exists("DocType", row.reference_doctype) or not frappe.db.exists(
		row.reference_doctype, row.reference_name
	):
		gone = _("{0} {1} was deleted").format(_(row.reference_doctype), row.reference_name)
		return Round(row, "", None, done, errors=[gone]), True
	doc = frappe.get_doc(row.reference_doctype, row.reference_name)
	parties.look_up_late(doc)
	attempt = Round(row, record_parties.person_of(doc), record_types.customer_for(doc), done, left=left or not _is_asked(row))
	frappe.flags.ops_notice = row
	try:
		for name in frappe.get_all(
			"Notification",
			filters={
				"enabled": 1,
				"document_type": row.reference_doctype,
				"event": "Method",
				"method": row.key_point,
			},
			pluck="name",
			order_by="name",
		):
			_tell(frappe.get_doc("Notification", name), doc, attempt)
	finally:
		frappe.flags.ops_notice = None
	if attempt.mails:
		events.tell(NoticeSent(doc.doctype, doc.name, row.key_point, tuple(attempt.mails)))
	return attempt, False


def is_still_due(row) -> bool:
	"""Whether what a notice asks for is still wanted now that it goes out: nobody is reminded of what they answered."""
	waits_in = REMINDS.get(row.key_point)
	if not waits_in:
		return True
	doctype, state = waits_in
	if row.reference_doctype == doctype:
		return frappe.db.get_value(doctype, row.reference_name, "state") == state
	wanted = json.loads(row.details or "{}").get("round")
	waiting = {"reference_doctype": row.reference_doctype, "reference_name": row.reference_name, "state": state}
	return bool(frappe.db.exists(doctype, {**waiting, **({"round": wanted} if wanted else {})}))


def _is_asked(row) -> bool:
	"""Whether what a notice asks the customer still waits for their answer; True where it asks them nothing. Who has answered by
	telephone while our mail server was away is not asked afterwards; the others are told of the result all the same."""
	wanted = json.loads(row.details or "{}").get("round") if row.key_point == "ops_resolved" else None
	if not wanted:
		return True
	reference = {"reference_doctype": row.reference_doctype, "reference_name": row.reference_name}
	return bool(frappe.db.exists("Service Acceptance", {**reference, "round": wanted, "state": "Requested"}))


def details() -> dict[str, Any]:
	"""For message templates: what was noted when the key point was reached."""
	notice = frappe.flags.ops_notice
	return json.loads(notice.details) if notice and notice.details else {}


def addressees() -> list[str]:
	"""Whom the message that is being rendered goes to; empty outside of a notice."""
	return frappe.flags.ops_addressees or []


def describe(error: BaseException) -> str:
	"""An error in one line without the values at hand: a message may hold a signed link."""
	cause = error.__context__ if isinstance(error, frappe.ValidationError) and error.__context__ else error
	text = TOKEN.sub(r"\1…", strip_html(str(cause)))
	return f"{type(cause).__name__}: {text}"[:MESSAGE_LENGTH]


def _tell(alert, doc, attempt: Round) -> None:
	"""Let Frappe evaluate one Notification, with our ways of sending; an error stays with this one."""

	def guarded(way: str, action):
		key = f"{alert.name}|{way}"

		def run(doc, context):
			if key in attempt.done:
				return
			frappe.db.savepoint("ops_notice_way")
			before = len(attempt.mails), len(attempt.queued), len(attempt.told)
			try:
				action(alert, doc, context, attempt)
				attempt.done.add(key)
			except Exception as error:
				frappe.db.rollback(save_point="ops_notice_way")
				del attempt.mails[before[0] :], attempt.queued[before[1] :], attempt.told[before[2] :]  # taken back with it
				attempt.errors.append(f"{alert.name}: {describe(error)}")

		return run

	def slack(alert, doc, context, attempt):
		type(alert).send_a_slack_msg(alert, doc, context)

	def sms(alert, doc, context, attempt):
		type(alert).send_sms(alert, doc, context)

	alert.send_an_email = guarded("mail", _mail)
	alert.create_system_notification = guarded("desk", _desk)
	alert.send_a_slack_msg = guarded("slack", slack)
	alert.send_sms = guarded("sms", sms)
	frappe.db.savepoint("ops_notice_alert")
	try:
		evaluate_alert(doc, alert, "Method")
	except Exception as error:  # the condition does not hold water, or a template does not render
		frappe.db.rollback(save_point="ops_notice_alert")
		attempt.errors.append(f"{alert.name}: {describe(error)}")


def _mail(alert, doc, context, attempt: Round) -> None:
	"""Queue the mail: the customer's person alone, the others by language."""
	to, cc, bcc = (sorted(_addresses(part)) for part in alert.get_list_of_recipients(doc, context))
	groups: dict[tuple[bool, str], list[str]] = {}
	told_before = set((attempt.row.told or "").splitlines()) if details().get("again") else ()
	for address in dict.fromkeys([*to, *cc, *bcc]):
		is_party = address == attempt.party
		if ownership.has_left(address, attempt.customer if is_party else None):
			continue  # nobody is told by an address whose person has no access any more, least of all by a link
		if address in told_before or (is_party and attempt.left):
			continue  # it is tried again for those who were not reached; a later notice says it, too
		language = language_of(address, attempt.customer if is_party or not user_of(address) else None)
		groups.setdefault((is_party, language), []).append(address)
	attachments = alert.get_attachment(doc)
	for (is_party, language), group in groups.items():
		subject, message = _rendered(alert, context, language, group)
		if is_party and (also := details().get("also")):
			left = gathering.left_over(doc, also, context)
			message = gathering.joined([*(_rendered(one, context, language, group)[1] for one in left), message])
		queued = mail.queue(
			message,
			recipients=[address for address in group if address not in bcc] or group,
			bcc=[address for address in group if address in bcc and address not in to],
			sender=_sender(alert),
			subject=subject,
			reference_doctype=doc.doctype,
			reference_name=doc.name,
			attachments=attachments,
			expose_recipients="header",
			add_unsubscribe_link=0,
			communication=_timeline_copy(alert, doc, group, subject, message),
		)
		if queued:
			attempt.queued.append((queued.name, f"{alert.name}|mail"))
		# fewer than asked for, where one must not know, or takes no mail from this site
		reached = {plain(row.recipient) for row in queued.recipients} if queued else set()
		attempt.told.extend(address for address in group if address in reached)
		attempt.not_told.extend(unsubscribed.lines(doc, [one for one in group if one not in reached]))
		if queued and is_party:
			attempt.mails.extend((address, queued.name) for address in group if address in reached)


def _desk(alert, doc, context, attempt: Round) -> None:
	"""The bell on the desk, by language."""
	to, cc, bcc = alert.get_list_of_recipients(doc, context)
	groups: dict[str, list[str]] = {}
	for address in sorted(_addresses([*to, *cc, *bcc])):
		user = user_of(address)
		if user and not ownership.has_left(address, None):
			groups.setdefault(language_of(address), []).append(address)
	for language, group in groups.items():
		subject, message = _rendered(alert, context, language, group)
		make_notification_logs(
			frappe._dict(
				type="Alert",
				document_type=doc.doctype,
				document_name=doc.name,
				subject=subject,
				from_user=doc.modified_by or doc.owner,
				email_content=message,
			),
			group,
		)
		attempt.told.extend(group)


def _rendered(alert, context: dict, language: str, group: list[str]) -> tuple[str, str]:
	"""Subject and message as that group of readers gets them."""
	frappe.flags.ops_addressees = group
	try:
		with reading(language, zone_of(group[0]) if len(group) == 1 else None):
			subject = frappe.render_template(alert.subject, context)
			message = frappe.render_template(alert.message, context)
	finally:
		frappe.flags.ops_addressees = None
	if alert.message_type == "Markdown":
		message = frappe.utils.md_to_html(message)
	subject = " ".join(strip_html(subject).split())
	return (mail_text.set_in_chinese(subject), mail_text.set_in_chinese(message)) if language.startswith("zh") else (subject, message)


def _addresses(recipients) -> set[str]:
	"""Recipients as bare addresses; a user's name (such as Administrator) becomes that user's address."""
	found = set()
	for recipient in recipients:
		if "@" not in recipient:
			recipient = frappe.db.get_value("User", recipient, "email") or ""
		found.add(plain(recipient))
	return found - {""}


def _sender(alert) -> str | None:
	return formataddr((alert.sender, alert.sender_email)) if alert.sender and alert.sender_email else None


def _timeline_copy(alert, doc, group: list[str], subject: str, message: str) -> str:
	"""What was told, for the record's timeline: without the link, and without taking part in anything else."""
	copy = frappe.new_doc("Communication")
	now = site_now()
	copy.update(
		{
			"name": frappe.generate_hash(length=16),
			"communication_type": "Automated Message",
			"communication_medium": "Email",
			"communication_date": now,
			"sent_or_received": "Sent",
			"email_status": "Open",
			"status": "Linked",
			"subject": subject,
			"content": TOKEN.sub(r"\1…", message),
			"sender": _sender(alert) or "",
			"sender_full_name": _("Automatic notice"),
			"recipients": ", ".join(group),
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"seen": 1,
		}
	)
	bulk.insert_row(copy)
	return copy.name
