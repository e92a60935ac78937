"""The address that a record's mails are answered at: that of a service mailbox with a token sealed for one record (5.3.c)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

import frappe
from frappe.utils.password import get_encryption_key

from ops_delivery.permissions.ownership import plain
from ops_delivery.services.scope import issue_scope as ours

CONTEXT = b"ops_delivery reply address 1:"
_KINDS = {"i": ours.ISSUE, "c": "Service Complaint"}
_TOKEN = re.compile(r"\+(?P<kind>[ic])-(?P<name>[a-z0-9][a-z0-9.-]{1,32})-(?P<seal>[a-z2-7]{16})@")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{1,32}")


def by_reply_address(addresses: list[str]) -> tuple[str, str] | None:
	"""By the address that our mail asked to be answered at: its token is sealed for one record."""
	for address in addresses:
		match = _TOKEN.search(address)
		if not match:
			continue
		doctype = _KINDS[match["kind"]]
		if not hmac.compare_digest(_seal(doctype, match["name"]), match["seal"]):
			continue
		if name := frappe.db.get_value(doctype, {"name": match["name"]}, "name"):
			return doctype, name
	return None


class ReplyAddress:
	"""The address of a mailbox, `plain` and with the token of one record (`signed`)."""

	def __init__(self, address: str, reference: tuple[str, str]):
		self.plain = address
		local, _at, domain = address.partition("@")
		kind = next(kind for kind, doctype in _KINDS.items() if doctype == reference[0])
		name = reference[1].lower()
		self.signed = f"{local}+{kind}-{name}-{_seal(reference[0], name)}@{domain}"


def reply_address(reference: tuple[str, str], account: str | None) -> ReplyAddress | None:
	"""Where a record's mails are answered; None where no service mailbox takes plus addresses, or the record's number cannot
	stand in an address."""
	doctype, name = reference
	if doctype not in _KINDS.values() or not _NAME.fullmatch(name):
		return None
	rows = frappe.get_cached_doc("Ops Delivery Settings").get("service_mailboxes") or ()
	taking = [row.email_account for row in rows if row.plus_addresses]
	if not taking:
		return None
	address = _mailbox_for(doctype, name, account, taking)
	if not address or "+" in address or len(address.partition("@")[0]) + len(name) > 40:
		return None
	return ReplyAddress(address, reference)


def _mailbox_for(doctype: str, name: str, account: str | None, taking: list[str]) -> str | None:
	"""The mailbox by which the mail leaves, the one by which the record came, or the only one."""
	came_by = frappe.db.get_value(doctype, name, "email_account") if doctype == ours.ISSUE else None
	chosen = next((one for one in (account, came_by) if one in taking), None)
	chosen = chosen or (taking[0] if len(taking) == 1 else None)
	return plain(frappe.get_cached_value("Email Account", chosen, "email_id")) if chosen else None


def _seal(doctype: str, name: str) -> str:
	key = hmac.new(get_encryption_key().encode(), CONTEXT, hashlib.sha256).digest()
	seal = hmac.new(key, f"{doctype}\n{name.lower()}".encode(), hashlib.sha256).digest()[:10]
	return base64.b32encode(seal).decode().lower()
