"""Whether the mails of a notice have left: a notice is done when they have, and failed when Frappe gave one of them up.

Frappe writes the state of a mail past its documents (db_set, statements), so no hook hears of it. Notices whose mails are
under way are looked at again by the one job of every minute, ever more rarely the longer that lasts; so are those whose mail
was given up, for whoever looks after the mail queue may have it tried again there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, get_datetime

from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, QUEUE = "Service Notice", "Email Queue"
QUEUED, FAILED, NOT_DELIVERED = "Queued", "Failed", "Not Delivered"
GIVEN_UP, LEFT = "Error", "Sent"
BATCH = 500
MAIL_WAY = "|mail"
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 60, 3600
ERROR_LENGTH = 300
UNTOLD_DAYS = 7  # what nobody has put right by then, nobody will
LATE_MINUTES = 30  # a mail that waits longer than that is something to look at


def lines(mails: Iterable[tuple[str, str]]) -> str:
	"""As a notice keeps its mails: (Email Queue, what it was queued for) each in a line."""
	return "\n".join(f"{mail}\t{way}" for mail, way in mails)


def pairs(text: str | None) -> list[tuple[str, str]]:
	"""What lines() wrote."""
	return [tuple(line.split("\t", 1)) if "\t" in line else (line, "") for line in (text or "").splitlines()]


def follow() -> int:
	"""Look after the notices whose mails were under way or given up, and whose turn it is; how many were looked at.

	Two queries to read, however many there are, and one for each that has something new to say.
	"""
	notice = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(notice)
		.select(notice.name, notice.state, notice.mails, notice.modified, notice.error, notice.not_told)
		.where(notice.state.isin([QUEUED, FAILED]) & (notice.run_at <= site_now()))
		.where((notice.state == QUEUED) | (notice.mail_failed == 1))
		.orderby(notice.run_at)
		.limit(BATCH)
	).run(as_dict=True)
	mails = queued({mail for row in rows for mail, _way in pairs(row.mails)})
	waiting: dict[datetime, list[str]] = {}
	for row in rows:
		found = _found(row, mails)
		if found:
			frappe.db.set_value(DOCTYPE, row.name, found)
		else:
			waiting.setdefault(next_look(row.modified), []).append(row.name)
	for moment, names in waiting.items():
		frappe.qb.update(notice).set(notice.run_at, moment).where(notice.name.isin(names)).run()
	return len(rows)


def send_again(row: Any) -> dict[str, Any]:
	"""For a notice that is to be tried again: its given-up mails are queued anew, and what is no longer in the queue, or did
	not reach everybody, is written anew. Returns what to set on the notice."""
	details = json.loads(row.details or "{}")
	mails = pairs(row.mails)
	states = queued({mail for mail, _way in mails})
	given_up = [mail for mail, found in states.items() if found.status == GIVEN_UP]
	if given_up:
		queue = frappe.qb.DocType(QUEUE)
		(
			frappe.qb.update(queue)
			.set(queue.status, "Not Sent")
			.set(queue.retry, 0)
			.set(queue.error, None)
			.set(queue.modified, site_now())
			.where(queue.name.isin(given_up))
		).run()
	gone = {way for mail, way in mails if mail not in states}
	if row.state == NOT_DELIVERED:  # of its mails those go once more that did not reach their readers (outbox/sending.py)
		gone |= {way for way in (row.delivered or "").splitlines() if way.endswith(MAIL_WAY)}
		details["again"] = 1
	delivered = sorted(set(filter(None, (row.delivered or "").splitlines())) - gone)
	return {
		"mails": lines(pair for pair in mails if pair[0] in states) or None,
		"mail_failed": 0,
		"not_told": None,
		"left_mails": None,
		"details": json.dumps(details, ensure_ascii=False) if details else None,
		"delivered": "\n".join(delivered),
	}


def late() -> int:
	"""How many notices have had their mails in the queue for longer than they should."""
	before = site_now() - timedelta(minutes=LATE_MINUTES)
	return frappe.db.count(DOCTYPE, {"state": QUEUED, "modified": ["<", before]})


def not_delivered() -> int:
	"""How many notices of the last days did not reach everybody: a mail came back, or somebody takes none."""
	return frappe.db.count(
		DOCTYPE, {"state": NOT_DELIVERED, "modified": [">=", site_now() - timedelta(days=UNTOLD_DAYS)]}
	)


def queued(names: set[str]) -> dict[str, Any]:
	"""Mails of Frappe's queue by their names, in one query; what is no longer there is left out."""
	if not names:
		return {}
	found = frappe.get_all(
		QUEUE,
		filters={"name": ["in", sorted(names)]},
		fields=["name", "status", "error", "modified"],
		order_by="name",
	)
	return {mail.name: mail for mail in found}


def _found(row, mails: dict[str, Any]) -> dict[str, Any] | None:
	"""What to set on a notice, None while nothing has changed."""
	own = [mails.get(mail) for mail, _way in pairs(row.mails)]
	given_up = [mail for mail in own if mail and mail.status == GIVEN_UP]
	if given_up or None in own:
		error = why_not(given_up[0] if given_up else None)
		if row.state == FAILED and row.error == error:
			return None
		return {"state": FAILED, "mail_failed": 1, "error": error, "run_at": next_look(row.modified)}
	if all(mail.status == LEFT for mail in own):
		return {
			"state": NOT_DELIVERED if row.not_told else "Sent",
			"sent_on": max(get_datetime(mail.modified) for mail in own),
			"error": None,
			"mails": None,
			"left_mails": row.mails,  # one of them may come back (bounces)
			"mail_failed": 0,
		}
	if row.state == FAILED:  # somebody has it tried again in the mail queue
		return {"state": QUEUED, "mail_failed": 0, "error": None, "run_at": next_look(row.modified)}
	return None


def why_not(mail: Any | None) -> str:
	"""Why a mail that was given up did not leave, in a line; None is one that is no longer in the queue."""
	if mail is None:
		return _("An e-mail of this notice is no longer in the e-mail queue, and whether it left is not known.")
	reason = (mail.error or "").strip().splitlines()
	text = _("The mail server did not take the e-mail {0}: {1}").format(mail.name, reason[-1] if reason else "–")
	return bulk.as_saved(DOCTYPE, {"error": text[:ERROR_LENGTH]})["error"]


def next_look(since: datetime) -> datetime:
	"""When to look after a mail again: a tenth of its age from now on, a minute at least and an hour at most (site time)."""
	age = cint((site_now() - get_datetime(since)).total_seconds() / 10)
	return site_now() + timedelta(seconds=min(max(age, FIRST_WAIT_SECONDS), LONGEST_WAIT_SECONDS))
