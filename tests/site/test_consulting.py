"""Consulting plans, reports and what becomes of their recommendations (6.5, 8.6)."""

import consulting_scene as scene
import factories
import frappe
import pytest
import scenario
from frappe.desk.query_report import run

from ops_delivery.permissions import steps
from ops_delivery.services.consulting import completeness as consulting_completeness
from ops_delivery.services.consulting import recommendations
from ops_delivery.services.escalation import sweep
from ops_delivery.services.papers import paper as printed
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.setup import seeds

TABLES = ("goals", "topics", "steps", "people", "costs", "deliverables", "communication")


@pytest.fixture(autouse=True)
def without_review_rules(site):
	"""What a rule of reviews asks for is tested with the reviews; here the documents' own rules are."""
	frappe.db.set_value("Review Rule", {"enabled": 1}, "enabled", 0)
	frappe.clear_cache(doctype="Review Rule")
	for doctype in ("Consulting Plan", "Consulting Report"):
		frappe.db.set_value("Workflow", {"document_type": doctype}, "is_active", 0)
		frappe.cache.delete_keys("workflow")


@pytest.mark.clause("6.5.a")
@pytest.mark.parametrize("table", TABLES)
def test_a_plan_without_one_of_the_eight_items_is_not_reviewed(site, table):
	plan = scene.plan(**{table: [], "requirements": scene.content()["requirements"]})
	assert {row.fieldname for row in consulting_completeness.of_plan(plan)} == {table}
	with pytest.raises(frappe.ValidationError, match="cannot be reviewed yet"):
		scene.enter(plan, "Internal Review")
	plan.reload()
	assert plan.status == "Draft"


@pytest.mark.clause("6.5.a")
def test_the_schedule_is_the_dates_of_the_plan_and_its_steps(site):
	steps = [{"step": "Measure"}]
	found = consulting_completeness.of_plan(scene.plan(start_date=None, end_date=None, steps=steps))
	assert [row.fieldname for row in found] == ["start_date", "steps"]
	assert all("6." in row.item for row in found)


@pytest.mark.clause("6.5.a")
def test_an_empty_plan_hears_all_that_is_missing_and_can_be_saved(site):
	plan = scene.plan(complete=False)
	missing = {row.fieldname for row in consulting_completeness.of_plan(plan)}
	assert {*TABLES, "start_date", "requirements", "reviews", "security", "owner_user"} <= missing
	plan.title = "Another title"
	plan.save()


@pytest.mark.clause("6.5.a")
@pytest.mark.parametrize("way", ["service", "status", "insert"])
def test_work_never_begins_before_the_plan_is_approved(site, way):
	with pytest.raises(frappe.ValidationError, match=r"cannot begin before the plan is approved|begins as <strong>Draft"):
		if way == "insert":
			scene.plan(status="In Progress")
		plan = scene.plan()
		if way == "status":
			plan.status = "In Progress"
			plan.save()
		else:
			scene.enter(plan, "In Progress")


@pytest.mark.clause("6.5.a")
def test_a_plan_approved_too_late_must_move_its_start(site):
	steps = [{"step": "Measure", "start_date": scene.day(-2), "end_date": scene.day(3)}]
	plan = scene.enter(
		scene.plan(start_date=scene.day(-2), steps=steps), "Internal Review", "Customer Review"
	)
	with pytest.raises(frappe.ValidationError, match="already past"):
		scene.enter(plan, "Approved")


@pytest.mark.clause("6.5.e")
def test_work_begins_once_security_is_checked(site):
	plan = scene.approved_plan()
	with pytest.raises(frappe.ValidationError, match="Security check, rows"):
		scene.enter(plan, "In Progress")
	plan.reload()
	plan.security[0].result = "Not Applicable"
	with pytest.raises(frappe.ValidationError, match="Say why"):
		plan.save()
	plan = scene.check_security(plan)
	assert {row.checked_by for row in plan.security} == {"Administrator"} and plan.security[0].checked_on
	assert scene.enter(plan, "In Progress").status == "In Progress"


@pytest.mark.clause("6.5.e")
def test_each_aspect_of_security_is_asked_for(site):
	plan = scene.plan(security=[{"aspect": "People", "requirement": "Badge"}])
	(missing,) = consulting_completeness.of_plan(plan)
	assert missing.fieldname == "security" and "Data" in missing.text and "People" not in missing.text


@pytest.mark.clause("6.5.c", "6.5.g")
def test_both_reviews_of_the_report_are_organized_and_the_customer_is_heard(site):
	plan = scene.plan(
		reviews=[{"subject": "Report", "party": "Supplier", "participants": "QA"}], requirements=[]
	)
	found = {row.fieldname: row.text for row in consulting_completeness.of_plan(plan)}
	assert set(found) == {"reviews", "requirements"} and "customer" in found["reviews"]


@pytest.mark.clause("6.5.a", "8.6.b.1")
def test_an_approved_plan_takes_results_but_no_other_content(site):
	plan = scene.working_plan()
	plan.steps[0].done_on = scene.day()
	plan.deliverables[0].delivered_on = scene.day()
	plan.save()
	plan.goals[0].goal = "Something else"
	with pytest.raises(reviewed.ContentFixed):
		plan.save()
	plan.reload()
	plan.steps[0].description = "In another way"
	with pytest.raises(reviewed.ContentFixed):
		plan.save()


def test_a_completed_plan_has_done_its_steps_and_issued_a_report(site):
	plan = scene.working_plan()
	with pytest.raises(frappe.ValidationError, match="step 1: Measure"):
		scene.enter(plan, "Completed")
	scene.issued_report(plan)
	plan.reload()
	for row in (*plan.steps, *plan.deliverables):
		row.set("done_on" if row.parentfield == "steps" else "delivered_on", scene.day())
	plan.save()
	assert scene.enter(plan, "Completed").status == "Completed"


@pytest.mark.parametrize(
	"values, message",
	[
		({"end_date": "2020-01-01"}, "lies before"),
		(
			{"steps": [{"step": "Measure", "start_date": "2020-02-02", "end_date": "2020-01-01"}]},
			"Steps, row 1",
		),
		({"steps": [{"step": "Measure", "start_date": "2020-02-02"}]}, "outside the plan's period"),
		({"steps": [{"step": "Measure", "done_on": "2020-02-02"}]}, "Work that has begun"),
	],
)
def test_bad_input_names_the_field_and_the_way_out(site, values, message):
	with pytest.raises(frappe.ValidationError, match=message):
		scene.plan(**values)


def test_money_needs_a_currency(site):
	plan = scene.plan()
	assert plan.budget == 6000
	plan.currency = None
	with pytest.raises(frappe.ValidationError, match="money without a currency"):
		plan.save()


def test_the_agreement_is_the_customers(site):
	with pytest.raises(frappe.ValidationError, match="Choose one of this customer's"):
		scene.plan(agreement=scenario.agreement().name)


@pytest.mark.clause("6.5.a")
def test_a_report_needs_an_approved_plan(site):
	with pytest.raises(frappe.ValidationError, match="needs an approved plan"):
		scene.report(scene.plan())
	draft = scene.report(scene.approved_plan())
	with pytest.raises(frappe.ValidationError, match="Start it first"):
		scene.enter(draft, "Internal Review")


@pytest.mark.clause("6.5.b", "8.6.a.1", "8.6.a.2", "8.6.b.2", "8.6.b.3")
@pytest.mark.parametrize(
	"values, fields",
	[
		({"is_current_state": 0, "is_recommendations": 0}, {"is_current_state"}),
		({"findings": []}, {"findings"}),
		({"findings": [{"area": "A", "finding": "B", "evidence": "C"}]}, {"findings"}),
		({"findings": [{"area": "A", "finding": "B", "score": 0, "unit": "%"}]}, {"findings"}),
		({"advice": []}, {"advice"}),
		({"is_interviews": 1}, {"interviews"}),
		({"is_requirements": 1}, {"requirements"}),
		({"is_requirements": 1, "requirements": [{"requirement": "Faster"}]}, {"requirements"}),
		({"summary": "<p><br></p>"}, {"summary"}),
		({}, set()),
	],
)
def test_a_report_contains_what_its_kinds_promise(site, values, fields):
	assert {row.fieldname for row in consulting_completeness.of_report(scene.report(**values))} == fields


@pytest.mark.clause("8.6.a.1")
def test_a_measured_value_has_a_unit(site):
	with pytest.raises(frappe.ValidationError, match="has no unit"):
		scene.report(findings=[{"area": "Restore", "finding": "Slow", "score": 3}])


@pytest.mark.clause("6.5.d")
def test_what_is_recommended_is_part_of_what_is_reviewed(site):
	report = scene.report()
	before = reviewed.content_hash(report)
	first, second = scene.recommendations_of(report)
	first.title = "Test restores weekly"
	first.save()
	changed = reviewed.content_hash(report)
	second.delete()
	assert len({before, changed, reviewed.content_hash(report)}) == 3
	report = scene.enter(report, "Internal Review", "Customer Review", "Issued")
	first.reload()
	first.title = "Something else"
	with pytest.raises(reviewed.ContentFixed):
		first.save()
	with pytest.raises(reviewed.ContentFixed):
		scene.recommendation(report, "One more")


def _decide(doc, decision="Adopted", **values):
	return recommendations.decide(
		doc.name,
		decision,
		**{
			"decision_by": "Wang Li",
			"owner_user": "Administrator",
			"due_date": str(scene.day(20)),
			"note": "" if decision == "Adopted" else "Only the first part",
			**values,
		},
	)


@pytest.mark.clause("6.5.d")
def test_a_recommendation_is_a_dated_obligation(site, as_user):
	owner = factories.make_user(roles=["Technical Expert"]).name
	verifier = factories.make_user(roles=["Service Delivery Manager"]).name
	report = scene.issued_report()
	doc, other = scene.recommendations_of(report)
	assert _decide(doc, owner_user=owner) == "Decided"
	assert frappe.db.exists(
		"ToDo", {"reference_name": doc.name, "allocated_to": owner, "date": scene.day(20)}
	)
	with as_user(owner):
		assert recommendations.follow_up(doc.name, "Script written", 40, "In Progress") == "In Progress"
		assert recommendations.follow_up(doc.name, "First restore works", 100, "Done") == "Done"
		with pytest.raises(frappe.ValidationError, match="Somebody else verifies it"):
			recommendations.verify(doc.name, "Looked at it")
	with pytest.raises(frappe.ValidationError, match="Still open"):
		scene.enter(report, "Followed Up")
	with as_user(verifier):
		with pytest.raises(frappe.ValidationError, match="How it was verified"):
			recommendations.verify(doc.name, " ")
		assert recommendations.verify(doc.name, "Restored the HIS database", passed=False) == "In Progress"
		recommendations.follow_up(doc.name, "Again", 100, "Done")
		assert recommendations.verify(doc.name, "Restored the HIS database") == "Verified"
	doc.reload()
	assert (doc.verified_by, str(doc.verified_on)) == (verifier, str(scene.day()))
	assert [row.note for row in doc.follow_ups][-1] == "Verified: Restored the HIS database"
	assert not frappe.db.exists("ToDo", {"reference_name": doc.name, "status": "Open"})
	with pytest.raises(frappe.ValidationError, match="Still open"):
		scene.enter(report, "Followed Up")
	assert _decide(other, "Declined", owner_user=None, due_date=None) == "Dropped"
	assert scene.enter(report, "Followed Up").status == "Followed Up"


@pytest.mark.clause("6.5.d")
@pytest.mark.parametrize(
	"values, message",
	[
		({"state": "In Progress"}, "cannot become"),
		({"state": "Decided"}, "customer's decision first"),
		({"state": "Verified"}, "cannot become"),
		({"decision": "Adopted"}, "who at the customer"),
		({"decision": "Perhaps"}, "not known|one of"),
		(
			{"decision": "Adopted", "decision_by": "W", "decided_on": "2020-01-01"},
			"needs somebody who sees to it",
		),
		({"decision": "Declined", "decision_by": "W", "decided_on": "2020-01-01"}, "Say why"),
		({"decision": "Adopted", "decision_by": "W", "decided_on": "2999-01-01"}, "in the future"),
		(
			{
				"decision": "Declined",
				"decision_by": "W",
				"decided_on": "2020-01-01",
				"decision_note": "-",
				"state": "Decided",
			},
			"does not go with",
		),
		(
			{
				"decision": "Deferred",
				"decision_by": "W",
				"decided_on": "2020-01-01",
				"decision_note": "Next year",
				"owner_user": "Administrator",
				"due_date": "2030-01-01",
				"state": "Done",
			},
			"cannot become",
		),
	],
)
def test_no_way_leads_round_the_decision(site, values, message):
	doc = scene.recommendations_of(scene.issued_report())[0]
	doc.update(values)
	steps.take(doc)  # by hand these fields are refused altogether; this is what their steps are held to
	with pytest.raises(frappe.ValidationError, match=message):
		doc.save()


@pytest.mark.clause("6.5.d")
def test_a_deferred_one_is_decided_on_again(site):
	doc = scene.recommendations_of(scene.issued_report())[0]
	assert _decide(doc, "Deferred") == "Decided"
	with pytest.raises(frappe.ValidationError, match="Only what the customer adopted"):
		recommendations.follow_up(doc.name, "Began", 0, "In Progress")
	assert _decide(doc, "Adopted in Part") == "Decided"
	assert recommendations.follow_up(doc.name, "Began", 0, "In Progress") == "In Progress"
	doc.reload()
	notes = [row.note for row in doc.follow_ups]
	assert any("Deferred" in note for note in notes) and any("Adopted in Part" in note for note in notes)


@pytest.mark.clause("6.5.d")
def test_the_customer_decides_on_what_it_has_seen(site):
	doc = scene.recommendations_of(scene.report())[0]
	with pytest.raises(frappe.ValidationError, match="customer review or issued"):
		_decide(doc)


@pytest.mark.clause("6.5.d")
def test_what_was_noted_stays(site):
	doc = scene.recommendations_of(scene.issued_report())[0]
	_decide(doc)
	recommendations.follow_up(doc.name, "Began")
	doc.reload()
	doc.follow_ups[0].note = "Never happened"
	with pytest.raises(frappe.ValidationError, match="earlier entry cannot be changed"):
		doc.save()
	doc.reload()
	doc.follow_ups = doc.follow_ups[1:]
	with pytest.raises(frappe.ValidationError, match="cannot be removed"):
		doc.save()
	with pytest.raises(frappe.ValidationError, match="left its draft"):
		frappe.get_doc("Consulting Recommendation", doc.name).delete()


@pytest.mark.clause("6.5.d")
def test_the_report_shows_ages_and_what_is_overdue(site):
	report = scene.issued_report()
	late, undecided = scene.recommendations_of(report)
	_decide(late, decided_on=str(scene.day(-40)), due_date=str(scene.day(-5)))
	customer = report.customer
	result = run("Recommendations Followed Up", filters={"customer": customer, "only_open": 1})
	rows = {row["name"]: row for row in result["result"] if isinstance(row, dict)}
	assert set(rows) == {late.name, undecided.name}
	assert (rows[late.name]["age"], rows[late.name]["overdue"]) == (40, 5)
	assert rows[late.name]["bucket"] == "31 to 60 days"
	assert [d["values"] for d in result["chart"]["data"]["datasets"]] == [[1, 0, 0, 0], [0, 1, 0, 0]]
	cards = {card["label"]: card["value"] for card in result["report_summary"]}
	assert (cards["Not Yet Decided"], cards["Adopted"], cards["Overdue"]) == (1, 1, 1)


def test_nothing_decided_is_due_before_the_decision(site):
	late, _undecided = scene.recommendations_of(scene.issued_report())
	with pytest.raises(frappe.ValidationError, match="lies before the decision of"):
		_decide(late, decided_on=str(scene.day(-4)), due_date=str(scene.day(-5)))
	_decide(late, decided_on=str(scene.day(-4)), due_date=str(scene.day(-4)))


def test_the_api_asks_for_the_permission(site, as_user):
	from ops_delivery.api import consulting as api

	report = scene.issued_report()
	doc = scene.recommendations_of(report)[0]
	reader = factories.make_user(roles=["Delivery Auditor"]).name
	with as_user(reader):
		assert len(api.recommendations_of(report.name)) == 2
		assert api.missing("Consulting Report", report.name) == []
		for call in (
			lambda: api.decide(doc.name, "Adopted", "W"),
			lambda: api.follow_up(doc.name, "x"),
			lambda: api.verify(doc.name, "x"),
		):
			with pytest.raises(frappe.PermissionError):
				call()


@pytest.mark.clause("6.5.d")
def test_a_text_changed_after_the_decision_is_decided_again(site):
	report = scene.issued_report()
	doc = scene.recommendations_of(report)[0]
	_decide(doc)
	report.reload()
	reviewed.revise(report)
	doc.reload()
	doc.reason = "Three of four fail"
	doc.save()
	assert (doc.state, doc.decision, doc.decided_on) == ("Proposed", None, None)
	assert "decides on it again" in doc.follow_ups[-1].note


@pytest.mark.clause("6.5.a")
def test_a_plan_can_be_revised_while_the_work_goes_on(site):
	with scenario.at(scene.moment(-20)):
		plan = scene.working_plan()
		plan.steps[0].done_on = scene.day()
		plan.save()
	reviewed.revise(plan)
	plan.reload()
	assert (plan.status, plan.version) == ("Draft", 2)
	plan.goals[0].goal = "Restores succeed within four hours"
	plan.save()
	plan = scene.enter(plan, "Internal Review", "Customer Review", "Approved", "In Progress")
	assert plan.goals[0].goal.endswith("four hours") and plan.steps[0].done_on


@pytest.mark.clause("6.5.d")
def test_an_overdue_recommendation_is_reminded_of(site):
	if not frappe.db.exists("Clock Definition", {"document_type": "Consulting Recommendation"}):
		seeds.plant_reviews()
	doc = scene.recommendations_of(scene.issued_report())[0]
	_decide(doc, due_date=str(scene.day(7)))

	def clock():
		return frappe.db.get_value(
			"Service Clock",
			{"reference_doctype": doc.doctype, "reference_name": doc.name},
			["name", "state", "breached", "due_on"],
			as_dict=True,
		)

	assert clock().state == "Running" and clock().due_on
	with scenario.at(scene.moment(9)):
		sweep.run()
	fired = frappe.get_all("Escalation Log", filters={"clock": clock().name}, pluck="kind")
	assert "Alarm" in fired
	recommendations.follow_up(doc.name, "Done at last", 100, "Done")
	assert clock().state != "Running"


@pytest.mark.clause("8.6.b.1", "8.6.b.2", "8.6.b.3")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_plan_and_report_are_printed_with_all_their_parts(site, language):
	report = scene.issued_report()
	plan = frappe.get_doc("Consulting Plan", report.plan)
	before = frappe.local.lang
	frappe.local.lang = language
	try:
		pages = {doc.doctype: documents.html(doc, doc.doctype) for doc in (plan, report)}
		assert documents.pdf(report, "Consulting Report").startswith(b"%PDF")
	finally:
		frappe.local.lang = before
	for text in (
		"Restores succeed",
		"Backup chain",
		"Lead consultant",
		"6,000",
		"IT department",
		"People as agreed",
	):
		assert text in pages["Consulting Plan"]
	for text in ("Two of four fail", "50 %", "Second site", "Test restores monthly", "Buy a tape library"):
		assert text in pages["Consulting Report"]
	assert ("Budget" in pages["Consulting Plan"]) == (language == "en")


@pytest.mark.clause("8.6.b.5")
def test_other_reports_are_delivered_also_after_the_report_is_issued():
	report = scene.issued_report()
	digest = reviewed.content_hash(report)
	report.append(
		"delivered_reports",
		{"title": "Restore test", "delivered_on": frappe.utils.nowdate(), "received_by": "Chen Jing"},
	)
	report.save()
	assert reviewed.content_hash(report) == digest  # no part of what was reviewed
	paper = printed.ops_paper(report)
	assert paper.delivered_reports()[0][1::2] == ["Restore test", "Chen Jing"]
	report.delivered_reports[0].delivered_on = "2099-01-01"
	with pytest.raises(frappe.ValidationError, match=r"row 1.*future"):
		report.save()


@pytest.mark.clause("8.6.a.3", "8.6.b.4")
def test_the_customers_satisfaction_before_and_after_is_on_record():
	report = scene.issued_report()
	report.update({"satisfaction_before": 70, "satisfaction_after": 88})
	given = {"kind": "Satisfaction Report", "title": "Survey of May", "received_by": "Chen Jing"}
	report.append("delivered_reports", {**given, "delivered_on": frappe.utils.nowdate()})
	report.save()
	paper = printed.ops_paper(frappe.get_doc("Consulting Report", report.name))
	assert paper.satisfaction() == "70 before, 88 afterwards"
	assert paper.delivered_reports()[0][:2] == ["Satisfaction Report", "Survey of May"]
	report.reload()
	report.satisfaction_after = 60
	with pytest.raises(frappe.ValidationError, match=r"fell from 70"):
		report.save()
