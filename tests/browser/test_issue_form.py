"""The Issue form of response support in a real browser: clocks, the next step, triage."""

import re

import frappe
import isolation
import looks
import pytest
import scenario

from ops_delivery import framework
from ops_delivery.patches import note_what_is_due_next

PASSWORD = "Wind-turbine-62"
# of a badge: what hides a part of it, itself, a box around it, or what stands on it
IS_CUT = """pill => {
	const right = pill.getBoundingClientRect().right;
	for (const el of [pill, ...pill.children]) if (el.scrollWidth > el.clientWidth + 1) return "the pill itself";
	for (let el = pill.parentElement; el !== document.body; el = el.parentElement) {
		const edge = el.getBoundingClientRect().right;
		if (getComputedStyle(el).overflowX !== "visible" && right > edge + 1) return `${el.className}: ${right} > ${edge}`;
	}
	const { top, height } = pill.getBoundingClientRect();
	const seen = document.elementFromPoint(right - 6, top + height / 2);
	return seen?.closest(".btn") ? `under ${seen.className}` : "";
}"""


@pytest.fixture
def issue(site, records):
	issue = scenario.issue(scenario.agreement(), scenario.datetime.now(scenario.ZONE), issue_type="Fault")
	frappe.db.commit()
	return issue


@pytest.fixture
def staff(site, records):
	return records.make_user(roles=["Service Desk"], new_password=PASSWORD).name


@pytest.mark.clause("5.3.d", "6.3.b")
@pytest.mark.parametrize("width, language", [(1440, "en"), (390, "zh")])
def test_the_clocks_are_read_with_eyes_and_keyboard(open_page, issue, staff, width, language):
	frappe.db.commit()
	page = open_page(f"/app/issue/{issue.name}", user=staff, width=width, language=language)
	page.wait_for_selector(".ops-clock")
	assert page.locator(".ops-clock").count() == 3
	head = page.locator(".ops-clock-head").first
	head.focus()
	page.keyboard.press("Enter")
	assert head.get_attribute("aria-expanded") == "true"
	details = page.locator(".ops-clock-more").first
	assert details.is_visible() and details.locator(".ops-ledger li").count() == 1
	bar = page.locator(".ops-progress").first
	assert bar.get_attribute("role") == "progressbar" and bar.get_attribute("aria-valuetext")
	assert page.evaluate("document.documentElement.scrollWidth") <= width
	assert not page.locator(".custom-actions").get_by_text("Close", exact=True).count()
	page.shoot("clocks")


@pytest.mark.clause("6.3.d")
def test_judging_shows_the_priority_before_it_is_saved(open_page, issue, staff):
	frappe.db.commit()
	page = open_page(f"/app/issue/{issue.name}", user=staff)
	page.get_by_role("button", name="Judge", exact=True).click()
	dialog = page.locator(looks.ASKING)
	dialog.locator('[data-fieldname="ops_urgency"] select').select_option("Urgent")
	dialog.locator('[data-fieldname="ops_importance"] select').select_option("Important")
	priority = dialog.locator('[role="status"] b')
	priority.wait_for()
	assert priority.inner_text() == "High"
	page.shoot("judge")
	dialog.get_by_role("button", name="Save the judgement").click()
	dialog.wait_for(state="hidden")
	frappe.db.rollback()
	saved = frappe.get_doc("Issue", issue.name)
	assert (saved.ops_validity, saved.priority) == ("Valid", "High")


@pytest.mark.parametrize("width, language", [(1440, "en"), (390, "zh")])
def test_a_level_that_the_matrix_does_not_know_is_said_and_judged_by_hand(open_page, records, issue, staff, width, language):
	level = records.make("Service Urgency", level=records.unique("Before the audit"), rank=99).name
	frappe.db.commit()
	page = open_page(f"/app/issue/{issue.name}", user=staff, width=width, language=language)
	page.locator(".ops-clock").first.wait_for()
	page.evaluate("() => ops_delivery.issue.judge(cur_frm)")
	dialog = page.locator(looks.ASKING)
	dialog.locator('[data-fieldname="ops_urgency"] select').select_option(level)
	dialog.locator('[data-fieldname="ops_importance"] select').select_option("Important")
	said = "has no cell for this pair" if language == "en" else "没有这一组合"
	dialog.locator('[role="status"]').get_by_text(said).wait_for()
	looks.still(page)
	page.shoot("no-cell")
	looks.fits(page)
	dialog.locator(".modal-footer .btn-primary").click()
	dialog.wait_for(state="hidden")
	page.locator(".msgprint").get_by_text(level).wait_for()
	frappe.db.rollback()
	saved = frappe.get_doc("Issue", issue.name)
	assert (saved.ops_validity, saved.ops_urgency) == ("Valid", level)


@pytest.mark.clause("6.3.h")
def test_a_refused_resolution_keeps_what_was_typed(open_page, issue, staff):
	frappe.db.commit()
	page = open_page(f"/app/issue/{issue.name}", user=staff)
	page.wait_for_selector(".ops-clock")
	page.get_by_role("button", name="Steps").click()
	page.locator(".dropdown-menu.show").get_by_text("Resolve", exact=True).click()
	dialog = page.locator(looks.ASKING).first
	dialog.locator(".ql-editor[contenteditable=true]").click()
	page.keyboard.type("New cable")
	dialog.get_by_role("button", name="Offer the result to the customer").click()
	page.locator(".msgprint").get_by_text("judged valid or invalid").wait_for()
	assert page.evaluate("[cur_frm.doc.status, cur_frm.doc.resolution_details || '']") == ["Open", ""]
	assert "New cable" in dialog.locator(".ql-editor[contenteditable=true]").inner_text()
	page.errors.clear()  # the refusal itself


def test_a_measured_moment_keeps_its_seconds_when_the_form_is_opened(open_page, issue, staff):
	moment = scenario.datetime.now(scenario.ZONE).replace(second=23, microsecond=0, tzinfo=None)
	frappe.db.set_value("Issue", issue.name, "first_responded_on", moment)
	frappe.db.commit()
	page = open_page(f"/app/issue/{issue.name}", user=staff)
	page.wait_for_selector(".ops-clock")
	page.wait_for_function("cur_frm.fields_dict.first_responded_on.value")
	looks.settled(page)  # the picker answers a moment later
	assert not page.evaluate("cur_frm.is_dirty()")
	taken = page.evaluate(
		"cur_frm.fields_dict.first_responded_on.parse_validate_and_set_in_model(frappe.datetime.str_to_user('2026-11-28 07:05:00'))"
		".then(() => cur_frm.doc.first_responded_on)"
	)
	assert taken == "2026-11-28 07:05:00"


def test_an_issue_that_is_not_ours_has_no_button_of_ours(open_page, records, issue):
	theirs = records.make_issue(records.make_customer().name)
	isolation.switch({"issue_rule": "By Customer"})
	frappe.db.commit()
	try:
		for name, has_ours in ((theirs.name, False), (issue.name, True)):
			page = open_page(f"/app/issue/{name}", user="Administrator")
			page.wait_for_function(
				"window.cur_frm && cur_frm.doc && Object.keys(cur_frm.custom_buttons).length"
			)
			page.wait_for_load_state("networkidle")
			if has_ours:
				page.wait_for_function("label => label in cur_frm.custom_buttons", arg="Judge")
			buttons = set(page.evaluate("Object.keys(cur_frm.custom_buttons)"))
			for label in ("Judge", "Plan a Visit", "Remote Session", "Complaint", "Improvement Action"):
				assert (label in buttons) == has_ours, (label, buttons)
			page.shoot("ours" if has_ours else "not-ours")
	finally:
		isolation.switch(isolation.ALL_ON)
		frappe.db.commit()


@pytest.mark.clause("6.3.b")
@pytest.mark.parametrize("width, language", [(1440, "en"), (1440, "zh"), (390, "en"), (390, "zh")])
def test_list_and_title_say_what_is_due_next_of_all_clocks(open_page, issue, staff, width, language):
	issue.update(
		{"status": "Replied", "ops_onsite": 1}
	)  # answered: the arrival comes before restore and resolution
	issue.save(ignore_permissions=True)
	# whatever the hour and weekday of the run: the arrival is due in 95 minutes, all that ERPNext knows of in days
	now = scenario.datetime.now(scenario.ZONE).replace(tzinfo=None)
	frappe.db.set_value(
		"Service Clock",
		scenario.clock(issue, "On-site Arrival").name,
		"due_on",
		now + scenario.hours(95 / 60),
	)
	note_what_is_due_next.execute()
	later = now + scenario.hours(50)
	frappe.db.set_value(
		"Issue", issue.name, {"response_by": later, framework.issue_field("resolution_by"): later}
	)
	frappe.db.commit()
	page = open_page(f"/app/issue?name={issue.name}", user=staff, width=width, language=language)
	page.locator(".list-row .indicator-pill.orange:visible").first.wait_for()
	page.wait_for_function("!frappe.request.ajax_count")
	page.shoot("list")
	badge = page.locator(".list-row .indicator-pill:visible").first
	assert re.search(r"· 9[345] (min|分钟)$", badge.inner_text()), badge.inner_text()
	assert not badge.evaluate(IS_CUT)
	page.goto(f"/app/issue/{issue.name}")
	title = page.locator(".page-head:visible .indicator-pill.orange")
	title.wait_for()
	page.wait_for_selector(".ops-clock")
	page.shoot("title")
	assert re.search(r"· 9[345] (min|分钟)$", title.inner_text()), title.inner_text()
	assert not title.evaluate(IS_CUT)
	assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.clause("6.3.a", "6.3.b")
@pytest.mark.parametrize("width, language", [(1440, "en"), (1440, "zh"), (390, "zh")])
def test_a_request_added_in_the_list_begins_with_its_customer(open_page, staff, records, width, language):
	agreement = scenario.agreement()
	subject = records.unique("No network")
	frappe.db.commit()
	page = open_page("/app/issue", user=staff, width=width, language=language)
	page.wait_for_function("window.cur_list?.doctype === 'Issue' && !frappe.request.ajax_count")
	page.locator(".page-head:visible .primary-action, .btn-new-doc:visible").first.click()
	dialog = page.locator(".modal", has=page.locator('[data-fieldname="ops_channel"]'))
	dialog.locator('[data-fieldname="subject"] input').fill(subject)
	dialog.locator(".btn-modal-primary").click()
	page.locator(".msgprint:visible").wait_for()
	looks.until_dialog_stands(page)
	page.shoot("asked")
	page.evaluate("frappe.msg_dialog.hide()")
	page.locator(".msgprint").wait_for(state="hidden")
	frappe.db.rollback()
	assert not frappe.db.exists("Issue", {"subject": subject}), "a request of nobody"
	page.evaluate("customer => frappe.quick_entry.dialog.set_value('customer', customer)", agreement.customer)
	query = page.evaluate("JSON.stringify(frappe.quick_entry.dialog.fields_dict.ops_object.df.get_query())")
	assert agreement.customer in query
	page.shoot("filled")
	dialog.locator(".btn-modal-primary").click()
	page.wait_for_function("!frappe.quick_entry && !frappe.request.ajax_count")
	frappe.db.rollback()
	added = frappe.get_last_doc("Issue", {"subject": subject})
	assert (added.customer, added.ops_agreement) == (agreement.customer, agreement.name)
	assert scenario.clock(added, "First Response").state == "Running"
	assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.clause("6.3.g")
@pytest.mark.parametrize("width, language", [(1440, "en"), (390, "zh")])
def test_what_the_customer_wrote_instead_of_an_answer_is_taken_on_the_form(
	open_page, issue, staff, width, language
):
	now = scenario.datetime.now(scenario.ZONE)
	scenario.judge_valid(issue, now)
	scenario.change(issue, now, status="Resolved", resolution_details="<p>A new fan</p>")
	message = frappe.new_doc("Communication")
	message.update(
		{
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Received",
			"subject": "Re: fan",
			"sender": "li@example.com",
			"content": "<p>We will try it on Thursday. <b>Thanks</b></p>",
			"reference_doctype": "Issue",
			"reference_name": issue.name,
		}
	)
	message.insert(ignore_permissions=True)
	frappe.db.commit()
	page = open_page(f"/app/issue/{issue.name}", user=staff, width=width, language=language)
	page.wait_for_selector(".ops-unanswered")
	assert "We will try it on Thursday. Thanks" in page.locator(".ops-unanswered blockquote").inner_text()
	assert page.locator(".ops-unanswered button").count() == 3
	# Frappe's own timeline is wider than a telephone where there is a message
	assert page.locator(".ops-unanswered").evaluate("box => box.getBoundingClientRect().right") <= width
	page.shoot("unanswered")
	page.locator(".ops-unanswered button").nth(2).click()
	page.wait_for_selector(".ops-unanswered", state="detached")
	frappe.db.rollback()
	row = frappe.get_last_doc("Service Acceptance", {"reference_name": issue.name})
	assert [(one.message, one.taken_as, one.taken_by) for one in row.messages] == [
		(message.name, "Only a Message", staff)
	]
