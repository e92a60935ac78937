"""The one job of every minute: it tells what waits to be told, fires what is due (6.3.e, 6.3.f) and looks for sources that fell
silent (6.2.b.4). See waking."""

from __future__ import annotations

import frappe

from ops_delivery.services.escalation import sweep
from ops_delivery.services.monitoring import silence
from ops_delivery.services.outbox import outbox as notices


def run() -> None:
	"""Scheduler, at every tick: tell what waits to be told, then fire what is due. None holds up the others."""
	for work, failed in ((notices.deliver_due, "notices not delivered"), (silence.watch_in_turn, "silent sources not looked for")):
		try:
			work()
		except Exception:
			frappe.db.rollback()
			frappe.log_error(f"Ops Delivery: {failed}")
	sweep.run_due_triggers()
