app_name = "ops_delivery"
app_title = "Ops Delivery"
app_publisher = "ops_delivery developers"
app_description = "O&M service delivery that follows the delivery specification"
app_email = "dev@ops-delivery.invalid"
app_license = "GPL-3.0-or-later"
required_apps = ["frappe/erpnext"]

# What the forms of other apps' types show as connected
override_doctype_dashboards = {
	"Issue": "ops_delivery.ops_delivery.connections.issue",
	"Customer": "ops_delivery.ops_delivery.connections.customer",
}
