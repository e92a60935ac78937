"""The outbox: at each key point both sides are told, later and surely (clauses 5.3.c, 6.3.f).

`post` writes a row in the transaction of the save it belongs to; nothing is sent there, so neither mail nor Redis can
hold up a save. `deliver` works the rows off: a job after the commit, and a scheduled run every minute in case the job
got lost. A notice whose mails are in Frappe's e-mail queue is Queued, and Sent when they have left (notice_mails). What is told, and to whom, are Frappe Notifications (event "Method", method = the key point) that an
administrator edits.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cint

from ops_delivery.services.outbox import escalation_mail_states as escalation_mails
from ops_delivery.services.outbox import gathering, key_points, waking
from ops_delivery.services.outbox import mail_queue as mail
from ops_delivery.services.outbox import mail_states as notice_mails
from ops_delivery.services.outbox import sending as notice_sending
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared import job_queue as queueing
from ops_delivery.services.shared import number_bounds as bounds
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Service Notice"
KEY_POINTS = key_points.KEY_POINTS
JOB = "ops_delivery_notices"
BATCH = 200
FIRST_WAIT_SECONDS = 60
LONGEST_WAIT_SECONDS = 3600
ERROR_LENGTH = 500

FIELDS = (
	"name",
	"reference_doctype",
	"reference_name",
	"key_point",
	"state",
	"run_at",
	"attempts",
	"details",
)

def post(
	doctype: str,
	name: str,
	key_point: str,
	details: dict[str, Any] | None = None,
	new: bool = False,
	about: Any = None,
) -> str:
	"""Note in the running transaction that a record reached a key point; returns the Service Notice, "" where messages
	are not switched on for it. `about`: the record, where the caller has it at hand.

	`details` is what may have changed by the time it is sent, such as {"reason": …}; a message reads it with
	ops_notice_details(). A key point that waits unsent for the same record is not noted twice; for a record that is
	being inserted (`new`) nothing can wait yet.
	"""
	if not ours.tells(doctype, name, about):
		return ""
	waiting = not new and frappe.db.get_value(
		DOCTYPE,
		{
			"reference_doctype": doctype,
			"reference_name": name,
			"key_point": key_point,
			"state": "Pending",
			"attempts": 0,
		},
	)
	text = json.dumps(details, ensure_ascii=False, default=str) if details else None
	if waiting:
		if text:
			frappe.db.set_value(DOCTYPE, waiting, "details", text)
		return waiting
	waking.wake()
	name_of_row, now = frappe.generate_hash(length=16), site_now()
	if not new:
		gathering.bring_out(doctype, name, key_point, now)
	due = now + timedelta(seconds=gathering.seconds(key_point))
	bulk.insert(DOCTYPE, FIELDS, [[name_of_row, doctype, name, key_point, "Pending", due, 0, text]])
	_kick_after_commit()
	return name_of_row


def is_heard(doc, key_point: str) -> bool:
	"""Whether an enabled Notification of the record's type listens to a key point; if none does nothing is posted.

	Reads what Frappe keeps of a type's Notifications anyway, so it costs no query on a save.
	"""
	alerts = doc.flags.notifications
	if alerts is None:
		alerts = frappe.get_all(
			"Notification",
			filters={"document_type": doc.doctype, "enabled": 1, "event": "Method", "method": key_point},
			fields=["event", "method"],
			order_by="name",
		)
	return any(alert.event == "Method" and alert.method == key_point for alert in alerts)


def deliver_due() -> dict[str, int]:
	"""Scheduled every minute, and as a job after each commit that posted: work off what is due, look which mails left."""
	counts = deliver()
	notice_mails.follow()
	escalation_mails.follow()
	frappe.db.commit()
	return counts


def deliver(limit: int = BATCH) -> dict[str, int]:
	"""Work off due notices, oldest first, each in a transaction of its own: {told, retried, failed}.

	Several runs at once share the work and never send one twice. One that fails is tried again later and does not
	hold up the others. Called from a job or the scheduler, where nothing else is uncommitted.
	"""
	counts = {"told": 0, "retried": 0, "failed": 0}
	due = frappe.get_all(
		DOCTYPE,
		filters={"state": "Pending", "run_at": ["<=", site_now()]},
		pluck="name",
		order_by="run_at asc, creation asc",
		limit=limit,
	)
	if not due:
		return counts
	user = frappe.session.user
	frappe.set_user("Administrator")
	try:
		for name in due:
			frappe.db.commit()
			outcome = _deliver_one(name)
			if outcome:
				counts[outcome] += 1
		frappe.db.commit()
		if counts["told"]:
			mail.hasten()
	finally:
		frappe.set_user(user)
	return counts


def retry(name: str) -> None:
	"""Have a notice that failed, or did not reach everybody, tried again, from the start of its attempts, with the mails that Frappe gave up."""
	row = frappe.db.get_value(
		DOCTYPE, name, ["state", "mails", "delivered", "details"], as_dict=True, for_update=True
	) or frappe._dict(state="")
	if row.state not in ("Failed", notice_mails.NOT_DELIVERED):
		frappe.throw(_("Only a failed notice can be tried again; {0} is {1}.").format(name, _(row.state)))
	frappe.db.set_value(
		DOCTYPE,
		name,
		{
			"state": "Pending",
			"attempts": 0,
			"run_at": site_now(),
			"error": None,
			**notice_mails.send_again(row),
		},
	)
	_kick_after_commit()


def purge_sent() -> None:
	"""Daily: drop sent notices older than Ops Delivery Settings keep them for. Failed ones stay to be seen."""
	before = add_days(site_now(), -bounds.kept_days())
	frappe.db.delete(DOCTYPE, {"state": ["in", ["Sent", notice_mails.NOT_DELIVERED]], "sent_on": ["<", before]})


def _deliver_one(name: str) -> str | None:
	"""Send one notice. None where another run has it or it is no longer due."""
	row = frappe.db.get_value(
		DOCTYPE,
		{"name": name, "state": "Pending"},
		["name", "reference_doctype", "reference_name", "key_point", "attempts", "details", "delivered", "mails", "told", "not_told"],
		as_dict=True,
		for_update=True,
		skip_locked=True,
	)
	if not row:
		return None
	if not notice_sending.is_still_due(row):
		frappe.db.delete(DOCTYPE, {"name": row.name})
		return None
	try:
		frappe.db.savepoint("ops_notice")
		other = gathering.later(row)
		attempt, final = notice_sending.send(row, left=bool(other))
		if other:
			gathering.leave_to(row, other)
		done, errors, queued = attempt.done, attempt.errors, attempt.queued
		row.told = _with(row.told, attempt.told)
		row.not_told = _with(row.not_told, attempt.not_told)
	except Exception as error:
		frappe.db.rollback(save_point="ops_notice")
		done, errors, queued, final = _names(row.delivered), [notice_sending.describe(error)], [], False
	frappe.clear_messages()
	return _settle(row, done, errors, queued, final)


def _settle(row, done: set[str], errors: list[str], queued: list[tuple[str, str]], final: bool) -> str:
	"""Write how it went. A `final` error is not tried again."""
	mails = [*notice_mails.pairs(row.mails), *queued]
	values: dict[str, Any] = {
		"mails": notice_mails.lines(mails) or None,
		"attempts": cint(row.attempts) + 1,
		"delivered": "\n".join(sorted(done)),
		"told": row.told,
		"not_told": row.not_told or None,
		"error": "\n".join(errors)[:ERROR_LENGTH],
	}
	if not errors:
		outcome = "told"
		values["error"] = None
		if mails:
			values.update({"state": notice_mails.QUEUED, "run_at": site_now()})
		else:
			values.update({"state": notice_mails.NOT_DELIVERED if row.not_told else "Sent", "sent_on": site_now()})
	elif final or values["attempts"] >= _retry_limit():
		outcome = "failed"
		values["state"] = "Failed"
	else:
		outcome = "retried"
		wait = min(FIRST_WAIT_SECONDS * 2 ** cint(row.attempts), LONGEST_WAIT_SECONDS)
		values["run_at"] = site_now() + timedelta(seconds=wait)
	frappe.db.set_value(DOCTYPE, row.name, values)
	if outcome == "failed":
		frappe.log_error(
			title=f"Ops Delivery: {row.key_point} not told",
			message=values["error"],
			reference_doctype=row.reference_doctype,
			reference_name=row.reference_name,
		)
	return outcome


def _with(text: str | None, lines: list[str]) -> str:
	return "\n".join(dict.fromkeys([*(text or "").splitlines(), *lines]))


def _names(text: str | None) -> set[str]:
	return set(filter(None, (text or "").splitlines()))


def _retry_limit() -> int:
	return bounds.setting("retry_limit")


def _kick_after_commit() -> None:
	"""Once a transaction: have the outbox worked off right after the commit."""
	if frappe.flags.ops_notices_kicked:
		return
	frappe.flags.ops_notices_kicked = True
	frappe.db.after_commit.add(_kick)
	frappe.db.after_rollback.add(_forget_kick)


def _forget_kick() -> None:
	frappe.flags.ops_notices_kicked = False


def _kick() -> None:
	"""Enqueue the delivery. Without Redis the scheduled run does it later; a save is never failed by it."""
	_forget_kick()
	try:
		queueing.enqueue(
			"ops_delivery.services.outbox.outbox.deliver_due", queue="short", job_id=JOB, deduplicate=True
		)
	except Exception:
		frappe.logger("ops_delivery").warning("the outbox could not be queued; the scheduled run delivers it")
