"""What was typed into a dialog stays when the server refuses, and goes when it has agreed."""

import json

import frappe
import looks
import planning
import pytest
import scenario

TYPED = "Typed with care"


def refuse(page, what: str) -> None:
	"""From now on the server refuses what goes to that endpoint, as it does with any rule of ours."""
	told = json.dumps([json.dumps({"message": "Not so", "title": "Refused"})])
	answer = json.dumps({"exc_type": "ValidationError", "_server_messages": told})
	page.route(f"**/api/method/{what}*", lambda route: route.fulfill(status=417, body=answer, content_type="application/json"))


def leftover(records):
	customer = records.make_customer().name
	return records.make("Service Leftover", subject="Later", customer=customer, state="Open")


def activity(records):
	_plan, (name, *_others) = planning.approved()
	return frappe.get_doc("Delivery Activity", name)


def agreement(records):
	return scenario.agreement(submit=False)


@pytest.mark.parametrize(
	"make, button, group, field, endpoint",
	[
		(leftover, "Solve", "", "text", "ops_delivery.api.leftovers.set_state"),
		(activity, "Record Progress", "", "progress", "ops_delivery.api.delivery_plans.record_progress"),
		(agreement, "Keep as a template", "Agreement", "template_name", "ops_delivery.api.agreements.save_as_template"),
	],
)
def test_a_refusal_loses_nothing_typed(open_page, records, make, button, group, field, endpoint):
	doc = make(records)
	frappe.db.commit()
	page = open_page(f"/app/{frappe.scrub(doc.doctype).replace('_', '-')}/{doc.name}", user="Administrator")
	page.wait_for_function("name => window.cur_frm?.doc?.name === name", arg=doc.name)
	if group:
		page.locator(".inner-group-button:visible > button", has_text=group).last.click()
		page.locator(".inner-group-button .dropdown-menu.show").get_by_text(button).click()
	else:
		page.locator(".custom-actions:visible").get_by_role("button", name=button).click()
	dialog = page.locator(looks.ASKING).first
	box = dialog.locator(f'[data-fieldname="{field}"] :is(input, textarea)').first
	typed = "40" if field == "progress" else TYPED
	box.fill(typed)
	box.blur()
	refuse(page, endpoint)
	dialog.locator(".btn-modal-primary").click()
	page.locator(".msgprint").get_by_text("Not so").wait_for()
	page.shoot("refused")
	assert box.is_visible() and box.input_value() == typed
	page.errors.clear()  # the refusal itself
	page.unroute_all()
	page.locator(".modal.show .btn-modal-close:visible").last.click()
	dialog.locator(".btn-modal-primary").click()
	dialog.wait_for(state="hidden")


@pytest.mark.parametrize("progress, shown", [(48, "48"), (47.5, "47.5"), (0, "0"), (100, "100")])
def test_a_number_in_a_dialog_is_shown_as_people_write_it(open_page, records, progress, shown):
	doc = activity(records)
	doc.db_set("progress", progress)
	frappe.db.commit()
	page = open_page(f"/app/delivery-activity/{doc.name}", user="Administrator")
	page.wait_for_function("name => window.cur_frm?.doc?.name === name", arg=doc.name)
	page.locator(".custom-actions:visible").get_by_role("button", name="Record Progress").click()
	box = page.locator('.modal.show [data-fieldname="progress"] input')
	box.wait_for()
	looks.settled(page)  # defaults are set a little later
	assert box.input_value() == shown
	page.shoot("shown")


@pytest.mark.parametrize(
	"number_format, number, shown", [("#.###,##", 1500.5, "1.500,5"), ("#,###.##", 1500, "1,500"), ("#,###", 1500, "1,500")]
)
def test_a_number_in_a_dialog_keeps_to_the_sites_format(open_page, number_format, number, shown):
	page = open_page("/app/todo/view/list", user="Administrator")
	page.wait_for_function("window.cur_list?.doctype === 'ToDo' && !frappe.request.ajax_count")
	page.evaluate(
		"""async ([format, number]) => {
			await ops_delivery.need("desk");
			frappe.boot.sysdefaults.number_format = format;
			const fields = [{ fieldname: "number", fieldtype: "Float", label: "Number", default: number }];
			ops_delivery.ask({ title: "Number", label: "Save", fields, action: () => {} });
		}""",
		[number_format, number],
	)
	box = page.locator('.modal.show [data-fieldname="number"] input')
	box.wait_for()
	looks.settled(page)
	assert box.input_value() == shown
