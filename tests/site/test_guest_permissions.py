"""A good guest: the host's own rules of permission stay the host's, and come back whole (setup/host_rules.py)."""

import frappe
import pytest
from frappe.core.page.permission_manager import permission_manager
from frappe.permissions import get_valid_perms

from ops_delivery.api import health as api
from ops_delivery.framework import MAJOR
from ops_delivery.patches import lay_rules_anew
from ops_delivery.permissions.role_names import ROLES
from ops_delivery.services.shared import install_state as memory
from ops_delivery.setup import host_rules, install

RIGHTS = ("select", "read", "write", "create", "delete", "report", "export", "print", "email", "share", "if_owner")


def rules(doctype: str, source: str = "Custom DocPerm") -> list[tuple]:
	rows = frappe.get_all(source, {"parent": doctype}, ["*"], order_by="idx")
	return sorted((row.role, row.permlevel, tuple(right for right in RIGHTS if row.get(right))) for row in rows)


def of_role(doctype: str, role: str) -> list[tuple]:
	return [rule for rule in rules(doctype) if rule[0] == role]


def put_into_standard(doctype: str, role: str, **rights) -> None:
	"""What an upgrade of ERPNext brings, as migrate writes it."""
	doc = frappe.get_doc("DocType", doctype)
	for row in doc.permissions:
		if row.role == role and not row.permlevel:
			row.update(rights)
			break
	else:
		doc.append("permissions", {"role": role, "read": 1, **rights})
	for row in doc.permissions:
		row.parent, row.parenttype, row.parentfield = doctype, "DocType", "permissions"
		if row.is_new():
			row.name = None
			row.db_insert()
		else:
			row.db_update()
	frappe.clear_cache(doctype=doctype)


@pytest.fixture(autouse=True)
def nobody_yet(site):
	"""The site as it is after installing, where nobody holds a role of ours."""
	ours = frappe.get_all("Has Role", {"role": ["in", ROLES], "parenttype": "User"}, pluck="parent")
	frappe.db.set_value("User", {"name": ["in", ours or [""]]}, "enabled", 0)
	host_rules.withdraw()
	assert not frappe.get_all("Custom DocPerm", {"parent": ["in", list(host_rules.GRANTS)]})


# When rules are laid


def test_nothing_is_laid_until_somebody_holds_a_role_of_ours(make_user):
	make_user(roles=["Support Team", "Projects User"])
	host_rules.refresh()
	assert not frappe.get_all("Custom DocPerm", {"parent": ["in", list(host_rules.GRANTS)]})


def test_the_first_holder_can_work_and_brings_the_rules_of_this_role_alone(make_user, as_user):
	user = make_user(roles=["Field Engineer"])
	with as_user(user.name):
		assert frappe.has_permission("Issue", "write") and frappe.has_permission("Customer", "read")
		assert frappe.has_permission("Item", "select")
	assert of_role("Issue", "Field Engineer") and not of_role("Issue", "Service Desk")
	for doctype in ("Holiday List", "Role"):
		assert not rules(doctype), "no field engineer needs them"
	assert rules("Issue", "DocPerm") == [rule for rule in rules("Issue") if rule[0] != "Field Engineer"]


def test_the_health_says_which_rules_are_laid(make_user, as_user):
	administrator = make_user(roles=["System Manager"]).name
	with as_user(administrator):
		assert api.status()["laid"] == {}
	make_user(roles=["Field Engineer"])
	with as_user(administrator):
		assert api.status()["laid"]["Issue"] == ["Field Engineer"]


def test_who_is_given_a_role_later_can_work_too(make_user, as_user):
	user = make_user(roles=["Employee"])
	user.add_roles("Service Desk")
	with as_user(user.name):
		assert frappe.has_permission("Issue", "create")


def test_where_the_hosts_own_rules_fit_nothing_is_laid(make_user):
	make_user(roles=["Field Engineer", "Support Team", "Projects User", "Sales User"])
	for doctype in ("Issue", "Issue Type", "Task", "Project", "Customer", "Contact", "Company", "Item"):
		assert not rules(doctype), doctype
	assert rules("Issue Priority"), "which only the System Manager may read"


@pytest.mark.skipif(MAJOR < 16 and "15.44" in frappe.__version__, reason="no Desk User's rule yet")
def test_items_are_for_everybody_with_the_desk(make_user):
	make_user(roles=["Technical Expert"])
	assert bool(rules("Item")) != any(row[0] == "Desk User" for row in rules("Item", "DocPerm"))


# After an upgrade of the host


def test_what_the_host_changes_arrives_with_migrate(make_user):
	make_user(roles=["Service Desk"])
	ours = of_role("Issue", "Service Desk")
	put_into_standard("Issue", "Support Team", export=1, delete=0)
	put_into_standard("Issue", "Projects Manager", read=1)
	host_rules.refresh()
	assert [rule for rule in rules("Issue") if rule[0] != "Service Desk"] == rules("Issue", "DocPerm")
	assert of_role("Issue", "Service Desk") == ours
	assert "export" in of_role("Issue", "Support Team")[0][2]
	frappe.db.delete("DocPerm", {"parent": "Issue", "role": "Projects Manager"})
	host_rules.refresh()
	assert not of_role("Issue", "Projects Manager")
	names = frappe.get_all("Custom DocPerm", pluck="name", order_by="name")
	host_rules.refresh()
	assert frappe.get_all("Custom DocPerm", pluck="name", order_by="name") == names, "nothing is made without need"


def test_what_an_administrator_decides_stays(make_user):
	make_user(roles=["Service Desk"])
	permission_manager.add("Issue", "Auditor", 0)  # adds
	permission_manager.update("Issue", "Support Team", 0, "delete", 0)  # changes
	permission_manager.remove("Task", "Projects User", 0, 0)  # takes away
	permission_manager.update("Issue", "Service Desk", 0, "export", 0)  # changes ours
	permission_manager.remove("Contact", "Service Desk", 0, 0)  # takes away ours
	before = {doctype: rules(doctype) for doctype in ("Issue", "Task", "Contact")}
	put_into_standard("Issue", "Support Team", export=1)
	put_into_standard("Task", "Projects User", export=1)
	host_rules.refresh()
	make_user(roles=["Service Desk"])
	assert {doctype: rules(doctype) for doctype in before} == before


def test_rules_laid_in_the_place_of_all_get_ours_again(make_user, as_user):
	user = make_user(roles=["Service Desk"])
	permission_manager.reset("Issue")
	frappe.db.delete("Custom DocPerm", {"parent": "Customer"})
	host_rules._insert("Customer", [{"role": "Sales User", "permlevel": 0, "read": 1}])
	host_rules.refresh()
	with as_user(user.name):
		assert frappe.has_permission("Issue", "create") and frappe.has_permission("Customer", "read")
	assert [rule for rule in rules("Issue") if rule[0] != "Service Desk"] == rules("Issue", "DocPerm")
	host_rules.withdraw()
	assert rules("Issue") == [] and rules("Customer") == [("Sales User", 0, ("read",))]


# Uninstalling


def test_uninstalling_leaves_exactly_what_was_before(make_user):
	permission_manager.add("Customer", "Auditor", 0)
	permission_manager.update("Customer", "Sales User", 0, "delete", 1)
	before = frappe.get_all("Custom DocPerm", fields=["*"], order_by="name")
	for role in ROLES:
		make_user(roles=[role])
	assert len(frappe.get_all("Custom DocPerm")) > len(before)
	host_rules.withdraw()
	assert frappe.get_all("Custom DocPerm", fields=["*"], order_by="name") == before
	assert not memory.recall(host_rules.NOTES)


def test_uninstalling_leaves_an_administrators_rules_over_the_standard_of_today(make_user):
	make_user(roles=["Service Desk"])
	permission_manager.add("Issue", "Auditor", 0)
	put_into_standard("Issue", "Support Team", export=1)
	host_rules.withdraw()
	assert rules("Issue") == sorted([*rules("Issue", "DocPerm"), *of_role("Issue", "Auditor")])
	assert of_role("Issue", "Auditor") and not rules("Task")


# Sites from before


def test_a_site_from_before_keeps_the_rules_that_somebody_needs(make_user):
	make_user(roles=["Field Engineer"])
	host_rules.lay(host_rules.every_pair())
	permission_manager.add("Asset", "Auditor", 0)
	frappe.db.delete("DefaultValue", {"defkey": host_rules.NOTES})
	lay_rules_anew.execute()
	assert of_role("Issue", "Field Engineer") and not of_role("Issue", "Service Desk")
	assert not rules("Role") and not rules("Holiday List")
	put_into_standard("Issue", "Support Team", export=1)
	host_rules.refresh()
	assert "export" in of_role("Issue", "Support Team")[0][2]
	host_rules.withdraw()
	assert not rules("Issue") and of_role("Asset", "Auditor")


def test_migrate_and_uninstall_see_to_it(monkeypatch):
	called = []

	def note(module, name):
		monkeypatch.setattr(getattr(install, module), name, lambda: called.append(f"{module}.{name}"))

	for module in ("fields", "definitions", "host_check", "host_rules", "host_words", "print_generator", "waking", "rule_choice",
		"portal_switch", "ready_made", "searching", "workflows", "seeds"):  # fmt: skip
		for name in ("create", "report_refused", "report", "refresh", "offer", "sleep_if_idle", "give_back", "take_away", "remove", "remove_all", "withdraw"):
			if hasattr(getattr(install, module), name):
				note(module, name)
	install.after_migrate()
	assert "host_rules.refresh" in called and "host_rules.withdraw" not in called
	called.clear()
	install.before_uninstall()
	assert {"rule_choice.give_back", "portal_switch.take_away", "host_words.take_away", "host_rules.withdraw"} <= set(called)
	assert called.index("rule_choice.give_back") < called.index("fields.remove"), "it reads our fields"


def test_a_save_of_a_user_who_holds_none_of_ours_asks_nothing(make_user):
	user, count = make_user(roles=["Support Team"]), []
	sql = frappe.db.sql
	frappe.db.sql = lambda *args, **kwargs: (count.append(1), sql(*args, **kwargs))[1]
	try:
		host_rules.follow_user(user)
	finally:
		frappe.db.sql = sql
	assert not count


def test_permissions_seen_are_those_laid(make_user):
	user = make_user(roles=["Delivery Auditor"])
	assert any(rule.parent == "Issue" and rule.read for rule in get_valid_perms(user=user.name))
