"""Optimization plans: nine items, trial run, rollback, leftovers, retrospective (6.4, 8.5)."""

import factories
import frappe
import plans
import pytest
import scenario
from frappe.client import set_value
from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs
from frappe.model.workflow import apply_workflow

from ops_delivery.api import optimization as api
from ops_delivery.printing import weasy
from ops_delivery.services.optimization import completeness as optimization_content
from ops_delivery.services.optimization import trial_runs
from ops_delivery.services.papers import optimization_paper
from ops_delivery.services.papers import paper as printed
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews import workflow_states

DAY_15 = plans.day(15)


@pytest.fixture(autouse=True)
def no_reviews(request, monkeypatch):
	"""Reviews and workflow have tests of their own; here they are out of the way unless a test is about them."""
	if "reviewers" not in request.fixturenames:
		monkeypatch.setattr(workflow_states, "active", lambda _doctype: None)
		monkeypatch.setattr(review_rules, "of_doctype", lambda _doctype: [])


def refused(action, *words):
	with pytest.raises(frappe.ValidationError) as caught:
		action()
	for word in words:
		assert word in str(caught.value)
	return str(caught.value)


def move(plan, phase, moment=DAY_15):
	"""Save it in that phase; when that is refused it can be tried again."""
	was, modified = plan.status, plan.modified
	with scenario.at(moment):
		plan.status = phase
		try:
			plan.save()
		except frappe.ValidationError:
			plan.update({"status": was, "modified": modified})
			raise


# The nine items


@pytest.mark.clause("6.4.a")
@pytest.mark.parametrize(
	("phase", "blank", "named"),
	[
		("Proposal Review", {"goals": ""}, "Goals"),
		("Proposal Review", {"content": "<p> </p>"}, "Content"),
		("Proposal Review", {"metrics": []}, "Metrics"),
		("Proposal Review", {"budget": 0}, "Budget"),
		("Proposal Review", {"end_date": None}, "Schedule"),
		("Implementation Review", {"steps": []}, "Work Steps"),
		("Implementation Review", {"people": []}, "People"),
		("Implementation Review", {"risks": []}, "Risks"),
		("Implementation Review", {"rollback_trigger": ""}, "Trigger"),
		("Implementation Review", {"rollback_steps": []}, "Rollback Steps"),
		("Implementation Review", {"trial_days": 0}, "Days of observation"),
		("Implementation Review", {"security_checks": []}, "Security Check"),
	],
)
def test_each_of_the_nine_items_is_demanded_before_its_review(phase, blank, named):
	before = plans.PATH[plans.PATH.index(phase) - 1] if phase != "Proposal Review" else "Draft"
	plan = plans.at_phase(before)
	if phase == "Implementation Review":
		plan.update(plans.implementation())
	plan.update(blank)
	plan.save()
	assert any(named in gap.text for gap in optimization_content.missing(plan, phase))
	assert refused(lambda: move(plan, phase), named)


@pytest.mark.clause("6.4.a")
def test_everything_missing_is_named_at_once_with_its_place():
	plan = plans.at_phase("Draft", goals="", budget=0)
	text = refused(lambda: move(plan, "Proposal Review"), "Goals", "Budget")
	assert text.count("<li>") == 2
	found = api.situation(plan.name)
	assert found["next_phase"] == "Proposal Review"
	assert [gap["fieldname"] for gap in found["missing"]] == ["goals", "budget"]


@pytest.mark.clause("6.4.a")
def test_a_step_needs_an_owner_and_dates_within_the_plan():
	plan = plans.at_phase("Proposal Approved")
	plan.update(plans.implementation())
	plan.steps[0].update({"owner_user": None, "end_date": plans.date(60)})
	plan.save()
	assert refused(
		lambda: move(plan, "Implementation Review"),
		"Work Steps, row 1 (Build the index)",
		"Owner",
		"outside the plan",
	)


def test_a_whole_plan_gets_to_its_end():
	plan = plans.at_phase("Closed")
	assert plan.status == "Closed" and plan.closed_by == "Administrator"
	assert [(row.measured, bool(row.measured_on)) for row in plan.metrics] == [(700, True), (99.9, True)]


# Before anything is touched


@pytest.mark.clause("6.4.f", "5.3.g")
def test_work_does_not_begin_before_security_is_met():
	plan = plans.at_phase("Approved")
	plans.ready(plan)
	plan.security_checks[0].result = ""
	plan.security_checks[1].result = "Not Fulfilled"
	plan.save()
	assert refused(lambda: move(plan, "In Progress"), "(People)", "(Operations)", "not met")


@pytest.mark.clause("6.4.f", "5.3.g")
def test_security_asks_for_the_four_factors_and_notes_who_checked():
	plan = plans.at_phase("Draft")
	assert [row.factor for row in plan.security_checks] == ["People", "Operations", "Data", "Tools"]
	plan.security_checks[0].result = "Fulfilled"
	plan.save()
	assert plan.security_checks[0].checked_by == "Administrator" and plan.security_checks[0].checked_on
	plan.security_checks[0].result = "Not Applicable"
	assert refused(plan.save, "Security Checks, row 1", "Remark")


@pytest.mark.clause("6.4.a")
@pytest.mark.parametrize("result", ["", "Failed"])
def test_work_does_not_begin_before_the_rollback_was_rehearsed(result):
	plan = plans.at_phase("Approved")
	plans.ready(plan)
	plan.rollback_steps[0].rehearsal_result = result
	plan.save()
	assert refused(lambda: move(plan, "In Progress"), "Drop the index", "rehears")


@pytest.mark.clause("6.4.h")
def test_the_customer_confirms_and_each_suggestion_is_answered():
	plan = plans.at_phase("Approved")
	plans.ready(plan)
	plan.update({"confirmed_by": ""})
	plan.append("suggestions", {"suggestion": "Do it at night", "suggested_by": "Chen Jing"})
	plan.save()
	assert refused(lambda: move(plan, "In Progress"), "who confirmed the plan for the customer", "Do it at night")
	plan.confirmed_by = "Chen Jing"
	plan.suggestions[0].taken_up = "Taken Up"
	move(plan, "In Progress")


# The trial run


@pytest.mark.clause("6.4.c")
def test_the_trial_run_begins_when_the_work_is_done_and_on_record():
	plan = plans.at_phase("In Progress")
	assert refused(lambda: move(plan, "Trial Run"), "Done on", "Changes and Releases")
	plan.reload()
	plans.done(plan)
	move(plan, "Trial Run", plans.day(2))
	assert (str(plan.trial_start), str(plan.trial_end)) == (plans.date(2), plans.date(11))


@pytest.mark.clause("6.4.c")
def test_the_period_is_as_long_as_reviewed_and_never_shortened():
	plan = plans.at_phase("In Progress")
	plans.done(plan)
	plan.update({"trial_start": plans.date(2), "trial_end": plans.date(5)})
	assert refused(lambda: move(plan, "Trial Run", plans.day(2)), "4 days of observation", "10")
	plan.update({"trial_start": plans.date(-30), "trial_end": plans.date(5)})
	assert refused(lambda: move(plan, "Trial Run", plans.day(2)), "before the first change")
	plan.update({"trial_start": plans.date(2), "trial_end": plans.date(1)})
	assert refused(lambda: move(plan, "Trial Run", plans.day(2)), "lies before")
	plan = plans.at_phase("Trial Run")
	plan.trial_end = plans.date(8)
	assert refused(plan.save, "put off")
	plan.reload()
	plan.trial_start = plans.date(1)
	assert refused(plan.save, "cannot be changed")
	plan.reload()
	plan.trial_end = plans.date(20)
	plan.save()


@pytest.mark.clause("6.4.c", "8.5.a.1")
def test_it_is_not_closed_before_the_period_is_over():
	plan = plans.at_phase("Trial Run")
	plans.good_readings(plan)
	with scenario.at(plans.day(9.5)):
		plans.looked_back(plan)
		plan.retrospective_on = plans.date(9)
		plan.save()
	assert refused(lambda: move(plan, "Closed", plans.day(9.5)), "observation period lasts")
	move(plan, "Closed", plans.day(12))


@pytest.mark.clause("6.4.c", "8.5.a.1")
def test_it_is_not_closed_without_enough_readings_or_with_one_outside_its_target():
	plan = plans.at_phase("Trial Run")
	plans.reading(plan, "Login time", 5000, 3)  # while values settle
	plans.reading(plan, "Login time", 700, 5)
	plans.reading(plan, "Login time", 801, 6)
	plans.reading(plan, "Success rate", 99.9, 6)
	with scenario.at(DAY_15):
		plans.looked_back(plan)
		plan.save()
	text = refused(lambda: move(plan, "Closed"), "Login time: 1 reading outside", "801 ms", "at most 800 ms")
	assert "Success rate: 1 of 2 readings" in text
	verdicts = {row.value: row.verdict for row in trial_runs.readings(plan)}
	assert verdicts == {5000: "Settling", 700: "Within Target", 801: "Outside Target", 99.9: "Within Target"}


@pytest.mark.clause("6.4.c")
@pytest.mark.parametrize("way", ["save", "set_value", "bulk", "copy"])
def test_no_way_in_leads_round_the_gate(way, monkeypatch):
	plan = plans.at_phase("Trial Run")
	monkeypatch.setattr(frappe.db, "rollback", lambda **_how: None)

	def go():
		if way == "save":
			plan.status = "Closed"
			plan.save()
		elif way == "set_value":
			set_value("Optimization Plan", plan.name, "status", "Closed")
		elif way == "bulk":
			data = frappe.as_json({"status": "Closed"})
			failed = submit_cancel_or_update_docs("Optimization Plan", [plan.name], "update", data)
			assert failed == [plan.name]
			raise frappe.ValidationError
		else:
			frappe.get_doc({**plan.as_dict(), "name": None, "status": "Closed", "__islocal": 1}).insert()

	with scenario.at(plans.day(5)), pytest.raises(frappe.ValidationError, match=r"cannot become <strong>Closed|begins as <strong>Draft|^$"):
		go()
	assert frappe.db.get_value("Optimization Plan", plan.name, "status") == "Trial Run"


@pytest.mark.clause("6.4.c")
def test_a_recorded_decision_closes_it_all_the_same():
	plan = plans.at_phase("Trial Run")
	plans.reading(plan, "Login time", 900, 5)
	with scenario.at(plans.day(6)):
		plans.looked_back(plan)
		plan.retrospective_on = plans.date(6)
		plan.accepted_party = "Customer"
		assert refused(plan.save, "Decided by", "Reason")
		plan.reload()
		plans.looked_back(plan)
		plan.retrospective_on = plans.date(6)
		plan.save()
		api.accept_otherwise(plan.name, "Customer", "Chen Jing", "Good enough for us")
		plan.reload()
		assert plan.acceptance_recorded_by == "Administrator" and plan.accepted_on
	plans.reading(plan, "Login time", 950, 7)
	assert refused(lambda: move(plan, "Closed", plans.day(8)), "older than a reading")
	with scenario.at(plans.day(8)):
		api.accept_otherwise(plan.name, "Customer", "Chen Jing", "Still good enough")
	plan.reload()
	move(plan, "Closed", plans.day(8))
	assert plan.status == "Closed"


def test_a_decision_needs_a_trial_run_and_is_not_from_the_future():
	values = {"accepted_party": "Supplier", "accepted_by": "Li Wei", "acceptance_reason": "-"}
	plan = plans.at_phase("In Progress")
	plan.update({**values, "accepted_on": plans.day(0).replace(tzinfo=None)})
	assert refused(plan.save, "In Progress")
	plan = plans.at_phase("Trial Run")
	plan.update({**values, "accepted_on": plans.day(0).replace(tzinfo=None)})
	assert refused(plan.save, "before the trial run began")
	plan.reload()
	plan.update({**values, "accepted_on": plans.day(5).replace(tzinfo=None)})
	with scenario.at(plans.day(3)):
		assert refused(plan.save, "still to come")


# Readings


@pytest.mark.clause("6.4.c")
@pytest.mark.parametrize(
	("values", "words"),
	[
		({"metric": "Speed"}, ("Metric", "Speed", "Login time, Success rate")),
		({"number": 1.5}, ("Taken on", "outside the trial run")),
		({"number": 12}, ("Taken on", "outside the trial run")),
		({"value": "12 ms"}, ("Value", "12 ms", "not a number")),
		({"value": None}, ("Login time", "Value", "missing")),
		({"value": "nan"}, ("Value", "nan")),
		({"taken_on": "2027-01-01 00:00:00"}, ("Taken on", "still to come")),
	],
)
def test_a_bad_reading_is_told_which_field_and_value(values, words):
	plan = plans.at_phase("Trial Run")
	text = refused(lambda: plans.reading(plan, **values))
	for word in words:
		assert word in text


def test_a_reading_of_no_plan_says_so():
	bad = frappe.get_doc({"doctype": "Trial Reading", "plan": "OP-none", "metric": "Speed", "value": 1})
	assert refused(bad.insert, "OP-none")


def test_readings_belong_to_a_running_trial():
	plan = plans.at_phase("In Progress")
	assert refused(lambda: plans.reading(plan), "In Progress")
	closed = plans.at_phase("Closed")
	assert refused(lambda: plans.reading(closed), "Closed")
	taken = frappe.get_last_doc("Trial Reading", {"plan": closed.name})
	taken.update({"set_aside": 1, "set_aside_reason": "-"})
	assert refused(taken.save, "Closed")


@pytest.mark.clause("6.4.c")
def test_a_reading_stays_as_it_was_taken_and_is_only_set_aside_with_a_reason():
	plan = plans.at_phase("Trial Run")
	taken = plans.reading(plan, value=5000)
	with scenario.at(plans.day(6)):
		taken.value = 700
		assert refused(taken.save, "Value", "5,000", "Set the reading aside")
		taken.reload()
		assert refused(taken.delete, "evidence")
		taken.set_aside = 1
		assert refused(taken.save, "why the reading does not count")
		taken.reload()
		taken.set_aside = 1
		taken.set_aside_reason = "The probe was unplugged"
		taken.save()
		assert (taken.verdict, taken.set_aside_by) == ("Set Aside", "Administrator")
		taken.set_aside = 0
		assert refused(taken.save, "stays so")
	assert not trial_runs.verdict(plan).metrics[0].outside


def test_several_readings_at_once_are_all_or_none():
	plan = plans.at_phase("Trial Run")
	with scenario.at(plans.day(5)):
		names = api.add_readings(
			plan.name, [{"metric": "Login time", "value": "640"}, {"metric": "Success rate"}]
		)
		assert len(names) == 1
		assert refused(lambda: api.add_readings(plan.name, [{"metric": "Login time", "value": ""}]), "no value")
	face = api.situation(plan.name)["trial"]["metrics"][0]
	assert (face["counted"], face["last"], face["target_text"]) == (1, 640, "at most 800 ms")


@pytest.mark.parametrize(("form", "typed", "value"), [
	("#,###.##", "1,5", 1.5), ("#,###.##", "1,500", 1500), ("#.###,##", "1,5", 1.5), ("#.###,##", "1.500", 1500),
	("#,###.##", "６４０．５", 640.5),
])  # fmt: skip
def test_a_reading_is_read_as_the_site_writes_numbers(site, form, typed, value):
	plan = plans.at_phase("Trial Run")
	frappe.db.set_single_value("System Settings", "number_format", form)
	_forget_settings()
	try:
		with scenario.at(plans.day(5)):
			(name,) = api.add_readings(plan.name, [{"metric": "Login time", "value": typed}])
			assert frappe.db.get_value("Trial Reading", name, "value") == value
			if form == "#,###.##":  # by REST or import, where programs write numbers
				assert plans.reading(plan, value=typed).value == value
			assert plans.reading(plan, value="1.5").value == 1.5
	finally:
		frappe.db.set_single_value("System Settings", "number_format", "#,###.##")
		_forget_settings()


def _forget_settings() -> None:
	frappe.clear_document_cache("System Settings")
	if hasattr(frappe.local, "system_settings"):
		del frappe.local.system_settings


def test_an_engineer_reads_and_enters_readings_but_does_not_change_the_plan(as_user, make_user):
	plan = plans.at_phase("Trial Run")
	with as_user(make_user(roles=["Field Engineer"]).name), scenario.at(plans.day(5)):
		assert api.add_readings(plan.name, [{"metric": "Login time", "value": 640}])
		with pytest.raises(frappe.PermissionError):
			api.accept_otherwise(plan.name, "Customer", "Chen Jing", "-")
		with pytest.raises(frappe.PermissionError):
			api.add_leftover(plan.name, "Something")


def test_a_stranger_sees_nothing(as_user):
	plan = plans.at_phase("Trial Run")
	guest = factories.make_portal_user(plan.customer).name
	with as_user(guest), pytest.raises(frappe.PermissionError):
		api.situation(plan.name)


# Rolled back


@pytest.mark.clause("6.4.a")
def test_rolled_back_needs_reason_cause_time_and_result_and_leads_no_further():
	plan = plans.at_phase("Trial Run")
	assert refused(
		lambda: move(plan, "Rolled Back", plans.day(4)),
		"Reason",
		"What triggered it",
		"Rolled back on",
		"Result",
	)
	plan.update(
		{
			"rollback_reason": "Log-in failed",
			"rollback_cause": "Pool exhausted for eleven minutes",
			"rolled_back_on": plans.day(4).replace(tzinfo=None),
			"rollback_result": "As before",
		}
	)
	move(plan, "Rolled Back", plans.day(4))
	for phase in ("Closed", "Trial Run"):
		plan.reload()
		assert refused(lambda phase=phase: move(plan, phase), "Rolled Back", "stays as it is")
	move(plan, "Draft")
	assert (plan.version, plan.rollback_reason, plan.steps[0].done_on, len(plan.changes)) == (
		2,
		None,
		None,
		1,
	)
	comments = frappe.get_all("Comment", filters={"reference_name": plan.name}, pluck="content")
	assert any("Pool exhausted" in comment for comment in comments)


@pytest.mark.parametrize("phase", ["Draft", "Approved"])
def test_only_what_was_begun_is_rolled_back(phase):
	plan = plans.at_phase(phase)
	assert refused(lambda: move(plan, "Rolled Back"), "Only what is in progress")


# Closing


@pytest.mark.clause("6.4.d")
@pytest.mark.parametrize("lacking", ["treatment", "owner", "due"])
def test_no_leftover_without_measure_owner_and_date(lacking):
	plan = plans.at_phase("Trial Run")
	plans.good_readings(plan)
	given = {"treatment": "Patch it", "owner": "Administrator", "due": plans.date(60)}
	with scenario.at(DAY_15):  # what is still to be done is due in days to come
		name = api.add_leftover(plan.name, "Old clients are slow", **{**given, lacking: None})
		plans.looked_back(plan)
		plan.save()
		assert refused(lambda: move(plan, "Closed"), name, "Old clients are slow")
		leftover = frappe.get_doc("Service Leftover", name)
		assert (leftover.source_doctype, leftover.source_name, leftover.customer) == (
			"Optimization Plan",
			plan.name,
			plan.customer,
		)
		field = {"treatment": "treatment", "owner": "owner_user", "due": "due_date"}[lacking]
		leftover.set(field, given[lacking])
		leftover.save()
		plan.reload()
		move(plan, "Closed")
		leftover.set(field, None)
		assert refused(leftover.save, "is closed")


@pytest.mark.clause("6.4.e", "8.5.b.3")
def test_closing_needs_the_retrospective_and_the_results_of_the_changes():
	plan = plans.at_phase("Trial Run")
	plans.good_readings(plan)
	text = refused(
		lambda: move(plan, "Closed"), "What went well", "What did not", "Lessons", "Result against the goals"
	)
	assert "Changes and Releases, row 1 (Index on sessions): fill in" in text and "Result" in text


@pytest.mark.clause("8.5.a.2")
def test_what_functions_became_more_complete_is_kept_with_the_plan_and_printed():
	plan = plans.at_phase("Trial Run")
	plans.good_readings(plan)
	plans.looked_back(plan)
	plan.append("functions", {"function_name": "Log in", "before": "By password", "after": "By card, too"})
	move(plan, "Closed")
	plan.reload()
	assert [(row.function_name, row.before, row.after) for row in plan.functions] == [
		("Log in", "By password", "By card, too")
	]
	assert ["Log in", "By password", "By card, too"] in optimization_paper.ops_plan(plan, printed.ops_paper(plan)).functions()


def test_it_is_closed_from_its_trial_run_only():
	plan = plans.at_phase("In Progress")
	plans.done(plan)
	plans.looked_back(plan)
	plan.update({"trial_start": plans.date(2), "trial_end": plans.date(11)})
	assert refused(lambda: move(plan, "Closed"), "after its trial run only")


def test_a_closed_plan_stays_as_it_is():
	plan = plans.at_phase("Closed")
	plan.lessons = "None"
	assert refused(plan.save, "Closed", "Lessons")
	plan.reload()
	plan.changes[0].result = "Failed"
	assert refused(plan.save, "Changes and Releases")
	plan.reload()
	assert refused(plan.delete, "evidence")


# Bad input


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"metrics": [{**plans.METRICS[0], "unit": " "}]}, ("Metrics, row 1 (Login time)", "Unit")),
		({"metrics": [{**plans.METRICS[0], "target": "fast"}]}, ("Target", "fast", "not a number")),
		({"metrics": [{**plans.METRICS[0], "target": None}]}, ("Metrics, row 1", "Target")),
		({"metrics": [{**plans.METRICS[0], "direction": "Up"}]}, ("Direction", "Up", "At Least")),
		({"metrics": [dict(plans.METRICS[0]), dict(plans.METRICS[0])]}, ("Metrics, row 2", "row 1")),
		({"currency": ""}, ("Budget", "50000", "Currency")),
		({"budget": -1}, ("Budget", "-1")),
		({"end_date": plans.date(-1)}, ("End", "01-03-2026", "Start", "02-03-2026")),
		(
			{"steps": [{"step": "X", "start_date": plans.date(3), "end_date": plans.date(1)}]},
			("Work Steps, row 1 (X)", "End"),
		),
		({"people": [{"role": "Tester", "party": "Customer"}]}, ("People, row 1 (Tester)", "Name")),
		({"trial_days": 5, "grace_days": 5}, ("Days to settle", "5")),
		({"retrospective_on": plans.date(9)}, ("Held on", "still to come")),
	],
)
def test_bad_input_names_field_and_value(values, words):
	plan = frappe.get_doc(plans.proposal(**values))
	frappe.db.set_single_value("System Settings", "date_format", "dd-mm-yyyy")
	frappe.db.set_default("date_format", "dd-mm-yyyy")  # Frappe 16 looks there
	frappe.local.user_date_format = None
	with scenario.at(plans.day(0)):
		text = refused(plan.insert)
	for word in words:
		assert word in text
	assert not frappe.db.exists("Optimization Plan", {"title": plan.title})


def test_agreement_and_object_are_the_customers():
	plan = frappe.get_doc(plans.proposal(agreement=scenario.agreement(submit=False).name))
	assert refused(plan.insert, "Service Agreement", "belongs to")


def test_the_level_of_a_risk_follows_from_likelihood_and_impact():
	plan = plans.at_phase("Implementation Review")
	assert (plan.risks[0].level, plan.risk_level) == ("High", "High")


# Reviewed content


@pytest.mark.clause("8.5.b.1", "8.5.b.2")
def test_what_was_approved_stays_and_what_happens_later_is_no_change_of_it():
	plan = plans.at_phase("Implementation Review")
	plan.goals = "<p>Another goal</p>"
	assert refused(plan.save, "Proposal")
	plan.reload()
	plan.steps[0].description = "Online"
	plan.save()
	move(plan, "Approved")
	plans.ready(plan)
	plan.save()
	plan.steps[0].owner_user = "Guest"
	assert refused(plan.save, "Implementation")


@pytest.mark.clause("6.4.h")
def test_a_revision_asks_the_customer_anew():
	plan = plans.at_phase("In Progress")
	move(plan, "Draft")
	assert (plan.version, plan.confirmed_by, plan.trial_start) == (2, None, None)


@pytest.fixture
def reviewers(make_user):
	"""An author, a manager and a person of the customer, with the shipped workflow and rules."""
	customer = factories.make_customer().name
	return frappe._dict(
		customer=customer,
		author=make_user(roles=["Technical Expert"]).name,
		manager=make_user(roles=["Service Delivery Manager"]).name,
		person=factories.make_portal_user(customer).name,
	)


def _review(plan, who, as_user):
	"""The manager and the customer approve what is open; the customer last."""
	opened = [row for row in reviews.summary(plan.doctype, plan.name) if row["state"] == reviews.OPEN]
	for row in sorted(opened, key=lambda row: row["party"], reverse=True):
		if row["party"] == "Customer":
			with as_user(who.person):
				review_answers.decide_on_portal(row["name"], "Approved", "Agreed")
		else:
			with as_user(who.manager):
				review_answers.decide(row["name"], "Approved", "Clear", minutes="Met in the morning")


def _act(plan, action, user, as_user):
	with as_user(user):
		apply_workflow(frappe.get_doc(plan.doctype, plan.name), action)
	plan.reload()


@pytest.mark.clause("6.4.b", "6.4.h", "8.5.b.1", "8.5.b.2")
def test_both_parts_are_reviewed_inside_and_by_the_customer_who_thereby_confirms(reviewers, as_user):
	who = reviewers
	with as_user(who.author), scenario.at(plans.day(0)):
		plan = frappe.get_doc(plans.proposal(customer=who.customer)).insert()
	_act(plan, "Ask for Proposal Review", who.author, as_user)
	assert plan.status == "Proposal Review"
	with pytest.raises(frappe.ValidationError, match=r"cannot enter <strong>Proposal Approved"):
		_act(plan, "Approve Proposal", who.manager, as_user)
	_review(plan, who, as_user)
	_act(plan, "Approve Proposal", who.manager, as_user)
	assert plan.confirmed_by == frappe.utils.get_fullname(who.person) and plan.confirmed_on
	with as_user(who.author):
		plan.update(plans.implementation())
		plan.save()
	_act(plan, "Ask for Implementation Review", who.author, as_user)
	_review(plan, who, as_user)
	_act(plan, "Approve", who.manager, as_user)
	given = reviews.summary(plan.doctype, plan.name)
	assert {(row["part"], row["party"], row["state"]) for row in given} == {
		(part, party, "Approved")
		for part in ("Proposal", "Implementation")
		for party in ("Internal", "Customer")
	}
	# what happens later is no change of what was approved
	plans.ready(plan)
	plan.save()
	_act(plan, "Start", who.author, as_user)
	assert plan.status == "In Progress"


@pytest.mark.clause("6.4.a")
def test_no_review_is_asked_for_while_something_is_missing(reviewers, as_user):
	who = reviewers
	with as_user(who.author):
		plan = frappe.get_doc(plans.proposal(customer=who.customer, goals="")).insert()
	with pytest.raises(frappe.ValidationError, match="Goals"):
		_act(plan, "Ask for Proposal Review", who.author, as_user)
	assert not reviews.summary(plan.doctype, plan.name)


# Paper


@pytest.mark.clause("8.5.b.1", "8.5.b.3")
@pytest.mark.parametrize(
	("name", "words"),
	[
		(
			"Optimization Plan",
			("Login time", "at most 800 ms", "Drop the index", "The index locks the table"),
		),
		("Change and Release Report", ("Index on sessions", "Successful", "Reached", "99.9 %")),
	],
)
def test_the_pages_say_what_the_plan_says(name, words):
	plan = plans.at_phase("Closed", title="Faster <b>log-in</b>")
	page = documents.html(plan, name)
	for word in words:
		assert word in page
	assert "<b>log-in</b>" not in page and "Faster &lt;b&gt;" in page
	assert weasy.pdf(page).startswith(b"%PDF")


def test_an_empty_draft_can_be_printed():
	plan = frappe.get_doc(plans.proposal(metrics=[], goals="", budget=0)).insert()
	assert "Draft" in documents.html(plan, "Optimization Plan")


@pytest.mark.clause("8.5.b.5")
def test_other_reports_are_delivered_also_after_the_plan_is_closed():
	name = plans.at_phase("Closed").name

	def deliver(**values):
		plan = frappe.get_doc("Optimization Plan", name)
		given = {"title": "Load test", "delivered_on": plans.date(15), "received_by": "Chen Jing", **values}
		plan.append("delivered_reports", given)
		with scenario.at(DAY_15):
			plan.save()

	assert refused(lambda: deliver(received_by=" "), "row 1", "who received it")
	assert refused(lambda: deliver(delivered_on="2099-01-01"), "row 1", "future")
	deliver()
	paper = printed.ops_paper(frappe.get_doc("Optimization Plan", name))
	assert [row[1::2] for row in paper.delivered_reports()] == [["Load test", "Chen Jing"]]


@pytest.mark.clause("8.5.a.3", "8.5.b.4")
def test_the_customers_satisfaction_before_and_after_is_on_record():
	plan = plans.at_phase("Trial Run")
	plan.satisfaction_before = 110
	assert refused(plan.save, "Score before", "0 to 100")
	plan.reload()
	plan.update({"satisfaction_before": 80, "satisfaction_after": 70})
	assert refused(plan.save, "fell from 80", "what follows")
	plan.reload()
	plan.update({"satisfaction_before": 80, "satisfaction_after": 91, "satisfaction_note": "Survey of May"})
	report = {"kind": "Satisfaction Report", "title": "Survey of May", "received_by": "Chen Jing"}
	plan.append("delivered_reports", {**report, "delivered_on": plans.date(5)})
	with scenario.at(DAY_15):
		plan.save()
	paper = printed.ops_paper(frappe.get_doc("Optimization Plan", plan.name))
	assert paper.satisfaction() == "80 before, 91 afterwards"
	assert paper.delivered_reports()[0][:2] == ["Satisfaction Report", "Survey of May"]
