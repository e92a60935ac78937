"""How often one caller may do one thing, and who that caller is: the one limiter of our endpoints and pages (6.3.g).

Frappe's own goes by the first entry of X-Forwarded-For, which whoever calls writes as they like: they escape their own
limit and use up another's. Here a person who is logged in is counted as that person, wherever they come from, and a
guest by the address that our own proxies saw. The counts live in the cache alone; while it is away nobody is refused.
"""

from __future__ import annotations

import functools
import ipaddress
import time
from collections.abc import Callable
from typing import Any, TypeVar

import frappe
from frappe import _
from frappe.utils import cint
from redis.exceptions import RedisError

KEY = "ops_limit"
HOUR = 3600
GUEST = "Guest"
Called = TypeVar("Called", bound=Callable[..., Any])


class TooOften(frappe.RateLimitExceededError):
	"""The caller did this as often as is possible in an hour; `wait` is how many seconds it is to stay away."""

	def __init__(self, wait: int):
		self.wait = wait
		super().__init__(
			_("This was done too often within an hour. Try again in {0} minutes.").format(max(1, round(wait / 60)))
		)


def per_hour(limit: int) -> Callable[[Called], Called]:
	"""Let one caller call a function so many times an hour. Below `@frappe.whitelist`, above nothing else."""

	def limited(function: Called) -> Called:
		what = f"{function.__module__}.{function.__qualname__}"

		@functools.wraps(function)
		def call(*args: Any, **kwargs: Any) -> Any:
			count(what, limit)
			return function(*args, **kwargs)

		return call  # type: ignore[return-value]

	return limited


def count(what: str, limit: int) -> None:
	"""The caller does `what` once more. TooOften above the limit of an hour; nothing outside of a request."""
	if not (who := caller()):
		return
	if number_of(what, who) > limit:
		wait = HOUR - int(_now() % HOUR)
		frappe.flags.ops_retry_after = wait
		raise TooOften(wait)


def number_of(what: str, who: str) -> int:
	"""Somebody does `what` once more: how often it was within the hour, this time too; 0 while the cache is away."""
	key = frappe.cache.make_key(f"{KEY}:{what}:{who}:{int(_now() // HOUR)}")
	try:
		number = frappe.cache.incrby(key, 1)
		if number == 1:
			frappe.cache.expire(key, HOUR)
	except RedisError:
		return 0
	return cint(number)


def caller() -> str:
	"""Who is counted: the user who is logged in, else the network address; "" outside of a request."""
	if not getattr(frappe.local, "request", None):
		return ""
	user = frappe.session.user
	return user if user and user != GUEST else network()


def address() -> str:
	"""The network address of the caller, "" outside of a request.

	X-Forwarded-For is what the caller says, except its last entries, which our own proxies wrote. How many proxies
	stand before the site is `ops_trusted_proxies` of the site's configuration (1 unless told otherwise).
	"""
	if not getattr(frappe.local, "request", None):
		return ""
	said = [part.strip() for part in (frappe.get_request_header("X-Forwarded-For") or "").split(",")]
	said = [part for part in said if part]
	if said:
		return said[-min(len(said), max(1, cint(frappe.conf.get("ops_trusted_proxies")) or 1))]
	return frappe.local.request_ip or ""


def network() -> str:
	"""The address as far as one caller has it alone: of IPv6 the network of 64 bits."""
	where = address()
	try:
		if ipaddress.ip_address(where).version == 6:
			return str(ipaddress.ip_network(f"{where}/64", strict=False))
	except ValueError:
		pass
	return where[:64]


def _now() -> float:
	return time.time()
