"""Tables on our forms take what people type into their cells."""

import frappe
import looks
import pytest
import scenario

from ops_delivery.framework import MAJOR


@pytest.fixture
def draft(site):
	doc = scenario.agreement(submit=False)
	frappe.db.commit()
	return doc


def rows(page, table: str):
	return page.locator(f'[data-fieldname="{table}"] .grid-body .rows .grid-row')


def type_into(page, row, fieldname: str, text: str, after: str = "End") -> None:
	cell = row.locator(f'[data-fieldname="{fieldname}"]').first
	cell.click()
	box = cell.locator("input:visible").first
	box.click()
	page.keyboard.press(after)
	page.keyboard.type(text)
	page.keyboard.press("Tab")


def open_tab(page, doc, field: str):
	page.wait_for_function("name => window.cur_frm?.doc?.name === name", arg=doc.name)
	page.wait_for_function("!frappe.request.ajax_count")
	page.evaluate("field => cur_frm.scroll_to_field(field)", field)
	looks.settled(page)  # it scrolls smoothly


@pytest.mark.parametrize(
	"typed, after, seconds, text",
	[("1", "End", 40 * 3600, "40 h"), ("2h 30m", "Control+a", 9000, "2 h 30 min"), ("3小时", "Control+a", 10800, "3 h"), ("５小时", "Control+a", 18000, "5 h")],
)
def test_a_target_is_typed_as_people_write_times(open_page, draft, typed, after, seconds, text):
	if MAJOR >= 16 and not typed.isascii():
		pytest.skip("Frappe 16 reads what is typed there itself, in the words of the reader's language")
	resolution = next(row for row in draft.targets if (row.commitment, row.priority) == ("Resolution", "Low"))
	page = open_page(f"/app/service-agreement/{draft.name}", user="Administrator")
	open_tab(page, draft, "targets")
	type_into(page, rows(page, "targets").nth(resolution.idx - 1), "target", typed, after)
	page.wait_for_function(
		"([name, seconds]) => locals['Service Agreement Target'][name].target === seconds", arg=[resolution.name, seconds]
	)
	page.locator(".ops-targets tr", has_text="Resolution").get_by_text(text, exact=True).wait_for()
	assert "NaN" not in page.locator(".ops-targets").inner_text()
	page.shoot("typed")


def test_a_row_that_tab_adds_keeps_nobody_from_saving(open_page, draft, records):
	contact = records.make_contact(draft.customer).name
	frappe.db.commit()
	page = open_page(f"/app/service-agreement/{draft.name}", user="Administrator")
	open_tab(page, draft, "contacts")
	page.locator('[data-fieldname="contacts"] .grid-add-row:visible').click()
	row = rows(page, "contacts").nth(1)
	row.locator('[data-fieldname="contact_role"] select').select_option("Customer Contact")
	row.locator('[data-fieldname="contact"]').first.click()
	row.locator('[data-fieldname="contact"] input').first.fill(contact)
	page.wait_for_function("!frappe.request.ajax_count")
	page.keyboard.press("Tab")
	rows(page, "contacts").nth(2).wait_for()  # Frappe's new row, with a part and a level in it
	page.locator(".page-head:visible .primary-action").click()
	page.wait_for_function("!cur_frm.is_dirty() && !frappe.request.ajax_count")
	frappe.db.rollback()
	saved = frappe.get_doc(draft.doctype, draft.name).contacts
	assert [(row.contact_role, row.contact) for row in saved[1:]] == [("Customer Contact", contact)]
	page.shoot("saved")


def test_a_row_that_was_copied_stays(open_page, draft):
	page = open_page(f"/app/service-agreement/{draft.name}", user="Administrator")
	open_tab(page, draft, "channels")
	page.evaluate(
		"""() => {
			const grid = cur_frm.fields_dict.channels.grid;
			grid.add_new_row(null, null, true, cur_frm.doc.channels[0]);
			grid.add_new_row(null, null, true);
		}"""
	)
	before = len(draft.channels)
	page.evaluate("cur_frm.save()")
	page.wait_for_function("!cur_frm.is_dirty() && !frappe.request.ajax_count")
	frappe.db.rollback()
	assert len(frappe.get_doc(draft.doctype, draft.name).channels) == before + 1
