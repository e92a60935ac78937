"""Deliverables as people meet them: the form that says what is missing, the list, what an agreement promised, the customer's page."""

import customers
import deliverable_scene as scene
import frappe
import looks
import pytest
import reviewing
import scenario

PASSWORD = "Wind-turbine-82"


@pytest.fixture
def world(records):
	today = frappe.utils.getdate()
	w = frappe._dict(author=reviewing.manager(), reviewer=reviewing.manager())
	promise = scene.promise(title="月度运行报告 Monthly", days=10, content="可用率、故障与处置 Uptime")
	w.agreement = scene.agreement(promise, start_date=frappe.utils.add_days(today, -100), end_date=frappe.utils.add_days(today, 265))
	w.theirs = customers.portal_user(w.agreement.customer, new_password=PASSWORD)
	key = w.agreement.promised[0].promise_key
	for number, due in enumerate((-60, -30, -3)):
		day = frappe.utils.add_days(today, due)
		doc = scene.document(w.author, w.agreement.customer, title=f"月度运行报告 Monthly {number + 1}", agreement=w.agreement.name, due_date=day)
		if number < 2:
			with scenario.at(scenario.datetime.combine(frappe.utils.add_days(day, 4 if number else -1), scenario.datetime.min.time(), tzinfo=scenario.ZONE)):
				doc = scene.published(w.author, w.reviewer, doc)
		doc.db_set({"promise_key": key, "promise_slot": f"{w.agreement.agreement_number}:{key}:test{number}"})
	w.last, w.open = doc, scene.document(w.author, w.agreement.customer, title="趋势分析 Trend", files=[], content="")
	frappe.db.commit()
	yield w
	scene.forget(w.agreement.customer)
	frappe.db.commit()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_desk_says_what_is_missing_and_what_is_late(open_page, records, world, language):
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	for width in (1440, 390):
		page = open_page(f"/app/deliverable/{world.open.name}", user=manager, password=PASSWORD, width=width, language=language)
		page.locator(".ops-missing li").first.wait_for()
		assert page.locator(".ops-missing li").count() == 2
		looks.fits(page)
		looks.settled(page)
		page.shoot(f"form-{width}")
		page = open_page(f"/app/deliverable/view/list?customer={world.agreement.customer}", user=manager, password=PASSWORD, width=width, language=language)
		page.locator(".list-row .indicator-pill", has_text="Overdue" if language == "en" else "已逾期").first.wait_for(state="attached")
		looks.settled(page)
		page.shoot(f"list-{width}")
		page = open_page(f"/app/service-agreement/{world.agreement.name}#tab_terms", user=manager, password=PASSWORD, width=width, language=language)
		page.get_by_role("tab", name="Terms" if language == "en" else "条款").click()
		card = page.locator("[data-fieldname='promised_html'] .ops-amount")
		card.wait_for()
		said = card.inner_text()
		assert ("1 late" if language == "en" else "1 份逾期") in said and ("1 overdue" if language == "en" else "1 份已逾期") in said, said
		card.scroll_into_view_if_needed()
		looks.settled(page)
		page.shoot(f"agreement-{width}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_customer_finds_what_was_published_with_its_file(open_page, world, language):
	for width in (1440, 390):
		page = open_page("/deliverables", user=world.theirs, password=PASSWORD, width=width, language=language)
		assert page.locator(".ops-list li").count() == 2
		names = ("月度运行报告 Monthly", "DLV", world.agreement.title, "report.pdf", world.last.content)  # the end of the name of each file
		looks.page_is_right(page, language, *names)
		page.shoot(f"pages-{width}")
		page.locator(".ops-list a").first.click()
		page.locator("#ops-files").wait_for()
		looks.page_is_right(page, language, *names)
		page.shoot(f"page-{width}")
		with page.expect_download() as found:
			page.locator("section a").first.click()
		assert found.value.suggested_filename.endswith(".pdf")


def test_a_new_one_follows_its_type(open_page, records, world):
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page("/app/deliverable/new", user=manager, password=PASSWORD, language="zh")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Deliverable' && cur_frm.is_new()")
	page.evaluate("cur_frm.set_value('deliverable_type', 'Normal Running Restored (Response)')")
	page.wait_for_function("cur_frm.doc.kind === 'Intangible' && cur_frm.doc.security_class")
	assert not page.locator("[data-fieldname='files']").is_visible()
	looks.settled(page)
	page.shoot("new")
