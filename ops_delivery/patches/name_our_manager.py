"""Our delivery managers have a role with a name of its own: *Delivery Manager* is ERPNext's, for Delivery Trips.

Who owns or is named in a record of ours gets it; the others are told to the administrators. What names the role for our
sake names the new one. ERPNext's role stays with whoever has it, with the rights that ERPNext gives it.
"""

from __future__ import annotations

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import escape_html

from ops_delivery.permissions.role_names import MANAGER
from ops_delivery.services.clocks import failures as clock_failures
from ops_delivery.services.shared import bulk
from ops_delivery.setup import host_rules, roles

BEFORE, NOW = "Delivery Manager", MANAGER
# rows that name a role -> the field, and what says whose they are: the parent's DocType and its field
FOR_A_DOCTYPE = (
	("Workflow Transition", "allowed", "Workflow", "document_type"),
	("Workflow Document State", "allow_edit", "Workflow", "document_type"),
	("Notification Recipient", "receiver_by_role", "Notification", "document_type"),
)
# rows that named whoever had the role -> the field that says that they acted on it
ASKED_BY_ROLE = {"Escalation Log Recipient": None, "Service Review Participant": "decision"}
# what somebody wrote themselves is left to them
WRITTEN = (
	("Server Script", "script"),
	("Client Script", "script"),
	("Notification", "condition"),
	("Assignment Rule", "assign_condition"),
)


def execute() -> None:
	"""Every step may run again."""
	roles.make()
	ours = frappe.get_all(
		"DocType", filters={"module": roles.MODULE}, fields=["name", "issingle", "is_virtual"], order_by="name"
	)
	names = [row.name for row in ours]
	_move_permissions([*names, *host_rules.GRANTS])
	_move_rows([*names, "Issue"])
	_move_links([row.name for row in ours if not row.issingle and not row.is_virtual])
	_move_pages()
	holders = _holders()
	moved = holders & set(_named_in_ours(ours, holders))
	told = _give(moved)
	_tell(sorted(holders - moved | told), _written())


def _move_permissions(served: list[str]) -> None:
	"""Rules over our DocTypes, and those that we or an administrator laid over the host's for our work."""
	rule, other = DocType("Custom DocPerm"), DocType("Custom DocPerm").as_("other")
	named = {"parent": ["in", served], "role": BEFORE}
	for row in frappe.get_all("Custom DocPerm", filters=named, fields=["name", "parent", "permlevel", "if_owner"]):
		if frappe.db.exists("DocPerm", {"parent": row.parent, "role": BEFORE}):
			continue  # the host's own
		there = (
			frappe.qb.from_(other)
			.select(other.name)
			.where((other.parent == row.parent) & (other.role == NOW))
			.where((other.permlevel == row.permlevel) & (other.if_owner == row.if_owner))
		).run()
		change = frappe.qb.from_(rule).delete() if there else frappe.qb.update(rule).set(rule.role, NOW)
		change.where(rule.name == row.name).run()
	frappe.clear_cache()


def _move_rows(served: list[str]) -> None:
	for child, field, parent, about in FOR_A_DOCTYPE:
		names = frappe.get_all(parent, filters={about: ["in", served]}, pluck="name", order_by="name")
		_rename(child, field, {"parenttype": parent, "parent": ["in", names or [""]]})


def _move_links(ours: list[str]) -> None:
	"""Steps of escalation, rules of review, and the reviews that were asked by them."""
	for doctype in ours:
		for field in frappe.get_meta(doctype).get("fields", {"fieldtype": "Link", "options": "Role"}):
			_rename(doctype, field.fieldname, {})
	policies = frappe.get_all(
		"Escalation Step", filters={"notify_role": NOW, "parenttype": "Escalation Policy"}, pluck="parent", distinct=True,
		order_by="parent",
	)  # fmt: skip
	for name in policies:  # what runs follows the latest version, which names the role
		frappe.db.savepoint("ops_name_role")
		try:
			frappe.get_doc("Escalation Policy", name).save(ignore_permissions=True)
		except Exception:
			frappe.db.rollback(save_point="ops_name_role")
			clock_failures.note("Escalation Policy", name)


def _move_pages() -> None:
	"""Who sees our pages and reports, by Custom Role too, and our workspaces and icons."""
	for parent in ("Report", "Page", "Workspace", "Desktop Icon", "Custom Role"):
		if not frappe.db.table_exists(parent):
			continue
		if parent == "Custom Role":
			names = [
				name
				for field, doctype in (("report", "Report"), ("page", "Page"))
				for name in frappe.get_all(
					parent, filters={field: ["in", _of_module(doctype) or [""]]}, pluck="name", order_by="name"
				)
			]
		else:
			names = _of_module(parent)
		_rename("Has Role", "role", {"parenttype": parent, "parent": ["in", names or [""]]})


def _of_module(doctype: str) -> list[str]:
	meta = frappe.get_meta(doctype)
	filters = {"module": roles.MODULE} if meta.has_field("module") else {"app": "ops_delivery"}
	return frappe.get_all(doctype, filters=filters, pluck="name", order_by="name")


def _rename(doctype: str, field: str, filters: dict) -> None:
	names = frappe.get_all(doctype, filters={**filters, field: BEFORE}, pluck="name", order_by="name")
	if names:
		frappe.db.set_value(doctype, {"name": ["in", names]}, field, NOW, update_modified=False)


def _holders() -> set[str]:
	user, held = DocType("User"), DocType("Has Role")
	return set(
		(
			frappe.qb.from_(user)
			.join(held)
			.on((held.parent == user.name) & (held.parenttype == "User"))
			.select(user.name)
			.where((held.role == BEFORE) & (user.enabled == 1) & user.name.notin(frappe.STANDARD_USERS))
		).run(pluck=True)
	)


def _named_in_ours(ours: list, holders: set[str]) -> Iterator[str]:
	"""Those of the holders whom a record of ours belongs to or names, and who were assigned to one."""
	if not holders:
		return
	for row in ours:
		if row.issingle or row.is_virtual:
			continue
		if row.name in ASKED_BY_ROLE and not ASKED_BY_ROLE[row.name]:
			continue
		table = DocType(row.name)
		links = frappe.get_meta(row.name).get("fields", {"fieldtype": "Link", "options": "User"})
		for field in ("owner", *(link.fieldname for link in links)):
			query = frappe.qb.from_(table).select(table[field]).distinct().where(table[field].isin(sorted(holders)))
			if acted := ASKED_BY_ROLE.get(row.name):
				query = query.where(table[acted] != "")
			yield from query.run(pluck=True)
	todo = DocType("ToDo")
	yield from (
		frappe.qb.from_(todo)
		.select(todo.allocated_to)
		.distinct()
		.where(todo.allocated_to.isin(sorted(holders)))
		.where(todo.reference_type.isin([row.name for row in ours if row.name != "Service Review"]))
	).run(pluck=True)


def _give(users: set[str]) -> set[str]:
	"""Give them the new role; those whose roles a profile decides are left to the administrator, whom else it would serve."""
	left = set()
	for name in sorted(users):
		user = frappe.get_doc("User", name)
		if user.get("role_profile_name") or user.get("role_profiles"):
			left.add(name)
			continue
		frappe.db.savepoint("ops_give_role")
		try:
			user.add_roles(NOW)
		except Exception:
			frappe.db.rollback(save_point="ops_give_role")
			clock_failures.note("User", name)
			left.add(name)
	return left


def _written() -> list[str]:
	"""Scripts and conditions that name the role."""
	return [
		f"{_(doctype)} {name}"
		for doctype, field in WRITTEN
		for name in frappe.get_all(
			doctype, filters=[[field, "like", f"%{BEFORE}%"], [field, "not like", f"%{NOW}%"]], pluck="name", order_by="name"
		)
	]


def _tell(users: list[str], written: list[str]) -> None:
	"""In every System Manager's notifications, written past Frappe's mails."""
	if not users and not written:
		return
	managers = frappe.get_all(
		"Has Role", filters={"role": "System Manager", "parenttype": "User"}, pluck="parent", order_by="parent"
	)
	enabled = frappe.get_all(
		"User", filters={"name": ["in", managers or [""]], "enabled": 1}, fields=["name", "language"], order_by="name"
	)
	columns = ("name", "for_user", "type", "subject", "email_content", "document_type", "document_name", "read")
	before = frappe.local.lang
	rows = []
	for manager in enabled:
		frappe.local.lang = manager.language or before
		subject = _("The delivery managers of Ops Delivery have a role of their own now: {0}").format(_(NOW))
		lines = []
		if users:
			lines.append(
				_(
					"These users have ERPNext's role {0}, and no record of Ops Delivery names them, or their roles come from a Role Profile. Give {1} to those who manage deliveries of service: {2}"
				).format(_(BEFORE), _(NOW), ", ".join(users))
			)
		if written:
			lines.append(
				_("These name the role {0}. Where they mean that of Ops Delivery, write {1}: {2}").format(
					BEFORE, NOW, ", ".join(written)
				)
			)
		text = "<br>".join(escape_html(line) for line in lines)
		rows.append((frappe.generate_hash(length=10), manager.name, "Alert", subject, text, "Role", NOW, 0))
	frappe.local.lang = before
	bulk.insert("Notification Log", columns, rows)
