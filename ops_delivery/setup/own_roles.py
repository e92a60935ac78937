"""Roles of an administrator's own that may read records of ours: our workspace lets them in (6.3.b).

Somebody with no other role would land on "Page not found": Frappe opens the first workspace that a user may see, and ours names
its roles. The row is written without a change of the workspace, so it stays as delivered, or as it was edited.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder import DocType
from frappe.utils import cint

from ops_delivery.services.shared import bulk

NAME, MODULE = "Ops Delivery", "Ops Delivery"
ROW = ("name", "parent", "parenttype", "parentfield", "idx", "role")
NOBODYS = ("Administrator", "Guest", "All", "Desk User")


def let_in(doc: Any, _method: str | None = None) -> None:
	"""doc_events Custom DocPerm: a rule about records of ours was added."""
	if cint(doc.read) and not cint(doc.permlevel) and _is_ours(doc.parent):
		_add([doc.role])


def refresh() -> None:
	"""After a migrate, which may have put our file's workspace back."""
	rule, kind = DocType("Custom DocPerm"), DocType("DocType")
	roles = (
		frappe.qb.from_(rule)
		.join(kind)
		.on(kind.name == rule.parent)
		.select(rule.role)
		.distinct()
		.where((kind.module == MODULE) & (rule.read == 1) & (rule.permlevel == 0))
		.orderby(rule.role)
	).run(pluck=True)
	_add(roles)


def _is_ours(doctype: str) -> bool:
	return frappe.db.get_value("DocType", doctype, "module") == MODULE


def _add(roles: list[str]) -> None:
	if not frappe.db.exists("Workspace", NAME):
		return
	there = frappe.get_all(
		"Has Role", filters={"parenttype": "Workspace", "parent": NAME}, pluck="role", order_by="idx"
	)
	wanted = frappe.get_all(
		"Role",
		filters={"name": ["in", [role for role in roles if role not in (*there, *NOBODYS)] or [""]], "desk_access": 1},
		pluck="name",
		order_by="name",
	)
	if not there or not wanted:
		return  # without any role it is open to everybody
	rows = [
		(frappe.generate_hash(length=10), NAME, "Workspace", "roles", len(there) + number, role)
		for number, role in enumerate(wanted, start=1)
	]
	bulk.insert("Has Role", ROW, rows)
	frappe.clear_document_cache("Workspace", NAME)
