"""A plan's activities are dragged in Frappe's own views by somebody whose browser stands in another zone than the site."""

from datetime import datetime, time, timedelta

import frappe
import planning
import pytest
import visiting

from ops_delivery.services.visits.types import SHEET

PASSWORD = "Wind-turbine-62"
WEST, EAST = "America/Los_Angeles", "Pacific/Auckland"  # of Asia/Shanghai, the site's
ENTRY = ":is(.fc-day-grid-event, .fc-daygrid-event)"
DAY = ":is(.fc-day, .fc-daygrid-day)"
# the chart is drawn several times when it is opened: its bars have stayed the same for a second
DRAWN = """() => {
	const bar = window.cur_list?.gantt?.bars[0]?.$bar;
	if (window.bar_seen !== bar) Object.assign(window, { bar_seen: bar, seen_at: performance.now() });
	return bar && cur_list.gantt.options.view_mode === "Week" && performance.now() - seen_at > 1000;
}"""
# two days of one week
NEXT_TUESDAY = planning.today() + timedelta(days=8 - planning.today().weekday())
SHOWN = (NEXT_TUESDAY, NEXT_TUESDAY + timedelta(days=1))


@pytest.fixture
def activity(records):
	plan = planning.plan()
	name = planning.activities(plan, "Patrol")[0]
	activity = planning.activity(name, planned_start=str(SHOWN[0]), planned_end=str(SHOWN[0] + timedelta(days=2)))
	frappe.db.commit()
	return activity


def show_days(page) -> None:
	"""Turn the calendar over where today's month does not reach so far."""
	page.locator(DAY).first.wait_for()
	last = page.locator(f"{DAY}[data-date='{SHOWN[1] + timedelta(days=1)}']")
	if not last.count():
		page.locator(".fc-next-button").click()
		last.first.wait_for()


def days_of(activity) -> tuple[int, int]:
	"""The days planned, counted from next Tuesday, when it begins."""
	frappe.db.commit()
	row = frappe.db.get_value("Delivery Activity", activity.name, ["planned_start", "planned_end"], as_dict=True)
	return (row.planned_start - SHOWN[0]).days, (row.planned_end - SHOWN[0]).days


def drag(page, element, right: float) -> None:
	"""With the mouse, as a person does; returns when the server has answered."""
	element.hover()  # waits until it stands still
	box = element.bounding_box()
	x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
	with page.expect_response(lambda answer: answer.url.endswith(("client.set_value", "calendar.update_event"))):
		page.mouse.move(x, y)
		page.mouse.down()
		page.mouse.move(x + right / 2, y, steps=5)
		page.mouse.move(x + right, y, steps=5)
		page.mouse.up()


@pytest.mark.parametrize("zone", [WEST, EAST])
def test_a_bar_of_the_gantt_chart_moves_by_the_days_it_was_dragged(open_page, records, activity, zone):
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page(f"/app/delivery-activity/view/gantt?plan={activity.plan}", user=manager, zone=zone)
	page.wait_for_function("window.cur_list?.gantt?.options.view_mode === 'Week'")  # ours, where nobody chose another
	bar = page.locator(f".gantt .bar-wrapper[data-id='{activity.name}'] .bar")
	step = page.evaluate("cur_list.gantt.options.column_width") / 7
	for days, expected in ((2, (2, 4)), (-1, (1, 3))):
		page.wait_for_function(DRAWN)
		drag(page, bar, days * step)
		assert days_of(activity) == expected
	page.shoot("dragged")


@pytest.mark.parametrize("zone", [WEST, EAST])
def test_an_entry_of_the_calendar_moves_by_the_days_it_was_dragged(open_page, activity, zone):
	page = open_page(f"/app/delivery-activity/view/calendar/default?plan={activity.plan}", user="Administrator", zone=zone)
	show_days(page)
	entry = page.locator(ENTRY).first
	entry.wait_for()
	width = page.locator(DAY).first.bounding_box()["width"]
	assert round(entry.bounding_box()["width"] / width) == 3, "three days are shown as three"
	page.shoot("shown")
	drag(page, entry, width)
	page.shoot("dragged")
	assert days_of(activity) == (1, 3)


@pytest.mark.parametrize("zone", [WEST, EAST])
def test_a_visit_dragged_to_another_day_keeps_its_hours(open_page, records, zone):
	visiting.templates()
	start = datetime.combine(SHOWN[0], time(9))
	visit = visiting.plan(
		SHEET, records.make_customer().name, planned_start=start, planned_end=start + timedelta(hours=2)
	)
	frappe.db.commit()
	page = open_page(f"/app/field-service-sheet/view/calendar/default?name={visit.name}", user="Administrator", zone=zone)
	show_days(page)
	entry = page.locator(ENTRY).first
	entry.wait_for()
	page.shoot("shown")
	assert "09:00" in entry.inner_text() or "9:00" in entry.inner_text()
	drag(page, entry, page.locator(DAY).first.bounding_box()["width"])
	frappe.db.commit()
	moved = frappe.db.get_value(SHEET, visit.name, ["planned_start", "planned_end"])
	assert moved == (start + timedelta(days=1), start + timedelta(days=1, hours=2))


@pytest.mark.parametrize("zone", [WEST, EAST])
def test_days_chosen_in_the_calendar_are_those_of_the_new_activity(open_page, records, zone):
	page = open_page("/app/delivery-activity/view/calendar/default", user="Administrator", height=1300, zone=zone)
	show_days(page)
	first, last = (page.locator(f"[data-date='{day}']:is(.fc-day, .fc-daygrid-day)") for day in SHOWN)
	first.wait_for()
	one, other = first.bounding_box(), last.bounding_box()
	page.mouse.move(one["x"] + 20, one["y"] + one["height"] - 8)
	page.mouse.down()
	page.mouse.move(other["x"] + 10, other["y"] + other["height"] - 8, steps=5)
	page.mouse.move(other["x"] + 20, other["y"] + other["height"] - 8, steps=5)
	page.mouse.up()
	page.wait_for_function("window.cur_frm?.doctype === 'Delivery Activity' && cur_frm.is_new()")
	chosen = page.evaluate("[cur_frm.doc.planned_start, cur_frm.doc.planned_end].map(day => day.slice(0, 10))")
	assert chosen == [str(day) for day in SHOWN]


READ_ONLY = """name => Object.fromEntries(["subject", "planned_start", "predecessors", "budget_cost"].map(
	(field) => [field, cur_frm.doc.name === name && cur_frm.get_field(field).disp_status !== "Write"]))"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_form_of_an_activity_is_fixed_with_its_plan_alone(open_page, records, activity, language):
	_plan, names = planning.approved()
	frappe.db.commit()
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	page = open_page(f"/app/delivery-activity/{names[0]}", user=manager, language=language)
	for name, fixed in ((names[0], True), (activity.name, False), (names[1], True)):  # one form shows one after the other
		page.evaluate("name => frappe.set_route('Form', 'Delivery Activity', name)", name)
		page.wait_for_function("name => window.cur_frm?.doc?.name === name && !frappe.request.ajax_count", arg=name)
		page.locator(".form-layout:visible").first.wait_for()
		assert set(page.evaluate(READ_ONLY, name).values()) == {fixed}, name
		page.shoot(f"fixed-{fixed}")
