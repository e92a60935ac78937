"""What forms offer and show, at both widths and in both languages; lateness on the board; our records in the search."""

import re

import customers
import factories
import frappe
import looks
import pytest
import scenario
import visiting
from scenario import MONDAY, hours

from ops_delivery.services.escalation import sweep
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.reviews.content import snapshot
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.setup import searching

PASSWORD = "Wind-turbine-62"


@pytest.fixture
def scene(site):
	factories.make_email_account()
	w = customers.world()
	visiting.templates()
	w.agreement.db_set("title", "门诊系统运维协议")
	engineer = factories.make_user(roles=["Field Engineer"], new_password=PASSWORD, first_name="李工").name
	now = frappe.utils.add_to_date(site_now(), minutes=-36, as_datetime=True)
	with visiting.user(engineer):
		w.visit = visiting.plan(
			"Field Service Sheet",
			w.customer,
			title="更换核心交换机",
			work_content="更换交换机",
			owner_user=engineer,
			planned_start=now,
			promised_on=now,
		)
	issue = scenario.judge_valid(scenario.issue(w.agreement, subject="断网"), MONDAY)
	with scenario.at(MONDAY + hours(10)):
		sweep.run()
	notices.post("Issue", w.issue.name, "ops_accepted")
	customers.tell_all()
	w.update(
		engineer=engineer,
		log=frappe.get_last_doc("Escalation Log", {"reference_name": issue.name}),
		late=issue,
		notice=frappe.get_last_doc("Service Notice", {"reference_name": w.issue.name, "key_point": "ops_accepted"}),
		auditor=factories.make_user(roles=["Delivery Auditor"], new_password=PASSWORD).name,
		manager=factories.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name,
		version=snapshot(frappe.get_doc("Service Agreement", w.agreement.name)),
		hours=versions.current("Service Calendar", w.agreement.calendar),
	)
	searching.offer()
	frappe.utils.global_search.sync_global_search()
	frappe.db.commit()
	yield w
	frappe.db.rollback()
	for name in (w.issue.name, issue.name):
		frappe.db.delete("Service Notice", {"reference_name": name})
		frappe.db.delete("Escalation Log", {"reference_name": name})
	frappe.db.commit()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rules_notices_and_escalations_as_people_read_them(open_page, scene, language):
	page = open_page("/app", user=scene.auditor, password=PASSWORD, language=language)
	for width in (1440, 390):
		page.set_viewport_size({"width": width, "height": 900})
		for number, version in enumerate((scene.version, scene.hours)):
			page.goto(f"/app/rule-version/{version}")
			shown = page.locator(".ops-version").first
			shown.wait_for()
			looks.fits(page)
			page.shoot(f"version-{number}-{width}")
			assert not page.locator('[data-fieldname="content"]').is_visible()
			if number and language == "zh":
				looks.speaks_chinese(shown, "Asia/Shanghai")
				looks.speaks_chinese(page.locator('[data-fieldname="reference_doctype"]'))
		page.goto(f"/app/service-notice/{scene.notice.name}")
		told = page.locator('[data-fieldname="told"]')
		told.wait_for()
		told.scroll_into_view_if_needed()
		page.shoot(f"notice-{width}")
		assert scene.asker in told.inner_text()
		page.goto(f"/app/escalation-log/{scene.log.name}")
		page.locator(".indicator-pill").first.wait_for()
		page.wait_for_function("!frappe.request.ajax_count")
		page.shoot(f"log-{width}")
		word = "Acknowledge" if language == "en" else frappe._("Acknowledge", "zh")
		assert not page.get_by_role("button", name=word, exact=True).count()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_is_late_is_seen_to_be_late(open_page, scene, language):
	page = open_page("/app/my-day", user=scene.engineer, password=PASSWORD, width=390, height=844, language=language)
	late = page.locator(".ops-myday .ops-is-late")
	late.wait_for()
	assert "36" in late.inner_text() or "37" in late.inner_text()
	page.shoot("day")
	looks.fits(page)
	for width in (1440, 390):
		page.set_viewport_size({"width": width, "height": 900})
		page.goto("/app/dispatch-board")
		page.locator(".ops-is-late").first.wait_for(state="attached")
		page.wait_for_function("!frappe.request.ajax_count")
		page.shoot(f"board-{width}")
		looks.fits(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_search_finds_ours_in_words(open_page, scene, language):
	page = open_page("/app", user=scene.manager, password=PASSWORD, language=language)
	for number, text in enumerate(("核心交换机", scene.visit.name)):
		page.reload()
		# the way to the home page, which comes a moment later, would close the dialog
		page.wait_for_function(
			"window.frappe?.searchdialog && frappe.search.utils.recent && frappe.router?.current_route?.length"
			" && !frappe.request.ajax_count"
		)
		page.evaluate("text => frappe.searchdialog.search.init_search(text, 'global_search')", text)
		dialog = page.locator(".search-dialog, .modal.show")
		dialog.get_by_text(re.compile(f"{scene.visit.name}|{scene.visit.title}")).first.wait_for()  # 16: by its title alone
		page.shoot(f"search-{number}")
		assert "undefined" not in dialog.first.inner_text()
	# the menu of Frappe 16's side bar draws entries without an icon as pictures of no address
	page.errors[:] = [error for error in page.errors if not error.endswith("/undefined)")]
