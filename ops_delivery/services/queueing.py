"""Jobs that are only sooner than the scheduler: a queue that is down holds nobody up."""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery import framework


class QueueAway(Exception):
	"""Nobody listens at the queue of jobs."""


def enqueue(method: str, **options: Any) -> None:
	"""frappe.enqueue for what a scheduled run does later anyway. Raises QueueAway at once where the queue does not answer."""
	if not framework.queue_answers():
		raise QueueAway(f"{method}: the queue does not answer")
	frappe.enqueue(method, **options)
