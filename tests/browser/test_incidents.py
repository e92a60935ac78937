"""The report on a major incident as people meet it: its form, the agreement's condition, the customer's page."""

import customers
import deliverable_scene
import frappe
import incident_scene as scene
import looks
import pytest
import reviewing

from ops_delivery.services.deliverables import incident_reports

PASSWORD = "Wind-turbine-82"


@pytest.fixture
def world(records):
	w = frappe._dict(author=reviewing.manager(), reviewer=reviewing.manager())
	w.agreement = scene.agreement(owner_user=w.author)
	w.theirs = customers.portal_user(w.agreement.customer, new_password=PASSWORD)
	w.open = scene.report_on(scene.over(scene.request(w.agreement, subject="存储故障 Storage down", **scene.WORST, ops_people_affected=120)))
	other = scene.report_on(scene.over(scene.request(w.agreement, subject="网络中断 Network down", **scene.WORST)))
	w.done = scene.published(other, w.author, w.reviewer)
	with reviewing.user(w.author):
		incident_reports.hand_over(w.done.name)
	w.handed = deliverable_scene.published(w.author, w.reviewer, frappe.get_doc("Deliverable", w.done.deliverable))
	frappe.db.commit()
	yield w
	scene.forget(w.agreement.customer)
	deliverable_scene.forget(w.agreement.customer)
	frappe.db.commit()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_form_says_what_is_missing_takes_the_course_and_shows_the_measures(open_page, records, world, language):
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	for width in (1440, 390):
		page = open_page(f"/app/major-incident-report/{world.open.name}", user=manager, password=PASSWORD, width=width, language=language)
		page.locator(".ops-missing li").first.wait_for()
		assert page.locator(".ops-missing li").count() == 6
		looks.fits(page)
		looks.settled(page)
		page.shoot(f"form-{width}")
		page = open_page(f"/app/major-incident-report/{world.done.name}", user=manager, password=PASSWORD, width=width, language=language)
		page.get_by_role("tab", name="Causes and Measures" if language == "en" else "原因与措施").click()
		page.locator(".ops-measures li").first.wait_for()
		looks.settled(page)
		page.shoot(f"causes-{width}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_customer_reads_the_report_with_its_deliverable(open_page, world, language):
	for width in (1440, 390):
		page = open_page("/deliverables", user=world.theirs, password=PASSWORD, width=width, language=language)
		page.locator(".ops-list a").first.click()
		page.locator("#ops-incident").wait_for()
		names = (world.agreement.title, world.handed.title, "pdf", "v1", world.done.name, "ISS-", "网络中断 Network down", *(world.done.get(field) for field in ("impact", "root_cause", "treatment", "lessons")), "Rotate the logs", world.handed.content)
		looks.page_is_right(page, language, *names)
		page.shoot(f"page-{width}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_condition_is_tried_on_the_agreements_form(open_page, records, world, language):
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	draft = scene.agreement(
		customer=world.agreement.customer, submit=False, major_condition="doc.ops_people_affected > 50", major_words="More than 50 people"
	)
	frappe.db.commit()
	page = open_page(f"/app/service-agreement/{draft.name}", user=manager, password=PASSWORD, width=1440, language=language)
	page.get_by_role("tab", name="Promise" if language == "en" else "承诺", exact=True).click()
	page.locator(".ops-try-major").click()
	page.locator(".modal.show [role=status]").wait_for()
	assert world.open.issue in page.locator(".modal.show").inner_text()
	looks.settled(page)
	page.shoot("tried")
