"""Silence: reminders to the customer, and deemed acceptance where the agreement allows it (clauses 6.3.f, 6.3.g).

A result counts as accepted when the agreed working days have passed and at least the agreed number of notices was
sent: handed over to a mail server, not merely queued. Each acceptance knows when its next step is due, so that the
hourly run costs what is due.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime

from ops_delivery import framework
from ops_delivery.domain.events import MailboxRead, NoticeSent
from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.outbox import accounts as incoming
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import (
	acceptance,
	acceptance_decision,
	acceptance_schedule,
	result_messages,
)
from ops_delivery.services.requests.acceptance_schedule import DOCTYPE, LOOK_AGAIN
from ops_delivery.services.scope import record_parties
from ops_delivery.services.shared import job_queue as queueing
from ops_delivery.services.shared.locale import in_site_language, moment
from ops_delivery.services.shared.site_time import site_now

KINDS = {"ops_resolved": "Request", "ops_reminded": "Reminder", "ops_deemed": "Deemed Acceptance"}
BATCH = 500
SET_ASIDE = "Mail That Needs a Person"
WAITING = "ops_silence_waits"  # in the cache: somebody is to be taken for silent as soon as the mailboxes are read


@in_site_language
def remind_and_deem(limit: int = BATCH) -> dict[str, int]:
	"""Hourly: remind, and deem accepted what is due; {reminded, deemed, failed}.

	Each acceptance is a transaction of its own; one that fails is logged, tried again later and holds up no other. It sees
	what was committed while it waited for the Issue: a customer may be writing at that moment.
	"""
	with framework.reading_committed():
		return _remind_and_deem(limit)


def _remind_and_deem(limit: int) -> dict[str, int]:
	counts = {"reminded": 0, "deemed": 0, "failed": 0}
	due = frappe.get_all(
		DOCTYPE,
		filters={"state": "Requested", "next_action_on": ["<=", site_now()]},
		pluck="name",
		order_by="next_action_on asc",
		limit=limit,
	)
	# asked once a run, and only where silence is about to count
	deaf_accounts, doors = cache(incoming.deaf_accounts), cache(incoming.doors)
	for name in due:
		frappe.db.commit()
		try:
			outcome = _advance(name, deaf_accounts, doors)
		except Exception as error:
			frappe.db.rollback()
			outcome = "failed"
			frappe.db.set_value(
				DOCTYPE, name, "next_action_on", site_now() + LOOK_AGAIN, update_modified=False
			)
			frappe.log_error(
				title="Ops Delivery: acceptance not advanced",
				message=f"{type(error).__name__}: {error}",
				reference_doctype=DOCTYPE,
				reference_name=name,
			)
		if outcome:
			counts[outcome] += 1
	frappe.db.commit()
	return counts


def note_sent(event: NoticeSent) -> None:
	"""Keep on the record's acceptance which notices were handed to the mail queue."""
	kind = KINDS.get(event.key_point)
	if not kind:
		return
	found = frappe.get_all(
		DOCTYPE,
		filters={
			"reference_doctype": event.doctype,
			"reference_name": event.name,
			"state": ["in", ["Requested", "Deemed Accepted"]],
		},
		pluck="name",
		order_by="round desc",
		limit=1,
	)
	if not found:
		return
	doc = frappe.get_doc(DOCTYPE, found[0], for_update=True)
	for address, mail in event.mails:
		doc.append(
			"notices",
			{
				"sent_on": site_now(),
				"recipient": address,
				"kind": kind,
				"delivery": "Queued",
				"email_queue": mail,
			},
		)
	acceptance_schedule.save(doc)


def notices_sent(doc) -> list[Any]:
	"""The notices of an acceptance that left for the customer; what the mail queue says is kept on their lines."""
	waiting = [row.email_queue for row in doc.notices if row.delivery == "Queued" and row.email_queue]
	if waiting:
		states = dict(
			frappe.get_all(
				"Email Queue",
				filters={"name": ["in", waiting]},
				fields=["name", "status"],
				order_by="name",
				as_list=True,
			)
		)
		for row in doc.notices:
			if row.delivery == "Queued" and row.email_queue:
				status = states.get(
					row.email_queue, "Error"
				)  # gone from the queue: nothing proves that it left
				row.delivery = {"Sent": "Sent", "Error": "Failed"}.get(status, "Queued")
	return [row for row in doc.notices if row.delivery == "Sent" and row.kind != "Deemed Acceptance"]


def waiting_for_mail() -> list[str]:
	"""The mailboxes that nobody has read although somebody is to be taken for silent for hours; for the health."""
	overdue = frappe.get_all(
		DOCTYPE,
		filters={"state": "Requested", "deemed_on": ["<", site_now() - LOOK_AGAIN], "next_action_on": ["<=", site_now()]},
		fields=["deemed_on"],
		order_by="deemed_on asc",
		limit=1,
	)
	return incoming.unread_since(get_datetime(overdue[0].deemed_on)) if overdue else []


def look_again(_event: MailboxRead) -> None:
	"""Reaction: where somebody is to be taken for silent as soon as the mailboxes are read, that is looked at now: on a
	dormant site the scheduler asks a day later only."""
	if not frappe.cache.get_value(WAITING):
		return
	frappe.cache.delete_value(WAITING)
	method = "ops_delivery.services.requests.silence.remind_and_deem"
	queueing.enqueue_after_commit(method, queue="long", job_id=WAITING, deduplicate=True)
	frappe.db.commit()


def _wait_for_mail() -> None:
	frappe.cache.set_value(WAITING, 1)


def _advance(
	name: str, deaf_accounts: Callable[[], list[str]], doors: Callable[[], dict[str, datetime | None]]
) -> str | None:
	issue, doc = acceptance.locked(name)
	now = site_now()
	if doc.state != "Requested" or not doc.next_action_on or get_datetime(doc.next_action_on) > now:
		return None
	if issue.status != "Resolved":
		_take_back(issue, doc)
		return None
	is_over = bool(doc.deemed_on and get_datetime(doc.deemed_on) <= now)
	# asked before it is asked what came in: as when the scheduler was away, an objection may lie in a mailbox
	unread = incoming.unread_since(get_datetime(doc.deemed_on), doors()) if is_over else []
	if has_objected(doc):
		acceptance_schedule.stop(doc)
		notices.post("Issue", issue.name, "ops_reply_after_end")
		return None
	terms = agreements.terms(doc.agreement) if doc.agreement else None
	sent = notices_sent(doc)
	if is_over and terms and len(sent) >= max(1, terms.deemed_notices):
		if unread and not deaf_accounts():
			_wait_for_mail()
			return None
		if not deaf_accounts() and not _waits_for_a_person(issue, doc):
			return _deem(issue, doc, sent, terms)
		doc.next_action_on = now + LOOK_AGAIN  # an objection may lie in the mailbox, or be kept for a person
		acceptance_schedule.save(doc)
		return None
	if _notice_is_under_way(doc):
		doc.next_action_on = now + LOOK_AGAIN
		acceptance_schedule.save(doc)
		return None
	if terms and is_over:
		doc.deemed_on = acceptance_schedule.working_day_end(terms, now, 1)  # what the reminder says is still to come
	notices.post("Issue", issue.name, "ops_reminded", {"round": doc.round})
	doc.next_action_on = acceptance_schedule.next_action(doc, terms, now)
	acceptance_schedule.save(doc)
	return "reminded"


def has_objected(doc) -> bool:
	"""Whether the customer is not silent: a person there wrote, or complained, after the result was offered."""
	return bool(result_messages.unanswered(doc)) or bool(
		frappe.db.exists(
			"Service Complaint",
			{
				"reference_doctype": doc.reference_doctype,
				"reference_name": doc.reference_name,
				"received_on": [">=", doc.requested_on],
				"status": ["not in", ["Closed", "Withdrawn"]],
			},
		)
	)


def _waits_for_a_person(issue, doc) -> bool:
	"""Whether a mail that came since the result was offered is kept for a person who has not looked at it: one that names the
	request, whoever wrote it, or one of the people whom it is about. It may be the objection."""
	kept = {"state": "Open", "received_on": [">=", doc.requested_on]}
	theirs = sorted(record_parties.persons_of(issue))
	return bool(
		frappe.db.exists(SET_ASIDE, {**kept, "reference_doctype": issue.doctype, "reference_name": issue.name})
		or (theirs and frappe.db.exists(SET_ASIDE, {**kept, "sender": ["in", theirs]}))
	)


def _take_back(issue, doc) -> None:
	"""The request is being worked on again, past the save that would have said so: there is nothing to answer for."""
	if issue.status in ISSUE_ENDED:
		doc.next_action_on = None
		acceptance_schedule.save(doc)
	else:
		acceptance.withdraw(issue)


def _deem(issue, doc, sent: list[Any], terms) -> str:
	listed = "; ".join(
		f"{_(row.kind, context='Service Acceptance Notice')} {moment(row.sent_on)} → {row.recipient}"
		for row in sent
	)
	doc.update(
		{
			"state": acceptance_decision.DEEMED,
			"decided_on": site_now(),
			"channel": acceptance_decision.BY_SILENCE,
			"comment": _("No answer within {0} working days (until {1}). Notices sent: {2}").format(
				terms.deemed_after_days, moment(doc.deemed_on), listed
			),
			"next_action_on": None,
		}
	)
	acceptance_schedule.save(doc)
	acceptance.conclude(issue, acceptance_decision.DEEMED)
	notices.post("Issue", issue.name, "ops_deemed", {"notices": len(sent)})
	return "deemed"


def _notice_is_under_way(doc) -> bool:
	"""Whether a notice waits in our outbox or in the mail queue, so that another would only repeat it."""
	if any(row.delivery == "Queued" for row in doc.notices):
		return True
	return bool(
		frappe.db.exists(
			"Service Notice",
			{
				"reference_doctype": doc.reference_doctype,
				"reference_name": doc.reference_name,
				"key_point": ["in", ["ops_resolved", "ops_reminded"]],
				"state": "Pending",
			},
		)
	)
