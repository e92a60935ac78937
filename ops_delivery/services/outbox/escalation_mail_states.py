"""Whether the mails of escalations have left (6.3.e), as notice_mails asks it for notices: a row of the log says Sent when they have.

The moment until which a row was held is, once its mail is queued, the moment of the next look after it.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import get_datetime

from ops_delivery.services.outbox import mail_states as notice_mails
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.site_time import site_now

TOLD, LOG = "Escalation Log Recipient", "Escalation Log"
QUEUED, FAILED = notice_mails.QUEUED, notice_mails.FAILED


def follow() -> int:
	"""Look after the mails that are under way or were given up, and whose turn it is; how many people's.

	Two queries to read, however many there are, and one for each mail that has something new to say.
	"""
	told = frappe.qb.DocType(TOLD)
	rows = (
		frappe.qb.from_(told)
		.select(told.name, told.state, told.mail, told.creation)
		.where(told.state.isin([QUEUED, FAILED]) & (told.send_after <= site_now()))
		.orderby(told.send_after)
		.limit(notice_mails.BATCH)
	).run(as_dict=True)
	mails = notice_mails.queued({row.mail for row in rows if row.mail})
	found: dict[tuple, list[str]] = {}
	for row in rows:
		found.setdefault(tuple(_found(row, mails.get(row.mail)).items()), []).append(row.name)
	for values, names in found.items():
		query = frappe.qb.update(told).where(told.name.isin(names))
		for field, value in values:
			query = query.set(told[field], value)
		query.run()
	return len(rows)


def refused() -> int:
	"""How many people were not told by e-mail of escalations that nobody has acknowledged, as their mail was given up."""
	told, log = frappe.qb.DocType(TOLD), frappe.qb.DocType(LOG)
	return (
		frappe.qb.from_(told)
		.join(log)
		.on(log.name == told.parent)
		.select(Count(told.user).distinct())
		.where((told.state == FAILED) & (log.acknowledged == 0))
	).run()[0][0]


def _found(row: Any, mail: Any | None) -> dict[str, Any]:
	if mail is None:  # taken out of the queue: nothing is left to look after
		return {"state": FAILED, "note": _note(None), "send_after": None}
	if mail.status == notice_mails.LEFT:
		return {"state": "Sent", "sent_on": get_datetime(mail.modified), "note": None}  # its mail may come back (bounces)
	after = notice_mails.next_look(row.creation)
	if mail.status == notice_mails.GIVEN_UP:
		return {"state": FAILED, "note": _note(mail), "send_after": after}
	return {"state": QUEUED, "note": None, "send_after": after}  # perhaps somebody has it tried again


def _note(mail: Any | None) -> str:
	return bulk.as_saved(TOLD, {"note": notice_mails.why_not(mail)})["note"]
