"""Records that are merged by renaming end in a sentence, never in an error of the database (5.3.d)."""

import customers
import factories
import frappe
import pytest
import scenario

from ops_delivery.services.administration import merging


def test_two_requests_with_clocks_are_not_merged():
	world = customers.world()
	other = scenario.issue(world.agreement)
	with pytest.raises(frappe.ValidationError, match="service clocks of its own"):
		frappe.rename_doc("Issue", other.name, world.issue.name, merge=True, force=True)
	assert frappe.db.exists("Issue", other.name)


def test_two_people_with_a_dispatch_profile_are_not_merged():
	users = [factories.make_user(roles=["Field Engineer"]).name for _number in range(2)]
	for user in users:
		frappe.get_doc({"doctype": "Dispatch Profile", "user": user}).insert()
	with pytest.raises(frappe.ValidationError, match="one can have one only"):
		frappe.rename_doc("User", *users, merge=True, force=True)


def test_what_has_nothing_of_its_own_is_merged_as_before():
	one, other = factories.make_customer().name, factories.make_customer().name
	factories.make_issue(one)
	frappe.rename_doc("Customer", one, other, merge=True)
	assert not frappe.db.exists("Customer", one) and frappe.db.exists("Issue", {"customer": other})


def test_every_key_of_ours_that_a_merge_can_meet_is_asked():
	assert ("Dispatch Profile", "user") in merging._one_each("User")
