"""What the rules of rights say where there is next to nothing to go by: no customer, no address, no request, no number."""

import api_calls
import factories
import frappe
import improving
import pages
import pytest
from test_generic_doors import put

from ops_delivery.permissions import ownership, reach, stand_ins, switches


def set_settings(**values):
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.update(values)
	settings.save()


def test_who_signed_up_and_belongs_to_nobody_is_narrowed_as_the_settings_say(site, make_user):
	set_settings(portal_for=switches.AGREED, narrowed_users=reach.SERVED)
	signed_up = make_user(user_type="Website User").name
	with api_calls.request(signed_up, "GET", "/api/resource/ToDo"):
		reach.guard_request()
		assert not reach.is_served(signed_up) and not reach.is_narrowed(signed_up)
	set_settings(narrowed_users=reach.ALL_WEBSITE_USERS)
	with api_calls.request(signed_up, "GET", "/api/resource/ToDo"), pytest.raises(frappe.PermissionError, match="do not reach"):
		reach.guard_request()


def test_a_script_of_an_administrators_can_be_named_for_customers(site):
	script = frappe.new_doc("Server Script")
	script.update({"name": factories.unique("Doors"), "script_type": "API", "api_method": "our_doors", "script": "pass"})
	script.db_insert()
	set_settings(further_methods="our_doors")
	frappe.db.set_value("Server Script", script.name, "disabled", 1)
	with pytest.raises(frappe.ValidationError, match=r"our_doors.*, which is no function that can be called from outside"):
		set_settings(further_methods="our_doors\n")


def test_the_health_page_names_an_app_that_lets_people_in_after_we_asked(site, monkeypatch):
	hooks = frappe.get_hooks
	later = [*hooks("auth_hooks"), "another_app.auth.let_in"]
	monkeypatch.setattr(frappe, "get_hooks", lambda name=None, **given: later if name == "auth_hooks" else hooks(name, **given))
	assert any("another_app.auth.let_in" in line for line in reach.advice())


def test_a_guest_is_sent_to_log_in_where_the_portal_is_for_some(site):
	set_settings(portal_for=switches.AGREED)
	assert not ownership.shown_to("Guest")
	status, where = pages.get("/service-requests", "Guest")
	assert status in (301, 302) and "login" in where


def test_nobody_has_left_of_whom_no_address_is_known(site, make_user):
	customer = factories.make_customer().name
	assert not ownership.has_left("", customer) and not ownership.has_left(None, customer)


def test_staff_are_not_touched_by_whose_a_record_is(site, make_user):
	issue = factories.make_issue(factories.make_customer().name)
	assert ownership.may_see(issue, make_user().name) is True


def test_a_job_has_no_request_to_refuse(site):
	frappe.local.request = None
	assert stand_ins.check() is None and reach.guard_request() is None


@pytest.mark.parametrize(
	("field", "label", "value"), [("told_on", "Told on", "the day before"), ("earlier_checks", "Earlier", "many")]
)
def test_a_fact_that_is_no_date_or_number_is_refused_by_its_name(site, make_user, field, label, value):
	action = improving.action()
	status, said = put(make_user(roles=["Service Delivery Manager"]).name, action, **{field: value})
	assert status == 417 and value in said, (status, said)
	assert frappe.db.get_value(action.doctype, action.name, field) in (None, 0)
