"""A second way to the sweep for when the queue is full: whatever else runs on the site gives it a short turn.

Frappe's scheduler puts the sweep at the end of its queue. If that queue is clogged, the jobs in front of it and the
requests people make each look (at most every few seconds a process, from memory) whether the sweep is overdue, and if
so run a short one (and tell the key points that wait): before the job, or after the response has gone out. Nothing here may disturb the job or the request
it rides on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import frappe

from ops_delivery.permissions import switches
from ops_delivery.services.escalation import sweep
from ops_delivery.services.escalation.sweep import LAST_RUN_KEY
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.shared.site_time import utc_now

LOOK_EVERY_SECONDS = 15  # a process looks at most so often
OVERDUE_SECONDS = 65  # the scheduler ticks once a minute: later than that it is late
LOCK_KEY = "ops_pulse_turn"
MAX_TRIGGERS, MAX_SECONDS = 100, 3.0
NOTICES = 10  # key points waiting to be told, a turn

_looked: dict[str, float] = {}


def before_job(**_kwargs) -> None:
	"""Hook: a worker is about to run a job of this site."""
	_turn(MAX_TRIGGERS, MAX_SECONDS)


def after_request(**_kwargs) -> None:
	"""Hook: a request has been answered and committed; what we do comes after the response has gone out."""
	if _wants_to_look():
		frappe.local.request.after_response.add(lambda: _turn(MAX_TRIGGERS // 5, MAX_SECONDS / 3))


def _wants_to_look() -> bool:
	site = getattr(frappe.local, "site", None)
	if not site or not getattr(frappe.local, "db", None) or frappe.flags.read_only:
		return False
	return time.monotonic() - _looked.get(site, -LOOK_EVERY_SECONDS) >= LOOK_EVERY_SECONDS


def _turn(triggers: int, seconds: float) -> None:
	if not _wants_to_look():
		return
	_looked[frappe.local.site] = time.monotonic()
	try:
		if not _overdue():
			return
		with _as_administrator():
			done = sweep.run(limit=triggers, seconds=seconds)
			posted = sum(notices.deliver(limit=NOTICES).values())
		if not done["finished"] or posted == NOTICES:
			_looked.pop(frappe.local.site)  # there is more: the next one goes on
	except Exception:
		frappe.db.rollback()
		frappe.logger("ops_delivery").warning("pulse failed", exc_info=True)


def _overdue() -> bool:
	if "ops_delivery" not in frappe.get_installed_apps() or not switches.now().awake:
		return False
	last = frappe.cache.get_value(LAST_RUN_KEY)
	if last and (utc_now() - datetime.fromisoformat(last)).total_seconds() < OVERDUE_SECONDS:
		return False
	# one process at a time; the turn passes on by itself
	return bool(frappe.cache.set(frappe.cache.make_key(LOCK_KEY), 1, nx=True, ex=int(MAX_SECONDS * 5)))


@contextmanager
def _as_administrator() -> Iterator[None]:
	"""The sweep acts as Administrator; the session, its user's permissions and messages stay as they were."""
	names = (
		"session",
		"cache",
		"form_dict",
		"jenv",
		"role_permissions",
		"new_doc_templates",
		"user_perms",
		"message_log",
		"lang",
	)
	before = {name: getattr(frappe.local, name, None) for name in names}
	frappe.local.session = frappe._dict(user="Administrator", sid="Administrator", data=frappe._dict())
	frappe.local.message_log = []
	frappe.set_user("Administrator")
	try:
		yield
	finally:
		for name, value in before.items():
			setattr(frappe.local, name, value)
