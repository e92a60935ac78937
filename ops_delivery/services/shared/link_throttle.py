"""Guessing the codes of signed links: after a few wrong ones an address has to wait, longer each time (6.3.g).

A code is sealed with 256 bits, so no guess ever hits; this keeps the attempts from costing us anything, and makes them
seen. The count lives in the cache only (while that is away nobody waits) and stands behind every way in, pages and endpoints, because
`signed_link.read` asks here. An expired or used link was not guessed and is not counted.
"""

from __future__ import annotations

import time

import frappe
from frappe import _
from frappe.utils import cint
from redis.exceptions import RedisError

from ops_delivery.services.shared import call_limits as limits

FREE = 20  # wrong codes in a day from one address that cost no wait: mail programs do cut links
LONGEST_WAIT = 3600  # seconds
REMEMBERED = 86400  # seconds after the last wrong code
KEY = "ops_link_guesses"


class TooManyGuesses(frappe.RateLimitExceededError):
	"""The address tried too many wrong codes; `wait` is how many seconds it is to stay away."""

	def __init__(self, wait: int):
		self.wait = wait
		super().__init__(
			_(
				"Too many links that are not valid were tried from your network. Try again in {0} minutes."
			).format(max(1, round(wait / 60)))
		)


def refuse_if_waiting() -> None:
	"""TooManyGuesses while the caller's address has to wait; nothing outside of a request."""
	if not (where := limits.network()):
		return
	try:
		wait = cint(frappe.cache.get(_key("until", where))) - int(_now())
	except RedisError:
		return
	if wait > 0:
		frappe.flags.ops_retry_after = wait
		raise TooManyGuesses(wait)


def count() -> None:
	"""A wrong code came from the caller's address."""
	if not (where := limits.network()):
		return
	key = _key("count", where)
	try:
		number = frappe.cache.incrby(key, 1)
		frappe.cache.expire(key, REMEMBERED)
		if number > FREE:
			wait = min(LONGEST_WAIT, 2 ** min(number - FREE, 20))
			frappe.cache.setex(_key("until", where), REMEMBERED, int(_now()) + wait)
	except RedisError:
		pass  # no guess hits: the seal has 256 bits


def _key(what: str, where: str) -> bytes:
	return frappe.cache.make_key(f"{KEY}:{what}:{where}")


def _now() -> float:
	return time.time()
