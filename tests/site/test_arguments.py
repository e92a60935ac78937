"""Whatever our endpoints and pages are called with, nobody gets a server error, and no customer reads our code."""

import inspect
import json

import api_calls
import customers
import frappe
import frappe.app
import isolation
import pytest
from frappe.utils import set_request
from pages import get
from test_endpoints import CALLERS, CASES, endpoints
from test_endpoints import w as world
from werkzeug.wrappers import Response

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.shared import argument_types as arguments

HOSTILE = (["a"], {"a": "b"}, "9" * 40, -1, "\x00'\"\\%_<b>", "9" * 300, None, "")
# in place of Frappe's functions, and called as they are
NOT_HERE = {"printing.download_pdf", "printing.download_multi_pdf", "printing.download_multi_pdf_async", "printing.get_html_and_style"}
THE_HOSTS = ("checked.", "asked_first.")  # these ask first and then hand all on to the host's own function
NOT_HERE |= {"confidential.linked", "confidential.connections", "portal.website_list_page", "portal.website_rows", "portal.web_form_data"}


def answered(function, values):
	"""None, or the error that a server would answer with 5xx."""
	frappe.db.savepoint("ops_argument")
	isolation.testing(False)
	try:
		frappe.local.form_dict = frappe._dict(values)
		arguments.cast(function, frappe.local.form_dict)
		frappe.call(function, **frappe.local.form_dict)
	except Exception as error:
		if getattr(error, "http_status_code", 500) >= 500:
			return error
	finally:
		isolation.testing(True)
		frappe.db.rollback(save_point="ops_argument")
		frappe.clear_messages()
		frappe.local.form_dict = frappe._dict()
	return None


def tried(w, paths):
	wrong = []
	for path in paths:
		case, function = CASES[path], endpoints()[path]
		callers = [caller for caller in CALLERS if caller in (case.through or ())]
		if not callers:
			continue
		frappe.set_user(w[callers[-1]])
		try:
			frappe.set_user("Administrator")
			given = case.arguments(w)
			frappe.set_user(w[callers[-1]])
			for name, parameter in inspect.signature(function).parameters.items():
				if parameter.kind is parameter.VAR_KEYWORD:
					continue
				for value in HOSTILE:
					if error := answered(function, {**given, name: value}):
						wrong.append(f"{path}({name}={str(value)[:30]!r}): {type(error).__name__}: {str(error)[:160]}")
		finally:
			frappe.set_user("Administrator")
	return wrong


def test_no_argument_of_any_endpoint_gives_a_server_error(world):  # noqa: F811
	tried_here = {path for path in set(endpoints()) & set(CASES) if not path.startswith(THE_HOSTS)}
	wrong = tried(world, sorted(tried_here - NOT_HERE))
	assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def required(function):
	return [
		name
		for name, parameter in inspect.signature(function).parameters.items()
		if parameter.default is parameter.empty and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
	]


def with_nothing(user, method, path):
	"""As through all of the server: what our hooks before a request refuse, and whether they hide a traceback, counts."""
	before, frappe.local.flags.disable_traceback = frappe.session.user, False
	frappe.set_user(user)
	set_request(method=method, path=f"/api/method/{path}")
	try:
		page.before_request()
		arguments.check()
	finally:
		frappe.set_user(before)
	return api_calls.call(user, method, path)


def test_every_endpoint_that_is_called_with_nothing_says_what_is_not_given(world):  # noqa: F811
	wrong = []
	for path, function in sorted(endpoints().items()):
		case, needs = CASES[path], required(function)
		callers = [caller for caller in CALLERS if caller in (case.through or ())]
		may = world[callers[-1]] if callers else "Administrator"
		method = "POST" if "POST" in frappe.allowed_http_methods_for_whitelisted_func[function] else "GET"
		for user in dict.fromkeys(("Guest", may)):
			answer = with_nothing(user, method, f"ops_delivery.api.{path}")
			if answer.status >= 500 or ((user != may or user == world.asker) and "Traceback" in answer.text):
				wrong.append(f"{path} as {user}: {answer.status} {answer.text[-300:]}")
			elif user == may and needs and (answer.status != 417 or f"<strong>{needs[0]}</strong>" not in answer.text):
				wrong.append(f"{path} as {user} says not that {needs[0]} is missing: {answer.status} {answer.text[:300]}")
	assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


@pytest.fixture
def w():
	return customers.world()


@pytest.mark.parametrize(("given", "says"), [({"page": "9" * 40}, "page"), ({"page": ["1"]}, "page"), ({"search": {"a": 1}}, "search")])
def test_a_value_of_another_kind_is_named(w, given, says):
	frappe.set_user(w.asker)
	set_request(method="POST", path="/api/method/ops_delivery.api.portal.requests")
	frappe.local.form_dict = frappe._dict(given)
	try:
		with pytest.raises(frappe.ValidationError, match=f"<strong>{says}</strong>.* is not a value"):
			arguments.check()
	finally:
		frappe.set_user("Administrator")
		frappe.local.request, frappe.local.form_dict = None, frappe._dict()


def test_types_are_given(w):
	def function(page: int = 1, yes: bool = False, names: list | str = "", day: str | None = None):
		"""Of an endpoint."""

	values = {"page": "3", "yes": "0", "names": ["a"], "day": 5}
	arguments.cast(function, values)
	assert values == {"page": 3, "yes": False, "names": ["a"], "day": "5"}


@pytest.mark.parametrize("given", ["2026-03-02", "2026-03-02 09:30:00", "2026-03-02T09:30:00.123456", "2026-03-02 09:30:00+08:00", ""])
def test_moments_as_the_desk_sends_them(given):
	def function(decided_on: str = "", doctype: str = ""):
		"""Of an endpoint."""

	values = {"decided_on": given, "doctype": "Issue"}
	arguments.cast(function, values)
	assert values["decided_on"] == given


@pytest.mark.parametrize("query", ["?page=" + "9" * 40, "?page=-5", "?page[]=1", "?q=%00%27", "?view=x&q=" + "x" * 3000])
def test_the_list_of_requests_takes_any_address(w, query):
	assert get(f"/service-requests{query}", w.asker)[0] == 200


def test_a_page_beyond_all_pages_is_empty(w):
	assert portal.requests(w.asker, "all", 10**30)["rows"] == []


def test_no_customer_reads_a_traceback_and_staff_do(w):
	for user, hidden in ((w.asker, True), ("Guest", True), ("Administrator", False)):
		for path in ("/api/method/ops_delivery.api.portal.requests", "/service-requests", "/acceptance"):
			frappe.set_user(user)
			frappe.local.flags.disable_traceback = False
			set_request(method="POST", path=path)
			page.before_request()
			assert bool(frappe.local.flags.disable_traceback) is hidden, (user, path)
	frappe.set_user(w.asker)
	frappe.local.flags.disable_traceback = False
	set_request(method="GET", path="/about")
	page.before_request()
	assert not frappe.local.flags.disable_traceback  # the site's own pages are the site's
	frappe.set_user("Administrator")
	frappe.local.request = None


@pytest.mark.parametrize(("kind", "says"), [("QueryDeadlockError", "at the same moment"), ("ValueError", "nothing was saved")])
def test_what_failed_without_a_word_says_one(kind, says):
	set_request(method="POST", path="/api/method/ops_delivery.api.reviews.request_review")
	response = Response(json.dumps({"exc_type": kind}), status=500, mimetype="application/json")
	page.after_request(response, frappe.request)
	frappe.local.request = None
	assert says in json.loads(json.loads(response.get_json()["_server_messages"])[0])["message"]
	assert response.status_code == 500


def test_every_page_of_ours_is_known():
	routes = [rule["from_route"] for rule in frappe.get_hooks("website_route_rules", app_name="ops_delivery")]
	assert routes and all(page.is_ours(route) for route in routes)
	for path in ("/service", "/acceptance.html", "/complaint/"):
		assert page.is_ours(path)


@pytest.mark.parametrize("kind", [frappe.QueryDeadlockError, frappe.DuplicateEntryError])
def test_a_page_that_met_somebody_elses_change_says_so_and_keeps_what_was_typed(w, monkeypatch, kind):
	def meet(*_arguments, **_options):
		raise kind("Deadlock found", "x", "y")

	monkeypatch.setattr("ops_delivery.services.requests.intake.raise_request", meet)
	frappe.db.commit()
	status, html = get("/service-requests/new", w.asker, "POST", {"subject": "No network", "description": "my words"})
	assert status == 409 and "at the same moment" in html and "my words" in html
