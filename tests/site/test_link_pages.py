"""Pages that signed links open: the code in no address, no log and no error; guesses slowed down (6.3.g)."""

import importlib
import pkgutil

import customers
import frappe
import pytest
import scenario
from frappe.utils import set_request
from frappe.website.page_renderers.error_page import ErrorPage
from pages import get, words

import ops_delivery.www
from ops_delivery.services.portal import link_page
from ops_delivery.services.portal import page_base as page
from ops_delivery.services.requests import acceptance
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared import call_limits as limits
from ops_delivery.services.shared import link_throttle as guesses
from ops_delivery.services.shared import signed_link


@pytest.fixture
def w():
	world = customers.world()
	world.token = answering.link_for(world.issue).partition("#")[2]
	frappe.db.commit()  # a form that is refused rolls back to here
	return world


def post(w, **form):
	return get("/acceptance", "Guest", "POST", {"token": w.token, **form})


@pytest.mark.clause("6.3.g")
def test_a_mailed_link_has_its_code_behind_the_mark_that_no_server_sees(w):
	link = answering.link_for(w.issue)
	assert "?" not in link and link.endswith(f"/acceptance#{w.token}")
	status, html = get("/acceptance", "Guest")
	assert status == 200 and "Paste the link from the mail" in html and "ops-link.js" in html
	status, html = post(w)
	assert status == 200 and "Replaced the fan" in html and w.issue.subject in html
	headers = frappe.flags.last_headers
	assert headers["Referrer-Policy"] == "no-referrer" and "noindex" in headers["X-Robots-Tag"]
	assert "no-store" in headers["Cache-Control"]


@pytest.mark.clause("6.3.g")
def test_it_is_answered_in_the_body_of_a_post_and_once(w):
	status, html = post(w, act="1", decision="Rejected", comment=" ")
	assert status == 417 and "Say why you reject" in html and 'value="Rejected" checked' in html
	status, html = post(w, act="1", decision="Accepted", comment="my words")
	assert status == 200 and "Thank you" in html and 'name="decision"' not in html
	assert "Location" not in frappe.flags.last_headers
	assert acceptance.latest(w.issue.name).state == "Accepted"
	status, html = post(w, act="1", decision="Rejected", comment="No")
	assert status == 409 and "answered already" in html and "my words" in html
	assert acceptance.latest(w.issue.name).state == "Accepted"
	assert "Answered" in post(w)[1]


def test_what_was_pasted_may_be_the_whole_link_of_either_kind(w):
	host = frappe.utils.get_url("/acceptance")
	for pasted in (f"{host}#{w.token}", f"  {host}?token={w.token}&x=1 ", w.token[:70] + "\n" + w.token[70:]):
		assert link_page.code_of(pasted) == w.token
		assert get("/acceptance", "Guest", "POST", {"token": pasted})[0] == 200
	assert link_page.code_of(None) == ""


def test_a_link_of_the_old_kind_is_sent_on_to_a_clean_address(w):
	status, target = get(f"/acceptance?token={w.token}", "Guest")
	assert (status, target) == (302, f"/acceptance#{w.token}")
	assert "no-store" in frappe.flags.last_headers["Cache-Control"]
	assert frappe.flags.last_headers["Referrer-Policy"] == "no-referrer"


def test_links_that_do_not_work_say_so_and_change_nothing(w):
	row = acceptance.latest(w.issue.name)
	parts = ("Service Acceptance", row.name, w.asker, 1)
	expired = signed_link.make("acceptance", *parts, "2020-01-01")
	for token, status, says in (
		("nonsense", 403, "not valid"),
		(w.token[:-2] + "AA", 403, "not valid"),
		(signed_link.make("survey", *parts), 403, "not valid"),
		(expired, 410, "expired"),
		("", 403, "not valid"),
	):
		found, html = get(
			"/acceptance", "Guest", "POST", {"token": token, "act": "1", "decision": "Accepted"}
		)
		assert (found, says in words(html)) == (status, True), token
		assert "This link does not work" in html and w.issue.subject not in html
	status, html = get("/acceptance", "Administrator", "POST", {"token": w.token})
	assert status == 200 and "logged in as staff" in html and 'name="decision"' not in html
	sent = {"token": w.token, "act": "1", "decision": "Accepted"}
	assert get("/acceptance", "Administrator", "POST", sent)[0] == 403
	assert acceptance.latest(w.issue.name).state == "Requested"


def test_an_error_on_the_way_leaves_no_code_behind(w, monkeypatch):
	def fail(token, *_answer):
		raise RuntimeError("broken")

	monkeypatch.setattr(answering, "decide_by_link", fail)
	logged, begin = [], ErrorPage.__init__

	def log(self, *arguments, **values):
		logged.append(frappe.get_traceback(with_context=True))  # as Frappe writes an Error Log
		begin(self, *arguments, **values)

	monkeypatch.setattr(ErrorPage, "__init__", log)
	status, html = post(w, act="1", decision="Accepted", comment="my words")
	assert status == 500 and "broken" in logged[0] and "my words" in logged[0]
	assert w.token not in logged[0] and w.token not in html
	assert repr({"deep": [link_page.Code(w.token)]}) == "{'deep': ['********']}"
	assert str(link_page.Code(w.token)) == w.token


def test_every_page_of_a_link_is_in_the_list_of_their_headers():
	served = []
	for module in pkgutil.iter_modules(ops_delivery.www.__path__):
		found = importlib.import_module(f"ops_delivery.www.{module.name}")
		if hasattr(found, "link_page"):
			served.append(module.name.replace("_", "-"))
			assert page.is_link_page(f"/{served[-1]}") and page.is_link_page(f"/{served[-1]}.html/")
	assert "acceptance" in served
	assert not page.is_link_page("/service-requests")


# Guesses


@pytest.fixture
def caller(monkeypatch):
	"""caller(X-Forwarded-For): whoever calls from there. caller.now is the time, which the test moves."""

	def come_from(forwarded):
		set_request(method="POST", path="/acceptance", headers={"X-Forwarded-For": forwarded})
		frappe.local.request_ip = forwarded.split(",")[0].strip()

	come_from.now = 1_800_000_000.0
	monkeypatch.setattr(guesses, "_now", lambda: come_from.now)
	yield come_from
	frappe.local.request = None


def guess(token="guess.guess"):
	try:
		signed_link.read(token, "acceptance")
	except guesses.TooManyGuesses as error:
		return error.wait
	except signed_link.InvalidLink:
		return 0
	pytest.fail("a guess was right")


def test_ten_thousand_guesses_get_nothing_and_are_slowed_down(caller, w):
	caller("203.0.113.9")
	body, seal = w.token.split(".")
	start, looked_at = caller.now, 0
	for number in range(10_000):
		wait = guess(f"{body}.{number:0{len(seal)}d}")
		looked_at += not wait
		if number > 1000:
			caller.now += wait  # a patient one: tries again when he may
	assert looked_at < 5600
	assert caller.now - start > 100 * 86400
	with pytest.raises(guesses.TooManyGuesses):  # also the right one has to wait now, from there
		guess(f"{body}.{0:0{len(seal)}d}")
		signed_link.read(w.token, "acceptance")
	caller("203.0.113.10")
	assert signed_link.read(w.token, "acceptance")


def test_the_wait_grows_and_the_page_says_how_long(caller, w):
	caller("203.0.113.9")
	assert {guess() for _number in range(guesses.FREE)} == {0}
	waits = []
	for _number in range(14):
		assert guess() == 0
		waits.append(guess())
		caller.now += waits[-1]
	assert waits[:3] == [2, 4, 8] and waits[-1] == guesses.LONGEST_WAIT and waits == sorted(waits)
	guess()
	headers = {"X-Forwarded-For": "203.0.113.9"}
	status, html = get("/acceptance", "Guest", "POST", {"token": w.token}, headers)
	assert status == 429 and "Try again in 60 minutes" in html and w.issue.subject not in html
	assert frappe.flags.last_headers["Retry-After"] == str(guesses.LONGEST_WAIT)


def test_old_and_used_links_are_no_guesses(caller, w):
	caller("203.0.113.9")
	expired = signed_link.make("acceptance", "Service Acceptance", "x", w.asker, 1, "2020-01-01")
	for _number in range(guesses.FREE + 5):
		with pytest.raises(signed_link.ExpiredLink):
			signed_link.read(expired, "acceptance")
	assert signed_link.read(w.token, "acceptance")


def test_who_writes_a_false_address_in_front_is_known_by_what_our_proxy_wrote(caller, monkeypatch):
	for number in range(guesses.FREE + 1):
		caller(f"10.0.0.{number}, 203.0.113.9")
		guess()
	caller("10.9.9.9, 203.0.113.9")
	assert guess()
	monkeypatch.setitem(frappe.local.conf, "ops_trusted_proxies", 2)
	caller("10.9.9.9, 198.51.100.7, 203.0.113.9")
	assert limits.address() == "198.51.100.7" and not guess()


def test_an_address_of_ipv6_is_counted_with_its_network(caller):
	for number in range(guesses.FREE + 1):
		caller(f"2001:db8:1:2::{number:x}")
		guess()
	caller("2001:db8:1:2:ffff::1")
	assert guess()
	caller("2001:db8:1:3::1")
	assert not guess()


@pytest.mark.clause("6.3.g")
def test_the_endpoints_take_codes_in_posts_alone():
	from ops_delivery.api import acceptance as endpoints

	for function in (endpoints.offer, endpoints.decide_by_link):
		assert frappe.allowed_http_methods_for_whitelisted_func[function] == ["POST"]
