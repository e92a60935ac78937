"""What waits for a person: a mail that nobody could read, on the desk, and what an update has for an edited workspace."""

import frappe
import looks
import pytest

from ops_delivery.permissions import steps
from ops_delivery.services.shared import install_state as memory
from ops_delivery.setup import layouts

PASSWORD = "Wind-turbine-62"
BOTH = pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh", 390)])
MAIL = "Mail That Needs a Person"


@pytest.fixture
def kept(site, records):
	"""A mail without a sender, as the reading of a service mailbox keeps it."""
	mail = steps.take(frappe.new_doc(MAIL))
	mail.update({"subject": "打印机卡纸", "reason": "No Sender", "excerpt": "三楼打印机卡纸", "received_on": "2026-03-02 09:00:00"})
	mail.insert(ignore_permissions=True)
	frappe.db.commit()
	return mail


@pytest.mark.clause("5.3.c")
@BOTH
def test_the_desk_makes_a_request_of_a_mail_that_waits(open_page, records, kept, language, width):
	desk = records.make_user(new_password=PASSWORD, roles=["Service Desk", "Support Team"]).name
	frappe.db.commit()
	page = open_page(f"/app/mail-that-needs-a-person/{kept.name}", user=desk, password=PASSWORD, width=width, language=language)
	page.wait_for_function("window.cur_frm?.doc?.subject")
	page.locator('[data-fieldname="excerpt"]').first.wait_for()
	looks.fits(page)
	if language == "zh":
		looks.speaks_chinese(page.locator(".layout-main-section:visible"), kept.name, "MAIL", "eml")
	page.shoot("waits")
	if width < 500:
		return  # a phone has the steps in its menu
	page.locator(".custom-actions:visible").get_by_role("button", name="Make a Request").click()
	page.wait_for_function("window.cur_frm?.doctype === 'Issue'")
	frappe.db.rollback()
	state, made = frappe.db.get_value(MAIL, kept.name, ["state", "reference_name"])
	assert state != "Open"
	assert frappe.db.get_value("Issue", made or page.evaluate("cur_frm.doc.name"), "subject") == "打印机卡纸"


@pytest.fixture
def offered(site):
	"""As after an update of a site whose workspace was edited: it has a part that the workspace has not."""
	before = memory.recall(layouts.KEY)
	page = frappe.get_doc("Workspace", layouts.NAME)
	row = page.shortcuts[-1]
	known = {**(before or {})}
	known["Workspace"] = {"modified": None, "parts": [], "offered": [["shortcuts", row.label]]}
	content = page.content
	frappe.db.delete("Workspace Shortcut", {"name": row.name})
	memory.remember(layouts.KEY, known)
	frappe.db.commit()
	frappe.clear_cache()
	yield row.label
	frappe.db.rollback()
	frappe.db.delete("Workspace Shortcut", {"parent": layouts.NAME, "label": row.label})
	row.db_insert()
	frappe.db.set_value("Workspace", layouts.NAME, {"content": content, "modified": page.modified}, update_modified=False)
	memory.remember(layouts.KEY, before)
	frappe.db.commit()
	frappe.clear_cache()


@BOTH
def test_what_an_update_has_is_offered_in_the_settings_and_added(open_page, records, offered, language, width):
	user = records.make_user(new_password=PASSWORD, roles=["System Manager", "Workspace Manager"]).name
	frappe.db.commit()
	page = open_page("/app/ops-delivery-settings", user=user, password=PASSWORD, width=width, language=language)
	add = page.locator('[data-offered="add_offered_parts"]')
	add.scroll_into_view_if_needed()
	looks.fits(page)
	if language == "zh":
		looks.speaks_chinese(page.locator("[data-fieldname=health] [role=status]"), "common_site_config.json", "scheduler_tick_interval")
	page.shoot("offered")
	add.click()
	add.wait_for(state="detached")
	frappe.db.rollback()
	labels = frappe.get_all("Workspace Shortcut", filters={"parent": layouts.NAME}, pluck="label")
	assert labels.count(offered) == 1
