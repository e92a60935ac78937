"""Scheduled jobs whose functions moved keep what an administrator chose for them, through an update and its jobs' synchronization."""

import frappe
import pytest
from frappe.core.doctype.scheduled_job_type import scheduled_job_type as jobs

from ops_delivery.patches import follow_our_jobs_to_their_rooms as patch

# jobs that came after the move
NEW = {
	"ops_delivery.services.deliverables.access_log.purge",
	"ops_delivery.services.deliverables.files.remove_left",
	"ops_delivery.services.deliverables.promised.run",
	"ops_delivery.services.evidence.nightly.run",
	"ops_delivery.services.reports.publishing.run_left",
	"ops_delivery.services.deliverables.sealing.settle_left",
	"ops_delivery.services.handover.of_findings.catch_up",
	"ops_delivery.services.incidents.proposing.run",
	"ops_delivery.services.knowledge.counting.settle",
	"ops_delivery.services.knowledge.steps.remind_keepers",
	"ops_delivery.services.routine.generation.run",
	"ops_delivery.services.routine.manuals.remind_keepers",
	"ops_delivery.services.search.rebuilding.catch_up",
}


@pytest.mark.parametrize("old", patch.MOVED)
def test_a_job_that_was_stopped_is_stopped_by_its_new_name(site, old):
	new = patch.MOVED[old]
	frappe.db.delete(patch.JOB, {"method": new})
	frappe.get_doc({"doctype": patch.JOB, "method": old, "frequency": "Daily", "stopped": 1}).insert()
	patch.execute()
	patch.execute()
	jobs.sync_jobs()
	rows = frappe.get_all(patch.JOB, {"method": ["in", [old, new]]}, ["method", "stopped"])
	assert [(row.method, row.stopped) for row in rows] == [(new, 1)]


def test_each_new_name_is_a_job_of_ours():
	named = {
		method
		for found in frappe.get_hooks("scheduler_events").values()
		for methods in (found.values() if isinstance(found, dict) else [found])
		for method in methods
		if method.startswith("ops_delivery.")
	}
	assert set(patch.MOVED.values()) | NEW == named
