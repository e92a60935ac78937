"""How people are told of an escalation: on the desk at once, by e-mail now, after quiet hours, or in a digest (6.3.e).

Whoever is to be told is a row of the log, "Held" from the transaction that fired the step, and told after its commit: no
lock of a clock or record is held while a mail is rendered. Each person is told in a transaction of its own with the row that
says so, so a process that is killed tells nobody twice and leaves nobody out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import escape_html, get_time, get_url_to_form

from ops_delivery.domain import telling
from ops_delivery.domain.telling import QuietHours
from ops_delivery.services.outbox import bell
from ops_delivery.services.outbox import escalation_mail_states as escalation_mails
from ops_delivery.services.outbox import mail_queue as mail
from ops_delivery.services.rules.policy_reading import Policy
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import UTC, site_now, site_zone, to_site
from ops_delivery.services.shared.wording import reader_zone

DESK, EMAIL = "Desk", "E-mail"
RETRY_SECONDS = 300  # an e-mail that could not be queued is tried again after that …
GIVE_UP_SECONDS = 86400  # … for so long after the escalation
LOOK_AHEAD = 500  # rows looked up at once
DESK_ROWS = 50  # told on one person's desk in one transaction: it holds that person's notification settings


def plan(
	people: Mapping[str, str],
	action: Mapping[str, Any],
	policy: Policy,
	now: datetime,
	emails: Mapping[str, str],
) -> list[dict[str, Any]]:
	"""The recipients' rows of a log: everybody's way, and from when on they may be told (site time).

	All are held first: without quiet hours and digest from now on, so that they are told with this very sweep.
	"""
	mail_from = telling.mail_from(now, _quiet_hours(policy), policy.digest_minutes, bool(action.get("ignore_quiet_hours")))
	rows = []
	for user, part in people.items():
		if action.get("by_desk"):
			rows.append(
				{"user": user, "told_as": part, "channel": DESK, "state": "Held", "send_after": to_site(now)}
			)
		if action.get("by_email"):
			rows.append(
				{
					"user": user,
					"email": emails.get(user),
					"told_as": part,
					"channel": EMAIL,
					"state": "Held",
					"send_after": to_site(mail_from),
				}
			)
	return rows


def _quiet_hours(policy: Policy) -> QuietHours | None:
	if not policy.quiet_from or not policy.quiet_to:
		return None
	zone = ZoneInfo(policy.quiet_time_zone) if policy.quiet_time_zone else site_zone()
	return QuietHours(get_time(policy.quiet_from), get_time(policy.quiet_to), zone)


def tell_on_desk(in_time: Callable[[], bool] = lambda: True) -> int:
	"""Tell on the desk whoever is still to be told there; how many people. Commits person by person."""
	return _tell_due(DESK, _on_desk, in_time)


def send_held(in_time: Callable[[], bool] = lambda: True) -> int:
	"""Send the held e-mails whose time has come, one e-mail a person; how many people were written to.

	Commits person by person. What cannot be queued (no outgoing account) is noted on the log and tried again for a day.
	"""
	return _tell_due(EMAIL, _send, in_time)


class Outcome(NamedTuple):
	"""What came of telling one person: what stood in the way, or the mail that is on its way."""

	problem: str = ""
	mail: str | None = None


def _tell_due(channel: str, tell: Callable[[list, str, str | None], Outcome], in_time: Callable[[], bool]) -> int:
	told: set[str] = set()
	while in_time() and (waiting := _waiting(channel)):
		found = 0
		for user, names in waiting.items():
			size = DESK_ROWS if channel == DESK else len(names)
			for start in range(0, len(names), size):
				if not in_time():
					return len(told)
				held = _claim(names[start : start + size])
				if held:
					_tell_one(user, held, tell)
					told.add(user)
					found += len(held)
				frappe.db.commit()
		if not found or sum(map(len, waiting.values())) < LOOK_AHEAD:
			break  # other sweeps have the rest, or there is none
	return len(told)


def _waiting(channel: str) -> dict[str, list[str]]:
	"""The rows whose time has come by person, the oldest first. Nothing is locked; ends the transaction, so that what is
	claimed next is read as it is by then."""
	recipient = frappe.qb.DocType("Escalation Log Recipient")
	rows = (
		frappe.qb.from_(recipient)
		.select(recipient.name, recipient.user)
		.where(
			(recipient.state == "Held")
			& (recipient.send_after <= site_now())
			& (recipient.channel == channel)
		)
		.orderby(recipient.send_after)
		.limit(LOOK_AHEAD)
	).run(as_dict=True)
	frappe.db.commit()
	found: dict[str, list[str]] = defaultdict(list)
	for row in rows:
		found[row.user].append(row.name)
	return found


def _claim(names: list[str]) -> list[frappe._dict]:
	"""Those of the rows that are still to be told and that no other sweep holds, locked until the transaction ends."""
	recipient = frappe.qb.DocType("Escalation Log Recipient")
	return (
		frappe.qb.from_(recipient)
		.select(recipient.name, recipient.parent, recipient.channel, recipient.email)
		.where(recipient.name.isin(names) & (recipient.state == "Held"))
		.for_update(skip_locked=True)
	).run(as_dict=True)


def _tell_one(user: str, held: list[frappe._dict], tell: Callable[[list, str, str | None], Outcome]) -> None:
	if not frappe.db.get_value("User", user, "enabled"):  # disabled or deleted since: what was held is nothing for them now
		_settle(held, state="Not Sent", note=_("has no access any more"))
		return
	about = frappe.get_all(
		"Escalation Log",
		filters={"name": ["in", list({row.parent for row in held})]},
		fields=["*"],
		order_by="fired_on",
	)
	outcome = tell(about, user, held[0].email)
	if outcome.problem:
		_try_later(user, held, about, outcome.problem)
	elif outcome.mail:
		_settle(held, state=escalation_mails.QUEUED, mail=outcome.mail, send_after=site_now(), note=None)
	else:
		_settle(held, state="Sent", sent_on=site_now(), note=None)


def _settle(held: list[frappe._dict], **values) -> None:
	recipient = frappe.qb.DocType("Escalation Log Recipient")
	query = frappe.qb.update(recipient).where(recipient.name.isin([row.name for row in held]))
	for fieldname, value in values.items():
		query = query.set(recipient[fieldname], value)
	query.run()


def _try_later(user: str, held: list[frappe._dict], logs: list[frappe._dict], problem: str) -> None:
	"""Say on the logs who was not told and why, once; give up on what is older than a day."""
	_settle(held, send_after=site_now() + timedelta(seconds=RETRY_SECONDS), note=problem[:140])
	old = {log.name for log in logs if site_now() - log.fired_on > timedelta(seconds=GIVE_UP_SECONDS)}
	there = {log.name for log in logs}
	lost = [row for row in held if row.parent in old or row.parent not in there or _has_no_way(row)]
	if lost:
		_settle(lost, state="Not Sent")
	line = f"{user}: {problem}"
	saying: dict[str, list[str]] = defaultdict(list)
	for log in logs:
		if line not in (log.problems or "").splitlines():
			saying["\n".join(filter(None, (log.problems, line)))].append(log.name)
	table = frappe.qb.DocType("Escalation Log")
	for problems, names in saying.items():
		saved = bulk.as_saved("Escalation Log", {"problems": problems})
		frappe.qb.update(table).set(table.problems, saved["problems"]).where(table.name.isin(names)).run()


def _has_no_way(row: frappe._dict) -> bool:
	return row.channel == EMAIL and not row.email


@contextmanager
def language_of(user: str) -> Iterator[None]:
	"""Within it, texts are in the user's own language."""
	before = frappe.local.lang
	frappe.local.lang = (
		frappe.get_cached_value("User", user, "language") or frappe.db.get_default("lang") or before
	)
	try:
		yield
	finally:
		frappe.local.lang = before


def headline(log) -> str:
	"""One line that says what the escalation is about, in the language in force."""
	return _("{0}: {1} of {2} {3}").format(
		_(log.kind, context="Escalation Log"),
		_(log.commitment, context="Service Commitment"),
		_(log.reference_doctype),
		log.reference_name,
	)


def _on_desk(logs: list, user: str, _email: str | None) -> Outcome:
	"""A line on a person's desk for each log."""
	if not logs:
		return Outcome(_("the escalation is gone"))
	frappe.db.savepoint("ops_desk")
	try:
		with language_of(user):
			bell.ring(
				user, [bell.Line(headline(log), log.reference_doctype, log.reference_name) for log in logs]
			)
		return Outcome()
	except Exception as error:
		return _refused(error, "ops_desk")


def _send(logs: list, user: str, email: str | None) -> Outcome:
	"""Queue one e-mail about logs; it is told when the mail has left (escalation_mails)."""
	if not email:
		return Outcome(_("has no e-mail address"))
	if not logs:
		return Outcome(_("the escalation is gone"))
	frappe.db.savepoint("ops_mail")
	try:
		records = {(log.reference_doctype, log.reference_name) for log in logs}
		doctype, name = records.pop() if len(records) == 1 else (None, None)
		with language_of(user):
			subject = headline(logs[0]) if len(logs) == 1 else _("{0} escalations").format(len(logs))
			queue = mail.queue(
				"".join(_paragraph(log, reader_zone(user)) for log in logs),
				recipients=[email],
				subject=subject,
				reference_doctype=doctype,
				reference_name=name,
				add_unsubscribe_link=0,
			)
		if not queue:  # they have unsubscribed
			return Outcome(_("takes no e-mail from this site: see Email Unsubscribe"))
		return Outcome(mail=queue.name)
	except Exception as error:
		return _refused(error, "ops_mail")


def _refused(error: Exception, savepoint: str) -> Outcome:
	"""What stood in the way, in one line; what was written since the savepoint is taken back."""
	if isinstance(error, frappe.QueryDeadlockError):
		raise error  # the database has taken back all of it: the rows are still to be told
	frappe.db.rollback(save_point=savepoint)
	if frappe.message_log:
		frappe.clear_last_message()
	return Outcome(str(error)[:140])


def _paragraph(log, zone: str) -> str:
	link = get_url_to_form(log.reference_doctype, log.reference_name)
	return '<p><a href="{0}"><b>{1}</b></a><br>{2}</p>'.format(
		escape_html(link),
		escape_html(headline(log)),
		escape_html(
			_("Step {0}, due {1}. Acknowledge it in the record to end the repeats.").format(
				_(log.step, context="Escalation Step"), moment(log.due_on, zone)
			)
		),
	)
