"""A request that comes by mail says what was written and by which way it came, as one from the portal does (5.3.c, 6.3.j)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.permissions import switches
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.scope import issue_scope as ours

BY_MAIL = "E-mail"
KEY_POINT = "ops_mail_unknown"
NOT_SERVICE = object()  # no mail of a service mailbox, of which alone the thread is known


def receiving(inbound: Any, process: Any) -> Any:
	"""Hook `ops_delivery_receive_mail`: note which record a mail opens, and give a request of ours the mail's words."""
	make, opened = inbound._create_reference_document, []

	def create(doctype: str) -> Any:
		name = make(doctype)
		opened.append((doctype, name))
		return name

	inbound._create_reference_document = create
	communication = process()
	for doctype, name in opened:
		if doctype == ours.ISSUE and name and communication and communication.reference_name == name:
			_describe(name, communication)
			_tell_of_unknown(inbound, name, communication)
	return communication


def _tell_of_unknown(inbound: Any, name: str, communication: Any) -> None:
	"""A request by a service mailbox that is not ours, as no agreement covers its sender: the desk is told of it, too."""
	by_itself = getattr(inbound, "ops_thread", NOT_SERVICE) is None
	if by_itself and switches.now().measuring and not ours.is_issue_ours(name):
		notices.post("Communication", communication.name, KEY_POINT)


def _describe(name: str, communication: Any) -> None:
	if not ours.is_issue_ours(name):
		return
	stored = frappe.db.get_value(ours.ISSUE, name, ["description", "ops_channel"], as_dict=True)
	values = {}
	if not cstr(stored.description).strip():
		values["description"] = communication.content
	if not stored.ops_channel:
		values["ops_channel"] = BY_MAIL
	if values:
		frappe.db.set_value(ours.ISSUE, name, values, update_modified=False)
