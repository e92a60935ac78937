"""A good guest: until something of ours is in use, the host's forms are described as they were before we came."""

import json

import factories
import frappe
import isolation
import pytest
import scenario
import wire
from test_desk_boot import unused

from ops_delivery.services.escalation import minute
from ops_delivery.services.outbox import waking
from ops_delivery.setup import host_rules

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("unused")]
MOST = 15_000  # bytes that we may add to the form of an Issue
CUSTOMIZED = ("Issue", "Customer", "Contact", "Timesheet", "Stock Entry")


@pytest.fixture(autouse=True)
def given_back(site, cleanup):
	"""These tests commit: the next ones want everything on, as before."""
	cleanup(everything_on)


def everything_on():
	waking.wake()
	isolation.switch(isolation.ALL_ON)
	host_rules.lay(host_rules.every_pair())


@pytest.fixture
def agent(site):
	name = factories.make_user(roles=["Support Team", "Stock User", "Sales User", "Projects User"]).name
	frappe.utils.password.update_password(name, wire.PASSWORD)
	frappe.db.commit()
	return wire.Visitor(site, name)


def described(agent, doctype, **asked):
	answer = agent.ask("GET", "/api/method/frappe.desk.form.load.getdoctype", {"doctype": doctype, **asked})
	assert answer.status == 200
	return answer


def fields(answer):
	return {field["fieldname"] for doc in answer.json["docs"] for field in doc["fields"]}


def ours(answer):
	return {name for name in fields(answer) if name.startswith("ops_")}


def test_the_hosts_forms_come_without_our_fields_until_an_agreement_is_there(agent):
	before = {doctype: described(agent, doctype) for doctype in CUSTOMIZED}
	assert {doctype: ours(answer) for doctype, answer in before.items()} == {doctype: set() for doctype in CUSTOMIZED}
	scenario.agreement()
	frappe.db.commit()
	for doctype in CUSTOMIZED:
		whole = described(agent, doctype)
		custom = set(frappe.get_all("Custom Field", {"dt": doctype, "module": "Ops Delivery"}, pluck="fieldname"))
		assert custom and custom <= ours(whole)
		assert fields(whole) - fields(before[doctype]) == ours(whole)


def test_the_form_of_an_issue_is_hardly_larger(agent):
	bare = len(described(agent, "Issue").content)
	scenario.agreement()
	frappe.db.commit()
	(whole, *_tables) = described(agent, "Issue").json["docs"]
	theirs = {**whole, "fields": [field for field in whole["fields"] if not field["fieldname"].startswith("ops_")]}
	assert bare - len(json.dumps(theirs)) < MOST < len(json.dumps(whole)) - len(json.dumps(theirs))


def test_what_a_browser_keeps_is_fetched_anew_once_something_is_in_use(agent):
	first = described(agent, "Issue").json["docs"][0]["modified"]
	again = described(agent, "Issue", cached_timestamp=first)
	keeps = again.json.get("message") == "use_cache"  # 16 does not ask
	assert keeps or not ours(again)
	scenario.agreement()
	frappe.db.commit()
	whole = described(agent, "Issue", cached_timestamp=first)
	assert ours(whole)
	last = whole.json["docs"][0]["modified"]
	assert last != first
	assert (described(agent, "Issue", cached_timestamp=last).json.get("message") == "use_cache") == keeps


def test_a_browser_that_kept_the_whole_gets_it_without_our_fields_again(agent):
	agreement = scenario.agreement()
	frappe.db.commit()
	kept = described(agent, "Issue").json["docs"][0]["modified"]
	frappe.db.delete("Service Agreement", {"name": agreement.name})
	frappe.db.commit()
	frappe.cache.delete_value("ops_every_save")
	answer = described(agent, "Issue", cached_timestamp=kept)
	assert answer.json.get("message") != "use_cache" and not ours(answer)


def test_an_issue_is_made_and_saved_by_such_a_form(agent):
	"""The browser sends back what it was given, our fields included or not."""
	made = agent.call("frappe.desk.form.save.savedocs", doc={"doctype": "Issue", "__islocal": 1, "name": "new", "subject": "No network"}, action="Save")
	assert made.status == 200
	doc = made.json["docs"][0]
	saved = agent.call("frappe.desk.form.save.savedocs", doc={**doc, "subject": "No network at all"}, action="Save")
	assert saved.status == 200 and frappe.db.get_value("Issue", doc["name"], "subject") == "No network at all"
