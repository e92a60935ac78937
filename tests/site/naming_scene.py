"""What an administrator made of the host's own and what names what goes with us: made before an uninstallation, asked after it."""

import json

import factories
import frappe

NAMES = {
	"Notification": "Valid requests are told",
	"Workflow": "Requests in two steps",
	"Webhook": "Valid requests elsewhere",
	"Workspace": "House page",
	"Report": "Valid requests",
	"Print Format": "House request",
	"Dashboard Chart": "Clocks of the house",
	"Dashboard": "House figures",
}
QUERY_REPORT = "Clocks of all requests"
CONDITION = 'doc.ops_validity == "Valid"'


def make() -> frappe._dict:
	"""Rules about Issue that ask for a field of ours, and rows and values that lead to records of ours."""
	factories.make(
		"Notification",
		name=NAMES["Notification"],
		subject="x",
		document_type="Issue",
		event="Save",
		channel="System Notification",
		condition=CONDITION,
		message="{{ ops_acceptance_link(doc) }}",
		recipients=[{"receiver_by_role": "Support Team"}],
	)
	for state in ("House One", "House Two"):
		factories.make("Workflow State", workflow_state_name=state)
	factories.make("Workflow Action Master", workflow_action_name="House Go")
	factories.make(
		"Workflow",
		workflow_name=NAMES["Workflow"],
		document_type="Issue",
		is_active=1,
		workflow_state_field="workflow_state",
		states=[{"state": state, "doc_status": "0", "allow_edit": "Support Team"} for state in ("House One", "House Two")],
		transitions=[
			{
				"state": "House One",
				"action": "House Go",
				"next_state": "House Two",
				"allowed": "Support Team",
				"condition": CONDITION,
			}
		],
	)
	factories.make(
		"Webhook",
		name=NAMES["Webhook"],
		webhook_doctype="Issue",
		webhook_docevent="on_update",
		condition=CONDITION,
		request_url="http://127.0.0.1:9/x",
		request_structure="JSON",
		webhook_json="{}",
		enabled=1,
	)
	factories.make(
		"Workspace",
		name=NAMES["Workspace"],
		title=NAMES["Workspace"],
		label=NAMES["Workspace"],
		public=1,
		content="[]",
		shortcuts=[{"label": "Agreements", "link_to": "Service Agreement", "type": "DocType"}],
		links=[{"type": "Link", "label": "Plans", "link_to": "Delivery Plan", "link_type": "DocType"}],
	)
	columns = '{"fields": [["name", "Issue"], ["ops_validity", "Issue"]]}'
	report = {"ref_doctype": "Issue", "is_standard": "No"}
	factories.make("Report", report_name=NAMES["Report"], report_type="Report Builder", json=columns, **report)
	query = "select count(*) as `n:Int:80` from `tabService Clock`"
	factories.make("Report", report_name=QUERY_REPORT, report_type="Query Report", query=query, **report)
	print_format = {"doc_type": "Issue", "custom_format": 1, "print_format_type": "Jinja", "standard": "No"}
	factories.make("Print Format", name=NAMES["Print Format"], html="{{ ops_paper(doc) }}", **print_format)
	frappe.make_property_setter(
		{"doctype": "Issue", "doctype_or_field": "DocType", "property": "default_print_format", "value": NAMES["Print Format"]},
		is_system_generated=False,
	)
	chart = {"chart_type": "Count", "document_type": "Service Clock", "based_on": "creation", "timeseries": 1, "filters_json": "[]"}
	factories.make("Dashboard Chart", chart_name=NAMES["Dashboard Chart"], timespan="Last Year", time_interval="Monthly", **chart)
	factories.make("Dashboard", dashboard_name=NAMES["Dashboard"], charts=[{"chart": NAMES["Dashboard Chart"]}])
	row = frappe.new_doc("DocType Link")
	row.update({"name": frappe.generate_hash(length=10), "parent": "Customer", "parenttype": "Customize Form"})
	row.update({"parentfield": "links", "link_doctype": "Service Object", "link_fieldname": "customer", "custom": 1})
	row.db_insert()
	frappe.db.set_single_value("Portal Settings", "default_portal_home", "/service")
	person = factories.make_user(roles=["Support Team"]).name
	frappe.db.set_value("User", person, "default_workspace", "Ops Delivery")
	customer = factories.make_customer().name
	return frappe._dict(person=person, customer=customer, issue=factories.make_issue(customer).name)


SHOWN = (
	"Stays, switched off, as it names what goes: Notification Valid requests are told",
	"Stays, switched off, as it names what goes: Workflow Requests in two steps",
	"Stays, switched off, as it names what goes: Report Valid requests",
	"Stays, switched off, as it names what goes: Report Clocks of all requests",
	"Stays, switched off, as it names what goes: Print Format House request",
	"Leads to House request, and goes: Property Setter of Issue",
	"Goes, and is written down: Dashboard House figures",
	"Leads to Service Object, and goes: DocType Link of Customer",
	"Leads to Ops Delivery, and becomes blank: default_workspace of",
)


def assert_the_host_works(on_the_bench, site: str, made: frappe._dict) -> None:
	"""In processes that never knew us: an Issue is opened, saved and made; a customer shows its connections."""
	changed = {"doctype": "Issue", "name": made.issue, "fieldname": "subject", "value": "Saved after"}
	on_the_bench(site, "execute", "frappe.client.set_value", "--kwargs", repr(changed))
	new = {"doctype": "Issue", "subject": "Made after", "customer": made.customer}
	on_the_bench(site, "execute", "frappe.client.insert", "--kwargs", repr({"doc": new}))
	opened = {"doctype": "Issue", "name": made.issue}
	on_the_bench(site, "execute", "frappe.desk.form.load.getdoc", "--kwargs", repr(opened))
	counted = {"doctype": "Customer", "name": made.customer}
	on_the_bench(site, "execute", "frappe.desk.notifications.get_open_count", "--kwargs", repr(counted))
	frappe.db.rollback()
	assert frappe.db.get_value("Issue", made.issue, "subject") == "Saved after"
	assert frappe.db.exists("Issue", {"subject": "Made after", "customer": made.customer})
	assert not frappe.db.get_value("Notification", NAMES["Notification"], "enabled")
	assert not frappe.db.get_value("Workflow", NAMES["Workflow"], "is_active")
	assert not frappe.db.get_value("Webhook", NAMES["Webhook"], "enabled")
	for doctype, name in (("Report", NAMES["Report"]), ("Report", QUERY_REPORT), ("Print Format", NAMES["Print Format"])):
		assert frappe.db.get_value(doctype, name, "disabled"), name
	assert not frappe.db.exists("Property Setter", {"property": "default_print_format", "value": NAMES["Print Format"]})
	assert not frappe.db.exists("Dashboard", NAMES["Dashboard"])
	page = frappe.get_doc("Workspace", NAMES["Workspace"])
	assert not page.shortcuts and not page.links
	assert not frappe.db.get_value("User", made.person, "default_workspace")
	assert not frappe.db.get_single_value("Portal Settings", "default_portal_home", cache=False)


def assert_written(content: dict) -> None:
	"""The JSON of the uninstallation has them whole."""
	written = {(row["doctype"], row["name"]): json.dumps(row, default=str) for row in content["switched_off"]}
	assert CONDITION.replace('"', '\\"') in written["Notification", NAMES["Notification"]]
	assert {"Service Object", "Ops Delivery", "/service"} <= {row["target"] for row in content["mentions"]}


def forget(made: frappe._dict) -> None:
	"""The site is as before."""
	for doctype, name in (
		*NAMES.items(),
		("Report", QUERY_REPORT),
		("Workflow State", "House One"),
		("Workflow State", "House Two"),
		("Workflow Action Master", "House Go"),
		*(("Issue", name) for name in frappe.get_all("Issue", {"customer": made.customer}, pluck="name")),
		("Custom Field", "Issue-workflow_state"),
		("Customer", made.customer),
		("User", made.person),
	):
		if frappe.db.exists(doctype, name):
			frappe.delete_doc(doctype, name, force=True, ignore_permissions=True)
	frappe.db.delete("Property Setter", {"property": "default_print_format", "value": NAMES["Print Format"]})
	frappe.db.delete("DocType Link", {"link_doctype": "Service Object", "parent": "Customer"})
	frappe.db.commit()
