import frappe
import pytest


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_desk_opens(open_page, width, language):
	page = open_page("/app/ops-delivery", user="Administrator", width=width, language=language)
	page.wait_for_selector(".editor-js-container .widget:visible")
	assert page.evaluate("frappe.boot.lang") == language
	assert page.evaluate("document.documentElement.scrollWidth") <= width
	page.shoot("desk")


def test_a_user_of_a_test_logs_in(open_page, records):
	user = records.make_user(roles=["Support Team"], new_password="Wind-turbine-62")
	frappe.db.commit()
	page = open_page("/app/issue", user=user.name)
	page.wait_for_selector(".no-result:visible, .list-row:visible")
