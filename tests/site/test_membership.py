"""Nobody makes themselves a member of a customer, on whatever way in (6.3.g)."""

import json

import customers
import factories
import frappe
import pytest
import wire

from ops_delivery.permissions import ownership, reach, steps
from ops_delivery.services.administration import membership

pytestmark = pytest.mark.committed
CHANGE = membership.CHANGE


@pytest.fixture
def w(site, cleanup):
	"""A served customer, and an intruder: a user without the desk whom nothing narrows."""
	world = customers.world()
	world.intruder = factories.make_user(user_type="Website User", roles=["Customer"], new_password=wire.PASSWORD).name
	for name in (world.asker, world.stranger):
		frappe.utils.password.update_password(name, wire.PASSWORD)
	before = frappe.db.get_single_value("Ops Delivery Settings", "narrowed_users")
	cleanup(frappe.db.set_single_value, "Ops Delivery Settings", "narrowed_users", before)
	frappe.db.set_single_value("Ops Delivery Settings", "narrowed_users", reach.NOBODY)
	frappe.db.commit()
	cleanup(forget, world)
	assert not reach.is_narrowed(world.intruder)
	return world


def forget(world):
	"""What was made over HTTP is not taken back by the test's own connection."""
	for doctype in ("Contact", CHANGE, "ToDo", "Dynamic Link", "Contact Email"):
		frappe.db.delete(doctype, {"owner": ["in", [world.intruder, world.asker, world.stranger]]})


def contact(w, **values):
	return {
		"doctype": "Contact",
		"first_name": factories.unique("Intruder"),
		"email_ids": [{"email_id": w.intruder, "is_primary": 1}],
		"links": [{"link_doctype": "Customer", "link_name": w.customer}],
		"ops_sees_all_requests": 1,
		**values,
	}


def link(name, **values):
	return {
		"doctype": "Dynamic Link",
		"parenttype": "Contact",
		"parentfield": "links",
		"parent": name,
		**values,
	}


def test_a_contact_of_ones_own_with_a_link_is_refused_on_every_way_in(w, site):
	intruder = wire.Visitor(site, w.intruder)
	own = intruder.call("frappe.client.insert", doc=contact(w, links=[])).json["message"]["name"]
	to_customer = {"link_doctype": "Customer", "link_name": w.customer}
	lead = factories.make("Lead", lead_name="Will be a customer", email_id=factories.unique_email("lead")).name
	frappe.db.commit()
	to_lead = {"link_doctype": "Lead", "link_name": lead}  # whose contacts ERPNext takes over when it becomes one
	forged = {**to_customer, "owner": "Administrator", "creation": "2020-01-01 00:00:00"}
	ways = {
		"insert": intruder.call("frappe.client.insert", doc=contact(w)),
		"insert, forged": intruder.call("frappe.client.insert", doc=contact(w, links=[forged])),
		"insert_many": intruder.call("frappe.client.insert_many", docs=[contact(w)]),
		"resource": intruder.ask("POST", "/api/resource/Contact", {"data": json.dumps(contact(w))}),
		"resource v2": intruder.ask("POST", "/api/v2/document/Contact", json=contact(w)),
		"save": intruder.call("frappe.desk.form.save.savedocs", doc=contact(w, name=own), action="Save"),
		"put": intruder.ask("PUT", f"/api/resource/Contact/{own}", {"data": json.dumps({"links": [to_customer]})}),
		"to a lead": intruder.ask("PUT", f"/api/resource/Contact/{own}", {"data": json.dumps({"links": [to_lead]})}),
		"set_value": intruder.call(
			"frappe.client.set_value", doctype="Contact", name=own, fieldname={"links": [to_customer]}
		),
		"child insert": intruder.call("frappe.client.insert", doc=link(own, **to_customer)),
		"child resource": intruder.ask(
			"POST", "/api/resource/Dynamic Link", {"data": json.dumps(link(own, **to_customer))}
		),
		"another's address": intruder.call(
			"frappe.client.insert", doc=contact(w, links=[], email_ids=[{"email_id": w.asker, "is_primary": 1}])
		),
		"another user": intruder.call("frappe.client.insert", doc=contact(w, links=[], email_ids=[], user=w.asker)),
	}
	assert {way: answer.status for way, answer in ways.items() if not answer.refused} == {}
	assert "for us to set" in ways["insert"].said()
	assert ownership.customers_of(w.intruder) == set()
	assert not frappe.db.get_value("Contact", own, "ops_sees_all_requests")


def test_what_staff_linked_is_changed_by_staff_alone(w, site):
	"""Their own contact is theirs to write, by ERPNext; what decides about membership is not."""
	of_stranger = frappe.db.get_value("Contact", {"user": w.stranger})
	frappe.db.set_value("Contact", of_stranger, "owner", w.stranger)
	row = frappe.db.get_value("Dynamic Link", {"parent": of_stranger})
	mail = frappe.db.get_value("Contact Email", {"parent": of_stranger})
	frappe.db.commit()
	stranger = wire.Visitor(site, w.stranger)
	path = f"/api/resource/Contact/{of_stranger}"

	def put(**values):
		return stranger.ask("PUT", path, {"data": json.dumps(values)})

	ways = {
		"link": put(links=[{"link_doctype": "Customer", "link_name": w.customer}]),
		"row": stranger.ask("PUT", f"/api/resource/Dynamic Link/{row}", {"data": json.dumps({"link_name": w.customer})}),
		"no link": put(links=[]),
		"flag": put(ops_sees_all_requests=1),
		"flag as text": put(ops_sees_all_requests="1"),
		"address": put(email_ids=[{"email_id": w.stranger, "is_primary": 1}, {"email_id": w.intruder}]),
		"user": put(user=w.intruder),
		"delete": stranger.ask("DELETE", path),
		"delete row": stranger.ask("DELETE", f"/api/resource/Dynamic Link/{row}"),
		"delete mail": stranger.ask("DELETE", f"/api/resource/Contact Email/{mail}"),
		"portal user": stranger.call(
			"frappe.client.insert",
			doc={
				"doctype": "Portal User",
				"parenttype": "Customer",
				"parentfield": "portal_users",
				"parent": w.customer,
				"user": w.stranger,
			},
		),
	}
	assert {way: answer.status for way, answer in ways.items() if not answer.refused} == {}
	assert put(department="Network").status == 200
	assert frappe.db.get_value("Contact", of_stranger, "department") == "Network"


def test_erpnexts_own_ways_go_on(w, as_user):
	"""Signing up, changing one's name, and the customer that a shop makes for who comes."""
	with as_user("Guest"):
		new = frappe.get_doc(
			{"doctype": "User", "email": factories.unique_email("new"), "first_name": "New", "user_type": "Website User"}
		)
		new.insert(ignore_permissions=True)
	assert frappe.db.exists("Contact", {"user": new.name})
	of_asker = frappe.db.get_value("Contact", {"user": w.asker})
	with as_user(w.asker):
		user = frappe.get_doc("User", w.asker)
		user.first_name = factories.unique("Renamed")
		user.save(ignore_permissions=True)
	assert frappe.db.get_value("Contact", of_asker, "first_name") == user.first_name
	with as_user(w.intruder):
		from erpnext.portal import utils

		party = utils.create_party("Customer", factories.unique("Shop")) if hasattr(utils, "create_party") else None
		if party:
			utils.create_party_contact("Customer", factories.unique("Shop"), w.intruder, party.name)
			assert ownership.customers_of(w.intruder) == {party.name}
		lead = frappe.get_doc({"doctype": "Lead", "lead_name": "Lead", "email_id": factories.unique_email("lead")})
		lead.insert(ignore_permissions=True)
	with as_user("Guest"):
		frappe.get_doc(
			{"doctype": "Lead", "lead_name": "Guest's", "email_id": factories.unique_email("lead")}
		).insert(ignore_permissions=True)


def test_a_link_of_ones_own_from_before_we_ruled_makes_nobody_a_member(w):
	old = factories.make_contact(w.customer, email=w.intruder)
	assert ownership.customers_of(w.intruder) == {w.customer}  # staff made it
	frappe.db.set_value("Dynamic Link", {"parent": old.name}, "owner", w.intruder)
	assert ownership.customers_of(w.intruder) == set()
	frappe.db.set_value("Dynamic Link", {"parent": old.name}, "owner", "Guest")
	assert ownership.customers_of(w.intruder) == set()


def test_who_came_and_went_is_kept(w):
	person = factories.unique_email("person")
	made = factories.make_contact(w.customer, email=person)
	made.ops_sees_all_requests = 1
	made.save()
	made.delete()
	rows = frappe.get_all(
		CHANGE,
		filters={"person": person},
		fields=["customer", "change", "sees_all", "source_name", "owner"],
		order_by="creation",
	)
	assert sorted((row.change, row.sees_all) for row in rows) == [
		("Added", 0),
		("Added", 1),
		("Removed", 0),
		("Removed", 1),
	]
	assert {(row.customer, row.source_name, row.owner) for row in rows} == {
		(w.customer, made.name, "Administrator")
	}
	kept = frappe.get_last_doc(CHANGE, filters={"person": person})
	kept.person = w.intruder
	with pytest.raises(steps.OnlyBySteps, match="noted by itself"):
		kept.save()
	with pytest.raises((steps.OnlyBySteps, frappe.PermissionError), match="evidence"):
		frappe.delete_doc(CHANGE, kept.name)


def test_a_host_whose_customers_we_do_not_serve_notices_nothing(as_user, monkeypatch):
	"""Refused only where somebody is served."""
	monkeypatch.setattr(reach, "is_in_use", lambda: False)
	user = factories.make_user(user_type="Website User", roles=["Customer"]).name
	customer = factories.make_customer().name
	with as_user(user):
		made = factories.make_contact(customer, email=user)
	assert frappe.db.get_value("Dynamic Link", {"parent": made.name}, "owner") == user
	assert ownership.customers_of(user) == set()
	assert not frappe.db.exists(CHANGE, {"person": user})
