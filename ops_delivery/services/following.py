"""Running clocks follow a rule that has changed: in the background, and surely.

A new revision says by its field `followed` that its clocks have been planned by it. What could not be queued (Redis
was down), was killed or failed for a record is found by that and done within the hour.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from ops_delivery.services import queueing, versions
from ops_delivery.services.reader import in_site_language

JOBS = {
	"Service Calendar": ("ops_delivery.services.clocks.replan_calendar", "calendar"),
	"Escalation Policy": ("ops_delivery.services.triggers.replan_policy", "policy"),
}


def later(doctype: str, name: str, version: str) -> None:
	"""Have the clocks of a rule follow its new revision after the commit. A queue that is down never blocks the save."""
	method, argument = JOBS[doctype]
	job = f"{method.rpartition('.')[2]}:{version}"
	queueing.enqueue_after_commit(method, queue="long", job_id=job, deduplicate=True, **{argument: name})


def definition_later(name: str, version: str) -> None:
	"""Have the running clocks of a Clock Definition follow its change after the commit; each save of a record does, too."""
	method = "ops_delivery.services.definition_moves.replan"
	queueing.enqueue_after_commit(method, queue="long", definition=name, version=version)


@in_site_language
def catch_up() -> None:
	"""Hourly: do what is left."""
	for doctype, (method, argument) in JOBS.items():
		for name in versions.not_followed(doctype):
			try:
				frappe.get_attr(method)(**{argument: name})
			except Exception:
				frappe.db.rollback()
				note_failure(doctype, name)
			frappe.db.commit()
	from ops_delivery.services import resting, retired, takeover

	retired.retire()
	if resting.rest():
		takeover.give_back_what_left()


def refresh_each(doctype: str, names: Iterable[str]) -> int:
	"""Plan the clocks of records anew, each committed by itself, and note those that fail; how many records changed."""
	done = 0
	for name in names:
		done += refresh(doctype, name)
		frappe.db.commit()
	return done


def refresh(doctype: str, name: str, reason: str = "") -> int:
	"""Plan the clocks of a record anew; whether anything changed. 0, noted for the administrator, where that fails."""
	from ops_delivery.services import clocks

	frappe.db.savepoint("ops_followed")
	try:
		return clocks.refresh(doctype, name, reason)
	except Exception:
		frappe.db.rollback(save_point="ops_followed")
		note_failure(doctype, name)
		return 0


def note_failure(doctype: str, name: str) -> None:
	"""For the administrator: the clocks of a record, or of a rule, could not be planned."""
	frappe.log_error(
		title="Ops Delivery: clocks not re-planned", reference_doctype=doctype, reference_name=name
	)
