"""The one job of every minute: it sleeps until there is something of ours to watch, so a site that uses nothing of ours
has no job and no line in the log for it.

It wakes with the first trigger of a clock or the first notice, by whatever brought it.
"""

from __future__ import annotations

import frappe

from ops_delivery.permissions import switches

METHOD = switches.MINUTE
JOB = "Scheduled Job Type"
# while one of these has a row there is work for it
WORK = ("Service Clock", "Service Clock Trigger", "Service Notice")


def run() -> None:
	"""Scheduler, at every tick: tell what waits to be told, then fire what is due. Neither holds up the other."""
	from ops_delivery.services import notices, sweep

	try:
		notices.deliver_due()
	except Exception:
		frappe.db.rollback()
		frappe.log_error("Ops Delivery: notices not delivered")
	sweep.run_due_triggers()


def wake() -> None:
	"""There is something to watch from now on. No query once it is awake."""
	if switches.now().awake:
		return
	frappe.db.set_value(JOB, {"method": METHOD}, "stopped", 0)
	switches.forget()


def sleep_if_idle() -> None:
	"""After installing or migrating: where nothing of ours is watched the job is stopped."""
	if any(frappe.db.exists(doctype, {}) for doctype in WORK):
		return
	frappe.db.set_value(JOB, {"method": METHOD}, "stopped", 1)
	switches.forget()
