"""Users without the desk reach a list and nothing else, in every spelling that leads somewhere (issue on security)."""

import base64

import customers
import factories
import frappe
import pytest
import test_endpoints
import wire

from ops_delivery.permissions import reach, switches
from ops_delivery.services.engine import health

pytestmark = pytest.mark.committed
COUNT = "frappe.client.get_count"
BLIND = {"doctype": "User", "filters": '{"enabled": 1}'}


@pytest.fixture
def w(site, cleanup):
	world = customers.world()
	frappe.db.commit()
	for name in (world.asker, world.colleague, world.stranger):
		frappe.utils.password.update_password(name, wire.PASSWORD)
	keep_settings(cleanup)
	frappe.db.commit()
	return world


def keep_settings(cleanup):
	before = frappe.get_doc("Ops Delivery Settings").as_dict()
	fields = ("portal_for", "narrowed_users", "host_portal_closed", "further_methods")
	cleanup(set_settings, **{field: before.get(field) for field in fields})


def set_settings(**values):
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.update(values)
	settings.save()
	frappe.db.commit()


def spellings(issue):
	"""(method, path, form) of every door but ours, each of which reads or writes on a bare Frappe."""
	by_path = [
		f"/api/method/{COUNT}",
		f"/api/method/{COUNT}/",
		f"/api/method/{COUNT}/anything",
		f"/api/v1/method/{COUNT}",
		f"/api/v2/method/{COUNT}",
		f"/api/v2/method/{COUNT}/",
		"/api/method/frappe%2Eclient%2Eget_count",
		"/api/method/frappe.desk.reportview.get_count",
		"/api/v2/doctype/User/count",
	]
	found = [(verb, path, BLIND) for path in by_path for verb in ("GET", "POST")]
	found += [
		("POST", "/", {"cmd": COUNT, **BLIND}),
		("GET", "/", {"cmd": COUNT, **BLIND}),
		("POST", "/service-requests", {"cmd": COUNT, **BLIND}),
		("POST", "/api/method/ping", {"cmd": COUNT, **BLIND}),
		("GET", "/api/resource/Contact", {}),
		("GET", "/api/v1/resource/Contact", {}),
		("GET", "/api/v2/document/Contact", {}),
		("GET", "/api/resource/ToDo/", {}),
		("POST", "/api/resource/ToDo", {"description": "x"}),
		("POST", "/api/v2/document/ToDo", {"description": "x"}),
		("PUT", f"/api/resource/Issue/{issue}", {"subject": "x"}),
		("PATCH", f"/api/v2/document/Issue/{issue}", {"subject": "x"}),
		("DELETE", f"/api/resource/Issue/{issue}", {}),
		("GET", f"/api/resource/Issue/{issue}", {"run_method": "get_title"}),
		("POST", f"/api/v2/document/Issue/{issue}/method/get_title", {}),
		("GET", "/api/v2/doctype/User/meta", {}),
		("POST", "/api/method/run_doc_method", {"dt": "Issue", "dn": issue, "method": "get_title"}),
		("POST", "/", {"cmd": "run_doc_method", "dt": "Issue", "dn": issue, "method": "get_title"}),
		("POST", "/", {"cmd": "runserverobj", "dt": "Issue", "dn": issue, "method": "get_title"}),
		("POST", "/api/v2/method/run_doc_method", {"document": "{}", "method": "get_title"}),
		("POST", "/api/v2/method/User/get_all_roles", {}),
		("POST", "/api/method/frappe.handler.run_doc_method", {"dt": "Issue", "dn": issue, "method": "x"}),
		("POST", "/api/method/upload_file", {"method": "frappe.core.doctype.user.user.get_all_roles"}),
		("POST", "/api/v2/method/upload_file", {"method": "frappe.core.doctype.user.user.get_all_roles"}),
		# a name that reaches the same function through a module that imported it
		("POST", "/api/method/ops_delivery.api.portal.rate_limit", {}),
		("POST", "/api/method/frappe.desk.search.search_link", {"doctype": "User", "txt": ""}),
	]
	return found


def test_every_spelling_is_refused_in_words(w, site):
	customer = wire.Visitor(site, w.asker)
	let_in = []
	for verb, path, form in spellings(w.issue.name):
		answer = customer.ask(verb, path, form)
		if not answer.refused or answer.json is None:
			let_in.append((verb, path, form, answer.status, answer.text[:200]))
	assert not let_in
	assert "Further methods for customers" in customer.call(COUNT, **BLIND).said()
	assert customer.ask("GET", "//api/method/ping").status == 404  # to Frappe this is a page
	assert customer.ask("GET", f"/API/method/{COUNT}", BLIND).status == 404


def test_whichever_way_one_shows_who_one_is(w, site):
	key, secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
	user = frappe.get_doc("User", w.asker)
	user.update({"api_key": key, "api_secret": secret})
	user.save()
	frappe.db.commit()
	guest = wire.Visitor(site)
	for shown in (f"token {key}:{secret}", "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()):
		headers = {"Authorization": shown, "Accept": "application/json"}
		assert guest.ask("GET", "/api/method/frappe.auth.get_logged_user", headers=headers).json["message"] == w.asker
		assert guest.ask("GET", f"/api/method/{COUNT}", BLIND, headers=headers).refused
		assert guest.ask("GET", "/api/resource/Contact", headers=headers).refused


def test_who_just_logs_in_with_a_function_in_the_same_request_is_asked_too(w, site):
	guest = wire.Visitor(site)
	form = {"usr": w.asker, "pwd": wire.PASSWORD, "cmd": COUNT, **BLIND}
	assert guest.ask("POST", "/api/method/login", form).refused


def test_what_the_pages_need_is_there(w, site):
	customer = wire.Visitor(site, w.asker)
	assert customer.call("ops_delivery.api.portal.requests").json["message"]["rows"]
	assert customer.call("frappe.auth.get_logged_user", "GET").json["message"] == w.asker
	assert customer.ask("GET", "/api/v2/method/ping").status == 200
	assert customer.ask("POST", "/", {"cmd": "ops_delivery.api.portal.channels"}).status == 200
	assert customer.ask("GET", "/service-requests").status == 200
	another = wire.Visitor(site, w.asker)
	assert another.call("logout").status == 200
	assert another.call("ops_delivery.api.portal.requests").refused  # logged out indeed


def test_it_holds_for_the_customers_we_serve_and_for_others_where_the_settings_say_so(w, site):
	set_settings(portal_for=switches.AGREED)
	other = wire.Visitor(site, w.stranger)
	assert not reach.is_narrowed(w.stranger) and reach.is_narrowed(w.asker)
	assert other.ask("GET", "/api/resource/ToDo").status == 200
	assert any("All website users" in line for line in health.status()["advice"])
	set_settings(narrowed_users=reach.ALL_WEBSITE_USERS)
	assert other.ask("GET", "/api/resource/ToDo").refused
	assert not reach.advice()
	set_settings(narrowed_users=reach.SERVED, portal_for=switches.NOBODY)
	assert not reach.is_narrowed(w.asker)  # our pages are not theirs yet
	set_settings(narrowed_users=reach.NOBODY, portal_for=switches.EVERYBODY)
	assert wire.Visitor(site, w.asker).ask("GET", "/api/resource/ToDo").status == 200


def test_staff_and_guests_are_not_asked(w, site):
	desk = factories.make_user(roles=["Service Desk"], new_password=wire.PASSWORD).name
	frappe.db.commit()
	assert wire.Visitor(site, desk).ask("GET", "/api/resource/Issue").status == 200
	assert wire.Visitor(site).ask("GET", "/api/method/frappe.translate.get_all_languages").status == 200


def test_an_administrator_adds_what_other_apps_pages_call(w, site):
	customer = wire.Visitor(site, w.asker)
	wanted = "frappe.desk.doctype.tag.tag.get_tags"
	assert customer.call(wanted, doctype="ToDo", txt="x").refused
	set_settings(further_methods=f"{wanted}\n")
	assert customer.call(wanted, doctype="ToDo", txt="x").status == 200
	for wrong in ("frappe.client.no_such", "frappe.utils.cstr", "nothing", "os.system"):
		with pytest.raises(frappe.ValidationError, match="Further methods for customers"):
			set_settings(further_methods=f"{wanted}\n{wrong}")
		frappe.db.rollback()


def test_the_hosts_own_portal_stays_open_until_it_is_closed(w, site):
	customer = wire.Visitor(site, w.asker)
	door = "frappe.www.list.get_list_data"
	assert customer.call(door, "GET", doctype="Sales Invoice").status == 200
	set_settings(host_portal_closed=1)
	assert customer.call(door, "GET", doctype="Sales Invoice").refused


def test_the_list_names_what_there_is():
	ours = {
		f"ops_delivery.api.{name}"
		for name, case in test_endpoints.CASES.items()
		if "asker" in (case.through or ()) and not name.startswith(("erpnext_status.", "confidential.", "checked.", "host_forms."))
	}
	assert ours == reach.OURS
	known = [name for name in sorted(reach.ALWAYS | reach.HOST_PORTAL) if "." in name]
	missing = [name for name in known if not reach._is_open(name)]
	# each of these is there in one version that we serve and not in another
	assert set(missing) <= {
		"frappe.core.api.user_invitation.accept_invitation",
		"frappe.core.doctype.file.file.get_max_file_size",
		"frappe.www.list.get",
		"frappe.www.search.get_search_results",
		"frappe.integrations.oauth2.openid_configuration",
		"frappe.ping",
		"frappe.integrations.oauth2_logins.login_via_keycloak",
		"frappe.integrations.oauth2_logins.login_via_fairlogin",
	}
