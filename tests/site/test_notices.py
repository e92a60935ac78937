"""Both sides are told at the key points, later and surely (5.3.c, 6.3.f)."""

from datetime import timedelta

import api_calls
import customers
import factories
import frappe
import pytest
import scenario

from ops_delivery.services.outbox import outbox as notices
from ops_delivery.setup import notifications

pytestmark = [pytest.mark.clause("5.3.c"), pytest.mark.clause("6.3.f")]


@pytest.fixture
def w(site):
	frappe.db.set_value(
		"Service Notice", {"state": "Pending"}, "state", "Sent"
	)  # what the site still had to tell
	factories.make_email_account()
	notifications.seed_notifications()
	world = customers.world()
	other = {"state": "Pending", "reference_doctype": ["!=", "Issue"]}  # of the agreement's reviews, say
	frappe.db.set_value("Service Notice", other, "state", "Sent")
	return world


def rows(issue, **filters):
	return frappe.get_all(
		"Service Notice",
		filters={"reference_name": issue.name, **filters},
		fields=["name", "key_point", "state", "attempts", "error", "delivered"],
		order_by="creation",
	)


def test_each_key_point_reaches_the_customer(w):
	assert [row.key_point for row in rows(w.issue)] == ["ops_received", "ops_accepted", "ops_resolved"]
	assert notices.deliver()["told"] == 3
	subjects = [mail.split("\n")[0] for mail in customers.mails(w.issue.name, w.asker)]
	assert len(subjects) == 3 and all(w.issue.name in subject for subject in subjects)
	assert notices.deliver() == {"told": 0, "retried": 0, "failed": 0}


@pytest.mark.clause("6.3.g")
@pytest.mark.parametrize("verdict", ["Accepted", "Rejected"])
def test_who_answered_while_our_mails_could_not_leave_is_not_asked_afterwards(w, verdict):
	desk = factories.make_user(roles=["Service Desk", "Support Team"]).name
	given = {"issue": w.issue.name, "decision": verdict, "by_name": "Chen Jing", "how": "by telephone", "comment": "It beeps"}
	answer = api_calls.post(desk, "ops_delivery.api.issue.record_decision", **given, decided_on="2026-03-02 12:30:00")
	assert answer.status == 200, answer.text
	notices.deliver()
	told = "\n".join(mail.split("\n")[0] for mail in customers.mails(w.issue.name, w.asker))
	assert "your answer, please" not in told
	assert ("closed" if verdict == "Accepted" else "reopened") in told


def test_paused_with_its_reason_and_the_signed_link_to_answer(w):
	scenario.change(w.issue, customers.RESOLVED + timedelta(hours=1), status="Open")
	scenario.change(
		w.issue,
		customers.RESOLVED + timedelta(hours=2),
		status="On Hold",
		ops_pause_reason="Waiting for <spare> parts",
	)
	customers.resolve(w.issue, customers.RESOLVED + timedelta(hours=3))
	notices.deliver()
	mails = customers.mails(w.issue.name, w.asker)
	assert any("/acceptance#" in mail for mail in mails)
	assert any("Waiting for &lt;spare&gt; parts" in mail for mail in mails)
	assert not any("<spare>" in mail or "&amp;lt;" in mail for mail in mails)


def test_only_the_customers_own_mail_carries_their_link(w):
	frappe.get_doc(
		{
			"doctype": "Notification",
			"name": factories.unique("Copy to the desk"),
			**notifications.NOTIFICATIONS["Request resolved (customer)"],
			"recipients": [
				{"receiver_by_document_field": "ops_customer_email"},
				{"cc": "desk-copy@example.com, boss@example.com"},
			],
		}
	).insert()
	notices.deliver()
	for other in ("desk-copy@example.com", "boss@example.com"):
		(mail,) = customers.mails(w.issue.name, other)
		assert "token=" not in mail and "/service-requests/" in mail
	for table in ("Communication", "Notification Log"):
		field = "content" if table == "Communication" else "email_content"
		texts = frappe.get_all(table, pluck=field, order_by="creation desc", limit=20)
		assert not any("token=ey" in (text or "") or "token=W" in (text or "") for text in texts)


def test_everyone_reads_their_own_language(w):
	frappe.get_doc(
		{
			"doctype": "Notification",
			"name": factories.unique("Two readers"),
			**notifications.NOTIFICATIONS["Request received (customer)"],
			"message": "{{ _('Monday') }}",
			"recipients": [{"cc": f"{w.asker}, {w.colleague}"}],
		}
	).insert()
	frappe.db.set_value("User", w.asker, "language", "zh")
	frappe.db.set_value("Customer", w.customer, "language", "de")
	frappe.clear_document_cache("Customer", w.customer)
	before = frappe.local.lang
	notices.deliver()
	assert any("星期一" in mail for mail in customers.mails(w.issue.name, w.asker))
	assert any("Monday" in mail for mail in customers.mails(w.issue.name, w.colleague))
	assert frappe.local.lang == before


def test_an_automatic_message_is_not_staffs_first_response(w):
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	notices.deliver()
	assert frappe.db.exists(
		"Communication", {"reference_name": issue.name, "communication_type": "Automated Message"}
	)
	assert not frappe.db.get_value("Issue", issue.name, "first_responded_on")
	assert scenario.clock(issue, "First Response").state == "Running"


def test_a_broken_notification_holds_up_neither_the_others_nor_the_rest(w, monkeypatch):
	broken = frappe.get_doc(
		{
			"doctype": "Notification",
			"name": factories.unique("A broken one"),
			**notifications.NOTIFICATIONS["Request resolved (customer)"],
			"message": "{{ doc.no_such.thing.at_all }}",
		}
	).insert()
	assert notices.deliver() == {"told": 2, "retried": 1, "failed": 0}
	assert len(customers.mails(w.issue.name, w.asker)) == 3
	(row,) = rows(w.issue, key_point="ops_resolved")
	assert broken.name in row.error and row.state == "Pending"
	frappe.db.set_single_value("Ops Delivery Settings", "retry_limit", 2)
	frappe.db.set_value("Service Notice", row.name, "run_at", "2026-01-01")
	assert notices.deliver()["failed"] == 1
	assert len(customers.mails(w.issue.name, w.asker)) == 3  # what was told is not told again
	frappe.db.set_value("Notification", broken.name, "message", "ok")
	notices.retry(row.name)
	assert notices.deliver()["told"] == 1
	assert len(customers.mails(w.issue.name, w.asker)) == 4


def test_without_a_mail_account_it_is_tried_again_and_seen(w):
	frappe.db.set_value(
		"Email Account", {"default_outgoing": 1}, {"default_outgoing": 0, "enable_outgoing": 0}
	)
	frappe.clear_cache(doctype="Email Account")
	counts = notices.deliver()
	assert counts["retried"] == 3
	assert all("Email Account" in row.error for row in rows(w.issue))


def test_a_deleted_record_is_not_tried_for_ever(w):
	row = notices.post("Issue", "ISS-GONE", "ops_closed")
	assert notices.deliver()["failed"] == 1
	assert frappe.db.get_value("Service Notice", row, "state") == "Failed"


def test_a_key_point_that_waits_is_not_noted_twice(w):
	first = notices.post("Issue", w.issue.name, "ops_closed")
	assert notices.post("Issue", w.issue.name, "ops_closed", {"by": "Chen"}) == first
	assert "Chen" in frappe.db.get_value("Service Notice", first, "details")


def test_a_dead_redis_never_fails_a_save(w, monkeypatch):
	def dead(*_args, **_kwargs):
		raise ConnectionError("redis is down")

	monkeypatch.setattr(frappe, "enqueue", dead)
	notices.post("Issue", w.issue.name, "ops_closed")
	frappe.db.commit()
	assert notices.deliver()["told"] == 4


def test_the_assignee_hears_of_a_rejection_on_the_desk(w, as_user):
	from frappe.desk.form.assign_to import add

	from ops_delivery.services.requests import acceptance_channels as answering

	engineer = factories.make_user(roles=["Field Engineer"]).name
	add({"assign_to": [engineer], "doctype": "Issue", "name": w.issue.name})
	with as_user(w.asker):
		answering.decide_on_portal(w.issue.name, "Rejected", "Still down")
	notices.deliver()
	bell = frappe.get_all(
		"Notification Log",
		filters={"for_user": engineer, "document_name": w.issue.name, "type": "Alert"},
		pluck="email_content",
	)
	assert any("Still down" in text for text in bell)
	assert any("Still down" in mail for mail in customers.mails(w.issue.name, engineer))


def test_old_sent_notices_are_dropped_and_failed_ones_kept(w):
	notices.deliver()
	sent, failed = rows(w.issue)[:2]
	frappe.db.set_value("Service Notice", sent.name, {"sent_on": "2020-01-01", "state": "Sent"})
	frappe.db.set_value("Service Notice", failed.name, {"sent_on": "2020-01-01", "state": "Failed"})
	notices.purge_sent()
	assert not frappe.db.exists("Service Notice", sent.name)
	assert frappe.db.exists("Service Notice", failed.name)


@pytest.mark.committed
def test_several_runs_at_once_tell_everything_once(in_parallel, cleanup):
	account = factories.make_email_account()
	notifications.seed_notifications()
	w = customers.world()
	frappe.db.commit()
	counts = in_parallel(*[lambda: notices.deliver() for _run in range(4)])
	assert sum(count["told"] for count in counts) >= 3
	assert len(customers.mails(w.issue.name, w.asker)) == 3
	assert account
