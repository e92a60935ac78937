"""The form of a security class says what comes of its ticks; the access log is there to read, and for nobody to write (8.2.c.2)."""

import frappe
import looks
import pytest
import secrecy_scene as scene

from ops_delivery.permissions.access_notes import Line
from ops_delivery.services.deliverables import access_log

PASSWORD = "Wind-turbine-82"


@pytest.fixture
def world(records):
	values = {**scene.CLASSES["managers"], "class_name": "机密 Level 3", "description": "仅限指定人员 For the people it is addressed to"}
	w = frappe._dict(security_class=scene.a_class(**values, watermark=1))
	w.admin = records.make_user(roles=["System Manager", "Service Delivery Manager"], new_password=PASSWORD).name
	access_log.write([Line("DLV-2026-0007", w.security_class, act, w.admin, "月报 report.pdf") for act in ("Printed", "Downloaded", "Refused")])
	frappe.db.commit()
	yield w
	frappe.db.delete(access_log.LOG, {"security_class": w.security_class})
	frappe.delete_doc("Service Security Class", w.security_class, force=True, ignore_permissions=True)
	frappe.db.commit()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_form_says_what_comes_of_its_ticks_and_the_log_is_read(open_page, world, language):
	for width in (1440, 390):
		address = f"/app/service-security-class/{world.security_class}"
		page = open_page(address, user=world.admin, password=PASSWORD, width=width, language=language)
		table = page.locator(".ops-class-preview")
		table.wait_for()
		assert ("Download" if language == "en" else "下载") in table.inner_text()
		looks.fits(page)
		looks.settled(page)
		page.shoot(f"class-{width}")
		table.scroll_into_view_if_needed()
		page.shoot(f"preview-{width}")
		page = open_page("/app/deliverable-access-log", user=world.admin, password=PASSWORD, width=width, language=language)
		page.locator(".list-row").first.wait_for()
		assert not page.get_by_role("button", name="Add Deliverable Access Log").count()
		looks.settled(page)
		page.shoot(f"log-{width}")
