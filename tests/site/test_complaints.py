"""Complaints: their steps, who may handle them, by every way in."""

import complaining
import factories
import frappe
import pytest
from complaining import fresh
from reviewing import user

from ops_delivery.permissions import steps
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.complaints import handlers as complaint_handlers
from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.complaints import types as complaint_types
from ops_delivery.services.improvements import steps as improvements


@pytest.fixture(scope="module")
def shared(shared_records):
	with shared_records():
		return complaining.world()


@pytest.fixture
def w(shared, site):
	w = frappe._dict(shared)
	fresh(w)
	return w


def answer(w, accepted, note=""):
	with user(w.desk):
		return complaints.record_answer(w.complaint.name, accepted, "Chen Jing", "Telephone", note)


@pytest.mark.clause("5.4.d")
def test_a_complaint_is_acknowledged_handled_answered_and_closed(w):
	assert (w.complaint.status, w.complaint.channel, w.complaint.customer) == (
		"Received",
		"Portal",
		w.customer,
	)
	assert [(row.user, row.why) for row in w.complaint.people] == [(w.engineer, "Assigned")]
	doc = complaining.told(w)
	assert doc.acknowledged_by == w.desk and doc.handler == w.handler and doc.told_on
	assert frappe.db.exists("ToDo", {"reference_name": doc.name, "allocated_to": w.handler, "status": "Open"})
	assert answer(w, True) == "Closed"
	doc = fresh(w)
	assert doc.answer == "Accepted" and doc.closed_on and doc.answered_how == "Telephone"
	assert not frappe.db.exists("ToDo", {"reference_name": doc.name, "status": "Open"})
	points = frappe.get_all("Service Notice", {"reference_name": doc.name}, pluck="key_point")
	assert {f"ops_complaint_{p}" for p in ("received", "acknowledged", "result", "closed")} <= set(points)


@pytest.mark.clause("5.4.d")
def test_an_appeal_goes_to_another_handler_one_level_up_and_ends_some_day(w):
	complaining.told(w)
	with pytest.raises(frappe.ValidationError, match="why you do not agree"):
		answer(w, False)
	assert answer(w, False, "That is not all") == "Appealed"
	doc = fresh(w)
	assert not doc.handler and doc.round == 2 and doc.rounds[0].handler == w.handler
	for who, reason in ((w.handler, "earlier round"), (w.other, "no higher")):
		with user(w.desk), pytest.raises(complaint_handlers.NotIndependent, match=reason):
			complaints.hand_to(doc.name, who)
	complaining.told(w, w.boss)
	assert answer(w, False, "Still not") == "Appealed"
	external = complaining.staff("Complaint Handler")  # of no line here
	complaining.told(w, external)
	with pytest.raises(frappe.ValidationError, match="final"):
		answer(w, False, "And again")
	assert answer(w, True) == "Closed"
	assert [row.handler for row in fresh(w).rounds] == [w.handler, w.boss]


NOT_INDEPENDENT = {
	"engineer": "complained about",
	"superior": "superior",
	"chief": "superior",
	"desk": "neither the role",
	"field": "neither the role",
}
WAYS = {
	"field": lambda w, who: _save(w, who),
	"step": lambda w, who: complaints.hand_to(w.complaint.name, who),
	"api": lambda w, who: frappe.call(
		"frappe.client.set_value", complaints.DOCTYPE, w.complaint.name, "handler", who
	),
	"assign": lambda w, who: _assign(w, who),
	"todo": lambda w, who: complaining.assign(complaints.DOCTYPE, w.complaint.name, who),
	"reassign": lambda w, who: _reassign(w, who),
	"share": lambda w, who: frappe.share.add(complaints.DOCTYPE, w.complaint.name, who, write=1),
	"client bulk": lambda w, who: _client_bulk(w, who),
}


def _save(w, who):
	doc = fresh(w)
	doc.handler = who
	doc.save()


def _assign(w, who):
	from frappe.desk.form import assign_to

	assign_to.add({"doctype": complaints.DOCTYPE, "name": w.complaint.name, "assign_to": [who]})


def _reassign(w, who):
	todo = complaining.assign(complaints.DOCTYPE, w.complaint.name, w.other)
	todo.allocated_to = who
	todo.save()


def _client_bulk(w, who):
	docs = [{"doctype": complaints.DOCTYPE, "docname": w.complaint.name, "handler": who}]
	failed = frappe.call("frappe.client.bulk_update", docs=frappe.as_json(docs))["failed_docs"]
	if failed:
		raise complaint_handlers.NotIndependent(failed[0]["exc"])


@pytest.mark.clause("5.4.d")
@pytest.mark.parametrize("way", WAYS)
def test_nobody_who_is_not_independent_gets_it_on_any_way_in(w, way):
	for who in NOT_INDEPENDENT:
		frappe.db.savepoint("ops_try")
		with pytest.raises(complaint_handlers.NotIndependent):
			WAYS[way](w, w[who])
		frappe.db.rollback(save_point="ops_try")
		frappe.clear_messages()
	assert not fresh(w).handler
	assert not frappe.db.exists("DocShare", {"share_name": w.complaint.name})
	WAYS[way](w, w.handler)


@pytest.mark.clause("5.4.d")
def test_bulk_edit_and_import_are_held_to_it(w, tmp_path):
	import csv

	from frappe.core.doctype.data_import.data_import import import_file
	from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs

	frappe.db.commit()
	name = w.complaint.name
	assert submit_cancel_or_update_docs(complaints.DOCTYPE, [name], "update", {"handler": w.engineer}) == [
		name
	]
	path = tmp_path / "complaints.csv"
	with path.open("w", newline="") as file:
		csv.writer(file).writerows([["ID", "Handler"], [name, w.engineer]])
	frappe.db.delete("Data Import Log")  # of another test's import, which has no name either
	frappe.db.commit()
	import_file(complaints.DOCTYPE, str(path), "Update", console=True)
	assert not fresh(w).handler


def rule(*users, doctype=complaints.DOCTYPE):
	import calendar

	return factories.make(
		"Assignment Rule",
		name=factories.unique("Rule"),
		document_type=doctype,
		rule="Round Robin",
		assign_condition="True",
		description="x",
		assignment_days=[{"day": day} for day in calendar.day_name],
		users=[{"user": user} for user in users],
	)


def assigned_to(doctype, name):
	return frappe.get_all(
		"ToDo", {"reference_type": doctype, "reference_name": name, "status": "Open"}, pluck="allocated_to"
	)


@pytest.mark.clause("5.4.d")
def test_an_assignment_rule_passes_over_who_is_not_independent_and_loses_no_complaint(w):
	first = rule(w.engineer, w.superior)
	doc = complaining.complain(w)
	assert assigned_to(complaints.DOCTYPE, doc.name) == []
	first.delete()
	rule(w.engineer, w.handler)
	assert assigned_to(complaints.DOCTYPE, complaining.complain(w).name) == [w.handler]


def test_a_rule_does_not_give_the_matter_to_the_complaints_handler(w):
	complaints.hand_to(w.complaint.name, w.handler)
	frappe.db.delete("ToDo", {"reference_type": "Issue", "reference_name": w.issue.name})
	rule(w.handler, w.other, doctype="Issue")
	frappe.get_doc("Issue", w.issue.name).save()
	assert assigned_to("Issue", w.issue.name) == [w.other]


def test_each_refusal_says_why_and_the_way_out(w):
	for who, reason in NOT_INDEPENDENT.items():
		with pytest.raises(complaint_handlers.NotIndependent, match=reason) as caught:
			complaints.hand_to(w.complaint.name, w[who])
		assert "Complaint Handler" in str(caught.value) and "external" in str(caught.value)


def test_candidates_are_offered_with_the_reasons_of_the_others(w):
	found = complaint_handlers.candidates(w.complaint)
	free = {row["user"] for row in found["independent"]}
	assert {w.handler, w.other, w.boss} <= free
	excluded = {row["user"]: row["reasons"] for row in found["excluded"]}
	assert {w.engineer, w.superior, w.chief} <= set(excluded) and not free & set(excluded)
	assert all(excluded.values())


def test_its_handler_is_not_given_the_matter(w):
	complaints.hand_to(w.complaint.name, w.handler)
	with pytest.raises(complaint_handlers.NotIndependent, match="handles a complaint"):
		complaining.assign("Issue", w.issue.name, w.handler)
	todo = frappe.get_doc("ToDo", {"reference_type": "Issue", "reference_name": w.issue.name})
	todo.allocated_to = w.handler
	with pytest.raises(complaint_handlers.NotIndependent, match="handles a complaint"):
		todo.save()
	frappe.db.set_value("Service Complaint", w.complaint.name, "handler", None)
	complaining.assign("Issue", w.issue.name, w.other)
	with pytest.raises(complaint_handlers.NotIndependent, match="part in the matter"):
		complaints.hand_to(w.complaint.name, w.other)


def test_who_is_complained_about_later_does_not_go_on_handling_it(w):
	complaining.investigated(w)
	doc = fresh(w)
	doc.append("people", {"user": w.handler})
	with pytest.raises(complaint_handlers.NotIndependent):
		doc.save()
	doc = fresh(w)
	doc.append("people", {"user": w.handler})
	doc.handler = w.other
	doc.save()
	allotted = frappe.get_all("ToDo", {"reference_name": doc.name, "status": "Open"}, pluck="allocated_to")
	assert allotted == [w.other]


def test_a_line_that_changed_stops_the_handler_at_the_next_step(w):
	complaining.investigated(w)
	employee = frappe.db.get_value("Employee", {"user_id": w.engineer})
	frappe.db.set_value(
		"Employee", employee, "reports_to", frappe.db.get_value("Employee", {"user_id": w.handler})
	)
	with user(w.handler), pytest.raises(complaint_handlers.NotIndependent, match="superior"):
		complaints.tell_result(w.complaint.name, "Not Justified", "No", "No")


@pytest.mark.clause("5.4.d")
def test_findings_and_result_are_the_handlers_alone(w):
	complaining.investigated(w)
	for who in ("desk", "other", "superior"):
		with user(w[who]):
			doc = fresh(w)
			doc.result = "Not Justified"
			with pytest.raises(complaint_types.OnlyByHandler):
				doc.save()
			with pytest.raises(complaint_types.OnlyByHandler):
				complaints.tell_result(w.complaint.name, "Not Justified", "x", "x")
	with user(w.handler):
		doc = fresh(w)
		doc.findings = "Talked to both"
		doc.save()
		with pytest.raises(frappe.ValidationError, match="empty"):
			complaints.tell_result(doc.name, "Justified")
		with pytest.raises(frappe.ValidationError, match="not a result"):
			complaints.tell_result(doc.name, "<b>So so</b>", "x")


def test_confidence_that_was_promised_is_not_taken_back(w):
	doc = fresh(w)
	doc.anonymous = 0
	with pytest.raises(steps.OnlyBySteps, match="promised"):
		doc.save()


@pytest.mark.parametrize(
	"field", ["status", "told_on", "answer", "acknowledged_on", "round", "text", "raised_by", "channel"]
)
def test_phases_moments_and_the_customers_words_are_not_edited(w, field):
	value = {
		"status": "Closed",
		"answer": "Accepted",
		"round": 3,
		"raised_by": "x@example.com",
		"channel": "Phone",
	}.get(field, "2026-01-01 00:00:00" if field.endswith("_on") else "Other words")
	doc = fresh(w)
	doc.set(field, value)
	with pytest.raises(frappe.ValidationError, match=r"noted by steps only|what the customer told us"):
		doc.save()


def test_a_new_complaint_begins_at_the_beginning_whatever_it_says(w):
	values = {"subject": "Letter", "channel": "Letter", "text": "Very rude", "customer": w.customer}
	for field, value in {"status": "Closed", "told_on": "2026-01-01", "answer": "Accepted", "round": 7}.items():
		with pytest.raises(steps.OnlyBySteps, match="noted by steps only"):
			factories.make(complaints.DOCTYPE, **values, **{field: value})
	doc = factories.make(complaints.DOCTYPE, **values)
	assert (doc.status, doc.round, doc.told_on, doc.answer) == ("Received", 1, None, None)
	assert doc.entered_by == "Administrator" and doc.entered_on and doc.received_on
	with pytest.raises(frappe.ValidationError, match="no findings"):
		factories.make(complaints.DOCTYPE, subject="x", channel="Phone", text="x", result="Not Justified")


def test_it_is_withdrawn_with_a_reason_and_never_deleted(w):
	with pytest.raises(frappe.ValidationError, match="evidence"):
		w.complaint.delete()
	with user(w.desk):
		with pytest.raises(frappe.ValidationError, match="Say why"):
			complaints.withdraw(w.complaint.name, "")
		assert complaints.withdraw(w.complaint.name, "Entered by mistake") == "Withdrawn"


def test_silence_closes_it_after_the_time_in_the_settings(w):
	complaining.told(w)
	with user(w.desk):
		with pytest.raises(frappe.ValidationError, match="has until"):
			complaints.close_unanswered(w.complaint.name, "No answer")
		frappe.db.set_value(complaints.DOCTYPE, w.complaint.name, "told_on", frappe.utils.add_days(None, -15))
		with pytest.raises(frappe.ValidationError, match="Say why"):
			complaints.close_unanswered(w.complaint.name, " ")
		assert complaints.close_unanswered(w.complaint.name, "No answer after two calls") == "Closed"


@pytest.mark.committed
def test_of_two_answers_at_once_one_counts(site, in_parallel, cleanup):
	w = complaining.world()
	complaining.told(w)
	frappe.db.commit()

	def accept():
		return complaints.record_answer(w.complaint.name, True, "Chen", "Telephone")

	def appeal():
		return complaints.record_answer(w.complaint.name, False, "Li", "Telephone", "No")

	results = in_parallel(accept, appeal)
	frappe.db.rollback()
	assert sum(isinstance(result, complaints.AnsweredAlready) for result in results) == 1
	doc = fresh(w)
	assert (doc.status == "Closed") != (doc.status == "Appealed")


@pytest.mark.clause("5.5.c")
def test_its_clocks_run_by_terms_of_their_own(w):
	w.complaint = complaining.complain(w)
	clocks.refresh(complaints.DOCTYPE, w.complaint.name)
	rows = {
		row.commitment: row
		for row in frappe.get_all(
			"Service Clock", {"reference_name": w.complaint.name}, ["commitment", "state", "target"]
		)
	}
	assert rows["Complaint Acknowledgement"].target == 28800 and rows["Complaint Result"].target == 288000
	complaining.told(w)
	states = dict(
		frappe.get_all(
			"Service Clock", {"reference_name": w.complaint.name}, ["commitment", "state"], as_list=True
		)
	)
	assert set(states.values()) == {"Met"}
	answer(w, False, "No")
	assert (
		frappe.db.get_value(
			"Service Clock", {"reference_name": w.complaint.name, "commitment": "Complaint Result"}, "state"
		)
		== "Running"
	)


@pytest.mark.clause("5.5.c")
def test_an_action_is_opened_by_the_handler_alone(w):
	complaining.investigated(w)
	with user(w.desk), pytest.raises(complaint_types.OnlyByHandler):
		complaints.improve(w.complaint.name)
	with user(w.handler):
		name = complaints.improve(w.complaint.name)
		assert frappe.has_permission(improvements.DOCTYPE, "write", name)
	doc = frappe.get_doc(improvements.DOCTYPE, name)
	assert (doc.source_doctype, doc.source_name, doc.customer) == (
		complaints.DOCTYPE,
		w.complaint.name,
		w.customer,
	)
