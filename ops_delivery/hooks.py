app_name = "ops_delivery"
app_title = "Ops Delivery"
app_publisher = "ops_delivery developers"
app_description = "O&M service delivery that follows the delivery specification"
app_email = "dev@ops-delivery.invalid"
app_license = "GPL-3.0-or-later"
required_apps = ["frappe/erpnext"]

app_include_js = ["/assets/ops_delivery/js/clock_panel.js"]
app_include_css = ["/assets/ops_delivery/css/desk.css"]

doctype_js = {
	"Issue": ["public/js/issue_actions.js", "public/js/issue.js"],
}
doctype_list_js = {"Issue": "public/js/issue_list.js"}

override_doctype_dashboards = {
	"Issue": "ops_delivery.services.connections.of_issue",
	"Task": "ops_delivery.services.connections.of_task",
	"Project": "ops_delivery.services.connections.of_project",
	"Customer": "ops_delivery.services.connections.of_customer",
}

before_install = "ops_delivery.setup.install.before_install"
after_install = "ops_delivery.setup.install.after_install"
after_migrate = "ops_delivery.setup.install.after_migrate"
before_uninstall = "ops_delivery.setup.install.before_uninstall"
after_uninstall = "ops_delivery.setup.install.after_uninstall"

# An Issue's rules first, then (under "*") the clocks of whatever record type an administrator has measured.
doc_events = {
	"*": {
		"before_save": "ops_delivery.services.clocks.before_save",
		"on_update": "ops_delivery.services.clocks.on_update",
	},
	"Issue": {
		"validate": "ops_delivery.services.triage.validate",
		"on_update": [
			"ops_delivery.services.triage.on_update",
			"ops_delivery.services.handover.follow",
		],
	},
	"Task": {"on_update": "ops_delivery.services.handover.follow"},
	"Project": {"on_update": "ops_delivery.services.handover.follow"},
	"Communication": {
		"before_insert": "ops_delivery.services.side_events.before_communication",
		"on_update": "ops_delivery.services.side_events.after_communication",
	},
	"ToDo": {"on_update": "ops_delivery.services.side_events.after_assignment"},
	"Service Level Agreement": {"validate": "ops_delivery.services.rule_choice.guard_sla"},
}

override_whitelisted_methods = {
	"erpnext.support.doctype.issue.issue.set_status": "ops_delivery.api.erpnext_status.set_status",
	"erpnext.support.doctype.issue.issue.set_multiple_status": (
		"ops_delivery.api.erpnext_status.set_multiple_status"
	),
}

scheduler_events = {
	"cron": {"* * * * *": ["ops_delivery.services.sweep.run_due_triggers"]},
	"daily": ["ops_delivery.services.agreements.refresh_statuses"],
}

# when the queue is clogged, what runs anyway gives the sweep a turn
before_job = ["ops_delivery.services.pulse.before_job"]
after_request = ["ops_delivery.services.pulse.after_request"]

# pending work of a record goes with it; evidence (clocks, logs, acceptances) keeps it from being deleted;
# a rule that measures nothing may go, and its published versions stay as history
ignore_links_on_delete = ["Service Notice", "Service Clock Trigger", "Rule Version"]
