"""A form is gone through with the keyboard alone: no table keeps the focus, and no page stands still."""

import agreement_content
import frappe
import scenario

# where the focus is, so that a trap and a loop can be told
WHERE = """() => {
	const at = document.activeElement;
	const row = at.closest(".grid-row")?.dataset.idx || "";
	return [at.closest("[data-fieldname]")?.dataset.fieldname || "", row, at.tagName, at.className.slice(0, 40)].join("|");
}"""


def test_the_assessment_form_is_gone_through_with_tab(open_page, records):
	agreement = scenario.agreement(
		start_date="2026-01-01",
		end_date="2027-12-31",
		metrics=[{**agreement_content.complete()["metrics"][0], "value_formula": "first_response_attainment"}],
		figures=[{"figure_name": "survey_score", "meaning": "Mean of the survey"}],
	)
	doc = records.make("Agreement Assessment", agreement=agreement.name, start_date="2026-01-01", end_date="2026-03-31")
	assert len(doc.figures) > 1
	frappe.db.commit()
	page = open_page(f"/app/agreement-assessment/{doc.name}", user="Administrator")
	page.wait_for_function("name => window.cur_frm?.doc?.name === name", arg=doc.name)
	page.wait_for_function("!frappe.request.ajax_count")
	page.locator('.section-head:visible', has_text="Figures").click()
	page.locator('[data-fieldname="figures"] .grid-body .grid-row [data-fieldname="value"]').first.click()
	page.locator('[data-fieldname="figures"] .grid-body .grid-row [data-fieldname="value"] input').first.focus()
	seen = []
	for _press in range(8 * len(doc.figures) + 10):
		page.keyboard.press("Tab")
		page.wait_for_timeout(350)  # Frappe puts the focus into another row a little later
		seen.append(page.evaluate(WHERE))
		if page.evaluate("Boolean(document.activeElement.closest('.form-footer'))"):
			break
	page.shoot("gone-through")
	assert page.evaluate("Boolean(document.activeElement.closest('.form-footer'))"), seen
	assert any(place.startswith(f"value|{len(doc.figures)}") for place in seen), seen
	assert len(page.evaluate("cur_frm.doc.figures")) == len(doc.figures)
