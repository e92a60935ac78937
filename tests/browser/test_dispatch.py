"""The dispatch board with the mouse and with the keyboard, an engineer's day on a phone, and a lost connection."""

import time
from datetime import timedelta

import frappe
import looks
import phones
import pytest
import visiting

from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits.types import SESSION, SHEET

PASSWORD = "Wind-turbine-62"
BOARD = "/app/dispatch-board"
SKILL = "Core switches"
# what a thumb taps on the form of a visit, and those that are too small for one
TAPS = (
	".ops-visit :is(button, label.btn, summary, input:not([type=file])), .page-actions .btn, .form-tabs .nav-link, "
	".form-layout :is(input:not([type=checkbox]), select).form-control"
)
# the form of a visit of today, and what its panel shows, are there before anybody opens it
FETCHED_AHEAD = """name => locals["Field Service Sheet"]?.[name] && !frappe.request.ajax_count
	&& localStorage.ops_delivery_visit_seen?.includes(name)"""
SMALL = """all => all.filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
	.map(one => one.outerHTML.slice(0, 160))"""


@pytest.fixture
def plan(site, records):
	"""Two engineers, a dispatcher, a visit of today and next week's from Monday on; `at(day, hour)` is a time of that
	week: whatever is planned for a time gone by is told so in a dialog, which lies over the board."""
	visiting.templates()
	today = site_now().replace(hour=0, minute=0, second=0)
	monday = today + timedelta(days=7 - today.weekday())

	def at(day, hour, minute=0):
		return f"{monday + timedelta(days=day, hours=hour, minutes=minute):%Y-%m-%d %H:%M}:00"

	if not frappe.db.exists("Service Skill", SKILL):
		records.make("Service Skill", skill_name=SKILL)
	people = {
		name: records.make_user(roles=[role], first_name=first, new_password=PASSWORD).name
		for name, role, first in (
			("ann", "Field Engineer", "安娜"),
			("bob", "Technical Expert", "鲍勃"),
			("desk", "Service Desk", "德克"),
		)
	}
	for name, skills in (("ann", [{"skill": SKILL, "level": "Expert"}]), ("bob", [])):
		records.make(
			"Dispatch Profile",
			user=people[name],
			calendar="5×8 (lunch break)",
			travel_minutes=40,
			skills=skills,
		)
	frappe.db.commit()
	p = frappe._dict(people, at=at, today=today.weekday() - 7)
	hospital, factory = records.make_customer(customer_name="东港医院").name, records.make_customer().name
	with visiting.user(p.desk):

		def visit(title, engineer, start, end, customer=hospital, doctype=SHEET, **values):
			return visiting.plan(
				doctype,
				customer,
				title=title,
				owner_user=engineer,
				planned_start=start,
				planned_end=end,
				**values,
			)

		p.first = visit("更换交换机", p.ann, at(0, 9), at(0, 11), needed_skills=[{"skill": SKILL}])
		p.close = visit("巡检", p.ann, at(0, 11, 15), at(0, 12), customer=factory)
		p.session = visit("远程", p.bob, at(1, 14), at(1, 15), doctype=SESSION)
		p.nobody = visit("待派", None, None, None)
		p.today_visit = visit(
			"今日到场",
			p.bob,
			at(p.today, 9),
			at(p.today, 10),
			contact_person="王丽",
			contact_phone="+86 411 5550 1201",
			site_address="东港市人民路 1 号",
		)
	frappe.db.commit()
	return p


def card(page, doc, user):
	return page.locator(f'.ops-card[data-key="{doc.doctype}/{doc.name}"][data-user="{user}"]')


def cell(page, user, date):
	return page.locator(f'td[data-user="{user}"][data-date="{date[:10]}"]')


def drag(page, element, target):
	element.scroll_into_view_if_needed()
	box = element.bounding_box()
	page.mouse.move(box["x"] + 20, box["y"] + 12)
	page.mouse.down()
	target.scroll_into_view_if_needed()
	goal = target.bounding_box()
	for share in (0.3, 0.7, 1):
		page.mouse.move(
			box["x"] + (goal["x"] + 30 - box["x"]) * share, box["y"] + (goal["y"] + 14 - box["y"]) * share
		)
	page.mouse.up()


def until(doc, check):
	for _attempt in range(40):
		frappe.db.rollback()
		if check(visiting.fresh(doc)):
			return visiting.fresh(doc)
		time.sleep(0.2)
	raise AssertionError("it did not come")


def forget_the_lost_connection(page):
	page.errors[:] = [error for error in page.errors if "Failed to fetch" not in error]


@pytest.mark.clause("5.3.a")
def test_a_dispatcher_plans_with_mouse_and_keyboard(open_page, plan):
	page = open_page(BOARD, user=plan.desk, password=PASSWORD)
	page.locator("[data-day]").first.wait_for()
	page.locator('[data-go="1"]').click()
	card(page, plan.first, plan.ann).wait_for()
	page.shoot("week")
	assert "Travel too short" in card(page, plan.close, plan.ann).inner_text()
	drag(page, card(page, plan.session, plan.bob), cell(page, plan.ann, plan.at(3, 0)))
	doc = until(plan.session, lambda doc: doc.owner_user == plan.ann)
	assert str(doc.planned_start) == plan.at(3, 14) and str(doc.planned_end) == plan.at(3, 15)
	card(page, plan.session, plan.ann).wait_for()
	_to_one_who_lacks_the_skill(page, plan)
	_by_keyboard(page, plan)
	_on_the_line_of_time(page, plan)


def _to_one_who_lacks_the_skill(page, plan):
	drag(page, card(page, plan.first, plan.ann), cell(page, plan.bob, plan.at(2, 0)))
	dialog = page.locator(looks.ASKING)
	dialog.get_by_text(f"Skill missing: {SKILL}").wait_for()
	looks.still(page)
	page.shoot("warned")
	assert visiting.fresh(plan.first).owner_user == plan.ann, "nothing is saved before it is agreed to"
	dialog.get_by_role("button", name="Plan it all the same").click()
	assert str(until(plan.first, lambda doc: doc.owner_user == plan.bob).planned_start) == plan.at(2, 9)
	card(page, plan.first, plan.bob).wait_for()


def _by_keyboard(page, plan):
	card(page, plan.nobody, "").focus()
	page.keyboard.press("m")
	dialog = page.locator(looks.ASKING)
	dialog.locator('select[data-fieldname="engineer"]').select_option(plan.bob)
	dialog.locator('input[data-fieldname="time"]').fill("16:45")
	looks.still(page)
	page.shoot("move")
	dialog.locator(".modal-footer .btn-primary").click()
	agree = page.get_by_role("button", name="Plan it all the same")
	for _attempt in range(100):
		if agree.is_visible():
			agree.click()
		page.wait_for_timeout(200)
		frappe.db.rollback()
		if visiting.fresh(plan.nobody).planned_start:
			break
	doc = visiting.fresh(plan.nobody)
	assert doc.owner_user == plan.bob and f"{doc.planned_start:%H:%M}" == "16:45"


def _on_the_line_of_time(page, plan):
	page.locator(looks.ASKING).wait_for(state="hidden")
	page.locator(f'[data-day="{plan.at(3, 0)[:10]}"]').click()
	mine = card(page, plan.session, plan.ann)
	page.locator(".ops-line-time").first.wait_for()
	mine.wait_for()
	looks.settled(page)
	page.shoot("day")
	box, line = mine.bounding_box(), page.locator(f'.ops-line-time[data-user="{plan.ann}"]').bounding_box()
	hour = line["width"] / 10  # 8 to 18
	page.mouse.move(box["x"] + 10, box["y"] + 10)
	page.mouse.down()
	for share in (0.5, 1):
		page.mouse.move(box["x"] + 10 + 1.25 * hour * share, box["y"] + 10)
	page.mouse.up()
	doc = until(plan.session, lambda doc: str(doc.planned_start) != plan.at(3, 14))
	assert str(doc.planned_start) == plan.at(3, 15, 15) and str(doc.planned_end) == plan.at(3, 16, 15)


def test_the_board_fits_a_phone_and_speaks_chinese(open_page, plan):
	page = open_page(BOARD, user=plan.desk, password=PASSWORD, width=390, height=844, language="zh")
	page.locator(".ops-daylist").wait_for()
	looks.fits(page)
	page.shoot("phone")
	page.locator(".ops-queue summary").click()
	card(page, plan.nobody, "").click()
	dialog = page.locator(looks.ASKING)
	dialog.wait_for()
	looks.still(page)
	looks.fits(page)
	page.shoot("card")
	names = (SKILL, frappe.db.get_value("Customer", plan.close.customer, "customer_name"))
	looks.speaks_chinese(page.locator(".ops-dispatch"), *names)
	looks.speaks_chinese(dialog, *names)


@pytest.mark.clause("7.2.a.1")
def test_my_day_is_there_without_a_connection(open_page, plan):
	page = open_page("/app/my-day", user=plan.bob, password=PASSWORD, width=390, height=844, language="zh")
	first = page.locator(f'[data-open][data-name="{plan.today_visit.name}"]')
	first.wait_for()
	looks.fits(page)
	page.shoot("online")
	sizes = page.locator(".ops-myday a.btn, .ops-myday button").evaluate_all(
		"all => all.map(one => one.getBoundingClientRect().height)"
	)
	assert sizes and min(sizes) >= 44
	assert page.locator('.ops-myday a[href="tel:+8641155501201"]').count() == 1
	page.wait_for_function(FETCHED_AHEAD, arg=plan.today_visit.name)
	page.context.set_offline(True)
	page.locator(".ops-myday .ops-visit-offline").wait_for()
	page.shoot("offline")
	looks.speaks_chinese(page.locator(".ops-myday"))
	first.click()
	page.wait_for_selector(".ops-visit [data-do]")
	looks.still(page)
	page.shoot("form-offline")
	page.context.set_offline(False)
	forget_the_lost_connection(page)


def test_what_was_typed_survives_a_lost_connection_and_a_reload(open_page, plan):
	page = phones.open_visit(open_page, plan.today_visit, plan.bob, PASSWORD)
	page.wait_for_selector(".ops-visit [data-do]")
	looks.settled(page)
	row = next(row for row in plan.today_visit.answers if row.stage == "Before")
	page.context.set_offline(True)
	page.locator(f'[data-row="{row.name}"] [data-answer="Not Applicable"]').click()
	page.locator(".ops-visit-offline").wait_for()
	remark = page.locator(f'[data-row="{row.name}"] [data-remark]')
	remark.fill("备件未到")  # typed, and the field not left
	page.locator('.ops-visit [data-do="confirm_details"]').hover()
	page.mouse.down()
	page.wait_for_timeout(1500)  # a slow finger: what is kept meanwhile comes up under it
	page.mouse.up()
	person = page.locator('.modal.show input[data-fieldname="person"]')
	person.fill("王丽科长")
	page.locator(".modal.show .btn-modal-primary").click()
	page.locator(".msgprint").wait_for()
	page.shoot("kept")
	page.context.set_offline(False)
	page.reload()
	page.wait_for_selector(".ops-visit [data-do]")
	looks.settled(page)
	answered = until(plan.today_visit, lambda doc: any(row.answer for row in doc.answers))
	assert next(r for r in answered.answers if r.name == row.name).answer == "Not Applicable", (
		"the tap was told later"
	)
	page.locator('.ops-visit [data-do="confirm_details"]').click()
	looks.settled(page)
	assert page.locator('.modal.show input[data-fieldname="person"]').input_value() == "王丽科长"
	page.locator(".modal.show .btn-modal-primary").click()
	until(plan.today_visit, lambda doc: doc.confirmed_with == "王丽科长")
	until(
		plan.today_visit, lambda doc: next(r for r in doc.answers if r.name == row.name).remark == "备件未到"
	)
	# a text whose field was not even left
	looks.settled(page)
	page.locator(f'[data-row="{row.name}"] [data-remark]').fill("备件改日送到")
	page.reload()
	page.locator('[data-drafts="take"]').click()
	until(
		plan.today_visit,
		lambda doc: next(r for r in doc.answers if r.name == row.name).remark == "备件改日送到",
	)
	_a_field_of_the_form_too(page, plan)
	forget_the_lost_connection(page)


def _a_field_of_the_form_too(page, plan):
	looks.settled(page)
	page.evaluate("cur_frm.scroll_to_field('site_rules')")
	page.locator('[data-fieldname="site_rules"] textarea').fill("机房内不得饮水")
	page.wait_for_function("localStorage.ops_delivery_visit_drafts?.includes('机房内不得饮水')")
	page.on("dialog", lambda dialog: dialog.accept())
	page.reload()
	page.locator('[data-drafts="take"]').click()
	page.wait_for_function("cur_frm.doc.site_rules === '机房内不得饮水'")
	page.evaluate("cur_frm.save()")
	until(plan.today_visit, lambda doc: doc.site_rules == "机房内不得饮水")
	page.locator("[data-drafts]").wait_for(state="detached")
	looks.settled(page)
	assert page.locator("[data-drafts]").count() == 0


@pytest.mark.clause("7.2.c.1")
def test_every_tap_on_the_form_is_large_enough(open_page, plan):
	page = phones.open_visit(open_page, plan.today_visit, plan.bob, PASSWORD)
	page.wait_for_selector(".ops-visit [data-do]")
	looks.settled(page)
	looks.fits(page)
	for tab in page.locator(".form-tabs .nav-link:visible").all():
		tab.click()
		looks.settled(page)
		looks.fits(page)
		page.shoot(f"tab-{tab.get_attribute('id')}")
		assert not page.locator(TAPS).evaluate_all(SMALL)


def test_a_move_that_is_refused_keeps_what_was_typed(open_page, plan):
	page = open_page(BOARD, user=plan.desk, password=PASSWORD)
	card(page, plan.nobody, "").focus()
	page.keyboard.press("m")
	dialog = page.locator(looks.ASKING).first
	minutes = dialog.locator('[data-fieldname="minutes"] input')
	minutes.fill("95")
	dialog.locator('[data-fieldname="date"] input').first.wait_for()
	frappe.db.set_value(plan.nobody.doctype, plan.nobody.name, "title", "Another one was quicker")  # modified since
	frappe.db.commit()
	dialog.locator(".btn-modal-primary").click()
	page.locator(".msgprint:visible").wait_for()
	looks.until_dialog_stands(page)
	page.shoot("refused")
	assert minutes.input_value() == "95"
	page.errors.clear()  # the refusal itself
	page.evaluate("frappe.msg_dialog.hide()")
	page.locator(".msgprint").wait_for(state="hidden")
	dialog.locator(".btn-modal-primary").click()  # the board behind knows by now
	until(plan.nobody, lambda doc: doc.planned_start)
