"""What an agreement, a policy or a target may not be: each refusal names the field, the value and the way out."""

import json

import api_calls
import factories
import frappe
import pytest
import scenario
from frappe.utils import strip_html


def _refusal(action, *args, **values) -> str:
	with pytest.raises(frappe.ValidationError) as refused:
		action(*args, **values)
	return strip_html(str(refused.value))


def _with_targets(*targets, **values):
	return scenario.agreement(
		submit=False,
		targets=[
			{"commitment": commitment, "priority": priority, "target": seconds}
			for commitment, priority, seconds in targets
		],
		**values,
	)


@pytest.mark.clause("5.2.a", "6.3.c")
def test_the_same_promise_twice():
	text = _refusal(
		_with_targets,
		("Resolution", "High", 28800),
		("Resolution", "Low", 3600),
		("Resolution", "High", 14400),
	)
	assert text == (
		"Targets, row 3 (Resolution, High): this commitment and priority are promised twice. "
		"Remove one of the rows."
	)


@pytest.mark.clause("5.2.a", "6.3.c")
def test_a_response_longer_than_the_resolution():
	text = _refusal(_with_targets, ("First Response", "High", 30600), ("Resolution", "High", 28800))
	assert text == (
		"Targets, row 1 (First Response, High): the response target 8h30m is longer than the resolution target. "
		"Shorten the one or lengthen the other."
	)


@pytest.mark.clause("5.2.a")
def test_a_target_without_time():
	text = _refusal(_with_targets, ("Resolution", "High", 0))
	assert "Targets" in text and ("longer than zero" in text or "Target" in text)


@pytest.mark.clause("5.2.a")
def test_no_target_at_all():
	assert "Targets" in _refusal(_with_targets)


@pytest.mark.clause("5.2.a")
def test_a_target_without_a_calendar():
	text = _refusal(_without_calendar)
	assert text == "Service Hours is missing. Choose one."


def _without_calendar():
	agreement = scenario.agreement(submit=False)
	agreement.calendar = None
	agreement.save()


@pytest.mark.clause("5.2.a")
def test_a_calendar_that_is_switched_off():
	calendar = scenario.calendar()
	calendar.enabled = 0
	calendar.save()
	text = _refusal(scenario.agreement, submit=False, calendar=calendar.name)
	assert f"{calendar.name} is switched off. Choose another one, or switch it on." in text


@pytest.mark.clause("5.2.a")
def test_a_target_for_a_priority_the_matrix_does_not_know():
	odd = factories.make("Issue Priority", name=factories.unique("Odd")).name
	text = _refusal(_with_targets, ("Resolution", "High", 28800), ("Resolution", odd, 28800))
	assert text == (
		f"Targets, row 2 (Resolution, {odd}): the priority {odd} is not in the order of priorities of the matrix. "
		"Choose another one, or add it to the matrix."
	)


@pytest.mark.clause("5.2.a")
def test_a_default_priority_the_matrix_does_not_know():
	odd = factories.make("Issue Priority", name=factories.unique("Odd")).name
	text = _refusal(scenario.agreement, submit=False, default_priority=odd)
	assert text.startswith(f"Priority before triage: the priority {odd} is not in the order of priorities")


@pytest.mark.clause("6.3.c", "6.3.e.3")
def test_a_policy_that_escalates_to_nobody():
	expert = factories.make_user(roles=["Technical Expert"]).name
	agreement = scenario.agreement(
		submit=False, contacts=[{"contact_role": "Senior Expert", "level": 1, "user": expert}]
	)
	assert (
		f"People: Alarm, Manager of {agreement.escalation_policy} escalates to Escalation Manager, level 1 or lower, "
		"but the agreement names none. Add a person, or choose another policy."
	) in _refusal(agreement.submit)


@pytest.mark.clause("6.3.e")
def test_a_step_that_tells_nobody():
	step = {"step_name": "Silent", "kind": "Alarm", "moment": "At", "notify_assignee": 0}
	text = _refusal(scenario.policy, [step])
	assert text.startswith("Escalation Steps, row 1 (Silent), Tell the assignee:")
	assert "nobody is told and nothing happens" in text


@pytest.mark.clause("5.2.a")
def test_a_period_that_has_ended():
	agreement = scenario.agreement(submit=False, start_date="2020-01-01", end_date="2020-12-31")
	text = _refusal(agreement.submit)
	assert "Valid to: the period ended on" in text
	assert "2020" in text and "Give the agreement a later end, or make a new one." in text


@pytest.mark.clause("5.2.a")
def test_a_period_that_runs_backwards():
	text = _refusal(scenario.agreement, submit=False, start_date="2026-06-01", end_date="2026-05-01")
	assert "Valid to" in text and "2026-05-01" in text


@pytest.mark.clause("5.2.a", "5.2.g")
def test_an_object_of_another_customer():
	other = factories.make_customer()
	thing = factories.make(
		"Service Object",
		object_name=factories.unique("Server"),
		customer=other.name,
		object_type="Other",
		importance=_importance(),
	)
	text = _refusal(
		scenario.agreement, submit=False, covers_all_objects=0, objects=[{"service_object": thing.name}]
	)
	assert text.startswith("Objects, row 1:")
	assert f"belongs to {other.name}, not to" in text
	assert "Choose an object of this customer." in text


@pytest.mark.clause("5.2.g")
def test_neither_all_objects_nor_one():
	text = _refusal(scenario.agreement, submit=False, covers_all_objects=0, objects=[])
	assert text.startswith("Objects: name at least one object")


@pytest.mark.clause("6.3.g")
def test_silence_that_counts_too_soon():
	text = _refusal(scenario.agreement, submit=False, allow_deemed_acceptance=1, deemed_after_days=0)
	assert "After working days: 0 is less than one working day" in text
	text = _refusal(
		scenario.agreement, submit=False, allow_deemed_acceptance=1, deemed_after_days=5, deemed_notices=1
	)
	assert "1 is less than two. Deemed acceptance needs at least two notices." in text


@pytest.mark.clause("6.3.b")
def test_what_was_submitted_stays_as_it_is():
	agreement = scenario.agreement()
	agreement.targets[0].target = 60
	with pytest.raises(frappe.ValidationError, match=r"was approved and stays as it is"):
		agreement.save()


def _importance():
	scenario.basics()
	return "Important"


def test_a_time_that_is_no_number_is_refused_in_words():
	draft = scenario.agreement(submit=False)
	values = {**json.loads(frappe.as_json(draft.as_dict()))}
	values["targets"][0]["target"] = "8h1"
	answer = api_calls.post("Administrator", "frappe.client.save", doc=json.dumps(values))
	assert answer.status == 417, answer.text
	assert "8h1" in answer.text and "Targets, row 1" in answer.text
