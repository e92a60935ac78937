"""Somebody with one role alone logs in, lands and finds their work by clicking."""

import frappe
import pytest
import scenario

PASSWORD = "Wind-turbine-62"
WORK = {
	"Service Desk": "Requests",
	"Field Engineer": "My Day",
	"Technical Expert": "My Day",
	"Complaint Handler": "Complaints",
	"Delivery Auditor": "Service Agreement",
	"Service Delivery Manager": "Dispatch Board",
}
THERE = {
	"Requests": "window.cur_list?.doctype === 'Issue'",
	"Complaints": "window.cur_list?.doctype === 'Service Complaint'",
	"Service Agreement": "window.cur_list?.doctype === 'Service Agreement'",
	"My Day": "document.querySelector('.ops-myday')?.checkVisibility()",
	"Dispatch Board": "frappe.get_route()[0] === 'dispatch-board' && !frappe.request.ajax_count",
}


@pytest.fixture
def in_use(records):
	agreement = scenario.agreement()
	scenario.issue(agreement)
	frappe.db.commit()


@pytest.mark.parametrize("role", WORK)
def test_each_role_lands_and_finds_its_work_by_clicking(open_page, records, in_use, role):
	user = records.make_user(roles=[role], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page("/app", user=user, password=PASSWORD)
	page.wait_for_function("window.frappe?.get_route?.()?.length && !frappe.request.ajax_count")
	page.shoot("landed")
	entry = page.locator("a:visible, .desktop-icon:visible").filter(has_text="Ops Delivery").first
	entry.click()
	work = page.locator(".shortcut-widget-box:visible", has_text=WORK[role]).first
	work.wait_for()
	page.shoot("workspace")
	work.click()
	page.wait_for_function(THERE[WORK[role]])
	page.wait_for_function("!frappe.request.ajax_count")
	page.shoot("work")
	assert not page.locator(".modal.show .msgprint").count(), page.locator(".modal.show .msgprint").inner_text()
	# a chart of Frappe's that is left while it is being drawn; a picture of no address on the home screen of Frappe 16
	hosts = ("<rect> attribute width", "/undefined)")
	page.errors[:] = [error for error in page.errors if not any(one in error for one in hosts)]
