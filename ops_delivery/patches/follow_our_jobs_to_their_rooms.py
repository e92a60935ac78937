"""Scheduled jobs of ours whose functions have moved keep what an administrator chose for them: stopped, or another rhythm."""

import frappe

JOB = "Scheduled Job Type"
MOVED = {
	"ops_delivery.services.minute.run": "ops_delivery.services.escalation.minute.run",
	"ops_delivery.services.deemed_acceptance.remind_and_deem": "ops_delivery.services.requests.silence.remind_and_deem",
	"ops_delivery.services.following.catch_up": "ops_delivery.services.clocks.clock_jobs.catch_up",
	"ops_delivery.services.visit_records.catch_up": "ops_delivery.services.visits.erpnext_records.catch_up",
	"ops_delivery.services.surveys.daily_run": "ops_delivery.services.surveys.survey_jobs.daily_run",
	"ops_delivery.services.agreement_life.daily": "ops_delivery.services.agreements.agreement_jobs.daily",
	"ops_delivery.services.notices.purge_sent": "ops_delivery.services.outbox.outbox.purge_sent",
	"ops_delivery.services.once.purge": "ops_delivery.services.scope.once.purge",
	"ops_delivery.printing.kept_prints.purge": "ops_delivery.services.papers.kept_prints.purge",
}


def execute() -> None:
	for old, new in MOVED.items():
		if not frappe.db.exists(JOB, {"method": new}):
			frappe.db.set_value(JOB, {"method": old}, "method", new, update_modified=False)
