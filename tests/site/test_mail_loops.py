"""Machines that answer machines make one request and no noise (5.3.c)."""

import customers
import factories
import frappe
import pytest
import receiving
import scenario

from ops_delivery.services.mailbox import loop_guard
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.setup import notifications

pytestmark = pytest.mark.clause("5.3.c")
AUTOMATIC = {
	"list": {"List_Id": "<it.hospital.example>"},
	"away, by its subject": {"Subject": "自动回复: 我正在休假"},
	"notified": {"Auto_Submitted": "auto-notified"},
}


@pytest.fixture
def w(site):
	frappe.db.delete("Service Notice")
	w = frappe._dict(agreement=scenario.agreement())
	w.customer = w.agreement.customer
	factories.make_email_account()
	w.door = receiving.door()
	notifications.seed_notifications()
	w.desk = factories.make_user(roles=["Service Desk"]).name
	# another ticket system: an address at the customer
	w.system = (
		factories.make_contact(w.customer, email=factories.unique_email("tickets")).email_ids[0].email_id
	)
	return w


def raw(sender, subject, text="We got your mail.", **headers):
	mail = {"Subject": subject, **headers}
	message = receiving.message(None, sender, text, **{k: v for k, v in mail.items() if k != "Subject"})
	lines = message.split(b"\n")
	at = next(i for i, line in enumerate(lines) if line.startswith(b"Subject:"))
	from email.header import Header

	lines[at] = b"Subject: " + Header(subject, "utf-8").encode(linesep="").encode()
	return b"\n".join(lines)


def limit(number):
	frappe.db.set_single_value("Ops Delivery Settings", "mails_per_hour", number)
	frappe.clear_document_cache("Ops Delivery Settings")


def requests(w):
	return frappe.get_all("Issue", {"raised_by": w.system}, pluck="name", order_by="creation")


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_further_automatic_mail_opens_nothing_and_is_answered_by_nobody(w, kind):
	headers = dict(AUTOMATIC[kind])
	subject = headers.pop("Subject", factories.unique("News"))
	message = receiving.receive(w.door, raw(w.system, subject, **headers))
	assert message.communication_type == "Automated Message" and not message.reference_name
	assert requests(w) == []


def test_six_rounds_with_another_ticket_system_make_one_request(w):
	"""It marks nothing, opens a ticket for each of our mails, and answers each with a new subject and no In-Reply-To."""
	text = receiving.message(None, w.system)
	receiving.receive(w.door, raw(w.system, "[REQ-881] The printer of room 118 is broken"))
	(name,) = requests(w)
	assert frappe.db.get_value("Issue", name, "ops_external_number") == "REQ-881"
	for turn in range(6):
		notices.deliver()
		ours = customers.mails(name, w.system)
		subject = ours[-1].splitlines()[0]
		receiving.receive(w.door, raw(w.system, f"[REQ-{900 + turn}] Received: {subject}", f"Round {turn}"))
	assert requests(w) == [name] and text
	assert len(customers.mails(name, w.system)) == 1  # ours: that it was received
	assert frappe.db.get_value("Issue", name, "ops_external_number") == "REQ-881"


def test_a_number_is_that_senders_alone_and_no_closed_request(w):
	receiving.receive(w.door, raw(w.system, "[REQ-881] Printer"))
	(name,) = requests(w)
	other = factories.unique_email("other")
	receiving.receive(w.door, raw(other, "[REQ-881] Something else"))
	assert frappe.db.count("Issue", {"raised_by": other}) == 1
	frappe.db.set_value("Issue", name, "status", "Closed")
	receiving.receive(w.door, raw(w.system, "[REQ-881] It is back"))
	assert len(requests(w)) == 2


def test_our_own_number_is_no_external_one(w):
	issue = scenario.issue(w.agreement, raised_by=w.system)
	receiving.receive(w.door, receiving.message(issue, w.system))
	assert not frappe.db.get_value("Issue", issue.name, "ops_external_number")


def test_beyond_the_limit_of_an_hour_a_person_is_asked_once(w):
	limit(3)
	for turn in range(6):
		message = receiving.receive(w.door, raw(w.system, factories.unique(f"Alarm {turn}")))
	assert len(requests(w)) == 3 and not message.reference_name
	held = frappe.get_all(
		"Service Notice", {"key_point": loop_guard.KEY_POINT}, ["name", "reference_doctype"]
	)
	assert [row.reference_doctype for row in held] == ["Communication"]
	notices.deliver()
	told = frappe.db.get_value("Service Notice", held[0].name, "told")
	assert w.desk in told.splitlines() and w.system not in told


def test_no_limit_for_staff_and_none_where_it_is_zero(w):
	limit(1)
	colleague = factories.make_user(roles=["Service Desk"]).name
	for turn in range(3):
		receiving.receive(w.door, raw(colleague, factories.unique(f"Forwarded {turn}")))
	assert frappe.db.count("Issue", {"raised_by": colleague}) == 3
	limit(0)
	for turn in range(3):
		receiving.receive(w.door, raw(w.system, factories.unique(f"Alarm {turn}")))
	assert len(requests(w)) == 3


@pytest.mark.parametrize(("field", "value"), [("mails_per_hour", 1001), ("gather_seconds", 601)])
def test_the_limits_have_bounds(site, field, value):
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.set(field, value)
	with pytest.raises(frappe.ValidationError, match=r"is not possible\. Enter a number from 0 to"):
		settings.save()
