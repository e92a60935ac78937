"""The doors by which customers write: the Email Accounts whose mails come to our requests (5.3.c, 6.3.g)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import add_days, get_datetime

from ops_delivery.domain.events import MailboxRead
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import events
from ops_delivery.services.shared.site_time import site_now

ACCOUNT = "Email Account"
LIVELY_DAYS = 90  # a door by which nothing came for so long is given up
FAILURES = 2  # a look into the mailbox fails now and then
READ = "ops_mailboxes_read"  # in the cache: Email Account -> when it was last read; unknown is not read


def is_ours(address: str | None) -> bool:
	"""Whether a mail comes from an account of this site's own."""
	return bool(address and frappe.db.exists(ACCOUNT, {"email_id": plain(address) or address}))


def deaf_accounts() -> list[str]:
	"""The accounts by which mails about requests came lately and no longer come: switched off, also by Frappe after failed
	log-ins, or failing now. While there is one, nobody knows whether a customer is silent.

	One query where all accounts take mail in; messages are looked at only for the others.
	"""
	quiet = frappe.get_all(
		ACCOUNT, or_filters={"enable_incoming": 0, "no_failed": [">", FAILURES]}, pluck="name", order_by="name"
	)
	return _used(quiet)


def read_watched(account: Any, theirs: Callable[[], Any]) -> Any:
	"""Have Frappe read a mailbox, and note when it did. Frappe logs what fails and says nothing of it to its caller."""
	begun, failed, log_error = site_now(), [], account.log_error

	def log(*args: Any, **kwargs: Any) -> Any:
		failed.append(account.name)
		return log_error(*args, **kwargs)

	account.log_error = log
	try:
		found = theirs()
	finally:
		del account.log_error
	if not failed:
		note_read(account.name, begun)
	return found


def note_read(account: str, moment: datetime) -> None:
	"""A mailbox holds nothing any more that came before this moment (of the site); who was silent until then may be taken
	for it."""
	frappe.cache.hset(READ, account, moment.isoformat())
	events.tell(MailboxRead(account))


def doors() -> dict[str, datetime | None]:
	"""The accounts that take mail in and by which mails about requests came lately, with when they were last read."""
	names = frappe.get_all(ACCOUNT, filters={"enable_incoming": 1}, pluck="name", order_by="name")
	known = {name: frappe.cache.hget(READ, name) for name in _used(names)}
	return {name: get_datetime(moment) if moment else None for name, moment in known.items()}


def unread_since(moment: datetime, read: dict[str, datetime | None] | None = None) -> list[str]:
	"""Those of the doors that nobody has read since then: an objection may lie there, in time and unseen."""
	return [name for name, at in (doors() if read is None else read).items() if at is None or at < moment]


def _used(accounts: list[str]) -> list[str]:
	"""Those of the accounts by which mails about requests came lately."""
	if not accounts:
		return []
	return frappe.get_all(
		"Communication",
		filters={
			"reference_doctype": ours.ISSUE,
			"sent_or_received": "Received",
			"email_account": ["in", accounts],
			"creation": [">=", add_days(site_now(), -LIVELY_DAYS)],
		},
		fields=["email_account"],
		distinct=True,
		order_by="email_account",
		pluck="email_account",
	)
