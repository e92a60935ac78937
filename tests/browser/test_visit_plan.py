"""A visit is planned from a request by one click: what is known stands in it, and it opens with its plan."""

import frappe
import looks
import pytest
import scenario

PASSWORD = "Wind-turbine-62"


@pytest.mark.clause("7.2.a")
@pytest.mark.parametrize("width, language", [(1440, "en"), (1440, "zh"), (390, "en"), (390, "zh")])
def test_a_visit_is_planned_from_a_request(open_page, records, width, language):
	issue = scenario.issue(scenario.agreement(), scenario.datetime.now(scenario.ZONE), ops_onsite=1)
	frappe.db.set_value("Issue", issue.name, "description", "<p>The fan screams</p>")
	desk = records.make_user(roles=["Service Desk", "Support Team"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page(f"/app/issue/{issue.name}", user=desk, width=width, language=language)
	page.wait_for_selector(".ops-clock")
	page.evaluate("cur_frm.custom_buttons[__('Plan a Visit')].click()")
	page.wait_for_function("cur_frm.doctype === 'Field Service Sheet' && cur_frm.is_new()")
	content = page.locator('[data-fieldname="work_content"] textarea:visible')
	content.wait_for()  # the tab with the plan is open
	assert content.input_value() == "The fan screams"
	assert not page.locator(".form-tabs:visible .nav-link:visible", has_text="Visit").count() or language == "zh"
	known = page.evaluate("[cur_frm.doc.owner_user || '', cur_frm.doc.promised_on, cur_frm.doc.reference_name]")
	assert known[0] == "", "whoever only plans goes nowhere"
	assert frappe.utils.get_datetime(known[1]) == scenario.clock(issue, "On-site Arrival").due_on
	assert known[2] == issue.name
	looks.fits(page)
	page.shoot("planned")
	page.evaluate("cur_frm.save()")
	page.wait_for_function("!cur_frm.is_new() && !frappe.request.ajax_count")
	page.locator(".ops-visit:visible").wait_for()  # saved, it shows its stages
	page.shoot("saved")
