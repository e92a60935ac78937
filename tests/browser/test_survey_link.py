"""A survey is answered by signed link: by thumb on a phone, at a desk, in both languages, without a log-in (5.4.c)."""

import customers
import factories
import frappe
import looks
import pytest
import surveying

from ops_delivery.services.surveys import answering as survey_answering
from ops_delivery.setup import seed_surveys

COMMENT = "下次请提前一天通知 <b>谢谢</b>"
pytestmark = pytest.mark.clause("5.4.c")


@pytest.fixture
def survey(records):
	"""A survey as the seeds ask it after a visit, for a person of a customer."""
	customer = factories.make_customer().name
	person = customers.portal_user(customer)
	template = surveying.template(**seed_surveys.TEMPLATES[seed_surveys.VISIT])
	found = surveying.asked([person], customer, template)[0]
	frappe.db.commit()
	yield found
	frappe.db.rollback()
	response = surveying.fresh(found).response or "-"  # what the browser had inserted
	frappe.db.delete("Survey Answer", {"response": response})
	frappe.db.delete("Survey Response", {"name": response})
	frappe.db.delete("Improvement Action", {"source_name": found.name})
	frappe.db.delete("Service Notice", {"reference_name": found.name})
	frappe.db.commit()


@pytest.mark.parametrize("width, language", [(390, "en"), (390, "zh"), (1440, "en"), (1440, "zh")])
@pytest.mark.clause("7.2.d.1")
def test_the_addressee_answers_once(open_page, survey, width, language):
	path = "/survey" + survey_answering.link_for(survey).partition("/survey")[2]
	page = open_page(path, width=width, language=language)
	form = page.locator("form.ops-survey")
	form.wait_for()
	assert page.url.endswith("/survey")  # the code has left the address
	look(page, survey, language)
	page.shoot("form")
	form.locator("[type=submit]").click()  # nothing chosen: the browser says what is missing
	assert form.count() == 1
	for group in form.locator("fieldset.ops-question").all():
		group.locator("label").last.click()
	form.locator("fieldset.ops-question").first.locator("label").first.click()
	form.locator("textarea").fill(COMMENT)
	page.shoot("filled")
	form.locator("[type=submit]").click()
	page.locator("[role=status].ops-good").wait_for()
	assert not form.count() and COMMENT in page.locator(".ops-given").inner_text()
	look(page, survey, language)
	page.shoot("answered")

	page.goto("about:blank")
	page.goto(path)
	page.locator("[role=status].ops-waiting").wait_for()
	page.errors.clear()  # the page itself says 409
	assert not form.count()
	frappe.db.rollback()
	row = surveying.fresh(survey)
	assert (row.state, row.channel) == ("Answered", "Signed Link")
	assert surveying.response(survey).score == pytest.approx((3 * 0 + 100) / 4)


def look(page, survey, language: str) -> None:
	looks.fits(page)
	looks.accessible(page)
	if language == "zh":
		looks.speaks_chinese(page.locator(".ops-portal"), survey.reference_title, COMMENT)
