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


def test_an_unused_desk_fetches_nothing_of_ours(open_page, site, records):
	"""The form of an Issue on a site where nothing of ours was made, and a form of ours there."""
	user = records.make_user(roles=["Service Desk", "System Manager"], new_password="Wind-turbine-62").name
	issue = records.make_issue()
	frappe.db.commit()
	page = open_page("/app/todo", user=user)
	page.wait_for_selector(".no-result:visible, .list-row:visible")
	asked = []
	page.on("request", lambda request: asked.append(request.url))
	page.add_init_script("""
		let told;
		Object.defineProperty(window.frappe ??= {}, "boot", { get: () => told, set(value) {
			if (value?.ops_delivery) value.ops_delivery.in_use = false;
			told = value;
		} });
	""")
	page.goto(f"/app/issue/{issue.name}")
	page.wait_for_selector('[data-fieldname="subject"] input')
	page.wait_for_load_state("networkidle")
	assert [url for url in asked if "/assets/ops_delivery/" in url and "/desk.js" not in url] == []
	assert not page.evaluate("Boolean(ops_delivery.ClockPanel)")
	page.evaluate("frappe.set_route('Form', 'Ops Delivery Settings')")
	page.wait_for_function("ops_delivery.ClockPanel && cur_frm?.doctype === 'Ops Delivery Settings'")
	assert any("ops_desk.bundle" in url or "clock_panel.js" in url for url in asked)
	assert any("css/desk.css" in url for url in asked)
