"""How many promises were kept in a period, counted by the database: for periods that are compared with, not laid open (8.4.b.2)."""

from __future__ import annotations

from collections.abc import Callable

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Count

from ops_delivery.domain import attainment
from ops_delivery.services.clocks import figures
from ops_delivery.services.shared import site_time


def by_commitment(scope: figures.Scope, which: Callable[[DocType], Criterion] | None = None) -> dict[str, attainment.Figures]:
	"""The figures of each commitment as attainment.by() of figures.outcomes() has them, without the times. Two queries.

	`which`: a further condition on the clocks.
	"""
	clock = frappe.qb.DocType("Service Clock")
	going = (clock.state == "Running") & (clock.breached == 0)
	where = _where(clock, scope)
	if which:
		where &= which(clock)
	settled = (
		frappe.qb.from_(clock)
		.select(clock.commitment, clock.state, clock.breached, Count("*").as_("number"))
		.where(where & going.negate())
		.groupby(clock.commitment, clock.state, clock.breached)
	).run(as_dict=True)
	counts: dict[str, list[int]] = {}
	for row in settled:
		place = 1 if row.breached else 0 if row.state == "Met" else 2
		counts.setdefault(row.commitment, [0, 0, 0])[place] += row.number
	now = site_time.utc_now()
	# a deadline is compared as an instant, which the database cannot where an hour occurs twice
	for row in frappe.qb.from_(clock).select(clock.commitment, clock.state, clock.breached, clock.due_on).where(where & going).run(as_dict=True):
		counts.setdefault(row.commitment, [0, 0, 0])[1 if figures.is_missed(row, now) else 2] += 1
	return {name: attainment.figures(*counts[name], []) for name in sorted(counts)}


def _where(clock: DocType, scope: figures.Scope) -> Criterion:
	first, after = scope.moments
	names = scope.agreement if isinstance(scope.agreement, list) else [scope.agreement]
	issue = frappe.qb.DocType("Issue")
	readable = frappe.qb.from_(issue).select(issue.name).where(figures.permitted("Issue"))
	return (
		(clock.started_on >= first)
		& (clock.started_on < after)
		& (clock.state != "Cancelled")
		& clock.agreement.isin(names)
		& figures.permitted("Service Clock")
		& ((clock.reference_doctype != "Issue") | clock.reference_name.isin(readable))
	)
