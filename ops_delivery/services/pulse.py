"""A second way to the sweep for when the queue is full: whatever else runs on the site gives it a short turn.

Frappe's scheduler puts the sweep at the end of its queue. If that queue is clogged, the jobs in front of it and the
requests people make each look (at most every few seconds a process, from memory) whether the sweep is overdue, and if so run a
short one. Nothing here may disturb the job or the request it rides on.
"""

from __future__ import annotations

import time
from datetime import datetime

import frappe

from ops_delivery.services.time import utc_now

LOOK_EVERY_SECONDS = 15  # a process looks at most so often
OVERDUE_SECONDS = 70  # the scheduler ticks once a minute: later than that it is late
LOCK_KEY = "ops_pulse_turn"
MAX_TRIGGERS, MAX_SECONDS = 50, 2.0

_looked: dict[str, float] = {}


def before_job(**_kwargs) -> None:
	"""Hook: a worker is about to run a job of this site."""
	_turn(MAX_TRIGGERS, MAX_SECONDS)


def after_request(**_kwargs) -> None:
	"""Hook: a request has been answered and committed."""
	_turn(MAX_TRIGGERS // 5, MAX_SECONDS / 4)


def _turn(triggers: int, seconds: float) -> None:
	site = getattr(frappe.local, "site", None)
	now = time.monotonic()
	if not site or not getattr(frappe.local, "db", None) or now - _looked.get(site, 0) < LOOK_EVERY_SECONDS:
		return
	_looked[site] = now
	try:
		if not _overdue():
			return
		user = frappe.session.user
		frappe.set_user("Administrator")
		try:
			from ops_delivery.services import sweep

			sweep.run(limit=triggers, seconds=seconds)
		finally:
			frappe.set_user(user)
	except Exception:
		frappe.db.rollback()
		frappe.logger("ops_delivery").warning("pulse failed", exc_info=True)


def _overdue() -> bool:
	from ops_delivery.services.sweep import LAST_RUN_KEY

	if "ops_delivery" not in frappe.get_installed_apps():
		return False
	last = frappe.cache.get_value(LAST_RUN_KEY)
	if last and (utc_now() - datetime.fromisoformat(last)).total_seconds() < OVERDUE_SECONDS:
		return False
	# one process at a time; the turn passes on by itself
	return bool(frappe.cache.set(frappe.cache.make_key(LOCK_KEY), 1, nx=True, ex=int(MAX_SECONDS * 5)))
