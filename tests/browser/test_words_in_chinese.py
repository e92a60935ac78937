"""What stood in English on a Chinese desk: names of seeds in lists, roles, phases, key points, hints of moments."""

import re

import frappe
import looks
import planning
import pytest
from test_words_on_forms import PASSWORD, scene

SEEDED = {
	"review-rule": "Remote session: contingency plan",
	"escalation-policy": "Standard Escalation",
	"service-commitment": "First Response",
	"clock-definition": "First Response",
	"survey-rule": "Visit over",
	"checklist-template": "On-site visit",
}


@pytest.fixture
def chinese(open_page, scene):  # noqa: F811
	page = open_page("/app", user=scene.manager, password=PASSWORD, language="zh")

	def opened(path):
		page.goto(path)
		page.wait_for_function(
			"path => { const at = path.includes('/view/') ? window.cur_list?.data?.length : window.cur_frm?.doc; "
			"return at && !frappe.request.ajax_count }",
			arg=path,
		)
		looks.settled(page)
		return page

	yield opened
	# a picture of no address on the home screen of Frappe 16
	page.errors[:] = [error for error in page.errors if "/undefined)" not in error]


def test_lists_show_what_is_seeded_in_the_readers_language(chinese):
	versions = frappe.get_all("Rule Version", filters={"name": ["like", "Overdue Reviews r%"]}, pluck="name", limit=1)
	# a site has its own number of versions
	for slug, name in [*SEEDED.items(), *(("rule-version", name) for name in versions)]:
		page = chinese(f"/app/{slug}/view/list?name={name}")
		row = page.locator(f'.list-row-container a[data-name="{name}"]').first
		row.wait_for()
		assert not looks.english_in(re.sub(r" r\d+$", "", row.inner_text())), row.inner_text()
		page.shoot(slug)


def test_a_review_names_role_phase_and_part(chinese, site):
	plan = planning.plan()
	planning.activities(plan, "First")
	plan.reload()
	planning.approve(planning.complete(plan))
	internal = frappe.get_last_doc("Service Review", {"reference_name": plan.name, "party": "Internal"})
	internal.db_set("part", "Contingency Plan")  # as on a visit
	frappe.db.commit()
	page = chinese(f"/app/service-review/{internal.name}")
	page.shoot("review")
	for field, word in (("role", "服务交付经理"), ("needed_before", None), ("part", "应急预案")):
		shown = page.locator(f'.frappe-control[data-fieldname="{field}"] .control-value').inner_text()
		assert word in (None, shown) and not looks.english_in(shown), (field, shown)


def test_a_notice_is_called_by_what_happened(chinese, site, records):
	plan = planning.plan()
	planning.activities(plan, "First")
	plan.reload()
	planning.approve(planning.complete(plan))
	frappe.db.commit()
	notice = frappe.get_last_doc("Service Notice", {"key_point": "ops_review_requested"})
	page = chinese(f"/app/service-notice/{notice.name}")
	page.shoot("notice")
	for place in (page.locator(".page-head:visible .title-text"), page.locator('[data-fieldname="key_point"] .control-value')):
		assert "已请求评审" in place.inner_text() and "ops_" not in place.inner_text()


def test_the_hint_of_a_moment_and_how_somebody_was_told_are_chinese(chinese, scene):  # noqa: F811
	page = chinese(f"/app/escalation-log/{scene.log.name}")
	told = page.locator('[data-fieldname="recipients"] [data-fieldname="told_as"] .static-area').first
	assert not looks.english_in(told.inner_text()), told.inner_text()
	page = chinese(f"/app/service-acceptance/{frappe.get_last_doc('Service Acceptance').name}")
	hint = page.locator('[data-fieldname="next_action_on"] .help-box')
	assert "下次催办" in hint.inner_text(), hint.inner_text()
	page.shoot("hint")
