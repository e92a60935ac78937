"""The walk of a visit and of a session through their stages (7.2, 7.3)."""

import json
from datetime import timedelta

import api_calls
import factories
import frappe
import pytest
import scenario
import visiting
from reviewing import user
from visiting import PERSON, key

from ops_delivery.services import leftovers
from ops_delivery.services.reviews import signatures
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import after_leaving, before_arrival, before_leaving, on_site
from ops_delivery.services.visits import checklists as visit_checklists
from ops_delivery.services.visits import figures as visit_figures
from ops_delivery.services.visits import leftovers as visit_leftovers
from ops_delivery.services.visits import rules as visits
from ops_delivery.services.visits import superior_requests as visit_requests
from ops_delivery.services.visits import work_items as visit_work
from ops_delivery.services.visits.types import SESSION, SHEET

BOTH = pytest.mark.parametrize("doctype", [SHEET, SESSION])


def opened(doc, phase: str) -> set[str]:
	from ops_delivery.services.visits import sentences as visit_words

	return {row["code"] for row in visit_words.open_before(visiting.fresh(doc), phase)}


@pytest.mark.clause("7.2.a", "7.2.b", "7.2.c", "7.2.d", "7.3.a", "7.3.b", "7.3.c", "7.3.d")
@BOTH
def test_a_visit_walks_from_plan_to_follow_up(site, doctype):
	w = visiting.left(visiting.world(doctype))
	doc = w.visit
	assert doc.status == ("Left" if doctype == SHEET else "Ended")
	assert doc.leave_permitted_by == PERSON and doc.leave_permitted_on and doc.left_on
	assert doc.survey_due_on  # 7.2.d.1–2: asked from now on
	assert doc.engineers[0].from_time and doc.engineers[0].to_time
	with user(w.engineer):
		with pytest.raises(visits.StageOpen):
			after_leaving.follow_up(*key(doc))
		visiting.answer_stage(doc, "After")
		after_leaving.follow_up(*key(doc))
	assert visiting.fresh(doc).status == "Followed Up"


@pytest.mark.clause("7.2.a.1", "7.3.a.1")
@BOTH
def test_details_are_confirmed_and_history_is_shown_before(site, doctype):
	w = visiting.left(visiting.world(doctype))
	leftover = factories.make(
		"Service Leftover", subject="Loose cable", customer=w.customer, state="Open", due_date="2099-01-01"
	)
	frappe.db.set_value("Service Leftover", leftover.name, "due_date", "2026-01-01")  # it has passed since
	with user(w.engineer):
		again = visiting.plan(doctype, w.customer, owner_user=w.engineer)
		known = visit_leftovers.earlier(again)
		assert [row["name"] for row in known["visits"]] == [w.visit.name]
		assert [(row.name, row.overdue) for row in known["leftovers"]] == [(leftover.name, True)]
		assert "not_details_confirmed" in opened(again, "Prepared")
		with pytest.raises(frappe.ValidationError, match="Who at the customer"):
			before_arrival.confirm_details(*key(again), "   ")
		before_arrival.confirm_details(*key(again), PERSON)
	assert "not_details_confirmed" not in opened(again, "Prepared")


@pytest.mark.clause("7.2.a.2", "7.3.a.2")
@BOTH
def test_a_risky_job_waits_for_the_reviews_of_its_contingency_plan(site, doctype):
	w = visiting.world(doctype, risk="Complex or Risky")
	doc = w.visit
	assert {"contingency_missing", "contingency_not_reviewed"} <= opened(doc, "Prepared")
	with user(w.engineer):
		doc.contingency_plan = "Keep the old switch running beside it"
		doc.save()
		before_arrival.confirm_details(*key(doc), PERSON)
		visiting.answer_stage(doc, "Before")
		before_arrival.ask_for_review(*key(doc))
		with pytest.raises(frappe.ValidationError, match="of 1 approvals by"):
			before_arrival.prepare(*key(doc))
	visiting.approve_contingency(w, "Internal")
	if doctype == SESSION:  # both parties
		with user(w.engineer), pytest.raises(frappe.ValidationError, match="approvals by the customer"):
			before_arrival.prepare(*key(doc))
		visiting.approve_contingency(w, "Customer")
	with user(w.engineer):
		doc = visiting.fresh(doc)
		doc.contingency_plan = "Something else"
		doc.save()
		with pytest.raises(frappe.ValidationError, match="about another content"):  # what was approved is another plan
			before_arrival.prepare(*key(doc))
	assert visiting.fresh(doc).status == "Planned"


@pytest.mark.clause("7.2.a.2")
def test_an_approved_contingency_plan_opens_the_way_and_is_fixed(site):
	w = visiting.world(risk="Complex or Risky", contingency_plan="Old switch stays beside it")
	with user(w.engineer):
		before_arrival.ask_for_review(*key(w.visit))
	visiting.approve_contingency(w, "Internal")
	visiting.prepared(w)
	assert w.visit.status == "Prepared"
	with user(w.engineer):
		w.visit.contingency_plan = "None"
		with pytest.raises(frappe.ValidationError, match="was approved and stays as it is"):
			w.visit.save()


@pytest.mark.clause("7.2.a.3", "7.2.a.4", "7.3.a.3", "7.2.b.3", "7.2.b.4", "7.3.b.2", "7.3.b.3", "7.3.b.4")
@pytest.mark.clause("7.2.c.3", "7.2.c.4", "7.3.c.2", "7.2.d.3", "7.3.d.3")
@BOTH
def test_every_required_point_of_the_shipped_checklist_holds_its_stage(site, doctype):
	w = visiting.world(doctype)
	required = [row for row in w.visit.answers if row.required]
	assert {row.stage for row in required} == {"Before", "During", "Before Leaving", "After"}
	steps = {
		"Before": lambda: before_arrival.prepare(*key(w.visit)),
		"During": lambda: on_site.finish_work(*key(w.visit), "Job Done"),
		"Before Leaving": lambda: before_leaving.leave(*key(w.visit), PERSON),
		"After": lambda: after_leaving.follow_up(*key(w.visit)),
	}
	with user(w.engineer):
		before_arrival.confirm_details(*key(w.visit), PERSON)
		for stage, step in steps.items():
			rows = [row for row in required if row.stage == stage]
			for row in rows:
				with pytest.raises(visits.StageOpen) as caught:
					step()
				assert frappe.utils.escape_html(row.question) in str(caught.value)
				visit_checklists.answer(*key(w.visit), row.name, "Not Applicable")
				with pytest.raises(visits.StageOpen):  # what does not apply says why
					step()
				visit_checklists.answer(*key(w.visit), row.name, None, "Nothing to carry")
			if stage == "Before Leaving" and doctype == SHEET:
				with pytest.raises(visits.StageOpen):
					step()
				before_leaving.sign(*key(w.visit), PERSON, visiting.drawing())
			step()
			if stage == "Before":
				if doctype == SHEET:
					before_arrival.depart(*key(w.visit))
				on_site.arrive(*key(w.visit))
				on_site.confirm_arrival(*key(w.visit), PERSON)
				visit_work.confirm_work(*key(w.visit), PERSON)
				item = visiting.fresh(w.visit).work_items[0].name
				visit_work.start(*key(w.visit), item)
				visit_work.finish(*key(w.visit), item, "Runs")
	assert visiting.fresh(w.visit).status == "Followed Up"


@pytest.mark.clause("7.2.b.1", "7.3.b.1", "5.3.c", "5.3.d")
def test_a_confirmed_arrival_meets_the_commitment_of_the_request(site):
	agreement = scenario.agreement()
	issue = scenario.judge_valid(scenario.issue(agreement), scenario.MONDAY)
	start = scenario.MONDAY + scenario.hours(1)
	with scenario.at(start):
		w = visiting.world(
			customer=agreement.customer,
			reference_doctype="Issue",
			reference_name=issue.name,
			promised_on="2026-03-02 10:20:00",
		)
		visiting.prepared(w)
	assert frappe.db.get_value("Issue", issue.name, "ops_onsite") == 1
	with user(w.engineer):
		with scenario.at(start + timedelta(minutes=5)):
			before_arrival.depart(*key(w.visit))
		with scenario.at(start + timedelta(minutes=30)):
			on_site.arrive(*key(w.visit))
			on_site.confirm_arrival(*key(w.visit), PERSON)
	arrived = frappe.db.get_value("Issue", issue.name, ["ops_departed_on", "ops_arrived_on"])
	assert [str(moment) for moment in arrived] == ["2026-03-02 10:05:00", "2026-03-02 10:30:00"]
	clock = frappe.db.get_value(
		"Service Clock", {"reference_name": issue.name, "commitment": "On-site Arrival"}, ["state", "elapsed"]
	)
	assert clock == ("Met", 1800)
	doc = visiting.fresh(w.visit)
	assert doc.late_minutes == 10 and doc.arrival_confirmed_by == PERSON
	day = {"from_date": "2026-03-02", "to_date": "2026-03-02", "customer": agreement.customer}
	(row,) = visit_figures.rows(day)  # as the report Visits and Hours counts it
	assert (row.counted.kept, row.counted.late, row.counted.first) == (True, 10, True)
	assert row.counted.travel == pytest.approx(25 / 60)


@pytest.mark.clause("7.2.b.1")
def test_a_double_tap_on_arrived_changes_nothing(site):
	w = visiting.prepared(visiting.world())
	with user(w.engineer):
		before_arrival.depart(*key(w.visit))
		first = on_site.arrive(*key(w.visit))
		with scenario.at(scenario.MONDAY):
			assert on_site.arrive(*key(w.visit)) == first
	assert str(visiting.fresh(w.visit).arrived_on) == first


@pytest.mark.clause("7.2.b.1")
def test_a_phone_an_hour_wrong_tells_no_wrong_time(site):
	w = visiting.prepared(visiting.world())
	with user(w.engineer), scenario.at(scenario.MONDAY):
		before_arrival.depart(*key(w.visit))
	with user(w.engineer), scenario.at(scenario.MONDAY + scenario.hours(1)):
		on_site.arrive(
			*key(w.visit), waited=600, device_time="2026-03-02T10:50:00+08:00", latitude=31.2, longitude=121.5
		)
	doc = visiting.fresh(w.visit)
	assert str(doc.arrived_on) == "2026-03-02 09:50:00"
	assert doc.arrival_offset == 3600 and doc.arrival_waited == 600 and doc.arrival_latitude == 31.2


@pytest.mark.clause("7.2.b.1")
def test_no_arrival_before_the_departure(site):
	w = visiting.prepared(visiting.world())
	with user(w.engineer):
		with pytest.raises(visits.StageOpen):
			on_site.arrive(*key(w.visit))
		with scenario.at(scenario.MONDAY):
			before_arrival.depart(*key(w.visit))
			with pytest.raises(frappe.ValidationError, match="arrival lies before the departure"):
				on_site.arrive(*key(w.visit), waited=60)
	assert not visiting.fresh(w.visit).arrived_on


@pytest.mark.clause("7.2.b.2", "7.2.b.5", "7.3.b.5")
@BOTH
def test_only_confirmed_work_is_done(site, doctype):
	w = visiting.present(visiting.world(doctype))
	item = w.visit.work_items[0].name
	with user(w.engineer):
		for step in (visit_work.start, visit_work.finish):
			with pytest.raises(frappe.ValidationError, match="only confirmed work may be done"):
				step(*key(w.visit), item)
		visit_work.confirm_work(*key(w.visit), PERSON)
		visit_work.start(*key(w.visit), item)
		visit_work.start(*key(w.visit), item)  # a double tap
		visit_work.finish(*key(w.visit), item, "Runs")
		visit_work.finish(*key(w.visit), item, "Again")
		doc = visiting.fresh(w.visit)
		assert (doc.work_items[0].state, doc.work_items[0].result) == ("Done", "Runs")
		assert doc.work_items[0].done_by == w.engineer and doc.work_confirmed_with == PERSON
		doc.append("work_items", {"work": "And something else"})
		with pytest.raises(visits.OnlyBySteps):
			doc.save()


@pytest.mark.clause("7.2.b.6", "7.3.b.6")
@BOTH
def test_a_problem_stops_its_item_until_the_named_superior_grants_it(site, doctype):
	w = visiting.confirmed(visiting.world(doctype))
	item = w.visit.work_items[0].name
	with user(w.engineer):
		with pytest.raises(frappe.ValidationError, match="cannot be asked"):  # oneself is no superior
			visit_requests.ask(*key(w.visit), "Unforeseen Problem", "May I?", w.engineer, item)
		request = visit_requests.ask(
			*key(w.visit), "Unforeseen Problem", "The rack is locked. May I open it?", w.manager, item
		)
		with pytest.raises(frappe.ValidationError, match="stopped until the superior answers"):
			visit_work.start(*key(w.visit), item)
		with pytest.raises(frappe.PermissionError):
			visit_requests.answer(request, True)
	other = factories.make_user(roles=["Service Delivery Manager"]).name
	with user(other), pytest.raises(frappe.PermissionError):
		visit_requests.answer(request, True)
	assert frappe.db.exists("ToDo", {"reference_name": request, "allocated_to": w.manager, "status": "Open"})
	with user(w.manager):
		assert visit_requests.answer(request, True, "Yes, with the guard") == "Granted"
		with pytest.raises(frappe.ValidationError, match="answered already"):
			visit_requests.answer(request, False, "No")
	with user(w.engineer):
		visit_work.start(*key(w.visit), item)
	assert not frappe.db.exists("ToDo", {"reference_name": request, "status": "Open"})


@pytest.mark.clause("7.2.b.6")
def test_an_extra_wish_is_done_only_when_granted(site):
	w = visiting.confirmed(visiting.world())
	with user(w.engineer):
		ask = ("Extra Wish", "They want a second port", w.manager)
		granted = visit_requests.ask(*key(w.visit), *ask, work="Second port")
		declined = visit_requests.ask(*key(w.visit), *ask, work="A new cable duct")
	with user(w.manager):
		visit_requests.answer(granted, True)
		with pytest.raises(frappe.ValidationError, match="Say why you decline"):
			visit_requests.answer(declined, False)
		visit_requests.answer(declined, False, "Another order")
	states = {row.work: row.state for row in visiting.fresh(w.visit).work_items}
	assert states["Second port"] == "Confirmed" and states["A new cable duct"] == "Dropped"


@pytest.mark.clause("7.2.c.1")
def test_a_signature_is_bound_to_what_was_signed(site):
	w = visiting.signed(visiting.world())
	row = signatures.valid(w.visit)["Customer"]
	assert (row.signer_name, row.channel, row.recorded_by) == (PERSON, "Drawn on Site", w.engineer)
	assert row.attachment == w.visit.customer_signature
	with user(w.engineer):
		doc = visiting.fresh(w.visit)
		doc.outcome_note = "One more remark"
		doc.save()
		assert not signatures.valid(visiting.fresh(doc))["Customer"]
		with pytest.raises(visits.StageOpen):
			before_leaving.leave(*key(doc), PERSON)
		before_leaving.sign(*key(doc), PERSON, visiting.drawing())
		before_leaving.leave(*key(doc), PERSON)
		doc.reload()
		doc.outcome_note = "After all"
		with pytest.raises(frappe.ValidationError, match="was approved and stays as it is"):
			doc.save()
	# whoever changes it behind the app's back: the sheet shows as no longer signed
	frappe.db.set_value(SHEET, doc.name, "outcome_note", "Forged")
	assert not signatures.valid(visiting.fresh(doc))["Customer"]


@pytest.mark.clause("7.2.c.1")
def test_who_signs_sees_the_text_as_it_is(site):
	w = visiting.work_done(visiting.world())
	shown = before_leaving.text_of(w.visit)
	with user(w.engineer):
		visit_leftovers.add(w.visit, "Cable", "Next week", w.engineer, "2026-12-31")
		with pytest.raises(frappe.ValidationError, match="has changed since it was shown"):
			before_leaving.sign(*key(w.visit), PERSON, visiting.drawing(), content=shown)


@pytest.mark.clause("7.2.c.2", "7.2.d.4", "7.3.c.1", "7.3.d.4")
@BOTH
def test_leftovers_are_agreed_signed_and_tracked_to_their_end(site, doctype):
	w = visiting.confirmed(visiting.world(doctype))
	item = w.visit.work_items[0].name
	with user(w.engineer):
		name = visit_work.leave_open(*key(w.visit), item, "No spare part")
		visiting.answer_stage(w.visit, "During", "Before Leaving")
		with pytest.raises(frappe.ValidationError, match="a work item was left open"):
			on_site.finish_work(*key(w.visit), "Job Done")
		on_site.finish_work(*key(w.visit), "More to Do")
		assert "leftover_not_agreed" in opened(w.visit, "Followed Up")
		if doctype == SHEET:
			before_leaving.sign(*key(w.visit), PERSON, visiting.drawing())
		leftover = frappe.get_doc("Service Leftover", name)
		leftover.update({"treatment": "Part is ordered", "owner_user": w.second, "due_date": "2026-12-31"})
		leftover.save()
		if doctype == SHEET:
			assert not signatures.valid(visiting.fresh(w.visit))["Customer"]
			before_leaving.sign(*key(w.visit), PERSON, visiting.drawing())
		before_leaving.leave(*key(w.visit), PERSON)
		leftover.treatment = "Nothing at all"
		with pytest.raises(frappe.ValidationError, match="the customer agreed to this"):
			leftover.save()
		visiting.answer_stage(w.visit, "After")
		with pytest.raises(visits.StageOpen):
			after_leaving.follow_up(*key(w.visit))
		leftover.reload()
		leftovers.set_state(name, "Solved", "Part came")
		after_leaving.follow_up(*key(w.visit))
	todo = {"reference_type": "Service Leftover", "reference_name": name, "allocated_to": w.second}
	assert frappe.db.get_value("ToDo", todo, "status") == "Closed"


@pytest.mark.clause("7.2.d.4")
def test_an_overdue_leftover_runs_a_clock_of_its_own(site):
	w = visiting.work_done(visiting.world())
	with user(w.engineer):
		name = visit_leftovers.add(
			w.visit, "Cable", "Next week", w.second, str((site_now() + timedelta(days=9)).date())
		)
	clock = frappe.db.get_value(
		"Service Clock",
		{"reference_doctype": "Service Leftover", "reference_name": name},
		["state", "due_on"],
	)
	assert clock and clock[0] == "Running" and clock[1]


@pytest.mark.clause("7.2.c.5", "7.3.c.3")
@BOTH
def test_nobody_leaves_without_permission(site, doctype):
	w = visiting.signed(visiting.world(doctype))
	with user(w.engineer):
		with pytest.raises(frappe.ValidationError, match="Who at the customer"):
			before_leaving.leave(*key(w.visit), "")
		before_leaving.leave(*key(w.visit), PERSON)
		before_leaving.leave(*key(w.visit), "Somebody else")  # a double tap
	assert visiting.fresh(w.visit).leave_permitted_by == PERSON


@pytest.mark.clause("7.2.d.3", "7.3.d.3")
def test_the_request_learns_of_the_visit_and_does_not_end_before_its_leftovers(site):
	agreement = scenario.agreement()
	issue = scenario.judge_valid(scenario.issue(agreement), scenario.MONDAY)
	w = visiting.world(customer=agreement.customer, reference_doctype="Issue", reference_name=issue.name)
	visiting.confirmed(w)

	def resolve():
		doc = frappe.get_doc("Issue", issue.name)
		doc.update({"status": "Resolved", "resolution_details": "<p>New switch</p>"})
		doc.save(ignore_permissions=True)

	with pytest.raises(frappe.ValidationError, match="is <strong>On Site"):  # a visit is under way
		resolve()
	with user(w.engineer):
		item = w.visit.work_items[0].name
		name = visit_work.leave_open(
			*key(w.visit),
			item,
			"No part",
			"Ordered",
			w.engineer,
			str((site_now() + timedelta(days=9)).date()),
		)
		visiting.answer_stage(w.visit, "During", "Before Leaving")
		on_site.finish_work(*key(w.visit), "More to Do")
		before_leaving.sign(*key(w.visit), PERSON, visiting.drawing())
		before_leaving.leave(*key(w.visit), PERSON)
	assert frappe.db.exists(
		"Comment", {"reference_name": issue.name, "content": ["like", f"%{w.visit.name}%"]}
	)
	with pytest.raises(frappe.ValidationError, match="eftovers"):
		resolve()
	leftovers.set_state(name, "Waived", "The customer buys a new one")
	with pytest.raises(frappe.ValidationError, match="more is to do"):  # a partial visit does not complete the job
		resolve()
	visiting.left(
		frappe._dict(
			w,
			visit=visiting.plan(
				SESSION,
				w.customer,
				reference_doctype="Issue",
				reference_name=issue.name,
				owner_user=w.engineer,
			),
		)
	)
	resolve()
	assert frappe.db.get_value("Issue", issue.name, "status") == "Resolved"


# Planned from a request


@pytest.mark.clause("7.2.a")
def test_a_visit_planned_from_a_request_knows_who_when_and_what(site):
	agreement = scenario.agreement()
	desk = factories.make_user(roles=["Service Desk", "Support Team"]).name
	engineer = factories.make_user(roles=["Field Engineer"]).name
	with scenario.at(scenario.MONDAY):
		issue = scenario.issue(agreement, ops_onsite=1)
	frappe.db.set_value("Issue", issue.name, "description", "<p>The fan screams</p>")
	frappe.get_doc(
		{"doctype": "ToDo", "reference_type": "Issue", "reference_name": issue.name, "allocated_to": desk, "description": "-"}
	).insert(ignore_permissions=True)
	asked = {"doctype": SHEET, "source_doctype": "Issue", "source_name": issue.name}

	def values() -> dict:
		answer = api_calls.get(desk, "ops_delivery.api.visits.values_from", **asked)
		assert answer.status == 200, answer.text
		return json.loads(answer.text)["message"]

	assert "owner_user" not in values()  # the desk plans, and does not go
	frappe.get_doc(
		{"doctype": "ToDo", "reference_type": "Issue", "reference_name": issue.name, "allocated_to": engineer, "description": "-"}
	).insert(ignore_permissions=True)
	found = values()
	assert found["owner_user"] == engineer
	assert found["work_content"] == "The fan screams"
	assert frappe.utils.get_datetime(found["promised_on"]) == scenario.clock(issue, "On-site Arrival").due_on
	frappe.db.set_value("User", engineer, "enabled", 0)
	assert "owner_user" not in values()  # who has left goes nowhere, whatever is still assigned to them


def test_a_visit_takes_over_the_promise_that_planning_it_starts(site):
	with scenario.at(scenario.MONDAY):
		issue = scenario.issue(scenario.agreement())
		assert not scenario.clock(issue, "On-site Arrival")
		visit = visiting.plan(SHEET, issue.customer, reference_doctype="Issue", reference_name=issue.name)
	due = scenario.clock(issue, "On-site Arrival").due_on.replace(second=0)
	assert visit.promised_on == due == frappe.db.get_value(SHEET, visit.name, "promised_on")


def test_earlier_visits_are_those_before(site):
	w = visiting.world(planned_start="2026-03-02 09:00:00", planned_end="2026-03-02 10:00:00")
	days = {"2026-02-27": "before", "2026-03-09": "next week", None: "no day yet"}
	made = {}
	for day, when in days.items():
		times = {"planned_start": f"{day} 09:00:00", "planned_end": f"{day} 10:00:00"} if day else {}
		made[when] = visiting.plan(SHEET, w.customer, **times).name
	shown = [row["name"] for row in visit_leftovers.earlier(visiting.fresh(w.visit))["visits"]]
	assert shown == [made["before"]]
