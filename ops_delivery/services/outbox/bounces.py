"""A mail of ours that came back (5.3.c, 6.3.f): shown on the notice it was sent for, and told to who relies on it.

What did not arrive is no notice: silence does not count after it (requests/silence.py), and the escalation it belonged to says
that its person was not told. A report about a mail that is not ours, or about nothing we know, moves nothing.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ops_delivery.domain import mail_kinds
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.outbox import mail_queue as mail
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.shared import bulk

QUEUE, NOTICE = "Email Queue", "Service Notice"
NOT_DELIVERED = "Not Delivered"
KEY_POINT = "ops_not_delivered"
BOUNCED = "Bounced"  # of Frappe's states of a message
MOST_IDS = 30
MOST_RECORDS = 20  # of one digest


def receiving(inbound: Any, process: Any) -> Any:
	"""Hook `ops_delivery_receive_mail`: file a mail server's report with the record whose mail came back, and note it there."""
	found = mail_kinds.bounce(inbound.mail)
	queue = _sent(found) if found else None
	if not found or not queue:
		return process()
	if queue.reference_doctype and frappe.db.exists(queue.reference_doctype, queue.reference_name):
		inbound._reference_document = frappe.get_doc(queue.reference_doctype, queue.reference_name)
	communication = process()
	note(queue, found)
	return communication


def note(queue: Any, found: mail_kinds.Bounce) -> None:
	"""Put down that a mail of ours (a row of the mail queue) did not reach its readers."""
	readers = [
		plain(one)
		for one in frappe.get_all("Email Queue Recipient", {"parent": queue.name}, pluck="recipient")
	]
	missed = [one for one in readers if one in found.addresses] or (
		readers if len(readers) == 1 else list(found.addresses)
	)
	if not missed:
		return
	reason = found.reason or _("The mail came back.")
	told_of = _note_notice(queue, missed, reason)
	_note_acceptance(queue.name, missed)
	_note_escalation(queue.name, reason)
	if queue.communication:
		frappe.db.set_value(
			"Communication", queue.communication, "delivery_status", BOUNCED, update_modified=False
		)
	if told_of == KEY_POINT:
		return
	about = (queue.reference_doctype, queue.reference_name)
	for doctype, name in [about] if all(about) else _escalated(queue.name):
		notices.post(doctype, name, KEY_POINT, {"addresses": missed, "reason": reason, "key_point": told_of})


def _sent(found: mail_kinds.Bounce) -> Any | None:
	"""The mail of ours that a report means; only what is about a record of ours, or was sent by us about no one record."""
	if not found.message_ids:
		return None
	rows = frappe.get_all(
		QUEUE,
		filters={"message_id": ["in", found.message_ids[:MOST_IDS]]},
		fields=["name", "reference_doctype", "reference_name", "communication", "message_id"],
		order_by="creation desc",
	)
	return next(
		(row for row in rows if (mail.is_about_ours(row) if row.reference_doctype else _escalated(row.name))), None
	)


def _escalated(queue: str) -> list[tuple[str, str]]:
	"""The records of the escalations that one mail told together."""
	told, log = frappe.qb.DocType("Escalation Log Recipient"), frappe.qb.DocType("Escalation Log")
	rows = (
		frappe.qb.from_(told)
		.join(log)
		.on(log.name == told.parent)
		.select(log.reference_doctype, log.reference_name)
		.distinct()
		.where(told.mail == queue)
		.orderby(log.reference_name)
		.limit(MOST_RECORDS)
	).run()
	return [(doctype, name) for doctype, name in rows]


def _note_notice(queue: Any, missed: list[str], reason: str) -> str:
	"""The notice says who was not told; its key point, "" where the mail was sent for none."""
	notice = frappe.qb.DocType(NOTICE)
	pattern = f"%{queue.name}%"
	rows = (
		frappe.qb.from_(notice)
		.select(notice.name, notice.key_point, notice.told, notice.not_told, notice.mails, notice.left_mails)
		.where(
			(notice.reference_doctype == queue.reference_doctype)
			& (notice.reference_name == queue.reference_name)
		)
		.where(notice.mails.like(pattern) | notice.left_mails.like(pattern))
		.limit(1)
	).run(as_dict=True)
	if not rows:
		return ""
	row = rows[0]
	told = [line for line in (row.told or "").splitlines() if plain(line) not in missed]
	lines = [*(row.not_told or "").splitlines(), *(f"{address}: {reason}" for address in missed)]
	frappe.db.set_value(
		NOTICE,
		row.name,
		bulk.as_saved(
			NOTICE,
			{
				"state": NOT_DELIVERED,
				"told": "\n".join(told),
				"not_told": "\n".join(dict.fromkeys(lines)),
				"mails": None,
				"left_mails": "\n".join(filter(None, (row.left_mails, row.mails))),
				"mail_failed": 0,
			},
		),
	)
	return row.key_point


def _note_acceptance(queue: str, missed: list[str]) -> None:
	row = frappe.qb.DocType("Service Acceptance Notice")
	(
		frappe.qb.update(row)
		.set(row.delivery, "Failed")
		.where((row.email_queue == queue) & row.recipient.isin(missed))
	).run()


def _note_escalation(queue: str, reason: str) -> None:
	told = frappe.qb.DocType("Escalation Log Recipient")
	note = bulk.as_saved("Escalation Log Recipient", {"note": reason[:140]})["note"]
	(
		frappe.qb.update(told)
		.set(told.state, "Failed")
		.set(told.note, note)
		.set(told.send_after, None)
		.where(told.mail == queue)
	).run()
