"""Functions of the host that take a name and act without asking, and what is asked in their place: a table, no code.

The sweep over all functions (tests/site/test_doors.py) found them. What a host's own books do to themselves is its own
matter, and not here; these show or change what hangs on records of ours, on people, or on the customer's messages and files.
"""

# path -> (DocType, or ":parameter" that names it; parameter with the record's name; right), each that must hold
ASKS = {
	"erpnext.crm.doctype.utils.get_last_interaction": (("Contact", "contact", "read"), ("Lead", "lead", "read")),
	"erpnext.crm.utils.get_open_activities": ((":ref_doctype", "ref_docname", "read"),),
	"erpnext.edi.doctype.code_list.code_list_import.process_genericode_import": (
		("Code List", "code_list_name", "write"),
		("File", "file_name", "read"),
	),
	"erpnext.projects.doctype.project.project.update_costing_and_billing": (("Project", "project", "write"),),
	"erpnext.stock.doctype.delivery_trip.delivery_trip.get_contact_display": (("Contact", "contact", "read"),),
	"frappe.core.api.file.unzip_file": (("File", "name", "write"),),
	"frappe.core.doctype.sms_settings.sms_settings.get_contact_number": (("Contact", "contact_name", "read"),),
	"frappe.desk.form.document_follow.get_follow_users": ((":doctype", "doc_name", "read"),),
	"frappe.share.get_users": ((":doctype", "name", "read"),),
}
# path -> DocType that the user must be allowed to make
MAKES = {
	"erpnext.crm.frappe_crm_api.create_customer": "Customer",
	"erpnext.crm.frappe_crm_api.create_prospect_against_crm_deal": "Prospect",
}
# what belongs to the desk, and shows people or changes the site for whoever calls it
DESK_ONLY = (
	"erpnext.projects.doctype.project.project.get_users_for_project",
	"erpnext.projects.doctype.task.task.get_project",
	"erpnext.stock.doctype.delivery_trip.delivery_trip.get_contact_and_address",
	"erpnext.stock.doctype.shipment.shipment.get_company_contact",
	"erpnext.stock.doctype.shipment.shipment.get_contact_name",
	"frappe.core.doctype.prepared_report.prepared_report.make_prepared_report",
	"frappe.desk.doctype.form_tour.form_tour.reset_tour",
	"frappe.desk.doctype.global_search_settings.global_search_settings.reset_global_search_settings_doctypes",
	"frappe.desk.reportview.save_report",
	"frappe.desk.search.get_names_for_mentions",
	"frappe.email.get_contact_list",
)


def stand_in(path: str) -> str:
	"""The name of the function of api/asked_first.py that stands in for one of these."""
	return path.replace(".", "_")


PATHS = (*ASKS, *MAKES, *DESK_ONLY)


def stand_ins(module: str) -> dict[str, str]:
	"""By path, the dotted path of what stands in for it in a module: for the hooks."""
	return {path: f"{module}.{stand_in(path)}" for path in PATHS}
