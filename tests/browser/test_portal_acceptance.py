"""The customer answers for a result: logged in, and by signed link without a log-in (6.3.g)."""

from datetime import timedelta

import customers
import frappe
import looks
import pytest
import scenario

from ops_delivery.services.requests import acceptance
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared import signed_link

PASSWORD = "Wind-turbine-62"
RESULT = "更换了三号交换机的风扇。"
REASON = "今天上午又断了一次。"
LEFT = ("机柜里还缺一块盲板", "标签还没有贴")
CASES = [
	("Accepted", 1440, "en"),
	("Accepted", 390, "zh"),
	("Accepted with Reservations", 390, "en"),
	("Accepted with Reservations", 1440, "zh"),
	("Rejected", 1440, "zh"),
	("Rejected", 390, "en"),
]
CHOICES = {"Accepted": "accept", "Accepted with Reservations": "reserve", "Rejected": "reject"}
pytestmark = [pytest.mark.clause("6.3.g"), pytest.mark.parametrize("decision, width, language", CASES)]


@pytest.fixture
def resolved(records, language):
	"""An Issue that waits for the answer of its asker, a user of the customer's side who speaks the test's language."""
	agreement = scenario.agreement()
	asker = customers.portal_user(
		agreement.customer, new_password=PASSWORD, first_name="王丽", language=language
	)
	issue = scenario.issue(agreement, raised_by=asker, subject=records.unique("收费窗口断网"))
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(hours=1))
	issue = customers.resolve(issue, resolution_details=f"<p>{RESULT}</p>")
	frappe.db.commit()
	yield frappe._dict(name=issue.name, subject=issue.subject, asker=asker, email=issue.ops_customer_email)
	frappe.db.rollback()
	frappe.db.delete("Service Leftover", {"source_name": issue.name})  # what the browser had inserted
	frappe.db.delete("Service Notice", {"reference_name": issue.name})
	frappe.db.commit()


def test_a_user_of_the_customer_answers(open_page, resolved, decision, width, language):
	page = open_page(f"/service-requests/{resolved.name}", width=width, language=language)
	page.wait_for_url("**/login?**")
	page.locator("#login_email").fill(resolved.asker)
	page.locator("#login_password").fill(PASSWORD)
	page.locator(".form-login .btn-login").click()
	page.wait_for_url(f"**/service-requests/{resolved.name}")
	answer(page, resolved, decision, language)
	row = outcome(resolved, decision)
	assert (row.channel, row.decided_by_email) == ("Portal", resolved.asker)

	page.goto("/service-requests")
	looks.fits(page)
	if language == "zh":
		looks.speaks_chinese(page.locator(".ops-portal"), resolved.name, resolved.subject)
	assert page.locator(".ops-list", has_text=resolved.name).count() == 1


def test_the_addressee_answers_by_signed_link(open_page, resolved, decision, width, language):
	row = acceptance.latest(resolved.name)
	token = signed_link.make(
		answering.PURPOSE, "Service Acceptance", row.name, resolved.email, round=row.round
	)
	path = f"/acceptance#{token}"
	page = open_page(path, width=width, language=language)
	page.locator("form.ops-answer").wait_for()
	assert "token" not in page.url and "#" not in page.url
	answer(page, resolved, decision, language)
	row = outcome(resolved, decision)
	assert (row.channel, row.decided_by_email) == ("Signed Link", resolved.email)

	page.goto("about:blank")
	page.goto(path)  # a link that was used still shows the answer, and takes no second one
	page.locator(".ops-result").wait_for()
	assert not page.locator("form.ops-answer").count()
	assert RESULT in page.locator(".ops-result").inner_text()


def answer(page, resolved, decision: str, language: str) -> None:
	"""See the result, choose, be asked for the reason of a rejection, send."""
	form = page.locator("form.ops-answer")
	assert RESULT in page.locator(".ops-result").inner_text()
	look(page, resolved, language)
	page.locator(f"label[for=ops-{CHOICES[decision]}]").click()
	assert page.locator(".ops-if-reserve").is_visible() == (decision == "Accepted with Reservations")
	if decision == "Accepted with Reservations":
		form.locator("[data-ops-more]").click()
		form.locator("textarea[name=reservation]").nth(0).fill(LEFT[0])
		form.locator("textarea[name=reservation]").nth(3).fill(LEFT[1])
	if decision == "Rejected":
		form.locator("[type=submit]").click()
		page.locator("[role=alert]").wait_for()  # a rejection needs its reason; the choice is kept
		page.errors.clear()  # the refusal itself
		look(page, resolved, language)
		assert page.locator("#ops-reject").is_checked()
		page.locator("#ops-comment").fill(REASON)
	page.shoot("form")
	form.locator("[type=submit]").click()
	page.locator("[role=status].ops-good").wait_for()
	assert not form.count()
	text = page.locator(".ops-portal").inner_text()
	expected = {"Rejected": (REASON,), "Accepted with Reservations": LEFT}.get(decision, ())
	assert all(part in text for part in expected)
	look(page, resolved, language)
	page.shoot("answered")


def look(page, resolved, language: str) -> None:
	looks.fits(page)
	if language == "zh":
		looks.speaks_chinese(page.locator(".ops-portal"), resolved.name, resolved.subject)
		assert not looks.english_in(page.title(), resolved.name, resolved.subject)


def outcome(resolved, decision: str):
	"""What the server kept of the answer."""
	frappe.db.rollback()
	row = frappe.get_doc("Service Acceptance", {"reference_name": resolved.name})
	assert row.state == decision
	left = frappe.get_all("Service Leftover", {"source_name": resolved.name}, pluck="subject")
	assert sorted(left) == sorted(LEFT if decision == "Accepted with Reservations" else ())
	status = frappe.db.get_value("Issue", resolved.name, "status")
	assert status == ("Open" if decision == "Rejected" else "Closed")
	if decision == "Rejected":
		assert row.comment == REASON
	return row
