"""Who may be given work: one of the supplier's people who is there and may do it. One rule for every way in (6.2.a, 5.3.a).

Work that lies with somebody who may not touch it is done by nobody, and looks as if it were in hands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_fullname

from ops_delivery.permissions.ownership import ADMINISTRATOR, is_staff, lost_access

ENGINEER = "Field Engineer"
OF_ALL = {"All", "Desk User"}  # roles that nobody is given, as who works on the desk has them


def refusal(user: str, doc: Any) -> str:
	"""Why a user cannot be given a record, and the way out (HTML); "" where they can. `doc` may be a new one, with its customer."""
	name = frappe.bold(escape_html(get_fullname(user) or cstr(user)))
	if not is_staff(user):
		return _("{0} does not work on the desk. Choose one of the supplier's people.").format(name)
	if user != ADMINISTRATOR and not frappe.db.get_value("User", user, "enabled"):
		return _("The user {0} is disabled. Choose somebody else.").format(name)
	if not able([user], doc.doctype):
		return _("{0} may not do this work: none of their roles writes {1}. Choose somebody else, or give them a role such as {2}.").format(
			name, _(doc.doctype), _(ENGINEER)
		)
	if not frappe.has_permission(doc.doctype, "write", doc=doc, user=user):
		return _("{0} may not work on this record, by their user permissions. Choose somebody else, or widen these.").format(name)
	return ""


def first_present(*users: str | None) -> str:
	"""The first of some users who works on the desk, so that nothing waits on the list of somebody who has left; else Administrator."""
	return next((user for user in users if user and is_staff(user) and not lost_access(user)), ADMINISTRATOR)


def able(users: Iterable[str], doctype: str) -> set[str]:
	"""Those of some users who have a role that writes records of a type; one query for any number of them."""
	named = sorted({user for user in users if user})
	if not named:
		return set()
	roles = {row.role for row in frappe.get_meta(doctype).permissions if row.write and not row.permlevel}
	if roles & OF_ALL:
		return set(frappe.get_all("User", {"name": ["in", named], "user_type": "System User"}, pluck="name", order_by="name"))
	role = frappe.qb.DocType("Has Role")
	rows = (
		frappe.qb.from_(role)
		.select(role.parent)
		.distinct()
		.where((role.parenttype == "User") & role.parent.isin(named) & role.role.isin(sorted(roles) or [""]))
	).run(pluck=True)
	return set(rows) | ({ADMINISTRATOR} & set(named))
