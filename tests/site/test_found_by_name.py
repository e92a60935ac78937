"""Roles and choices that the product finds by their names stay (issue 17, 12)."""

from unittest.mock import patch

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
