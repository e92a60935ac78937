"""Signed links: sealed by purpose, for one party, until a day, and used up by the record's state (6.3.g)."""

import base64
import json
from datetime import timedelta

import customers
import factories
import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from ops_delivery.services.requests import acceptance
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared import signed_link


def made(**values):
	return signed_link.make(
		**{
			"purpose": "acceptance",
			"doctype": "ToDo",
			"name": "T 1/ä",
			"party": "a@example.com",
			"round": 2,
			**values,
		}
	)


def test_a_link_says_what_was_sealed():
	link = signed_link.read(made(), "acceptance")
	assert (link.doctype, link.name, link.party, link.round) == ("ToDo", "T 1/ä", "a@example.com", 2)
	days = frappe.db.get_single_value("Ops Delivery Settings", "link_days")
	assert link.expires_on == getdate(add_days(nowdate(), days))
	assert set(made()) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_nothing_can_be_changed():
	token = made()
	body, seal = token.split(".")
	other = json.loads(base64.urlsafe_b64decode(body + "=="))
	other[4] = "b@example.com"
	forged = base64.urlsafe_b64encode(json.dumps(other).encode()).decode().rstrip("=")
	altered = [
		forged + "." + seal,
		body + "." + seal[:-2] + "AA",
		body,
		"",
		".",
		"ä.ä",
		token + "=",
		token[:-1],
		"x" * 5000,
	]
	altered += [
		token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
		for place in range(0, len(token), 7)
		if token[place] != "."
	]
	for bad in altered:
		with pytest.raises(signed_link.InvalidLink):
			signed_link.read(bad, "acceptance")


def test_a_purpose_has_its_own_seal():
	with pytest.raises(signed_link.InvalidLink):
		signed_link.read(made(purpose="survey"), "acceptance")


def test_the_last_day_is_the_last():
	assert signed_link.read(made(expires_on=nowdate()), "acceptance")
	with pytest.raises(signed_link.ExpiredLink) as error:
		signed_link.read(made(expires_on=add_days(nowdate(), -1)), "acceptance")
	assert error.value.http_status_code == 410


@pytest.fixture
def w():
	return customers.world()


def token_of(issue, **values):
	row = acceptance.latest(issue.name)
	return signed_link.make(
		**{
			"purpose": answering.PURPOSE,
			"doctype": "Service Acceptance",
			"name": row.name,
			"party": issue.ops_customer_email,
			"round": row.round,
			**values,
		}
	)


@pytest.mark.clause("6.3.g")
def test_the_addressee_answers_without_a_log_in_and_once(w, as_user):
	token = token_of(w.issue)
	with as_user("Guest"):
		assert answering.decide_by_link(token, "Accepted", "Fine") == "Accepted"
		with pytest.raises(acceptance.AlreadyDecided, match="answered already"):
			answering.decide_by_link(token, "Rejected", "No")
	row = acceptance.latest(w.issue.name)
	assert (row.channel, row.decided_by_email, row.state) == ("Signed Link", w.asker, "Accepted")


def test_a_link_ends_with_its_round_and_its_addressee(w, as_user):
	first = token_of(w.issue)
	with as_user("Guest"):
		answering.decide_by_link(first, "Rejected", "Still down")
	customers.resolve(w.issue, customers.RESOLVED + timedelta(hours=1))
	with as_user("Guest"), pytest.raises(acceptance.AlreadyDecided):
		answering.decide_by_link(first, "Accepted")
	second = token_of(frappe.get_doc("Issue", w.issue.name))
	with pytest.raises(signed_link.InvalidLink):
		answering.read_link(token_of(w.issue, round=1))
	frappe.db.set_value("Issue", w.issue.name, "ops_customer_email", w.colleague)
	with pytest.raises(signed_link.InvalidLink, match="someone else"):
		answering.read_link(second)


def test_staff_cannot_use_a_link(w, as_user):
	token = token_of(w.issue)
	with as_user(factories.make_user(roles=["Service Desk"]).name), pytest.raises(frappe.PermissionError):
		answering.decide_by_link(token, "Accepted")
	colleague = factories.make_user(roles=["Service Desk"]).name
	frappe.db.set_value("Issue", w.issue.name, "ops_customer_email", colleague)
	with as_user("Guest"), pytest.raises(signed_link.InvalidLink):
		answering.decide_by_link(token_of(w.issue, party=colleague), "Accepted")
	assert acceptance.latest(w.issue.name).state == "Requested"
