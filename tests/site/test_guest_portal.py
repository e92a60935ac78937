"""A good guest: the website is the host's until the portal is switched on, and then for whom it is."""

import customers
import factories
import frappe
import isolation
import pytest
import scenario
from frappe.handler import execute_cmd
from frappe.utils import set_request
from frappe.website.doctype.web_form.web_form import accept
from frappe.website.utils import get_home_page, get_portal_sidebar_items
from pages import get

from ops_delivery.permissions import switches
from ops_delivery.services.portal import switch as portal_switch

LIST = "frappe.www.list.get_list_data"


@pytest.fixture(autouse=True)
def forget(as_installed):
	yield
	switches.forget()
	for key in ("home_page", "portal_menu_items"):
		frappe.cache.delete_value(key)


@pytest.fixture
def customer():
	return factories.make_customer().name


@pytest.fixture
def user(customer):
	return customers.portal_user(customer)


@pytest.fixture
def issue(customer, user):
	return factories.make_issue(customer, raised_by=user, owner=user)


def portal_for(chosen, groups=None):
	isolation.switch({"portal_for": chosen}, groups)
	frappe.db.commit()


def home(user: str) -> str:
	frappe.cache.delete_value("home_page")
	before = frappe.session.user
	frappe.set_user(user)
	try:
		return get_home_page()
	finally:
		frappe.set_user(before)


def side_bar(user: str) -> set[str]:
	before = frappe.session.user
	frappe.set_user(user)
	try:
		context = frappe._dict(sidebar_items=get_portal_sidebar_items())
		portal_switch.hide_entries(context)
		return {item.route for item in context.sidebar_items} & portal_switch.ROUTES
	finally:
		frappe.set_user(before)


def is_led_to_ours(path: str, user: str) -> bool:
	status, body = get(path, user)
	return status == 302 and str(body).startswith("/service-requests")


def web_form_saves(issue: str, user: str) -> None:
	"""Another word for an own Issue by ERPNext's web form."""
	frappe.set_user(user)
	try:
		frappe.local.form_dict = frappe._dict()
		accept("issues", frappe.as_json({"doctype": "Issue", "name": issue, "subject": "Other words"}))
	finally:
		frappe.set_user("Administrator")


def rows_of(user: str):
	frappe.set_user(user)
	try:
		set_request(method="GET", path=f"/api/method/{LIST}")
		frappe.local.form_dict = frappe._dict(doctype="Issue")
		return execute_cmd(LIST)
	finally:
		frappe.set_user("Administrator")


def test_installing_changes_nothing_of_the_website(issue, user):
	frappe.db.set_single_value("Website Settings", "home_page", "all-products")
	assert home(user) == "all-products"
	assert not is_led_to_ours("/issues", user)
	assert not is_led_to_ours(f"/issues/{issue.name}", user)
	assert not side_bar(user)
	assert not frappe.get_all("Portal Menu Item", {"route": ["in", sorted(portal_switch.ROUTES)]})
	assert issue.name in str(rows_of(user))
	web_form_saves(issue.name, user)
	assert frappe.db.get_value("Issue", issue.name, "subject") == "Other words"


def test_another_apps_home_page_is_asked(user, monkeypatch):
	get_hooks = frappe.get_hooks

	def hooks(name=None, *args, **kwargs):
		found = get_hooks(name, *args, **kwargs)
		return ["their-home"] if name == "website_user_home_page" else found

	monkeypatch.setattr(frappe, "get_hooks", hooks)
	assert home(user) == "their-home"
	assert home("Guest") == "their-home"
	monkeypatch.setattr(frappe, "their_landing", lambda user: "asked", raising=False)

	def methods(name=None, *args, **kwargs):
		found = get_hooks(name, *args, **kwargs)
		return ["frappe.their_landing", *found] if name == "get_website_user_home_page" else found

	monkeypatch.setattr(frappe, "get_hooks", methods)
	assert home(user) == "asked"
	portal_for("All Customers")
	assert home(user) == "service"
	assert home(factories.make_user().name) == "asked"


def test_switched_on_for_all_it_is_there_for_customers_and_not_for_staff(issue, user):
	portal_for("All Customers")
	assert home(user) == "service"
	assert is_led_to_ours("/issues", user) and is_led_to_ours(f"/issues/{issue.name}/edit", user)
	assert get("/issues/new", user)[1] == "/service-requests/new"
	assert get(f"/issues/{issue.name}", user)[1] == f"/service-requests/{issue.name}"
	assert side_bar(user) == portal_switch.ROUTES - {portal_switch.DELIVERABLES}  # nothing was agreed with them yet
	assert not is_led_to_ours("/issues", factories.make_user(roles=["Support Team"]).name)
	with pytest.raises(frappe.PermissionError, match="Service Requests"):
		rows_of(user)
	portal_for("Nobody")
	assert home(user) != "service" and not is_led_to_ours("/issues", user) and not side_bar(user)


def test_switched_on_by_the_first_agreement(customer, user):
	portal_for("Customers with an Agreement")
	assert home(user) != "service" and not side_bar(user) and not is_led_to_ours("/issues", user)
	scenario.agreement(customer)
	assert home(user) == "service" and side_bar(user) and is_led_to_ours("/issues", user)


def test_switched_on_for_a_group_and_those_below_it():
	above = factories.make(
		"Customer Group", customer_group_name=factories.unique("Above"), is_group=1,
		parent_customer_group="All Customer Groups",
	)  # fmt: skip
	below = factories.make(
		"Customer Group", customer_group_name=factories.unique("Below"), parent_customer_group=above.name
	)
	inside = customers.portal_user(factories.make_customer(customer_group=below.name).name)
	outside = customers.portal_user(factories.make_customer().name)
	portal_for("Chosen Customer Groups", [{"customer_group": above.name, "rule": 0, "messages": 0, "portal": 1}])
	assert home(inside) == "service" and side_bar(inside)
	assert home(outside) != "service" and not side_bar(outside) and not is_led_to_ours("/issues", outside)


@pytest.mark.parametrize("portal", ["Nobody", "All Customers"])
def test_a_form_that_is_open_to_guests_stays_open(portal):
	frappe.db.set_value("Web Form", "issues", {"login_required": 0, "published": 1})
	frappe.clear_document_cache("Web Form", "issues")
	portal_for(portal)
	status, body = get("/issues/new", "Guest")
	assert status == 200 and "login" not in str(body)[:200]


def test_an_entry_that_an_administrator_disabled_stays_disabled():
	portal_for("All Customers")
	row = frappe.db.get_value("Portal Menu Item", {"route": "/surveys", "parentfield": "menu"})
	frappe.db.set_value("Portal Menu Item", row, "enabled", 0)
	portal_for("Customers with an Agreement")
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.save()
	assert not frappe.db.get_value("Portal Menu Item", row, "enabled")


def test_our_fields_are_not_filled_by_erpnexts_doors(issue, user, as_user):
	with as_user(user):
		doc = frappe.get_doc("Issue", issue.name)
		doc.update({"ops_validity": "Invalid", "ops_acceptance_status": "Accepted", "subject": "Mine"})
		doc.save(ignore_permissions=True)
	stored = frappe.db.get_value("Issue", issue.name, ["subject", "ops_validity", "ops_acceptance_status"])
	assert stored == ("Mine", None, None) or stored == ("Mine", "", "")


def test_lists_and_records_of_the_host_are_narrowed_only_where_they_are_ours(customer, user, as_user):
	"""A site whose own role lets people of the website read Issues."""
	other = factories.make_issue()
	agreement = scenario.agreement()
	ours = scenario.issue(agreement)
	frappe.get_doc("User", user).add_roles("Support Team")
	frappe.db.set_value("User", user, "user_type", "Website User")
	frappe.clear_document_cache("User", user)
	with as_user(user):
		names = set(frappe.get_list("Issue", pluck="name", limit=0))
		assert other.name in names and ours.name not in names
		assert frappe.has_permission("Issue", "read", other.name)
		assert not frappe.has_permission("Issue", "read", ours.name)
