"""The job of every minute sleeps until there is something of ours to watch, so a site that uses nothing of ours
has no job and no line in the log for it. It wakes with the first trigger of a clock, the first notice or the first token of a source.
"""

from __future__ import annotations

import frappe

from ops_delivery.permissions import switches

JOB = "Scheduled Job Type"
# while one of these has a row there is work for it
WORK = ("Service Clock", "Service Clock Trigger", "Service Notice", "Monitoring Source")


def wake() -> None:
	"""There is something to watch from now on. No query once it is awake."""
	if switches.now().awake:
		return
	frappe.db.set_value(JOB, {"method": switches.minute_job()}, "stopped", 0)
	switches.forget()


def sleep_if_idle() -> None:
	"""After installing or migrating: where nothing of ours is watched the job is stopped."""
	if any(frappe.db.exists(doctype, {}) for doctype in WORK):
		return
	frappe.db.set_value(JOB, {"method": switches.minute_job()}, "stopped", 1)
	switches.forget()
