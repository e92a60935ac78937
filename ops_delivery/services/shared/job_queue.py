"""Jobs that are only sooner than the scheduler: a queue that is down holds nobody up."""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery import framework_jobs


class QueueAway(Exception):
	"""Nobody listens at the queue of jobs."""


def enqueue(method: str, **options: Any) -> None:
	"""frappe.enqueue for what a scheduled run does later anyway. Raises QueueAway at once where the queue does not answer."""
	if not framework_jobs.queue_answers():
		raise QueueAway(f"{method}: the queue does not answer")
	frappe.enqueue(method, **options)


def enqueue_after_commit(method: str, **options: Any) -> None:
	"""`enqueue` once what is being saved is committed. Where that is not possible it is logged and left to the scheduled run."""

	def send() -> None:
		try:
			enqueue(method, **options)
		except Exception:
			frappe.logger("ops_delivery").exception(f"{method} could not be queued")

	frappe.db.after_commit.add(send)
