"""The demo's clock and agenda: simulated time for the services, the engine's own runs in between, one transaction."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import frappe
from frappe.query_builder.functions import Min
from frappe.utils import data as frappe_time

from ops_delivery.services.escalation import sweep
from ops_delivery.services.outbox import escalation_mail_states as escalation_mails
from ops_delivery.services.outbox import mail_states as notice_mails
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import silence as deemed_acceptance
from ops_delivery.services.shared import site_time

TOLD_IN_FULL = timedelta(days=3)
RUNS_EACH = timedelta(minutes=1)  # the sweep's rhythm on a real site


class Stage:
	"""`with Stage(end, months, seed) as stage:` simulated time holds, and all becomes one transaction.

	Whatever commits on the way (the sweep, say) commits at the end, so that neither the site's own scheduler nor a
	killed run ever meets half a life.
	"""

	def __init__(self, end: datetime, months: int, seed: int) -> None:
		self.end = end
		self.start = (end - timedelta(days=30 * months)).replace(minute=0, second=0)
		self.chance = random.Random(seed)
		self.now = self.start
		self.silent: set[str] = set()  # requests whose customer will not answer
		self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
		self._numbers, self._ticks = itertools.count(), itertools.count()

	def __enter__(self) -> Stage:
		db = frappe.local.db
		self._before = (frappe_time.now_datetime, frappe.flags.mute_emails, dict(vars(db)))
		self._commit = db.commit
		db.commit, db.rollback = _no_commit, _only_to_savepoints(db.rollback)
		frappe_time.now_datetime = self._frappe_now
		frappe.flags.mute_emails = True
		self.move_to(self.start)
		return self

	def __exit__(self, failure, *_details) -> None:
		db = frappe.local.db
		frappe_time.now_datetime, frappe.flags.mute_emails, attributes = self._before
		frappe.flags.ops_now = None
		frappe.set_user("Administrator")
		for name in ("commit", "rollback"):
			if name in attributes:
				setattr(db, name, attributes[name])
			else:
				delattr(db, name)
		if failure:
			db.rollback()
		else:
			db.after_commit.reset()  # alerts of long ago that would now ring on the desk
			db.commit()

	def settle(self) -> None:
		"""Commit for good what there is so far: the engine keeps in memory only what is committed."""
		self._commit()

	def move_to(self, when: datetime) -> None:
		"""From now on it is that instant, for our services and for Frappe."""
		self.now = when
		frappe.flags.ops_now = when

	def at(self, when: datetime, action: Callable[[], None]) -> None:
		"""Have something happen then; what lies beyond the end never does."""
		if when <= self.end:
			heapq.heappush(self._agenda, (max(when, self.now), next(self._numbers), action))

	def play(self, progress: Callable[[float], None] | None = None) -> None:
		"""Let everything on the agenda happen, with the engine's runs where they fall due in between."""
		told = 0.0
		while self._agenda:
			when, _number, action = heapq.heappop(self._agenda)
			self._engine_until(when)
			self.move_to(when)
			action()
			self._tell()
			share = (when - self.start) / (self.end - self.start)
			if progress and share - told >= 0.1:
				told = share
				progress(share)
		self._engine_until(self.end)

	@contextmanager
	def as_user(self, user: str) -> Iterator[None]:
		"""Within it that user acts, with that user's permissions."""
		frappe.set_user(user)
		try:
			yield
		finally:
			frappe.set_user("Administrator")

	def _frappe_now(self) -> datetime:
		"""Never a whole second: Frappe compares `modified` as text, with the fraction if there is one."""
		return site_time.to_site(self.now) + timedelta(microseconds=next(self._ticks) % 999_000 + 1)

	def _engine_until(self, when: datetime) -> None:
		for _round in range(500):
			due = _next_due()
			if not due or due > when:
				return
			self.move_to(min(when, max(self.now, due) + RUNS_EACH / 2))
			sweep.run()
			deemed_acceptance.remind_and_deem()
			self._tell()
		raise RuntimeError(f"The engine does not come to rest before {when}.")

	def _tell(self) -> None:
		"""The outbox is worked off, and its mail counts as sent: no mail leaves a demo.

		What is long past is told only where the customer's silence is to count; rendering it all would take minutes.
		"""
		if self.now < self.end - TOLD_IN_FULL:
			notice = frappe.qb.DocType("Service Notice")
			past = frappe.qb.from_(notice).delete().where(notice.state == "Pending")
			past.where(notice.reference_name.notin(sorted(self.silent) or [""])).run()
		notices.deliver()
		queue = frappe.qb.DocType("Email Queue")
		frappe.qb.update(queue).set(queue.status, "Sent").where(queue.status == "Not Sent").run()
		notice_mails.follow()
		escalation_mails.follow()


def _next_due() -> datetime | None:
	"""When the sweep or the acceptances have something to do next."""
	trigger, held, asked = (
		frappe.qb.DocType(name)
		for name in ("Service Clock Trigger", "Escalation Log Recipient", "Service Acceptance")
	)
	found = [
		frappe.qb.from_(trigger).select(Min(trigger.run_at)).where(trigger.state == "Pending").run()[0][0],
		frappe.qb.from_(held).select(Min(held.send_after)).where(held.state == "Held").run()[0][0],
		frappe.qb.from_(asked)
		.select(Min(asked.next_action_on))
		.where(asked.state == "Requested")
		.run()[0][0],
	]
	return min((site_time.to_utc(moment) for moment in found if moment), default=None)


def _no_commit(*_args, **_kwargs) -> None:
	"""In place of the connection's commit while the demo is being made."""


def _only_to_savepoints(rollback):
	def guarded(*, save_point=None):
		if not save_point:
			raise RuntimeError("Something failed while the demo was being made; see the site's Error Log.")
		return rollback(save_point=save_point)

	return guarded
