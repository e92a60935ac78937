"""A visit is planned from a request by one click: what is known stands in it, and it opens with its plan."""

from datetime import datetime, timedelta

import frappe
import looks
import pytest
import scenario
import visiting

PASSWORD = "Wind-turbine-62"
START = datetime(2030, 3, 4, 9)


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


@pytest.mark.clause("5.3.a")
@pytest.mark.parametrize("doctype", (visiting.SHEET, visiting.SESSION))
def test_whoever_moves_the_start_on_the_form_moves_the_visit(open_page, records, doctype):
	"""Its length stays, as on the board; the end may still be typed."""
	visiting.templates()
	visit = visiting.plan(doctype, records.make_customer().name, planned_start=START, planned_end=START + timedelta(hours=4))
	frappe.db.commit()
	page = open_page(f"/app/{frappe.scrub(doctype).replace('_', '-')}/{visit.name}", user="Administrator")
	page.wait_for_function("name => window.cur_frm?.doc?.name === name && !frappe.request.ajax_count", arg=visit.name)

	def type_moment(field: str, moment: datetime) -> None:
		page.evaluate("field => cur_frm.scroll_to_field(field)", field)
		looks.settled(page)
		box = page.locator(f'.frappe-control[data-fieldname="{field}"] input:visible').first
		box.fill(page.evaluate("text => frappe.datetime.str_to_user(text)", str(moment)))
		box.press("Tab")
		page.wait_for_function("([field, text]) => cur_frm.doc[field] === text", arg=[field, str(moment)])

	moved = START + timedelta(days=2, minutes=90)
	type_moment("planned_start", moved)
	page.wait_for_function("text => cur_frm.doc.planned_end === text", arg=str(moved + timedelta(hours=4)))
	page.shoot("moved")
	type_moment("planned_end", moved + timedelta(hours=1))
	assert page.evaluate("cur_frm.doc.planned_start") == str(moved)
	page.locator(".page-head:visible .primary-action").click()
	page.wait_for_function("!cur_frm.is_dirty() && !frappe.request.ajax_count")
	frappe.db.rollback()
	saved = frappe.db.get_value(doctype, visit.name, ["planned_start", "planned_end"])
	assert saved == (moved, moved + timedelta(hours=1))
