"""The one job of every minute: it tells what waits to be told and fires what is due (6.3.e, 6.3.f). See waking."""

from __future__ import annotations

import frappe

from ops_delivery.services.escalation import sweep
from ops_delivery.services.outbox import outbox as notices


def run() -> None:
	"""Scheduler, at every tick: tell what waits to be told, then fire what is due. Neither holds up the other."""
	try:
		notices.deliver_due()
	except Exception:
		frappe.db.rollback()
		frappe.log_error("Ops Delivery: notices not delivered")
	sweep.run_due_triggers()
