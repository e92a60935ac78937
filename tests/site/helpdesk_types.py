"""Frappe Helpdesk's types as far as clocks ask for them, where the site has not the app itself: HD Ticket with the fields
of Helpdesk 1.25–1.28, counting its tickets as Helpdesk did before 1.20. With the app installed its own types are used."""

import frappe

STATUSES = {"Open": "Open", "Replied": "Paused", "Resolved": "Resolved", "Closed": "Resolved"}
PRIORITIES = ("Low", "Medium", "High", "Urgent")
TYPES = ("HD Ticket", "HD Customer", "HD Ticket Priority", "HD Ticket Status")

FIELDS = {
	"HD Ticket Status": [
		("label_agent", "Data", ""),
		("category", "Select", "Open\nPaused\nResolved"),
	],
	"HD Ticket Priority": [("integer_value", "Int", "")],
	"HD Customer": [("customer_name", "Data", ""), ("domain", "Data", "")],
	"HD Ticket": [
		("subject", "Data", ""),
		("raised_by", "Data", "Email"),
		("status", "Link", "HD Ticket Status"),
		("status_category", "Data", ""),
		("priority", "Link", "HD Ticket Priority"),
		("customer", "Link", "HD Customer"),
		("contact", "Link", "Contact"),
		("description", "Text Editor", ""),
		("opening_date", "Date", ""),
		("first_responded_on", "Datetime", ""),
		("resolution_date", "Datetime", ""),
		("on_hold_since", "Datetime", ""),
		("is_merged", "Check", ""),
	],
}
NAMING = {
	"HD Ticket Status": "field:label_agent",
	"HD Ticket Priority": "prompt",
	"HD Customer": "field:customer_name",
	"HD Ticket": "autoincrement",
}


def installed() -> bool:
	return "helpdesk" in frappe.get_installed_apps()


def make() -> None:
	"""The types and the statuses and priorities that Helpdesk begins with. Commits, as the schema changes."""
	for doctype in reversed(TYPES):
		if not frappe.db.exists("DocType", doctype):
			frappe.get_doc(
				{
					"doctype": "DocType",
					"name": doctype,
					"module": "Custom",
					"custom": 1,
					"autoname": NAMING[doctype],
					"fields": [
						{
							"fieldname": name,
							"fieldtype": fieldtype,
							"options": options,
							"label": frappe.unscrub(name),
							**({"fetch_from": "status.category"} if name == "status_category" else {}),
						}
						for name, fieldtype, options in FIELDS[doctype]
					],
					"permissions": [{"role": "System Manager", "read": 1, "write": 1, "create": 1}],
				}
			).insert()
	for status, category in STATUSES.items():
		if not frappe.db.exists("HD Ticket Status", status):
			frappe.get_doc(
				{"doctype": "HD Ticket Status", "label_agent": status, "category": category}
			).insert()
	for number, priority in enumerate(PRIORITIES):
		if not frappe.db.exists("HD Ticket Priority", priority):
			frappe.get_doc(
				{"doctype": "HD Ticket Priority", "name": priority, "integer_value": number}
			).insert()
	frappe.db.commit()


def drop() -> None:
	"""Take the types away again, as uninstalling the app does, with their tables."""
	for doctype in TYPES:
		frappe.delete_doc("DocType", doctype, force=True, ignore_missing=True, delete_permanently=True)
		frappe.db.sql_ddl(f"drop table if exists `tab{doctype}`")
	frappe.db.sql_ddl("drop sequence if exists `hd_ticket_id_seq`")
	frappe.db.commit()
	frappe.clear_cache()
