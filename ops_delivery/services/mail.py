"""Queued e-mails go at once: Frappe works its e-mail queue off every few minutes only, and told late is not told."""

from __future__ import annotations

import frappe

from ops_delivery.framework import scheduled_job_id
from ops_delivery.services import queueing

FLUSH = "frappe.email.queue.flush"


def hasten() -> None:
	"""Have Frappe work off its e-mail queue next. Call it after the commit; without Redis the scheduler does it later."""
	if frappe.are_emails_muted():
		return
	try:
		queueing.enqueue(FLUSH, queue="short", job_id=scheduled_job_id(FLUSH), deduplicate=True, at_front=True)
	except Exception:
		frappe.logger("ops_delivery").warning("the e-mail queue could not be hastened", exc_info=True)
