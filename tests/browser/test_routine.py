"""Routine operation on the desk: dates seen before they are saved, readings entered by the keyboard (6.2.a, 6.2.b)."""

import frappe
import looks
import pytest
import routine_scene as scene
import scenario

PASSWORD = "Wind-turbine-62"


@pytest.fixture
def schedule(records):
	today = frappe.utils.getdate()
	agreement = scenario.agreement()
	schedule = scene.schedule(agreement, first_date=today, repeats="Daily", monday=0, thursday=0, lead_days=1)
	frappe.db.commit()
	return schedule


def test_a_planner_sees_the_dates_change_with_what_is_chosen(open_page, records, schedule):
	planner = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page(f"/app/routine-schedule/{schedule.name}", user=planner, language="zh")
	page.get_by_role("tab", name="时间安排").click()
	preview = page.locator("[data-fieldname='preview'] tbody tr")
	preview.first.wait_for()
	assert preview.count() == 12
	page.evaluate("cur_frm.set_value('repeats', 'Last Working Day of a Month')")
	page.wait_for_function("cur_frm.doc.rule === 'FREQ=MONTHLY;BYMONTHDAY=-1'")
	page.shoot("dates")
	page.evaluate("cur_frm.set_value('repeats', 'By a Rule').then(() => cur_frm.set_value('rule', 'FREQ=SOMETIMES'))")
	problem = page.locator("[data-fieldname='preview'] .ops-problem")
	problem.get_by_text("SOMETIMES").wait_for()
	page.shoot("refused")


def test_an_engineer_enters_readings_by_the_keyboard_and_sees_each_judged(open_page, records, schedule):
	engineer = records.make_user(roles=["Field Engineer"], new_password=PASSWORD).name
	frappe.db.commit()
	task = scene.tasks(schedule)[0].name
	page = open_page(f"/app/routine-task/{task}", user=engineer, language="zh")
	boxes = page.locator(".ops-reading")
	boxes.first.wait_for()
	assert boxes.count() == 8
	boxes.first.focus()
	page.keyboard.type("３３ ℃")
	page.keyboard.press("Enter")
	first = page.locator(".ops-readings tr[data-place]").first
	first.get_by_text("异常").wait_for()
	assert page.evaluate("document.activeElement.dataset.step") == boxes.nth(1).get_attribute("data-step")
	boxes.nth(4).fill("70 °F")
	page.keyboard.press("Tab")
	page.locator(".ops-verdict .text-danger").wait_for()
	page.get_by_text("还须登记：5 项").wait_for()
	page.shoot("entered")
	frappe.db.commit()
	assert frappe.db.get_value(scene.READING, {"task": task}, "verdict") == "Abnormal"
	assert frappe.db.get_value(scene.TASK, task, ["status", "assigned_to"]) == ("In Progress", schedule.person)
	scene.delete_all()
	frappe.db.commit()


def test_readings_are_entered_by_the_thumb_on_a_phone(open_page, records, schedule):
	engineer = records.make_user(roles=["Field Engineer"], new_password=PASSWORD).name
	frappe.db.commit()
	task = scene.tasks(schedule)[0].name
	page = open_page(f"/app/routine-task/{task}", user=engineer, width=390, language="zh")
	boxes = page.locator(".ops-reading")
	boxes.first.wait_for()
	for box in (boxes.first, page.locator(".ops-note").first):
		size = box.bounding_box()
		assert size["width"] > 250 and size["height"] >= 44, size
	looks.fits(page)
	boxes.first.fill("12")
	boxes.nth(1).focus()
	first = page.locator(".ops-readings tr[data-place]").first
	first.get_by_text("有风险").wait_for()
	first.get_by_text("18 至 27 ℃").wait_for()
	looks.settled(page)
	page.shoot("phone")
	scene.delete_all()
	frappe.db.commit()
