"""The administrator's home has a light, and the form of a workflow lets its path be tried (issue 17, 11 and 13)."""

import factories
import frappe
import looks
import planning
import pytest
from test_configuration_forms import PASSWORD, press

from ops_delivery.services.engine import health_light
from ops_delivery.setup.seed_administrator import PROFILE

LOOKS = pytest.mark.parametrize("width, language", [(1440, "en"), (1440, "zh"), (390, "zh"), (390, "en")])
PLAN = "Delivery Plan"


@pytest.fixture
def administrator(records, site):
	user = records.make_user(roles=["Employee"], new_password=PASSWORD)
	user.update({"roles": [], "role_profile_name": PROFILE})
	user.save(ignore_permissions=True)
	frappe.db.commit()
	yield user.name
	frappe.cache.delete_value(health_light.KEY)


@LOOKS
def test_the_light_leads_to_the_health(open_page, administrator, width, language):
	frappe.cache.set_value(health_light.KEY, {"color": "red", "wrong": 3, "better": 1}, expires_in_sec=300)
	page = open_page("/app/ops-delivery", user=administrator, width=width, language=language)
	light = page.locator(".ops-health-light")
	light.wait_for()
	said = {"en": "3 things need attention", "zh": "有 3 项需要处理"}[language]
	light.get_by_text(said).wait_for()
	assert light.locator(".indicator-pill.red").is_visible()
	page.locator(".shortcut-widget-box").first.wait_for()
	assert light.is_visible(), "it stays when the page has come"
	looks.fits(page)
	page.shoot("red")
	light.click()
	page.wait_for_function("window.cur_frm?.doctype === 'Ops Delivery Settings'")
	health = page.locator("[data-fieldname=health] [role=status]")
	health.wait_for()
	page.wait_for_function(
		"""() => {
			const box = document.querySelector("[data-fieldname=health] [role=status]").getBoundingClientRect();
			return box.top >= 0 && box.top < window.innerHeight;
		}"""
	)
	page.shoot("health")


def test_other_pages_and_people_have_none(open_page, administrator, records):
	frappe.cache.set_value(health_light.KEY, {"color": "green", "wrong": 0, "better": 0}, expires_in_sec=300)
	page = open_page("/app/ops-delivery", user=administrator)
	page.locator(".ops-health-light .green").wait_for()
	page.evaluate("frappe.set_route('support')")
	page.locator(".ops-health-light").wait_for(state="detached")
	worker = records.make_user(roles=["Service Desk"], new_password=PASSWORD).name
	frappe.db.commit()
	page = open_page("/app/ops-delivery", user=worker)
	page.locator(".shortcut-widget-box").first.wait_for()
	page.wait_for_function("!frappe.request.ajax_count")
	page.locator(".ops-health-light").wait_for(state="detached")


@pytest.fixture
def waiting(site, cleanup_state):
	"""A workflow of plans with the state Waiting Room, and a plan in it; its name."""
	flow = frappe.get_doc("Workflow", frappe.get_meta(PLAN).get_workflow())
	before = flow.as_dict()
	factories.make("Workflow State", workflow_state_name="Waiting Room")
	flow.append("states", {"state": "Waiting Room", "doc_status": "0", "allow_edit": "Service Delivery Manager"})
	flow.save()
	plan = planning.plan()
	frappe.db.set_value(PLAN, plan.name, "workflow_state", "Waiting Room")
	frappe.db.commit()
	yield flow, plan
	frappe.db.rollback()
	frappe.db.set_value(PLAN, plan.name, "workflow_state", "Draft")
	flow.reload()
	flow.set("states", [row for row in before.states])
	flow.save()
	frappe.db.commit()


@pytest.fixture
def cleanup_state(site):
	yield
	frappe.db.delete("Comment", {"reference_doctype": "Workflow"})
	frappe.db.commit()


def open_workflow(open_page, administrator, flow, **options):
	page = open_page(f"/app/workflow/{flow.name.replace(' ', '%20')}", user=administrator, **options)
	page.wait_for_function("name => window.cur_frm?.doc?.name === name && !cur_frm.is_dirty()", arg=flow.name)
	page.locator(".form-layout:visible").first.wait_for()
	return page


@LOOKS
def test_the_path_is_tried(open_page, administrator, waiting, width, language):
	flow, plan = waiting
	page = open_workflow(open_page, administrator, flow, width=width, language=language)
	press(page, "Try the path")
	path = page.locator(".ops-path")
	path.wait_for()
	page.wait_for_function("Boolean(window.cur_dialog)")  # it is there before it has come in
	path.get_by_text({"en": "No step leads here.", "zh": "没有步骤通向这里。"}[language]).wait_for()
	page.evaluate("async name => { await cur_dialog.set_value('record', name); }", plan.name)
	path.get_by_text({"en": "the record is here", "zh": "单据在此"}[language]).wait_for()
	looks.fits(page)
	page.shoot("path")
	page.evaluate("async () => { await cur_dialog.set_value('state', 'Draft'); }")
	page.wait_for_function("document.querySelectorAll('.ops-path section').length === 1")


@pytest.mark.parametrize("width, language", [(1440, "en"), (390, "zh")])
def test_documents_of_a_vanished_state_are_moved(open_page, administrator, waiting, width, language):
	flow, plan = waiting
	page = open_workflow(open_page, administrator, flow, width=width, language=language)
	page.wait_for_function("Boolean(cur_frm.custom_buttons[__('Try the path')]) && !frappe.request.ajax_count")
	page.evaluate(
		"""() => {
			const row = cur_frm.doc.states.find(each => each.state === "Waiting Room");
			frappe.model.clear_doc(row.doctype, row.name);
			cur_frm.dirty();
			cur_frm.refresh_field("states");
			cur_frm.save();
		}"""
	)
	dialog = page.locator(looks.ASKING)
	dialog.get_by_text({"en": "Where do their documents go?", "zh": "这些单据移到哪里？"}[language]).wait_for()
	page.wait_for_function("Boolean(window.cur_dialog)")
	looks.fits(page)
	page.shoot("moves")
	page.evaluate("async () => { await cur_dialog.set_value('reason', 'Nobody waits'); }")
	dialog.locator(".btn-modal-primary").click()
	page.wait_for_function("!cur_frm.is_dirty() && !frappe.request.ajax_count")
	frappe.db.rollback()
	assert frappe.db.get_value(PLAN, plan.name, "workflow_state") == "Draft"
	assert frappe.db.exists("Comment", {"reference_name": plan.name, "content": ["like", "%Nobody waits%"]})


NEW_FLOW = """name => new Promise(resolve => frappe.model.with_doctype("Workflow", () => {
	const doc = frappe.model.get_new_doc("Workflow");
	Object.assign(doc, { workflow_name: name, document_type: "Delivery Plan", workflow_state_field: "workflow_state", is_active: 1 });
	for (const [state, phase] of [["Parked", ""], ["Approved", "Approved"]]) {
		const row = frappe.model.add_child(doc, "Workflow Document State", "states");
		Object.assign(row, { state, doc_status: "0", allow_edit: "Service Delivery Manager" });
		if (phase) Object.assign(row, { update_field: "status", update_value: phase });
	}
	const step = frappe.model.add_child(doc, "Workflow Transition", "transitions");
	Object.assign(step, { state: "Parked", action: "Approve", next_state: "Approved", allowed: "Service Delivery Manager" });
	frappe.set_route("Form", "Workflow", doc.name).then(resolve);
}))"""


def test_a_new_workflow_asks_where_the_documents_of_the_former_one_go(open_page, administrator, waiting):
	flow, plan = waiting
	name = factories.unique("Short way")
	for state in ("Parked", "Approved"):
		if not frappe.db.exists("Workflow State", state):
			factories.make("Workflow State", workflow_state_name=state)
	frappe.db.commit()
	page = open_page("/app/workflow", user=administrator, language="zh")
	page.wait_for_function("window.cur_list?.doctype === 'Workflow' && !frappe.request.ajax_count")
	page.evaluate(NEW_FLOW, name)
	page.wait_for_function("window.cur_frm?.doctype === 'Workflow' && cur_frm.is_new() && !frappe.request.ajax_count")
	page.locator(".form-layout:visible").first.wait_for()
	page.evaluate("() => { cur_frm.save(); }")
	try:
		dialog = page.locator(looks.ASKING)
		dialog.get_by_text("这些单据移到哪里？").wait_for()
		page.wait_for_function("Boolean(window.cur_dialog)")
		assert "Waiting Room" in dialog.inner_text()
		looks.fits(page)
		page.shoot("new-flow")
		page.evaluate("async () => { await cur_dialog.set_value('reason', 'A shorter way'); }")
		dialog.locator(".btn-modal-primary").click()
		page.wait_for_function("!cur_frm.is_new() && !cur_frm.is_dirty() && !frappe.request.ajax_count")
		frappe.db.rollback()
		assert frappe.db.get_value(PLAN, plan.name, "workflow_state") == "Parked"
	finally:
		frappe.db.rollback()
		frappe.db.delete("Workflow", {"workflow_name": name})
		frappe.db.set_value("Workflow", flow.name, "is_active", 1)
		frappe.db.commit()
		frappe.clear_cache(doctype=PLAN)
