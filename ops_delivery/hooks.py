app_name = "ops_delivery"
app_title = "Ops Delivery"
app_publisher = "ops_delivery developers"
app_description = "O&M service delivery that follows the delivery specification"
app_email = "dev@ops-delivery.invalid"
app_license = "GPL-3.0-or-later"
required_apps = ["frappe/erpnext"]

before_install = "ops_delivery.setup.install.before_install"
after_install = "ops_delivery.setup.install.after_install"
after_migrate = "ops_delivery.setup.install.after_migrate"
before_uninstall = "ops_delivery.setup.install.before_uninstall"
after_uninstall = "ops_delivery.setup.install.after_uninstall"

# A rule may be deleted while nothing is measured by it; its published versions stay as history.
ignore_links_on_delete = ["Rule Version"]
