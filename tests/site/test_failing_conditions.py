"""A condition that an administrator got wrong: refused where it can be known, set aside where a record meets it (6.3.b)."""

import re
from datetime import timedelta

import desk_door
import factories
import frappe
import pytest
import reviewing
import scenario

from ops_delivery.services.engine import health
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import failing_conditions as failing
from ops_delivery.services.scope import active_rules as every_save
from ops_delivery.services.surveys import asking as surveys
from ops_delivery.services.surveys import rules as survey_rules

LATER = scenario.MONDAY + timedelta(hours=1)
FAILS = "doc.ops_urgency and 1 / (doc.ops_reopen_count or 0) > 0"


@pytest.fixture
def desk():
	return desk_door.Desk("System Manager", "Service Delivery Manager")


@pytest.fixture
def issue():
	return scenario.issue(scenario.agreement())


def definition_of(commitment="Resolution"):
	return frappe.get_doc("Clock Definition", {"commitment": commitment, "document_type": "Issue"})


def clock(issue, commitment="Resolution"):
	return frappe.get_doc(
		"Service Clock",
		{"reference_doctype": "Issue", "reference_name": issue.name, "commitment": commitment},
	)


@pytest.mark.parametrize(
	("text", "message"),
	[
		("doc.nofield", "Issue has no field nofield"),
		("doc.ops_urgncy == 'Urgent'", "no field ops_urgncy. Did you mean ops_urgency"),
		("doc.get('custom_lne') or old['subjct']", "no field custom_lne"),
		('doc.status == "Opne"', 'Status is never "Opne". Possible are: "Open"'),
		('doc.status in ("Open", "Holding")', '"Holding"'),
		('(doc.priority or "") != "Urgnt"', 'Priority is never "Urgnt". Probably meant: "Urgent"'),
		('doc.ops_onsite == "Yes"', "ticked or not"),
		('doc.ops_reopen_count == "2"', "is a number"),
		("doc.subject == 5", "is a text"),
	],
)
def test_what_no_record_can_have_is_refused_at_saving(desk, issue, text, message):
	answer = desk.save(definition_of(), cancel_when=text)
	assert answer.status == 417, answer.text
	assert "Cancel when" in desk_door.said(answer)
	assert re.search(message, desk_door.said(answer)), desk_door.said(answer)


@pytest.mark.parametrize(
	"text",
	[
		'doc.status == "Open" and doc.priority != "Urgent"',
		"doc.owner and doc.creation and doc.ops_onsite == 1",
		"doc.get('subject') in (None, '', 'x')",
		"doc.customer == ''",
	],
)
def test_what_records_can_have_is_saved(desk, issue, text):
	answer = desk.save(definition_of(), cancel_when=text, **scenario.SAID)
	assert answer.status == 200, answer.text


def test_rows_and_the_other_rules_are_looked_at_alike(desk):
	answer = desk.new(
		"Review Rule",
		rule_name=factories.unique("Rule"),
		document_type="Service Agreement",
		needed_before="Signing",
		party="Internal",
		role="Service Delivery Manager",
		approvals=1,
		condition="any(row.targt for row in doc.targets)",
	)
	assert answer.status == 417 and "Service Agreement Target has no field targt. Did you mean target" in desk_door.said(answer)
	answer = desk.new(
		"Survey Rule",
		rule_name=factories.unique("Rule"),
		template=frappe.db.get_value("Survey Template", {"enabled": 1}, "name"),
		occasion="After a Request Is Closed",
		ask="Who Asked for It",
		sampling=100,
		condition='doc.status == "Closd"',
	)
	assert answer.status == 417 and "Closd" in desk_door.said(answer)


def test_one_that_fails_on_a_record_sets_its_clock_aside_and_the_save_goes_through(desk, issue, jobs):
	doc = definition_of()
	answer = desk.save(doc, cancel_when=FAILS)
	assert answer.status == 200, answer.text
	scenario.change(issue, LATER, ops_urgency="Urgent")
	aside = clock(issue)
	assert aside.state == "Paused" and "Cancel when" in aside.set_aside and "division" in aside.set_aside
	assert clock(issue, "First Response").state == "Running"
	frappe.db.commit()
	jobs.run()
	doc.reload()
	assert doc.failing_since and issue.name in doc.failing_on and "division" in doc.failing_why
	told = {"document_type": "Clock Definition", "document_name": doc.name, "for_user": desk.user}
	assert frappe.db.count("Notification Log", told) == 1
	said = " ".join(health.status()["messages"])
	assert doc.name in said and "1 clocks stand still" in said

	other = scenario.issue(frappe.get_doc("Service Agreement", issue.ops_agreement))
	scenario.change(other, LATER, ops_urgency="Urgent")
	scenario.change(issue, LATER + timedelta(minutes=5), subject="Again")
	frappe.db.commit()
	jobs.run()
	assert frappe.db.count("Notification Log", told) == 1
	assert clock(issue).event_count == aside.event_count

	with scenario.at(LATER + timedelta(hours=2)):
		doc.reload()
		answer = desk.save(doc, cancel_when="doc.ops_validity == 'Invalid'")
		assert answer.status == 200, answer.text
		frappe.db.commit()
		jobs.run()
	doc.reload()
	assert not doc.failing_since and not doc.failing_on
	going = clock(issue)
	assert going.state == "Running" and not going.set_aside
	assert going.elapsed == aside.elapsed  # what nobody could measure is not counted
	assert doc.name not in " ".join(health.status()["messages"])


def test_a_new_record_is_saved_though_nothing_can_start(desk, jobs):
	scenario.basics()
	doc = definition_of()
	doc.db_set("start_when", "1 / (doc.ops_reopen_count or 0) > 0")
	every_save.forget()
	issue = scenario.issue(scenario.agreement())
	assert not frappe.db.exists("Service Clock", {"reference_name": issue.name, "commitment": "Resolution"})
	frappe.db.commit()
	jobs.run()
	answer = desk.call("ops_delivery.api.clocks.panel", doctype="Issue", name=issue.name)
	assert answer.status == 200 and "division" in answer.text and "not_measured" in answer.text


def test_an_administrator_who_may_not_read_the_records_is_told_nothing_of_them(issue):
	answer = desk_door.Desk().save(definition_of(), cancel_when="doc.ops_validity == 'Invalid' or not doc.subject")
	assert answer.status == 200 and "last" not in desk_door.said(answer)


def test_switching_off_is_always_possible(desk, issue):
	doc = definition_of()
	doc.db_set("cancel_when", "doc.nofield")
	doc.reload()
	assert desk.save(doc, enabled=0, **scenario.SAID).status == 200
	doc.reload()
	assert desk.save(doc, enabled=1).status == 417


def test_a_review_whose_rule_fails_is_asked_for(jobs):
	rule = reviewing.rule(condition="doc.title == 'never'")
	frappe.db.set_value("Review Rule", rule.name, "condition", "1 / (doc.version - 1) > 0 or 1 / 0 > 0")
	rule.reload()
	plan = frappe.new_doc(rule.document_type)
	plan.update({"name": "Draft of a plan", "title": "A plan"})
	assert review_rules.applies(rule, plan) is True
	frappe.db.commit()
	jobs.run()
	rule.reload()
	assert rule.failing_since and "division" in rule.failing_why


def test_a_survey_whose_rule_fails_asks_nobody(jobs, issue):
	rule = frappe._dict(name="x", condition="1 / 0", occasion="After a Request Is Closed")
	assert surveys.ask(rule, issue) == []


def test_how_many_of_the_last_records_it_holds_for(desk, issue):
	doc = definition_of()
	scenario.change(issue, LATER, ops_urgency="Urgent")
	answer = desk.save(doc, cancel_when=FAILS, **scenario.SAID)
	assert answer.status == 200 and "can be evaluated on" in desk_door.said(answer) and issue.name in desk_door.said(answer)
	answer = desk.call(
		"ops_delivery.api.definitions.on_the_last", doctype="Clock Definition", doc=frappe.as_json(definition_of().as_dict())
	)
	found = frappe.parse_json(answer.text)["message"]
	row = found["conditions"]["cancel_when"]
	assert 1 <= found["records"] <= 200 and row["valid"] == found["records"] - 1 and row["first"] == issue.name
	assert found["conditions"]["start_when"]["holds"] == found["records"]


def test_what_was_taken_away_since_is_named_by_health(issue):
	definition_of().db_set("pause_when", "doc.custom_gone")
	said = " ".join(health.status()["messages"])
	assert "custom_gone" in said and not health.status()["ok"]


def test_all_that_we_ship_names_what_is_there():
	from ops_delivery.services.rules import conditions

	assert list(conditions.stored()) == []
	assert definitions.STORED and failing.messages() == [] and survey_rules.DOCTYPE
