"""Before a rule is saved under running clocks the form says what moves and asks from when and why (6.3.b)."""

from urllib.parse import quote

import factories
import frappe
import looks
import pytest
import scenario

from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared.site_time import utc_now

PASSWORD = "Wind-turbine-62"
TITLES = {"en": "Office support", "zh": "办公支持"}
# five minutes a window: at whatever hour a request came, each of its deadlines moves
SHORTER = """() => {
	cur_frm.doc.windows.forEach((row) => { row.end_time = row.start_time.replace(/00:00$/, "05:00"); });
	cur_frm.dirty();
	cur_frm.save();
}"""


@pytest.fixture
def open_form(open_page, records):
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name

	def open_form(doc, width=1440, language="en"):
		frappe.db.commit()
		path = f"/app/{doc.doctype.lower().replace(' ', '-')}/{quote(doc.name, safe='')}"
		page = open_page(path, user=manager, width=width, language=language)
		page.wait_for_function("name => window.cur_frm?.doc?.name === name && !cur_frm.is_dirty()", arg=doc.name)
		page.locator(".form-layout:visible").first.wait_for()
		return page

	return open_form


@pytest.mark.clause("6.3.b")
@pytest.mark.parametrize("width, language", [(1440, "en"), (1440, "zh"), (390, "en"), (390, "zh")])
def test_a_calendar_is_saved_when_from_when_and_why_are_said(open_form, width, language):
	agreement = scenario.agreement(title=f"{TITLES[language]} {factories.unique('0')}")
	issues = [scenario.issue(agreement, utc_now()).name for _one in range(4)]
	doc = frappe.get_doc("Service Calendar", agreement.calendar)
	page = open_form(doc, width, language)
	page.evaluate(SHORTER)
	dialog = page.locator(".modal.show.ops-change .modal-dialog")
	dialog.locator("table.ops-change-moves").wait_for()
	text = dialog.inner_text()
	assert agreement.title in text and any(name in text for name in issues)
	assert len(dialog.locator("tbody tr").all()) == 10
	looks.still(page)
	page.shoot("now")
	dialog.locator("table.ops-change-moves").scroll_into_view_if_needed()
	box = dialog.locator("table.ops-change-moves").bounding_box()
	assert box["x"] >= 0 and box["x"] + box["width"] <= width
	page.shoot("moves")
	if language == "zh":
		looks.speaks_chinese(dialog, "ISS", agreement.title)
	else:
		assert "12 of 12 running clocks move." in text
	looks.fits(page)

	dialog.locator("[data-fieldname=change_from] select").select_option("From a date")
	dialog.locator("[data-fieldname=change_date] input").wait_for()
	page.evaluate("() => cur_dialog.set_value('change_date', frappe.datetime.add_days(frappe.datetime.get_today(), 200))")
	page.wait_for_function("() => document.querySelector('.modal.show.ops-change [role=status] b').textContent === '0'")
	page.shoot("from-a-date")
	dialog.locator("[data-fieldname=change_from] select").select_option("From now on")
	page.wait_for_function("() => document.querySelector('.modal.show.ops-change [role=status] b').textContent === '12'")

	dialog.locator("[data-fieldname=change_reason] textarea").fill("Shorter days in winter")
	dialog.locator(".btn-modal-primary, .btn-primary").first.click()
	page.wait_for_function("() => !cur_frm.is_dirty() && cur_frm.doc.revision === 2")
	frappe.db.rollback()
	version = versions.latest("Service Calendar", doc.name)
	assert frappe.db.get_value("Rule Version", version, ["reason", "clocks_moved"]) == ("Shorter days in winter", 12)


@pytest.mark.clause("6.3.e")
def test_a_policy_shows_its_next_step_and_can_be_left(open_form):
	agreement = scenario.agreement()
	scenario.issue(agreement, utc_now())
	doc = frappe.get_doc("Escalation Policy", agreement.escalation_policy)
	page = open_form(doc)
	page.evaluate("() => { cur_frm.doc.steps[0].amount = 50; cur_frm.dirty(); cur_frm.save(); }")
	dialog = page.locator(".modal.show.ops-change .modal-dialog")
	dialog.locator("table.ops-change-moves").wait_for()
	looks.still(page)
	page.shoot("policy")
	dialog.locator(".btn-modal-close").first.click()
	looks.left(page)
	frappe.db.rollback()
	assert frappe.db.get_value("Escalation Policy", doc.name, "revision") == 1
	assert page.evaluate("() => cur_frm.is_dirty()")


def test_a_change_behind_another_one_leaves_it_its_days(open_form):
	agreement = scenario.agreement()
	scenario.issue(agreement, utc_now())
	doc = frappe.get_doc("Escalation Policy", agreement.escalation_policy)
	doc.steps[0].amount = 40
	begins = frappe.utils.add_days(frappe.utils.nowdate(), 3)
	doc.update({"change_from": "From a date", "change_date": begins, "change_reason": "Earlier"})
	doc.save()
	page = open_form(doc, language="zh", width=390)
	page.evaluate("() => { cur_frm.doc.steps[0].amount = 50; cur_frm.dirty(); cur_frm.save(); }")
	dialog = page.locator(".modal.show.ops-change .modal-dialog")
	dialog.get_by_text("将被取代").wait_for()
	looks.still(page)
	page.shoot("given-up")
	dialog.locator("[data-fieldname=change_from] select").select_option("From a date")
	dialog.locator("[data-fieldname=change_date] input").wait_for()
	page.evaluate("() => cur_dialog.set_value('change_date', frappe.datetime.add_days(frappe.datetime.get_today(), 9))")
	dialog.get_by_text("在那之前照常生效").wait_for()
	page.shoot("kept-until-then")
	page.evaluate("() => cur_dialog.set_value('change_date', frappe.datetime.add_days(frappe.datetime.get_today(), 3))")
	dialog.get_by_text("将被取代").wait_for()
