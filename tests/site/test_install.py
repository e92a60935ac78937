"""What install plants, what migrate leaves alone, and that uninstall leaves nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import factories
import frappe
import isolation
import naming_scene
import pytest
from frappe.utils import cint

from ops_delivery.custom_fields import CUSTOM_FIELDS
from ops_delivery.permissions.role_names import ROLES
from ops_delivery.services.portal import switch as portal_switch
from ops_delivery.services.shared import install_state as memory
from ops_delivery.setup import fields, host_rules, install, roles, seed_administrator, seeds
from ops_delivery.setup import uninstall_cleanup as leavings

SITE_WIDE = [
	"Custom Field",
	"Property Setter",
	"Workspace",
	"Notification",
	"Report",
	"Print Format",
	"Number Card",
]


# Seeds


@pytest.mark.clause("6.3.b", "6.3.c")
def test_a_new_site_has_what_it_needs_to_begin():
	for doctype, names in {
		"Service Calendar": ["5×8 (lunch break)", "7×24"],
		"Priority Matrix": ["Standard 3×3"],
		"Escalation Policy": ["Standard Escalation"],
		"Service Commitment": ["First Response", "On-site Arrival", "Restore", "Resolution"],
		"Clock Definition": ["First Response", "On-site Arrival", "Restore", "Resolution"],
		"Measured Record Type": ["Issue"],
		"Issue Priority": ["Low", "Medium", "High", "Urgent"],
		"Issue Type": ["Fault", "Service Request", "Enquiry"],
		"Role": list(ROLES),
	}.items():
		for name in names:
			assert frappe.db.exists(doctype, name), (doctype, name)
	zone = frappe.db.get_value("Service Calendar", "7×24", "time_zone")
	assert zone == frappe.utils.data.get_system_timezone()
	assert frappe.db.get_single_value("Ops Delivery Settings", "default_matrix")


def test_a_seed_is_planted_once():
	name = factories.unique("Enquiry")
	seed = seeds.Seed("Issue Type", name, {})
	assert seeds.plant([seed]) == [name]
	frappe.db.set_value("Issue Type", name, "description", "ours")
	assert seeds.plant([seed]) == []
	assert frappe.db.get_value("Issue Type", name, "description") == "ours"
	frappe.delete_doc("Issue Type", name)
	assert seeds.plant([seed]) == [], "a deleted seed does not come back"
	assert not frappe.db.exists("Issue Type", name)


def test_calendars_nobody_touched_take_the_zone_chosen_in_the_set_up_wizard():
	untouched, edited = (factories.unique(text) for text in ("Untouched", "Edited"))
	windows = [{"weekday": "Monday", "start_time": "09:00", "end_time": "17:00"}]
	values = {"calendar_name": "", "time_zone": "Asia/Kolkata", "windows": windows}
	seeds.plant(
		seeds.Seed("Service Calendar", name, {**values, "calendar_name": name})
		for name in (untouched, edited)
	)
	doc = frappe.get_doc("Service Calendar", edited)
	doc.time_zone = "Europe/Berlin"
	doc.save()
	seeds.follow_site_zone({})
	zone = frappe.utils.data.get_system_timezone()
	assert frappe.db.get_value("Service Calendar", untouched, "time_zone") == zone
	assert frappe.db.get_value("Service Calendar", edited, "time_zone") == "Europe/Berlin"
	assert "ops_delivery.setup.seeds.follow_site_zone" in frappe.get_hooks("setup_wizard_complete")


@pytest.mark.committed
def test_requests_are_found_by_who_raised_them_with_an_index():
	assert frappe.db.has_index("tabIssue", "ops_raised_by_creation_index")
	frappe.db.updatedb("Issue")  # as every custom field does
	assert frappe.db.has_index("tabIssue", "ops_raised_by_creation_index")
	assert not frappe.db.has_index("tabIssue", "ops_raised_by_index")


def test_what_the_site_had_already_is_left_alone():
	found = factories.make("Issue Type", name=factories.unique("Existing"))
	assert seeds.plant([seeds.Seed("Issue Type", found.name, {"description": "seeded"})]) == []
	assert memory.recall(seeds.MEMORY)[f"Issue Type: {found.name}"] == {"found": 1}
	seeds.remove()
	assert frappe.db.exists("Issue Type", found.name)


def test_uninstall_keeps_issue_types_that_were_edited_or_used():
	names = [factories.unique(text) for text in ("Untouched", "Edited", "Used")]
	seeds.plant([seeds.Seed("Issue Type", name, {}) for name in names])
	edited = frappe.get_doc("Issue Type", names[1])
	edited.description = "ours"
	edited.save()
	factories.make_issue(issue_type=names[2])
	seeds.remove()
	assert [bool(frappe.db.exists("Issue Type", name)) for name in names] == [False, True, True]


def test_the_profile_of_administrators_is_planted_and_then_the_sites_own():
	profile = frappe.get_doc("Role Profile", seed_administrator.PROFILE)
	assert {row.role for row in profile.roles} == set(seed_administrator.ROLES)
	profile.roles = [row for row in profile.roles if row.role != "Website Manager"]
	profile.save()
	seeds.plant_administrator()
	install.after_migrate()
	kept = frappe.get_all("Has Role", {"parent": profile.name, "parenttype": "Role Profile"}, pluck="role")
	assert len(kept) == len(seed_administrator.ROLES) - 1 and "Website Manager" not in kept


def test_uninstall_takes_the_profile_that_nobody_has():
	seeds.remove()
	assert not frappe.db.exists("Role Profile", seed_administrator.PROFILE)


def test_uninstall_keeps_the_profile_that_somebody_has(make_user):
	user = make_user(roles=["Employee"])
	user.role_profile_name = seed_administrator.PROFILE
	user.save()
	assert "Workspace Manager" in frappe.get_roles(user.name)
	seeds.remove()
	assert frappe.db.exists("Role Profile", seed_administrator.PROFILE)


def test_nobody_of_the_profile_is_asked_for_reviews_or_has_the_hosts_books(as_user, make_user):
	user = make_user(roles=["Employee"])
	user.role_profile_name = seed_administrator.PROFILE
	user.save()
	with as_user(user.name):
		assert frappe.has_permission("Ops Delivery Settings", "write") and frappe.has_permission("Issue", "read")
		for doctype in ("Server Script", "Portal Settings", "Web Form", "Workspace", "Customer", "Notification"):
			assert frappe.has_permission(doctype, "write"), doctype
		for doctype in ("Sales Invoice", "Employee", "Salary Component", "Stock Entry", "Journal Entry"):
			if frappe.db.exists("DocType", doctype):
				assert not frappe.has_permission(doctype, "write"), doctype
	assert "Service Delivery Manager" not in frappe.get_roles(user.name)


# Roles


def test_staff_work_with_issues_and_auditors_read_them(as_user, make_user):
	for role in ROLES:
		with as_user(make_user(roles=[role]).name):
			assert frappe.has_permission("Issue", "read")
			assert bool(frappe.has_permission("Issue", "write")) == (
				role not in ("Delivery Auditor", "Complaint Handler")
			)
			assert frappe.has_permission("Customer", "read") and not frappe.has_permission(
				"Customer", "write"
			)


def test_the_standard_rules_of_other_roles_stay():
	for doctype in host_rules.GRANTS:
		custom = frappe.get_all("Custom DocPerm", {"parent": doctype}, pluck="role", order_by="role")
		standard = frappe.get_all("DocPerm", {"parent": doctype}, pluck="role", order_by="role")
		assert not set(standard) - set(custom), doctype


def test_no_role_of_ours_is_the_hosts(as_user, make_user):
	assert not [role for role in ROLES if roles.is_shared(role)]
	ours = frappe.get_all("DocType", {"module": roles.MODULE}, pluck="name")
	assert not frappe.get_all("DocPerm", {"role": "Delivery Manager", "parent": ["in", ours]})
	with as_user(make_user(roles=["Delivery Manager"]).name):
		assert frappe.has_permission("Delivery Trip", "write")
		assert not frappe.has_permission("Service Agreement", "read") and not frappe.has_permission("Issue", "read")


def test_an_administrator_may_give_rights_to_every_type_of_ours(site):
	"""Frappe's Role Permission Manager checks all rights of a type with each one that is given."""
	from frappe.core.doctype.doctype.doctype import validate_permissions

	for name in frappe.get_all(
		"DocType", {"module": "Ops Delivery", "istable": 0, "issingle": 0}, pluck="name", order_by="name"
	):
		validate_permissions(frappe.get_doc("DocType", name), for_remove=True)


def test_granting_twice_changes_nothing():
	count = frappe.db.count("Custom DocPerm")
	roles.make()
	host_rules.lay(host_rules.every_pair())
	assert frappe.db.count("Custom DocPerm") == count


# Migrate


@pytest.mark.committed
def test_migrate_twice_changes_nothing_that_was_edited(cleanup):
	def put(doctype, name, field, value):
		cleanup(frappe.db.set_value, doctype, name, field, frappe.db.get_value(doctype, name, field))
		frappe.db.set_value(doctype, name, field, value)

	put("Custom Field", "Issue-ops_urgency", "label", "How soon")
	put("Service Urgency", "Urgent", "description", "Ours")
	put("Clock Definition", "Restore", "pause_when", "doc.status == 'Replied'")
	put("Escalation Policy", "Standard Escalation", "description", "Ours")
	put("Review Rule", "Agreement: internal review", "approvals", 2)
	put("Workflow", "Delivery Plan", "is_active", 0)
	frappe.db.commit()
	before = everything_an_administrator_edits()
	install.after_migrate()
	install.after_migrate()
	frappe.db.commit()
	assert everything_an_administrator_edits() == before


def everything_an_administrator_edits():
	doctypes = [
		"Custom Field", "Property Setter", "Custom DocPerm", "Service Calendar", "Service Calendar Window",
		"Service Urgency", "Service Importance", "Priority Matrix", "Priority Matrix Cell", "Service Commitment",
		"Clock Definition", "Escalation Policy", "Escalation Step", "Measured Record Type", "Rule Version", "Role",
		"Issue Type", "Issue Priority", "Notification", "Workflow", "Workflow Document State", "Workflow Transition",
		"Workflow State", "Workflow Action Master", "Review Rule", "Server Script",
	]  # fmt: skip
	return {doctype: frappe.get_all(doctype, fields=["*"], order_by="name", limit=0) for doctype in doctypes}


# Uninstall


def on_the_bench(site: str, *command: str):
	bench = os.environ.get("BENCH_PATH") or str(Path(frappe.utils.get_bench_path()))
	done = subprocess.run(
		[sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", site, *command],
		cwd=Path(bench) / "sites",
		capture_output=True,
		text=True,
		timeout=600,
	)
	assert not done.returncode, done.stdout[-2000:] + done.stderr[-4000:]
	return done.stdout


@pytest.mark.committed
def test_uninstall_leaves_nothing_of_ours_and_the_app_installs_again(site):
	message = leave_a_message_and_entries()
	own, naming = own_work(), naming_scene.make()
	file = Path(frappe.get_doc("File", {"attached_to_name": message}).get_full_path())
	assert file.exists()
	counts = {doctype: frappe.db.count(doctype) for doctype in ("Issue", "Customer", "User")}
	ours = leavings.our_doctypes()
	shared = [role for role in ROLES if roles.is_shared(role)]
	frappe.db.commit()
	shown = on_the_bench(site, "ops-delivery-leaving")
	for line in (
		"Goes, and is written down: Client Script Fold the plan",
		"Stays, in the module Custom: DocType Spare Key",
		"Becomes a text: field spare_plan of Task",
		*naming_scene.SHOWN,
	):
		assert line in shown, shown
	assert "ops_agreement" not in shown, "what the app brought goes without a word"
	assert frappe.db.exists("Client Script", "Fold the plan"), "looking changes nothing"
	try:
		on_the_bench(site, "uninstall-app", "ops_delivery", "--yes", "--no-backup")
		frappe.db.rollback()  # begin anew: another process has changed the site
		frappe.clear_cache()
		assert_nothing_is_left(ours, shared)
		assert {doctype: frappe.db.count(doctype) for doctype in counts} == counts
		assert not frappe.db.exists("Communication", message)
		assert not frappe.db.exists("Communication Link", {"parent": message})
		assert not frappe.db.exists("File", {"attached_to_name": message})
		assert not frappe.db.exists("Portal Menu Item", {"route": ["in", sorted(portal_switch.ROUTES)]})
		assert not file.exists()
		naming_scene.assert_the_host_works(on_the_bench, site, naming)
		assert_own_work_is_spared(site, own)
	finally:
		installed = frappe.db.exists("DocType", "Service Calendar")
		frappe.db.rollback()  # or our reads would lock the tables that the other process alters
		if not installed:
			on_the_bench(site, "install-app", "ops_delivery")
		frappe.db.rollback()
		frappe.clear_cache()
		installed_with = {
			field: frappe.db.get_single_value("Ops Delivery Settings", field, cache=False)
			for field in isolation.ALL_ON
		}
		rules = frappe.get_all("Custom DocPerm", {"parent": ["in", list(host_rules.GRANTS)]})
		isolation.switch(isolation.ALL_ON)
		host_rules.lay(host_rules.every_pair())
		frappe.db.commit()
		forget_own_work()
		naming_scene.forget(naming)
	assert not rules, "nobody holds a role of ours yet"
	assert installed_with == isolation.AS_INSTALLED, "installing switches nothing on"
	assert frappe.db.exists("Escalation Policy", "Standard Escalation")
	assert frappe.db.exists("Custom Field", {"dt": "Issue", "fieldname": "ops_agreement"})


def own_work() -> str:
	"""What an administrator made: a type of their own in our module, a field that leads to ours, a script on ours; the task
	whose field is filled in."""
	factories.make(
		"DocType",
		name="Spare Key",
		module=roles.MODULE,
		custom=1,
		fields=[
			{"fieldname": "door", "fieldtype": "Data", "label": "Door"},
			{"fieldname": "plan", "fieldtype": "Link", "options": "Delivery Plan", "label": "Plan"},
		],
		permissions=[{"role": "System Manager", "read": 1, "write": 1, "create": 1}],
	)
	factories.make("Spare Key", door="Computer room")
	factories.make(
		"Custom Field", dt="Task", fieldname="spare_plan", fieldtype="Link", options="Delivery Plan", label="Plan"
	)
	factories.make("Client Script", name="Fold the plan", dt="Delivery Plan", script="// folds", enabled=1)
	task = factories.make("Task", subject="Look after the keys")
	frappe.db.set_value("Task", task.name, "spare_plan", "PLAN-1")
	return task.name


def assert_own_work_is_spared(site: str, task: str):
	assert frappe.get_all("Spare Key", pluck="door") == ["Computer room"]
	assert frappe.db.get_value("DocType", "Spare Key", "module") == "Custom"
	assert frappe.get_meta("Spare Key", cached=False).get_field("plan").fieldtype == "Data"
	assert not frappe.db.exists("Client Script", "Fold the plan")
	# the form of the host opens and saves, with what was typed; in a process that never knew us
	on_the_bench(site, "execute", "frappe.desk.form.load.getdoctype", "--args", "['Task']")
	save = {"doctype": "Task", "name": task, "fieldname": "subject", "value": "Look after all keys"}
	on_the_bench(site, "execute", "frappe.client.set_value", "--kwargs", repr(save))
	frappe.db.rollback()
	saved = frappe.db.get_value("Task", task, ["subject", "spare_plan"])
	assert saved == ("Look after all keys", "PLAN-1")
	written = sorted(Path(frappe.get_site_path("private", "backups")).glob("*-ops_delivery-own-records.json"))[-1]
	content = json.loads(written.read_text())
	assert {"Fold the plan"} <= {row["name"] for row in content["goes"]}
	assert {"Spare Key"} <= {row["name"] for row in content["stays"]}
	naming_scene.assert_written(content)
	assert [row["script"] for row in content["goes"] if row["name"] == "Fold the plan"] == ["// folds"]
	written.unlink()


def forget_own_work():
	frappe.db.rollback()
	for doctype, filters in (
		("Custom Field", {"fieldname": "spare_plan"}),
		("Client Script", {"name": "Fold the plan"}),
		("DocType", {"name": "Spare Key"}),
	):
		for name in frappe.get_all(doctype, filters=filters, pluck="name"):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True)
	frappe.db.commit()


def leave_a_message_and_entries() -> str:
	"""A complaint's message with a file, and an entry that an administrator made; the message."""
	complaint = factories.make(
		"Service Complaint", subject="Rude", text="Very", customer=factories.make_customer().name
	)
	about = {"reference_doctype": complaint.doctype, "reference_name": complaint.name}
	message = factories.make("Communication", subject="Rude", content="x", sender="chen@example.com", **about)
	row = frappe.new_doc("Communication Link")
	row.update({"name": frappe.generate_hash(length=10), "parent": message.name, "parenttype": "Communication"})
	row.update({"parentfield": "timeline_links", "link_doctype": complaint.doctype, "link_name": complaint.name})
	row.db_insert()
	factories.make(
		"File",
		file_name="letter.txt",
		content="x",
		is_private=1,
		attached_to_doctype="Communication",
		attached_to_name=message.name,
	)
	portal = frappe.get_doc("Portal Settings")
	portal.append("custom_menu", {"title": "Complain", "route": "/complaints", "enabled": 1})
	portal.save()
	return message.name


def assert_nothing_is_left(ours: list[str], shared: list[str]):
	assert not frappe.get_all("Workflow", {"document_type": ["in", ours]})
	assert not frappe.get_all("Workflow State", {"name": ["in", ["Signing", "Trial Run", "Followed Up"]]})
	assert not frappe.db.exists("Workflow Action Master", "Ask for Signatures")
	assert not frappe.get_all("Server Script", {"name": ["like", "Ops Delivery example%"]})
	assert not frappe.get_all("DocType", {"module": roles.MODULE})
	assert not frappe.db.exists("Module Def", roles.MODULE)
	for doctype in SITE_WIDE:
		if frappe.get_meta(doctype).has_field("module"):
			assert not frappe.get_all(doctype, {"module": roles.MODULE}), doctype
	assert not frappe.get_all("Custom Field", {"fieldname": ["like", "ops\\_%"]})
	for doctype in CUSTOM_FIELDS:
		assert not frappe.db.has_index(f"tab{doctype}", "ops_raised_by_creation_index")
		columns = {row[0] for row in frappe.db.describe(doctype)}
		assert not [column for column in columns if column.startswith("ops_")], doctype
	gone = [role for role in ROLES if role not in shared]
	assert not frappe.get_all("Role", {"name": ["in", gone]})
	for doctype in ("Has Role", "DocPerm", "Custom DocPerm"):
		assert not frappe.get_all(doctype, {"role": ["in", gone]}), doctype
	for doctype in host_rules.GRANTS:
		assert not frappe.get_all("Custom DocPerm", {"parent": doctype}), doctype
	for doctype, field in leavings.NAMES_A_DOCTYPE.items():
		assert not frappe.get_all(doctype, {field: ["in", ours]}), doctype
	if frappe.db.exists("DocType", "Permission Log"):
		own = [*leavings.our_records("Report"), *leavings.our_records("Page")]
		assert "my-day" in own and not frappe.get_all("Permission Log", {"for_document": ["in", own]})
	assert not frappe.get_all("DefaultValue", {"defkey": ["like", "ops_delivery%"]})
	assert not frappe.get_all("Scheduled Job Type", {"method": ["like", "ops_delivery.%"]})
	assert not frappe.get_all("Email Template", {"name": ["like", "Ops %"]})
	assert not frappe.get_all("Portal Menu Item", {"route": ["in", ["/service", "/complaints", "/surveys"]]})
	assert not frappe.get_all("Patch Log", {"patch": ["like", "ops_delivery.%"]})
	tables = frappe.db.get_tables(cached=False)
	assert not [name for name in ours if f"tab{name}" in tables]
	assert fields.MODULE == roles.MODULE


def test_a_number_of_a_newer_version_is_its_default_until_somebody_sets_it():
	settings = "Ops Delivery Settings"
	frappe.db.delete("Singles", {"doctype": settings, "field": ["in", ["print_days", "leftovers_block"]]})
	frappe.clear_document_cache(settings, settings)
	frappe.get_doc(settings).save()
	assert [cint(frappe.db.get_single_value(settings, field)) for field in ("print_days", "leftovers_block")] == [90, 1]
	doc = frappe.get_doc(settings)
	doc.print_days = 0
	doc.save()
	assert frappe.get_doc(settings).print_days == 0
