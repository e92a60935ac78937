"""No way leads round a needed review: endpoints, lists, imports, copies, workflows edited or switched off (6.4.b, 6.5.c)."""

import csv
import json

import factories
import frappe
import pytest
import reviewing
from frappe.permissions import add_permission, update_permission_property
from reviewing import CUSTOMER, DOCTYPE, INTERNAL

from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import standing as reviews

pytestmark = pytest.mark.clause("6.4.b")


@pytest.fixture(autouse=True)
def complete(monkeypatch):
	"""What a plan must contain is the matter of other tests."""
	from ops_delivery.services.plans import completeness as plan_completeness

	monkeypatch.setattr(plan_completeness, "require", lambda *_args, **_kwargs: None)


@pytest.fixture
def w():
	return reviewing.in_internal_review()


def phase(doc) -> str:
	return frappe.db.get_value(doc.doctype, doc.name, "status")


def _save(doc, **values):
	reviewing.change(doc, **values)


def _client(doc, **values):
	frappe.call("frappe.client.set_value", doctype=doc.doctype, name=doc.name, fieldname=values)


def _client_save(doc, **values):
	fresh = frappe.get_doc(doc.doctype, doc.name).as_dict()
	frappe.call("frappe.client.save", doc=json.dumps({**fresh, **values}, default=str))


def _rest(doc, **values):
	from frappe.api import v1

	frappe.local.form_dict = frappe._dict(data=json.dumps(values))
	v1.update_doc(doc.doctype, doc.name)


def _form(doc, **values):
	fresh = frappe.get_doc(doc.doctype, doc.name).as_dict()
	frappe.call(
		"frappe.desk.form.save.savedocs", doc=json.dumps({**fresh, **values}, default=str), action="Save"
	)


WAYS = pytest.mark.parametrize("way", [_save, _client, _client_save, _rest, _form])
REFUSED = (reviewed.ReviewMissing, frappe.PermissionError, frappe.ValidationError)
AIMS = pytest.mark.parametrize(
	"values",
	[
		{"status": "Customer Review"},
		{"status": "Approved"},
		{"status": "Completed"},
		{"workflow_state": "Customer Review"},
		{"workflow_state": "Approved"},
		{"status": "Approved", "workflow_state": "Approved"},
		{"status": "Approved", "workflow_state": "Internal Review"},
		{"status": "Approved", "workflow_state": ""},
		{"status": "Approved", "workflow_state": "Cancelled"},
	],
)


@WAYS
@AIMS
def test_neither_phase_nor_state_can_be_set_past_a_review(way, values, w):
	with pytest.raises(REFUSED):
		way(w.plan, **values)
	assert phase(w.plan) == "Internal Review"


@WAYS
def test_the_very_same_ways_work_once_the_review_is_given(way, w):
	reviewing.approve(w.plan, w.reviewer)
	way(w.plan, status="Customer Review")
	assert frappe.db.get_value(DOCTYPE, w.plan.name, ["status", "workflow_state"]) == (
		"Customer Review",
		"Customer Review",
	)


def test_a_new_document_begins_at_the_beginning(w):
	values = {
		"doctype": DOCTYPE,
		"title": "Born approved",
		"customer": w.customer,
		"company": factories.company(),
		"start_date": "2026-03-02",
		"end_date": "2026-12-31",
	}
	for born in (
		{"status": "Approved"},
		{"workflow_state": "Approved"},
		{"status": "In Progress", "workflow_state": "Draft"},
	):
		with pytest.raises(REFUSED):
			frappe.get_doc({**values, **born}).insert()
		with pytest.raises(REFUSED):
			frappe.call("frappe.client.insert", doc=json.dumps({**values, **born}))
	# the phase that rules is the one that is stored
	assert not frappe.db.exists(DOCTYPE, {"title": "Born approved", "status": ["!=", "Draft"]})


def test_bulk_update_of_the_client_refuses_one_and_saves_the_others(w):
	other = reviewing.in_internal_review()
	reviewing.approve(other.plan, other.reviewer)
	docs = [
		{"doctype": DOCTYPE, "docname": name, "status": "Customer Review"}
		for name in (w.plan.name, other.plan.name)
	]
	failed = frappe.call("frappe.client.bulk_update", docs=json.dumps(docs))["failed_docs"]
	assert [row["doc"]["docname"] for row in failed] == [w.plan.name]
	assert (phase(w.plan), phase(other.plan)) == ("Internal Review", "Customer Review")


def test_bulk_update_saves_nothing_half_when_nobody_can_be_asked():
	reviewing.rule(needed_before="Customer Review", role=reviewing.empty_role())
	draft = reviewing.world().plan
	docs = [{"doctype": DOCTYPE, "docname": draft.name, "status": "Internal Review"}]
	assert len(frappe.call("frappe.client.bulk_update", docs=json.dumps(docs))["failed_docs"]) == 1
	assert phase(draft) == "Draft"


def test_the_lists_bulk_edit_and_bulk_workflow(w):
	from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs
	from frappe.model.workflow import bulk_workflow_approval

	frappe.db.commit()
	failed = submit_cancel_or_update_docs(DOCTYPE, [w.plan.name], "update", {"status": "Approved"})
	assert failed == [w.plan.name]
	bulk_workflow_approval(json.dumps([w.plan.name]), DOCTYPE, "Send to the Customer")
	assert phase(w.plan) == "Internal Review"


def test_data_import(w, tmp_path):
	from frappe.core.doctype.data_import.data_import import import_file

	path = tmp_path / "plans.csv"
	with path.open("w", newline="") as file:
		csv.writer(file).writerows([["ID", "Status"], [w.plan.name, "Approved"]])
	frappe.db.delete("Data Import Log")  # of another test's import, which has no name either
	frappe.db.commit()
	import_file(DOCTYPE, str(path), "Update", console=True)
	assert phase(w.plan) == "Internal Review"


def test_a_copy_starts_afresh(w):
	reviewing.approve(w.plan, w.reviewer)
	copy = frappe.copy_doc(frappe.get_doc(DOCTYPE, w.plan.name), ignore_no_copy=False).insert()
	assert (copy.status, copy.workflow_state, copy.version) == ("Draft", "Draft", 1)
	assert len(reviews.missing(copy, "Approved")) == 2
	with pytest.raises(reviewed.ReviewMissing, match="begins as"):  # one that brings its phase along
		frappe.copy_doc(frappe.get_doc(DOCTYPE, w.plan.name)).insert()


def test_two_changes_at_once_cannot_carry_an_approval_over(w):
	"""The content and the phase in one save: the approval was given for the old content."""
	reviewing.approve(w.plan, w.reviewer)
	with pytest.raises(reviewed.ReviewMissing):
		reviewing.change(w.plan, status="Customer Review", description="Something else")


# The administrator and the workflow


def workflow():
	return frappe.get_doc("Workflow", DOCTYPE)


def test_a_workflow_edited_to_skip_the_review_changes_nothing(w):
	doc = workflow()
	for action, to in (("Approve", "Approved"), ("Complete", "Completed")):
		doc.append(
			"transitions",
			{"state": "Internal Review", "action": action, "next_state": to, "allowed": "Service Delivery Manager"},
		)
	doc.save()
	for action in ("Approve", "Complete"):
		with pytest.raises(reviewed.ReviewMissing) as error:
			reviewing.act(w.plan, action, w.author)
		assert INTERNAL in str(error.value) and CUSTOMER in str(error.value)


def test_a_workflow_switched_off_or_deleted_changes_nothing(w):
	doc = workflow()
	doc.is_active = 0
	doc.save()
	for target in ("Customer Review", "Approved", "Completed"):
		with pytest.raises(reviewed.ReviewMissing):
			reviewing.change(w.plan, status=target)
	reviewing.approve(w.plan, w.reviewer)
	assert reviewing.change(w.plan, status="Customer Review").status == "Customer Review"
	frappe.delete_doc("Workflow", DOCTYPE, force=True)
	with pytest.raises(reviewed.ReviewMissing):
		reviewing.change(w.plan, status="Approved")


def test_a_state_that_stands_for_a_later_phase_needs_that_phases_reviews(w):
	factories.make("Workflow State", workflow_state_name="Waved Through")
	doc = workflow()
	doc.append(
		"states",
		{
			"state": "Waved Through",
			"doc_status": "0",
			"update_field": "status",
			"update_value": "Approved",
			"allow_edit": "Service Delivery Manager",
		},
	)
	doc.append(
		"transitions",
		{
			"state": "Internal Review",
			"action": "Approve",
			"next_state": "Waved Through",
			"allowed": "Service Delivery Manager",
		},
	)
	doc.save()
	with pytest.raises(reviewed.ReviewMissing):
		reviewing.act(w.plan, "Approve", w.author)


def legal_check():
	"""A state of the site's own between two phases, with its two transitions."""
	factories.make("Workflow State", workflow_state_name="Legal Check")
	for action in ("Ask the Lawyers", "Lawyers Agree"):
		factories.make("Workflow Action Master", workflow_action_name=action)
	doc = workflow()
	doc.append("states", {"state": "Legal Check", "doc_status": "0", "allow_edit": "Service Delivery Manager"})
	for state, action, to in (
		("Internal Review", "Ask the Lawyers", "Legal Check"),
		("Legal Check", "Lawyers Agree", "Customer Review"),
	):
		doc.append(
			"transitions", {"state": state, "action": action, "next_state": to, "allowed": "Service Delivery Manager"}
		)
	doc.save()


def test_a_state_of_the_sites_own_keeps_the_phase_and_can_carry_a_rule():
	legal_check()
	rule = reviewing.rule(needed_before="Legal Check")
	w = reviewing.in_internal_review()
	reviewing.approve(w.plan, w.reviewer)
	with pytest.raises(reviewed.ReviewMissing, match=rule.name):
		reviewing.act(w.plan, "Ask the Lawyers", w.author)
	with pytest.raises(reviewed.ReviewMissing, match=rule.name):  # stepping over the state does not help
		reviewing.act(w.plan, "Send to the Customer", w.author)
	reviewing.approve(w.plan, w.other, rule.name)
	plan = reviewing.act(w.plan, "Ask the Lawyers", w.author)
	assert (plan.status, plan.workflow_state) == ("Internal Review", "Legal Check")
	plan = reviewing.act(plan, "Lawyers Agree", w.author)
	assert plan.status == "Customer Review"


def test_a_rule_whose_state_is_gone_fails_on_the_safe_side(w):
	rule = reviewing.rule()
	frappe.db.set_value("Review Rule", rule.name, "needed_before", "A state of long ago")
	assert rule.name not in {need.rule.name for need in reviews.missing(w.plan, "Customer Review")}
	assert rule.name in {need.rule.name for need in reviews.missing(w.plan, "Approved")}


def lead_by_a_role_of_their_own():
	"""Their own role does the workflow's steps and reviews; ours keeps its name."""
	factories.make("Role", role_name="Service Lead", desk_access=1)
	add_permission(DOCTYPE, "Service Lead")
	update_permission_property(DOCTYPE, "Service Lead", 0, "write", 1)
	doc = workflow()
	for row in doc.states:
		row.allow_edit = "Service Lead"
	for row in doc.transitions:
		row.allowed = "Service Lead"
	doc.save()
	frappe.db.set_value("Review Rule", INTERNAL, "role", "Service Lead")


def test_what_the_administrator_changed_is_still_there_after_migrate_and_works(monkeypatch):
	from ops_delivery.setup import fields, install, seeds, workflows

	monkeypatch.setattr(fields, "create", lambda: None)  # DDL
	legal_check()
	lead_by_a_role_of_their_own()
	rule = reviewing.rule(role="Service Lead", needed_before="Legal Check")
	frappe.delete_doc("Review Rule", CUSTOMER)
	install.after_migrate()
	workflows.seed_workflows()
	seeds.plant_reviews()
	doc = workflow()
	assert "Legal Check" in {row.state for row in doc.states}
	assert {row.allowed for row in doc.transitions} == {"Service Lead"}
	assert not frappe.db.exists("Review Rule", CUSTOMER)
	assert frappe.db.get_value("Review Rule", INTERNAL, "role") == "Service Lead"
	roles = ["Service Lead", "Service Delivery Manager"]
	lead, second, third = (factories.make_user(roles=roles).name for _n in range(3))
	customer = factories.make_customer().name
	with reviewing.user(lead):
		plan = frappe.get_doc(
			{
				"doctype": DOCTYPE,
				"title": "After migrate",
				"customer": customer,
				"company": factories.company(),
				"start_date": "2026-03-02",
				"end_date": "2026-12-31",
			}
		).insert()
	plan = reviewing.act(plan, "Ask for Internal Review", lead)
	reviewing.approve(plan, second)
	reviewing.approve(plan, third, rule.name)
	plan = reviewing.act(plan, "Ask the Lawyers", lead)
	plan = reviewing.act(plan, "Lawyers Agree", lead)
	assert reviewing.act(plan, "Approve", lead).status == "Approved"


def test_every_shipped_workflow_takes_a_new_state_and_transition():
	from ops_delivery.setup import workflows

	for values in workflows.files():
		doc = frappe.get_doc("Workflow", values["workflow_name"])
		state, action = factories.unique("Waiting"), factories.unique("Wait")
		factories.make("Workflow State", workflow_state_name=state)
		factories.make("Workflow Action Master", workflow_action_name=action)
		doc.append("states", {"state": state, "doc_status": "0", "allow_edit": "Service Delivery Manager"})
		doc.append(
			"transitions",
			{"state": doc.states[0].state, "action": action, "next_state": state, "allowed": "Service Delivery Manager"},
		)
		doc.save()
		workflows.seed_workflows()
		assert state in {row.state for row in frappe.get_doc("Workflow", doc.name).states}


# Rules that could never work


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"document_type": "Issue"}, "Document Type.*not possible"),
		({"needed_before": "Nowhere"}, "Needed before.*Nowhere.*Choose one of"),
		({"needed_before": "Draft"}, "Needed before"),
		({"part": "Proposal"}, "Part.*reviewed as a whole"),
		({"role": None}, "Role.*Say who reviews"),
		({"approvals": 0}, "Approvals needed"),
		({"approvals": -1}, "Approvals needed"),
		({"days_until_due": -3}, "Days until due"),
		({"condition": "doc.budget >"}, "Condition.*cannot be evaluated"),
		({"condition": "doc.budget_total.amount > 3"}, "Condition.*cannot be evaluated"),
		({"condition": "__import__('os').system('true')"}, "Condition.*cannot be evaluated"),
	],
)
def test_a_rule_that_cannot_work_is_refused_by_name(values, said):
	with pytest.raises(frappe.ValidationError, match=said):
		reviewing.rule(**values)


def test_a_condition_that_fails_for_a_record_asks_for_the_review(w):
	"""Nothing passes unread because a condition was written wrong, and no save is stopped by it."""
	rule = reviewing.rule(condition='doc.title and doc.title.startswith("x")')
	assert not review_rules.applies(rule, w.plan)
	frappe.db.set_value("Review Rule", rule.name, "condition", "doc.title > 5")
	reviewing.change(w.plan, description="Other")
	assert frappe.db.get_value(DOCTYPE, w.plan.name, "description") == "Other"
	rule.reload()
	assert rule.name in [row.name for row in review_rules.for_document(frappe.get_doc(DOCTYPE, w.plan.name))]
