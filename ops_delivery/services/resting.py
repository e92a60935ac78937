"""What becomes of Issues' clocks when the site lets ERPNext's SLA measure Issues, and when it takes them back.

Never both rules: while ERPNext's SLA measures Issues, no clock of an Issue is evaluated, and those that ran are paused
with that reason, so that no deadline, trigger or figure of ours goes on. What was counted stays; when Service Agreements
measure Issues again, the clocks go on from the remaining budget.
"""

from __future__ import annotations

import frappe
from frappe import _

from ops_delivery.domain.clock import Kind
from ops_delivery.services import clock_store, clocks, every_save, following
from ops_delivery.services.situation import CALENDARS, Change, happen
from ops_delivery.services.time import utc_now

BATCH = 200


def later() -> None:
	"""Have the clocks of Issues follow the site's choice after the commit; a queue that is down blocks no save."""

	def enqueue():
		try:
			frappe.enqueue(
				"ops_delivery.services.resting.follow_choice",
				queue="long",
				job_id="ops_follow_rule_choice",
				deduplicate=True,
			)
		except Exception:
			frappe.logger("ops_delivery").exception("the choice of rules could not be followed at once")

	frappe.db.after_commit.add(enqueue)


def follow_choice() -> int:
	"""Pause Issues' running clocks, or evaluate the paused ones, as the site's rule says; how many."""
	return _wake() if every_save.asked().rules_issues else rest()


def rest() -> int:
	"""Pause every running clock of an Issue. Batches are committed one by one; a second run goes on."""
	done, skip = 0, set()
	while names := _running(skip):
		prepared = clocks.Plan("Issue", "", utc_now())
		for row in clock_store.lock(names):
			change = Change(row, clock_store.to_domain(row, CALENDARS))
			frappe.db.savepoint("ops_rest")
			try:
				happen(change, Kind.PAUSE, prepared.now, reason=_("ERPNext's SLA measures Issues"))
				prepared.changes.append(change)
			except Exception:
				frappe.db.rollback(save_point="ops_rest")
				skip.add(row.name)
				following.note_failure(row.reference_doctype, row.reference_name)
		clocks.persist(prepared)
		done += len(prepared.changes)
		frappe.db.commit()
	return done


def _wake() -> int:
	done = 0
	for name in frappe.get_all(
		"Service Clock",
		filters={"reference_doctype": "Issue", "state": "Paused"},
		pluck="reference_name",
		distinct=True,
		order_by="reference_name",
	):
		frappe.db.savepoint("ops_wake")
		try:
			done += clocks.refresh("Issue", name)
		except Exception:
			frappe.db.rollback(save_point="ops_wake")
			following.note_failure("Issue", name)
		frappe.db.commit()
	return done


def _running(skip: set[str]) -> list[str]:
	names = frappe.get_all(
		"Service Clock",
		filters={"reference_doctype": "Issue", "state": "Running"},
		pluck="name",
		order_by="name",
		limit=BATCH + len(skip),
	)
	return [name for name in names if name not in skip][:BATCH]
