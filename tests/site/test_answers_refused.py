"""What the customer's answer to a result (6.3.g) and a decision in a review (5.3.1.e) are refused for, one call each over HTTP."""

import api_calls
import customers
import frappe
import pytest
import reviewing

from ops_delivery.services.plans import completeness as plan_completeness

ACCEPTANCE, RECORD = "ops_delivery.api.acceptance.decide", "ops_delivery.api.issue.record_decision"
REVIEWS = "ops_delivery.api.reviews"
TOLD = {"by_name": "Chen Jing", "how": "By telephone", "decided_on": "2026-01-02 10:00:00"}


def refused(answer, *words):
	assert answer.status in (403, 404, 409, 417), (answer.status, answer.text[:400])
	missing = [word for word in words if word not in answer.text]
	assert not missing, answer.text[:600]


@pytest.fixture(autouse=True)
def complete(monkeypatch):
	"""What a plan must contain is the matter of other tests."""
	monkeypatch.setattr(plan_completeness, "require", lambda *_args, **_kwargs: None)


@pytest.fixture
def w(site):
	world = customers.world()
	customers.open_one(world.issue)
	return world


@pytest.mark.parametrize(
	("given", "words"),
	[
		({"decision": "Perhaps"}, ["Perhaps", "is not an answer. Choose one of"]),
		({"decision": "Rejected"}, ["Say why you reject the result"]),
		({"decision": "Accepted with Reservations"}, ["Name at least one reservation"]),
		({"decision": "Accepted", "reservations": "The label"}, ["There are reservations, so choose"]),
		({"decision": "Accepted with Reservations", "reservations": "a\n" * 21}, ["At most 20 reservations can be named."]),
		({"decision": "Rejected", "comment": "x" * 2001}, ["is longer than 2000 characters"]),
	],
)
def test_an_answer_to_a_result(w, given, words):
	refused(api_calls.post(w.asker, ACCEPTANCE, issue=w.issue.name, **given), *words)
	assert frappe.db.get_value("Service Acceptance", {"reference_name": w.issue.name}, "state") == "Requested"


def test_there_is_no_result_to_answer_for(site, make_user):
	w = customers.world()
	frappe.db.delete("Service Acceptance", {"reference_name": w.issue.name})
	frappe.db.set_value("Issue", w.issue.name, "status", "Open")
	refused(api_calls.post(w.asker, ACCEPTANCE, issue=w.issue.name, decision="Accepted"), "has no result to answer for yet")
	desk = make_user(roles=["Service Desk"]).name
	given = {"issue": w.issue.name, "decision": "Accepted", **TOLD}
	refused(api_calls.post(desk, RECORD, **given), "has no result that waits for an answer. Resolve it first.")


def test_a_decision_inside(site):
	w = reviewing.in_internal_review()
	review = reviewing.open_review(w.plan)
	decide, record = f"{REVIEWS}.decide", f"{REVIEWS}.record_decision"
	refused(api_calls.post(w.reviewer, decide, review=review, decision="Perhaps"), "is not a decision. Choose one of")
	refused(api_calls.post(w.reviewer, decide, review=review, decision="Approved", opinion="x" * 4001), "is longer than 4000 characters")
	refused(
		api_calls.post(w.other, record, review=review, decision="Approved", **TOLD),
		"is decided by the reviewers themselves; nobody records a decision for them.",
	)
	refused(api_calls.post(w.reviewer, f"{REVIEWS}.add_minutes", review=review, text="  "), "write down what was discussed")
	put_off = f"{REVIEWS}.put_off"
	refused(api_calls.post(w.author, put_off, review=review, due_on=""), "is empty. Choose a day.")
	refused(api_calls.post(w.author, put_off, review=review, due_on="2001-01-01 10:00:00"), "2001")
	reviewing.approve(w.plan, w.reviewer)
	refused(api_calls.post(w.author, put_off, review=review, due_on="2040-01-01 10:00:00"), "it is due no more")


def test_a_decision_of_the_customers_that_staff_record(site):
	w = reviewing.in_customer_review()
	review = reviewing.open_review(w.plan, reviewing.CUSTOMER)
	given = {"review": review, "decision": "Approved", **TOLD}
	ahead = {**given, "decided_on": "2090-01-01 10:00:00"}
	refused(api_calls.post(w.other, f"{REVIEWS}.record_decision", **ahead), "lies in the future. Enter when the customer decided.")
	frappe.db.set_value("Service Review", review, "content_hash", "another")
	refused(api_calls.post(w.other, f"{REVIEWS}.record_decision", **given), "has changed since this review was asked for")
	assert reviewing.state(w.plan, reviewing.CUSTOMER) == ["Open"]
