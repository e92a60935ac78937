"""People stand on our screens by their names, not by their e-mail addresses (6.2.a)."""

import frappe
import looks
import routine_scene as scene
import scenario

PASSWORD = "Wind-turbine-62"


def test_lists_forms_and_tables_name_people_and_keep_whom_they_mean(open_page, records):
	engineer = records.make_user(first_name="Chen", last_name="Jing", roles=["Field Engineer"], new_password=PASSWORD).name
	other = records.make_user(first_name="Wang", last_name="Fang", roles=["Field Engineer"]).name
	planner = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	today = frappe.utils.getdate()
	schedule = scene.schedule(
		scenario.agreement(), first_date=today, repeats="Daily", monday=0, thursday=0, lead_days=1,
		assign_to="Rotation", people=[{"user": engineer}, {"user": other}],
	)  # fmt: skip
	frappe.db.commit()
	task = scene.tasks(schedule)[0].name
	page = open_page(f"/app/routine-task/view/list?schedule={schedule.name}", user=planner)
	page.locator(".list-row [data-filter^=assigned_to]", has_text="Chen Jing").first.wait_for()
	page.shoot("list")
	page.goto(f"/app/routine-schedule/{schedule.name}")
	page.locator("[data-fieldname='objects'] .grid-row").first.wait_for()
	page.get_by_role("tab", name="People").click() if page.get_by_role("tab", name="People").count() else None
	looks.settled(page)
	assert engineer not in page.locator(".form-page, .form-layout").first.inner_text()
	page.shoot("schedule")
	page.goto(f"/app/routine-task/{task}")
	page.wait_for_function("cur_frm && cur_frm.doc.doctype === 'Routine Task' && cur_frm.fields_dict.assigned_to.$input?.val()")
	assert page.evaluate("cur_frm.fields_dict.assigned_to.$input.val()") == "Chen Jing"
	page.evaluate("cur_frm.set_value('note', 'Seen')")
	page.evaluate("cur_frm.save()")
	looks.settled(page)
	frappe.db.commit()
	assert frappe.db.get_value(scene.TASK, task, ["assigned_to", "note"]) == (engineer, "Seen"), "the user is kept, not the name"
	page.shoot("task")
	scene.delete_all()
	frappe.db.commit()


def test_on_a_phone_what_is_done_next_is_a_large_button(open_page, records):
	engineer = records.make_user(roles=["Field Engineer"], new_password=PASSWORD).name
	schedule = scene.schedule(scenario.agreement(), first_date=frappe.utils.getdate(), repeats="Daily", monday=0, thursday=0, lead_days=1, person=engineer)
	frappe.db.commit()
	task = scene.tasks(schedule)[0].name
	page = open_page(f"/app/routine-task/{task}", user=engineer, width=390, height=844, language="zh")
	begin = page.locator(".ops-round-steps").first.get_by_role("button", name="开始")
	begin.wait_for()
	size = begin.bounding_box()
	assert size["height"] >= 44 and size["width"] > 100 and size["y"] < 400, size
	page.shoot("phone-begin")
	begin.click()
	page.wait_for_function("cur_frm.doc.status === 'In Progress'")
	finish = page.locator(".ops-round-steps").first.get_by_role("button", name="完成")
	finish.wait_for()
	assert page.locator(".ops-round-steps").first.get_by_role("button").count() == 1
	looks.fits(page)
	page.shoot("phone-finish")
	finish.click()
	page.get_by_text("Is the door shut?").last.wait_for()
	scene.delete_all()
	frappe.db.commit()
