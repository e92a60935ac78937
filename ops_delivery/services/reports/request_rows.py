"""The requests that a period has to do with, read at once: reported in it, resolved in it, or open at its end (8.4.b.2).

A request that is over counts as resolved when its resolution was noted, else when it was last changed. What is over is asked of its state
as it is now, so a report that is made later shows a late closing as that.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import frappe
from frappe.query_builder import Case, Criterion, CustomFunction, DocType
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import flt

from ops_delivery.domain.periods import Span
from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.framework import issue_field
from ops_delivery.services.clocks import figures, unmeasured
from ops_delivery.services.reports.period import Period
from ops_delivery.services.reviews import readership

ISSUE = "Issue"
MOMENT = CustomFunction("TIMESTAMP", ["day", "time"])
SHOWN = figures.OF_ISSUE | {name: name for name in ("subject", "priority", "status")} | {"reason": "ops_pause_reason"}


def read(period: Period) -> list[frappe._dict]:
	"""Rows with name, `reported`, `over` (None: not over), subject, status, priority, category, channel, object, reason, validity, acceptance,
	reopened and not_measured; the oldest first. One query."""
	return period.once("requests", lambda: _read(period))


def sums(period: Period, spans: list[Span]) -> list[dict[str, int]]:
	"""How many were received, resolved, and open at the end, of each of some periods; counted by the database in one query."""
	issue = frappe.qb.DocType(ISSUE)
	query = frappe.qb.from_(issue).where(issue.ops_agreement.isin(period.names) & figures.permitted(ISSUE))
	reported, over, ended = _reported(issue), _over(issue), issue.status.isin(ISSUE_ENDED)
	for place, span in enumerate(spans):
		first, after = period.scope_of(span).moments
		counted = {
			"received": (reported >= first) & (reported < after),
			"resolved": ended & (over >= first) & (over < after) & (reported < after),
			"open": (reported < after) & (ended.negate() | (over >= after)),
		}
		for name, condition in counted.items():
			query = query.select(Sum(Case().when(condition, 1).else_(0)).as_(f"{name}_{place}"))
	row = query.run(as_dict=True)[0] if spans else {}
	return [{name: int(flt(row[f"{name}_{place}"])) for name in ("received", "resolved", "open")} for place in range(len(spans))]


def _read(period: Period) -> list[frappe._dict]:
	issue, thing = frappe.qb.DocType(ISSUE), frappe.qb.DocType("Service Object")
	first, after = period.moments
	touched = (issue.opening_date >= first.date()) | issue.status.notin(ISSUE_ENDED) | (_over(issue) >= first)
	rows = (
		frappe.qb.from_(issue)
		.left_join(thing)
		.on(thing.name == issue.ops_object)
		.select(issue.name, issue.subject, issue.status, issue.priority, issue.opening_date, issue.opening_time)
		.select(issue.issue_type.as_("category"), issue.ops_channel.as_("channel"), _over(issue).as_("over"))
		.select(Coalesce(thing.object_name, issue.ops_object).as_("object"), issue.ops_pause_reason.as_("reason"))
		.select(issue.ops_validity.as_("validity"), issue.ops_acceptance_status.as_("acceptance"))
		.select(Coalesce(issue.ops_reopen_count, 0).as_("reopened"))
		.select(Case().when(unmeasured.without_clock(issue), 1).else_(0).as_("not_measured"))
		.where(issue.ops_agreement.isin(period.names) & figures.permitted(ISSUE))
		.where((issue.opening_date <= after.date()) & touched)
		.orderby(issue.opening_date)
		.orderby(issue.opening_time)
		.orderby(issue.name)
	).run(as_dict=True)
	for row in rows:
		row.reported = datetime.combine(row.opening_date, time.min) + (row.opening_time or timedelta())
		row.over = row.over if row.status in ISSUE_ENDED else None
	found = [row for row in rows if row.reported < after and (row.reported >= first or row.over is None or row.over >= first)]
	readership.withhold(ISSUE, found, SHOWN)
	return found


def _reported(issue: DocType) -> Any:
	return MOMENT(issue.opening_date, Coalesce(issue.opening_time, "00:00:00"))


def _over(issue: DocType) -> Any:
	return Coalesce(issue[issue_field("resolution_date")], issue.modified)
