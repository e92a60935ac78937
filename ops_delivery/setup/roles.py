"""Our roles and what they may do with ERPNext's records, as data: granted at install, withdrawn at uninstall.

ERPNext has a Delivery Manager of its own (Delivery Trips). Where a role exists without us it is shared, and stays.
"""

from __future__ import annotations

import frappe
from frappe.permissions import setup_custom_perms

from ops_delivery.setup import memory

MODULE = "Ops Delivery"
ROLES = (
	"Delivery Manager",
	"Service Desk",
	"Field Engineer",
	"Technical Expert",
	"Delivery Auditor",
	"Complaint Handler",
)
WORKERS = ROLES[:4]

_READ = ("read", "select")
_LOOK = ("read", "select", "report", "export", "print")
_WORK = (*_LOOK, "write", "create", "email", "share")

# DocType -> (roles, what they may do)
GRANTS = {
	"Issue": ((WORKERS, _WORK), (("Delivery Auditor", "Complaint Handler"), _LOOK)),
	"Customer": ((ROLES, _READ),),
	"Contact": ((ROLES, _READ),),
	"Issue Type": ((ROLES, _READ),),
	"Issue Priority": ((ROLES, _READ),),
	"Asset": ((ROLES, _READ),),
	"Item": ((ROLES, _READ),),
	"Company": ((ROLES, _READ),),
	"Holiday List": ((("Delivery Manager",), _READ),),
	# ERPNext's own Issue form reads them, and says so loudly to whoever may not
	"Support Settings": ((ROLES, ("read",)),),
	"Role": ((("Delivery Manager",), ("select",)),),
	# knowledge passed on with a request (8.4.a.2); who writes articles has Frappe's own roles for it
	"Help Article": ((ROLES, _READ),),
	# what a handover opens (6.3.i)
	"Task": ((WORKERS, _WORK),),
	"Project": (
		(("Delivery Manager", "Technical Expert"), _WORK),
		(("Service Desk", "Field Engineer"), _READ),
	),
}


def note_existing() -> None:
	"""Before our DocTypes make our roles: remember which of those names the site had already."""
	existing = frappe.get_all("Role", filters={"name": ["in", ROLES]}, pluck="name", order_by="name")
	memory.remember("ops_delivery_roles_before", existing)


def make() -> None:
	"""Create our roles where absent; all of them work on the desk."""
	for name in ROLES:
		if not frappe.db.exists("Role", name):
			frappe.get_doc({"doctype": "Role", "role_name": name, "desk_access": 1}).insert(
				ignore_permissions=True
			)
		elif not frappe.db.get_value("Role", name, "desk_access"):
			frappe.db.set_value("Role", name, "desk_access", 1)


def grant() -> None:
	"""Give our roles what they need on ERPNext's records; a rule the site has already is left as it is."""
	for doctype, rules in GRANTS.items():
		setup_custom_perms(doctype)
		for roles, rights in rules:
			for role in roles:
				if not frappe.db.exists("Custom DocPerm", {"parent": doctype, "role": role, "permlevel": 0}):
					_add_rule(doctype, role, rights)
		frappe.clear_cache(doctype=doctype)


def withdraw() -> None:
	"""Take back every rule of our roles; where only the standard rules are left, they rule again themselves."""
	for doctype, rules in GRANTS.items():
		roles = {role for granted, _rights in rules for role in granted}
		standard = _rules("DocPerm", doctype)
		for row in frappe.get_all(
			"Custom DocPerm",
			filters={"parent": doctype, "role": ["in", sorted(roles)]},
			fields=["*"],
			order_by="idx",
		):
			if _key(row) not in standard:
				frappe.db.delete("Custom DocPerm", {"name": row.name})
		if _rules("Custom DocPerm", doctype) == standard:
			frappe.db.delete("Custom DocPerm", {"parent": doctype})
		frappe.clear_cache(doctype=doctype)


def remove() -> None:
	"""Delete the roles that are ours alone, with everything that names them."""
	for name in ROLES:
		if is_shared(name) or not frappe.db.exists("Role", name):
			continue
		frappe.db.delete("Has Role", {"role": name})
		frappe.db.delete("Custom DocPerm", {"role": name})
		frappe.db.delete("DocPerm", {"role": name})
		frappe.delete_doc("Role", name, force=True, ignore_permissions=True, delete_permanently=True)
	frappe.clear_cache()


def is_shared(name: str) -> bool:
	"""Whether the role exists without us: the site had it before, or a DocType of another module names it."""
	if name in (memory.recall("ops_delivery_roles_before") or []):
		return True
	permission, doctype = frappe.qb.DocType("DocPerm"), frappe.qb.DocType("DocType")
	query = (
		frappe.qb.from_(permission)
		.join(doctype)
		.on(permission.parent == doctype.name)
		.select(doctype.name)
		.where((permission.role == name) & (doctype.module != MODULE))
		.limit(1)
	)
	return bool(query.run())


def _add_rule(doctype: str, role: str, rights: tuple[str, ...]) -> None:
	rule = frappe.new_doc("Custom DocPerm")
	rule.update(
		{
			"parent": doctype,
			"parenttype": "DocType",
			"parentfield": "permissions",
			"role": role,
			"permlevel": 0,
		}
	)
	for field in rule.meta.fields:
		if field.fieldtype == "Check":
			rule.set(field.fieldname, 0)
	rule.update({right: 1 for right in rights})
	rule.insert(ignore_permissions=True)


def _rules(source: str, doctype: str) -> set[tuple]:
	rows = frappe.get_all(source, filters={"parent": doctype}, fields=["*"], order_by="idx")
	return {_key(row) for row in rows}


def _key(row) -> tuple:
	rights = [
		field.fieldname for field in frappe.get_meta("Custom DocPerm").fields if field.fieldtype == "Check"
	]
	return (row.role, row.permlevel or 0, *(int(row.get(right) or 0) for right in sorted(rights)))
