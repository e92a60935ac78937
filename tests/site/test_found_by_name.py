"""Roles and choices that the product finds by their names stay (issue 17, 12)."""

import json
from unittest.mock import patch

import api_calls
import desk_door
import frappe
import pytest
import receiving
import scenario
import thirty


@pytest.fixture
def desk():
	scenario.basics()
	person = desk_door.Desk("Employee")
	thirty.give_profile(person.user)
	return person


def said(answer):
	return frappe.utils.strip_html(desk_door.said(answer))


def test_a_role_of_ours_keeps_its_name(desk):
	answer = desk.call("frappe.rename_doc", doctype="Role", old="Service Desk", new="Helpline")
	assert answer.status == 417 and "make a Translation of Service Desk" in said(answer), said(answer)
	assert frappe.db.exists("Role", "Service Desk")
	own = desk.new("Role", role_name="Junior Helper", desk_access=1)
	assert own.status == 200
	assert desk.call("frappe.rename_doc", doctype="Role", old="Junior Helper", new="Helper").status == 200


def test_a_role_that_people_have_is_not_taken_from_all_of_them(desk):
	holder = desk_door.Desk("Technical Expert").user
	answer = desk.save(frappe.get_doc("Role", "Technical Expert"), disabled=1)
	assert answer.status == 417 and "have the role Technical Expert, and would lose it" in said(answer), said(answer)
	assert "Technical Expert" in frappe.get_roles(holder)
	frappe.db.delete("Has Role", {"role": "Technical Expert", "parenttype": "User"})
	assert desk.save(frappe.get_doc("Role", "Technical Expert"), disabled=1).status == 200
	answer = desk.save(frappe.get_doc("Role", "Service Desk"), desk_access=0)
	assert answer.status == 417 and "works at the desk" in said(answer)


def test_customize_form_takes_no_choice_of_ours_away(desk):
	def run(form, method):
		answer = api_calls.call(desk.user, "POST", "run_doc_method", data={"docs": json.dumps(form), "method": method})
		frappe.local.message_log = []
		return answer

	form = run({"doctype": "Customize Form", "doc_type": "Issue"}, "fetch_to_customize")
	assert form.status == 200, said(form)
	(form,) = frappe.parse_json(form.text)["docs"]
	(row,) = [row for row in form["fields"] if row["fieldname"] == "ops_channel"]
	shipped = row["options"]

	def customize(**changed):
		row.update(changed)
		return run(form, "save_customization")

	answer = customize(options="\nLetter")
	assert answer.status == 417 and "writes Portal" in said(answer) and "stay among the options" in said(answer), said(answer)
	assert frappe.get_meta("Issue", cached=False).get_field("ops_channel").options == shipped
	assert customize(options=shipped, description="How it came to us").status == 200


def test_a_property_setter_takes_no_choice_of_our_record_types_away(desk):
	setter = {"doctype_or_field": "DocField", "doc_type": "Service Complaint", "field_name": "channel", "property": "options"}
	there = frappe.get_meta("Service Complaint").get_field("channel").options
	answer = desk.new("Property Setter", property_type="Text", value="\nLetter", **setter)
	assert answer.status == 417 and "writes Portal, Signed Link" in said(answer), said(answer)
	answer = desk.new("Property Setter", property_type="Text", value=f"{there}\nWeChat", **setter)
	assert answer.status == 200, said(answer)


def test_a_choice_that_the_product_writes_stays_and_others_may_come(desk, post):
	field = frappe.get_doc("Custom Field", "Issue-ops_channel")
	answer = desk.save(field, options="\nPortal\nLetter")
	assert answer.status == 417 and "the product itself writes E-mail" in said(answer), said(answer)
	answer = desk.save(field, fieldtype="Data", options="")
	assert answer.status == 417 and "stays a Select" in said(answer), said(answer)
	with patch.object(frappe.db, "updatedb"):  # a choice more needs no other column, and the database would commit
		answer = desk.save(field, options=f"{field.options}\nWeChat")
	assert answer.status == 200, said(answer)
	frappe.clear_cache(doctype="Issue")
	frappe.db.commit()
	box = post.service()
	post.put(box, receiving.message(None, "chen@hospital.example", "The printer is jammed"))
	(message,) = post.receive(box)
	assert frappe.db.get_value("Communication", message, "reference_doctype") == "Issue"
