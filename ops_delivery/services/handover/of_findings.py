"""What a manual has follow a finding: an Issue, or a proposal to optimize or to advise, with the facts carried over (6.2.d).

Done behind the commit of the round, once for each time it is wanted; what a lost job left undone the hourly run takes up.
"""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe.query_builder import DocType

from ops_delivery.domain.events import FindingStands
from ops_delivery.domain.routine import findings as domain
from ops_delivery.services.handover import steps as handover
from ops_delivery.services.routine import finding_steps
from ops_delivery.services.shared import job_queue
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

FINDING = finding_steps.FINDING
# what the manual asks for: the service content, and the record that is opened at once; a proposal waits for a person
FOLLOWS = {
	"Open an Issue": ("Response Support", "Issue"),
	"Propose Optimization": ("Optimization and Improvement", None),
	"Propose Consulting": ("Consultation and Evaluation", None),
}
# a reading that has stood so long in a round that nobody ended is no slip of the keyboard
STOOD = timedelta(hours=1)
MOST = 200


def follow_later(event: FindingStands) -> None:
	"""Queue what follows behind the commit."""
	method = "ops_delivery.services.handover.of_findings.follow"
	job_queue.enqueue_after_commit(method, queue="short", finding=event.name)


@in_site_language
def follow(finding: str) -> None:
	"""Job: open what the manual has follow; nothing where that was done, or the state is normal again."""
	doc = frappe.get_doc(FINDING, finding, for_update=True)
	if doc.follow_up != domain.WANTED or doc.status not in domain.STANDING:
		return
	content, target = FOLLOWS[doc.asked_for]
	owner = frappe.db.get_value("Service Agreement", doc.agreement, "owner_user") if doc.agreement and not target else None
	name = handover.open(FINDING, doc.name, content, doc.title, owner, note=finding_steps.in_words(doc), by_rule=True)
	if target:
		handover.start(name, target, by_rule=True)


@in_site_language
def catch_up() -> None:
	"""Scheduled hourly: findings whose job was lost, or whose round nobody ended, as far as they stand."""
	finding = DocType(FINDING)
	names = (
		frappe.qb.from_(finding)
		.select(finding.name)
		.where((finding.follow_up == domain.WANTED) & (finding.last_found < site_now() - STOOD))
		.where(finding.status.isin(domain.STANDING))
		.orderby(finding.last_found)
		.limit(MOST)
	).run(pluck=True)
	for name in names:
		try:
			follow(name)
			frappe.db.commit()  # nosemgrep: each by itself
		except Exception:
			frappe.db.rollback()
			frappe.log_error("Routine findings")
