"""The menu on our pages is the one that an administrator shapes in Portal Settings."""

import re

import customers
import factories
import frappe
import isolation
import pytest
from pages import get

from ops_delivery.services.portal import switch as portal_switch
from ops_delivery.setup import menu_rows


@pytest.fixture(autouse=True)
def put_up(site):
	"""The entries as switching the portal on puts them up, whatever tests before left of them."""
	frappe.db.delete("Portal Menu Item", {"parent": "Portal Settings", "route": ["in", sorted(portal_switch.ROUTES)]})
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.portal_for = "Nobody"
	settings.save()
	settings.portal_for = "All Customers"
	settings.save()
	yield
	portal_switch.menu_changed()


@pytest.fixture
def website_manager(make_user):
	return make_user(roles=["System Manager", "Website Manager"]).name


@pytest.fixture
def customer_user():
	return customers.portal_user(factories.make_customer().name)


@pytest.fixture
def shape(website_manager):
	"""shape(change): the settings as that person saves them after `change(settings)`."""

	def shape(change):
		frappe.set_user(website_manager)
		settings = frappe.get_doc("Portal Settings")
		change(settings)
		settings.save()
		frappe.set_user("Administrator")

	return shape


def _of(settings, route):
	return next(row for row in settings.menu if row.route == route)


def _menu(user, path="/service"):
	"""The routes in the line of a page, in order, and those folded behind it."""
	status, html = get(path, user)
	assert status == 200
	nav = html[html.index('<nav class="ops-nav"') :].partition("</nav>")[0]
	line, _fold, more = nav.partition("<details")
	return re.findall(r'href="([^"]+)"', line), re.findall(r'href="([^"]+)"', more), nav


def test_what_is_hidden_renamed_added_and_moved_there_is_so_on_our_pages(shape, customer_user):
	before, _more, _html = _menu(customer_user)
	assert before[:3] == ["/service", "/service-requests", "/service-requests/new"]
	assert "/surveys" in before

	def change(settings):
		_of(settings, "/surveys").enabled = 0
		_of(settings, "/visits").title = "Engineers at Your Site"
		settings.append("custom_menu", {"title": "Status of Our Systems", "route": "https://status.example.com/", "enabled": 1, "target": "_blank"})  # fmt: skip
		complaints = _of(settings, "/complaints")
		settings.menu.remove(complaints)
		settings.menu.insert(0, complaints)
		for number, row in enumerate(settings.menu, start=1):
			row.idx = number

	shape(change)
	after, _more, html = _menu(customer_user)
	assert "/surveys" not in after
	assert after[0] == "/complaints"
	assert "Engineers at Your Site" in html
	assert after[-1] == "https://status.example.com/"
	assert 'target="_blank" rel="noopener"' in html
	assert get("/surveys", customer_user)[0] == 200, "hidden is not forbidden"


def test_without_the_standard_menu_only_their_own_entries_are_left(shape, customer_user):
	def change(settings):
		settings.hide_standard_menu = 1
		settings.append("custom_menu", {"title": "Wiki", "route": "/wiki", "enabled": 1})

	shape(change)
	line, more, _html = _menu(customer_user)
	assert (line, more) == (["/wiki"], [])


def test_the_hosts_pages_fold_behind_ours_and_its_issues_lead_nowhere_twice(shape, customer_user):
	line, more, _html = _menu(customer_user)
	assert "/invoices" in more and "/invoices" not in line
	assert not {"/issues", "/rfq"} & {*line, *more}, (
		"ERPNext's own page of Issues leads to ours; a supplier's are not theirs"
	)


def test_an_entry_that_would_run_a_script_is_left_out(shape, customer_user):
	shape(
		lambda settings: settings.append(
			"custom_menu", {"title": "X", "route": "javascript:alert(1)", "enabled": 1}
		)
	)
	assert "javascript" not in _menu(customer_user)[2]


def test_own_entries_survive_a_migrate(shape):
	shape(lambda settings: settings.append("custom_menu", {"title": "Wiki", "route": "/wiki", "enabled": 1}))
	menu_rows.keep()
	settings = frappe.get_doc("Portal Settings")
	settings.remove_deleted_doctype_items()
	settings.save()
	assert "/wiki" not in [row.route for row in frappe.get_doc("Portal Settings").custom_menu]
	menu_rows.put_back()
	assert [row.title for row in frappe.get_doc("Portal Settings").custom_menu if row.route == "/wiki"] == [
		"Wiki"
	]


def test_where_the_portal_is_off_the_menu_is_the_hosts_affair(shape):
	shape(lambda settings: settings.append("custom_menu", {"title": "Wiki", "route": "/wiki", "enabled": 1}))
	isolation.switch({"portal_for": portal_switch.NOBODY})
	menu_rows.keep()
	settings = frappe.get_doc("Portal Settings")
	settings.remove_deleted_doctype_items()
	settings.save()
	menu_rows.put_back()
	assert "/wiki" not in [row.route for row in frappe.get_doc("Portal Settings").custom_menu]


def test_a_menu_that_is_reset_has_our_entries_again(shape, customer_user, website_manager):
	def change(settings):
		_of(settings, "/surveys").enabled = 0
		settings.menu.remove(_of(settings, "/visits"))

	shape(change)
	assert not {"/surveys", "/visits"} & set(_menu(customer_user)[0]), "what is taken away by hand stays away"
	frappe.set_user(website_manager)
	frappe.get_doc("Portal Settings").reset()  # the button of the form
	frappe.set_user("Administrator")
	assert {"/service", "/surveys", "/visits"} <= set(_menu(customer_user)[0])
