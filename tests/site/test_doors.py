"""Through no door of the host or of ours does a customer reach another's records: every function, method and list.

The whole sweep is marked `security` and run by `./test security`; a sample of it, the same each time, with all that once
let somebody through, is part of the site tests.
"""

import json
import os

import frappe
import probing
import pytest

from ops_delivery.permissions import reach

pytestmark = pytest.mark.committed
# what let somebody through on a bare host, or what the issue named
KNOWN_FUNCTIONS = {
	"frappe.client.get_count",
	"frappe.client.get",
	"frappe.client.get_list",
	"frappe.client.insert",
	"frappe.client.set_value",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
	"frappe.desk.like.toggle_like",
	"frappe.desk.reportview.get",
	"frappe.desk.reportview.get_count",
	"frappe.desk.search.search_link",
	"frappe.email.inbox.create_email_flag_queue",
	"frappe.email.relink",
	"frappe.handler.upload_file",
	"frappe.templates.includes.comments.comments.add_comment",
	"frappe.templates.includes.likes.likes.like",
	"erpnext.support.doctype.issue.issue.make_issue_from_communication",
	"erpnext.crm.doctype.lead.lead.make_lead_from_communication",
	"erpnext.crm.doctype.opportunity.opportunity.make_opportunity_from_communication",
	"erpnext.templates.pages.projects.get_task_html",
	"erpnext.templates.pages.projects.get_timesheet_html",
}
FEW, MANY = ("Issue", "Communication"), (
	"Issue",
	"Communication",
	"User",
	"File",
	"Customer",
	"Contact",
	"Project",
	"Service Complaint",
	"Service Agreement",
)


_BOOKS = "one of the host's own books, by a name that no row of it has: nothing of ours, of people or of messages"
_OWN = "a row or setting of the caller's own"
# What a website user whom nothing narrows writes through a function of the host, and why it is no harm. Those whom we serve are
# narrowed, and do not come here at all. Function -> (what it writes, why)
HARMLESS = {
	"erpnext.accounts.doctype.pos_profile.pos_profile.set_default_profile": ({"writes POS Profile User"}, _BOOKS),
	"erpnext.accounts.doctype.process_payment_reconciliation.process_payment_reconciliation.pause_job_for_doc": (
		{"writes Process Payment Reconciliation!"},
		_BOOKS,
	),
	**{
		f"erpnext.accounts.doctype.process_period_closing_voucher.process_period_closing_voucher.{name}_pcv_processing": (
			{"writes Process Period Closing Voucher!"},
			_BOOKS,
		)
		for name in ("cancel", "pause", "resume")
	},
	"erpnext.buying.report.supplier_quotation_comparison.supplier_quotation_comparison.set_default_supplier": (
		{"writes Item Default"},
		_BOOKS,
	),
	"frappe.apps.set_app_as_default": ({"writes User!"}, _OWN),
	"frappe.client.insert": ({"writes Contact"}, "a contact that names nobody; test_membership.py says what it must not name"),
	"frappe.core.doctype.access_log.access_log.make_access_log": ({"writes Access Log!"}, _OWN),
	"frappe.core.doctype.communication.email.mark_email_as_seen": (
		{"writes Communication!"},
		"the picture in a mail: whoever shows it says that it was read; open to the whole world, and tells nothing",
	),
	"frappe.desk.doctype.dashboard_settings.dashboard_settings.create_dashboard_settings": (
		{"writes Dashboard Settings!"},
		_OWN,
	),
	"frappe.desk.doctype.desktop_icon.desktop_icon.add_user_icon": ({"writes Desktop Icon"}, _OWN),
	"frappe.website.doctype.help_article.help_article.add_feedback": (
		{"writes Help Article"},
		"whether an article helped, which everybody may say, five times an hour",
	),
}


def harm(probe, harmless=HARMLESS) -> dict[str, set[str]]:
	"""What a probe found and is not explained."""
	return {path: kinds for path, kinds in probe.harm.items() if not kinds <= harmless.get(path, (set(), ""))[0]}


@pytest.fixture
def world(site, cleanup):
	w = probing.plant()
	before = frappe.get_cached_doc("Ops Delivery Settings").get("narrowed_users")
	frappe.db.commit()
	cleanup(narrow, before or reach.SERVED)
	return w


def narrow(whose):
	frappe.db.set_single_value("Ops Delivery Settings", "narrowed_users", whose)
	frappe.clear_document_cache("Ops Delivery Settings", "Ops Delivery Settings")
	frappe.db.commit()


def sweep(site, w, listed, targets):
	probe, before = probing.Probe(site, w), probing.checksums()
	with probe.uncommitted():
		probing.call_everything(probe, listed, targets)
	assert probing.changed(before) == set()  # nothing got past what watches the writing either
	return probe


def test_a_sample_of_functions(world, site):
	listed = probing.sample(probing.functions(), 40, KNOWN_FUNCTIONS)
	narrow(reach.NOBODY)
	assert sweep(site, world, listed, FEW).harm == {}
	narrow(reach.ALL_WEBSITE_USERS)
	probe = sweep(site, world, listed, FEW[:1])
	assert probe.harm == {}
	assert probe.through <= reach.ALWAYS | reach.HOST_PORTAL


@pytest.mark.security
def test_every_function(world, site):
	"""As somebody whom nothing narrows, so that it is the functions that are tried, and not the list before them."""
	narrow(reach.NOBODY)
	probe = sweep(site, world, probing.functions(), MANY)
	report("functions", probe)
	assert harm(probe) == {}


@pytest.mark.security
def test_every_function_behind_the_list(world, site):
	narrow(reach.ALL_WEBSITE_USERS)
	probe = sweep(site, world, probing.functions(), FEW[:1])
	assert probe.harm == {}
	assert probe.through <= reach.ALWAYS | reach.HOST_PORTAL


def report(name, probe, **more):
	"""What was found, for who reads a failure: in a file, where it is asked for."""
	if not (path := os.environ.get("OPS_PROBE_REPORT")):
		return
	found = {
		"harm": {label: sorted(kinds) for label, kinds in sorted(probe.harm.items())},
		"through": sorted(probe.through),
		"slow": probe.slow,
		**more,
	}
	with open(f"{path}-{name}.json", "w") as file:
		json.dump(found, file, indent=1)


CHILDREN = (
	"Communication Link",
	"Contact Email",
	"Contact Phone",
	"DefaultValue",
	"Dynamic Link",
	"Event Participants",
	"Has Role",
	"User Email",
	"User Social Login",
)
# Types whose rows anybody who has logged in may list, by Frappe's and ERPNext's own rules: words of the whole world, types, and
# what is one's own. A type that is not here opens no door.
OPEN_TYPES = {
	*("Country", "Customer Group", "DocType", "Gender", "Language", "Module Def", "Salutation", "Territory"),
	*("User", "Notification Settings", "Contact", "ToDo"),  # one's own
	*CHILDREN,  # the rows of one's own; the test below
}


def test_a_sample_of_lists(world, site):
	listed = probing.sample(probing.doctypes(), 40, set(world.targets) | {"Contact Phone", "Has Role", "Communication Link"})
	check_lists(site, world, listed)


@pytest.mark.security
def test_every_list(world, site):
	check_lists(site, world, probing.doctypes())


def check_lists(site, w, listed):
	narrow(reach.NOBODY)
	probe = probing.Probe(site, w)
	with probe.uncommitted():
		found = probing.list_everything(probe, listed)
	report("lists", probe, found=found)
	assert probe.harm == {}
	assert {doctype: doors for doctype, doors in found.items() if doctype not in OPEN_TYPES} == {}
	narrow(reach.ALL_WEBSITE_USERS)
	behind = probing.Probe(site, w)
	with behind.uncommitted():
		shown = probing.list_everything(behind, listed)
	assert behind.harm == {}
	assert {door for doors in shown.values() for door in doors} <= {"website list"}


def test_a_sample_of_methods(world, site):
	check_methods(site, world, probing.sample(probing.methods(), 10, set()))


@pytest.mark.security
def test_every_method(world, site):
	check_methods(site, world, probing.methods())


def check_methods(site, w, listed):
	narrow(reach.NOBODY)
	probe = probing.Probe(site, w)
	with probe.uncommitted():
		probing.call_methods(probe, listed)
	report("methods", probe)
	assert probe.harm == {}


def test_rows_of_children_are_ones_own(world, as_user):
	"""Frappe lists a child to whoever may list its parent's type, be it only their own."""
	parents = probing.all_parents()
	with as_user(world.intruder):
		own = {world.intruder, *frappe.get_list("Contact", pluck="name", limit_page_length=0)}
		for child in CHILDREN:
			for parent in parents.get(child, []):
				try:
					names = frappe.get_list(child, pluck="name", parent_doctype=parent, limit_page_length=0)
				except frappe.PermissionError:
					continue
				rows = frappe.get_all(child, filters={"name": ["in", names]}, fields=["parent", "owner"])
				assert {row.parent for row in rows if row.owner != world.intruder} <= own, (child, parent)
