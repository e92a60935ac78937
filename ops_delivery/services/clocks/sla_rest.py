"""What becomes of Issues' clocks when the site lets ERPNext's SLA measure Issues, and when it takes them back.

Never both rules: while ERPNext's SLA measures an Issue, no clock of it is evaluated, and those that ran are paused with
that reason, so that no deadline, trigger or figure of ours goes on. What was counted stays; when Service Agreements
measure it again, the clocks go on from the remaining budget. What ERPNext had on the Issue is given back (clocks/takeover.py).
"""

from __future__ import annotations

import frappe
from frappe import _

from ops_delivery.domain.clock import Kind
from ops_delivery.permissions import switches
from ops_delivery.services.clocks import failures as clock_failures
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks import takeover
from ops_delivery.services.clocks.changes import CALENDARS, Change, happen
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import job_queue as queueing
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import utc_now

BATCH = 200


def later() -> None:
	"""Have the clocks of Issues follow the site's choice after the commit; a queue that is down blocks no save."""
	method = "ops_delivery.services.clocks.sla_rest.follow_choice"
	queueing.enqueue_after_commit(method, queue="long", job_id="ops_follow_rule_choice", deduplicate=True)


@in_site_language
def follow_choice() -> int:
	"""Pause the running clocks of Issues that are not ours, evaluate the paused ones of those that are; how many. Issues
	that are not ours (any more) get back what ERPNext's rule had written."""
	done = rest()
	takeover.give_back_what_left()
	return done + (_wake() if switches.now().rule != switches.THEIRS else 0)


def rest() -> int:
	"""Pause every running clock of an Issue that is not ours. Batches are committed one by one; a second run goes on."""
	if switches.now().rule not in (switches.THEIRS, switches.IN_GROUPS):
		return 0  # an Issue that has clocks is ours
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
				clock_failures.note(row.reference_doctype, row.reference_name)
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
			_take_over_again(name)
			done += clocks.refresh("Issue", name)
		except Exception:
			frappe.db.rollback(save_point="ops_wake")
			clock_failures.note("Issue", name)
		frappe.db.commit()
	return done


def _take_over_again(name: str) -> None:
	"""What ERPNext has written on an Issue that was given back to it is kept before ours is written over it."""
	if takeover.was_given_back(name) or frappe.db.get_value("Issue", name, "service_level_agreement"):
		issue = frappe.get_doc("Issue", name)
		if ours.is_ours(issue):
			takeover.keep(issue, issue.ops_agreement)


def _running(skip: set[str]) -> list[str]:
	"""Running clocks of Issues that are not ours."""
	clock, issue, customer = (frappe.qb.DocType(name) for name in ("Service Clock", "Issue", "Customer"))
	query = (
		frappe.qb.from_(clock)
		.select(clock.name)
		.where((clock.reference_doctype == "Issue") & (clock.state == "Running"))
		.orderby(clock.name)
		.limit(BATCH + len(skip))
	)
	found = switches.now()
	if found.rule == switches.IN_GROUPS:
		groups = sorted(found.groups.get(switches.RULE, ()))
		query = (
			query.left_join(issue)
			.on(issue.name == clock.reference_name)
			.left_join(customer)
			.on(customer.name == issue.customer)
			.where(customer.customer_group.isnull() | customer.customer_group.notin(groups or [""]))
		)
	return [name for name in query.run(pluck=True) if name not in skip][:BATCH]
