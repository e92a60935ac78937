"""The form of a Monitoring Source: a token that is shown once, and a message that is tried and does nothing (6.2.b)."""

import frappe
import looks
import monitoring_scene as scene
import pytest

PASSWORD = "Wind-turbine-62"
WORDS = {
	"en": {
		"new": "New token", "close": "Copy and close", "tab": "Connect and Try", "try": "Try this message", "kept": "kept",
		"bad": "Abnormal", "opened": "opened", "alerts": "Alerts", "readings": "Readings (JSON)",
	},
	"zh": {
		"new": "新令牌", "close": "复制并关闭", "tab": "接入与试发", "try": "试发此消息", "kept": "保存",
		"bad": "异常", "opened": "新建请求", "alerts": "告警", "readings": "读数（JSON）",
	},
}  # fmt: skip


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh", 390)])
@pytest.mark.clause("6.2.b.5")
def test_a_manager_makes_a_token_and_tries_what_a_machine_would_send(open_page, records, language, width):
	w, word = scene.world(urgency="Urgent", objects=[]), WORDS[language]
	w.source.append("objects", {"service_object": w.things[0]})
	w.source.save()
	manager = records.make_user(roles=["Service Delivery Manager"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page(f"/app/monitoring-source/{w.source.name}", user=manager, language=language, width=width)
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Monitoring Source' && !cur_frm.is_new()")
	looks.settled(page)
	page.shoot("form")
	if width < 700:
		page.locator(".menu-btn-group:visible button, .actions-btn-group:visible button").first.click()
	page.locator(f"[data-label='{word['new'].replace(' ', '%20')}']:visible, .dropdown-menu.show :text-is('{word['new']}')").first.click()
	page.locator(".modal.show .btn-modal-primary:visible, .modal.show .btn-primary:visible").first.click()
	token = page.locator(".ops-token").text_content()
	looks.settled(page)
	page.shoot("token")
	page.get_by_role("button", name=word["close"]).click()
	page.wait_for_function("token => cur_frm.doc.token_hint === '…' + token.slice(-4)", arg=token)
	assert scene.send(token, "alerts", {"title": "x"})[0] == 422 and token != w.token
	page.locator(".form-tabs .nav-link", has_text=word["tab"]).click()
	box = page.locator("textarea[spellcheck=false]:visible")
	box.wait_for()
	box.fill(box.input_value().replace("21.5", "40"))
	page.get_by_role("button", name=word["try"]).click()
	tried = page.locator(".ops-tried")
	tried.get_by_text(word["kept"], exact=True).wait_for()
	tried.get_by_text(word["bad"], exact=True).wait_for()
	looks.settled(page)
	page.shoot("tried-readings")
	page.locator("select:visible").select_option("Alerts")
	page.get_by_role("button", name=word["try"]).click()
	tried.get_by_text(word["opened"], exact=True).wait_for()
	looks.settled(page)
	looks.fits(page)
	page.shoot("tried-alerts")
	frappe.db.rollback()
	assert not frappe.db.count("Issue", {"customer": w.customer}) and not frappe.db.count(scene.READING, {"source": w.source.name})
	scene.delete_all(w)
	frappe.db.commit()


@pytest.mark.parametrize(("language", "width"), [("zh", 1440), ("en", 390)])
def test_the_parts_of_the_form_and_the_list_of_alerts_are_looked_at(open_page, records, language, width):
	w = scene.world(urgency="Urgent", severities=[{"severity": "critical", "urgency": "Very Urgent"}], on_resolved="Offer the Result")
	w.source.append("metrics", {"metric": "temp_c", "step": "Read the temperature"})
	w.source.save()
	scene.send(w.token, "alerts", scene.webhook(scene.alert(w), scene.alert(w, "Lost", instance="nowhere")))
	reader = records.make_user(roles=["Delivery Auditor"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page(f"/app/monitoring-source/{w.source.name}", user=reader, language=language, width=width)
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Monitoring Source'")
	looks.settled(page)
	for number in range(4):
		page.locator(".form-tabs .nav-link:visible").nth(number).click()
		looks.settled(page)
		looks.fits(page)
		page.shoot(f"tab-{number}")
	page.goto("/app/monitoring-alert")
	page.locator(".list-row").first.wait_for()
	looks.settled(page)
	page.shoot("list")
	page.goto(f"/app/monitoring-alert/{frappe.db.get_value(scene.ALERT, {'source': w.source.name, 'state': 'Firing'})}")
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'Monitoring Alert'")
	looks.settled(page)
	page.shoot("alert")
	scene.delete_all(w)
	frappe.db.commit()
