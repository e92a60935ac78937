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
	manual = scene.in_use(allow_all_normal=1).name
	schedule = scene.schedule(agreement, manual=manual, first_date=today, repeats="Daily", monday=0, thursday=0, lead_days=1)
	frappe.db.commit()
	return schedule


def test_a_planner_sees_the_dates_change_with_what_is_chosen(open_page, records, schedule):
	planner = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page(f"/app/routine-schedule/{schedule.name}", user=planner, language="zh")
	page.get_by_role("tab", name="时间安排").click()
	preview = page.locator("[data-fieldname='preview'] tbody tr")
	preview.first.wait_for()
	page.locator(".ops-year table").nth(11).wait_for()
	assert page.locator("[data-fieldname='preview'] > table tbody tr, [data-fieldname='preview'] .table tbody tr").count() == 12
	assert page.locator(".ops-year td.ops-on").count() >= 364
	page.evaluate("cur_frm.set_value('repeats', 'Last Working Day of a Month')")
	page.wait_for_function("cur_frm.doc.rule === 'FREQ=MONTHLY;BYMONTHDAY=-1'")
	page.wait_for_function("document.querySelectorAll('.ops-year td.ops-on').length <= 13")
	page.evaluate("document.querySelector('.ops-year').scrollIntoView({block: 'center'})")
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
	page.locator(".ops-all-normal").last.click()
	page.get_by_text("还须登记：3 项").wait_for()
	looks.settled(page)
	assert boxes.nth(4).input_value() == "70 °F", "what was refused is kept as it was typed"
	page.locator(".ops-verdict .text-danger").wait_for()
	page.goto(f"/app/routine-reading/view/list?task={task}")
	page.locator(".list-row .indicator-pill", has_text="异常").wait_for()
	frappe.db.commit()
	assert frappe.db.get_value(scene.READING, {"task": task, "is_number": 1}, "verdict") == "Abnormal"
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


@pytest.fixture
def asked(records):
	"""A round of today that asks for something of its people and of the customer's."""
	agreement = scenario.agreement()
	skill = frappe.db.exists("Service Skill", "UPS maintenance") or records.make("Service Skill", skill_name="UPS maintenance").name
	manual = scene.in_use(
		requirements=[
			{"area": "Tools", "requirement": "只使用校验有效期内的测温仪"},
			{"area": "Operation", "requirement": "机柜由两人共同开启", "second_person": 1},
		],
		needed_skills=[{"skill": skill, "level": "Skilled"}],
	)
	schedule = scene.schedule(
		agreement,
		title="UPS 月度巡检",
		manual=manual.name,
		first_date=frappe.utils.getdate(),
		repeats="Daily",
		monday=0,
		thursday=0,
		lead_days=3,
		assistance=[
			{"what": "Access Window", "details": "9:00–11:00 开放配电室", "days_before": 0},
			{"what": "Helper", "details": "请安排一名可操作 UPS 的人员", "days_before": 0},
		],
	)
	frappe.db.commit()
	return schedule


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 390)])
def test_the_board_and_the_task_show_what_stands_before_the_beginning(open_page, records, asked, language, width):
	planner = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	engineer = asked.person
	frappe.get_doc("User", engineer).update({"new_password": PASSWORD}).save()
	frappe.db.commit()
	page = open_page("/app/dispatch-board", user=planner, language=language, width=width)
	card = page.locator(f".ops-round[data-user='{engineer}']").first
	card.wait_for()
	page.evaluate("document.querySelector('.ops-round').scrollIntoView({block: 'center'})")
	assert "UPS maintenance" in card.inner_text()
	page.shoot(f"board-{language}")
	card.click()
	page.locator(".ops-dispatch-dialog.show").wait_for()
	page.shoot(f"give-{language}")
	page.keyboard.press("Escape")
	task = scene.tasks(asked)[0].name
	page = open_page(f"/app/routine-task/{task}", user=engineer, language=language, width=width)
	page.locator(".form-message").get_by_text("机柜由两人共同开启").wait_for()
	looks.fits(page)
	page.shoot(f"before-{language}")
	page = open_page("/app/my-day", user=engineer, language=language, width=width)
	page.locator(".ops-myday-card").get_by_text("UPS 月度巡检").first.wait_for()
	looks.fits(page)
	page.shoot(f"day-{language}")
	scene.delete_all()
	frappe.db.commit()


def test_what_is_not_met_is_said_permitted_and_the_work_begins(open_page, records, asked):
	manager, second = (
		records.make_user(roles=[role], new_password=PASSWORD).name for role in ("Service Delivery Manager", "Field Engineer")
	)
	engineer = asked.person
	frappe.get_doc("User", engineer).update({"new_password": PASSWORD}).save()
	task = scene.tasks(asked)[0].name
	frappe.db.commit()
	page = open_page(f"/app/routine-task/{task}", user=engineer, language="zh")
	page.locator(".form-message").get_by_text("机柜由两人共同开启").wait_for()
	page.get_by_role("button", name="开始").click()
	dialog = page.locator(".modal.show")
	dialog.locator("select").first.select_option("Not Met")
	dialog.locator("textarea").first.fill("测温仪送检中")
	looks.settled(page)
	page.shoot("confirm")
	dialog.get_by_role("button", name="仅确认").click()
	page.locator(".form-message").get_by_text("测温仪送检中").wait_for()
	other = open_page(f"/app/routine-task/{task}", user=second, language="zh")
	other.locator(".form-message").get_by_text("机柜由两人共同开启").wait_for()
	other.get_by_role("button", name="开始").click()
	other.locator(".modal.show select").nth(1).select_option("Met")
	other.locator(".modal.show").get_by_role("button", name="仅确认").click()
	other.locator(".form-message").get_by_text("机柜由两人共同开启").wait_for(state="detached")
	boss = open_page(f"/app/routine-task/{task}", user=manager, language="zh")
	for _each in range(2):
		boss.locator(".form-message li").first.wait_for()
		boss.get_by_role("button", name="特批").first.click()
		boss.locator(".inner-group-button .dropdown-menu.show a, .dropdown-menu.show .dropdown-item").first.click()
		boss.locator(".modal.show textarea").fill("使用需方的测温仪")
		boss.locator(".modal.show").get_by_role("button", name="特批", exact=True).click()
		boss.locator(".modal.show").wait_for(state="detached")
		looks.settled(boss)
	boss.shoot("permitted")
	page = open_page(f"/app/routine-task/{task}", user=engineer, language="zh")
	page.locator(".ops-reading").first.wait_for()
	page.get_by_role("button", name="开始").click()
	page.locator(".page-head .indicator-pill", has_text="进行中").wait_for()
	page.shoot("begun")
	frappe.db.commit()
	assert frappe.db.get_value(scene.TASK, task, "status") == "In Progress"
	scene.delete_all()
	frappe.db.commit()


@pytest.mark.parametrize(("language", "width"), [("zh", 390), ("en", 1440)])
def test_the_customer_confirms_what_they_provide(open_page, records, asked, language, width):
	person = records.make_user(user_type="Website User", roles=["Customer"], new_password=PASSWORD).name
	records.make_contact(asked.customer, email=person, user=person, ops_sees_all_requests=1)
	frappe.db.commit()
	task = scene.tasks(asked)[0].name
	page = open_page("/service", user=person, language=language, width=width)
	page.get_by_text("UPS 月度巡检").first.click()
	page.locator(".ops-ask").first.wait_for()
	page.shoot(f"asked-{language}")
	looks.fits(page)
	page.goto(page.url.split("/rounds")[0] + f"/rounds/{task}")
	page.locator(".ops-ask").first.locator("textarea").fill("李工 138 0000 0000")
	page.locator(".ops-ask").first.get_by_role("button", name="可以配合" if language == "zh" else "We provide it").click()
	page.get_by_text("李工 138 0000 0000").first.wait_for()
	page.shoot(f"answered-{language}")
	frappe.db.commit()
	assert sorted(row.state for row in frappe.get_doc(scene.TASK, task).assistance) == ["Asked", "Confirmed"]
	scene.delete_all()
	frappe.db.commit()


@pytest.mark.clause("6.2.b.4")
def test_readings_are_kept_without_a_connection_and_told_later(open_page, records, schedule):
	engineer = schedule.person
	frappe.get_doc("User", engineer).update({"new_password": PASSWORD}).save()
	frappe.db.commit()
	task = scene.tasks(schedule)[0].name
	page = open_page("/app/my-day", user=engineer, width=390, height=844, language="zh")
	page.locator(f'[data-open][data-name="{task}"]').wait_for()
	page.wait_for_function(
		"name => frappe.get_doc('Routine Task', name) && (localStorage.getItem('ops_delivery_routine_sheets') || '').includes(name)",
		arg=task,
	)
	page.context.set_offline(True)
	page.locator(f'[data-open][data-name="{task}"]').click()
	boxes = page.locator(".ops-reading")
	boxes.first.wait_for()
	boxes.first.fill("28.5")
	boxes.nth(1).focus()
	page.locator(".ops-kept").get_by_text("暂存在本设备").wait_for()
	page.locator(".ops-reading").nth(4).fill("70 °F")
	page.locator(".ops-reading").nth(5).focus()
	page.wait_for_function("document.querySelectorAll('.ops-kept').length === 2")
	page.shoot("kept")
	frappe.db.commit()
	assert not frappe.db.count(scene.READING, {"task": task})
	page.context.set_offline(False)
	page.locator(".msgprint").get_by_text("°F").wait_for()
	page.shoot("told")
	page.get_by_text("还须登记：5 项").wait_for()
	frappe.db.commit()
	(row,) = frappe.get_all(scene.READING, {"task": task}, ["value", "verdict", "read_by"])
	assert (row.value, row.verdict, row.read_by) == ("28.5", "At Risk", engineer)
	assert page.evaluate("localStorage.getItem('ops_delivery_routine_readings')") in (None, "{}")
	page.errors[:] = [error for error in page.errors if "Failed to fetch" not in error]
	scene.delete_all()
	frappe.db.commit()
