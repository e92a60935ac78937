"""What an agreement still lacks stands above its form, and signing is offered when it can be done (5.2.i)."""

import factories
import frappe
import looks
import pytest
import scenario


@pytest.mark.clause("5.2.i")
@pytest.mark.parametrize("width, language", [(1440, "en"), (1440, "zh"), (390, "en"), (390, "zh")])
def test_a_draft_says_that_parts_are_to_be_agreed(open_page, records, width, language):
	parts = [{"part": part} for part in ("Fees", "Staffing", "Security")]
	doc = scenario.agreement(submit=False, agreed_parts=parts)
	factories.make_contact(doc.customer)  # who could review for them
	frappe.db.commit()
	page = open_page(f"/app/service-agreement/{doc.name}", user="Administrator", width=width, language=language)
	page.wait_for_function("name => window.cur_frm?.doc?.name === name", arg=doc.name)
	link = page.locator('.form-message [data-ops-field="agreed_parts"]').first
	link.wait_for()
	banner = page.locator(".form-message:visible").first
	page.locator(".ops-reviews").wait_for(state="attached")
	page.shoot("banner")
	if language == "en":
		assert all(part in banner.inner_text() for part in ("Fees", "Staffing", "Security"))
		assert not page.get_by_text("or the first day needs is missing").count()
	else:
		looks.speaks_chinese(banner)
	assert not page.locator('.ops-review-buttons [data-do="sign"], .ops-review-buttons [data-do="paper"]').count()
	link.click()
	page.locator('[data-fieldname="agreed_parts"]:visible').first.wait_for()
	looks.fits(page)
