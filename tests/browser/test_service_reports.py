"""A service report as people meet it: the form with its figures, drawings and texts, a figure that leads to its records, the customer's page."""

import customers
import factories
import frappe
import looks
import pytest
import report_paper_scene as scene
import reviewing
import scenario

from ops_delivery.services.reports import sections

PASSWORD = "Wind-turbine-82"


@pytest.fixture
def world(records, monkeypatch):
	w = frappe._dict(author=reviewing.manager(new_password=PASSWORD), reviewer=reviewing.manager(), customer=factories.make_customer().name)
	w.agreement = scenario.agreement(w.customer)
	w.theirs = customers.portal_user(w.customer, new_password=PASSWORD)
	w.names = [factories.make("Issue", subject=factories.unique("邮件 Mail"), customer=w.customer).name for _number in range(3)]
	found = {key: (lambda _period, key=key: scene.model.Section(key, empty=True)) for key in sections.SECTIONS}
	found["requests"] = lambda _period: scene.requests(names=w.names)
	for key, collect in found.items():
		monkeypatch.setitem(sections.SECTIONS, key, sections.SECTIONS[key]._replace(collect=collect))
	w.open = scene.made(w)
	w.empty = scene.report(w, period_from="2026-04-01", period_to="2026-04-30")
	w.shown = scene.published(w, scene.made(w, period_from="2026-02-01", period_to="2026-02-28"))
	frappe.db.commit()
	yield w
	for name in frappe.get_all(scene.DOCTYPE, {"customer": w.customer}, pluck="name"):
		for doctype, field in (("ToDo", "reference_name"), ("Service Review", "reference_name"), ("Service Authorship", "reference_name"), ("File", "attached_to_name")):
			frappe.db.delete(doctype, {field: name})
		for table in ("Service Report Section", "Deliverable Step"):
			frappe.db.delete(table, {"parent": name})
		frappe.db.delete(scene.DOCTYPE, {"name": name})
	frappe.db.commit()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_form_shows_figures_beside_what_is_said_of_them(open_page, world, language):
	for width in (1440, 390):
		page = open_page(f"/app/service-report/{world.open.name}", user=world.author, password=PASSWORD, width=width, language=language)
		section = page.locator(".ops-report-section", has=page.locator("svg"))
		section.locator("svg").first.wait_for()
		assert "96.5 %" in section.inner_text()
		looks.fits(page)
		looks.settled(page)
		page.shoot(f"report-{width}")
		section.scroll_into_view_if_needed()
		page.shoot(f"report-section-{width}")
	page = open_page(f"/app/service-report/{world.empty.name}", user=world.author, password=PASSWORD, language=language)
	page.get_by_role("button", name="Make the Figures" if language == "en" else "生成数据", exact=True).wait_for()
	page.locator(".ops-missing li").first.wait_for()
	looks.settled(page)
	page.shoot("empty")


def test_a_text_is_typed_beside_the_figures_and_a_figure_leads_to_its_records(open_page, world):
	page = open_page(f"/app/service-report/{world.open.name}", user=world.author, password=PASSWORD)
	section = page.locator(".ops-report-section", has=page.locator("svg"))
	section.locator("textarea").fill("Fewer mails than in February")
	page.keyboard.press("Control+s")
	page.wait_for_function("() => cur_frm && !cur_frm.is_dirty()")
	frappe.db.rollback()
	row = frappe.db.get_value("Service Report Section", {"parent": world.open.name, "section": "Service Requests"}, "text")
	assert row == "Fewer mails than in February"
	page.locator(".ops-report-section", has=page.locator("svg")).locator(".ops-report-cards .ops-report-lead").first.click()
	page.wait_for_url("**/app/issue/view/list**")
	for name in world.names:
		page.locator(".list-row", has_text=name).wait_for()
	assert page.locator(".list-row").count() == len(world.names)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_customer_reads_it_and_takes_its_pdf(open_page, world, language):
	for width in (1440, 390):
		page = open_page("/deliverables", user=world.theirs, password=PASSWORD, width=width, language=language)
		page.locator("#ops-reports").wait_for()
		page.shoot(f"pages-{width}")
		page.locator(".ops-list a").first.click()
		page.locator(".ops-paper").wait_for()
		looks.fits(page)
		page.shoot(f"page-{width}")
		with page.expect_download() as found:
			page.locator("a.btn", has_text="PDF").click()
		assert found.value.suggested_filename.endswith(".pdf")
