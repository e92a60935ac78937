"""Queued e-mails go at once: Frappe works its e-mail queue off every few minutes only, and told late is not told."""

from __future__ import annotations

import frappe

FLUSH = "frappe.email.queue.flush"


def hasten() -> None:
	"""Have Frappe work off its e-mail queue next. Call it after the commit; without Redis the scheduler does it later."""
	if frappe.are_emails_muted():
		return
	try:
		frappe.enqueue(FLUSH, queue="short", job_id=job_id(), deduplicate=True, at_front=True)
	except Exception:
		frappe.logger("ops_delivery").warning("the e-mail queue could not be hastened", exc_info=True)


def job_id() -> str:
	"""The scheduler's own job of the same work, which so never runs twice at once; Frappe 15 and 16 name it differently."""
	job = frappe.db.get_value("Scheduled Job Type", {"method": FLUSH})
	return frappe.get_cached_doc("Scheduled Job Type", job).rq_job_id if job else f"scheduled_job::{FLUSH}"
