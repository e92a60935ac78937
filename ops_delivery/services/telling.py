"""How people are told of an escalation: on the desk at once, by e-mail now, after quiet hours, or in a digest (6.3.e)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime, get_time, get_url_to_form

from ops_delivery.services import bulk, mail
from ops_delivery.services.policies import Policy
from ops_delivery.services.time import UTC, site_now, site_zone, to_site

RETRY_SECONDS = 300  # an e-mail that could not be queued is tried again after that …
GIVE_UP_SECONDS = 86400  # … for so long after the escalation


def plan(
	people: Mapping[str, str],
	action: Mapping[str, Any],
	policy: Policy,
	now: datetime,
	emails: Mapping[str, str],
) -> list[dict[str, Any]]:
	"""The recipients' rows of a log: everybody's way, and from when an e-mail may go (site time).

	An e-mail is always held: without quiet hours and digest from now on, so that it goes with this very sweep.
	"""
	wait_until = None if action.get("ignore_quiet_hours") else quiet_until(policy, now)
	if not wait_until and policy.digest_minutes and not action.get("ignore_quiet_hours"):
		wait_until = now + timedelta(minutes=policy.digest_minutes)
	rows = []
	for user, part in people.items():
		if action.get("by_desk"):
			rows.append(
				{"user": user, "told_as": part, "channel": "Desk", "state": "Sent", "sent_on": to_site(now)}
			)
		if action.get("by_email"):
			rows.append(
				{
					"user": user,
					"email": emails.get(user),
					"told_as": part,
					"channel": "E-mail",
					"state": "Held",
					"send_after": to_site(wait_until or now),
				}
			)
	return rows


def quiet_until(policy: Policy, now: datetime) -> datetime | None:
	"""When the policy's quiet hours that hold at `now` (UTC) end, or None outside of them. They may span midnight."""
	if not policy.quiet_from or not policy.quiet_to:
		return None
	start, end = get_time(policy.quiet_from), get_time(policy.quiet_to)
	if start == end:
		return None
	zone = ZoneInfo(policy.quiet_time_zone) if policy.quiet_time_zone else site_zone()
	local = now.astimezone(zone)
	clock = local.time()
	if not (start <= clock < end if start < end else clock >= start or clock < end):
		return None
	day = local.date() + timedelta(days=1 if clock >= end else 0)
	return datetime.combine(day, time(end.hour, end.minute, end.second), zone).astimezone(UTC)


def tell_on_desk(log) -> None:
	"""Tell the recipients of a new log whose way is the desk; the e-mails go with send_held()."""
	desk = [recipient for recipient in log.recipients if recipient.channel == "Desk"]
	try:
		for recipient in desk:
			_tell_on_desk(log, recipient.user)
	except Exception:
		for recipient in desk:
			recipient.state, recipient.sent_on = "Not Sent", None
		raise


def send_held(limit: int = 500) -> int:
	"""Send the held e-mails whose time has come, one e-mail a person. Returns how many people were written to.

	Claims rows with SKIP LOCKED, so two runs at once never write twice. What cannot be queued (no outgoing account)
	is noted on the log and tried again for a day.
	"""
	recipient = frappe.qb.DocType("Escalation Log Recipient")
	rows = (
		frappe.qb.from_(recipient)
		.select(recipient.name, recipient.parent, recipient.user, recipient.email)
		.where((recipient.state == "Held") & (recipient.send_after <= site_now()))
		.orderby(recipient.send_after)
		.limit(limit)
		.for_update(skip_locked=True)
	).run(as_dict=True)
	if not rows:
		return 0
	by_user: dict[str, list[frappe._dict]] = defaultdict(list)
	for row in rows:
		by_user[row.user].append(row)
	logs = {
		log.name: log
		for log in frappe.get_all(
			"Escalation Log",
			filters={"name": ["in", list({row.parent for row in rows})]},
			fields=["*"],
			order_by="fired_on",
		)
	}
	for user, held in by_user.items():
		names = {row.parent for row in held}
		about = [log for log in logs.values() if log.name in names]
		problem = _send(about, user, held[0].email)
		if problem:
			_try_later(user, held, about, problem)
		else:
			_settle(held, state="Sent", sent_on=site_now(), note=None)
	return len(by_user)


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
	gone = {log.name for log in logs}
	lost = [row for row in held if row.parent in old or row.parent not in gone or not row.email]
	if lost:
		_settle(lost, state="Not Sent")
	line = f"{user}: {problem}"
	table = frappe.qb.DocType("Escalation Log")
	for log in logs:
		if line not in (log.problems or "").splitlines():
			log.problems = "\n".join(filter(None, (log.problems, line)))
			saved = bulk.as_saved("Escalation Log", {"problems": log.problems})
			frappe.qb.update(table).set(table.problems, saved["problems"]).where(table.name == log.name).run()


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
		_(log.kind), _(log.commitment), _(log.reference_doctype), log.reference_name
	)


def _tell_on_desk(log, user: str) -> None:
	with language_of(user):
		subject = headline(log)
	note = frappe.new_doc("Notification Log")
	note.update(
		{
			"for_user": user,
			"from_user": frappe.session.user,
			"type": "Alert",
			"document_type": log.reference_doctype,
			"document_name": log.reference_name,
			"subject": subject,
		}
	)
	note.insert(ignore_permissions=True)


def _send(logs: list, user: str, email: str | None) -> str:
	"""Queue one e-mail about logs. Returns what went wrong, or an empty string."""
	if not email:
		return _("has no e-mail address")
	if not logs:
		return _("the escalation is gone")
	frappe.db.savepoint("ops_mail")
	try:
		records = {(log.reference_doctype, log.reference_name) for log in logs}
		doctype, name = records.pop() if len(records) == 1 else (None, None)
		with language_of(user), mail.sending():
			subject = headline(logs[0]) if len(logs) == 1 else _("{0} escalations").format(len(logs))
			frappe.sendmail(
				recipients=[email],
				subject=subject,
				message="".join(_paragraph(log) for log in logs),
				reference_doctype=doctype,
				reference_name=name,
			)
		return ""
	except Exception as error:
		frappe.db.rollback(save_point="ops_mail")
		if frappe.message_log:
			frappe.clear_last_message()
		return str(error)[:140]


def _paragraph(log) -> str:
	link = get_url_to_form(log.reference_doctype, log.reference_name)
	return '<p><a href="{0}"><b>{1}</b></a><br>{2}</p>'.format(
		escape_html(link),
		escape_html(headline(log)),
		escape_html(
			_("Step {0}, due {1}. Acknowledge it in the record to end the repeats.").format(
				log.step, format_datetime(log.due_on)
			)
		),
	)
