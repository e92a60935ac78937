import frappe


def test_the_app_is_installed():
	assert "ops_delivery" in frappe.get_installed_apps()
