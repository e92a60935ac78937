"""What an administrator has customers asked for, on the portal's new request, at both widths and in both languages."""

import customers
import factories
import frappe
import isolation
import looks
import pytest

PASSWORD = "Wind-turbine-62"
FIELDS = (
	{"fieldname": "custom_rack", "label": "Rack", "fieldtype": "Data"},
	{"fieldname": "custom_floor", "label": "Floor", "fieldtype": "Select", "options": "\n底层\n一层"},
	{"fieldname": "custom_seen_on", "label": "Seen on", "fieldtype": "Date"},
	{"fieldname": "custom_load", "label": "Load", "fieldtype": "Float"},
	{"fieldname": "custom_told", "label": "All were told", "fieldtype": "Check"},
	{"fieldname": "custom_tried", "label": "What was tried", "fieldtype": "Small Text"},
)
ASKED = ("机柜号", "楼层", "何时发现", "负载", "已告知所有人", "试过什么")


@pytest.fixture
def asker(site):
	for values in FIELDS:
		factories.make(
			"Custom Field",
			dt="Issue",
			insert_after="subject",
			reqd=int(values["fieldname"] == "custom_rack"),
			**values,
		)
	settings = frappe.get_doc("Ops Delivery Settings")
	for values, words in zip(FIELDS, ASKED, strict=True):
		required = int(values["fieldname"] in ("custom_rack", "custom_told"))
		settings.append(
			"customer_fields", {"issue_field": values["fieldname"], "label_zh": words, "required": required}
		)
	settings.save()
	frappe.db.commit()
	yield customers.portal_user(factories.make_customer().name, new_password=PASSWORD)
	frappe.db.rollback()
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.customer_fields = []
	settings.save()
	frappe.db.commit()
	frappe.clear_cache(doctype="Issue")


@pytest.mark.clause("5.3.c")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_customer_answers_what_the_administrator_asks(open_page, asker, language):
	frappe.db.commit()
	page = open_page("/service-requests/new", user=asker, password=PASSWORD, language=language)
	rack = page.locator("[name=own_custom_rack]")
	rack.wait_for()
	assert page.get_by_text("机柜号" if language == "zh" else "Rack").first.is_visible()
	looks.page_is_right(page, language, "底层", "一层")
	for width in looks.WIDTHS:
		page.set_viewport_size({"width": width, "height": 900})
		page.locator("[name=own_custom_tried]").scroll_into_view_if_needed()
		page.shoot(f"asked-{width}")
	page.fill("#ops-subject", "断网")
	page.fill("#ops-description", "从中午开始")
	page.select_option("[name=own_custom_floor]", "一层")
	page.fill("[name=own_custom_seen_on]", "2026-03-01")
	page.fill("[name=own_custom_load]", "high")
	page.fill("[name=own_custom_tried]", "重启过")
	send = page.locator("button[type=submit]:not([name])").first
	send.click()
	assert rack.evaluate("element => element.validity.valueMissing")  # the browser asks for it first
	rack.fill("R-12")
	page.check("[name=own_custom_told]")
	send.click()
	page.locator("[role=alert]").wait_for()
	page.errors.clear()  # the refusal itself
	said = page.locator("[role=alert]").inner_text()
	assert "high" in said and ("负载" if language == "zh" else "Load") in said
	assert page.input_value("[name=own_custom_rack]") == "R-12" and page.is_checked("[name=own_custom_told]")
	assert (
		page.input_value("[name=own_custom_floor]") == "一层"
		and page.input_value("[name=own_custom_seen_on]") == "2026-03-01"
	)
	page.shoot("refused-390")
	page.fill("[name=own_custom_load]", "1,5")
	page.locator("button[type=submit]:not([name])").first.click()
	page.locator(".ops-said").wait_for()
	assert "R-12" in page.locator(".ops-said").inner_text()
	looks.page_is_right(page, language, "R-12", asker, "ISS")
	page.shoot("kept-390")
	frappe.db.rollback()
	name = page.url.split("/")[-1].split("?")[0]
	stored = frappe.db.get_value("Issue", name, [field["fieldname"] for field in FIELDS], as_dict=True)
	assert (stored.custom_rack, stored.custom_floor, stored.custom_load, stored.custom_told) == (
		"R-12",
		"一层",
		1.5,
		1,
	)


def test_the_settings_offer_the_fields_that_can_be_asked(open_page, asker, records):
	manager = records.make_user(roles=["System Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page("/app/ops-delivery-settings", user=manager, language="en")
	page.wait_for_function("() => window.cur_frm?.doc?.doctype === 'Ops Delivery Settings'")
	page.wait_for_function(
		"""() => {
			const { docfields } = cur_frm.fields_dict.customer_fields.grid;
			const { options } = docfields?.find((df) => df.fieldname === "issue_field") || {};
			return Array.isArray(options) && options.some((one) => one.value === "custom_rack");
		}"""
	)
	table = page.locator("[data-fieldname=customer_fields]").first
	table.scroll_into_view_if_needed()
	assert "custom_rack" in table.inner_text()
	table.locator("[data-fieldname=issue_field] .static-area, [data-fieldname=issue_field]").nth(1).click()
	page.wait_for_function(
		"""() => [...document.querySelectorAll("[data-fieldname=customer_fields] input")].some((one) => one.value === "Rack")"""
	)
	page.shoot("settings")
