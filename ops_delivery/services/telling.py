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

from ops_delivery.services.policies import Policy
from ops_delivery.services.time import UTC, site_now, site_zone, to_site


def plan(
	people: Mapping[str, str], action: Mapping[str, Any], policy: Policy, now: datetime
) -> list[dict[str, Any]]:
	"""The recipients' rows of a log: everybody's way and, for a held e-mail, until when it waits (site time)."""
	wait_until = None if action.get("ignore_quiet_hours") else quiet_until(policy, now)
	if not wait_until and policy.digest_minutes and not action.get("ignore_quiet_hours"):
		wait_until = now + timedelta(minutes=policy.digest_minutes)
	emails = _emails(people)
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
					"state": "Held" if wait_until else "Not Sent",
					"send_after": to_site(wait_until),
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


def tell(log, row: frappe._dict) -> list[str]:
	"""Tell the recipients of a new log that are not held. Returns problems in words; a failing mail set-up is one."""
	problems = []
	for recipient in log.recipients:
		if recipient.channel == "Desk":
			_tell_on_desk(log, recipient.user)
		elif recipient.state != "Held":
			problem = _send([log], recipient.user, recipient.email)
			recipient.state = "Not Sent" if problem else "Sent"
			recipient.sent_on = None if problem else log.fired_on
			recipient.note = problem
			recipient.db_update()
			if problem:
				problems.append(f"{recipient.user}: {problem}")
	return problems


def send_held(limit: int = 500) -> int:
	"""Send the held e-mails whose time has come, one e-mail a person. Returns how many people were written to.

	Claims rows with SKIP LOCKED, so two runs at once never write twice.
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
	by_user: dict[str, list[frappe._dict]] = defaultdict(list)
	for row in rows:
		by_user[row.user].append(row)
	logs = {
		log.name: log
		for log in frappe.get_all(
			"Escalation Log",
			filters={"name": ["in", list({row.parent for row in rows}) or [""]]},
			fields=["*"],
			order_by="fired_on",
		)
	}
	for user, held in by_user.items():
		problem = _send([logs[row.parent] for row in held if row.parent in logs], user, held[0].email)
		(
			frappe.qb.update(recipient)
			.set(recipient.state, "Not Sent" if problem else "Sent")
			.set(recipient.sent_on, None if problem else site_now())
			.set(recipient.note, problem)
			.where(recipient.name.isin([row.name for row in held]))
		).run()
	return len(by_user)


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
		with language_of(user):
			subject = headline(logs[0]) if len(logs) == 1 else _("{0} escalations").format(len(logs))
			frappe.sendmail(
				recipients=[email],
				subject=subject,
				message="".join(_paragraph(log) for log in logs),
				reference_doctype=logs[0].reference_doctype,
				reference_name=logs[0].reference_name,
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


def _emails(people: Mapping[str, str]) -> dict[str, str]:
	if not people:
		return {}
	return dict(
		frappe.get_all(
			"User",
			filters={"name": ["in", list(people)]},
			fields=["name", "email"],
			order_by="name",
			as_list=True,
		)
	)
