"""Frappe's generic doors to a record as a whole (print view, list of rows, REST): what our rules keep back there (6.3.g, 6.3.j, 5.4.d)."""

import json

import api_calls
import factories
import frappe
import frappe.api
import improving
import pages
import pytest
from frappe.permissions import add_permission
from test_list_conditions import asked, row, w


def print_view(who: str, doctype: str, name: str) -> int:
	return pages.get(f"/printview?doctype={doctype}&name={name}", who)[0]


@pytest.mark.parametrize("doctype", ["Issue", "Service Acceptance", "Service Leftover"])
def test_staff_without_the_right_print_no_record(w, make_user, doctype):  # noqa: F811
	name = w.issue
	if doctype != "Issue":
		named = "source" if doctype == "Service Leftover" else "reference"
		name = row(doctype, {f"{named}_doctype": "Issue", f"{named}_name": w.issue, "subject": "x"})
	assert print_view(make_user().name, doctype, name) == 403
	assert print_view("Administrator", doctype, name) == 200


def test_what_was_answered_in_a_survey_is_printed_by_staff_alone(w):  # noqa: F811
	name = row("Survey Response", {"customer": w.customer, "owner": w.asker})
	assert print_view(w.asker, "Survey Response", name) == 403


def test_who_is_complained_about_stands_in_no_list_of_the_customers(w):  # noqa: F811
	for doctype in ("Service Complaint", "Service Complaint Person"):
		add_permission(doctype, "Customer")
	about = {"parent": row("Service Complaint", {"customer": w.customer, "raised_by": w.asker}), "parenttype": "Service Complaint"}
	row("Service Complaint Person", {**about, "parentfield": "people", "user": "Administrator"})
	status, found = asked(w.asker, "Service Complaint Person", parent="Service Complaint", limit_page_length=0)
	assert status == 403 or found["data"] == [], found


def put(who: str, doc, **values) -> tuple[int, str]:
	"""PUT /api/resource/… with values; the status and what was said."""
	data = json.dumps(values, default=str)
	with api_calls.request(who, "PUT", f"/api/resource/{doc.doctype}/{doc.name}", data=data, content_type="application/json"):
		frappe.local.form_dict = frappe._dict(data=data)
		try:
			response = frappe.api.handle(frappe.request)
		except Exception as error:
			response = frappe.app.handle_exception(error)
		return response.status_code, response.get_data(as_text=True)


def test_no_row_of_a_table_that_steps_write_is_added_or_changed(site, make_user):
	manager = make_user(roles=["Service Delivery Manager"]).name
	action = improving.action()
	status, said = put(manager, action, checks=[{"result": "Effective", "note": "All is well"}])
	assert status == 417 and "these rows are written by steps only" in said, (status, said)
	row("Improvement Check", {"parent": action.name, "parenttype": action.doctype, "parentfield": "checks", "idx": 1, "note": "Not yet"})
	rows = [{**check.as_dict(), "note": "All is well"} for check in improving.fresh(action).checks]
	assert len(rows) == 1
	status, said = put(manager, action, checks=rows)
	assert status == 417 and "is noted by steps only and cannot be set to" in said and "All is well" in said, (status, said)
