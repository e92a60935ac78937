"""A check box that comes as the text "0" is not ticked, whichever rule asks (issue: closed doors)."""

import inspect

import customers
import frappe
import pytest
import scenario
from frappe.client import set_value
from frappe.model.base_document import get_controller

from ops_delivery.custom_fields import CUSTOM_FIELDS
from ops_delivery.domain.bounds import BOUNDS
from ops_delivery.permissions import steps
from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.shared import field_types

EARLY = ("before_insert", "before_validate", "before_submit", "before_update_after_submit", "autoname")
OURS = "Ops Delivery"


class Seen(Exception):
	"""Stops a save where the first rule would ask."""


def our_types():
	return frappe.get_all(
		"DocType", filters={"module": OURS, "istable": 0, "issingle": 0, "is_virtual": 0}, pluck="name", order_by="name"
	)


def of_ours(controller, method):
	"""A method as a controller of ours, or one that it is built on, has it."""
	ours = (each for each in controller.__mro__ if each.__module__.startswith("ops_delivery.ops_delivery"))
	return next((each.__dict__[method] for each in ours if method in each.__dict__), None)


def test_what_frappe_calls_before_our_hook_begins_with_it():
	for doctype in our_types():
		controller = get_controller(doctype)
		for method in EARLY:
			if (function := of_ours(controller, method)) and method not in ("autoname", "before_submit"):
				first = [line.strip() for line in inspect.getsource(function).splitlines() if line.strip()][1]
				assert first == "field_types.cast(self)", f"{doctype}.{method}"


def test_every_type_of_ours_sees_numbers_in_its_check_boxes(monkeypatch):
	tried = 0
	for doctype in our_types():
		controller = get_controller(doctype)
		if of_ours(controller, "before_validate"):
			continue  # its first line is looked at above
		doc = frappe.new_doc(doctype)
		checks = [df.fieldname for df in doc.meta.fields if df.fieldtype == "Check"]
		numbers = [df.fieldname for df in doc.meta.fields if df.fieldtype in ("Int", "Float", "Currency", "Percent")]
		bounds = BOUNDS.get(doctype, {})
		numbers = [name for name in numbers if bounds.get(name, (0, 0))[0] <= 0]  # no text of a number that is refused
		for fieldname in (*checks, *numbers):
			doc.set(fieldname, "0")
		for df in doc.meta.get_table_fields():
			row = doc.append(df.fieldname, {})
			for field in row.meta.fields:
				if field.fieldtype == "Check":
					row.set(field.fieldname, "0")

		def stop(doc, *_args):
			raise Seen

		monkeypatch.setattr(controller, "validate", stop, raising=False)
		doc._action = "save"
		steps.take(doc)  # who may write what is another test's matter
		with pytest.raises(Seen):
			doc.run_before_save_methods()
		for fieldname in (*checks, *numbers):
			assert doc.get(fieldname) == 0, f"{doctype}.{fieldname}"
		for row in doc.get_all_children():
			for field in row.meta.fields:
				if field.fieldtype == "Check":
					assert row.get(field.fieldname) == 0, f"{row.doctype}.{field.fieldname}"
		tried += 1
	assert tried > 20


@pytest.mark.parametrize("given", ["0", "", "no", [], {}, False])
def test_no_spelling_of_no_is_yes(given):
	doc = frappe.new_doc("Issue")
	doc.ops_security_checked = given
	field_types.cast(doc)
	assert doc.ops_security_checked == 0
	doc.ops_security_checked = "1"
	field_types.cast(doc)
	assert doc.ops_security_checked == 1


def test_confidence_that_was_promised_is_not_taken_back_by_the_text_0():
	world = customers.world()
	name = complaint_intake.raise_complaint(
		"Portal", world.asker, "Chen Jing", subject="Nobody came", text="x", customer=world.customer
	)
	with pytest.raises(steps.OnlyBySteps, match="promised"):
		set_value("Service Complaint", name, {"anonymous": "0"})
	assert frappe.db.get_value("Service Complaint", name, "anonymous") == 1


def test_a_result_is_not_offered_unchecked_by_the_text_0(as_user, make_user):
	agreement = scenario.agreement(security_check_required=1)
	issue = scenario.judge_valid(scenario.issue(agreement), scenario.MONDAY)
	values = {"status": "Resolved", "resolution_details": "<p>Done</p>", "ops_security_checked": "0"}
	with as_user(make_user(roles=["Service Desk"]).name), pytest.raises(frappe.ValidationError, match="security"):
		set_value("Issue", issue.name, values)
	assert frappe.db.get_value("Issue", issue.name, "status") == "Open"


def test_nothing_else_of_anothers_record_is_touched():
	doc = frappe.new_doc("Issue")
	doc.via_customer_portal = "0"
	field_types.cast(doc)
	assert doc.via_customer_portal == "0"


def test_every_type_of_others_that_has_numbers_of_ours_is_known():
	named = {
		df.get("fieldname"): doctype
		for doctype, fields in CUSTOM_FIELDS.items()
		for df in fields
		if df["fieldtype"] in ("Check", "Int", "Float", "Currency", "Percent")
	}
	rows = {"Stock Entry Detail": "Stock Entry"}
	assert {rows.get(doctype, doctype) for doctype in named.values()} <= field_types.OTHERS
