import frappe

from ops_delivery.permissions.tables import TABLES as _TABLES
from ops_delivery.permissions.unasked import stand_ins as _stand_ins
from ops_delivery.search_types import TYPES as _SEARCHED

app_name = "ops_delivery"
app_title = "Ops Delivery"
app_publisher = "ops_delivery developers"
app_description = "O&M service delivery that follows the delivery specification"
app_email = "dev@ops-delivery.invalid"
app_license = "GPL-3.0-or-later"
required_apps = ["frappe/erpnext"]
# Frappe checks the arguments of our endpoints by their types; DocTypes saved in developer mode write theirs into our controllers.
require_type_annotated_api_methods = True
export_python_type_annotations = True

# the rest is fetched where it is used: services/administration/desk_boot.py
app_include_js = ["/assets/ops_delivery/js/desk.js"]
extend_bootinfo = ["ops_delivery.services.administration.desk_boot.extend", "ops_delivery.services.administration.import_values.tell_desk"]

# what a visit needs on the way, without a connection, too
_VISIT_OFFLINE = [
	"public/js/server.js",
	"public/js/device.js",
	"public/js/visit/words.js",
	"public/js/visit/finger.js",
	"public/js/visit/outbox.js",
	"public/js/visit/photos.js",
	"public/js/visit/drafts.js",
]
_VISIT = [
	*_VISIT_OFFLINE,
	"public/js/visit/dialogs.js",
	"public/js/visit/checklist.js",
	"public/js/visit/panel.js",
	"public/js/visit/visit.js",
	"public/js/improve.js",
]
_OWN_PAPERS = ["public/js/papers/own_papers.js"]
_OBJECTS = [
	"public/js/ask.js",
	"public/js/routine/object_words.js",
	"public/js/routine/object_list.js",
	"public/js/routine/object_page.js",
	"public/js/routine/trend_view.js",
]
doctype_js = {
	"Communication": "public/js/improve.js",
	"Service Leftover": ["public/js/improve.js", "public/js/knowledge.js"],
	"Consulting Plan": "public/js/consulting.js",
	"Consulting Report": "public/js/consulting.js",
	"Consulting Recommendation": "public/js/consulting.js",
	"Delivery Plan": [
		"public/js/plan/activities.js",
		"public/js/plan/dialogs.js",
		"public/js/plan/summary.js",
		"public/js/plan/raci.js",
		"public/js/agreement/amounts.js",
	],
	"Delivery Activity": ["public/js/plan/dialogs.js", "public/js/visit/plan.js"],
	"Optimization Plan": ["public/js/trial_run.js", "public/js/knowledge.js"],
	"Service Agreement": [
		"public/js/agreement/colours.js",
		"public/js/agreement/templates.js",
		"public/js/agreement/assess.js",
		"public/js/agreement/amend.js",
		"public/js/agreement/life.js",
		"public/js/agreement/amounts.js",
		"public/js/agreement/promised.js",
		"public/js/agreement/evidence.js",
		"public/js/agreement/major.js",
		"public/js/improve.js",
		*_OWN_PAPERS,
	],
	"Deliverable": _OWN_PAPERS,
	"Service Report": _OWN_PAPERS,
	"Paper Template": _OWN_PAPERS,
	"Service Agreement Template": ["public/js/agreement/templates.js", "public/js/agreement/assess.js", "public/js/agreement/major.js"],
	"Field Service Sheet": [*_VISIT, *_OWN_PAPERS],
	"Remote Support Session": [*_VISIT, *_OWN_PAPERS],
	"Field Service Request": "public/js/visit/request.js",
	"Routine Schedule": "public/js/routine_year.js",
	"Routine Task": [
		"public/js/server.js",
		"public/js/device.js",
		"public/js/routine_offline.js",
		"public/js/routine_sheet.js",
		"public/js/findings.js",
		"public/js/routine_begin.js",
		"public/js/visit/plan.js",
	],
	"Routine Finding": "public/js/findings.js",
	"Service Object": ["public/js/ask.js", "public/js/routine/object_words.js", "public/js/findings.js"],
	"Task": "public/js/visit/plan.js",
	"Workflow": ["public/js/ask.js", "public/js/configuration/workflow.js"],
}
NAMED_IN_ENGLISH = (
	"Checklist Template",
	"Clock Definition",
	"Deliverable Type",
	"Delivery Plan Template",
	"Escalation Policy",
	"Measured Record Type",
	"Priority Matrix",
	"Review Rule",
	"Routine Kind",
	"Rule Version",
	"Service Calendar",
	"Service Commitment",
	"Service Importance",
	"Service Report Template",
	"Service Security Class",
	"Service Urgency",
	"Survey Rule",
	"Survey Template",
)
CHOSEN_IN_LISTS = (
	"Amount Entry",
	"Field Service Request",
	"Mail That Needs a Person",
	"Object State",
	"Routine Finding",
	"Routine Reading",
	"Routine Task",
	"Service Membership Change",
)
doctype_list_js = {
	**dict.fromkeys(CHOSEN_IN_LISTS, "public/js/list_choices.js"),
	**dict.fromkeys(NAMED_IN_ENGLISH, "public/js/list_names.js"),
	"Service Object": ["public/js/ask.js", "public/js/routine/object_words.js"],
	"Issue": ["public/js/issue_list.js", "public/js/issue_quick_entry.js"],
	"Consulting Recommendation": "public/js/consulting.js",
	"Service Agreement": ["public/js/ask.js", "public/js/agreement/colours.js", "public/js/agreement/templates.js", "public/js/agreement/list.js"],
}
# whose lists have a column with a person
_PEOPLE = (
	*("Delivery Activity", "Delivery Plan", "Dispatch Profile", "Field Service Request", "Field Service Sheet", "Improvement Action"),
	*("Knowledge Article", "Operation Manual", "Remote Support Session", "Routine Task", "Service Complaint", "Service Handover", "Service Leftover"),
)
doctype_list_js |= {
	name: [*([_found] if isinstance(_found := doctype_list_js.get(name, []), str) else _found), "public/js/list_people.js"] for name in _PEOPLE
}

page_js = {
	"dispatch-board": [
		"public/js/ask.js",
		"public/js/dispatch/cards.js",
		"public/js/dispatch/grid.js",
		"public/js/dispatch/move.js",
	],
	"my-day": [*_VISIT_OFFLINE, "public/js/routine_offline.js"],
	"object-overview": _OBJECTS,
	"clause-evidence": [
		"public/js/ask.js",
		"public/js/evidence/words.js",
		"public/js/evidence/clauses.js",
		"public/js/evidence/exemptions.js",
		"public/js/evidence/beside.js",
	],
}

override_doctype_dashboards = {
	"Issue": "ops_delivery.services.host.connections.of_issue",
	"Task": "ops_delivery.services.host.connections.of_task",
	"Project": "ops_delivery.services.host.connections.of_project",
	"Customer": "ops_delivery.services.host.connections.of_customer",
}

# what the search lists where its list is made anew; on a site that has one, setup/searching.py adds to it
global_search_doctypes = {"Default": [{"doctype": _doctype} for _doctype in _SEARCHED]}

before_install = "ops_delivery.setup.install.before_install"
after_install = "ops_delivery.setup.install.after_install"
after_sync = "ops_delivery.setup.install.after_sync"
before_migrate = "ops_delivery.setup.install.before_migrate"
after_migrate = "ops_delivery.setup.install.after_migrate"
setup_wizard_complete = [
	"ops_delivery.setup.seeds.follow_site_zone",
	"ops_delivery.setup.seeds.follow_site_language",
	"ops_delivery.setup.site_formats.align",
]
before_uninstall = "ops_delivery.setup.install.before_uninstall"
after_uninstall = "ops_delivery.setup.install.after_uninstall"

_FOUND = (
	*("Issue", "Help Article", "Knowledge Article", "Deliverable", "Service Agreement", "Service Object"),
	*("Field Service Sheet", "Remote Support Session"),
)
# An Issue's rules first, then (under "*") the clocks of whatever record type an administrator has measured.
doc_events = {
	"*": {
		"before_validate": "ops_delivery.services.administration.every_save.before_validate",
		"validate": "ops_delivery.services.scope.customer_links.check",
		"before_update_after_submit": [
			"ops_delivery.services.shared.field_types.cast",
			"ops_delivery.services.shared.number_bounds.check",
			"ops_delivery.permissions.steps.guard",
		],
		"before_cancel": "ops_delivery.permissions.steps.guard",
		"on_trash": "ops_delivery.permissions.steps.guard_deletion",
		"before_rename": "ops_delivery.services.administration.merging.before_rename",
		"before_save": "ops_delivery.services.administration.every_save.before_save",
		"on_update": "ops_delivery.services.clocks.planning.on_update",
	},
	"Issue": {
		"before_insert": "ops_delivery.services.requests.splitting.before_insert",
		"onload": [
			"ops_delivery.services.scope.issue_scope.tell_form",
			"ops_delivery.services.requests.result_messages.tell_form",
		],
		"before_validate": [
			"ops_delivery.services.shared.field_types.cast",
			"ops_delivery.services.requests.own_requests.before_validate",
		],
		"validate": ["ops_delivery.services.requests.lifecycle.validate", "ops_delivery.services.visits.issue_link.validate"],
		"before_save": "ops_delivery.services.requests.lifecycle.before_save",
		"on_update": [
			"ops_delivery.services.requests.lifecycle.on_update",
			"ops_delivery.services.handover.steps.follow",
			"ops_delivery.services.plans.carried_out_by.follow",
		],
		"on_trash": "ops_delivery.services.requests.own_requests.on_trash",
	},
	"Task": {
		"on_update": ["ops_delivery.services.handover.steps.follow", "ops_delivery.services.plans.carried_out_by.follow"],
		"on_trash": "ops_delivery.services.plans.carried_out_by.forget",
	},
	"Project": {
		"on_update": ["ops_delivery.services.handover.steps.follow", "ops_delivery.services.plans.carried_out_by.follow"],
		"on_trash": "ops_delivery.services.plans.carried_out_by.forget",
	},
	"Service Handover": {
		"on_update": "ops_delivery.services.plans.carried_out_by.follow",
		"on_trash": "ops_delivery.services.plans.carried_out_by.forget",
	},
	"Optimization Plan": {
		"on_update": [
			"ops_delivery.services.handover.steps.follow",
			"ops_delivery.services.plans.carried_out_by.follow",
			"ops_delivery.services.surveys.asking.follow",
		],
	},
	"Consulting Report": {"on_update": "ops_delivery.services.surveys.asking.follow"},
	"Service Complaint": {"before_insert": "ops_delivery.services.complaints.complaint_mails.before_insert"},
	# a Workflow of an administrator does not stop the steps of ours (services/administration/workflow_steps.py, COURSE)
	(
		"Consulting Recommendation",
		"Delivery Activity",
		"Field Service Request",
		"Improvement Action",
		"Service Complaint",
		"Service Handover",
		"Service Leftover",
	): {
		"validate": "ops_delivery.services.administration.workflow_steps.follow",
	},
	# what the host's saves look into only once there is one
	(
		"Service Complaint",
		"Service Handover",
		"Service Leftover",
		"Field Service Sheet",
		"Remote Support Session",
		"Deliverable",
		"Service Report",
		"Major Incident Report",
	): {
		"after_insert": "ops_delivery.permissions.switches.note_use",
	},
	"Consulting Plan": {
		"on_update": ["ops_delivery.services.handover.steps.follow", "ops_delivery.services.plans.carried_out_by.follow"],
	},
	("Maintenance Schedule", "Maintenance Visit"): {
		"on_update": "ops_delivery.services.plans.carried_out_by.follow",
		"on_submit": "ops_delivery.services.plans.carried_out_by.follow",
		"on_cancel": "ops_delivery.services.plans.carried_out_by.follow",
		"on_trash": "ops_delivery.services.plans.carried_out_by.forget",
	},
	"Communication": {
		"before_validate": [
			"ops_delivery.services.administration.guarded_records.guard_message",
			"ops_delivery.services.shared.link_codes.clean_message",
		],
		"on_trash": "ops_delivery.services.administration.guarded_records.guard_kept",
		"before_insert": [
			"ops_delivery.services.requests.automatic_mail.before_insert",
			"ops_delivery.services.mailbox.staff_answers.before_insert",
		],
		"after_insert": "ops_delivery.services.complaints.complaint_mails.after_message",
		"before_save": [
			"ops_delivery.permissions.confidential_messages.keep_off_timelines",
			"ops_delivery.services.requests.message_hooks.before_communication",
		],
		"on_update": [
			"ops_delivery.services.complaints.intake.after_message",
			"ops_delivery.services.requests.message_hooks.after_communication",
		],
	},
	"Contact": {
		"before_validate": "ops_delivery.services.administration.membership.guard_contact",
		"on_update": "ops_delivery.services.administration.membership.note_contact",
		"on_trash": "ops_delivery.services.administration.membership.guard_deletion",
		"after_delete": "ops_delivery.services.administration.membership.note_deletion",
	},
	"Customer": {
		"before_rename": "ops_delivery.services.routine.merged.before_rename",
		"after_rename": "ops_delivery.services.routine.merged.after_rename",
		"before_validate": "ops_delivery.services.administration.membership.guard_customer",
		"on_update": "ops_delivery.services.administration.membership.note_customer",
	},
	("Dynamic Link", "Contact Email", "Portal User"): {
		"before_validate": "ops_delivery.services.administration.membership.guard_row",
		"on_trash": "ops_delivery.services.administration.membership.guard_row",
	},
	"User": {
		"before_insert": "ops_delivery.services.administration.invitations.before_insert",
		"on_update": ["ops_delivery.services.administration.invitations.after_save", "ops_delivery.setup.host_rules.follow_user"],
		"after_rename": "ops_delivery.services.administration.renamed.follow",
	},
	"Portal Settings": {"validate": "ops_delivery.services.portal.switch.after_reset"},
	"ToDo": {
		"before_validate": "ops_delivery.services.administration.guarded_records.guard_todo",
		"validate": "ops_delivery.services.complaints.handlers.guard_assignment",
		"on_update": "ops_delivery.services.requests.message_hooks.after_assignment",
		"on_trash": "ops_delivery.services.administration.guarded_records.guard_kept",
	},
	"DocShare": {
		"before_validate": "ops_delivery.services.administration.guarded_records.guard_hanging",
		"validate": ["ops_delivery.services.complaints.handlers.guard_share", "ops_delivery.permissions.secret_records.guard_share"],
	},
	("Document Follow", "Tag Link"): {
		"before_validate": "ops_delivery.services.administration.guarded_records.guard_hanging"
	},
	"Comment": {
		"before_validate": "ops_delivery.services.administration.guarded_records.guard_comment",
		"on_trash": "ops_delivery.services.administration.guarded_records.guard_kept",
	},
	"File": {
		"before_insert": [
			"ops_delivery.services.administration.guarded_records.guard_file",
			"ops_delivery.services.scope.file_names.clean_file",
			"ops_delivery.services.scope.uploads.read_apple_photo",
		],
		"before_validate": [
			"ops_delivery.services.administration.guarded_records.guard_file",
			"ops_delivery.permissions.secret_records.guard_naming",
			"ops_delivery.services.deliverables.file_guard.guard_change",
		],
		"validate": "ops_delivery.services.scope.file_names.clean_file",
		"on_trash": "ops_delivery.services.administration.deleted_bytes.guard_deletion",
	},
	"Event": {"validate": "ops_delivery.permissions.confidential_messages.keep_private"},
	"Email Queue": {
		"before_insert": [
			"ops_delivery.permissions.confidential_messages.guard_mail",
			"ops_delivery.services.deliverables.mails.guard",
			"ops_delivery.services.papers.mailed_prints.before_insert",
			"ops_delivery.services.outbox.mail_queue.mark_as_automatic",
			"ops_delivery.services.mailbox.threads.mark",
		],
		"validate": [
			"ops_delivery.permissions.confidential_messages.guard_mail",
			"ops_delivery.services.deliverables.mails.guard",
			"ops_delivery.services.papers.mailed_prints.validate",
		],
		"after_insert": ["ops_delivery.services.mailbox.threads.note_sent", "ops_delivery.services.deliverables.access_log.after_mail"],
	},
	"Email Queue Recipient": {"on_update": "ops_delivery.services.papers.mailed_prints.settle_added_reader"},
	# what is found by its words (services/search/types.py)
	_FOUND: {
		"on_update": "ops_delivery.services.search.entries.on_update",
		"on_update_after_submit": "ops_delivery.services.search.entries.on_update",
		"on_trash": "ops_delivery.services.search.entries.on_trash",
		"after_rename": "ops_delivery.services.search.entries.after_rename",
	},
	"Notification Log": {
		"before_insert": "ops_delivery.permissions.confidential_messages.guard_bell",
		"after_insert": "ops_delivery.permissions.confidential_messages.drop_bell",
	},
	"Timesheet": {
		"validate": "ops_delivery.services.visits.hours.check",
		"on_submit": "ops_delivery.services.amounts.drawing.of_timesheet",
		"on_update_after_submit": "ops_delivery.services.amounts.drawing.of_timesheet",
		"on_cancel": "ops_delivery.services.amounts.drawing.of_timesheet",
	},
	"Stock Entry": {
		"validate": "ops_delivery.services.visits.parts.check_entry",
		"on_submit": "ops_delivery.services.visits.parts.note_cost",
		"on_cancel": "ops_delivery.services.visits.parts.note_cost",
	},
	"Service Level Agreement": {"validate": "ops_delivery.services.clocks.rule_choice.guard_sla"},
	"Custom Field": {
		"validate": [
			"ops_delivery.services.administration.own_mandatory.check_field",
			"ops_delivery.services.administration.found_by_name.check_field",
		]
	},
	"Property Setter": {
		"validate": [
			"ops_delivery.services.administration.own_mandatory.check_setter",
			"ops_delivery.services.administration.found_by_name.check_setter",
		]
	},
	"Custom DocPerm": {
		"after_insert": "ops_delivery.setup.own_roles.let_in",
		"on_update": "ops_delivery.setup.own_roles.let_in",
	},
	"Workflow": {
		"validate": "ops_delivery.services.administration.workflow_check.check",
		"on_update": "ops_delivery.services.administration.workflow_check.align",
		"on_trash": "ops_delivery.services.administration.workflow_check.refuse_deletion",
		"after_delete": "ops_delivery.services.administration.workflow_check.forget",
	},
	"Role": {
		"before_validate": "ops_delivery.services.administration.found_by_name.check_role",
		"before_rename": "ops_delivery.services.administration.found_by_name.refuse_role_rename",
	},
	("Webhook", "Assignment Rule"): {"validate": "ops_delivery.services.rules.host_conditions.check"},
	"Server Script": {"validate": "ops_delivery.services.rules.server_scripts.check"},
	# what is kept of their prints goes with them
	(
		"Service Agreement",
		"Delivery Plan",
		"Optimization Plan",
		"Consulting Plan",
		"Consulting Report",
		"Field Service Sheet",
		"Remote Support Session",
	): {
		"before_print": "ops_delivery.services.reviews.readership.before_print",
		"on_update": "ops_delivery.services.papers.kept_prints.on_update",
		"on_update_after_submit": "ops_delivery.services.papers.kept_prints.on_update",
		"on_cancel": "ops_delivery.services.papers.kept_prints.on_trash",
		"on_trash": "ops_delivery.services.papers.kept_prints.on_trash",
		"after_rename": "ops_delivery.services.papers.kept_prints.after_rename",
	},
	"Personal Data Deletion Request": {
		"on_update": "ops_delivery.services.papers.kept_prints.after_deletion_request"
	},
	("Deliverable", "Service Report", "Major Incident Report"): {"before_print": "ops_delivery.services.deliverables.ways_out.before_print"},
	# Frappe's previews of a Notification render any record without asking
	"Notification": {
		"validate": "ops_delivery.services.rules.host_conditions.check",
		**dict.fromkeys(
			("preview_meets_condition", "preview_message", "preview_subject"),
			"ops_delivery.permissions.confidential_messages.guard_preview",
		),
	},
}

# asked before the bytes of a file go; on_trash of the events is asked after
delete_file_data_content = "ops_delivery.services.administration.deleted_bytes.delete"

override_whitelisted_methods = {
	**_stand_ins("ops_delivery.api.asked_first"),
	"frappe.client.get_count": "ops_delivery.api.checked.get_count",
	"frappe.desk.doctype.notification_log.notification_log.mark_as_read": (
		"ops_delivery.api.checked.mark_as_read"
	),
	"frappe.desk.search.get_link_title": "ops_delivery.api.checked.link_title",
	"frappe.desk.search.search_link": "ops_delivery.api.checked.search_link",
	"frappe.desk.search.search_widget": "ops_delivery.api.checked.search_widget",
	"frappe.desk.doctype.tag.tag.get_documents_for_tag": "ops_delivery.api.checked.documents_for_tag",
	"frappe.client.get": "ops_delivery.api.checked.get_document",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": "ops_delivery.api.checked.chart",
	"frappe.desk.like.toggle_like": "ops_delivery.api.checked.toggle_like",
	"frappe.contacts.doctype.contact.contact.invite_user": "ops_delivery.api.checked.invite_contact",
	"frappe.email.relink": "ops_delivery.api.checked.relink",
	"frappe.email.inbox.create_email_flag_queue": "ops_delivery.api.checked.flag_messages",
	"frappe.templates.includes.comments.comments.add_comment": "ops_delivery.api.checked.add_comment",
	"erpnext.support.doctype.issue.issue.make_issue_from_communication": (
		"ops_delivery.api.checked.issue_from_message"
	),
	"erpnext.crm.doctype.lead.lead.make_lead_from_communication": "ops_delivery.api.checked.lead_from_message",
	"erpnext.crm.doctype.opportunity.opportunity.make_opportunity_from_communication": (
		"ops_delivery.api.checked.opportunity_from_message"
	),
	"erpnext.templates.pages.projects.get_task_html": "ops_delivery.api.checked.project_tasks",
	"erpnext.templates.pages.projects.get_timesheet_html": "ops_delivery.api.checked.project_timesheets",
	"frappe.utils.print_format.download_pdf": "ops_delivery.api.printing.download_pdf",
	"frappe.www.printview.get_html_and_style": "ops_delivery.api.printing.get_html_and_style",
	"frappe.desk.reportview.export_query": "ops_delivery.api.exports.export_list",
	"frappe.desk.query_report.export_query": "ops_delivery.api.exports.export_report",
	"frappe.utils.print_format.download_multi_pdf": "ops_delivery.api.printing.download_multi_pdf",
	"frappe.utils.print_format.download_multi_pdf_async": "ops_delivery.api.printing.download_multi_pdf_async",
	"frappe.www.list.get": "ops_delivery.api.portal.website_list_page",
	"frappe.www.list.get_list_data": "ops_delivery.api.portal.website_rows",
	"frappe.website.doctype.web_form.web_form.get_form_data": "ops_delivery.api.portal.web_form_data",
	"frappe.utils.global_search.search": "ops_delivery.api.confidential.search",
	"frappe.desk.form.load.getdoctype": "ops_delivery.api.host_forms.getdoctype",
	"frappe.desk.form.linked_with.get": "ops_delivery.api.confidential.linked",
	"frappe.desk.notifications.get_open_count": "ops_delivery.api.confidential.connections",
	"erpnext.support.doctype.issue.issue.set_status": "ops_delivery.api.erpnext_status.set_status",
	"erpnext.support.doctype.issue.issue.set_multiple_status": (
		"ops_delivery.api.erpnext_status.set_multiple_status"
	),
}

# 16 mixes the classes of several apps, such as Helpdesk's; on 15 the class of the app that was installed last stands alone
if int(frappe.__version__.split(".")[0]) >= 16:
	extend_doctype_class = {
		"Auto Email Report": ["ops_delivery.ops_delivery.auto_email_report.SafeReport"],
		"Assignment Rule": ["ops_delivery.ops_delivery.assignment_rule.IndependentAssignment"],
		"Notification": ["ops_delivery.ops_delivery.notification.ReadersLanguage"],
		"Data Import": ["ops_delivery.ops_delivery.data_import.ReadsOurs"],
		"Customize Form": ["ops_delivery.ops_delivery.customize_form.AsksFirst"],
	}
else:
	override_doctype_class = {
		"Auto Email Report": "ops_delivery.ops_delivery.auto_email_report.SafeAutoEmailReport",
		"Assignment Rule": "ops_delivery.ops_delivery.assignment_rule.IndependentAssignmentRule",
		"Notification": "ops_delivery.ops_delivery.notification.ReadersNotification",
		"Data Import": "ops_delivery.ops_delivery.data_import.OurDataImport",
		"Customize Form": "ops_delivery.ops_delivery.customize_form.OurCustomizeForm",
	}

# asleep until there is something to watch (services/outbox/waking.py)
ops_delivery_minute_job = "ops_delivery.services.escalation.minute.run"

scheduler_events = {
	# at every tick of the scheduler, once a minute as a rule: with "* * * * *" a job that starts just after the full
	# minute is not yet due at the next tick, and a minute is lost
	"cron": {
		"* * * * * */5": [ops_delivery_minute_job],
	},
	"hourly": [
		"ops_delivery.services.requests.silence.remind_and_deem",
		"ops_delivery.services.clocks.clock_jobs.catch_up",
		"ops_delivery.services.visits.erpnext_records.catch_up",
		"ops_delivery.services.routine.generation.run",
		"ops_delivery.services.deliverables.promised.run",
		"ops_delivery.services.incidents.proposing.run",
		"ops_delivery.services.handover.of_findings.catch_up",
		"ops_delivery.services.knowledge.counting.settle",
	],
	"daily": [
		"ops_delivery.services.surveys.survey_jobs.daily_run",
		"ops_delivery.services.agreements.agreement_jobs.daily",
		"ops_delivery.services.outbox.outbox.purge_sent",
		"ops_delivery.services.scope.once.purge",
		"ops_delivery.services.papers.kept_prints.purge",
		"ops_delivery.services.routine.manuals.remind_keepers",
		"ops_delivery.services.deliverables.files.remove_left",
		"ops_delivery.services.reports.publishing.run_left",
		"ops_delivery.services.knowledge.steps.remind_keepers",
		"ops_delivery.services.search.rebuilding.catch_up",
		"ops_delivery.services.deliverables.access_log.purge",
		"ops_delivery.services.deliverables.sealing.settle_left",
	],
	"daily_long": ["ops_delivery.services.evidence.nightly.run"],
}

# prints of ours are WeasyPrint's, whoever asks Frappe for them (services/papers/frappe_prints.py)
ops_delivery_print = "ops_delivery.services.papers.frappe_prints.answer"
ops_delivery_printed = "ops_delivery.services.papers.frappe_prints.printed"
pdf_generator = "ops_delivery.services.papers.frappe_prints.generate_pdf"

# what follows from what (services/reactions.py); apps of the customer's own add their tables
ops_delivery_reactions = ["ops_delivery.services.reactions.REACTIONS"]

# content of reviewed documents that stands in records of its own, (doc, part) -> plain JSON values; and what keeps one
# from being signed, (doc) -> HTML lines (services/reviews/registry.py)
ops_delivery_extra_content = {
	"Delivery Plan": "ops_delivery.services.plans.content.more",
	"Consulting Plan": "ops_delivery.services.consulting.rules.planned",
	"Consulting Report": "ops_delivery.services.consulting.recommendations.recommended",
	"Field Service Sheet": "ops_delivery.services.visits.content.reported",
	"Remote Support Session": "ops_delivery.services.visits.content.reported",
}
# what a knowledge article may be drafted from: DocType -> (doc) -> Facts (services/knowledge/sources.py)
ops_delivery_knowledge_sources = {
	"Issue": "ops_delivery.services.knowledge.sources.of_issue",
	"Service Leftover": "ops_delivery.services.knowledge.sources.of_leftover",
	"Optimization Plan": "ops_delivery.services.knowledge.sources.of_plan",
}
ops_delivery_open_points = {"Service Agreement": "ops_delivery.services.agreements.completeness.open_lines"}

# files of Frappe's Data Import are read as people write them (framework_imports.py)
ops_delivery_read_import = "ops_delivery.services.administration.import_values.read"

# what nobody wrote moves nothing
ops_delivery_receive_mail = [
	"ops_delivery.services.requests.automatic_mail.receiving",  # the innermost: it knows what the others have settled
	"ops_delivery.services.mailbox.request_mails.receiving",
	"ops_delivery.services.mailbox.loop_guard.receiving",
	"ops_delivery.services.mailbox.strangers.receiving",
	"ops_delivery.services.complaints.complaint_mails.receiving",
	"ops_delivery.services.outbox.bounces.receiving",
	"ops_delivery.services.mailbox.staff_answers.receiving",
	"ops_delivery.services.mailbox.survey_mails.receiving",
]
# the mailboxes that an administrator names are read one mail at a time
ops_delivery_fetch_mail = "ops_delivery.services.mailbox.mailboxes.receive"

before_request = [
	"ops_delivery.services.monitoring.door.before_request",
	"ops_delivery.services.portal.page_base.before_request",
	"ops_delivery.services.shared.argument_types.check",
	"ops_delivery.permissions.stand_ins.check",
	"ops_delivery.framework_prints.ask_for_prints",
]
# the one place that every request passes once its user is known
auth_hooks = [
	"ops_delivery.permissions.linked_fields.check",
	"ops_delivery.permissions.evidence.check_row",
	"ops_delivery.permissions.secret_files.check_request",
	"ops_delivery.permissions.reach.guard_request",
]

# when the queue is clogged, what runs anyway gives the sweep a turn
before_job = [
	"ops_delivery.services.escalation.sweep_fallback.before_job",
	"ops_delivery.framework_prints.ask_for_prints",
	"ops_delivery.services.papers.frappe_prints.before_job",
]
after_request = [
	"ops_delivery.services.monitoring.door.after_request",
	"ops_delivery.services.portal.page_base.after_request",
	"ops_delivery.services.escalation.sweep_fallback.after_request",
	"ops_delivery.services.deliverables.access_log.after_request",
]
after_job = ["ops_delivery.services.deliverables.access_log.after_job"]

# pending work of a record goes with it; evidence (clocks, logs, acceptances) keeps it from being deleted;
# a rule that measures nothing may go, and its published versions stay as history
ignore_links_on_delete = [
	"Amount Entry",
	"Issue Takeover",
	"Object State",
	"Reading Day",
	"Service Notice",
	"Service Clock Trigger",
	"Rule Version",
	"Service Mail",
	"Mail That Needs a Person",
	"Search Entry",
	"Knowledge Figure",
	"Knowledge Reading",
]

# what names a complaint is as confidential as the complaint: the DocTypes of permissions/confidential.py, NAMES_RECORDS,
# but those whose customers have a rule of their own, which asks there
_NAME_RECORDS = (
	"Activity Log",
	"Comment",
	"Communication",
	"Communication Link",
	"Deleted Document",
	"Document Follow",
	"Document Share Key",
	"DocShare",
	"Dynamic Link",
	"Email Queue",
	"Escalation Log",
	"Escalation Log Recipient",
	"Event",
	"Event Participants",
	"File",
	"Improvement Check",
	"Improvement Measure",
	"Mail That Needs a Person",
	"Notification Log",
	"Service Clock",
	"Service Clock Event",
	"Service Clock Trigger",
	"Service Handover",
	"Service Mail",
	"Tag",
	"Tag Link",
	"ToDo",
	"Version",
	"View Log",
)

# one rule of ownership for the customer's side; staff are a matter of roles
has_website_permission = {
	"Service Survey": "ops_delivery.permissions.owned_records.has_website_permission",
	"Survey Response": "ops_delivery.permissions.owned_records.answer_on_website",
	"Survey Answer": "ops_delivery.permissions.owned_records.answer_on_website",
	"Issue": "ops_delivery.permissions.owned_records.has_website_permission",
	"Service Acceptance": "ops_delivery.permissions.owned_records.has_website_permission",
	"Service Leftover": "ops_delivery.permissions.owned_records.has_website_permission",
	"Service Review": "ops_delivery.permissions.owned_records.has_website_permission",
	"Service Signature": "ops_delivery.permissions.owned_records.has_website_permission",
	"Field Service Sheet": "ops_delivery.permissions.owned_records.has_website_permission",
	"Remote Support Session": "ops_delivery.permissions.owned_records.has_website_permission",
	"Improvement Action": "ops_delivery.permissions.owned_records.has_website_permission",
	"Deliverable": "ops_delivery.permissions.owned_records.has_website_permission",
	"Service Report": "ops_delivery.permissions.owned_records.has_website_permission",
	"Service Complaint": "ops_delivery.permissions.confidential_records.complaint_on_website",
}
# Evidence names records: it is read by whoever may read these (permissions/evidence.py; a test compares)
_EVIDENCE = (
	"Service Clock",
	"Escalation Log",
	"Service Notice",
	"Rule Version",
	"Service Authorship",
	"Service Clock Event",
	"Service Clock Trigger",
	"Escalation Log Recipient",
	"Issue Takeover",
	"Survey Answer",
	"Mail That Needs a Person",
)
has_permission = {
	"Service Survey": "ops_delivery.permissions.owned_records.has_permission",
	"Survey Response": "ops_delivery.permissions.owned_records.answer_permission",
	"Survey Answer": "ops_delivery.permissions.owned_records.answer_permission",
	"Survey Round": "ops_delivery.permissions.owned_records.answer_permission",
	"Service Authorship": "ops_delivery.permissions.owned_records.answer_permission",
	"Service Membership Change": "ops_delivery.permissions.owned_records.answer_permission",
	"Field Service Request": "ops_delivery.permissions.owned_records.answer_permission",
	"Issue": "ops_delivery.permissions.owned_records.has_permission",
	"Service Acceptance": "ops_delivery.permissions.owned_records.has_permission",
	"Service Leftover": "ops_delivery.permissions.confidential_records.leftover_permission",
	"Service Notice": "ops_delivery.permissions.confidential_records.notice_permission",
	"Service Review": "ops_delivery.permissions.secret_records.review_permission",
	"Service Signature": "ops_delivery.permissions.owned_records.has_permission",
	"Field Service Sheet": "ops_delivery.permissions.owned_records.has_permission",
	"Remote Support Session": "ops_delivery.permissions.owned_records.has_permission",
	"Deliverable": "ops_delivery.permissions.secret_records.deliverable_permission",
	**dict.fromkeys(("Service Report", "Major Incident Report"), "ops_delivery.permissions.secret_records.deliverable_permission"),
	"Improvement Action": "ops_delivery.permissions.confidential_records.action_permission",
	"Service Complaint": "ops_delivery.permissions.confidential_records.complaint_permission",
	**dict.fromkeys(_NAME_RECORDS, "ops_delivery.permissions.confidential_records.reference_permission"),
	"Communication": [
		"ops_delivery.permissions.confidential_records.reference_permission",
		"ops_delivery.permissions.messages.permission",
	],
	"File": [
		"ops_delivery.permissions.confidential_records.reference_permission",
		"ops_delivery.services.administration.guarded_records.file_permission",
		"ops_delivery.permissions.secret_records.file_permission",
		"ops_delivery.services.scope.uploads.look_before_reading",
	],
}
for _doctype in _EVIDENCE:
	_named = has_permission.get(_doctype)
	has_permission[_doctype] = [*([_named] if _named else []), "ops_delivery.permissions.evidence.permission"]
permission_query_conditions = {
	"Rule Version": "ops_delivery.permissions.list_conditions.version_query",
	"Service Survey": "ops_delivery.permissions.list_conditions.survey_query",
	"Survey Response": "ops_delivery.permissions.list_conditions.staff_only",
	"Survey Answer": "ops_delivery.permissions.list_conditions.staff_only",
	"Survey Round": "ops_delivery.permissions.list_conditions.staff_only",
	"Issue": "ops_delivery.permissions.list_conditions.issue_query",
	"Service Acceptance": "ops_delivery.permissions.list_conditions.reference_query",
	"Service Leftover": "ops_delivery.permissions.confidential_records.leftover_query",
	"Service Notice": "ops_delivery.permissions.confidential_records.reference_query",
	"Service Review": "ops_delivery.permissions.list_conditions.review_query",
	"Service Signature": "ops_delivery.permissions.list_conditions.signature_query",
	"Service Authorship": "ops_delivery.permissions.list_conditions.staff_only",
	"Service Membership Change": "ops_delivery.permissions.list_conditions.staff_only",
	"Field Service Sheet": "ops_delivery.permissions.list_conditions.sheet_query",
	"Remote Support Session": "ops_delivery.permissions.list_conditions.session_query",
	"Field Service Request": "ops_delivery.permissions.list_conditions.staff_only",
	"Deliverable": "ops_delivery.permissions.list_conditions.deliverable_query",
	"Service Report": "ops_delivery.permissions.list_conditions.report_query",
	"Major Incident Report": "ops_delivery.permissions.list_conditions.incident_query",
	"Improvement Action": "ops_delivery.permissions.confidential_records.reference_query",
	"Service Complaint": "ops_delivery.permissions.confidential_records.complaint_query",
	"Service Complaint Person": "ops_delivery.permissions.confidential_records.person_query",
	"Service Complaint Round": "ops_delivery.permissions.confidential_records.person_query",
	**dict.fromkeys(_NAME_RECORDS, "ops_delivery.permissions.confidential_records.reference_query"),
	"Communication": [
		"ops_delivery.permissions.confidential_records.reference_query",
		"ops_delivery.permissions.messages.query",
	],
	**dict.fromkeys(
		("Contact Email", "Contact Phone", "DefaultValue", "Has Role", "User Email", "User Social Login"),
		"ops_delivery.permissions.list_conditions.own_rows",
	),
	**{
		doctype: [
			"ops_delivery.permissions.confidential_records.reference_query",
			"ops_delivery.permissions.list_conditions.own_rows",
		]
		for doctype in ("Communication Link", "Dynamic Link", "Event Participants")
	},
}
for _doctype in _EVIDENCE:
	_named = permission_query_conditions.get(_doctype)
	permission_query_conditions[_doctype] = [*([_named] if _named else []), "ops_delivery.permissions.evidence.query"]
for _doctype in _TABLES:
	_named = permission_query_conditions.get(_doctype) or []
	_named = [_named] if isinstance(_named, str) else _named
	permission_query_conditions[_doctype] = [*_named, "ops_delivery.permissions.evidence.row_query"]
del _doctype, _named

jinja = {
	"methods": [
		"ops_delivery.services.papers.jinja_methods.ops_acceptance_link",
		"ops_delivery.services.papers.jinja_methods.ops_request_link",
		"ops_delivery.services.papers.jinja_methods.ops_silence",
		"ops_delivery.services.papers.jinja_methods.ops_desk_link",
		"ops_delivery.services.papers.jinja_methods.ops_desk_people",
		"ops_delivery.services.papers.jinja_methods.ops_message_words",
		"ops_delivery.services.papers.jinja_methods.ops_resolution_by",
		"ops_delivery.services.papers.jinja_methods.ops_clock",
		"ops_delivery.services.papers.jinja_methods.ops_notice_details",
		"ops_delivery.services.papers.jinja_methods.ops_text",
		"ops_delivery.services.papers.jinja_methods.ops_time",
		"ops_delivery.services.papers.jinja_methods.ops_day",
		"ops_delivery.services.papers.jinja_methods.ops_review_link",
		"ops_delivery.services.papers.jinja_methods.ops_reviewed_link",
		"ops_delivery.services.papers.jinja_methods.ops_sign_link",
		"ops_delivery.services.papers.jinja_methods.ops_customer_people",
		"ops_delivery.services.papers.jinja_methods.ops_survey_link",
		"ops_delivery.services.papers.jinja_methods.ops_survey_title",
		"ops_delivery.services.papers.jinja_methods.ops_complaint_link",
		"ops_delivery.services.papers.jinja_methods.ops_complaint_process",
		"ops_delivery.services.papers.jinja_methods.ops_complaint_channels",
		"ops_delivery.services.papers.jinja_methods.ops_improvement_link",
		"ops_delivery.services.papers.jinja_methods.ops_improvement_people",
		"ops_delivery.services.papers.jinja_methods.ops_round_link",
		"ops_delivery.services.papers.plan_paper.ops_plan_paper",
		"ops_delivery.services.papers.paper.ops_paper",
		"ops_delivery.services.consulting.recommendations.ops_recommendations",
		"ops_delivery.services.papers.optimization_paper.ops_plan",
		"ops_delivery.services.papers.visit_paper.ops_visit",
		"ops_delivery.services.papers.routine_paper.ops_round",
		"ops_delivery.services.papers.routine_paper.ops_finding",
		"ops_delivery.services.papers.agreement_paper.ops_agreement",
		"ops_delivery.services.papers.service_report_paper.ops_service_report",
		"ops_delivery.services.papers.incident_paper.ops_incident",
		"ops_delivery.services.deliverables.destruction.ops_certificate",
	]
}

# what a record type offers to a Word template of one's own (services/own_papers/registry.py); other apps add theirs
ops_delivery_paper_sources = {
	"Deliverable": "ops_delivery.services.own_papers.deliverable_source.SOURCE",
	"Field Service Sheet": "ops_delivery.services.own_papers.visit_source.SOURCE",
	"Remote Support Session": "ops_delivery.services.own_papers.visit_source.SESSION_SOURCE",
	"Service Agreement": "ops_delivery.services.own_papers.agreement_source.SOURCE",
	"Service Report": "ops_delivery.services.own_papers.report_source.SOURCE",
}

# the customer's pages; ERPNext's own stay as they are until the portal is switched on (services/portal/switch.py)
website_route_rules = [
	{"from_route": "/surveys/<path:name>", "to_route": "service-survey"},
	{"from_route": "/surveys", "to_route": "service-surveys"},
	{"from_route": "/complaints/new", "to_route": "service-complaint-new"},
	{"from_route": "/complaints/<path:name>", "to_route": "service-complaint"},
	{"from_route": "/complaints", "to_route": "service-complaints"},
	{"from_route": "/deliverables/<path:name>", "to_route": "service-deliverable"},
	{"from_route": "/deliverables", "to_route": "service-deliverables"},
	{"from_route": "/knowledge/<path:name>", "to_route": "service-knowledge-article"},
	{"from_route": "/knowledge", "to_route": "service-knowledge"},
	{"from_route": "/improvements/<path:name>", "to_route": "service-improvement"},
	{"from_route": "/rounds/<path:name>", "to_route": "service-round"},
	{"from_route": "/rounds", "to_route": "service-rounds"},
	{"from_route": "/visits/<path:name>", "to_route": "service-visit"},
	{"from_route": "/visits", "to_route": "service-visits"},
	{"from_route": "/reviews/sign/<path:name>", "to_route": "service-signature"},
	{"from_route": "/reviews/<path:name>", "to_route": "service-review"},
	{"from_route": "/agreements/<path:name>", "to_route": "service-document"},
	{"from_route": "/agreements", "to_route": "service-documents"},
	{"from_route": "/service-object/<path:name>", "to_route": "service-object"},
	{"from_route": "/service-requests/new", "to_route": "service-request-new"},
	{"from_route": "/service-requests/<path:name>", "to_route": "service-request"},
]
website_redirects = [
	{"source": "/service-requests/list", "target": "/service-requests", "redirect_http_status": 302},
]
# ERPNext's pages of Issues lead to ours, for whom the portal is switched on
page_renderer = ["ops_delivery.services.portal.switch.IssuePages"]
get_website_user_home_page = "ops_delivery.services.portal.home.landing"
update_website_context = [
	"ops_delivery.services.portal.page_base.guard_lists",
	"ops_delivery.services.deliverables.ways_out.mark_page",
	"ops_delivery.services.portal.switch.hide_entries",
]
