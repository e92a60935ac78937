"""Who does something too often is told to wait, and nobody else (6.3.g; issue: closed doors)."""

from pathlib import Path

import customers
import frappe
import pytest
from frappe.utils import set_request
from frappe.utils.redis_wrapper import RedisWrapper
from frappe.website.page_renderers.error_page import ErrorPage
from pages import get, words
from redis.exceptions import ConnectionError as NoRedis

import ops_delivery
from ops_delivery.api import acceptance as api
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared import call_limits as limits
from ops_delivery.services.shared import signed_link

LIMIT = 3


@limits.per_hour(LIMIT)
def act():
	return "done"


@pytest.fixture
def caller(monkeypatch):
	"""caller(X-Forwarded-For, user): whoever calls from there. caller.now is the time."""

	def come_from(forwarded, user="Guest"):
		set_request(method="POST", path="/", headers={"X-Forwarded-For": forwarded})
		frappe.local.request_ip = forwarded.split(",")[0].strip()
		frappe.session.user = user

	come_from.now = 1_800_000_000.0
	monkeypatch.setattr(limits, "_now", lambda: come_from.now)
	yield come_from
	frappe.local.request = None
	frappe.session.user = "Administrator"


def refused() -> bool:
	try:
		return act() != "done"
	except limits.TooOften:
		return True


def test_nothing_of_ours_asks_frappes_limiter():
	for path in Path(ops_delivery.__file__).parent.rglob("*.py"):
		assert "rate_limiter import" not in path.read_text(encoding="utf-8"), path


def test_who_writes_other_addresses_in_front_does_not_escape(caller):
	for number in range(LIMIT):
		caller(f"10.0.0.{number}, 203.0.113.9")
		assert not refused()
	caller("10.0.0.99, 203.0.113.9")
	assert refused()


def test_nobody_uses_up_anothers_limit(caller):
	for _number in range(LIMIT + 2):
		caller("198.51.100.7, 203.0.113.9")  # says to be 198.51.100.7
		refused()
	caller("198.51.100.7")
	assert not refused()


def test_people_who_are_logged_in_are_counted_one_by_one(caller):
	for number in range(LIMIT):
		caller(f"203.0.113.{number}", "one@example.com")
		assert not refused()
	caller("203.0.113.77", "one@example.com")
	assert refused()
	caller("203.0.113.77", "two@example.com")
	assert not refused()
	caller.now += 3600
	caller("203.0.113.77", "one@example.com")
	assert not refused()


def test_the_answer_says_when(caller):
	caller("203.0.113.9")
	for _number in range(LIMIT):
		act()
	with pytest.raises(limits.TooOften, match="Try again in 60 minutes") as told:
		act()
	assert told.value.http_status_code == 429 and frappe.flags.ops_retry_after == told.value.wait == 3600


@pytest.fixture
def w():
	world = customers.world()
	world.token = answering.link_for(world.issue).partition("#")[2]
	frappe.db.commit()
	return world


def test_an_endpoint_and_a_page_have_it(w, monkeypatch):
	monkeypatch.setattr("ops_delivery.services.portal.link_page.ACTS_PER_HOUR", 1)
	frappe.set_user("Guest")
	post = {"token": w.token, "act": "1", "decision": "Rejected", "comment": " "}
	assert get("/acceptance", "Guest", "POST", post)[0] == 417
	status, html = get("/acceptance", "Guest", "POST", post)
	assert status == 429 and "too often" in words(html)
	set_request(method="POST", path="/")
	frappe.local.request_ip = "127.0.0.1"
	for _number in range(api.READS_PER_HOUR):
		limits.count("ops_delivery.api.acceptance.offer", api.READS_PER_HOUR)
	with pytest.raises(limits.TooOften):
		api.offer(w.token)


def test_pages_of_links_open_while_the_cache_is_away(w, monkeypatch):
	def away(*_args, **_kwargs):
		raise NoRedis("Connection refused")

	monkeypatch.setattr(RedisWrapper, "execute_command", away)
	errors, begin = [], ErrorPage.__init__

	def note(page, *arguments, **values):
		errors.append(frappe.get_traceback())
		begin(page, *arguments, **values)

	monkeypatch.setattr(ErrorPage, "__init__", note)
	# 16 lets its search fail loudly, in tests alone
	monkeypatch.setattr("frappe.utils.global_search.sync_value_in_queue", lambda value: None)
	status, html = get("/acceptance", "Guest", "POST", {"token": w.token})
	assert status == 200 and w.issue.subject in html, errors
	status, html = get("/acceptance", "Guest", "POST", {"token": "wrong.wrong"})
	assert status == 403 and "not valid" in html
	with pytest.raises(signed_link.InvalidLink):
		signed_link.read("wrong.wrong", "acceptance")
	status, html = get("/acceptance", "Guest", "POST", {"token": w.token, "act": "1", "decision": "Accepted"})
	assert status == 200, errors
