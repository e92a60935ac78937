"""An agreement's whole life: from a template to complete, amended, suspended, renewed, ended and followed (item 1)."""

from datetime import UTC, datetime, timedelta

import agreement_content
import factories
import frappe
import pytest
import scenario
from frappe.utils import add_days, formatdate, get_datetime, getdate, nowdate, strip_html

from ops_delivery.api import agreements as api
from ops_delivery.domain import comparison as domain_comparison
from ops_delivery.services.agreements import agreement_file, completeness
from ops_delivery.services.agreements import end_reminders as expiry
from ops_delivery.services.agreements import lifecycle as agreement_life
from ops_delivery.services.agreements import templates as agreement_templates
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.assessment import measuring as assessment
from ops_delivery.services.assessment import records as agreement_assessments
from ops_delivery.services.clocks import amendment as agreement_preview
from ops_delivery.services.papers import document_diff as comparison
from ops_delivery.services.portal import documents as portal_documents
from ops_delivery.services.reviews import signatures, signing
from ops_delivery.setup import agreement_templates as shipped
from ops_delivery.setup.demo_desk import sign_off

METRIC = agreement_content.complete()["metrics"][0]


def _refusal(action, *args, error=frappe.ValidationError, **values) -> str:
	with pytest.raises(error) as refused:
		action(*args, **values)
	return strip_html(str(refused.value))


def _year() -> dict:
	return {"start_date": add_days(nowdate(), -100), "end_date": add_days(nowdate(), 265)}


def _in_force(**values):
	return scenario.agreement(**{**_year(), **values})


# Templates


@pytest.mark.clause("5.2.a")
def test_the_shipped_templates_make_drafts_that_lack_only_what_is_particular():
	customer = factories.make_customer().name
	records = shipped.records()
	assert len(records) == 6 and {row["language"] for row in records.values()} == {"en", "zh"}
	for name in records:
		assert frappe.db.exists("Service Agreement Template", name)
		draft = frappe.get_doc(
			"Service Agreement", agreement_templates.make(name, customer, factories.company(), nowdate())
		)
		assert draft.status == "Draft" and draft.template == name
		assert (getdate(draft.end_date) - getdate(draft.start_date)).days in (364, 365)
		lacks = {(lack.field, lack.text) for lack in completeness.missing(draft)}
		assert {field for field, _text in lacks} == {"fee", "channels", "complaint_channel"}, lacks
		assert draft.scope and draft.metrics and draft.targets and draft.agreed_parts
		result = assessment.evaluate(
			draft, draft.start_date, draft.end_date, {"fee": 10000, "survey_score": 96}
		)
		assert result.score is not None


@pytest.mark.clause("5.2.a")
def test_an_agreement_becomes_a_template():
	source = scenario.agreement(submit=False)
	name = agreement_templates.save_as(source.name, factories.unique("Own template"))
	template = frappe.get_doc("Service Agreement Template", name)
	assert [row.metric for row in template.metrics] == [METRIC["metric"]]
	assert "already" in _refusal(agreement_templates.save_as, source.name, name)
	draft = frappe.get_doc(
		"Service Agreement",
		agreement_templates.make(name, source.customer, source.company, "2027-01-01", title="Again"),
	)
	assert (draft.title, len(draft.targets), draft.version) == ("Again", len(source.targets), 1)
	template.enabled = 0
	template.save()
	assert "switched off" in _refusal(
		agreement_templates.make, name, source.customer, source.company, "2027-01-01"
	)


# Completeness


@pytest.mark.clause("5.2.a", "5.2.g", "5.2.h", "6.3.a", "6.3.b")
def test_each_missing_part_is_named():
	bare = {
		key: [] if isinstance(value, list) else None for key, value in agreement_content.complete().items()
	}
	draft = scenario.agreement(submit=False, **bare)
	named = [lack.field for lack in completeness.missing(draft)]
	assert set(named) == {
		"scope",
		"assessment_frequency",
		"metrics",
		"fee_basis",
		"supplier_duties",
		"customer_duties",
		"reporting_frequency",
		"survey_frequency",
		"complaint_channel",
		"security_terms",
	}
	text = _refusal(draft.submit, error=completeness.Incomplete)
	assert "Complaint Channel: is blank" in text and "Services: no service is listed" in text
	draft.reload()
	draft.status = "Internal Review"
	assert "Security Terms: is blank" in _refusal(draft.save, error=completeness.Incomplete)


@pytest.mark.clause("5.2.a")
def test_rows_and_blanks_are_named():
	scope = {"service_content": "Routine Operation", "service_item": "Inspection"}
	channel = {"channel": "Phone", "address": "[…]"}
	draft = scenario.agreement(submit=False, scope=[scope], channels=[channel], fee=0, result_formula="score")
	texts = [f"{lack.field}: {lack.text}" for lack in completeness.missing(draft)]
	assert texts == [
		"scope: row 1 (Inspection): how often?",
		"scope: row 1 (Inspection): what is delivered?",
		"result_terms: put in words what follows from the score",
		"fee: is blank",
		"channels: row 1: fill in what stands as […]",
	]
	assert "No contact person of the customer is named" in completeness.advice(draft)


@pytest.mark.clause("5.2.a")
def test_the_form_asks_about_what_stands_in_it(as_user):
	draft = scenario.agreement(submit=False)
	values = {**draft.as_dict(), "security_terms": ""}
	with as_user(factories.make_user(roles=["Service Delivery Manager"]).name):
		answer = api.check_completeness(frappe.as_json(values))
	labels = [row["label"] for row in answer["missing"]]
	assert labels[0] == "Security Terms" and "Agreed Parts" not in labels
	values["agreed_parts"] = [{"doctype": "Service Agreement Agreed Part", "part": "Fees", "state": "Open"}]
	with as_user(factories.make_user(roles=["Service Delivery Manager"]).name):
		answer = api.check_completeness(frappe.as_json(values))
	assert {"label": "Agreed Parts", "field": "agreed_parts"}.items() <= answer["missing"][1].items()
	assert answer["missing"][1]["text"].startswith("row 1 (Fees): enter who agreed")
	with as_user(factories.make_user(roles=["Employee"]).name), pytest.raises(frappe.PermissionError):
		api.check_completeness(frappe.as_json(values))


# Agreed parts


@pytest.mark.clause("5.2.i", "6.3.c")
def test_a_part_agreed_and_changed_afterwards():
	part = {
		"part": "Levels and Escalation",
		"agreed_by": "Chen Jing",
		"agreed_on": nowdate(),
		"how": "Meeting",
	}
	draft = scenario.agreement(submit=False, agreed_parts=[part, {"part": "Timetable"}])
	levels, timetable = draft.agreed_parts
	assert (levels.state, levels.recorded_by, timetable.state) == ("Agreed", "Administrator", "Open")
	draft.reload()
	draft.save()
	assert draft.agreed_parts[0].state == "Agreed"
	draft.default_priority = "High"
	draft.save()
	assert draft.agreed_parts[0].state == "Changed Since"
	text = _refusal(draft.submit, error=completeness.Incomplete)
	assert "Levels and Escalation" in text and "Timetable" in text
	draft.reload()
	draft.agreed_parts[0].how = "E-mail"
	draft.remove(draft.agreed_parts[1])
	draft.save()
	assert [row.state for row in draft.agreed_parts] == ["Agreed"]


@pytest.mark.clause("5.2.i")
def test_agreed_by_somebody_on_a_day():
	part = {"part": "Fees", "agreed_by": "Chen Jing"}
	assert "say both who agreed" in _refusal(scenario.agreement, submit=False, agreed_parts=[part])
	part["agreed_on"] = add_days(nowdate(), 2)
	assert "is in the future" in _refusal(scenario.agreement, submit=False, agreed_parts=[part])


# Assessment


@pytest.mark.clause("5.2.g")
@pytest.mark.parametrize(
	("change", "said"),
	[
		({"unit": ""}, "Metrics, row 1 (Kept promises), Unit: Kept promises has no unit"),
		({"value_formula": "atainment"}, "asks for atainment, which is not known here. There are:"),
		({"penalty_formula": "1 +"}, "Penalty amount by: the formula 1 + cannot be read near position"),
		({"value_formula": "open('x')"}, "Only numbers, figures, + - * / **"),
		({"weight": 0}, "the weight 0.0 must be above 0 and at most 100"),
	],
)
def test_what_a_metric_may_not_say(change, said):
	text = _refusal(scenario.agreement, submit=False, metrics=[{**METRIC, **change}])
	assert said in text, text


@pytest.mark.clause("5.2.g")
def test_weights_may_be_open_in_a_draft_only():
	draft = scenario.agreement(submit=False, metrics=[{**METRIC, "weight": 40}])
	(lack,) = completeness.missing(draft)
	assert lack.text == "the weights add up to 40.0, not to 100. Change them."


@pytest.mark.clause("5.2.g")
def test_money_without_currency():
	draft = scenario.agreement(submit=False)
	draft.currency = None
	assert "Currency is missing: the fee of 100000.0 has no meaning without it" in _refusal(draft.save)
	draft.reload()
	draft.update({"currency": None, "fee": 0})
	assert "Currency is missing: what the formulas give has no meaning" in _refusal(draft.save)


@pytest.mark.clause("5.2.g")
@pytest.mark.parametrize("name", ["2nd", "fee", "score", "max", "lambda", "a b"])
def test_a_figure_that_cannot_stand_in_a_formula(name):
	row = {"figure_name": name, "meaning": "Something"}
	assert "Own figures, row 1" in _refusal(scenario.agreement, submit=False, figures=[row])


@pytest.mark.clause("5.2.g", "6.3.d")
def test_a_period_worked_out_from_what_was_measured():
	survey = {
		"metric": "Survey",
		"unit": "points",
		"target": 90,
		"weight": 50,
		"value_formula": "survey_score",
		"reward_formula": "500 if value >= 95 else 0",
	}
	agreement = _in_force(
		start_date="2026-01-01",
		end_date="2027-12-31",
		metrics=[{**METRIC, "weight": 50, "value_formula": "first_response_attainment"}, survey],
		figures=[{"figure_name": "survey_score", "meaning": "Mean of the survey"}],
	)
	kept = scenario.issue(agreement)
	scenario.judge_valid(
		kept, scenario.MONDAY + timedelta(minutes=15), first_responded_on="2026-03-02 09:10:00"
	)
	late = scenario.issue(agreement)
	scenario.judge_valid(
		late, scenario.MONDAY + timedelta(hours=30), first_responded_on="2026-03-03 15:00:00"
	)
	doc = factories.make(
		"Agreement Assessment", agreement=agreement.name, start_date="2026-01-01", end_date="2026-03-31"
	)
	responses, answers = doc.lines
	assert responses.value == 50 and responses.note == "Target missed"
	fee = assessment.fee_of(agreement, getdate("2026-01-01"), getdate("2026-03-31"))
	assert fee == pytest.approx(100000 * 90 / 730, abs=0.01)
	assert responses.penalty == pytest.approx(45 * 0.01 * fee, abs=0.01)
	assert "Mean of the survey has no value" in answers.note
	assert doc.score == pytest.approx(100 * 50 / 95, abs=0.01)
	for row in doc.figures:
		if row.figure_name == "survey_score":
			row.value = 96
	doc.save()
	answers = doc.lines[1]
	assert (answers.value, answers.reward, answers.note) == (96, 500, "Target reached")
	assert {row.figure_name: row.known for row in doc.figures}["survey_score"]
	assert doc.amount == pytest.approx(500 - doc.penalties, abs=0.01)
	assert next(row for row in doc.figures if row.figure_name == "survey_score").source == "Typed In"
	assert "who confirmed for the customer" in _refusal(agreement_assessments.confirm, doc.name, "Customer")
	assert agreement_assessments.confirm(doc.name, "Supplier") == "Draft"
	assert agreement_assessments.confirm(doc.name, "Customer", "Chen Jing", "E-mail") == "Confirmed"
	doc.reload()
	doc.figures[0].value = 1
	assert "was confirmed by both parties" in _refusal(doc.save)
	assert "kept as evidence" in _refusal(doc.delete)
	assert str(agreement_assessments.next_period(agreement.name)["start_date"]) == "2026-04-01"


@pytest.mark.clause("5.2.g")
def test_saving_a_result_again_types_nothing_in_and_takes_no_confirmation_back():
	"""A third: the database keeps fewer digits of it than were worked out."""
	agreement = _in_force(
		start_date="2026-01-01",
		end_date="2027-12-31",
		metrics=[{**METRIC, "weight": 100, "value_formula": "first_response_attainment"}],
	)
	for after, first_response in ((15, "2026-03-02 09:10:00"), *[(1800, "2026-03-03 15:00:00")] * 2):
		scenario.judge_valid(
			scenario.issue(agreement),
			scenario.MONDAY + timedelta(minutes=after),
			first_responded_on=first_response,
		)
	doc = factories.make(
		"Agreement Assessment", agreement=agreement.name, start_date="2026-01-01", end_date="2026-03-31"
	)
	line = frappe.get_doc(doc.lines[0].doctype, doc.lines[0].name)
	assert (line.value, line.score) == (33.333333333, 35.087719298)  # of a target of 95 %
	doc.save()
	agreement_assessments.confirm(doc.name, "Supplier")
	doc = frappe.get_doc(doc.doctype, doc.name)
	for _again in range(2):
		doc.save()
		assert {row.source for row in doc.figures} == {"Measured"}
		assert doc.supplier_by


@pytest.mark.clause("5.2.g")
def test_a_period_outside_of_the_agreement():
	agreement = scenario.agreement(submit=False)
	values = {"doctype": "Agreement Assessment", "agreement": agreement.name}
	backwards = frappe.get_doc({**values, "start_date": "2026-03-01", "end_date": "2026-02-01"})
	assert "before it begins" in _refusal(backwards.insert)
	before = frappe.get_doc({**values, "start_date": "2025-12-01", "end_date": "2026-02-01"})
	assert "does not lie within the agreement's period" in _refusal(before.insert)


@pytest.mark.clause("5.2.g")
def test_trying_formulas_saves_nothing(as_user):
	draft = scenario.agreement(submit=False)
	values = draft.as_dict()
	values["metrics"][0]["value_formula"] = "requests * 10 + typed_in"
	values["figures"] = [{"figure_name": "typed_in", "meaning": "A figure of its own"}]
	with as_user(factories.make_user(roles=["Service Delivery Manager"]).name):
		names = {row["name"]: row for row in api.formula_names(frappe.as_json(values))}
		result = api.try_assessment(frappe.as_json(values), "2026-01-01", "2026-03-31", {"typed_in": 7})
	assert names["typed_in"]["typed"] and "first_response_attainment" in names
	assert result["lines"][0]["value"] == 7
	draft.reload()
	assert draft.metrics[0].value_formula == "attainment"


# Amendment


@pytest.mark.clause("5.5.g")
def test_a_new_version_is_compared_with_the_old():
	old = _in_force()
	new = frappe.get_doc("Service Agreement", agreements.new_version(old.name))
	assert comparison.between(old, new) == []
	high = next(row for row in new.targets if (row.commitment, row.priority) == ("Resolution", "High"))
	high.target = 4 * 3600
	new.targets = [row for row in new.targets if row.commitment not in ("On-site Arrival", "Restore")]
	new.append(
		"scope",
		{
			"service_content": "Routine Operation",
			"service_item": "Inspection",
			"frequency": "Monthly",
			"deliverables": "Report",
		},
	)
	new.security_terms = "Named people of both parties only"
	new.amendment_reason = "The customer needs more"
	new.save()
	sections = comparison.between(old, new)
	changes = {table.name: table for section in sections for table in section.tables}
	(row,) = [row for row in changes["targets"].rows if row.kind == domain_comparison.CHANGED]
	assert (row.title, row.cells[0].old, row.cells[0].new) == ("Resolution · High", "8 h", "4 h")
	assert {row.kind for row in changes["targets"].rows} == {"changed", "removed"}
	assert changes["scope"].rows[0].kind == "added"
	(text,) = [change for section in sections for change in section.fields if change.name == "security_terms"]
	assert [(p.kind, p.text) for p in text.parts if p.kind] == [("added", "of both parties ")]
	html = api.compare(new.name)
	assert "Resolution · High" in html and "<del" in html and "<ins" in html
	api.compare_pdf(new.name)
	assert frappe.local.response.filecontent.startswith(b"%PDF")


@pytest.mark.clause("5.5.g")
def test_an_amendment_says_why():
	old = _in_force()
	new = frappe.get_doc("Service Agreement", agreements.new_version(old.name))
	assert [lack.field for lack in completeness.missing(new)] == ["amendment_reason"]


def test_a_comparison_escapes_what_it_shows():
	old = _in_force()
	new = frappe.get_doc("Service Agreement", agreements.new_version(old.name))
	new.security_terms = "<img src=x onerror=alert(1)>"
	new.save()
	assert "<img" not in comparison.html(old, new)


@pytest.mark.clause("5.5.g", "6.3.b")
def test_a_preview_names_the_open_records_and_writes_nothing():
	old = _in_force(start_date="2026-01-01", end_date="2027-12-31")
	open_one = scenario.issue(old)
	scenario.judge_valid(open_one, scenario.MONDAY + timedelta(minutes=5))
	new = frappe.get_doc("Service Agreement", agreements.new_version(old.name))
	high = next(row for row in new.targets if (row.commitment, row.priority) == ("Resolution", "High"))
	high.target = 7 * 3600
	new.save()
	before = scenario.clock(open_one)
	with scenario.at(scenario.MONDAY + timedelta(hours=1)):
		told = agreement_preview.touched(new)
	assert (told["records"], told["changed"], told["moves"]) == (1, 1, False)
	(line,) = told["clocks"]
	assert (line["record"], line["commitment"], line["target"], line["new_target"]) == (
		open_one.name,
		"Resolution",
		8 * 3600,
		7 * 3600,
	)
	assert str(line["due"]) == str(before.due_on)
	assert str(line["new_due"]) == "2026-03-02 17:00:00"  # seven hours from nine, with an hour of lunch
	assert scenario.clock(open_one) == before


@pytest.mark.clause("5.5.g")
@pytest.mark.parametrize("moves", [0, 1])
def test_open_records_follow_only_where_that_was_agreed(moves, jobs):
	old = _in_force(start_date="2026-01-01", end_date="2027-12-31")
	open_one = scenario.issue(old)
	scenario.judge_valid(open_one, scenario.MONDAY + timedelta(minutes=5))
	ledger = scenario.ledger(scenario.clock(open_one))
	new = frappe.get_doc("Service Agreement", agreements.new_version(old.name))
	for row in new.targets:
		if row.commitment in ("Resolution", "Restore"):
			row.target = row.target // 2
	new.update({"amendment_reason": "Quicker", "move_open_records": moves})
	new.save()
	with scenario.at(scenario.MONDAY + timedelta(hours=1)):
		sign_off.sign_off(new)
		if moves:
			agreement_preview.move_later(new.name)
	old.reload()
	assert (old.status, new.status) == ("Superseded", "Active")
	clock = scenario.clock(open_one)
	issue = frappe.get_doc("Issue", open_one.name)
	if moves:
		assert (clock.agreement, clock.target, issue.ops_agreement) == (new.name, 4 * 3600, new.name)
		assert scenario.ledger(clock) == [*ledger, "Target Change"]
	else:
		assert (clock.agreement, clock.target, issue.ops_agreement) == (old.name, 8 * 3600, old.name)
		assert scenario.ledger(clock) == ledger


@pytest.mark.clause("5.5.g")
def test_a_version_that_begins_later_is_scheduled_and_the_old_one_rules_until_then():
	old = _in_force()
	new = frappe.get_doc("Service Agreement", agreements.new_version(old.name))
	new.update({"start_date": add_days(nowdate(), 10), "amendment_reason": "Next quarter"})
	new.save()
	sign_off.sign_off(new)
	old.reload()
	assert (old.status, new.status) == ("Active", "Scheduled")
	assert agreements.find(old.customer, nowdate()) == old.name


# Decisions


@pytest.mark.clause("5.2.a")
def test_suspended_and_resumed_for_a_reason():
	agreement = _in_force()
	assert "Say why" in _refusal(agreement_life.suspend, agreement.name, " ")
	assert agreement_life.suspend(agreement.name, "The site is being moved") == "Suspended"
	agreement.reload()
	assert (agreement.state_reason, agreement.state_by) == ("The site is being moved", "Administrator")
	assert agreements.find(agreement.customer, nowdate()) is None
	assert "Suspended" in _refusal(agreement_life.suspend, agreement.name, "Once more")
	assert agreement_life.resume(agreement.name, "The move is done") == "Active"
	assert agreements.find(agreement.customer, nowdate()) == agreement.name


@pytest.mark.clause("5.2.a")
def test_no_decision_without_a_reason_whichever_way():
	agreement = _in_force()
	agreement.status = "Suspended"
	assert "can only become Suspended for a reason" in _refusal(agreement.save)
	agreement_life.suspend(agreement.name, "The first reason")
	agreement_life.resume(agreement.name, "Going on")
	agreement.reload()
	agreement.status = "Terminated"  # the reason of another decision does not count
	assert "can only become Terminated for a reason" in _refusal(agreement.save)


@pytest.mark.clause("5.2.a")
def test_terminated_today_or_on_a_day_to_come():
	agreement = _in_force()
	assert "lies in the past" in _refusal(
		agreement_life.terminate, agreement.name, "Why", add_days(nowdate(), -1)
	)
	assert "is not before the end" in _refusal(
		agreement_life.terminate, agreement.name, "Why", agreement.end_date
	)
	later = add_days(nowdate(), 30)
	assert agreement_life.terminate(agreement.name, "By mutual consent", later) == "Active"
	assert agreements.find(agreement.customer, later) == agreement.name
	assert agreements.find(agreement.customer, add_days(later, 1)) is None
	frappe.db.set_value("Service Agreement", agreement.name, "termination_date", add_days(nowdate(), -1))
	agreements.refresh_statuses()
	assert frappe.db.get_value("Service Agreement", agreement.name, "status") == "Terminated"
	other = _in_force()
	assert agreement_life.terminate(other.name, "Closed down") == "Terminated"
	assert "Terminated" in _refusal(agreement_life.resume, other.name, "No")


@pytest.mark.clause("5.2.a")
def test_who_may_not_submit_may_not_decide(as_user):
	agreement = _in_force()
	with as_user(factories.make_user(roles=["Service Desk"]).name), pytest.raises(frappe.PermissionError):
		api.suspend(agreement.name, "Because")


# The end


@pytest.mark.clause("5.2.a")
def test_reminders_once_for_each_agreed_day():
	assert expiry.days("90, 30，7") == [90, 30, 7]
	assert "cannot be read" in _refusal(scenario.agreement, submit=False, remind_days="soon")


@pytest.mark.clause("5.2.a")
def test_the_person_in_charge_is_told():
	owner = factories.make_user(roles=["Service Delivery Manager"]).name
	agreement = _in_force(end_date=add_days(nowdate(), 20), remind_days="30, 7", owner_user=owner)
	assert agreement.name in expiry.remind_due()
	assert agreement.name not in expiry.remind_due()
	(notice,) = frappe.get_all(
		"Service Notice",
		filters={"reference_name": agreement.name, "key_point": ["like", "ops_agreement_%"]},
		fields=["key_point", "details"],
		order_by="name",
	)
	assert notice.key_point == "ops_agreement_ending" and '"days": 20' in notice.details
	from ops_delivery.services.outbox import sending as notice_sending

	row = frappe.get_doc(
		"Service Notice", {"reference_name": agreement.name, "key_point": "ops_agreement_ending"}
	)
	factories.make_email_account()
	attempt, _final = notice_sending.send(row)
	assert not attempt.errors
	mail = frappe.get_last_doc("Email Queue", {"reference_name": agreement.name})
	assert [recipient.recipient for recipient in mail.recipients] == [owner]


@pytest.mark.clause("5.2.a")
def test_it_renews_itself_where_that_was_agreed(monkeypatch):
	agreement = _in_force(
		start_date="2026-07-01", end_date="2027-06-30", auto_renew=1, renewal_months=6, renewal_notice_days=30
	)
	assert agreement.name not in agreement_life.renew_due()
	monkeypatch.setattr(frappe.utils.data, "now_datetime", lambda: datetime(2027, 7, 1, 0, 5))
	assert agreement.name in agreement_life.renew_due()
	agreement.reload()
	assert (agreement.status, str(agreement.end_date)) == ("Active", "2027-06-30")
	assert str(agreement.renewed_until) == "2027-12-31"
	assert agreements.find(agreement.customer, "2027-12-31") == agreement.name
	assert agreements.find(agreement.customer, "2028-01-01") is None
	assert agreement.name not in agreement_life.renew_due()
	agreements.refresh_statuses()
	assert frappe.db.get_value("Service Agreement", agreement.name, "status") == "Active"
	assert signatures.valid(agreement)["Customer"], "what was signed is what rules"


@pytest.mark.clause("5.2.a", "5.2.g")
def test_a_renewed_agreement_is_assessed_shown_exported_and_amended_as_it_rules_now(monkeypatch):
	agreement = _in_force(
		start_date="2025-08-31", end_date="2026-12-30", auto_renew=1, renewal_months=6, fee=160000
	)
	for day, until in (("2027-01-05", "2027-06-29"), ("2027-06-29", "2027-12-30"), ("2027-12-31", "2028-06-29")):
		monkeypatch.setattr(frappe.utils.data, "now_datetime", lambda day=day: get_datetime(f"{day} 00:05:00"))
		assert agreement.name in agreement_life.renew_due()
		agreement.reload()
		assert str(agreement.renewed_until) == until
	# 160 000 for 16 months, and the same rate after
	assert assessment.fee_of(agreement, getdate("2026-12-31"), getdate("2027-06-29")) == 60000
	with scenario.at(datetime(2027, 12, 31, tzinfo=UTC)):
		doc = factories.make(
			"Agreement Assessment", agreement=agreement.name, start_date="2027-07-01", end_date="2027-07-31"
		)
	assert doc.fee > 9000 and doc.penalties == 0
	assert agreement_file.export_json(agreement.name)["period"]["end"] == "2028-06-29"
	assert portal_documents._line(agreement.doctype, agreement)["period"].endswith(formatdate("2028-06-29"))
	amended = frappe.get_doc("Service Agreement", agreements.new_version(agreement.name))
	assert str(agreements.last_day(amended)) == "2028-06-29"
	amended.end_date = "2029-12-31"
	amended.save()
	assert str(agreements.last_day(amended)) == "2029-12-31"


@pytest.mark.clause("5.2.g")
def test_monthly_assessments_do_not_drift():
	agreement = _in_force(start_date="2026-01-31", end_date="2027-01-30", assessment_frequency="Monthly")
	ends = []
	for _number in range(3):
		period = agreement_assessments.next_period(agreement.name)
		factories.make("Agreement Assessment", agreement=agreement.name, **period)
		ends.append(str(period["end_date"]))
	assert ends == ["2026-02-27", "2026-03-30", "2026-04-29"]


@pytest.mark.clause("5.2.a")
def test_reminders_of_a_renewal_count_to_the_last_day_to_object():
	agreement = _in_force(
		end_date=add_days(nowdate(), 200), auto_renew=1, renewal_notice_days=180, remind_days="30, 7"
	)
	assert agreement.name in expiry.remind_due(), "in 20 days nobody may object any more"
	agreement.reload()
	assert agreement.reminded_days == 30
	agreement_life.stop_renewal(agreement.name, "The customer, by letter")
	agreement.reload()
	assert agreement.reminded_days == 0, "now it ends, and is told of before its end"
	assert agreement.name not in expiry.remind_due()


@pytest.mark.clause("5.2.a")
def test_an_objection_stops_the_renewal_in_time():
	agreement = _in_force(auto_renew=1, renewal_months=12, renewal_notice_days=30)
	assert "Say who objected" in _refusal(agreement_life.stop_renewal, agreement.name, "")
	agreement_life.stop_renewal(agreement.name, "The customer, by letter")
	agreement.reload()
	frappe.db.set_value("Service Agreement", agreement.name, "end_date", add_days(nowdate(), -1))
	assert agreement.name not in agreement_life.renew_due()
	late = _in_force(
		end_date=add_days(nowdate(), 10), auto_renew=1, renewal_months=12, renewal_notice_days=30
	)
	assert "was possible until" in _refusal(agreement_life.stop_renewal, late.name, "Too late")
	text = _refusal(scenario.agreement, submit=False, auto_renew=1, renewal_months=0)
	assert "by how many months" in text


@pytest.mark.clause("5.2.a")
def test_one_action_makes_the_agreement_that_follows():
	agreement = _in_force(
		start_date="2026-01-01",
		end_date="2027-12-31",
		agreed_parts=[{"part": "Fees", "agreed_by": "Chen Jing", "agreed_on": nowdate()}],
	)
	name = agreement_life.make_successor(agreement.name)
	follower = frappe.get_doc("Service Agreement", name)
	assert (str(follower.start_date), str(follower.end_date)) == ("2028-01-01", "2029-12-31")
	assert (follower.predecessor, follower.version, follower.status) == (agreement.name, 1, "Draft")
	assert follower.agreement_number == name != agreement.agreement_number
	assert follower.agreed_parts[0].state == "Open"
	assert agreement_life.make_successor(agreement.name) == name
	agreement.reload()
	assert agreement.successor == name
	assert signatures.valid(agreement)["Supplier"]


@pytest.mark.clause("5.2.i")
def test_a_changed_text_voids_the_signatures():
	rule = frappe.qb.DocType("Review Rule")
	frappe.qb.update(rule).set(rule.enabled, 0).where(rule.document_type == "Service Agreement").run()
	draft = scenario.agreement(submit=False, **_year())
	for party in signatures.PARTIES:
		signing.sign("Service Agreement", draft.name, party, signer_name="Chen Jing")
	draft.reload()
	draft.metrics[0].target = 97
	draft.save()
	assert signatures.valid(draft) == {"Customer": None, "Supplier": None}
	text = _refusal(draft.submit)
	assert "given under another text" in text
	draft.reload()
	assert draft.docstatus == 0
