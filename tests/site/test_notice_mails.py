"""A notice is done when its mails have left (5.3.c, 6.3.f): with a mail server at the door that takes or refuses them."""

import smtplib
from contextlib import suppress

import customers
import factories
import frappe
import mail_door
import pytest

from ops_delivery.api import notices as api
from ops_delivery.patches import follow_mails_of_notices
from ops_delivery.services.engine import health
from ops_delivery.services.outbox import mail_states as notice_mails
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.setup import notifications

pytestmark = [pytest.mark.clause("5.3.c"), pytest.mark.clause("6.3.f")]


@pytest.fixture
def door(site):
	with mail_door.open_door() as door:
		yield door


@pytest.fixture
def w(door):
	frappe.db.delete("Service Notice")
	account = factories.make_email_account()
	frappe.db.set_value(
		"Email Account",
		account.name,
		{
			"smtp_server": "127.0.0.1",
			"smtp_port": str(door.port),
			"use_tls": 0,
			"use_ssl_for_outgoing": 0,
			"no_smtp_authentication": 1,
		},
	)
	frappe.clear_cache(doctype="Email Account")
	notifications.seed_notifications()
	world = customers.world()
	frappe.db.delete("Service Notice", {"reference_doctype": ["!=", "Issue"]})
	return world


def _work_off(times=1):
	"""Frappe works off its e-mail queue, mail by mail, as its flush does."""
	frappe.flags.testing_email = True
	try:
		for _ in range(times):
			waiting = {"status": ["in", ["Not Sent", "Partially Sent"]], "reference_doctype": "Issue"}
			for name in frappe.get_all("Email Queue", waiting, pluck="name", order_by="creation"):
				with suppress(smtplib.SMTPException):
					frappe.get_doc("Email Queue", name).send()
	finally:
		frappe.flags.testing_email = False


def _look():
	"""The next look after the mails, whenever it would be."""
	frappe.db.set_value("Service Notice", {"state": ["!=", "Pending"]}, "run_at", "2026-01-01")
	notices.deliver_due()


def _states(w):
	return set(frappe.get_all("Service Notice", {"reference_name": w.issue.name}, pluck="state"))


def test_a_notice_says_sent_when_the_mail_server_has_taken_its_mail(w, door):
	door.refuses = False
	assert notices.deliver()["told"] == 3
	assert _states(w) == {"Queued"}
	_look()
	assert _states(w) == {"Queued"}
	_work_off()
	_look()
	assert len(door.taken) == 3
	assert _states(w) == {"Sent"}
	told = frappe.get_all("Service Notice", {"reference_name": w.issue.name}, ["sent_on", "mails"])
	assert all(row.sent_on and not row.mails for row in told)


def test_a_refused_mail_fails_its_notice_and_the_health_check_and_goes_when_it_is_tried_again(w, door, as_user):
	notices.deliver()
	_work_off(6)
	assert not door.taken
	_look()
	assert _states(w) == {"Failed"}
	failed = frappe.get_all("Service Notice", {"reference_name": w.issue.name}, ["name", "error"])
	assert all("this server takes no mail from you" in row.error for row in failed)
	found = health.status()
	assert not found["ok"] and found["failed_mails"] == 3
	assert any("e-mails of 3 notices" in line and "Try again" in line for line in found["messages"])
	door.refuses = False
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	with as_user(manager):
		for row in failed:
			api.retry(row.name)
	assert notices.deliver()["told"] == 3
	assert _states(w) == {"Queued"}
	_work_off()
	_look()
	assert _states(w) == {"Sent"}
	assert len(door.taken) == 3  # each once
	assert health.status()["failed_mails"] == 0


def test_a_mail_that_is_tried_again_in_the_mail_queue_is_followed_too(w, door):
	notices.deliver()
	_work_off(6)
	_look()
	assert _states(w) == {"Failed"}
	door.refuses = False
	frappe.db.set_value("Email Queue", {"status": "Error"}, "status", "Not Sent")  # as Frappe's bulk retry does
	_look()
	assert _states(w) == {"Queued"}
	_work_off()
	_look()
	assert _states(w) == {"Sent"}


def test_a_mail_that_was_taken_out_of_the_queue_is_written_anew_when_the_notice_is_tried_again(w, door):
	notices.deliver()
	frappe.db.delete("Email Queue", {"reference_name": w.issue.name})
	_look()
	failed = frappe.get_all("Service Notice", {"reference_name": w.issue.name}, ["name", "error"])
	assert _states(w) == {"Failed"} and all("no longer in the e-mail queue" in row.error for row in failed)
	door.refuses = False
	for row in failed:
		notices.retry(row.name)
	notices.deliver()
	_work_off()
	_look()
	assert _states(w) == {"Sent"} and len(door.taken) == 3


def test_mails_that_never_leave_the_queue_are_said_to_wait(w):
	notices.deliver()
	assert not any("have waited in the e-mail queue" in line for line in health.status()["messages"])
	frappe.db.set_value("Service Notice", {"state": "Queued"}, "modified", "2026-01-01", update_modified=False)
	assert any("have waited in the e-mail queue" in line for line in health.status()["messages"])


def test_what_waits_is_looked_at_ever_more_rarely_and_in_two_queries(w):
	notices.deliver()
	frappe.db.set_value("Service Notice", {"state": "Queued"}, "modified", "2026-01-01", update_modified=False)
	assert notice_mails.follow() == 3
	assert notice_mails.follow() == 0  # not before an hour is over


def test_notices_from_before_are_tied_to_their_mails(w, door):
	notices.deliver()
	frappe.db.set_value(
		"Service Notice",
		{"reference_name": w.issue.name},
		{"state": "Sent", "mails": None, "sent_on": frappe.utils.now_datetime()},
	)
	_work_off(6)
	follow_mails_of_notices.execute()
	notices.deliver_due()
	assert _states(w) == {"Failed"}
