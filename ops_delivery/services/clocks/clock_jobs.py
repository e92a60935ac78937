"""Running clocks follow a rule that has changed: in the background, and surely (6.3.b).

A new revision says by its field `followed` that its clocks have been planned by it. What could not be queued (Redis
was down), was killed or failed for a record is found by that and done within the hour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import frappe

from ops_delivery.domain.events import RuleRevised
from ops_delivery.services.clocks import failures as clock_failures
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.clocks import retired, takeover, triggers
from ops_delivery.services.clocks import sla_rest as resting
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import job_queue as queueing
from ops_delivery.services.shared.locale import in_site_language

REPLAN: Mapping[str, Callable[[str], int]] = {
	"Service Calendar": clocks.replan_calendar,
	"Escalation Policy": triggers.replan_policy,
}


def follow_later(event: RuleRevised) -> None:
	"""Have the clocks of a rule follow its new revision after the commit. A queue that is down never blocks the save."""
	method = "ops_delivery.services.clocks.clock_jobs.follow"
	queueing.enqueue_after_commit(
		method,
		queue="long",
		job_id=f"follow:{event.version}",
		deduplicate=True,
		doctype=event.doctype,
		rule=event.name,
	)


def follow(doctype: str, rule: str) -> int:
	"""Job: plan the running clocks of a calendar or policy by its latest revision; how many."""
	return REPLAN[doctype](rule)


@in_site_language
def catch_up() -> None:
	"""Hourly: do what is left."""
	for doctype, replan in REPLAN.items():
		for name in versions.not_followed(doctype):
			try:
				replan(name)
			except Exception:
				frappe.db.rollback()
				clock_failures.note(doctype, name)
			frappe.db.commit()
	retired.retire()
	if resting.rest():
		takeover.give_back_what_left()
