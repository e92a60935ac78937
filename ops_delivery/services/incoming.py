"""The doors by which customers write: the Email Accounts whose mails come to our requests (5.3.c, 6.3.g)."""

from __future__ import annotations

import frappe
from frappe.utils import add_days

from ops_delivery.permissions.ownership import plain
from ops_delivery.services import ours
from ops_delivery.services.time import site_now

ACCOUNT = "Email Account"
LIVELY_DAYS = 90  # a door by which nothing came for so long is given up
FAILURES = 2  # a look into the mailbox fails now and then


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
	if not quiet:
		return []
	return frappe.get_all(
		"Communication",
		filters={
			"reference_doctype": ours.ISSUE,
			"sent_or_received": "Received",
			"email_account": ["in", quiet],
			"creation": [">=", add_days(site_now(), -LIVELY_DAYS)],
		},
		fields=["email_account"],
		distinct=True,
		order_by="email_account",
		pluck="email_account",
	)
