"""What a shortcut or a chart of the workspace says is what it leads to, as each role sees it."""

import complaining
import customers
import frappe
import pytest
import scenario
import visiting

from ops_delivery.permissions import steps
from ops_delivery.services.escalation import sweep

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

@pytest.fixture
def opened(records, open_page):
	"""Like open_page, and its pages are closed before the people of `records` go; Frappe's own chart without a figure draws a line of
	no points, and one that is left while it draws a bar of no width: no errors of ours."""
	pages = []

	def opened(*args, **options):
		pages.append(open_page(*args, **options))
		return pages[-1]

	yield opened
	for page in pages:
		page.errors[:] = [error for error in page.errors if not _is_of_an_empty_chart(error)]


def _is_of_an_empty_chart(error: str) -> bool:
	if "/assets/frappe/dist/js/desk.bundle" not in error:
		return False
	return any(one in error for one in ("<path> attribute d: Expected number", "<rect> attribute width", "reading 'length'"))


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
	for _round in range(6):  # what is due fires here, and not between two looks at a number
		sweep.run()
	frappe.db.commit()
	return w


@pytest.mark.parametrize("role", ROLES)
def test_each_shortcut_leads_to_what_it_counts(opened, records, busy, role):
	user = records.make_user(roles=[role], new_password=PASSWORD).name
	frappe.db.commit()
	page = opened("/app/todo", user=user, password=PASSWORD)
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


@pytest.mark.parametrize("card", ["Open Requests", "Waiting for Triage", "Waiting for Acceptance", "Alarms Not Acknowledged"])
def test_a_card_leads_to_what_it_counts(opened, records, busy, card):
	user = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	page = opened(WORKSPACE, user=user, password=PASSWORD)
	box = page.locator(".number-widget-box:visible", has_text=card)
	number = box.locator(".number")
	number.wait_for()
	said = int(number.inner_text())
	number.click()
	page.wait_for_function("() => frappe.get_route()[0] === 'List' && window.cur_list?.filter_area && !frappe.request.ajax_count")
	assert said and page.evaluate(LISTED) == said


@pytest.mark.parametrize(
	"name, path, asks",
	[
		("Open Requests by Priority", WORKSPACE, "figures.open_by_priority"),
		("Requests per Month", "/app/dashboard-view/Response Support", "dashboard_chart.dashboard_chart.get"),
	],
)
@pytest.mark.parametrize("role", ["Service Delivery Manager", "Delivery Auditor"])
def test_a_chart_leads_to_what_it_draws(opened, records, busy, role, name, path, asks):
	user = records.make_user(roles=[role], new_password=PASSWORD).name
	frappe.db.commit()
	page = opened("/app/todo", user=user, password=PASSWORD)
	page.locator(".no-result:visible, .list-row:visible").first.wait_for()
	drawn = []
	page.on("response", lambda answer: drawn.append(answer) if asks in answer.url else None)
	page.goto(path)
	widget = page.locator(".dashboard-widget-box:visible", has_text=name)
	widget.locator(".chart-menu").wait_for()
	page.wait_for_function(QUIET)
	(answer,) = [one for one in drawn if asks != "dashboard_chart.dashboard_chart.get" or name.replace(" ", "+") in (one.request.post_data or "")]
	counted = sum(answer.json()["message"]["datasets"][0]["values"])
	widget.locator(".chart-menu").click()
	widget.locator('[data-action="action-list"]').click()
	page.wait_for_function("() => frappe.get_route()[1] === 'Issue' && window.cur_list?.doctype === 'Issue' && !frappe.request.ajax_count")
	assert counted and page.evaluate(LISTED) == counted
