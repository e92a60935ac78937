"""What is done with agreements once a day: renewed, put into the state of their dates, reminded of (5.2, 5.5.g)."""

from __future__ import annotations

import frappe

from ops_delivery.services.agreements import end_reminders as expiry
from ops_delivery.services.agreements import lifecycle as agreement_life
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.shared.locale import in_site_language


@in_site_language
def daily() -> None:
	"""Scheduled: renewals first, so that nothing expires that goes on; then states by their dates, then reminders.

	Each of the three is committed by itself, so that one that fails holds up no other.
	"""
	for task in (agreement_life.renew_due, agreements.refresh_statuses, expiry.remind_due):
		try:
			task()
			frappe.db.commit()
		except Exception:
			frappe.db.rollback()
			frappe.log_error(title=f"Ops Delivery: {task.__name__} of agreements failed")
