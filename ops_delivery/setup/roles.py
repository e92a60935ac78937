"""Our roles: made at install, deleted at uninstall. Where a role exists without us it is shared, and stays.

What they may do with the host's records: host_rules.py.
"""

from __future__ import annotations

import frappe

from ops_delivery.permissions.role_names import ROLES
from ops_delivery.services.shared import install_state as memory
from ops_delivery.setup import host_rules

MODULE = "Ops Delivery"


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


def remove() -> None:
	"""Delete the roles that are ours alone, with everything that names them."""
	for name in ROLES:
		if is_shared(name) or not frappe.db.exists("Role", name):
			continue
		frappe.db.delete("Has Role", {"role": name})
		given = frappe.get_all("Custom DocPerm", filters={"role": name}, pluck="parent", order_by="parent")
		frappe.db.delete("Custom DocPerm", {"role": name})
		for doctype in sorted(set(given)):  # an administrator had given it more
			host_rules.leave_to_standard(doctype)
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
