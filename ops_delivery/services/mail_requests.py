"""A request that comes by mail says what was written and by which way it came, as one from the portal does (5.3.c, 6.3.j)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.services import ours

BY_MAIL = "E-mail"


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
	return communication


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
