"""Agreed amounts as people meet them: the table of a draft, the figures of an agreement and a plan, the customer's page."""

import amounts_scene as scene
import customers
import frappe
import looks
import planning
import pytest
import scenario

PASSWORD = "Wind-turbine-54"


@pytest.fixture
def agreement(records):
	today = frappe.utils.getdate()
	made = scene.agreement(
		scene.amount("到场服务 Visits", quantity=2, per="Whole Term", warn_at=50, carry_periods=0),
		scene.amount("值守 Hours", counts="Hours", quantity=40, per="Quarter", carry_periods=1, carry_most=10, beyond="Ask First"),
		scene.amount("热线 On call", counts="Remote Sessions", unlimited=1, quantity=0, per="Month"),
		start_date=frappe.utils.add_days(today, -100),
		end_date=frappe.utils.add_days(today, 265),
	)
	world = scene.visited(made, str(today), hours=3.5)
	scene.leave(world, str(today))
	frappe.db.commit()
	yield made
	frappe.db.delete(scene.ENTRY, {"agreement_number": made.agreement_number})
	frappe.db.delete("Service Notice", {"reference_name": made.name})
	frappe.db.commit()


@pytest.mark.parametrize(("language", "used", "left"), [("en", "Used", "Left"), ("zh", "已用", "剩余")])
def test_a_manager_sees_what_was_used_on_agreement_and_plan(open_page, records, agreement, language, used, left):
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	plan = planning.plan(agreement=agreement.name, customer=agreement.customer)
	frappe.db.commit()
	for width in (1440, 390):
		page = open_page(f"/app/service-agreement/{agreement.name}#tab_scope", user=manager, password=PASSWORD, width=width, language=language)
		page.get_by_role("tab", name="Scope" if language == "en" else "范围").click()
		cards = page.locator(".ops-amount")
		cards.first.wait_for()
		assert cards.count() == 3
		first = cards.first.inner_text()
		assert used in first and left in first, first
		looks.fits(page)
		cards.first.scroll_into_view_if_needed()
		looks.settled(page)
		page.shoot(f"agreement-{width}")
		page = open_page(f"/app/delivery-plan/{plan.name}", user=manager, password=PASSWORD, width=width, language=language)
		page.locator(".ops-amount").first.wait_for()
		page.locator(".ops-amount").first.scroll_into_view_if_needed()
		looks.settled(page)
		page.shoot(f"plan-{width}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_manager_enters_an_amount_in_the_table(open_page, records, language):
	draft = scenario.agreement(submit=False)
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page(f"/app/service-agreement/{draft.name}", user=manager, password=PASSWORD, language=language)
	page.get_by_role("tab", name="Scope" if language == "en" else "范围").click()
	grid = page.locator("[data-fieldname='amounts']")
	grid.locator(".grid-add-row").click()
	grid.locator(".grid-row .btn-open-row").last.click()
	form = page.locator(".form-in-grid")
	form.locator("input[data-fieldname='title']").fill("Inspections")
	page.keyboard.press("Tab")
	form.locator("select[data-fieldname='counts']").select_option("Routine Tasks")
	form.locator("input[data-fieldname='routine_kind']").wait_for()
	form.locator("input[data-fieldname='quantity']").fill("4")
	page.keyboard.press("Tab")
	form.locator("select[data-fieldname='per']").select_option("Quarter")
	looks.settled(page)
	page.shoot("row")
	form.locator(".grid-collapse-row").click()
	looks.settled(page)
	page.shoot("table")
	page.evaluate("() => { cur_frm.save(); }")
	page.wait_for_function("!cur_frm.is_dirty() && cur_frm.doc.amounts[0].amount_key")
	page = open_page(f"/app/service-agreement/{draft.name}", user=manager, password=PASSWORD, language=language, width=390)
	page.get_by_role("tab", name="Scope" if language == "en" else "范围").click()
	page.locator("[data-fieldname='amounts']").scroll_into_view_if_needed()
	looks.settled(page)
	looks.fits(page)
	page.shoot("table-390")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_customer_reads_what_was_used(open_page, records, agreement, language):
	asker = customers.portal_user(agreement.customer, sees_all=True, new_password=PASSWORD)
	frappe.db.commit()
	page = open_page(f"/agreements/{agreement.name}", user=asker, password=PASSWORD, language=language)
	page.locator(".ops-used").first.wait_for()
	looks.page_is_right(page, language, agreement.name, agreement.title, "Visits", "Hours", "On call", agreement.customer, "Administrator")
	page.set_viewport_size({"width": 390, "height": 900})
	page.shoot("portal-390")
	page.set_viewport_size({"width": 1440, "height": 900})
	page.shoot("portal-1440")
