"""The gates of endpoints, one call each over HTTP: what whoever is kept out is told (permissions/gates.py; the sweep over all
endpoints and callers is test_endpoints.py)."""

import api_calls
import customers
import factories
import frappe
import pytest

CHANNELS, DECIDE, BY_LINK = (f"ops_delivery.api.{name}" for name in ("portal.channels", "acceptance.decide", "acceptance.offer"))


@pytest.fixture
def asker(site):
	return customers.portal_user(factories.make_customer().name)


def test_staff_are_told_where_they_see_requests(site, make_user):
	answer = api_calls.get(make_user(roles=["Service Desk"]).name, CHANNELS)
	assert answer.status == 403 and "This is the customer&#x27;s view" in answer.text.replace("'", "&#x27;")


def test_a_customer_is_told_what_is_done_at_the_desk(asker):
	answer = api_calls.get(asker, "ops_delivery.api.agreements.templates")
	assert answer.status == 403 and "This is done at the desk." in answer.text


def test_what_is_not_given_is_named_and_nothing_is_done(asker):
	answer = api_calls.post(asker, DECIDE, issue="none")
	assert answer.status == 417, answer.text
	assert "Not given: <strong>decision</strong>. Nothing was done" in answer.text


@pytest.mark.parametrize("token", ["", "  "])
def test_without_the_code_of_a_link_its_addressee_is_sent_to_the_link(site, token):
	answer = api_calls.post("Guest", BY_LINK, token=token)
	assert answer.status == 403 and "This is opened by the link in our message." in answer.text


def test_guests_log_in(site):
	answer = api_calls.get("Guest", CHANNELS)
	assert answer.status in (401, 403), answer.text
	frappe.set_user("Guest")
	with pytest.raises(frappe.PermissionError, match="Log in to do this"):  # where Frappe would let a guest call it
		frappe.get_attr(CHANNELS)()
