"""A complaint from the customer's first word to the answer: logged in, and by signed link; phone and desk, both languages."""

import complaining
import customers
import frappe
import looks
import pytest
from reviewing import user

from ops_delivery.services.complaints import links as complaint_links
from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.shared import signed_link

PASSWORD = "Wind-turbine-62"
SUBJECT, TEXT, RESULT, REASON = (
	"工程师迟到两小时",
	"等了两个小时，没有人来电话。",
	"您反映的情况属实。",
	"还有第二次没有说明。",
)
# each width and each language on both ways; all four on one of the two would take a minute more
LOGGED_IN, BY_LINK = [(390, "zh"), (1440, "en")], [(390, "en"), (1440, "zh")]
pytestmark = pytest.mark.clause("5.4.d")


@pytest.fixture
def w(records, language):
	w = complaining.world()
	w.person = customers.portal_user(w.customer, new_password=PASSWORD, first_name="王丽", language=language)
	w.request = records.make_issue(w.customer, raised_by=w.person, subject=records.unique("收费窗口断网"))
	complaining.assign("Issue", w.request.name, w.engineer)
	frappe.db.set_value("Issue", w.request.name, "ops_customer_email", w.person)
	frappe.db.commit()
	yield w
	frappe.db.rollback()
	for name in frappe.get_all(complaints.DOCTYPE, {"raised_by": w.person}, pluck="name"):
		for doctype, field in (
			("ToDo", "reference_name"),
			("Service Notice", "reference_name"),
			("Service Clock", "reference_name"),
		):
			frappe.db.delete(doctype, {field: name})
		for child in ("Service Complaint Person", "Service Complaint Round"):
			frappe.db.delete(child, {"parent": name})
		frappe.db.delete(complaints.DOCTYPE, {"name": name})
	frappe.db.commit()


@pytest.mark.parametrize("width, language", LOGGED_IN)
def test_on_the_portal(open_page, w, width, language):
	page = open_page("/complaints", user=w.person, password=PASSWORD, width=width, language=language)
	look(page, w, language)
	page.shoot("how")
	page.locator("a[href='/complaints/new']").click()
	page.wait_for_url("**/complaints/new")
	look(page, w, language)
	page.locator("#ops-subject").fill(SUBJECT)
	page.locator("#ops-text").fill(TEXT)
	page.locator("#ops-matter").select_option(w.request.name)
	page.shoot("new")
	page.locator("[type=submit]").click()
	page.locator("[role=status].ops-good").wait_for()
	look(page, w, language)
	told(w)
	page.reload()
	assert RESULT in page.locator(".ops-result").inner_text()
	appeal(page, w, language)
	assert SUBJECT in page.locator("h1").inner_text()


@pytest.mark.parametrize("width, language", BY_LINK)
def test_by_signed_link(open_page, w, width, language):
	token = signed_link.make(complaint_links.PURPOSE, "Issue", w.request.name, w.person)
	page = open_page(f"/complaint#{token}", width=width, language=language)
	page.locator("#ops-subject").wait_for()
	assert "#" not in page.url and token not in page.content().replace(f'value="{token}"', "")
	look(page, w, language)
	page.locator("#ops-subject").fill(SUBJECT)
	page.locator("#ops-text").fill(TEXT)
	page.shoot("new")
	page.locator("form:not([hidden]) [type=submit]").click()
	page.locator("[role=status].ops-good").wait_for()
	look(page, w, language)
	doc = told(w)
	token = signed_link.make(complaint_links.PURPOSE, complaints.DOCTYPE, doc.name, w.person)
	page.goto("about:blank")
	page.goto(f"/complaint#{token}")
	page.locator(".ops-result").wait_for()
	appeal(page, w, language)


def told(w):
	"""The desk and an independent handler do their part."""
	frappe.db.rollback()
	doc = frappe.get_last_doc(complaints.DOCTYPE, {"raised_by": w.person})
	assert doc.people[0].user == w.engineer and doc.anonymous
	with user(w.desk):
		complaints.acknowledge(doc.name)
		complaints.hand_to(doc.name, w.handler)
	with user(w.handler):
		complaints.investigate(doc.name)
		complaints.tell_result(doc.name, "Partly Justified", RESULT, "Talked to both")
	frappe.db.commit()
	return doc


def appeal(page, w, language):
	"""An appeal needs its reason; what was chosen is kept."""
	form = page.locator("form.ops-answer")
	page.locator("label[for=ops-appeal]").click()
	look(page, w, language)
	form.locator("[type=submit]").click()
	page.locator("[role=alert]").wait_for()
	page.errors.clear()  # the refusal itself
	assert page.locator("#ops-appeal").is_checked()
	page.locator("#ops-note").fill(REASON)
	page.shoot("answer")
	form.locator("[type=submit]").click()
	page.locator("[role=status].ops-good").wait_for()
	look(page, w, language)
	page.shoot("answered")
	frappe.db.rollback()
	doc = frappe.get_last_doc(complaints.DOCTYPE, {"raised_by": w.person})
	assert (doc.status, doc.round) == ("Appealed", 2)


def look(page, w, language):
	looks.fits(page)
	looks.accessible(page)
	if language == "zh":
		looks.speaks_chinese(
			page.locator(".ops-portal"), w.request.name, w.request.subject, w.customer, "CPL-2026-"
		)
