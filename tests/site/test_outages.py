"""What is not there when it is needed: mail, Redis, a record that can be measured. Saves go on, nothing is lost."""

import smtplib
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import factories
import frappe
import pytest
import redis
import scenario
from frappe.utils import background_jobs
from frappe.utils.redis_wrapper import RedisWrapper
from scenario import MONDAY, hours

from ops_delivery.framework_jobs import scheduled_job_id
from ops_delivery.services.clocks import clock_jobs, triggers
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.clocks import refreshing as following
from ops_delivery.services.engine import health
from ops_delivery.services.escalation import sweep
from ops_delivery.services.escalation import sweep_fallback as pulse
from ops_delivery.services.outbox import mail_queue as mail
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.outbox import waking
from ops_delivery.services.rules import rule_versions as versions


@pytest.fixture
def manager(site):
	return factories.make_user(roles=["Service Delivery Manager"]).name


@pytest.fixture
def agreement(manager):
	factories.make_email_account()
	return scenario.agreement(manager=manager)


@contextmanager
def no_mail_server():
	"""Whoever opens a connection to the mail server is refused."""
	refused = ConnectionRefusedError("mail server down")
	with (
		patch.object(smtplib, "SMTP", side_effect=refused),
		patch.object(smtplib, "SMTP_SSL", side_effect=refused),
	):
		yield


@contextmanager
def no_redis():
	"""Neither the cache nor the queue answers; nor is there anything that this request still remembers of them."""
	refused = redis.exceptions.ConnectionError("redis down")
	frappe.local.cache = {}
	with (
		patch.object(RedisWrapper, "execute_command", side_effect=refused),
		patch.object(background_jobs, "get_queue", side_effect=refused),
		patch.object(background_jobs, "get_job", side_effect=refused),
		patch.object(redis.connection.Connection, "connect", side_effect=refused),
		# Frappe 16's global search takes an outage in a test for a failure of the test
		patch.dict(frappe.flags, in_test=frappe.flags.in_test and not hasattr(frappe, "in_test")),
	):
		yield
	frappe.local.cache = {}


def _told(user, issue):
	return frappe.db.exists("Notification Log", {"for_user": user, "document_name": issue.name})


def _sweep(moment):
	with scenario.at(moment):
		return sweep.run()


def _pending(issue):
	clock_names = frappe.get_all("Service Clock", {"reference_name": issue.name}, pluck="name")
	return frappe.db.count("Service Clock Trigger", {"clock": ["in", clock_names], "state": "Pending"})


@pytest.mark.clause("6.3.e", "6.3.f")
def test_a_mail_server_that_is_down_holds_up_neither_a_save_nor_a_sweep(agreement, manager):
	with no_mail_server():
		issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
		frappe.db.commit()
		assert _sweep(MONDAY + hours(9))["failed"] == 0
		notices.deliver()
	assert scenario.clock(issue).breached
	assert _told(manager, issue)
	mail = frappe.get_all("Email Queue Recipient", {"recipient": manager}, pluck="parent")
	assert frappe.db.get_value("Email Queue", mail[0], "status") == "Not Sent"  # Frappe tries it again


@pytest.mark.clause("6.3.f")
def test_a_notice_that_cannot_be_sent_waits_and_goes_later(agreement):
	contact = factories.unique_email("contact")
	issue = scenario.issue(agreement, raised_by=contact, ops_customer_email=contact)
	frappe.db.commit()
	key = {"reference_name": issue.name, "key_point": "ops_received"}
	assert frappe.db.get_value("Service Notice", key, "state") == "Pending"
	with patch.object(frappe, "sendmail", side_effect=frappe.OutgoingEmailError("no outgoing account")):
		notices.deliver()
	waiting = frappe.db.get_value("Service Notice", key, ["state", "attempts", "error"], as_dict=True)
	assert (waiting.state, waiting.attempts) == ("Pending", 1)
	assert "no outgoing account" in waiting.error
	frappe.db.set_value("Service Notice", key, "run_at", frappe.utils.now_datetime() - timedelta(seconds=1))
	notices.deliver()
	assert frappe.db.get_value("Service Notice", key, "state") == "Queued"
	assert frappe.db.exists("Email Queue Recipient", {"recipient": contact})


@pytest.mark.clause("6.3.e", "6.3.f")
def test_without_redis_an_issue_is_saved_and_its_notices_and_triggers_stand(agreement, manager):
	with no_redis():
		issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
		frappe.db.commit()
	assert scenario.clock(issue).state == "Running"
	assert _pending(issue)
	assert frappe.db.exists("Service Notice", {"reference_name": issue.name, "state": "Pending"})
	notices.deliver()
	assert not frappe.db.exists("Service Notice", {"reference_name": issue.name, "state": "Pending"})
	_sweep(MONDAY + hours(9))
	assert _told(manager, issue)


@pytest.mark.clause("6.3.e")
def test_without_redis_a_sweep_fires_what_is_due(agreement, manager):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	frappe.db.commit()
	with no_redis():
		outcome = _sweep(MONDAY + hours(9))
	assert outcome["failed"] == 0 and outcome["finished"]
	assert _told(manager, issue)
	assert scenario.clock(issue).breached


def test_without_redis_the_pulse_keeps_still(agreement):
	pulse._looked.clear()
	with no_redis(), patch.object(sweep, "run") as run:
		pulse.before_job()
	run.assert_not_called()


def test_after_an_outage_the_triggers_arrive_late_but_arrive(agreement, manager):
	"""Nothing swept for two days: what was due meanwhile fires once, with its true due time."""
	issue = scenario.judge_valid(
		scenario.issue(agreement), MONDAY, status="Replied", ops_restored_on=_local(MONDAY)
	)
	_sweep(MONDAY + timedelta(days=2))
	logs = frappe.get_all(
		"Escalation Log",
		{"reference_name": issue.name, "commitment": "Resolution"},
		["kind", "round", "due_on", "fired_on"],
		order_by="due_on",
	)
	assert [(log.kind, log.round) for log in logs] == [("Alarm", 1), ("Manager Route", 1)]
	assert logs[0].due_on == _local(MONDAY + hours(9))
	assert logs[0].fired_on == _local(MONDAY + timedelta(days=2))


def test_the_health_check_says_when_the_sweep_lags(agreement):
	scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	frappe.db.delete("Service Clock Trigger", {"run_at": ["<", _local(MONDAY)]})
	with scenario.at(MONDAY + hours(7)):
		_sweep(MONDAY + hours(7))
		assert health.status()["lag_seconds"] == 0
	late = MONDAY + hours(9) + timedelta(seconds=200)
	with scenario.at(late):
		status = health.status()
	assert not status["ok"]
	assert status["lag_seconds"] >= 200
	assert any("The oldest due trigger has waited" in message for message in status["messages"])
	assert any("The sweep last ran at 2026-03-02 08:00:00 UTC" in message for message in status["messages"])


def test_the_pulse_gives_a_lagging_sweep_a_turn_as_administrator_and_leaves_the_session_alone(
	agreement, manager, as_user
):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	frappe.cache.delete_value(sweep.LAST_RUN_KEY)
	frappe.cache.delete_value(pulse.LOCK_KEY)
	pulse._looked.clear()
	with as_user(manager), scenario.at(MONDAY + hours(9)):
		session, frappe.session.data = frappe.session.data, frappe._dict(csrf_token="kept")
		frappe.local.form_dict = frappe._dict(cmd="kept")
		pulse.before_job()
		assert (frappe.session.user, frappe.session.data.csrf_token) == (manager, "kept")
		assert frappe.form_dict.cmd == "kept"
		frappe.session.data = session
	assert _told(manager, issue)
	assert frappe.db.get_value("Escalation Log", {"reference_name": issue.name}, "owner") == "Administrator"


@pytest.mark.clause("6.3.f")
def test_the_pulse_tells_key_points_when_the_queue_is_clogged(agreement):
	contact = factories.unique_email("contact")
	issue = scenario.issue(agreement, raised_by=contact, ops_customer_email=contact)
	frappe.db.commit()
	frappe.cache.delete_value(sweep.LAST_RUN_KEY)
	frappe.cache.delete_value(pulse.LOCK_KEY)
	pulse._looked.clear()
	pulse.before_job()
	key = {"reference_name": issue.name, "key_point": "ops_received"}
	assert frappe.db.get_value("Service Notice", key, "state") == "Queued"
	assert frappe.db.exists("Email Queue Recipient", {"recipient": contact})


def test_a_request_is_answered_before_the_pulse_works():
	waking.wake()  # as where something of ours is watched
	later = []
	frappe.local.request = frappe._dict(after_response=frappe._dict(add=later.append))
	pulse._looked.clear()
	with patch.object(sweep, "run", return_value={"finished": True}) as run:
		pulse.after_request(response=None, request=None)
		run.assert_not_called()
		frappe.cache.delete_value(sweep.LAST_RUN_KEY)
		frappe.cache.delete_value(pulse.LOCK_KEY)
		later[0]()
		run.assert_called_once()


def test_a_record_that_fails_does_not_hold_up_the_others_when_a_calendar_changes(agreement):
	issues = [scenario.judge_valid(scenario.issue(agreement), MONDAY) for _ in range(3)]
	calendar = _change_calendar(agreement.calendar)
	frappe.db.commit()
	refresh = clocks.refresh

	def failing(doctype, name, reason=""):
		if name == issues[1].name:
			raise RuntimeError("broken")
		return refresh(doctype, name, reason)

	with scenario.at(MONDAY + hours(3)), patch.object(clocks, "refresh", side_effect=failing):
		clocks.replan_calendar(calendar)
	followed = [scenario.ledger(scenario.clock(issue))[-1] == "Calendar Change" for issue in issues]
	assert followed == [True, False, True]
	assert frappe.db.exists("Error Log", {"reference_name": issues[1].name})
	assert calendar in versions.not_followed("Service Calendar")
	with scenario.at(MONDAY + hours(4)):
		clock_jobs.catch_up()
	assert scenario.ledger(scenario.clock(issues[1]))[-1] == "Calendar Change"
	assert calendar not in versions.not_followed("Service Calendar")


def test_a_record_that_fails_does_not_hold_up_the_others_when_a_policy_changes(agreement):
	issues = [scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied") for _ in range(3)]
	policy = _change_policy(agreement.escalation_policy)
	frappe.db.commit()
	broken, pending = scenario.clock(issues[1]).name, triggers.pending

	def failing(row, *args):
		if row.name == broken:
			raise RuntimeError("broken")
		return pending(row, *args)

	with scenario.at(MONDAY + hours(1)), patch.object(triggers, "pending", side_effect=failing):
		triggers.replan_policy(policy)

	def revisions():
		return [
			set(
				frappe.get_all(
					"Service Clock Trigger", {"clock": scenario.clock(issue).name}, pluck="policy_version"
				)
			)
			for issue in issues
		]

	assert revisions() == [{f"{policy} r2"}, {f"{policy} r1"}, {f"{policy} r2"}]
	with scenario.at(MONDAY + hours(2)):
		clock_jobs.catch_up()
	assert revisions() == [{f"{policy} r2"}] * 3


def test_a_calendar_changed_while_the_queue_was_down_is_followed_within_the_hour(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	with no_redis():
		_change_calendar(agreement.calendar)
		frappe.db.commit()
	with scenario.at(MONDAY + hours(1)):
		clock_jobs.catch_up()
	assert scenario.ledger(scenario.clock(issue))[-1] == "Calendar Change"


def _local(moment):
	return moment.astimezone(scenario.ZONE).replace(tzinfo=None)


def _change_calendar(name):
	document = frappe.get_doc("Service Calendar", name)
	document.append("exceptions", {"date": "2026-03-04", "kind": "Holiday"})
	document.save()
	return document.name


def _change_policy(name):
	document = frappe.get_doc("Escalation Policy", name)
	document.steps[0].amount = 30
	document.save()
	return document.name


def test_triggers_of_a_record_that_was_deleted_past_all_rules_do_not_wait_for_ever(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	frappe.db.delete("Issue", {"name": issue.name})
	outcome = _sweep(MONDAY + hours(9))
	assert outcome["left"] and not outcome["failed"]
	with scenario.at(MONDAY + timedelta(days=30)):
		sweep.run()
	assert not _pending(issue)


def test_mail_of_a_sweep_does_not_wait_for_the_scheduler(agreement, jobs):
	scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	jobs.clear()
	_sweep(MONDAY + hours(9))
	(flush,) = jobs.of("email.queue.flush")
	# the scheduler's own job: it never runs twice at once
	assert flush["job_id"] == background_jobs.create_job_id(scheduled_job_id(mail.FLUSH))
	with no_redis():
		assert _sweep(MONDAY + hours(11))["failed"] == 0
