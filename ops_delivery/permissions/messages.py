"""What our roles read of the host's messages: those of requests and of our own records, where they may read the record.

A message is read by whoever may read Communication and what it belongs to; Frappe gives that right to its mailbox roles alone.
So the desk could open neither a customer's screenshot nor a file. host_rules.py lays a rule for our roles; here it is narrowed
again, for hooks can only take away: who reads messages by a role of ours alone reads none of other records or of no record.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder import functions as fn

from ops_delivery.framework import NO_OBJECTION
from ops_delivery.permissions import list_conditions
from ops_delivery.permissions.ownership import ADMINISTRATOR, is_staff
from ops_delivery.permissions.role_names import ROLES

MESSAGE, ISSUE, MODULE = "Communication", "Issue", "Ops Delivery"
EVERYBODY = frozenset({"All", "Desk User"})


def permission(doc: Any, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook has_permission of Communication."""
	user = user or frappe.session.user
	if doc.get("owner") == user or not by_our_roles_alone(user):
		return NO_OBJECTION
	if not doc.get("reference_name") or not _is_of_service(doc.get("reference_doctype")):
		return False
	may = frappe.has_permission(doc.reference_doctype, "read", doc.reference_name, user=user)
	return NO_OBJECTION if may else False


def query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook permission_query_conditions of Communication."""
	user = user or frappe.session.user
	if not by_our_roles_alone(user):
		return ""
	table = frappe.qb.DocType(MESSAGE)
	of_service = fn.Coalesce(table.reference_doctype, "").isin([ISSUE, *_own_types()])
	return list_conditions.as_text(of_service | (table.owner == user))


def by_our_roles_alone(user: str) -> bool:
	"""Whether somebody reads messages by a role of ours and by none of the host's."""
	if user == ADMINISTRATOR or not is_staff(user):
		return False
	held = set(frappe.get_roles(user))
	if held.isdisjoint(ROLES):
		return False
	others = (held - set(ROLES)) | EVERYBODY
	return not any(
		rule.role in others and rule.read and not rule.permlevel and not rule.if_owner
		for rule in frappe.get_meta(MESSAGE).permissions
	)


def _is_of_service(doctype: str | None) -> bool:
	return doctype == ISSUE or (bool(doctype) and frappe.get_cached_value("DocType", doctype, "module") == MODULE)


def _own_types() -> list[str]:
	return frappe.get_all("DocType", filters={"module": MODULE, "istable": 0}, pluck="name", order_by="name")
