"""What the forms of the rules say before an administrator saves: conditions tried, what switching off means (6.3.b)."""

from urllib.parse import quote

import factories
import frappe
import looks
import pytest
import scenario

PASSWORD = "Wind-turbine-62"


@pytest.fixture
def open_form(open_page, records):
	manager = records.make_user(roles=["Service Delivery Manager", "System Manager"], new_password=PASSWORD).name

	def open_form(doctype, name):
		frappe.db.commit()
		page = open_page(f"/app/{doctype.lower().replace(' ', '-')}/{quote(name, safe='')}", user=manager, language="en")
		page.wait_for_function("name => window.cur_frm?.doc?.name === name && !cur_frm.is_dirty()", arg=name)
		page.locator(".form-layout:visible").first.wait_for()
		return page

	return open_form


def test_below_each_condition_stands_on_how_many_records_it_is_valid(open_form):
	agreement = scenario.agreement()
	scenario.issue(agreement)
	definition = frappe.db.get_value("Clock Definition", {"document_type": "Issue", "commitment": "Resolution"}, "name")
	page = open_form("Clock Definition", definition)
	line = page.locator("[data-fieldname=meet_when] .ops-on-the-last")
	line.wait_for()
	assert "Valid on" in line.inner_text() and "of the last" in line.inner_text()
	page.shoot("definition")


@pytest.mark.parametrize("field", ["calendar", "escalation_policy", "priority_matrix"])
def test_switching_off_asks_first_and_can_be_left(open_form, field):
	agreement = scenario.agreement()
	doctype, name = agreement.meta.get_field(field).options, agreement.get(field)
	page = open_form(doctype, name)
	page.wait_for_function("() => cur_frm.ops_was_enabled === 1 && !frappe.request.ajax_count")
	page.evaluate("() => cur_frm.set_value('enabled', 0)")
	page.evaluate("() => { cur_frm.save(); }")
	dialog = page.locator(".modal.show .modal-dialog")
	dialog.wait_for()
	assert agreement.title in dialog.inner_text()
	page.shoot(field)
	dialog.locator(".btn-modal-secondary, .btn-secondary").first.click()
	looks.left(page)
	frappe.db.rollback()
	assert frappe.db.get_value(doctype, name, "enabled") == 1


def test_a_matrix_names_who_promises_nothing_for_a_new_priority(open_form, records):
	agreement = scenario.agreement()
	if not frappe.db.exists("Issue Priority", "Critical"):
		factories.make("Issue Priority", name="Critical")
	page = open_form("Priority Matrix", agreement.priority_matrix)
	page.evaluate(
		"""() => {
			cur_frm.add_child("priorities", { priority: "Critical" });
			cur_frm.doc.cells[cur_frm.doc.cells.length - 1].priority = "Critical";
			cur_frm.dirty();
			cur_frm.save();
		}"""
	)
	dialog = page.locator(".modal.show .modal-dialog")
	dialog.wait_for()
	assert agreement.title in dialog.inner_text() and "Critical" in dialog.inner_text()
	page.shoot("matrix")


def test_a_measured_type_is_switched_off_when_it_was_read_what_ends(open_form):
	scenario.issue(scenario.agreement())
	page = open_form("Measured Record Type", "Issue")
	page.wait_for_function("() => cur_frm.ops_was_enabled === 1 && !frappe.request.ajax_count")
	page.evaluate("() => cur_frm.set_value('enabled', 0)")
	page.evaluate("() => { cur_frm.save(); }")
	dialog = page.locator(".modal.show .modal-dialog")
	dialog.get_by_text("running or paused clocks end").wait_for()
	page.shoot("record-type")
	dialog.locator(".btn-modal-secondary, .btn-secondary").first.click()
	looks.left(page)
	frappe.db.rollback()
	assert frappe.db.get_value("Measured Record Type", "Issue", "enabled") == 1
