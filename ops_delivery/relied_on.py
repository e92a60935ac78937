"""What we rely on of Frappe and ERPNext, by name: data, no code. services/engine/host_check.py compares it with what is there.

Whatever is imported fails loudly where it is gone. What stands here would fail in silence: a field that nobody fills, a
status that no rule knows, a method or hook that nobody asks. A tuple in a list means one of these names.
What we take over of an Issue's SLA (services/clocks/takeover.py, KEPT) is relied on, too, and stands there.
"""

from __future__ import annotations

FIELDS: dict[str, tuple[str | tuple[str, ...], ...]] = {
	"Issue": (
		"subject",
		"status",
		"priority",
		"issue_type",
		"customer",
		"contact",
		"raised_by",
		"company",
		"project",
		"description",
		"attachment",
		"opening_date",
		"opening_time",
		"resolution_details",
		"via_customer_portal",
		("sla_resolution_by", "resolution_by"),
		("sla_resolution_date", "resolution_date"),
	),
	"Service Level Agreement": ("document_type", "enabled", "apply_sla_for_resolution"),
	"Customer": ("customer_name", "customer_group", "portal_users"),
	"Contact": ("email_id", "email_ids", "links", "user", "full_name", "first_name", "mobile_no", "phone"),
	"Contact Email": ("email_id",),
	"Portal User": ("user",),
	"Dynamic Link": ("link_doctype", "link_name"),
	"Task": ("subject", "status", "project", "exp_start_date", "exp_end_date", "completed_on"),
	"Project": ("project_name", "status", "customer", "expected_end_date"),
	"Employee": ("employee_name", "user_id"),
	"Holiday List": ("holidays",),
	"Holiday": ("holiday_date", "description", "weekly_off"),
	"Timesheet": ("time_logs", "employee"),
	"Timesheet Detail": ("from_time", "to_time", "hours", "activity_type", "project", "task"),
	"Stock Entry": ("items", "company", "stock_entry_type"),
	"Stock Entry Detail": ("item_code", "qty", "s_warehouse", "t_warehouse", "basic_amount"),
	"Warehouse": ("company", "is_group", "disabled"),
	"Communication": (
		"communication_type",
		"communication_medium",
		"sent_or_received",
		"sender",
		"recipients",
		"reference_doctype",
		"reference_name",
		"message_id",
		"in_reply_to",
	),
	"ToDo": ("status", "allocated_to", "reference_type", "reference_name"),
	"User": ("enabled", "email", "full_name", "user_type", "language", "time_zone", "roles"),
	"Has Role": ("role",),
	"File": ("attached_to_doctype", "attached_to_name", "is_private", "file_url", "content_hash"),
	"Notification": ("event", "method", "document_type", "recipients", "channel"),
	"Notification Recipient": ("receiver_by_role", "receiver_by_document_field"),
	"Workflow": ("document_type", "is_active", "states", "transitions", "workflow_state_field"),
	"Workflow Document State": ("state", "allow_edit", "update_field", "update_value"),
	"Workflow Transition": ("state", "action", "next_state", "allowed", "condition"),
	"Portal Settings": ("menu", "default_portal_home"),
	"Portal Menu Item": ("title", "route", "enabled", "reference_doctype"),
	"Scheduled Job Type": ("method", "stopped"),
	"Custom DocPerm": ("role", "permlevel", "if_owner", "select", "read", "write", "create"),
}

# (DocType, field) -> the choices that our rules know; one more is as bad as one less, for no rule says what it means
CHOICES = {
	("Issue", "status"): ("Open", "Replied", "On Hold", "Resolved", "Closed"),
	("Issue", "agreement_status"): ("First Response Due", "Resolution Due", "Fulfilled", "Failed"),
	("Task", "status"): ("Open", "Working", "Pending Review", "Overdue", "Template", "Completed", "Cancelled"),
	("Project", "status"): ("Open", "Completed", "Cancelled"),
	("ToDo", "status"): ("Open", "Closed", "Cancelled"),
	("Communication", "sent_or_received"): ("Sent", "Received"),
}

# whitelisted methods that we stand in for (hooks.py names them all) and that a version has not or no more; those of
# permissions/unasked.py may be absent anywhere
GONE = {"frappe.www.list.get": 16}  # -> from this version of Frappe on

# class that ours adds to -> the methods that ours overrides
METHODS = {
	"frappe.automation.doctype.assignment_rule.assignment_rule.AssignmentRule": ("get_user",),
	"frappe.email.doctype.auto_email_report.auto_email_report.AutoEmailReport": ("get_report_content",),
	"frappe.email.doctype.notification.notification.Notification": (
		"send_an_email",
		"create_system_notification",
		"get_list_of_recipients",
	),
	"frappe.core.doctype.data_import.data_import.DataImport": ("validate_doctype",),
	"frappe.core.doctype.data_import.importer.ImportFile": ("parse_data_from_template",),
	"frappe.custom.doctype.customize_form.customize_form.CustomizeForm": ("update_custom_fields",),
	"frappe.model.document.Document": ("_get_missing_mandatory_fields",),
	"frappe.email.doctype.email_account.email_account.EmailAccount": (
		"receive",
		"get_incoming_server",
		"build_email_sync_rule",
		"send_auto_reply",
	),
	# services/mailbox/mail_reading.py and service_mail.py stand on it
	"frappe.email.receive.InboundMail": (
		"process",
		"parse",
		"set_content_and_type",
		"set_subject",
		"set_from",
		"is_exist_in_system",
		"parent_communication",
		"reference_document",
		"save_attachments_in_doc",
		"replace_inline_images",
		"_create_reference_document",
	),
}

# called by name, or standing in for
FUNCTIONS = (
	"frappe.get_print",
	"frappe.attach_print",
	"frappe.utils.weasyprint.PrintFormatGenerator",
	"frappe.core.doctype.data_import.importer.get_df_for_column_header",
	"frappe.core.doctype.data_import.importer.get_autoname_field",
	"frappe.core.doctype.data_import.importer.get_select_options",
	"frappe.core.doctype.data_import.importer.read_csv_content",
	"erpnext.support.doctype.service_level_agreement.service_level_agreement.apply",
	"erpnext.support.doctype.service_level_agreement.service_level_agreement.update_agreement_status",
)

# hook -> the module that asks it
HOOKS: dict[str, str | tuple[str, ...]] = {
	"auth_hooks": "frappe.auth",
	"before_request": "frappe.app",
	"after_request": "frappe.app",
	"before_job": "frappe.utils.background_jobs",
	"has_permission": "frappe.permissions",
	"has_website_permission": "frappe",
	"permission_query_conditions": "frappe.model.db_query",
	"page_renderer": "frappe.website.path_resolver",
	"get_website_user_home_page": "frappe.website.utils",
	"update_website_context": "frappe.website.page_renderers.base_template_page",
	"doctype_js": "frappe.desk.form.meta",
	"doctype_list_js": "frappe.desk.form.meta",
	"page_js": "frappe.core.doctype.page.page",
	"override_doctype_dashboards": "frappe.model.meta",
	"override_whitelisted_methods": ("frappe", "frappe.handler"),  # 15.103 and 16; 15.44
	"ignore_links_on_delete": "frappe.model.delete_doc",
}
