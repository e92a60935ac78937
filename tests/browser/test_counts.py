"""What a shortcut or a chart of the workspace says is what it leads to, as each role sees it."""

import complaining
import customers
import frappe
import pytest
import scenario
import visiting

from ops_delivery.permissions import steps

PASSWORD = "Wind-turbine-62"
WORKSPACE = "/app/ops-delivery"
ROLES = (
	"Service Delivery Manager", "Service Desk", "Field Engineer", "Technical Expert", "Complaint Handler",
	"Delivery Auditor",
)  # fmt: skip
QUIET = "() => !frappe.request.ajax_count"
# how many the list that is shown has, by the very filters that it asks for
LISTED = """() => frappe.xcall("frappe.desk.reportview.get_count", {
	doctype: cur_list.doctype, filters: cur_list.get_filters_for_args(), fields: [],
})"""
# what a chart of that name has drawn, summed up; null where it has drawn nothing
DRAWN = """(name) => {
	const found = (window.ops_charts || []).findLast((one) => one.chart_doc?.name === name);
	const sets = found?.data?.datasets;
	return sets ? sets.flatMap((one) => one.values).reduce((all, one) => all + (one || 0), 0) : null;
}"""
KEEP_CHARTS = """() => {
	const prototype = frappe.widget.widget_factory.chart.prototype, draw = prototype.make_chart;
	window.ops_charts = [];
	prototype.make_chart = function (...given) {
		window.ops_charts.push(this);
		return draw.apply(this, given);
	};
}"""


def hosts_own(page):
	"""Frappe's own chart without a figure draws a line of no points; that is no error of ours."""
	page.errors[:] = [error for error in page.errors if "Mundefined" not in error]


@pytest.fixture
def busy(records):
	"""Requests in every state, visits, complaints and alarms, more of them than a list opens with by itself."""
	w = customers.world()
	for status in ("Open", "Replied", "On Hold"):
		issue = scenario.judge_valid(scenario.issue(w.agreement), scenario.MONDAY)
		frappe.db.set_value("Issue", issue.name, {"status": status, "opening_date": frappe.utils.nowdate()})
	scenario.issue(w.agreement)
	for status in ("Planned", "Prepared", "Left", "Cancelled"):
		visit = visiting.plan("Field Service Sheet", w.customer)
		frappe.db.set_value("Field Service Sheet", visit.name, "status", status)
	for status in ("Received", "Closed"):
		complaint = complaining.complain(w, subject="Late", text="y")
		frappe.db.set_value("Service Complaint", complaint.name, "status", status)
	for number, (kind, seen) in enumerate((("Warning", 0), ("Alarm", 0), ("Alarm", 1), ("Manager Route", 0))):
		log = frappe.new_doc("Escalation Log")
		log.update({"kind": kind, "step": kind, "round": number, "acknowledged": seen, "clock": scenario.clock(issue).name})
		log.update({"reference_doctype": "Issue", "reference_name": issue.name, "fired_on": frappe.utils.now_datetime()})
		steps.take(log).insert(ignore_permissions=True)
	frappe.db.commit()
	return w


@pytest.mark.parametrize("role", ROLES)
def test_each_shortcut_leads_to_what_it_counts(open_page, records, busy, role):
	user = records.make_user(roles=[role], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page("/app/todo", user=user, password=PASSWORD)
	tried = 0
	for label in ("Requests", "Visit Calendar", "Service Agreement", "Delivery Plan", "Complaints", "Escalation Log"):
		page.goto(WORKSPACE)
		page.locator(".shortcut-widget-box .indicator-pill").first.wait_for()
		page.wait_for_function(QUIET)
		box = page.locator(".shortcut-widget-box:visible", has=page.locator(f'[title="{label}"], .widget-title:has-text("{label}")'))
		if not box.count():  # not laid before this role: test_workspace.py says to whom
			continue
		pill = box.first.locator(".indicator-pill")
		pill.wait_for()
		said = int(pill.inner_text().split()[0])
		box.first.click()
		page.wait_for_function("() => frappe.get_route()[0] === 'List' && window.cur_list?.filter_area && !frappe.request.ajax_count")
		assert page.evaluate(LISTED) == said, (role, label)
		tried += 1
	assert tried >= 2
	hosts_own(page)


@pytest.mark.parametrize("card", ["Open Requests", "Waiting for Triage", "Waiting for Acceptance", "Alarms Not Acknowledged"])
def test_a_card_leads_to_what_it_counts(open_page, records, busy, card):
	user = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page(WORKSPACE, user=user, password=PASSWORD)
	box = page.locator(".number-widget-box:visible", has_text=card)
	number = box.locator(".number")
	number.wait_for()
	said = int(number.inner_text())
	number.click()
	page.wait_for_function("() => frappe.get_route()[0] === 'List' && window.cur_list?.filter_area && !frappe.request.ajax_count")
	assert said and page.evaluate(LISTED) == said
	hosts_own(page)


@pytest.mark.parametrize("role", ["Service Delivery Manager", "Service Desk", "Delivery Auditor"])
def test_each_chart_leads_to_what_it_draws(open_page, records, busy, role):
	user = records.make_user(roles=[role], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page("/app/todo", user=user, password=PASSWORD)
	for name, place in (("Open Requests by Priority", "'ops-delivery'"), ("Requests per Month", "'dashboard-view', 'Response Support'")):
		page.goto("/app/todo")
		page.wait_for_function("() => frappe.widget?.widget_factory?.chart")
		page.evaluate(KEEP_CHARTS)
		page.evaluate(f"() => frappe.set_route({place})")
		widget = page.locator(".dashboard-widget-box:visible", has_text=name)
		widget.wait_for()
		page.wait_for_function(f"() => ({DRAWN})({name!r}) !== null")
		drawn = page.evaluate(DRAWN, name)
		widget.locator(".chart-menu").click()
		widget.locator('[data-action="action-list"]').click()
		page.wait_for_function("() => frappe.get_route()[1] === 'Issue' && window.cur_list?.doctype === 'Issue' && !frappe.request.ajax_count")
		assert drawn and page.evaluate(LISTED) == drawn, (role, name)
	hosts_own(page)
