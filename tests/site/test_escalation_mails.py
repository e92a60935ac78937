"""Whoever is told of an escalation by e-mail is told when the mail server has taken it (6.3.e)."""

import smtplib
from contextlib import suppress

import factories
import frappe
import mail_door
import pytest
import scenario
from scenario import MONDAY, hours

from ops_delivery.api import escalation as api
from ops_delivery.services.engine import health
from ops_delivery.services.escalation import sweep
from ops_delivery.services.outbox import escalation_mail_states as escalation_mails
from ops_delivery.services.outbox import outbox as notices

pytestmark = pytest.mark.clause("6.3.e")
TOLD = "Escalation Log Recipient"


@pytest.fixture
def door(site):
	with mail_door.open_door() as door:
		account = factories.make_email_account()
		server = {
			"smtp_server": "127.0.0.1",
			"smtp_port": str(door.port),
			"use_tls": 0,
			"use_ssl_for_outgoing": 0,
			"no_smtp_authentication": 1,
		}
		frappe.db.set_value("Email Account", account.name, server)
		frappe.clear_cache(doctype="Email Account")
		yield door


@pytest.fixture
def log(door):
	"""An alarm that a manager is told of, in one mail with what else was due."""
	frappe.db.delete(TOLD)
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	issue = scenario.judge_valid(scenario.issue(scenario.agreement(manager=manager)), MONDAY, status="Replied")
	with scenario.at(MONDAY + hours(9)):
		sweep.run()
	return frappe.get_last_doc("Escalation Log", {"reference_name": issue.name, "kind": "Alarm"})


def mailed(log):
	(row,) = frappe.get_all(TOLD, {"parent": log.name, "channel": "E-mail"}, ["name", "state", "note", "sent_on", "mail"])
	return row


def work_off(log, times=1):
	"""Frappe works off the mail, as its flush does."""
	frappe.flags.testing_email = True
	try:
		for _ in range(times):
			with suppress(smtplib.SMTPException):
				frappe.get_doc("Email Queue", mailed(log).mail).send()
	finally:
		frappe.flags.testing_email = False


def look():
	"""The next look of the job of every minute, whenever it would be."""
	frappe.db.set_value(TOLD, {"state": ["in", ["Queued", "Failed"]]}, "send_after", "2026-01-01")
	notices.deliver_due()


def test_it_says_sent_when_the_mail_server_has_taken_it(log, door):
	door.refuses = False
	look()
	assert mailed(log).state == "Queued" and not mailed(log).sent_on
	work_off(log)
	look()
	told = mailed(log)
	assert len(door.taken) == 1 and told.state == "Sent" and told.sent_on


def test_a_refused_mail_is_said_until_it_has_gone(log, door):
	assert escalation_mails.refused() == 0
	work_off(log, times=6)
	look()
	assert mailed(log).state == "Failed" and "this server takes no mail from you" in mailed(log).note
	assert any("e-mails to 1 people about escalations" in line for line in health.status()["messages"])
	door.refuses = False
	frappe.db.set_value("Email Queue", mailed(log).mail, {"status": "Not Sent", "retry": 0})  # as Frappe's bulk retry does
	look()
	assert mailed(log).state == "Queued" and not mailed(log).note
	work_off(log)
	look()
	assert mailed(log).state == "Sent" and escalation_mails.refused() == 0


def test_a_mail_taken_out_of_the_queue_failed_and_an_acknowledgement_ends_the_message(log, as_user):
	frappe.delete_doc("Email Queue", mailed(log).mail, force=1)
	look()
	assert mailed(log).state == "Failed" and "no longer in the e-mail queue" in mailed(log).note
	assert escalation_mails.refused() == 1
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	with as_user(manager):
		api.acknowledge(frappe.get_all("Escalation Log", {"reference_name": log.reference_name}, pluck="name"))
	assert escalation_mails.refused() == 0


def test_what_waits_is_looked_at_ever_more_rarely(log):
	rows = {"mail": mailed(log).mail}
	frappe.db.set_value(TOLD, rows, {"creation": "2026-01-01", "send_after": "2026-01-01"})
	assert escalation_mails.follow() == frappe.db.count(TOLD, rows) > 0
	assert escalation_mails.follow() == 0  # not before an hour is over
