"""Our delivery managers have a role of their own; ERPNext's Delivery Manager keeps what ERPNext gives it (patch)."""

import re
from pathlib import Path

import factories
import frappe
import pytest
import reviewing
import scenario
from frappe.permissions import setup_custom_perms

from ops_delivery.patches import name_our_manager
from ops_delivery.permissions.role_names import MANAGER
from ops_delivery.setup import host_rules

BEFORE = "Delivery Manager"
NAMED = (
	("Workflow Transition", "allowed"),
	("Workflow Document State", "allow_edit"),
	("Escalation Step", "notify_role"),
	("Review Rule", "role"),
	("Service Review", "role"),
	("Notification Recipient", "receiver_by_role"),
)


def holder(**values) -> str:
	return factories.make_user(roles=[BEFORE], **values).name


def holds(user: str) -> set[str]:
	rows = frappe.get_all("Has Role", {"parent": user, "parenttype": "User"}, pluck="role")
	return {role for role in rows if role.endswith("Delivery Manager")}


@pytest.fixture
def before():
	"""A site from before: everything of ours names the role that is ERPNext's, too."""
	reviewing.rule(role=MANAGER)
	counts = {}
	for doctype, field in (*NAMED, ("Custom DocPerm", "role")):
		names = frappe.get_all(doctype, {field: MANAGER}, pluck="name")
		counts[doctype] = len(names)
		frappe.db.set_value(doctype, {"name": ["in", names or [""]]}, field, BEFORE, update_modified=False)
	frappe.db.delete("DefaultValue", {"defkey": host_rules.NOTES})
	assert counts["Workflow Transition"] and counts["Review Rule"] and counts["Escalation Step"]
	return counts


def test_what_names_the_role_for_our_sake_names_ours(before):
	setup_custom_perms("Delivery Trip")
	trip = frappe.get_all("Custom DocPerm", {"parent": "Delivery Trip"}, ["name", "role"], order_by="name")
	setup_custom_perms("Service Agreement")
	own = frappe.get_all("Custom DocPerm", {"parent": "Service Agreement", "role": MANAGER}, pluck="name")
	frappe.db.set_value("Custom DocPerm", {"name": ["in", own]}, "role", BEFORE)
	elsewhere = factories.make(
		"Notification", name=factories.unique("Trip"), subject="x", document_type="Delivery Trip", event="New", message="x",
		recipients=[{"receiver_by_role": BEFORE}],
	)  # fmt: skip
	for _time in range(2):
		name_our_manager.execute()
		for doctype, field in NAMED:
			left = frappe.get_all(doctype, {field: BEFORE}, pluck="parent" if "Rec" in doctype else "name")
			assert left == ([elsewhere.name] if doctype == "Notification Recipient" else []), doctype
			assert frappe.db.count(doctype, {field: MANAGER}) == before[doctype], doctype
		assert frappe.get_all("Custom DocPerm", {"parent": "Delivery Trip"}, ["name", "role"], order_by="name") == trip
		given = frappe.get_all("Custom DocPerm", {"role": BEFORE}, pluck="parent", distinct=True)
		assert given == ["Delivery Trip"]
		assert len(frappe.get_all("Custom DocPerm", {"parent": "Service Agreement", "role": MANAGER})) == len(own)
	policy = frappe.db.get_value("Escalation Step", {"notify_role": MANAGER, "parenttype": "Escalation Policy"}, "parent")
	version = frappe.get_last_doc("Rule Version", {"reference_doctype": "Escalation Policy", "reference_name": policy})
	assert f'"{MANAGER}"' in version.content and f'"{BEFORE}"' not in version.content


def test_who_works_with_us_gets_the_role_and_the_others_are_told(before, as_user):
	holder(), holder()  # the reviewers of the agreement
	agreement = scenario.agreement()
	owner, named, assigned, stranger, left, profiled = (holder() for _number in range(6))
	frappe.db.set_value("Service Agreement", agreement.name, "owner", owner)
	link = frappe.get_meta("Service Agreement").get("fields", {"fieldtype": "Link", "options": "User"})[0]
	frappe.db.set_value("Service Agreement", agreement.name, link.fieldname, named)
	factories.make(
		"ToDo", allocated_to=assigned, reference_type="Service Agreement", reference_name=agreement.name, description="-"
	)
	frappe.db.set_value("User", left, "enabled", 0)
	role_profile = factories.make("Role Profile", role_profile=factories.unique("P"), roles=[{"role": BEFORE}]).name
	doc = frappe.get_doc("User", profiled)
	if doc.meta.has_field("role_profiles"):
		doc.append("role_profiles", {"role_profile": role_profile})
	doc.role_profile_name = role_profile
	doc.save()
	frappe.db.set_value("Service Calendar", frappe.get_all("Service Calendar")[0].name, "owner", profiled)
	review = frappe.get_doc("Service Review", {"reference_name": agreement.name})
	review.append("participants", {"user": stranger})  # asked as one of many
	review.participants[-1].db_insert()
	boss = factories.make_user(roles=["System Manager"], language="zh").name
	factories.make(
		"Notification", name=factories.unique("Asked"), subject="x", document_type="Task", event="New", message="x",
		condition=f"doc.subject == '{BEFORE}'", recipients=[{"receiver_by_role": "System Manager"}],
	)  # fmt: skip
	name_our_manager.execute()
	for user in (owner, named, assigned):
		assert holds(user) == {BEFORE, MANAGER}, user
	for who, user in (("stranger", stranger), ("left", left), ("profiled", profiled)):
		assert holds(user) == {BEFORE}, who
	told = frappe.get_all("Notification Log", {"for_user": boss}, ["subject", "email_content"])
	assert len(told) == 1 and "服务交付经理" in told[0].subject
	for user, is_named in ((stranger, True), (profiled, True), (owner, False), (left, False)):
		assert (user in told[0].email_content) == is_named
	assert "Asked" in told[0].email_content
	with as_user(owner):
		assert frappe.has_permission("Service Agreement", "write")
	with as_user(stranger):
		assert frappe.has_permission("Delivery Trip", "write")
		assert not frappe.has_permission("Service Agreement", "read")


def test_where_nobody_is_left_over_nobody_is_told(before):
	boss = factories.make_user(roles=["System Manager"]).name
	frappe.db.delete("Has Role", {"role": BEFORE, "parenttype": "User"})
	name_our_manager.execute()
	assert not frappe.get_all("Notification Log", {"for_user": boss})


def test_nothing_of_ours_names_the_hosts_role():
	app = Path(frappe.get_app_path("ops_delivery"))
	found = [
		str(path.relative_to(app))
		for path in app.rglob("*")
		if path.suffix in (".py", ".js", ".json", ".html", ".csv")
		and re.search(r"(?<!Service )Delivery Manager", path.read_text(encoding="utf-8"))
	]
	assert found == ["patches/name_our_manager.py"]
