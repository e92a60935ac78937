"""Whom a message of ours reaches (6.3.d): an answer to the customer is one that somebody at the customer gets.

A colleague who is asked, the maker of a part, or another customer's person has told the customer nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import frappe

from ops_delivery.domain import mail_headers
from ops_delivery.permissions.ownership import is_staff_address, plain
from ops_delivery.services.outbox import accounts
from ops_delivery.services.scope import record_parties

PARTIES = ("Customer", "Supplier")


def reaches_nobody_there(message: Any, issue: Any) -> bool:
	"""Whether a message that is sent goes to nobody at the Issue's customer.

	Named people of the Issue are the customer's, and so is who is on record for its customer. Who is on record for others
	alone is not. Of an address that nobody knows its domain decides, where the Issue names anybody: whoever called from
	somewhere is written to wherever they said.
	"""
	if message.sent_or_received != "Sent":
		return False
	addresses = set(mail_headers.addresses(filter(None, (message.recipients, message.cc, message.bcc))))
	outside = {one for one in addresses if not is_staff_address(one) and not accounts.is_ours(one)}
	if not outside:
		return bool(addresses)
	named = {one for one in record_parties.persons_of(issue, "Issue") if not is_staff_address(one) and not accounts.is_ours(one)}
	if named & outside:
		return False
	domains, parties = {_domain(one) for one in named}, _parties_of(outside)

	def is_theirs(address: str) -> bool:
		if known := parties[address]:
			return not issue.customer or ("Customer", issue.customer) in known
		return not named or _domain(address) in domains

	return not any(map(is_theirs, outside))


def _parties_of(addresses: set[str]) -> dict[str, set[tuple[str, str]]]:
	"""The customers and suppliers that each address is on record for, in one query; empty where nobody knows it."""
	mail, link = frappe.qb.DocType("Contact Email"), frappe.qb.DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(mail)
		.inner_join(link)
		.on((link.parent == mail.parent) & (link.parenttype == "Contact"))
		.select(mail.email_id, link.link_doctype, link.link_name)
		.where((mail.parenttype == "Contact") & mail.email_id.isin(sorted(addresses)) & link.link_doctype.isin(PARTIES))
	).run()
	found: dict[str, set[tuple[str, str]]] = defaultdict(set)
	for address, doctype, name in rows:
		found[plain(address)].add((doctype, name))
	return found


def _domain(address: str) -> str:
	return address.rpartition("@")[2]
