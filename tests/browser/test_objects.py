"""Objects on the desk: all at a glance, one of them, the trend of a value, by mouse, keyboard and thumb (8.3.a.1, 8.3.b.3)."""

from datetime import timedelta

import frappe
import looks
import pytest
import routine_scene as scene
import scenario

from ops_delivery.services.routine import object_states, reading_days
from ops_delivery.services.shared.site_time import site_now

PASSWORD = "Wind-turbine-62"
PAGE = "/app/object-overview"


@pytest.fixture
def plant(site, records):
	"""Six objects of one customer: an abnormal one with a rising temperature, one at risk, one long not seen, others normal."""
	agreement = scenario.agreement()
	manual = scene.in_use()
	heat, lamp = manual.steps[0], manual.steps[1]
	now, rows, things = site_now(), [], {}
	titles = {"机柜 A01": "Abnormal", "机柜 A02": "At Risk", "空调 B01": "Not Seen", "电源 C01": "Normal", "交换机 D01": "Normal", "存储 E01": None}
	for title, state in titles.items():
		things[title] = scene.thing(agreement.customer, object_name=title, location="一号机房")

		def taken(days, value, thing=things[title]):
			verdict = "Abnormal" if value > 32 else "At Risk" if value > 27 else "Normal"
			common = {"service_object": thing, "customer": agreement.customer, "manual": manual.name, "read_on": now - timedelta(days=days)}
			number = {"step": heat.step, "step_key": heat.step_key, "value": f"{value:g}", "number": value, "is_number": 1, "unit": "℃"}
			rows.append({**common, **number, "verdict": verdict})
			if days == 0:
				rows.append({**common, "step": lamp.step, "step_key": lamp.step_key, "value": "Green", "verdict": "Normal"})

		if state == "Not Seen":
			taken(60, 21)
		elif state == "Abnormal":
			for day in range(60):
				taken(day, round(33 - day * 0.15 + (day * 7 % 5 - 2) / 4, 1))
		elif state:
			taken(0, 28 if state == "At Risk" else 22)
	for row in rows:
		frappe.get_doc({"doctype": scene.READING, "name": frappe.generate_hash(length=12), **row}).db_insert()
	object_states.note(rows)
	reading_days.note(rows)
	desk = records.make_user(roles=["Service Desk"], new_password=PASSWORD).name
	frappe.db.commit()
	yield frappe._dict(desk=desk, customer=agreement.customer, things=things, heat=heat.step_key, data=[agreement.customer, manual.title, heat.step, lamp.step, "Green"])
	frappe.db.delete(scene.READING, {"customer": agreement.customer})
	frappe.db.delete(object_states.STATE, {"customer": agreement.customer})
	frappe.db.commit()


def names(page) -> list[str]:
	return page.locator(".ops-object-rows tbody tr td:first-child a").all_inner_texts()


@pytest.mark.parametrize("width", looks.WIDTHS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_objects_are_seen_at_a_glance_filtered_and_followed_to_a_trend(open_page, plant, language, width):
	page = open_page(PAGE, user=plant.desk, language=language, width=width)
	page.locator(".ops-object-rows tr").first.wait_for()
	page.locator(".ops-customer input").fill(plant.customer)
	page.locator('.ops-customer [role="option"]:visible').get_by_text(plant.customer).first.click()
	page.wait_for_function("document.querySelector('.ops-object-counts b')?.innerText === '6'")
	looks.settled(page)
	assert names(page)[:3] == ["机柜 A01", "机柜 A02", "存储 E01"]
	assert page.locator(".ops-object-counts b").all_inner_texts() == ["6", "1", "1", "2", "2"]
	looks.fits(page)
	page.shoot(f"overview-{language}-{width}")
	if language == "zh":
		looks.speaks_chinese(page.locator(".ops-objects"), *plant.data, *plant.things.values())
	page.locator(".ops-object-counts button[data-state='Normal']").focus()
	page.keyboard.press("Enter")
	page.wait_for_function("document.querySelectorAll('.ops-object-rows tbody tr').length === 2")
	page.locator(".ops-object-counts button[data-state='']").click()
	page.locator(".ops-search").fill("A01")
	page.wait_for_function("document.querySelectorAll('.ops-object-rows tbody tr').length === 1")
	page.locator(".ops-object-rows tbody td:first-child a").focus()
	page.keyboard.press("Enter")
	page.locator(".ops-facts").wait_for()
	looks.settled(page)
	looks.fits(page)
	page.shoot(f"object-{language}-{width}")
	if language == "zh":
		looks.speaks_chinese(page.locator(".ops-objects"), *plant.data, *plant.things.values(), *plant.things)
	page.locator(".ops-stacked a").first.click()
	page.locator(".ops-trend-chart svg").wait_for()
	looks.settled(page)
	looks.fits(page)
	page.shoot(f"trend-{language}-{width}")
	if language == "zh":
		looks.speaks_chinese(page.locator(".ops-objects"), *plant.data, *plant.things.values(), *plant.things)
	if width == looks.WIDTHS[0]:
		looks.accessible(page, ".ops-objects")
	page.locator("[data-choice='bucket']").select_option("week")
	page.wait_for_function("document.querySelectorAll('.ops-trend-table:last-of-type thead th').length === 7")
	page.go_back()
	page.locator(".ops-facts").wait_for()
	page.go_back()
	page.locator(".ops-object-rows tr").first.wait_for()
