"""Every moment that is measured, of requests, visits and complaints: which a person types, and what they refuse (5.3.b, 5.3.d).

By the doors past the form: a form hides these fields or shows them read-only, and the server takes what it is sent.
"""

import json

import api_calls
import complaining
import customers
import factories
import frappe
import pytest
import scenario
import visiting
from frappe.utils import add_days, add_to_date, get_datetime
from scenario import MONDAY, hours

from ops_delivery.services.complaints import intake as complaint_intake

MOMENTS = ("Date", "Datetime", "Time", "Duration")
TOMORROW, BEFORE, NOW = "2026-03-03 09:00:00", "2026-02-21 09:00:00", "2026-03-02 10:00:00"
# of an Issue that an agreement rules: what a person types between report and now
TYPED = ("first_responded_on", "ops_departed_on", "ops_arrived_on", "ops_restored_on", "ops_onsite_requested_on")
ONCE = ("ops_onsite_requested_on",)  # and what stays, once it counts
OPENED = ("opening_date", "opening_time")
# what is to come, not what was
PROMISED = {
	"Issue": ("ops_next_due",),
	"Field Service Sheet": ("promised_on", "planned_start", "planned_end"),
	"Remote Support Session": ("promised_on", "planned_start", "planned_end"),
	"Service Complaint": (),
}


@pytest.fixture
def issue(site):
	return scenario.judge_valid(scenario.issue(scenario.agreement()), MONDAY, ops_onsite=1)


@pytest.fixture
def desk(site):
	return factories.make_user(roles=["Service Desk", "Support Team"]).name


def moments(doctype, read_only=None):
	return [
		df
		for df in frappe.get_meta(doctype).fields
		if df.fieldtype in MOMENTS and (read_only is None or bool(df.read_only) == read_only)
	]


def put(who, doc, **values):
	form = {"doctype": doc.doctype, "name": doc.name, "fieldname": json.dumps(values, default=str)}
	return api_calls.post(who, "frappe.client.set_value", **form)


def stored(doc, field):
	return frappe.db.get_value(doc.doctype, doc.name, field)


@pytest.mark.clause("5.3.b")
def test_a_moment_of_a_request_that_is_typed_lies_between_the_report_and_now(issue, desk):
	frappe.db.set_value("Issue", issue.name, "ops_onsite_requested_on", None)
	with scenario.at(MONDAY + hours(2)):
		for field in TYPED:
			for value, said in ((TOMORROW, "lies in the future"), (BEFORE, "lies before")):
				answer = put(desk, issue, **{field: value})
				assert answer.status == 417 and said in answer.text, (field, value, answer.text[-900:])
				saved = frappe.get_doc("Issue", issue.name).update({field: value})
				sent = api_calls.post(desk, "frappe.desk.form.save.savedocs", doc=saved.as_json(), action="Save")
				assert sent.status == 417 and said in sent.text, (field, value, sent.text[-900:])
			assert put(desk, issue, **{field: NOW}).status == 200, field
			assert str(stored(issue, field)) == NOW


@pytest.mark.clause("5.3.c")
def test_when_somebody_was_asked_for_on_site_and_when_it_was_reported_stay(issue, desk):
	with scenario.at(MONDAY + hours(2)):
		asked = stored(issue, "ops_onsite_requested_on")
		for field, value in (("ops_onsite_requested_on", NOW), ("opening_date", "2026-03-01"), ("opening_time", "08:00:00"), ("opening_date", None)):
			answer = put(desk, issue, **{field: value})
			assert answer.status == 417 and "stays so" in answer.text, (field, answer.text[-900:])
		assert stored(issue, "ops_onsite_requested_on") == asked
		assert put(desk, issue, ops_onsite=0).status == 200 and not stored(issue, "ops_onsite_requested_on")


def test_a_request_is_not_reported_tomorrow(desk):
	agreement = scenario.agreement()
	new = {"doctype": "Issue", "subject": "Down", "customer": agreement.customer}
	for opened, status in ((add_to_date(None, days=1), 417), (add_to_date(None, minutes=9), 417), (add_to_date(None, hours=-1), 200)):
		row = {**new, "subject": factories.unique("Down"), "opening_date": f"{opened:%Y-%m-%d}", "opening_time": f"{opened:%H:%M:%S}"}
		answer = api_calls.post(desk, "frappe.client.insert", doc=json.dumps(row))
		assert answer.status == status, answer.text[-900:]
		assert status == 200 or "lies in the future" in answer.text


def test_every_moment_of_a_request_is_typed_by_these_rules_or_stays_what_was_measured(issue, desk):
	"""What no form lets anybody type is put back, as the form shows it before it saves."""
	known = {*TYPED, *OPENED, *PROMISED["Issue"]}
	for df in moments("Issue"):
		if df.fieldname in known:
			continue
		before = stored(issue, df.fieldname)
		with scenario.at(MONDAY + hours(2)):
			for value in (TOMORROW, BEFORE) if df.fieldtype != "Duration" else (999,):
				answer = put(desk, issue, **{df.fieldname: value})
				assert answer.status == 200 and stored(issue, df.fieldname) == before, (df.fieldname, value, stored(issue, df.fieldname))


def visit(doctype):
	return visiting.left(visiting.world(doctype)).visit


def test_every_moment_of_a_visit_and_of_a_complaint_is_a_step_or_a_plan(site):
	w = customers.world()
	manager = factories.make_user(roles=["Service Delivery Manager", "Field Engineer", "Complaint Handler"]).name
	complaint = complaining.complain(w, subject="Late", text="y")
	docs = [visit("Field Service Sheet"), visit("Remote Support Session"), complaint]
	for doc in docs:
		for df in moments(doc.doctype):
			if df.fieldname in PROMISED[doc.doctype] or df.fieldname == "received_on":
				continue
			before = stored(doc, df.fieldname)
			for value in (add_days(None, 1), add_days(None, -400)):
				answer = put(manager, doc, **{df.fieldname: f"{value} 09:00:00"})
				assert answer.status == 417, (doc.doctype, df.fieldname, answer.text[-600:])
				assert stored(doc, df.fieldname) == before


def test_a_complaint_was_not_received_tomorrow(site):
	w = customers.world()
	manager = factories.make_user(roles=["Service Delivery Manager", "Complaint Handler"]).name
	words = {"doctype": "Service Complaint", "subject": "Nobody came", "text": "at all", "channel": "Phone", "customer": w.customer}
	answer = api_calls.post(manager, "frappe.client.insert", doc=json.dumps({**words, "received_on": f"{add_days(None, 1)} 09:00:00"}))
	assert answer.status == 417 and "lies in the future" in answer.text, answer.text[-600:]


@pytest.mark.clause("5.4.d")
def test_a_complaint_about_a_request_was_not_received_before_it(site):
	w = customers.world()
	manager = factories.make_user(roles=["Service Delivery Manager", "Complaint Handler"]).name
	about = {"reference_doctype": "Issue", "reference_name": w.issue.name}
	words = {"doctype": "Service Complaint", "subject": "Nobody came", "text": "at all", "channel": "Phone", "customer": w.customer}
	began = min(get_datetime(f"{w.issue.opening_date} {w.issue.opening_time}"), get_datetime(w.issue.creation))
	for received, status in ((add_days(began, -9), 417), (add_to_date(began, minutes=-2), 417), (began, 200)):
		sent = json.dumps({**words, **about, "received_on": str(received)})
		answer = api_calls.post(manager, "frappe.client.insert", doc=sent)
		assert answer.status == status, answer.text[-600:]
		assert status == 200 or ("lies before" in answer.text and w.issue.name in answer.text), answer.text[-600:]
	complaint = frappe.get_last_doc("Service Complaint")
	for values in ({"received_on": str(add_days(began, -1))}, {"reference_name": None, "reference_doctype": None, "received_on": str(add_days(began, -1))}):
		answer = put(manager, complaint, **values)
		assert answer.status == (417 if "reference_name" not in values else 200), answer.text[-600:]
	answer = put(manager, complaint, **about)
	assert answer.status == 417 and "lies before" in answer.text, answer.text[-600:]


def test_a_mail_that_opened_a_request_and_became_a_complaint_counts_from_the_request(site):
	w = customers.world()
	message = factories.make(
		"Communication", communication_type="Communication", communication_medium="Email", sent_or_received="Received", subject="Slow",
		content="Too slow", sender=w.asker, reference_doctype="Issue", reference_name=w.issue.name,
		communication_date=str(add_to_date(get_datetime(f"{w.issue.opening_date} {w.issue.opening_time}"), hours=-1)),
	)  # fmt: skip
	complaint = frappe.get_doc("Service Complaint", complaint_intake.from_communication(message.name))
	assert complaint.reference_name == w.issue.name
	assert complaint.received_on == get_datetime(f"{w.issue.opening_date} {w.issue.opening_time}")


def test_hours_at_a_visit_that_is_over_are_not_still_to_come(site):
	w = visiting.left(visiting.world())
	row = frappe.get_doc("Field Service Sheet", w.visit.name)
	assert row.left_on and get_datetime(row.engineers[0].to_time)
	answer = api_calls.post(
		w.engineer, "frappe.client.save", doc=json.dumps({**row.as_dict(), "engineers": [{**row.engineers[0].as_dict(), "to_time": f"{add_days(None, 1)} 09:00:00"}]}, default=str)
	)
	assert answer.status == 417 and "the visit is over" in answer.text, answer.text[-600:]
