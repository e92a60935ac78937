"""A finding on the desk and on the phone: seen on its round and its object, taken in hand, closed (6.2.b.5, 8.3.a.3)."""

import frappe
import looks
import pytest
import routine_scene as scene
import scenario

PASSWORD = "Wind-turbine-62"


@pytest.fixture
def finding(records):
	today = frappe.utils.getdate()
	schedule = scene.schedule(scenario.agreement(), first_date=today, repeats="Daily", monday=0, thursday=0, lead_days=1)
	task = scene.tasks(schedule)[0].name
	scene.risk_on(task)
	frappe.db.commit()
	yield frappe.get_doc("Routine Finding", {"task": task})
	scene.delete_all()
	frappe.db.commit()


@pytest.mark.parametrize("width, language", [(1440, "en"), (390, "zh")])
def test_a_finding_is_taken_in_hand_and_closed(open_page, records, finding, width, language):
	engineer = records.make_user(roles=["Field Engineer"], new_password=PASSWORD).name
	frappe.db.commit()
	said = {
		"en": ("Take in hand", "Close the finding", "18 to 27 ℃", "At Risk"),
		"zh": ("开始处置", "关闭发现", "18 至 27 ℃", "有风险"),
	}[language]
	page = open_page(f"/app/routine-task/{finding.task}", user=engineer, width=width, language=language)
	listed = page.locator(".ops-finding")
	listed.first.wait_for()
	listed.get_by_text(said[3]).wait_for()
	looks.fits(page)
	page.shoot("round")
	listed.first.scroll_into_view_if_needed()
	page.shoot("round-list")
	page.evaluate("name => frappe.set_route('Form', 'Service Object', name)", finding.service_object)
	page.wait_for_function("name => cur_frm?.docname === name", arg=finding.service_object)
	page.locator(".ops-finding a:visible").first.wait_for()
	looks.settled(page)
	page.shoot("object")
	page.locator(".ops-finding a:visible").first.click()
	page.locator(".ops-finding-course").get_by_text("30 ℃").wait_for()
	page.get_by_text(said[2]).locator("visible=true").first.wait_for()
	looks.settled(page)
	looks.fits(page)
	page.shoot("finding")
	page.locator(".ops-finding-course").scroll_into_view_if_needed()
	page.shoot("course")
	press(page, said[0], width)
	page.wait_for_function("cur_frm.doc.status === 'In Hand' && !cur_frm.is_dirty()")
	press(page, said[1], width)
	dialog = page.locator(looks.ASKING)
	dialog.locator("textarea[data-fieldname='what_was_done']").fill("Filter changed")
	dialog.locator("textarea[data-fieldname='result']").fill("Cool again")
	page.shoot("closing")
	dialog.locator(".btn-modal-primary").click()
	page.wait_for_function("cur_frm.doc.status === 'Closed'")
	looks.settled(page)
	page.shoot("closed")
	frappe.db.commit()
	found = frappe.db.get_value("Routine Finding", finding.name, ["handled_by", "outcome", "what_was_done", "result"])
	assert found == (engineer, "Removed", "Filter changed", "Cool again")


def press(page, label, width):
	"""A button of the form, which a phone keeps in its menu."""
	if width < 700:
		page.locator(".menu-btn-group > button:visible, .menu-btn-group .btn:visible").first.click()
		page.locator(".menu-btn-group .dropdown-menu").get_by_text(label, exact=True).click()
	else:
		page.locator(".page-actions").get_by_role("button", name=label, exact=True).click()
