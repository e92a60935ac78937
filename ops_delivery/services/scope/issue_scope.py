"""Whether a record of the host is ours: the one question that whatever of ours acts on such a record asks first.

An Issue is ours where its customer has an agreement in force (and its group is switched on, where groups were chosen), or
where the administrator gave us every Issue; once it is ruled by an agreement it stays so. For everything else the host
works as if we were not there. Asking costs no query once the process is warm (permissions/switches.py).
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.permissions import switches
from ops_delivery.permissions.switches import (
	AGREED,
	EVERYBODY,
	GROUPS,
	IN_GROUPS,
	MESSAGES,
	NOBODY,
	OURS,
	RULE,
	THEIRS,
)
from ops_delivery.services.scope import active_rules as every_save

MODULE = "Ops Delivery"
ISSUE = "Issue"
ASKED = ("name", "customer", "ops_agreement", "opening_date", "creation", "status")


def is_ours(doc: Any) -> bool:
	"""Whether our rule holds for an Issue (a document or a row with ASKED)."""
	found = switches.now()
	if found.rule in (OURS, THEIRS):
		return found.rule == OURS
	if not found.agreements:
		return False
	customer = doc.get("customer")
	if found.rule == IN_GROUPS and not found.in_groups(RULE, customer):
		return False
	return bool(doc.get("ops_agreement")) or found.has_agreement(customer, received_on(doc))


def is_type_ours(doctype: str | None) -> bool:
	"""Whether what an administrator configures for a type concerns us: it is of our module, or measured; Issues are where one
	can be ours at all."""
	if not doctype or not frappe.db.exists("DocType", doctype):
		return False
	return frappe.get_meta(doctype).module == MODULE or doctype in hosts_types()


def hosts_types() -> list[str]:
	"""The types of other apps that an administrator has measured."""
	return sorted(
		one for one in every_save.asked().measured if one != ISSUE or switches.now().measuring
	)


def tell_form(doc: Any, _method: str | None = None) -> None:
	"""doc_events Issue.onload: the form has our buttons where the Issue is ours."""
	doc.set_onload("ops_is_ours", is_ours(doc))


def received_on(doc: Any) -> Any:
	"""The day an Issue came in, by which its agreement is found; None for today."""
	return doc.get("opening_date") or doc.get("creation")


def is_issue_ours(name: str) -> bool:
	"""The same for an Issue by name; no query where no Issue can be ours, or each is."""
	found = switches.now()
	if not found.measuring or found.rule == OURS:
		return found.measuring
	row = frappe.db.get_value(ISSUE, name, ASKED, as_dict=True)
	return bool(row) and is_ours(row)


def tells(doctype: str, name: str, doc: Any = None) -> bool:
	"""Whether messages go out about an Issue, or a record of ours; `doc` saves a query where the caller has it."""
	found = switches.now()
	if found.messages == NOBODY:
		return False
	if doctype == ISSUE:
		if found.rule == OURS and found.messages == EVERYBODY:
			return True
		if not found.measuring:
			return False
		row = doc or frappe.db.get_value(ISSUE, name, ASKED, as_dict=True)
		if not row or not is_ours(row):
			return False
		if found.messages == AGREED and row.get("ops_agreement"):
			return True
		return found.reaches(MESSAGES, row.get("customer"))
	if found.messages != GROUPS or not frappe.get_meta(doctype).has_field("customer"):
		return True  # somebody made it for this customer
	customer = doc.get("customer") if doc else frappe.db.get_value(doctype, name, "customer")
	return not customer or found.reaches(MESSAGES, customer)
