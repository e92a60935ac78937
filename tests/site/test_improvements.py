"""Improvement actions: their life on every way in, the effect check, telling the customer."""

import customers
import factories
import frappe
import improving
import pytest
import scenario

from ops_delivery.domain import improvement as domain
from ops_delivery.permissions import steps
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.handover import related_records as chain
from ops_delivery.services.improvements import rules as improvement_rules
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.papers import agreement_paper
from ops_delivery.services.papers import paper as printed


def open_for(source, **values):
	return improvements.open_for(
		source.doctype, source.name, **{"title": "Low score", "finding": "2 of 5", **values}
	)


@pytest.mark.clause("5.5.c")
def test_a_source_has_one_open_action_and_a_new_one_after_it_ended(site):
	issue = factories.make_issue()
	first = open_for(issue)
	assert open_for(issue, title="Another") == first
	assert open_for(factories.make_issue()) != first
	improvements.set_state(first, domain.WITHDRAWN, "A mistake")
	second = open_for(issue)
	assert second != first
	doc = frappe.get_doc(improvements.DOCTYPE, second)
	assert (doc.source_doctype, doc.source_name, doc.state) == ("Issue", issue.name, domain.OPEN)


@pytest.mark.committed
def test_two_who_open_at_once_get_one_action(site, in_parallel, cleanup):
	issue = factories.make_issue()
	frappe.db.commit()

	def both():
		name = open_for(issue)
		frappe.db.commit()
		return name

	names = in_parallel(both, both)
	frappe.db.rollback()
	cleanup(frappe.db.delete, improvements.DOCTYPE, {"name": names[0]})  # it came of a record, so it stays
	assert len(set(names)) == 1
	assert frappe.db.count(improvements.DOCTYPE, {"source_name": issue.name}) == 1


def test_a_source_that_does_not_exist_is_refused(site):
	with pytest.raises(frappe.ValidationError, match="does not exist"):
		improvements.open_for("Issue", "<b>none</b>", title="x", finding="x")


WAYS = {
	"form": lambda doc, state: improving.fresh(doc).update({"state": state}).save(),
	"api": lambda doc, state: frappe.call("frappe.client.set_value", doc.doctype, doc.name, "state", state),
	"bulk": lambda doc, state: _bulk(doc, state),
	"step": lambda doc, state: improvements.set_state(doc.name, state),
}


def _bulk(doc, state):
	from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs

	frappe.db.commit()  # Frappe rolls back what fails there
	failed = submit_cancel_or_update_docs(doc.doctype, frappe.as_json([doc.name]), "update", {"state": state})
	if failed:
		raise frappe.ValidationError


@pytest.mark.clause("5.5.c")
@pytest.mark.parametrize("way", WAYS)
def test_a_state_without_its_content_is_refused_on_every_way_in(site, way):
	for state in (domain.INVESTIGATING, domain.MEASURES, domain.EFFECT_CHECK, domain.CLOSED):
		at = domain.PATH[domain.PATH.index(state) - 1]
		doc = improving.action(at, customer=factories.make_customer().name)
		with pytest.raises(frappe.ValidationError, match=r"is not possible yet|^$"):
			WAYS[way](doc, state)
		frappe.clear_messages()
		assert improving.fresh(doc).state == at


def test_content_that_a_state_demands_cannot_be_taken_away(site):
	doc = improving.action(domain.MEASURES)
	doc.cause = " "
	with pytest.raises(improvement_rules.SomethingMissing, match="cause"):
		doc.save()


def test_the_action_walks_to_its_end_and_each_moment_is_noted(site, as_user):
	customer = factories.make_customer().name
	doc = improving.action(domain.EFFECT_CHECK, customer=customer)
	assert improvements.record_check(doc.name, True, "No call lost in a month") == domain.EFFECT_CHECK
	with pytest.raises(improvement_rules.SomethingMissing, match="told"):
		improvements.set_state(doc.name, domain.CLOSED)
	improvements.tell_customer(doc.name, "The night shift now has a list.")
	with pytest.raises(improvement_rules.SomethingMissing, match="confirmed"):
		improvements.set_state(doc.name, domain.CLOSED)
	improvements.record_answer(doc.name, True, "Chen Jing", "Telephone")
	assert improvements.set_state(doc.name, domain.CLOSED) == domain.CLOSED
	doc = improving.fresh(doc)
	assert doc.closed_on and doc.closed_by == "Administrator" and doc.answer == domain.CONFIRMED
	assert not frappe.db.exists("ToDo", {"reference_name": doc.name, "status": "Open"})
	with pytest.raises(frappe.ValidationError, match="evidence"):
		doc.delete()


def test_an_effect_that_is_not_there_opens_it_again(site):
	doc = improving.action(domain.EFFECT_CHECK)
	assert improvements.record_check(doc.name, False, "Three calls lost") == domain.INVESTIGATING
	doc = improving.fresh(doc)
	doc.state = domain.MEASURES
	doc.save()
	doc.state = domain.EFFECT_CHECK
	doc.save()
	with pytest.raises(improvement_rules.SomethingMissing, match="effective"):
		improvements.set_state(doc.name, domain.CLOSED)
	improvements.record_check(doc.name, True, "None lost")
	assert improvements.set_state(doc.name, domain.CLOSED) == domain.CLOSED
	assert improvements.reopen(doc.name, "Lost again") == domain.INVESTIGATING
	assert [row.result for row in improving.fresh(doc).checks] == [
		"Not Effective",
		"Effective",
		"Not Effective",
	]


@pytest.mark.clause("5.5.f", "5.3.h")
def test_a_customer_who_is_not_satisfied_opens_it_again(site):
	doc = improving.action(domain.EFFECT_CHECK, customer=factories.make_customer().name)
	improvements.tell_customer(doc.name, "Done.")
	with pytest.raises(frappe.ValidationError, match="still wrong"):
		improvements.record_answer(doc.name, False, "Chen Jing", "Telephone")
	improvements.record_answer(doc.name, False, "Chen Jing", "Telephone", "They still do not call")
	doc = improving.fresh(doc)
	assert doc.state == domain.INVESTIGATING and doc.answer == domain.NOT_SATISFIED and not doc.told_on
	with pytest.raises(frappe.ValidationError, match=r"has not been told anything yet"):
		improvements.record_answer(doc.name, True, "Chen Jing", "Telephone")


@pytest.mark.parametrize("field", ["told_on", "answer", "answered_by", "closed_on", "checks"])
def test_what_the_steps_note_is_not_written_by_hand(site, field):
	doc = improving.action(domain.MEASURES)
	value = {"answer": domain.CONFIRMED, "answered_by": "Chen"}.get(field, "2026-01-01 00:00:00")
	if field == "checks":
		doc.append("checks", {"result": "Effective", "note": "x"})
	else:
		doc.set(field, value)
	with pytest.raises(steps.OnlyBySteps, match="steps only"):
		doc.save()


def test_the_owner_has_it_on_their_list(site, make_user):
	one, other = (make_user(roles=["Service Desk"]).name for _ in range(2))
	doc = improving.action(owner_user=one)
	assert frappe.db.exists("ToDo", {"reference_name": doc.name, "allocated_to": one, "status": "Open"})
	doc.owner_user = other
	doc.save()
	open_ones = frappe.get_all("ToDo", {"reference_name": doc.name, "status": "Open"}, pluck="allocated_to")
	assert open_ones == [other]


def test_an_agreement_of_another_customer_is_refused(site):
	mine = factories.make_customer().name
	thing = factories.make(
		"Service Object",
		object_name=factories.unique("Switch"),
		customer=factories.make_customer().name,
		importance=frappe.get_all("Service Importance", pluck="name", limit=1)[0],
	)
	with pytest.raises(frappe.ValidationError, match="another customer"):
		improving.action(customer=mine, service_object=thing.name)


def test_the_customers_side_has_no_list_of_them(site, as_user):
	customer = factories.make_customer().name
	user = customers.portal_user(customer)
	doc = improving.action(customer=customer)
	with as_user(user):
		with pytest.raises(frappe.PermissionError):
			frappe.get_list(improvements.DOCTYPE)
		assert not frappe.has_permission(improvements.DOCTYPE, "write", doc)


@pytest.mark.clause("5.5.g")
def test_an_agreement_version_names_the_action_it_came_of(site):
	agreement = scenario.agreement()
	draft = frappe.get_doc("Service Agreement", agreements.new_version(agreement.name))
	draft.improvement_action = improving.action(customer=factories.make_customer().name).name
	with pytest.raises(frappe.ValidationError, match="another customer"):
		draft.save()
	draft.reload()
	draft.improvement_action = improving.action(customer=agreement.customer).name
	draft.save()
	nodes = chain.of(improvements.DOCTYPE, draft.improvement_action)["nodes"]
	assert draft.name in {node.get("name") for node in nodes}


@pytest.mark.clause("7.2.d.4")
@pytest.mark.clause("7.3.d.4")
def test_a_leftover_leads_to_an_action(site):
	customer = factories.make_customer().name
	leftover = factories.make("Service Leftover", subject="Cable", customer=customer, state="Open")
	values = improvements.values_from("Service Leftover", leftover.name)
	assert values == {
		"source_doctype": "Service Leftover",
		"source_name": leftover.name,
		"title": "Cable",
		"customer": customer,
	}
	assert open_for(leftover) == open_for(leftover)


@pytest.mark.clause("5.4.d")
def test_an_agreement_prints_where_and_how_to_complain(site):
	agreement = scenario.agreement()
	paper = agreement_paper.ops_agreement(agreement, printed.ops_paper(agreement))
	said = dict(paper.complaints())
	assert any("independent" in text for text in said.values()) and len(said) == 2
	agreement.complaint_channel = "400-820-5566"
	assert (
		"400-820-5566"
		in dict(agreement_paper.ops_agreement(agreement, printed.ops_paper(agreement)).complaints()).values()
	)
