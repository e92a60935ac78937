"""Frappe Helpdesk's tickets under service agreements, by data alone (5.3.c, 5.3.d, 6.3.b, 6.3.e).

With Helpdesk on the site these tests run on its own HD Ticket; else on types of the tests' own with its fields.
"""

from datetime import timedelta

import customers
import factories
import frappe
import helpdesk_types
import isolation
import pytest
import scenario
from scenario import MONDAY, hours
from workers import site_of_process

from ops_delivery.api import configuration
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.engine import health
from ops_delivery.services.escalation import sweep
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.shared import install_state as memory
from ops_delivery.services.shared import locale as reader
from ops_delivery.setup import ready_made

SITE = site_of_process()
KEY = "helpdesk"
NOTICES = "Helpdesk: ticket {}"


@pytest.fixture(scope="module", autouse=True)
def planted():
	"""The configuration as an administrator plants it, and none of it afterwards."""
	with isolation.open_site(SITE):
		own = not helpdesk_types.installed()
		if own:
			helpdesk_types.make()
		assert len(ready_made.plant(KEY)["added"]) == len(ready_made.read(KEY)["records"])
		frappe.db.commit()
	yield
	with isolation.open_site(SITE):
		frappe.db.delete("Service Clock", {"reference_doctype": "HD Ticket"})
		answer = ready_made.remove(KEY)
		if own:
			helpdesk_types.drop()
		frappe.db.commit()
	assert (answer["kept"], answer["switched_off"]) == ([], [])
	assert len(answer["removed"]) == len(ready_made.read(KEY)["records"])


@pytest.fixture
def w(site):
	"""An agreement, its customer as Helpdesk knows it, and who is told."""
	frappe.db.set_value("Service Notice", {"state": "Pending"}, "state", "Sent")
	factories.make_email_account()
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	agreement = scenario.agreement(manager=manager)
	frappe.db.set_value("Service Notice", {"state": "Pending"}, "state", "Sent")
	return frappe._dict(
		agreement=agreement,
		manager=manager,
		hd_customer=hd_customer(ops_customer=agreement.customer),
		asker=factories.unique_email("asker"),
	)


def hd_customer(**values) -> str:
	return factories.make("HD Customer", **{"customer_name": factories.unique("HD"), **values}).name


def ticket(w, moment=MONDAY, **values):
	with scenario.at(moment):
		return factories.make(
			"HD Ticket",
			**{
				"subject": factories.unique("VPN is down"),
				"customer": w.hd_customer,
				"priority": "Medium",
				"status": "Open",
				"raised_by": w.asker,
				**values,
			},
		)


def change(doc, moment, **values):
	with scenario.at(moment):
		doc = frappe.get_doc("HD Ticket", doc.name)
		doc.update(values)
		doc.save(ignore_permissions=True)
		return doc


def clock(doc, commitment="Resolution"):
	return frappe.db.get_value(
		"Service Clock",
		{"reference_doctype": "HD Ticket", "reference_name": str(doc.name), "commitment": commitment},
		"*",
		as_dict=True,
	)


def told(doc) -> list[tuple[str, str]]:
	rows = frappe.get_all(
		"Service Notice",
		filters={"reference_doctype": "HD Ticket", "reference_name": str(doc.name)},
		fields=["key_point", "state"],
		order_by="creation",
	)
	return [(row.key_point, row.state) for row in rows]


# The agreement of the ticket's customer


@pytest.mark.clause("5.3.d", "6.3.b")
def test_a_ticket_has_clocks_under_the_agreement_of_its_customer(w):
	doc = ticket(w)
	for commitment, target in (("First Response", 4 * 3600), ("Resolution", 24 * 3600)):
		row = clock(doc, commitment)
		assert (row.state, row.target, row.agreement, row.customer, row.priority) == (
			"Running",
			target,
			w.agreement.name,
			w.agreement.customer,
			"Medium",
		)
	assert len(frappe.get_all("Service Clock", {"reference_doctype": "HD Ticket"})) == 2


def test_without_a_link_the_customer_of_the_same_name_is_meant(w):
	frappe.db.set_value("HD Customer", w.hd_customer, "ops_customer", None)
	assert not clock(ticket(w)), "nobody knows whose it is"
	title = frappe.db.get_value("Customer", w.agreement.customer, "customer_name")
	same = hd_customer(customer_name=title)
	assert clock(ticket(w, customer=same)).agreement == w.agreement.name


def test_a_ticket_is_ruled_from_its_beginning_once_its_customer_is_known(w):
	doc = ticket(w, customer=None)
	frappe.db.set_value("HD Ticket", doc.name, "creation", "2026-03-02 09:00:00")
	assert not clock(doc)
	change(doc, MONDAY + hours(2), customer=w.hd_customer)
	assert str(clock(doc).started_on) == "2026-03-02 09:00:00"


def test_the_form_of_the_record_type_says_whose_customer_is_unknown(w):
	frappe.db.set_value("HD Customer", w.hd_customer, "ops_customer", None)
	doc = frappe.get_doc("Measured Record Type", "HD Ticket")
	doc.run_method("onload")
	assert w.hd_customer in doc.get_onload("customers_not_found")
	frappe.db.set_value("HD Customer", w.hd_customer, "ops_customer", w.agreement.customer)
	doc.run_method("onload")
	assert w.hd_customer not in doc.get_onload("customers_not_found")


@pytest.mark.parametrize(
	("field", "through", "said"),
	[
		("customer", "nobody", ["Customer through", "HD Customer", "nobody", "ops_customer"]),
		("subject", "ops_customer", ["Customer through", "subject"]),
	],
)
def test_the_way_to_the_customer_must_exist(field, through, said):
	doc = frappe.get_doc("Measured Record Type", "HD Ticket")
	doc.update({"customer_field": field, "customer_through": through})
	with pytest.raises(frappe.ValidationError) as refused:
		doc.save()
	assert all(part in str(refused.value) for part in said)


# What happens to a ticket


@pytest.mark.clause("5.3.d")
def test_waiting_for_the_customer_does_not_count(w):
	doc = ticket(w)
	change(doc, MONDAY + hours(1), status="Replied")
	row = clock(doc)
	assert (row.state, row.elapsed) == ("Paused", 3600)
	change(doc, MONDAY + hours(5), status="Open")
	assert clock(doc).state == "Running"
	change(doc, MONDAY + hours(6), status="Resolved")
	row = clock(doc)
	assert (row.state, row.elapsed, row.breached) == ("Met", 2 * 3600, 0)
	change(doc, MONDAY + hours(7), status="Open")
	assert clock(doc).state == "Running", "reopened: it goes on from what was left"
	assert scenario.ledger(clock(doc)) == ["Start", "Pause", "Resume", "Met", "Reopened"]
	assert clocks.rebuild("HD Ticket", doc.name, repair=False) == []


def test_a_status_of_ones_own_pauses_by_its_category(w):
	factories.make(
		"HD Ticket Status", label_agent="On hold for parts", label_customer="On hold", category="Paused"
	)
	doc = ticket(w)
	change(doc, MONDAY + hours(1), status="On hold for parts")
	assert clock(doc).state == "Paused"


def test_an_answer_meets_the_first_response(w):
	doc = ticket(w)
	change(doc, MONDAY + hours(1), status="Replied", first_responded_on="2026-03-02 09:30:00")
	row = clock(doc, "First Response")
	assert (row.state, row.elapsed) == ("Met", 1800)


def test_a_merged_ticket_is_measured_in_the_other_one(w):
	doc = ticket(w)
	change(doc, MONDAY + hours(1), is_merged=1)
	assert {clock(doc, name).state for name in ("First Response", "Resolution")} == {"Cancelled"}


@pytest.mark.clause("6.3.e", "6.3.e.3", "5.3.c")
def test_a_late_ticket_is_escalated_and_its_priority_raised(w):
	doc = ticket(w, priority="High")
	change(doc, MONDAY + timedelta(minutes=30), first_responded_on="2026-03-02 09:30:00")
	with scenario.at(MONDAY + hours(10) + timedelta(days=1)):
		outcome = sweep.run()
		assert not outcome["failed"]
		assert health.status()["failed_triggers"] == 0
	logs = frappe.get_all(
		"Escalation Log",
		filters={"reference_doctype": "HD Ticket", "reference_name": str(doc.name)},
		fields=["kind", "customer", "problems", "actions_done"],
		order_by="fired_on",
	)
	assert {"Alarm", "Manager Route"} <= {log.kind for log in logs}
	assert {log.customer for log in logs} == {w.agreement.customer}
	assert not any(log.problems for log in logs if log.kind == "Manager Route")
	assert clock(doc).breached
	assert frappe.db.get_value("HD Ticket", doc.name, "priority") == "Urgent"
	assert frappe.db.exists(
		"Notification Log", {"for_user": w.manager, "document_type": "HD Ticket", "document_name": doc.name}
	)


# Who is told


@pytest.mark.clause("5.3.c", "6.3.f")
def test_the_customer_is_told_what_is_promised_and_that_it_is_resolved(w):
	frappe.db.set_value("Customer", w.agreement.customer, "language", "zh")
	frappe.clear_document_cache("Customer", w.agreement.customer)
	with scenario.at(MONDAY):
		doc = ticket(w)
		assert told(doc) == [("ops_clock_started", "Pending")]
		assert notices.deliver() == {"told": 1, "retried": 0, "failed": 0}
	(mail,) = customers.mails(str(doc.name), w.asker)
	with reader.reading("zh"):
		promised = reader.moment(clock(doc, "First Response").due_on)
	assert doc.subject in mail and promised in mail
	assert "我们" in mail, "in the customer's language"
	assert f"/helpdesk/my-tickets/{doc.name}" in mail
	change(doc, MONDAY + hours(2), status="Resolved")
	assert notices.deliver()["told"] == 1
	assert len(customers.mails(str(doc.name), w.asker)) == 2
	assert told(doc)[-1] == ("ops_clock_met", "Queued"), "sent when the mail server has taken it"


def test_a_notice_that_is_switched_off_is_not_even_noted(w):
	doc = ticket(w)
	change(doc, MONDAY + hours(1), status="Replied", first_responded_on="2026-03-02 09:30:00")
	assert "ops_clock_paused" not in dict(told(doc))
	switched = frappe.get_doc("Notification", NOTICES.format("paused (customer)"))
	switched.enabled = 1
	switched.save()
	change(doc, MONDAY + hours(2), status="Open")
	change(doc, MONDAY + hours(3), status="Replied")
	assert dict(told(doc))["ops_clock_paused"] == "Pending"
	assert notices.deliver()["failed"] == 0


def test_whoever_has_the_ticket_hears_that_it_is_open_again(w, make_user):
	engineer = make_user(roles=["Field Engineer"]).name
	doc = ticket(w)
	change(doc, MONDAY + hours(1), status="Resolved")
	frappe.desk.form.assign_to.add({"doctype": "HD Ticket", "name": doc.name, "assign_to": [engineer]})
	change(doc, MONDAY + hours(2), status="Open")
	assert "ops_clock_reopened" in dict(told(doc))
	notices.deliver()
	assert frappe.db.exists(
		"Notification Log", {"for_user": engineer, "document_type": "HD Ticket", "document_name": doc.name}
	)


# The configuration


def test_planting_again_adds_nothing_and_changes_nothing():
	definition = frappe.get_doc("Clock Definition", "Helpdesk: Resolution")
	definition.pause_when = 'doc.status == "Replied"'
	definition.save()
	answer = ready_made.plant(KEY)
	assert answer["added"] == []
	assert len(answer["there"]) == len(ready_made.read(KEY)["records"])
	assert frappe.db.get_value("Clock Definition", definition.name, "pause_when") == 'doc.status == "Replied"'


def test_what_was_deleted_comes_back_when_it_is_planted_again():
	name = NOTICES.format("paused (customer)")
	frappe.delete_doc("Notification", name)
	assert ready_made.plant(KEY)["added"] == [f"Notification: {name}"]


def test_what_was_edited_or_measured_by_stays(w, monkeypatch):
	monkeypatch.setattr(
		ready_made, "_is_filled", lambda doctype, _name: doctype == "Custom Field"
	)  # the schema stays as it is in this test
	notice = frappe.get_doc("Notification", NOTICES.format("resolved (customer)"))
	notice.enabled = 0
	notice.save()
	doc = ticket(w)
	answer = ready_made.remove(KEY)
	assert set(answer["switched_off"]) == {
		"Clock Definition: Helpdesk: First Response",
		"Clock Definition: Helpdesk: Resolution",
		"Measured Record Type: HD Ticket",
	}
	assert set(answer["kept"]) == {f"Notification: {notice.name}", "Custom Field: HD Customer-ops_customer"}
	assert f"Notification: {NOTICES.format('reopened (assignee)')}" in answer["removed"]
	assert clock(doc).state == "Running", "evidence stays"
	change(doc, MONDAY + hours(1), status="Resolved")
	assert clock(doc).state == "Running", "and is no longer moved"
	assert KEY not in memory.recall(ready_made.MEMORY)


def test_what_the_administrator_sees(as_user, make_user):
	administrator = make_user(roles=["System Manager"]).name
	with as_user(administrator):
		(row,) = [row for row in configuration.ready_made_list() if row["key"] == KEY]
		assert (row["lacking"], row["planted"]) == ([], True)
		assert row["there"] == row["records"]
		assert configuration.plant_ready_made(KEY)["added"] == []
		with pytest.raises(frappe.ValidationError, match="no ready-made configuration"):
			configuration.plant_ready_made("../../site_config")
	for role in ("Service Delivery Manager", "Service Desk"):
		with as_user(make_user(roles=[role]).name):
			for refused in (configuration.ready_made_list, lambda: configuration.remove_ready_made(KEY)):
				with pytest.raises(frappe.PermissionError):
					refused()


def test_without_the_app_it_says_what_is_lacking(monkeypatch):
	content = ready_made.read(KEY)
	content["needs"] = {"HD Ticket": ["subject", "no_such_field"], "HD Nothing": []}
	monkeypatch.setattr(ready_made, "read", lambda _key: content)
	with pytest.raises(frappe.ValidationError, match="HD Ticket: no_such_field, HD Nothing"):
		ready_made.plant(KEY)


# Once the app is gone


def test_a_type_that_is_gone_holds_nothing_up(w):
	doc = ticket(w)
	issue = scenario.judge_valid(scenario.issue(w.agreement), MONDAY)
	left = clock(doc).name
	frappe.db.delete("DocType", {"name": "HD Ticket"})  # as an app that is uninstalled leaves it
	with scenario.at(MONDAY + timedelta(days=14)):
		outcome = sweep.run()
	assert not outcome["failed"] and outcome["finished"]
	assert scenario.clock(issue).breached
	assert not frappe.db.exists("Service Clock Trigger", {"clock": left}), "taken for deleted"
