"""Warning, alarm and escalation as the sweep carries them out (6.3.e)."""

import threading
from datetime import timedelta
from unittest.mock import patch

import factories
import frappe
import pytest
import scenario
from frappe.desk.form import assign_to
from frappe.utils import get_datetime
from scenario import MONDAY, hours

from ops_delivery.services.clocks import explanation, triggers
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.engine import health
from ops_delivery.services.escalation import batch, sweep
from ops_delivery.services.escalation import delivery as telling
from ops_delivery.services.escalation import firing as escalation


@pytest.fixture
def manager(site):
	return factories.make_user(roles=["Service Delivery Manager"]).name


@pytest.fixture
def agreement(manager):
	factories.make_email_account()
	return scenario.agreement(manager=manager)


@pytest.fixture
def issue(agreement):
	"""High priority: response 1 h, restore 6 h, resolution 8 h; reported Monday 09:00, replied at once."""
	return scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")


def _sweep(moment):
	with scenario.at(moment):
		return sweep.run()


def _logs(issue, **filters):
	return frappe.get_all(
		"Escalation Log",
		filters={"reference_name": issue.name, "commitment": "Resolution", **filters},
		fields=["*"],
		order_by="fired_on, step, round",
	)


def _pending(issue):
	clock = scenario.clock(issue)
	rows = frappe.get_all(
		"Service Clock Trigger",
		filters={"clock": clock.name},
		fields=["step", "round", "due_on"],
		order_by="due_on",
	)
	return {row.step: get_datetime(row.due_on) for row in rows}


def _local(moment):
	return moment.astimezone(scenario.ZONE).replace(tzinfo=None)


@pytest.mark.clause("6.3.e", "6.3.c")
def test_only_what_is_pending_stands_in_the_table(issue):
	due = _local(MONDAY + hours(9))
	assert _pending(issue) == {
		"Warning": _local(MONDAY + hours(7.4)),
		"Alarm": due,
		triggers.DEADLINE: due,
		"Manager": due + timedelta(hours=16),  # an hour of service time later: Tuesday 10:00
	}
	scenario.change(issue, MONDAY + hours(1), status="On Hold", ops_pause_reason="parts")
	assert _pending(issue) == {}


@pytest.mark.clause("6.3.e.1")
def test_a_warning_is_sent_before_the_deadline_to_the_assignee(issue):
	engineer = factories.make_user(roles=["Field Engineer"]).name
	assign_to.add({"doctype": "Issue", "name": issue.name, "assign_to": [engineer]})
	_sweep(MONDAY + hours(7.4) - timedelta(seconds=1))
	assert not _logs(issue)
	_sweep(MONDAY + hours(7.4))
	(log,) = _logs(issue)
	assert (log.kind, log.step, log.round) == ("Warning", "Warning", 1)
	told = frappe.get_doc("Escalation Log", log.name).recipients
	assert {(row.user, row.channel, row.state) for row in told} == {
		(engineer, "Desk", "Sent"),
		(engineer, "E-mail", "Queued"),
	}
	assert frappe.db.exists(
		"Notification Log", {"for_user": engineer, "document_name": issue.name, "type": "Alert"}
	)
	assert frappe.db.exists("Email Queue Recipient", {"recipient": engineer})


@pytest.mark.clause("6.3.e.2", "5.3.c")
def test_the_deadline_raises_an_alarm_and_marks_the_commitment_missed(issue, manager):
	issue = scenario.change(issue, MONDAY, ops_restored_on=_local(MONDAY))
	_sweep(MONDAY + hours(9))
	alarm = _logs(issue, kind="Alarm")[0]
	assert alarm.policy_version.endswith("r1")
	assert alarm.agreement == issue.ops_agreement
	assert [
		row.user for row in frappe.get_doc("Escalation Log", alarm.name).recipients if row.channel == "Desk"
	] == [manager]
	clock = scenario.clock(issue)
	assert (clock.breached, get_datetime(clock.breached_on)) == (1, _local(MONDAY + hours(9)))
	assert frappe.db.get_value("Issue", issue.name, "agreement_status") == "Failed"


@pytest.mark.clause("6.3.d")
def test_an_answer_in_the_second_of_the_deadline_is_in_time_everywhere(agreement):
	"""Clocks count whole seconds; a sweep that looked in that second does not make it late."""
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	_sweep(MONDAY + hours(1))
	assert scenario.clock(issue, "First Response").breached == 1
	late = MONDAY + hours(1) + timedelta(microseconds=7000)
	scenario.change(issue, late, first_responded_on=_local(late))
	clock = scenario.clock(issue, "First Response")
	assert (clock.state, clock.elapsed, clock.breached, clock.breached_on) == ("Met", 3600, 0, None)
	assert frappe.db.get_value("Issue", issue.name, "agreement_status") == "Resolution Due"
	with scenario.at(late):
		assert not explanation.explain(clock.name)["missed"]
	# a second later it is late, and stays so
	other = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	_sweep(MONDAY + hours(1))
	late = MONDAY + hours(1) + timedelta(seconds=1)
	scenario.change(other, late, first_responded_on=_local(late))
	assert scenario.clock(other, "First Response").breached == 1


@pytest.mark.clause("6.3.e.3")
def test_the_manager_route_raises_the_priority(issue, manager):
	_sweep(MONDAY + hours(25))
	(log,) = _logs(issue, kind="Manager Route")
	done = frappe.get_all(
		"Escalation Log", {"reference_name": issue.name}, pluck="actions_done", order_by="fired_on"
	)
	assert sum("High → Urgent" in (text or "") for text in done) == 1
	assert log.actions_done.startswith("Priority raised")
	raised = frappe.get_doc("Issue", issue.name)
	assert (raised.priority, raised.ops_suggested_priority) == ("Urgent", "High")
	assert "Manager" in raised.ops_priority_reason
	assert scenario.clock(issue).target == 4 * 3600


@pytest.mark.clause("6.3.e.3")
def test_the_expert_route_reassigns_and_calls_a_server_script(agreement):
	expert = factories.make_user(roles=["Technical Expert"]).name
	script = factories.make(
		"Server Script",
		name=factories.unique("Escalate"),
		script_type="API",
		api_method="ops_test_escalate",
		script='frappe.db.set_value("Issue", doc.name, "subject", log.step)',
	)
	policy = scenario.policy(
		[
			{
				"step_name": "Expert",
				"kind": "Expert Route",
				"moment": "At",
				"notify_assignee": 0,
				"notify_experts": 1,
				"reassign_to": "Senior Expert",
				"server_script": script.name,
			}
		]
	)
	other = scenario.agreement(
		escalation_policy=policy.name,
		contacts=[{"contact_role": "Senior Expert", "level": 1, "user": expert}],
	)
	issue = scenario.judge_valid(scenario.issue(other), MONDAY)
	with patch(
		"frappe.utils.safe_exec.is_safe_exec_enabled", return_value=True
	):  # whatever this bench allows
		_sweep(MONDAY + hours(9))
	(log,) = _logs(issue)
	assigned = frappe.get_all("ToDo", {"reference_name": issue.name, "status": "Open"}, pluck="allocated_to")
	assert assigned == [expert]
	assert frappe.db.get_value("Issue", issue.name, "subject") == "Expert"
	assert not log.problems


def test_where_server_scripts_are_forbidden_the_step_says_so_and_the_rest_goes_on(agreement, manager):
	script = factories.make(
		"Server Script",
		name=factories.unique("S"),
		script_type="API",
		api_method="ops_test_no",
		script="pass",
	)
	steps = [{**scenario.STEPS[1], "server_script": script.name}]
	other = scenario.agreement(escalation_policy=scenario.policy(steps).name, manager=manager)
	issue = scenario.judge_valid(scenario.issue(other), MONDAY)
	with patch("frappe.utils.safe_exec.is_safe_exec_enabled", return_value=False):
		_sweep(MONDAY + hours(9))
	(log,) = _logs(issue)
	assert "does not allow server scripts" in log.problems
	assert frappe.db.exists("Notification Log", {"for_user": manager, "document_name": issue.name})


@pytest.mark.clause("6.3.e.2")
def test_an_alarm_repeats_until_it_is_acknowledged(issue):
	due = MONDAY + hours(9)
	_sweep(due)
	_sweep(due + hours(1))
	assert [log.round for log in _logs(issue, kind="Alarm")] == [1, 2]
	with scenario.at(due + hours(1.5)):
		names = [log.name for log in _logs(issue, kind="Alarm")]
		assert sorted(escalation.acknowledge(names, "on it")) == sorted(names)
		assert escalation.acknowledge(names) == []
	_sweep(due + hours(4))
	rows = _logs(issue, kind="Alarm")
	assert [log.round for log in rows] == [1, 2]
	assert {log.acknowledged_by for log in rows} == {"Administrator"}


def test_repeats_end_at_their_number(issue):
	for hour in range(9, 15):
		_sweep(MONDAY + hours(hour))
	assert [log.round for log in _logs(issue, kind="Alarm")] == [1, 2, 3, 4]


def test_quiet_hours_hold_mail_until_they_end_and_one_mail_tells_all(manager):
	factories.make_email_account()
	quiet = scenario.policy(
		[{"step_name": "Alarm", "kind": "Alarm", "moment": "At", "notify_assignee": 0, "notify_managers": 1}],
		has_quiet_hours=1,
		quiet_from="17:00:00",
		quiet_to="07:00:00",
	)
	agreement = scenario.agreement(escalation_policy=quiet.name, manager=manager)
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	_sweep(MONDAY + hours(9))  # 18:00
	(log,) = _logs(issue)
	(held,) = frappe.get_all(
		"Escalation Log Recipient", {"parent": log.name, "state": "Held"}, ["user", "send_after"]
	)
	assert get_datetime(held.send_after) == _local(MONDAY + hours(22))
	assert frappe.db.exists("Notification Log", {"for_user": manager, "document_name": issue.name})
	assert not frappe.db.exists("Email Queue Recipient", {"recipient": manager})
	with scenario.at(MONDAY + hours(22)):
		assert telling.send_held() == 1
	assert frappe.db.count("Email Queue Recipient", {"recipient": manager}) == 1
	assert not frappe.db.exists("Escalation Log Recipient", {"parent": log.name, "state": "Held"})


def test_without_a_mail_set_up_the_log_says_who_was_not_told(manager):
	agreement = scenario.agreement(manager=manager)
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	with patch.object(frappe, "sendmail", side_effect=frappe.OutgoingEmailError("no outgoing account")):
		outcome = _sweep(MONDAY + hours(9))
	assert outcome["failed"] == 0
	log = _logs(issue, kind="Alarm")[0]
	assert "no outgoing account" in log.problems
	unsent = {"parent": log.name, "channel": "E-mail"}
	assert frappe.db.get_value("Escalation Log Recipient", unsent, "state") == "Held"
	with patch.object(frappe, "sendmail", side_effect=frappe.OutgoingEmailError("no outgoing account")):
		_sweep(MONDAY + hours(34))
	assert frappe.db.get_value("Escalation Log Recipient", unsent, "state") == "Not Sent"
	assert frappe.db.get_value("Escalation Log", log.name, "problems").count("no outgoing account") == 1


def test_mail_that_could_not_be_queued_goes_when_it_can(manager):
	agreement = scenario.agreement(manager=manager)
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	with patch.object(frappe, "sendmail", side_effect=frappe.OutgoingEmailError("no outgoing account")):
		_sweep(MONDAY + hours(9))
	factories.make_email_account()
	_sweep(MONDAY + hours(9.2))
	log = _logs(issue, kind="Alarm")[0]
	assert frappe.db.exists("Email Queue Recipient", {"recipient": manager})
	told = frappe.get_all("Escalation Log Recipient", {"parent": log.name}, ["channel", "state"])
	assert {row.channel: row.state for row in told} == {"Desk": "Sent", "E-mail": "Queued"}


def test_what_an_escalation_changes_holds_for_the_other_triggers_of_the_same_sweep(issue):
	"""The manager route of the restore raises the priority: the resolution's deadline has moved before its turn."""
	_sweep(MONDAY + hours(9))
	clock = scenario.clock(issue)
	assert (clock.target, clock.breached) == (4 * 3600, 1)
	assert get_datetime(clock.breached_on) == get_datetime(clock.due_on) == _local(MONDAY + hours(5))
	(alarm,) = _logs(issue, kind="Alarm")
	assert get_datetime(alarm.due_on) == _local(MONDAY + hours(5))
	assert clocks.rebuild("Issue", issue.name) == []


def test_a_failing_trigger_is_set_aside_and_holds_up_no_other(issue, agreement):
	other = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	broken = scenario.clock(issue).name
	fire = escalation.fire

	def failing(row, *args):
		if row.name == broken:
			raise RuntimeError("broken")
		return fire(row, *args)

	with patch.object(escalation, "fire", side_effect=failing):
		for attempt in range(7):
			_sweep(MONDAY + hours(9 + attempt))
	assert _logs(other, kind="Alarm") and not _logs(issue)
	trigger = frappe.get_all(
		"Service Clock Trigger", {"clock": broken, "step": "Alarm"}, ["name", "state", "attempts", "error"]
	)[0]
	assert (trigger.state, trigger.attempts) == ("Failed", 5)
	assert "broken" in trigger.error
	assert health.status()["failed_triggers"] >= 1
	with scenario.at(MONDAY + hours(19)):
		assert sweep.retry([trigger.name]) == 1
	_sweep(MONDAY + hours(20))
	assert _logs(issue, kind="Alarm")


def test_a_trigger_overtaken_by_a_save_does_not_fire(issue):
	scenario.change(issue, MONDAY + hours(8), status="Resolved", resolution_details="done")
	_sweep(MONDAY + hours(12))
	assert not _logs(issue, kind="Alarm")


def test_a_sweep_reads_what_is_due_and_not_what_is_open(issue, agreement):
	def queries(moment):
		with patch.object(frappe.db, "sql", side_effect=frappe.db.sql) as calls:
			_sweep(moment)
		return calls.call_count

	queries(MONDAY)  # what is kept afterwards is read now
	before = queries(MONDAY + hours(1))
	for _ in range(5):
		scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	assert queries(MONDAY + hours(1)) == before


@pytest.mark.committed
def test_four_sweeps_at_once_fire_each_trigger_once(in_parallel, cleanup):
	agreement = scenario.agreement()
	issues = [scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied") for _ in range(12)]
	names = [issue.name for issue in issues]
	cleanup(_forget, names)
	frappe.db.commit()
	moment = MONDAY + hours(9)
	in_parallel(*[lambda: _sweep(moment) for _ in range(4)])
	_sweep(moment)  # what each of them found in another's hands it has left for the next run
	frappe.db.rollback()
	logs = frappe.get_all(
		"Escalation Log",
		filters={"reference_name": ["in", names], "commitment": "Resolution", "kind": "Alarm"},
		fields=["clock", "step", "round"],
		order_by="clock",
	)
	assert len(logs) == len({(log.clock, log.step, log.round) for log in logs}) == 12


@pytest.mark.committed
def test_a_killed_sweep_loses_nothing_and_repeats_nothing(cleanup):
	agreement = scenario.agreement()
	issues = [scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied") for _ in range(4)]
	names = [issue.name for issue in issues]
	cleanup(_forget, names)
	frappe.db.set_single_value("Ops Delivery Settings", "sweep_batch", 3)
	cleanup(frappe.db.set_single_value, "Ops Delivery Settings", "sweep_batch", 100)
	frappe.db.commit()
	frappe.clear_document_cache("Ops Delivery Settings", "Ops Delivery Settings")
	claim, calls = sweep._claim, []

	def killed(*args):
		calls.append(1)
		if len(calls) == 3:
			raise KeyboardInterrupt
		return claim(*args)

	with scenario.at(MONDAY + hours(9)), patch.object(sweep, "_claim", side_effect=killed):
		with pytest.raises(KeyboardInterrupt):
			sweep.run()
	frappe.db.rollback()
	_sweep(MONDAY + hours(9))
	alarms = frappe.get_all(
		"Escalation Log",
		filters={"reference_name": ["in", names], "kind": "Alarm", "commitment": "Resolution"},
		pluck="clock",
		order_by="clock",
	)
	assert len(alarms) == len(set(alarms)) == 4


@pytest.mark.committed
def test_a_save_goes_through_while_the_mails_of_a_sweep_are_rendered(in_parallel, cleanup, manager):
	factories.make_email_account()
	agreement = scenario.agreement(manager=manager)
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	cleanup(_forget, [issue.name])
	frappe.db.commit()
	rendering, saved = threading.Event(), threading.Event()
	send = frappe.sendmail

	def slowly(**values):
		rendering.set()
		assert saved.wait(60), "the save waits for the mail"
		return send(**values)

	def save():
		assert rendering.wait(60)
		with scenario.at(MONDAY + hours(9)):
			doc = frappe.get_doc("Issue", issue.name)
			doc.update({"status": "Resolved", "resolution_details": "done"})
			doc.save()
		frappe.db.commit()
		saved.set()
		return "saved"

	with patch.object(frappe, "sendmail", slowly):
		swept, done = in_parallel(lambda: _sweep(MONDAY + hours(9)), save)
	assert done == "saved"
	assert swept["held_sent"] == 1 and not swept["failed"]
	assert frappe.db.exists("Email Queue Recipient", {"recipient": manager})


def test_a_sweep_begins_no_further_step_when_it_has_held_its_locks_long_enough(agreement):
	issues = [scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied") for _ in range(3)]
	begun, fire = [], batch.Batch.fire

	def counted(batch, rows, until):
		outcome = fire(batch, rows, until)
		begun.append(len(outcome[0]))
		return outcome

	with patch.object(sweep, "HOLD_SECONDS", 0), patch.object(batch.Batch, "fire", counted):
		outcome = _sweep(MONDAY + hours(9))
	assert all(_logs(issue, kind="Alarm") for issue in issues)
	assert outcome["finished"] and not outcome["failed"]
	assert sum(begun) >= 6 and set(begun) <= {0, 1}


@pytest.mark.committed
def test_a_sweep_that_is_killed_after_firing_leaves_nobody_untold(cleanup, manager):
	factories.make_email_account()
	issue = scenario.judge_valid(scenario.issue(scenario.agreement(manager=manager)), MONDAY, status="Replied")
	cleanup(_forget, [issue.name])
	frappe.db.commit()
	with (
		patch.object(sweep, "HOLD_SECONDS", 60),  # so that all of it is fired in one go
		patch.object(telling, "tell_on_desk", side_effect=KeyboardInterrupt),
		pytest.raises(KeyboardInterrupt),
	):
		_sweep(MONDAY + hours(9))
	frappe.db.rollback()
	(log,) = _logs(issue, kind="Alarm")
	assert not frappe.db.exists("Notification Log", {"for_user": manager, "document_name": issue.name})
	for _ in range(2):
		_sweep(MONDAY + hours(9))
	told = frappe.get_all("Escalation Log Recipient", {"parent": log.name}, ["channel", "state"])
	assert {(row.channel, row.state) for row in told} == {("Desk", "Sent"), ("E-mail", "Queued")}
	assert frappe.db.count("Notification Log", {"for_user": manager, "subject": ["like", f"Alarm: Resolution%{issue.name}"]}) == 1
	assert frappe.db.count("Email Queue Recipient", {"recipient": manager}) == 1


def _forget(issues):
	"""Take the evidence of committed tests away by table, as no controller lets it go."""
	clocks = frappe.get_all("Service Clock", {"reference_name": ["in", issues]}, pluck="name")
	logs = frappe.get_all("Escalation Log", {"reference_name": ["in", issues]}, pluck="name")
	for doctype, filters in (
		("Escalation Log Recipient", {"parent": ["in", logs]}),
		("Escalation Log", {"name": ["in", logs]}),
		("Service Clock Trigger", {"clock": ["in", clocks]}),
		("Service Clock Event", {"clock": ["in", clocks]}),
		("Service Clock", {"name": ["in", clocks]}),
		("Service Notice", {"reference_name": ["in", issues]}),
		("Service Acceptance", {"reference_name": ["in", issues]}),
		("Notification Log", {"document_name": ["in", issues]}),
		("ToDo", {"reference_name": ["in", issues]}),
		("Email Queue", {"reference_name": ["in", issues]}),
		("Issue", {"name": ["in", issues]}),
	):
		frappe.db.delete(doctype, filters)
