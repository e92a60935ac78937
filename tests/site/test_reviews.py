"""Documents are reviewed inside and outside before they count, and it is on record (5.2.i, 6.4.b, 6.5.c, 8.5.b)."""

import factories
import frappe
import pytest
import reviewing
from reviewing import CUSTOMER, INTERNAL

from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.reviews import requesting
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.shared.site_time import site_now

pytestmark = pytest.mark.clause("6.4.b")


@pytest.fixture(autouse=True)
def complete(monkeypatch):
	"""What a plan must contain is the matter of other tests."""
	from ops_delivery.services.plans import completeness as plan_completeness

	monkeypatch.setattr(plan_completeness, "require", lambda *_args, **_kwargs: None)


@pytest.mark.clause("5.2.i")
def test_a_plan_goes_through_both_reviews_and_both_are_on_record():
	w = reviewing.approved()
	assert w.plan.status == "Approved" and w.plan.workflow_state == "Approved"
	rows = reviews.summary("Delivery Plan", w.plan.name)
	assert [(row["rule"], row["party"], row["state"]) for row in rows] == [
		(INTERNAL, "Internal", "Approved"),
		(CUSTOMER, "Customer", "Approved"),
	]
	inside = next(line for line in rows[0]["participants"] if line["decision"] == "Approved")
	outside = next(line for line in rows[1]["participants"] if line["decision"] == "Approved")
	assert (inside["user"], inside["opinion"], inside["channel"]) == (w.reviewer, "Fine", "Desk")
	assert (outside["user"], outside["opinion"], outside["channel"]) == (w.asker, "Good", "Portal")
	kept = frappe.get_doc("Service Review", rows[0]["name"])
	assert kept.content_hash == reviewed.content_hash(w.plan)
	assert "What we agreed upon" in frappe.db.get_value("Rule Version", kept.content_version, "content")


def test_reviews_open_by_themselves_and_are_assigned_and_told():
	w = reviewing.in_internal_review()
	review = frappe.get_doc("Service Review", reviewing.open_review(w.plan))
	asked = {row.user for row in review.participants}
	assert {w.reviewer, w.other} <= asked and w.author not in asked
	assert frappe.db.exists(
		"ToDo", {"reference_name": review.name, "allocated_to": w.reviewer, "status": "Open"}
	)
	assert frappe.db.exists(
		"Service Notice", {"reference_name": review.name, "key_point": "ops_review_requested"}
	)
	assert (review.due_on - review.requested_on).days == 3
	assert not reviewing.open_review(w.plan, CUSTOMER)
	reviewing.approve(w.plan, w.reviewer)
	assert not frappe.db.exists("ToDo", {"reference_name": review.name, "status": "Open"})
	assert reviewing.state(w.plan) == ["Approved"]


def test_the_next_phase_names_what_is_missing():
	w = reviewing.in_internal_review()
	with pytest.raises(reviewed.ReviewMissing, match="0 of 1 approvals by Service Delivery Manager"):
		reviewing.act(w.plan, "Send to the Customer", w.author)
	assert frappe.db.get_value("Delivery Plan", w.plan.name, "status") == "Internal Review"
	assert [need.rule.name for need in reviews.missing(w.plan, "Approved")] == [INTERNAL, CUSTOMER]
	assert reviews.missing(w.plan, "Cancelled") == []


def test_never_the_author():
	w = reviewing.in_internal_review()
	with reviewing.user(w.author), pytest.raises(frappe.PermissionError, match="You wrote on"):
		review_answers.decide(reviewing.open_review(w.plan), "Approved", "Mine")
	# who rewrites the content becomes an author of it
	reviewing.change(w.plan, w.reviewer, description="Better so")
	with reviewing.user(w.reviewer), pytest.raises(frappe.PermissionError, match="You wrote on"):
		review_answers.decide(reviewing.open_review(w.plan), "Approved", "")
	assert reviewing.approve(w.plan, w.other) == "Approved"


def test_an_approval_is_worth_nothing_for_another_content():
	w = reviewing.in_internal_review()
	reviewing.approve(w.plan, w.reviewer)
	plan = reviewing.change(w.plan, w.author, description="Twice the work")
	assert reviewing.state(plan) == ["Outdated", "Open"]
	with pytest.raises(reviewed.ReviewMissing, match="about another content"):
		reviewing.act(plan, "Send to the Customer", w.author)
	reviewing.approve(plan, w.other)
	plan = reviewing.act(plan, "Send to the Customer", w.author)
	# changed while the customer reads it: the internal approval is void as well, although its phase has passed
	reviewing.customer_decides(plan, w.asker)
	plan = reviewing.change(plan, w.author, description="Three times the work")
	assert {need.rule.name for need in reviews.missing(plan, "Approved")} == {INTERNAL, CUSTOMER}
	with pytest.raises(reviewed.ReviewMissing):
		reviewing.act(plan, "Approve", w.author)


def test_nothing_decided_yet_follows_the_content_silently():
	w = reviewing.in_internal_review()
	name = reviewing.open_review(w.plan)
	plan = reviewing.change(w.plan, w.author, description="A word less")
	assert reviewing.open_review(plan) == name
	assert frappe.db.get_value("Service Review", name, "content_hash") == reviewed.content_hash(plan)


def test_a_rejection_stands_until_the_content_changes_or_the_person_changes_their_mind():
	w = reviewing.in_internal_review()
	with reviewing.user(w.reviewer), pytest.raises(frappe.ValidationError, match="what has to be changed"):
		review_answers.decide(reviewing.open_review(w.plan), "Rejected", " ")
	assert reviewing.approve(w.plan, w.reviewer, verdict="Rejected", opinion="No budget") == "Rejected"
	with reviewing.user(w.author):
		requesting.open_for(w.plan)
	reviewing.approve(w.plan, w.other)
	assert "rejected this content" in reviews.missing(w.plan, "Customer Review")[0].text
	with reviewing.user(w.author):
		requesting.open_for(w.plan)
	assert reviewing.approve(w.plan, w.reviewer, opinion="I see it now") == "Approved"
	assert not reviews.missing(w.plan, "Customer Review")


def test_a_left_phase_withdraws_its_review_and_keeps_what_was_said():
	rule = reviewing.rule(needed_before="Customer Review", approvals=2)
	w = reviewing.in_internal_review()
	reviewing.approve(w.plan, w.reviewer, rule.name)
	plan = reviewing.act(w.plan, "Return to Draft", w.author)
	assert reviewing.state(plan, rule.name) == ["Withdrawn"]
	plan = reviewing.act(plan, "Ask for Internal Review", w.author)
	reviewing.approve(plan, w.other, rule.name)  # the content is the same: the first approval still counts
	assert rule.name not in {need.rule.name for need in reviews.missing(plan, "Customer Review")}


# How many, and who


def test_two_approvals_take_two_people_unless_the_rule_says_otherwise():
	strict = reviewing.rule(needed_before="Customer Review", approvals=2)
	lenient = reviewing.rule(needed_before="Customer Review", approvals=2, same_person_may_repeat=1)
	frappe.db.set_value("Review Rule", INTERNAL, "enabled", 0)
	w = reviewing.in_internal_review()
	assert reviewing.approve(w.plan, w.reviewer, strict.name) == "Open"
	with pytest.raises(frappe.ValidationError, match="another person"):
		reviewing.approve(w.plan, w.reviewer, strict.name)
	assert reviewing.approve(w.plan, w.reviewer, lenient.name) == "Open"
	assert reviewing.approve(w.plan, w.reviewer, lenient.name) == "Approved"
	assert reviewing.approve(w.plan, w.other, strict.name) == "Approved"


def test_one_person_counts_for_one_rule_only():
	second = reviewing.rule(needed_before="Customer Review")
	w = reviewing.in_internal_review()
	reviewing.approve(w.plan, w.reviewer)
	with pytest.raises(frappe.ValidationError, match="another person"):
		reviewing.approve(w.plan, w.reviewer, second.name)
	assert reviewing.approve(w.plan, w.other, second.name) == "Approved"


def test_only_who_is_asked_or_has_the_role_decides():
	w = reviewing.in_internal_review()
	desk = factories.make_user(roles=["Service Desk"]).name
	with pytest.raises(frappe.PermissionError, match="not one of those asked"):
		reviewing.approve(w.plan, desk)
	with reviewing.user(w.asker), pytest.raises(frappe.PermissionError):
		review_answers.decide(reviewing.open_review(w.plan), "Approved", "")
	newcomer = reviewing.manager()
	assert reviewing.approve(w.plan, newcomer) == "Approved"


def test_a_condition_decides_for_which_documents_a_rule_is():
	rule = reviewing.rule(needed_before="Customer Review", condition='"secret" in (doc.description or "")')
	w = reviewing.in_internal_review()
	assert not reviewing.open_review(w.plan, rule.name)
	plan = reviewing.change(w.plan, w.author, description="A secret plan")
	assert reviewing.open_review(plan, rule.name)


# The customer


def test_the_customer_decides_or_staff_record_it_with_who_when_and_how():
	w = reviewing.in_customer_review()
	name = reviewing.open_review(w.plan, CUSTOMER)
	with reviewing.user(w.reviewer):
		with pytest.raises(frappe.PermissionError, match="decided by the customer"):
			review_answers.decide(name, "Approved", "")
		with pytest.raises(frappe.PermissionError):
			review_answers.decide_on_portal(name, "Approved")
		given = {"by_name": "Chen Jing", "decided_on": site_now(), "how": "In the meeting of today"}
		for missing in given:
			with pytest.raises(frappe.ValidationError, match="is needed"):
				review_answers.record(name, "Approved", **{**given, missing: ""})
		assert review_answers.record(name, "Approved", **given, opinion="Go on") == "Approved"
	row = next(r for r in frappe.get_doc("Service Review", name).participants if r.decision == "Approved")
	assert (row.full_name, row.channel, row.recorded_by, row.recorded_how) == (
		"Chen Jing",
		"Recorded by Staff",
		w.reviewer,
		"In the meeting of today",
	)
	with reviewing.user(w.asker), pytest.raises(review_answers.AlreadyConcluded):
		review_answers.decide_on_portal(name, "Rejected", "Too late")


def test_another_customer_sees_and_decides_nothing():
	w = reviewing.in_customer_review()
	name = reviewing.open_review(w.plan, CUSTOMER)
	with reviewing.user(w.stranger), pytest.raises(frappe.PermissionError, match="no review"):
		review_answers.decide_on_portal(name, "Approved")
	inside = frappe.get_all(
		"Service Review", filters={"reference_name": w.plan.name, "rule": INTERNAL}, pluck="name"
	)[0]
	with reviewing.user(w.asker), pytest.raises(frappe.PermissionError, match="no review"):
		review_answers.visible(inside, w.asker)


# People


def test_without_anybody_to_ask_nothing_happens():
	reviewing.rule(needed_before="Customer Review", role=reviewing.empty_role())
	w = reviewing.world()
	with pytest.raises(frappe.ValidationError, match="nobody but the authors has the role"):
		reviewing.act(w.plan, "Ask for Internal Review", w.author)
	frappe.db.rollback()


def test_who_decided_and_left_takes_nothing_away_and_the_number_does_not_shrink():
	rule = reviewing.rule(needed_before="Customer Review", approvals=2)
	frappe.db.set_value("Review Rule", INTERNAL, "enabled", 0)
	w = reviewing.in_internal_review()
	reviewing.approve(w.plan, w.reviewer, rule.name)
	frappe.get_doc("User", w.reviewer).update({"enabled": 0}).save()
	standing = reviews.missing(w.plan, "Customer Review")[0].standing
	assert (standing.given, standing.wanted) == (1, 2)
	review = frappe.get_doc("Service Review", reviewing.open_review(w.plan, rule.name))
	review.participants = [row for row in review.participants if row.user != w.other]
	review.save()
	assert reviews.missing(w.plan, "Customer Review")[0].standing.wanted == 2
	assert reviewing.approve(w.plan, w.other, rule.name) == "Approved"


def test_decisions_are_evidence():
	rule = reviewing.rule(needed_before="Customer Review", approvals=2)
	w = reviewing.in_internal_review()
	reviewing.approve(w.plan, w.reviewer, rule.name)
	name = reviewing.open_review(w.plan, rule.name)
	row = next(r.name for r in frappe.get_doc("Service Review", name).participants if r.user == w.reviewer)
	with reviewing.user(w.author):
		for spoil, said in (
			(lambda d: d.get("participants", {"name": row})[0].update({"opinion": "Other"}), "by steps only"),
			(lambda d: d.get("participants", {"name": row})[0].update({"decision": "Rejected"}), "by steps only"),
			(lambda d: d.remove(d.get("participants", {"name": row})[0]), "evidence"),
			(lambda d: d.update({"state": "Approved"}), "by steps only"),
			(lambda d: d.update({"content_hash": "x"}), "by steps only"),
			(lambda d: d.update({"approvals": 1}), "by steps only"),
			(lambda d: d.update({"minutes": "All agreed"}), "by steps only"),
			(lambda d: d.append("participants", {"user": w.other, "decision": "Approved"}), "by steps only"),
			(lambda d: d.append("participants", {"user": w.author}), "wrote on this document"),
			(lambda d: d.set("participants", []), "without participants"),
		):
			review = frappe.get_doc("Service Review", name)
			spoil(review)
			with pytest.raises(frappe.ValidationError, match=said):
				review.save(ignore_permissions=True)
		line = frappe.get_doc("Service Review Participant", row)
		line.decision = "Rejected"
		with pytest.raises(frappe.ValidationError, match="by itself"):
			line.save(ignore_permissions=True)
		for doctype, gone, said in (
			("Service Review Participant", row, "by itself"),
			("Service Review", name, "evidence"),
		):
			with pytest.raises(frappe.ValidationError, match=said):
				frappe.delete_doc(doctype, gone, ignore_permissions=True)
		with pytest.raises(frappe.ValidationError, match="Request Review"):
			factories.make(
				"Service Review",
				reference_doctype="Delivery Plan",
				reference_name=w.plan.name,
				party="Internal",
				state="Approved",
				participants=[{"user": w.other}],
			)
		with pytest.raises(frappe.ValidationError, match="by steps only"):
			frappe.get_doc(
				{"doctype": "Service Authorship", "reference_doctype": "User", "reference_name": w.author}
			).insert(ignore_permissions=True)
	with pytest.raises(frappe.LinkExistsError):
		frappe.delete_doc("Delivery Plan", w.plan.name)


def test_minutes_grow_and_are_never_rewritten():
	w = reviewing.in_internal_review()
	name = reviewing.open_review(w.plan)
	with reviewing.user(w.reviewer):
		review_answers.add_minutes(name, "We met. Nobody objected.")
		review_answers.decide(name, "Approved", "Fine", minutes="Two things to watch.")
		review_answers.add_minutes(name, "Sent round.")
	minutes = frappe.db.get_value("Service Review", name, "minutes")
	assert minutes.index("Nobody objected") < minutes.index("Two things") < minutes.index("Sent round")
	assert frappe.utils.get_fullname(w.reviewer) in minutes


def test_a_draft_nobody_decided_on_can_be_deleted_with_its_reviews():
	w = reviewing.in_internal_review()
	name = reviewing.open_review(w.plan)
	frappe.delete_doc("Delivery Plan", w.plan.name)
	assert not frappe.db.exists("Service Review", name)
	assert not frappe.db.exists("ToDo", {"reference_name": name, "status": "Open"})


# Approved content


def test_approved_content_stays_until_it_is_revised_as_a_new_version():
	w = reviewing.approved()
	with pytest.raises(reviewed.ContentFixed, match="Revise"):
		reviewing.change(w.plan, w.author, description="Cheaper")
	plan = reviewing.act(w.plan, "Revise", w.author)
	assert (plan.status, plan.version) == ("Draft", 2)
	plan = reviewing.change(plan, w.author, description="Cheaper")
	assert set(reviewing.state(plan)) == {"Outdated"}
	kept = frappe.get_all(
		"Rule Version",
		filters={"reference_doctype": "Delivery Plan", "reference_name": plan.name},
		pluck="content",
		order_by="revision",
	)
	assert any("What we agreed upon" in content for content in kept)
	with pytest.raises(reviewed.ReviewMissing):
		plan = reviewing.act(plan, "Ask for Internal Review", w.author)
		reviewing.act(plan, "Send to the Customer", w.author)


def test_code_moves_a_document_and_the_workflow_follows():
	w = reviewing.approved()
	reviewed.enter(frappe.get_doc("Delivery Plan", w.plan.name), "In Progress")
	row = frappe.db.get_value("Delivery Plan", w.plan.name, ["status", "workflow_state"])
	assert row == ("In Progress", "In Progress")
	draft = reviewing.world().plan
	with pytest.raises(reviewed.ReviewMissing):
		reviewed.enter(draft, "In Progress")


def test_who_only_reads_a_document_is_not_told_off_by_its_panel(as_user, make_user):
	from ops_delivery.api import reviews as api

	w = reviewing.in_internal_review()
	frappe.clear_messages()
	with as_user(make_user(roles=["Service Desk"]).name):
		panel = api.panel("Delivery Plan", w.plan.name)
	assert not panel["can"]["write"] and panel["needs"]
	assert not frappe.local.message_log


def test_a_rule_asks_nobody_who_may_not_read_the_document():
	role = factories.make("Role", role_name=factories.unique("Lawyer"), desk_access=1).name
	with pytest.raises(frappe.ValidationError, match="may not read a Delivery Plan"):
		reviewing.rule(role=role)
	assert reviewing.rule(role="Technical Expert").name
