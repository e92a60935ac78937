"""What used to be accepted without a word, at the door a person types it (5.2.g, 5.4.d, 5.5, 6.3.g)."""

import json

import api_calls
import customers
import desk_door
import factories
import frappe
import improving
import planning
import pytest
import scenario
import visiting
from frappe.utils import add_days, nowdate
from reviewing import user

from ops_delivery.services.requests import acceptance


def _insert(who: str, **values):
	return api_calls.post(who, "frappe.client.insert", doc=json.dumps(values, default=str))


def test_what_nobody_can_mean_is_refused_in_words(site):
	customer = factories.make_customer().name
	manager = factories.make_user(roles=["Service Delivery Manager", "Complaint Handler", "Service Desk"]).name
	yesterday = add_days(nowdate(), -1)
	for values, said in (
		({"doctype": "Service Leftover", "subject": "Later", "state": "Open", "due_date": yesterday}, "has passed"),
		({"doctype": "Improvement Action", "subject": "Better", "title": "Better", "problem": "x", "due_date": yesterday}, "has passed"),
		(
			{
				"doctype": "Service Handover",
				"subject": "Later",
				"service_content": "Consulting",
				"source_doctype": "Customer",
				"source_name": customer,
				"due_date": yesterday,
			},
			"has passed",
		),
		({"doctype": "Service Complaint", "subject": "Nobody came", "channel": "Phone"}, "A subject alone"),
	):
		answer = _insert(manager, customer=customer, **values)
		assert answer.status == 417 and said in answer.text, (values["doctype"], answer.text[:600])


@pytest.mark.clause("5.5.f")
def test_an_effect_is_checked_and_a_review_put_off_on_no_day_that_has_passed(site):
	yesterday = add_days(nowdate(), -1)
	desk = desk_door.Desk("Service Delivery Manager", "Service Desk")
	action = improving.action()
	said = desk_door.said(desk.save(action, effect_how="Count calls", effect_due=yesterday))
	assert "has passed" in said and "Effect" in said, said
	assert desk.save(action, effect_how="Count calls", effect_due=nowdate()).status == 200
	agreement = scenario.agreement()
	review = frappe.get_doc("Service Review", {"reference_name": agreement.name})
	frappe.db.set_value("Service Review", review.name, "state", "Open")
	put_off = {"review": review.name, "due_on": f"{yesterday} 18:00:00"}
	answer = desk.call("ops_delivery.api.reviews.put_off", **put_off)
	assert answer.status == 417 and "has passed" in desk_door.said(answer), answer.text[:400]


@pytest.mark.clause("5.2.g")
def test_a_period_that_has_not_begun_is_not_assessed(site):
	agreement = scenario.agreement(start_date=add_days(nowdate(), -10), end_date=add_days(nowdate(), 400))
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	answer = _insert(
		manager,
		doctype="Agreement Assessment",
		agreement=agreement.name,
		start_date=add_days(nowdate(), 30),
		end_date=add_days(nowdate(), 60),
	)
	assert answer.status == 417 and "Assess it once it has begun" in answer.text, answer.text[:600]


@pytest.mark.clause("6.3.b")
def test_a_restore_that_is_promised_after_the_resolution_is_refused(site):
	draft = scenario.agreement(submit=False)
	next(row for row in draft.targets if (row.commitment, row.priority) == ("Restore", "High")).target = 9 * 3600
	with pytest.raises(frappe.ValidationError, match="the target to restore"):
		draft.save()


def test_a_visit_in_the_past_is_planned_with_a_word(site):
	w = visiting.world()
	frappe.clear_messages()
	with user(w.engineer):
		visiting.plan("Field Service Sheet", w.customer, owner_user=w.engineer, planned_start=add_days(nowdate(), -9))
	assert "has passed" in str(frappe.message_log)


@pytest.mark.clause("6.3.g")
def test_what_the_customer_accepted_is_reopened_for_a_reason(site):
	w = customers.world()
	acceptance.decide(customers.open_one(w.issue), "Accepted", "Chen", w.asker, "Portal")
	desk = factories.make_user(roles=["Service Desk", "Support Team"]).name

	def put(**values):
		form = {"doctype": "Issue", "name": w.issue.name, "fieldname": json.dumps(values)}
		return api_calls.post(desk, "frappe.client.set_value", **form)

	answer = put(status="Open")
	assert answer.status == 417 and "Why it is reopened" in answer.text, answer.text[:600]
	assert put(status="Open", ops_reopen_reason="It fails again, by phone").status == 200
	issue = frappe.get_doc("Issue", w.issue.name)
	assert (issue.status, issue.ops_reopen_count, issue.ops_acceptance_status or "") == ("Open", 1, "")


def test_nothing_has_happened_on_a_day_that_is_still_to_come(site):
	"""Days in the rows of a table on which something happened."""
	customer = factories.make_customer().name
	manager = factories.make_user(roles=["Service Delivery Manager", "Complaint Handler"]).name
	common = {"customer": customer, "company": factories.company(), "title": "Better", "start_date": nowdate()}
	common["end_date"] = add_days(nowdate(), 60)
	tomorrow = add_days(nowdate(), 1)
	consulting = factories.make("Consulting Plan", **common, status="Draft")
	for values in (
		{**common, "doctype": "Consulting Plan", "requirements": [{"requirement": "x", "raised_on": tomorrow}]},
		{**common, "doctype": "Consulting Report", "plan": consulting.name, "interviews": [{"person_name": "x", "held_on": tomorrow}]},
		{**common, "doctype": "Optimization Plan", "suggestions": [{"suggestion": "x", "suggested_on": tomorrow}]},
		{
			**common,
			"doctype": "Optimization Plan",
			"security_checks": [{"factor": "People", "requirement": "x", "result": "Met", "checked_on": tomorrow}],
		},
		{
			"doctype": "Improvement Action",
			"customer": customer,
			"title": "Better",
			"problem": "x",
			"due_date": tomorrow,
			"measures": [{"measure": "x", "state": "Done", "result": "x", "owner_user": manager, "due_date": tomorrow, "done_on": tomorrow}],
		},
	):
		answer = _insert(manager, **values)
		assert answer.status == 417 and "lies in the future" in answer.text, (values["doctype"], answer.text[:900])


def test_what_can_be_measured_of_work_is_said_where_it_cannot(site):
	"""Progress beyond all of it, and less than none of what is counted."""
	_plan, (name, *_others) = planning.approved()
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	answer = api_calls.post(manager, "ops_delivery.api.delivery_plans.record_progress", activity=name, progress=150)
	assert answer.status == 417 and "150" in answer.text, answer.text[:600]
