"""Clause evidence on the desk: the matrix of an agreement, its records, what to do next, two agreements; by mouse and keyboard."""

import frappe
import looks
import pytest
import scenario

from ops_delivery.services.evidence import catalogue
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.setup import seeds

PASSWORD = "Wind-turbine-62"


@pytest.fixture
def w(site, records):
	seeds.plant_evidence()
	catalogue.sync()
	agreement, other = scenario.agreement(title="云港信息运维协议"), scenario.agreement(title="海港信息运维协议")
	for number in range(3):
		issue = records.make_issue(agreement.customer, subject=f"网络中断 {number}")
		values = {"ops_agreement": agreement.name, "status": "Closed", "opening_date": site_now().date(), "resolution_details": "<p>已更换</p>", "description": "断网"}
		frappe.db.set_value("Issue", issue.name, values)
	auditor = records.make_user(roles=["Delivery Auditor"], new_password=PASSWORD).name
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	yield frappe._dict(auditor=auditor, manager=manager, agreement=agreement, other=other, data=[agreement.name, agreement.title, other.title, agreement.customer])
	frappe.db.delete("Clause Exemption", {"agreement": agreement.name})
	frappe.db.delete("Evidence Snapshot", {"agreement": ["in", [agreement.name, other.name]]})
	frappe.db.commit()


@pytest.mark.parametrize("width", looks.WIDTHS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_auditor_sees_every_clause_and_the_very_records(open_page, w, language, width):
	page = open_page(f"/app/clause-evidence/{w.agreement.name}", user=w.auditor, language=language, width=width)
	page.locator(".ops-clause").first.wait_for()
	looks.settled(page)
	assert page.locator(".ops-clause").count() == 143
	counts = [int(text) for text in page.locator(".ops-states b").all_inner_texts()]
	assert sum(counts) == 143 and counts[0] and counts[2]
	looks.fits(page)
	page.shoot(f"matrix-{language}-{width}")
	if language == "zh":
		looks.speaks_chinese(page.locator(".ops-evidence"), *w.data)
	page.locator("[data-chapter='5.3']").focus()
	page.keyboard.press("Enter")
	page.wait_for_function("document.querySelectorAll('.ops-clause').length === 8")
	page.locator("[data-number='5.3.b'] .ops-records-of").focus()
	page.keyboard.press("Enter")
	page.locator("[data-number='5.3.b'] .ops-records li").first.wait_for()
	page.locator("[data-number='5.3.b']").scroll_into_view_if_needed()
	page.shoot(f"records-{language}-{width}")
	if width == looks.WIDTHS[0]:
		page.evaluate("scrollTo(0, 0)")  # nothing lies half below the bar at the top
		looks.settled(page)
		looks.accessible(page, ".ops-evidence")


def test_what_does_not_apply_is_proposed_and_two_agreements_stand_beside_each_other(open_page, w):
	page = open_page(f"/app/clause-evidence/{w.agreement.name}", user=w.manager, width=looks.WIDTHS[0])
	page.locator("[data-number='6.4.a'] .ops-exempt").click()
	dialog = page.locator(looks.ASKING)
	dialog.locator("textarea[data-fieldname='reason']").fill("No optimization is agreed")
	dialog.locator(".modal-footer .btn-primary").click()
	page.locator("[data-number='6.4.a'] .ops-exemption").wait_for()
	assert "No optimization is agreed" in page.locator("[data-number='6.4.a'] .ops-exemption").inner_text()
	assert page.locator("[data-number='6.4.a'] [data-act='revoke']").count() == 1  # one's own is reviewed by another
	page.get_by_role("button", name="Compare", exact=True).click()
	dialog = page.locator(looks.ASKING)
	dialog.locator("input[data-fieldname='other']").fill(w.other.name)
	dialog.locator('[role="option"]:visible').get_by_text(w.other.name).first.click()
	dialog.locator(".modal-footer .btn-primary").click()
	page.locator(".ops-beside tbody tr").first.wait_for()
	assert "5.3.b" in page.locator(".ops-beside tbody").inner_text()
	looks.settled(page)
	page.shoot("beside")
	looks.accessible(page, ".ops-evidence")
