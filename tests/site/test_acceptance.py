"""Only the customer's consent ends a request (6.3.g, 6.3.j)."""

from datetime import timedelta

import customers
import factories
import frappe
import pytest
import scenario

from ops_delivery.permissions.gates import NotForStaff
from ops_delivery.services import leftovers
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import acceptance
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.requests import silence as deemed_acceptance
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import site_now, to_site

LATER = customers.RESOLVED + timedelta(hours=1)
pytestmark = pytest.mark.clause("6.3.g")


@pytest.fixture
def w():
	return customers.world()


def status(issue):
	return frappe.db.get_value("Issue", issue.name, ["status", "ops_acceptance_status"])


def test_resolving_offers_the_result_as_it_stands(w):
	row = acceptance.latest(w.issue.name)
	assert (row.state, row.round, row.agreement) == ("Requested", 1, w.agreement.name)
	assert "fan of switch 3" in row.offered_result and len(row.offered_hash) == 64
	assert status(w.issue) == ("Resolved", "Requested")
	scenario.change(w.issue, LATER, resolution_details="<p>Something else</p>")
	row = frappe.get_doc("Service Acceptance", row.name)
	assert "fan of switch 3" in row.offered_result
	assert row.offered_hash == acceptance.fingerprint(row, w.issue.subject)


def test_staff_neither_close_nor_set_the_answer_nor_answer(w, as_user):
	desk = factories.make_user(roles=["Service Desk"]).name
	with as_user(desk):
		with pytest.raises(frappe.ValidationError, match="accepted"):
			scenario.change(w.issue, LATER, status="Closed")
		with pytest.raises(frappe.PermissionError):
			scenario.change(w.issue, LATER, ops_acceptance_status="Accepted")
		with pytest.raises(NotForStaff):
			answering.decide_on_portal(w.issue.name, "Accepted")
		doc = frappe.get_doc("Service Acceptance", customers.open_one(w.issue))
		doc.state = "Accepted"
		with pytest.raises(frappe.ValidationError, match=r"State.*Only the customer's answer changes it"):
			doc.save(ignore_permissions=True)


@pytest.mark.clause("6.3.j")
def test_the_customer_accepts_and_the_request_closes(w, as_user):
	with as_user(w.colleague), scenario.at(LATER):
		assert answering.decide_on_portal(w.issue.name, "Accepted", "Works again") == "Accepted"
	assert status(w.issue) == ("Closed", "Accepted")
	row = acceptance.latest(w.issue.name)
	assert (row.channel, row.decided_by_email, row.comment) == ("Portal", w.colleague, "Works again")
	assert row.decided_on == to_site(LATER) and row.next_action_on is None
	assert scenario.clock(w.issue).state == "Met"


def test_reservations_become_leftovers(w, as_user):
	with as_user(w.asker):
		with pytest.raises(frappe.ValidationError, match="at least one reservation"):
			answering.decide_on_portal(w.issue.name, "Accepted with Reservations", reservations=[" "])
		answering.decide_on_portal(
			w.issue.name, "Accepted with Reservations", reservations=["Label the cable", "Clean up <rack 2>"]
		)
	doc = frappe.get_doc("Service Acceptance", acceptance.latest(w.issue.name).name)
	leftovers = [frappe.get_doc("Service Leftover", row.leftover) for row in doc.reservations]
	assert leftovers[0].subject == "Label the cable"
	assert {(item.state, item.customer, item.source_name) for item in leftovers} == {
		("Open", w.customer, w.issue.name)
	}
	assert status(w.issue) == ("Closed", "Accepted with Reservations")


def test_a_rejection_reopens_and_the_clock_goes_on_from_what_was_left(w, as_user):
	with as_user(w.asker), scenario.at(LATER):
		with pytest.raises(frappe.ValidationError, match="why"):
			answering.decide_on_portal(w.issue.name, "Rejected", "  ")
		answering.decide_on_portal(w.issue.name, "Rejected", "Still no network")
	assert status(w.issue) == ("Open", "Rejected")
	clock = scenario.clock(w.issue)
	assert clock.state == "Running" and clock.elapsed == 3 * 3600
	assert "Reopened" in scenario.ledger(clock)
	assert frappe.db.get_value("Issue", w.issue.name, "ops_reopen_count") == 1
	customers.resolve(w.issue, LATER + timedelta(hours=2))
	assert acceptance.latest(w.issue.name).round == 2


def test_an_offer_is_withdrawn_when_work_goes_on(w):
	name = customers.open_one(w.issue)
	scenario.change(w.issue, LATER, status="Open")
	assert frappe.db.get_value("Service Acceptance", name, "state") == "Withdrawn"
	assert status(w.issue) == ("Open", "")


def test_staff_record_who_when_and_how(w, as_user):
	desk = factories.make_user(roles=["Service Desk"]).name
	given = {"by_name": "Chen Jing", "decided_on": to_site(LATER), "how": "By phone to Li Wei"}
	with as_user(desk), scenario.at(LATER + timedelta(hours=1)):
		for missing in given:
			with pytest.raises(frappe.ValidationError, match="needed"):
				answering.record(w.issue.name, "Accepted", **{**given, missing: ""})
		future = to_site(LATER + timedelta(hours=2))
		with pytest.raises(frappe.ValidationError, match="future"):
			answering.record(w.issue.name, "Accepted", **{**given, "decided_on": future})
		early = to_site(customers.RESOLVED - timedelta(hours=1))
		with pytest.raises(frappe.ValidationError, match="before the result was offered"):
			answering.record(w.issue.name, "Accepted", **{**given, "decided_on": early})
		with pytest.raises(frappe.ValidationError, match="colleague"):
			answering.record(w.issue.name, "Accepted", **given, by_email=desk)
		answering.record(w.issue.name, "Accepted", **given)
	row = acceptance.latest(w.issue.name)
	assert (row.channel, row.recorded_by, row.recorded_how) == (
		"Recorded by Staff",
		desk,
		"By phone to Li Wei",
	)
	assert (row.decided_by_name, row.decided_on) == ("Chen Jing", to_site(LATER))
	with as_user(factories.make_user().name), pytest.raises(frappe.PermissionError):
		answering.record(w.issue.name, "Accepted", **given)


def test_a_failure_half_way_saves_nothing(w, as_user, monkeypatch):
	def broken(*_args):
		raise RuntimeError("disk full")

	monkeypatch.setattr(acceptance, "conclude", broken)
	frappe.db.commit()
	with as_user(w.asker), pytest.raises(RuntimeError):
		answering.decide_on_portal(w.issue.name, "Accepted with Reservations", reservations=["x"])
	frappe.db.rollback()
	assert acceptance.latest(w.issue.name).state == "Requested"
	assert not frappe.db.exists("Service Leftover", {"source_name": w.issue.name})


@pytest.mark.committed
def test_of_two_answers_at_once_the_second_is_told(in_parallel, cleanup):
	w = customers.world()
	frappe.db.commit()

	def answer(user, verdict):
		frappe.set_user(user)
		try:
			answering.decide_on_portal(w.issue.name, verdict, "because")
			frappe.db.commit()
			return "done"
		except acceptance.AlreadyDecided as error:
			frappe.db.rollback()
			return str(error)

	results = in_parallel(lambda: answer(w.asker, "Accepted"), lambda: answer(w.colleague, "Rejected"))
	assert sorted(result == "done" for result in results) == [False, True]
	assert any("answered already" in result for result in results)
	row = acceptance.latest(w.issue.name)
	assert status(w.issue)[1] == row.state


# Silence


@pytest.fixture
def deeming():
	factories.make_email_account()
	return customers.world(allow_deemed_acceptance=1, deemed_after_days=5, deemed_notices=2)


def test_reminders_go_out_and_silence_counts_after_days_and_notices(deeming):
	w = deeming
	row = acceptance.latest(w.issue.name)
	friday_a_week_later = to_site(scenario.MONDAY + timedelta(days=7, hours=9))
	assert row.deemed_on == friday_a_week_later  # the fifth working day after Monday, at closing time
	with scenario.at(LATER):
		assert customers.tell_all()["told"]
		assert deemed_acceptance.remind_and_deem() == {"reminded": 0, "deemed": 0, "failed": 0}
	with scenario.at(scenario.MONDAY + timedelta(days=2, hours=10)):
		assert deemed_acceptance.remind_and_deem()["reminded"] == 1
		assert deemed_acceptance.remind_and_deem()["reminded"] == 0
		customers.tell_all()
	with scenario.at(scenario.MONDAY + timedelta(days=7, hours=10)):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 1
	doc = frappe.get_doc("Service Acceptance", row.name)
	assert (doc.state, doc.channel) == ("Deemed Accepted", "Deemed")
	assert [line.kind for line in doc.notices if line.delivery == "Sent"] == ["Request", "Reminder"]
	assert w.asker in doc.comment and "5" in doc.comment
	assert status(w.issue) == ("Closed", "Deemed Accepted")


def test_silence_does_not_count_on_notices_that_never_left(deeming):
	w = deeming
	with scenario.at(LATER):
		notices.deliver()  # queued, and the mail server refuses them
		frappe.db.set_value("Email Queue", {"reference_name": w.issue.name}, "status", "Error")
	with scenario.at(scenario.MONDAY + timedelta(days=7, hours=10)):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 0
	assert status(w.issue) == ("Resolved", "Requested")
	name = customers.open_one(w.issue)
	for day in (8, 10, 11, 12):
		with scenario.at(scenario.MONDAY + timedelta(days=day, hours=10)):
			assert acceptance.latest(w.issue.name).deemed_on <= site_now(), "each reminder names a day that comes before"
			customers.tell_all()
			left = frappe.db.count("Service Acceptance Notice", {"parent": name, "kind": "Reminder"})
			frappe.db.set_value("Service Acceptance", name, "next_action_on", "2026-01-01")
			deemed = deemed_acceptance.remind_and_deem()["deemed"]
			assert deemed == int(left >= 2)  # the first one never left
			if deemed:
				break
	assert status(w.issue) == ("Closed", "Deemed Accepted")


@pytest.mark.clause("6.3.f")
def test_a_reminder_after_the_day_names_a_day_that_is_still_to_come(deeming):
	w = deeming
	with scenario.at(LATER):
		notices.deliver()
		frappe.db.set_value("Email Queue", {"reference_name": w.issue.name}, "status", "Error")
	late = scenario.MONDAY + timedelta(days=7, hours=10)
	with scenario.at(late):
		assert deemed_acceptance.remind_and_deem()["reminded"] == 1
		customers.tell_all()
	until = to_site(scenario.MONDAY + timedelta(days=8, hours=9))  # the end of the next working day
	assert acceptance.latest(w.issue.name).deemed_on == until
	reminded = customers.mails(w.issue.name, w.asker)[-1]
	assert f"If we hear nothing from you by {moment(until)}, the result counts as accepted" in reminded


def test_without_the_agreements_leave_silence_never_counts(w):
	row = acceptance.latest(w.issue.name)
	assert row.deemed_on is None and row.next_action_on
	with scenario.at(LATER):
		customers.tell_all()
	with scenario.at(scenario.MONDAY + timedelta(days=60)):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 0
	assert status(w.issue) == ("Resolved", "Requested")


def test_one_that_fails_does_not_hold_up_the_others(deeming, monkeypatch):
	other = customers.world()
	original = deemed_acceptance.notices_sent

	def sometimes(doc):
		if doc.reference_name == deeming.issue.name:
			raise RuntimeError("broken")
		return original(doc)

	monkeypatch.setattr(deemed_acceptance, "notices_sent", sometimes)
	with scenario.at(scenario.MONDAY + timedelta(days=3)):
		customers.tell_all()
		counts = deemed_acceptance.remind_and_deem()
	assert counts["failed"] == 1 and counts["reminded"] == 1
	assert frappe.db.exists(
		"Service Notice", {"reference_name": other.issue.name, "key_point": "ops_reminded"}
	)


def test_leftovers_end_with_a_result_by_someone(w, as_user):
	leftover = factories.make("Service Leftover", subject="Label", customer=w.customer)
	with pytest.raises(frappe.ValidationError, match="came of it"):
		leftovers.set_state(leftover.name, "Solved")
	leftovers.set_state(leftover.name, "Solved", "Labelled")
	leftover.reload()
	assert leftover.closed_by == "Administrator" and leftover.closed_on
	with pytest.raises(frappe.ValidationError, match="taken up again"):
		leftovers.set_state(leftover.name, "Open")
	leftovers.set_state(leftover.name, "Open", "The label fell off")
	leftover.reload()
	assert not leftover.closed_by
