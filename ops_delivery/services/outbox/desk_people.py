"""Who is told of what nobody is assigned to (5.3.c, 6.3.f): everybody with the desk's role, until somebody is."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.permissions import switches
from ops_delivery.permissions.ownership import plain
from ops_delivery.permissions.role_names import DESK, HANDLER, MANAGER

STANDING = ("Administrator", "Guest")


def unassigned(doc: Any) -> list[str]:
	"""The addresses of the service desk while a record has nobody who works on it, else none."""
	if json.loads(cstr(doc.get("_assign")) or "[]"):
		return []
	return with_roles([frappe.get_cached_doc(switches.SETTINGS).desk_role or DESK])


def of_complaint(doc: Any) -> list[str]:
	"""Who handles a complaint; who chooses the handler, while it has none."""
	if doc.get("handler"):
		return [plain(frappe.db.get_value("User", doc.handler, "email"))]
	return with_roles([HANDLER, MANAGER])


def with_roles(roles: list[str]) -> list[str]:
	"""The addresses of the enabled people who have one of these roles; one query."""
	wanted = [role for role in roles if role]
	if not wanted:
		return []
	user, row = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	return (
		frappe.qb.from_(user)
		.join(row)
		.on((row.parent == user.name) & (row.parenttype == "User"))
		.select(user.email)
		.where(row.role.isin(wanted) & (user.enabled == 1) & user.name.notin(STANDING))
		.distinct()
		.orderby(user.email)
	).run(pluck=True)
