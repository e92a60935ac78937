"""What was typed into a dialog stays when the server refuses, and goes when it has agreed."""

import json

import frappe
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
	dialog = page.locator(".modal.show").first
	box = dialog.locator(f'[data-fieldname="{field}"] :is(input, textarea)').first
	typed = "40" if field == "progress" else TYPED
	box.fill(typed)
	box.blur()
	refuse(page, endpoint)
	dialog.locator(".btn-modal-primary").click()
	page.locator(".msgprint").get_by_text("Not so").wait_for()
	page.shoot("refused")
	assert box.is_visible() and box.input_value().startswith(typed)  # a share is shown with its decimals
	page.errors.clear()  # the refusal itself
	page.unroute_all()
	page.locator(".modal.show .btn-modal-close:visible").last.click()
	dialog.locator(".btn-modal-primary").click()
	dialog.wait_for(state="hidden")
