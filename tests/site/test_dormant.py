"""A site that Frappe takes for dormant: what was due meanwhile runs at the next wake-up, in order and once (14.32)."""

import inspect
from datetime import timedelta

import customers
import factories
import frappe
import pytest
import receiving
import scenario
from frappe.email.doctype.email_account import email_account
from frappe.email.receive import InboundMail
from frappe.utils import add_days, frappecloud, scheduler
from frappe.utils.frappecloud import on_frappecloud

from ops_delivery import framework, framework_jobs
from ops_delivery.services.engine import health
from ops_delivery.services.escalation import sweep
from ops_delivery.services.outbox import accounts as incoming
from ops_delivery.services.requests import silence as deemed_acceptance
from ops_delivery.services.shared.site_time import site_now

JOB, LOG = "Scheduled Job Type", "Scheduled Job Log"
PULL = "frappe.email.doctype.email_account.email_account.pull_from_email_account"


@pytest.fixture
def asleep(monkeypatch):
	"""Nobody has logged in for a month, and Frappe ran its jobs two days ago; only ours are looked at."""
	monkeypatch.setattr(frappecloud, "FRAPPE_CLOUD_DOMAINS", (frappe.local.site,))
	assert on_frappecloud()
	monkeypatch.setitem(frappe.local.conf, "developer_mode", 0)
	monkeypatch.setattr(health, "is_scheduler_inactive", lambda **_kwargs: False)
	frappe.db.set_single_value("System Settings", "dormant_days", 4)
	frappe.local.system_settings = None
	frappe.clear_cache(doctype="System Settings")
	frappe.db.set_value("User", {"name": ["is", "set"]}, "last_active", add_days(site_now(), -30))
	frappe.db.set_value(
		"Activity Log", {"name": ["is", "set"]}, "modified", add_days(site_now(), -30), update_modified=False
	)
	frappe.db.set_value(JOB, {"method": ["not like", "ops_delivery.%"]}, "stopped", 1)
	job = frappe.db.get_value(JOB, {"method": ["like", "ops_delivery.%"]})
	factories.make(LOG, scheduled_job_type=job, status="Complete")
	yield
	ask_again()


def ask_again():
	"""Frappe keeps its answers for an hour."""
	for function in (scheduler.is_dormant, scheduler.schedule_jobs_based_on_activity):
		getattr(function, "clear_cache", lambda: None)()


def later(days: float):
	"""What Frappe remembers of its jobs happened that many days before now."""
	then = site_now() - timedelta(days=days)
	frappe.db.set_value(JOB, {"name": ["is", "set"]}, "last_execution", then, update_modified=False)
	frappe.db.set_value(
		LOG, {"name": ["is", "set"]}, {"creation": then, "modified": then}, update_modified=False
	)
	ask_again()


def tick() -> list[str]:
	site = [frappe.local.site] if inspect.signature(scheduler.enqueue_events).parameters else []  # 16 knows it
	return scheduler.enqueue_events(*site) or []


@pytest.fixture
def w(site):
	"""A silent customer, one whose objection lies unread in the mailbox, a renewal and a deadline, all due long ago."""
	factories.make_email_account()
	w = customers.world(allow_deemed_acceptance=1, deemed_after_days=5, deemed_notices=2)
	w.door = receiving.door()
	w.objected = scenario.issue(w.agreement, raised_by=w.asker)
	scenario.judge_valid(w.objected, scenario.MONDAY + timedelta(hours=1))
	w.objected = customers.resolve(w.objected)
	w.late = scenario.issue(w.agreement, raised_by=w.asker)
	for moment in (timedelta(hours=4), timedelta(days=2, hours=10)):
		with scenario.at(scenario.MONDAY + moment):
			deemed_acceptance.remind_and_deem()
			customers.tell_all()
	receiving.receive(w.door, receiving.message(w.late, w.asker, "by this door they write"))
	today = site_now().date()
	w.renewed = scenario.agreement(
		start_date=add_days(today, -200),
		end_date=add_days(today, 10),
		auto_renew=1,
		renewal_months=6,
		renewal_notice_days=30,
	)
	frappe.db.set_value(
		"Service Agreement", w.renewed.name, "end_date", add_days(today, -1)
	)  # the days went by
	frappe.cache.delete_value(incoming.READ)
	yield w
	frappe.cache.delete_value(incoming.READ)
	frappe.cache.delete_value(deemed_acceptance.WAITING)


def outcome(w) -> dict:
	"""How often each thing that was due has happened."""
	return {
		"silent": frappe.db.get_value("Issue", w.issue.name, "ops_acceptance_status"),
		"objected": frappe.db.get_value("Issue", w.objected.name, "ops_acceptance_status"),
		"told": frappe.db.count(
			"Service Notice", {"reference_name": w.issue.name, "key_point": "ops_deemed"}
		),
		"renewed": str(frappe.db.get_value("Service Agreement", w.renewed.name, "renewed_until")),
		"escalated": frappe.db.count("Escalation Log", {"reference_name": w.late.name}),
		"held": frappe.db.count("Service Notice", {"reference_name": w.late.name, "state": "Pending"}),
	}


@pytest.mark.parametrize("mail", ["read first", "read last"])
@pytest.mark.parametrize("order", ["as named", "backwards"])
def test_what_was_due_runs_at_the_next_wake_up_in_order_and_once(w, asleep, jobs, monkeypatch, mail, order):
	box = [InboundMail(receiving.message(w.objected, w.asker, "It is still broken"), w.door, "7")]
	monkeypatch.setattr(
		email_account.EmailAccount, "get_inbound_mails", lambda self: [box.pop()] if box else []
	)
	monkeypatch.setattr(
		scheduler,
		"random",
		frappe._dict(
			shuffle=lambda found: found.sort(key=lambda job: job.method, reverse=order != "as named")
		),
	)
	later(0.5)
	assert framework_jobs.is_dormant() and any("once a day only" in text for text in health.status()["messages"])
	assert tick() == [], "within a day of its last jobs a dormant site sleeps on"
	before, logs = outcome(w), frappe.db.count("Activity Log")
	assert (before["silent"], before["renewed"], before["escalated"]) == ("Requested", "None", 0)

	later(2)
	assert {name for name in tick() if name.startswith("ops_delivery")} >= {
		"ops_delivery.services.requests.silence.remind_and_deem",
		"ops_delivery.services.agreements.agreement_jobs.daily",
		"ops_delivery.services.escalation.minute.run",
	}
	pull = {
		"method": PULL,
		"kwargs": {"email_account": w.door.name},
		"user": "Administrator",
		"queue": "short",
		"job_id": None,
	}
	jobs.insert(0 if mail == "read first" else len(jobs), pull)
	jobs.run()
	after = outcome(w)
	assert (after["silent"], after["objected"], after["told"]) == ("Deemed Accepted", "Requested", 1)
	assert after["renewed"] != "None" and after["escalated"] >= 1 and after["held"] == 0

	later(2)
	tick()
	jobs.append(pull)
	jobs.run()
	sweep.run_due_triggers()
	assert outcome(w) == after
	assert frappe.db.count("Activity Log", {"subject": ["like", "%logged in%"]}) == frappe.db.count(
		"Activity Log", {"subject": ["like", "%logged in%"], "modified": ["<=", add_days(site_now(), -29)]}
	), logs


def test_a_mailbox_that_cannot_be_read_keeps_silence_from_counting(w, monkeypatch):
	def fail(self):
		self.log_error(title="Error while connecting to email account")
		return []

	monkeypatch.setattr(email_account.EmailAccount, "get_inbound_mails", fail)
	assert deemed_acceptance.remind_and_deem()["deemed"] == 0
	frappe.get_doc("Email Account", w.door.name).receive()
	assert deemed_acceptance.remind_and_deem()["deemed"] == 0
	assert any(f"No mail comes in by {w.door.name}" in text for text in health.status()["messages"])
	monkeypatch.setattr(email_account.EmailAccount, "get_inbound_mails", lambda _self: [])
	frappe.get_doc("Email Account", w.door.name).receive()
	assert not any("No mail comes in" in text for text in health.status()["messages"])
	assert deemed_acceptance.remind_and_deem()["deemed"] == 2
