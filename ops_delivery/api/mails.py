"""Mails that need a person, on the desk: what becomes of one (5.3.c)."""

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.mailbox import set_aside
from ops_delivery.services.mailbox import settling as mail_settling


@frappe.whitelist(methods=["POST"])
@staff_only
def make_request(name: str) -> str:
	"""Make a request of a mail; returns the request."""
	_check(name)
	return mail_settling.make_request(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def add_to_record(name: str) -> str:
	"""Put a mail into the record that it answers; returns that record's name."""
	_check(name)
	return mail_settling.add_to_record(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def leave(name: str, note: str) -> None:
	"""Nothing is to be done with a mail; `note` says why."""
	_check(name)
	mail_settling.leave(name, note)


def _check(name: str) -> None:
	frappe.has_permission(set_aside.DOCTYPE, "write", name, throw=True)
