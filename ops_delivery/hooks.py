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
}

doc_events = {
	"Task": {"on_update": "ops_delivery.services.handover.follow"},
	"Project": {"on_update": "ops_delivery.services.handover.follow"},
	"Issue": {"on_update": "ops_delivery.services.handover.follow"},
}
