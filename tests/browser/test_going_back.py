"""What the Back button shows: nothing of a customer after the log-out, and no second request by a form sent again (22)."""

import customers
import factories
import frappe
import pytest
import scenario

PASSWORD = "Wind-turbine-62"
SUBJECT = "The vault's alarm code is 4711"


@pytest.fixture
def scene(site):
	agreement = scenario.agreement()
	asker = customers.portal_user(agreement.customer, new_password=PASSWORD)
	issue = scenario.issue(agreement, raised_by=asker, subject=SUBJECT)
	frappe.db.commit()
	yield frappe._dict(asker=asker, issue=issue, customer=agreement.customer)
	frappe.db.rollback()
	for name in frappe.get_all("Issue", {"raised_by": asker}, pluck="name"):
		frappe.db.delete("Service Notice", {"reference_name": name})
	frappe.db.commit()


def back(page, to: str) -> None:
	"""Press Back, and wait until the address is that of the page before and what stands there has loaded."""
	page.evaluate("setTimeout(() => history.back())")
	page.wait_for_url(to)
	page.wait_for_load_state()


@pytest.mark.parametrize("way", ["menu", "other tab"])
def test_back_shows_nobody_the_page_of_who_has_logged_out(open_page, scene, way):
	path = f"/service-requests/{scene.issue.name}"
	page = open_page("/service-requests", user=scene.asker, password=PASSWORD)
	page.goto(path)
	page.locator(".ops-portal", has_text=SUBJECT).wait_for()
	if way == "menu":
		page.goto("/?cmd=web_logout")  # what Log Out of the website's menu leads to
	else:
		other = page.context.new_page()
		other.goto("/service-requests")
		other.goto("/?cmd=web_logout")
		page.goto("about:blank")
	names = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
	assert names.get("user_id", "Guest") == "Guest"
	back(page, lambda url: "/login" in url and "redirect-to" in url)
	page.locator(".for-login").wait_for()
	assert SUBJECT not in page.content()
	page.shoot("back")
	page.errors.clear()


def test_back_and_sent_again_makes_no_second_request(open_page, scene):
	page = open_page("/service-requests/new", user=scene.asker, password=PASSWORD, width=390)
	fill_in(page)
	first = page.url.split("?")[0]
	back(page, "**/service-requests/new")
	page.locator("[data-ops-said]").wait_for()
	fill_in(page)  # the same words once more: they believe that it did not get through
	assert page.url.split("?")[0] == first
	assert raised_by(scene) == 1


def test_back_and_sent_again_makes_no_second_request_where_no_script_runs(chromium, server, scene):
	context = chromium.new_context(base_url=server, java_script_enabled=False)
	try:
		context.request.post("/api/method/login", form={"usr": scene.asker, "pwd": PASSWORD})
		page = context.new_page()
		page.goto("/service-requests/new")
		fill_in(page)
		page.go_back()
		page.locator("#ops-subject").wait_for()
		fill_in(page)
		assert raised_by(scene) == 1
	finally:
		context.close()


def fill_in(page) -> None:
	page.locator("#ops-subject").fill("The printer is out")
	page.locator("#ops-description").fill("Since noon")
	page.locator("form[action='/service-requests/new'] [type=submit]:not([name])").click()
	page.locator("[role=status].ops-good").wait_for()


def raised_by(scene) -> int:
	frappe.db.rollback()
	return frappe.db.count("Issue", {"raised_by": scene.asker, "subject": "The printer is out"})
