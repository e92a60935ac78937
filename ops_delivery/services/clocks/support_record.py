"""The record of response support: every request with its course, people, times and result (5.3.b, 8.4.b.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

import frappe
from frappe.query_builder import DocType

from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.clocks import figures
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared import site_time
from ops_delivery.services.shared.locale import plain_lines
from ops_delivery.services.shared.user_names import full_names

# what the query calls otherwise than the field of Issue that it shows
SHOWN = {
	**{name: name for name in ("subject", "status", "priority", "customer", "resolution_details")},
	"reported": "opening_date",
	"category": "issue_type",
	"channel": "ops_channel",
	"validity": "ops_validity",
	"invalid_reason": "ops_invalid_reason",
	"urgency": "ops_urgency",
	"importance": "ops_importance",
	"acceptance": "ops_acceptance_status",
	"reopened": "ops_reopen_count",
	"agreement": "ops_agreement",
	"object": "ops_object",
}


def lines(filters: Mapping[str, Any] | None = None) -> list[frappe._dict]:
	"""One line a request reported in the period, the oldest first.

	`took`: working seconds by commitment, of the clocks that have stopped; `missed`: commitments whose target was used
	up, in the order in which they fall due; `assignees`: full names.
	"""
	filters = frappe._dict(filters or {})
	scope = figures.Scope.of(filters)
	issues = _issues(filters, scope)
	clocks = _clocks(filters, scope)
	order = agreement_metrics.commitment_order()
	now = site_time.utc_now()
	for issue in issues:
		issue.reported = datetime.combine(issue.opening_date, time.min) + (issue.opening_time or timedelta())
	readership.withhold("Issue", issues, SHOWN)
	for issue in issues:
		own = clocks.get(issue.name, {})
		issue.took = {name: int(row.elapsed or 0) for name, row in own.items() if row.state == "Met"}
		issue.missed = [name for name in order if name in own and figures.is_missed(own[name], now)]
		resolution = own.get("Resolution")
		issue.resolved = resolution.stopped_on if resolution and resolution.state == "Met" else None
		issue.assignees = json.loads(issue.assigned or "[]")
		invalid = issue.validity == "Invalid"
		issue.result = plain_lines(issue.invalid_reason if invalid else issue.resolution_details)
	names = full_names({user for issue in issues for user in issue.assignees})
	for issue in issues:
		issue.assignees = [names.get(user, user) for user in issue.assignees]
	return issues


def _issues(filters: frappe._dict, scope: figures.Scope) -> list[frappe._dict]:
	issue, thing = DocType("Issue"), DocType("Service Object")
	query = (
		frappe.qb.from_(issue)
		.left_join(thing)
		.on(thing.name == issue.ops_object)
		.select(issue.name, issue.subject, issue.status, issue.priority, issue.customer)
		.select(issue.opening_date, issue.opening_time, issue.resolution_details)
		.select(issue.issue_type.as_("category"), issue.ops_channel.as_("channel"))
		.select(issue.ops_validity.as_("validity"), issue.ops_invalid_reason.as_("invalid_reason"))
		.select(issue.ops_urgency.as_("urgency"), issue.ops_importance.as_("importance"))
		.select(issue.ops_acceptance_status.as_("acceptance"), issue.ops_reopen_count.as_("reopened"))
		.select(issue.ops_agreement.as_("agreement"), issue._assign.as_("assigned"))
		.select(thing.object_name.as_("object"))
		.where(issue.opening_date[scope.from_date : scope.to_date])
		.where(figures.permitted("Issue"))
		.orderby(issue.opening_date)
		.orderby(issue.opening_time)
		.orderby(issue.name)
	)
	wanted = {
		"company": issue.company,
		"customer": issue.customer,
		"agreement": issue.ops_agreement,
		"priority": issue.priority,
		"status": issue.status,
		"validity": issue.ops_validity,
	}
	for fieldname, column in wanted.items():
		if filters.get(fieldname):
			query = query.where(column == filters[fieldname])
	return query.run(as_dict=True)


def _clocks(filters: frappe._dict, scope: figures.Scope) -> dict[str, dict[str, frappe._dict]]:
	"""The clocks of the period's requests by request and commitment, read at once."""
	clock, issue = DocType("Service Clock"), DocType("Issue")
	query = (
		frappe.qb.from_(clock)
		.join(issue)
		.on((issue.name == clock.reference_name) & (clock.reference_doctype == "Issue"))
		.select(clock.reference_name, clock.commitment, clock.state, clock.breached, clock.due_on)
		.select(clock.elapsed, clock.stopped_on)
		.where(issue.opening_date[scope.from_date : scope.to_date])
		.where((clock.state != "Cancelled") & figures.permitted("Service Clock"))
		.orderby(clock.started_on)
	)
	if filters.customer:
		query = query.where(issue.customer == filters.customer)
	found: dict[str, dict[str, frappe._dict]] = {}
	for row in query.run(as_dict=True):
		found.setdefault(row.reference_name, {})[row.commitment] = row
	return found
