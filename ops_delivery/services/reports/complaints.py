"""The section of complaints: how many, never which or by whom; those made in confidence are in no report (5.4.d)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import frappe
from frappe.query_builder import Criterion, DocType

from ops_delivery.domain.complaint import CLOSED, ENDED, RESULTS
from ops_delivery.domain.service_report.model import (
	NUMBER,
	STATE,
	Column,
	Figure,
	Section,
	Sources,
	Table,
	label,
	said,
)
from ops_delivery.permissions.confidential import COMPLAINT
from ops_delivery.services.clocks.figures import permitted
from ops_delivery.services.reports import confidential
from ops_delivery.services.reports.lists import nothing
from ops_delivery.services.reports.period import Period

SEVERITIES = (
	Column("severity", label("Severity"), STATE, COMPLAINT),
	Column("received", label("Received"), NUMBER),
	Column("open", label("Open at the End"), NUMBER),
)
WITHOUT = label("Complaints that were made in confidence are told of in no report; they have a course of their own.")


def collect(period: Period) -> Section:
	"""Complaints by the moment they were received and closed; no list and no name leads from here to one, but a list of them for who may read it."""
	rows = _read(period)
	if not rows:
		return nothing("complaints", label("No complaint was received in this period, and none was open in it."), said(WITHOUT))
	first, after = period.moments
	received = [row for row in rows if row.received_on >= first]
	closed = [row for row in rows if row.status in ENDED and row.closed_on and row.closed_on < after]
	opened = [row for row in rows if row not in closed]
	results = Counter(row.result for row in closed if row.status == CLOSED)
	return Section(
		"complaints",
		figures=(
			Figure("received", label("Received"), len(received), NUMBER, _before(period), sources=_sources(period, len(received))),
			Figure("closed", label("Closed"), len(closed)),
			Figure("open", label("Open at the End"), len(opened)),
			Figure("justified", label("Justified, wholly or partly"), sum(results[name] for name in RESULTS[:2])),
			Figure("appealed", label("Appealed"), sum(row.round > 1 for row in rows)),
		),
		tables=(_severities(received, opened),),
		notes=(said(WITHOUT),),
	)


def _read(period: Period) -> list[frappe._dict]:
	table = frappe.qb.DocType(COMPLAINT)
	first, after = period.moments
	return (
		frappe.qb.from_(table)
		.select(table.severity, table.status, table.received_on, table.closed_on, table.result, table.round)
		.where(_told(table, period) & (table.received_on < after))
		.where((table.received_on >= first) | table.closed_on.isnull() | (table.closed_on >= first))
		.orderby(table.received_on)
		.orderby(table.name)
	).run(as_dict=True)


def _told(table: DocType, period: Period) -> Criterion:
	return table.agreement.isin(period.names) & confidential.secret(COMPLAINT, table).negate() & permitted(COMPLAINT)


def _before(period: Period) -> int | None:
	if not period.before:
		return None
	table = frappe.qb.DocType(COMPLAINT)
	first, after = period.scope_of(period.before).moments
	rows = frappe.qb.from_(table).select(table.name).where(_told(table, period) & (table.received_on >= first) & (table.received_on < after)).run()
	return len(rows)


def _sources(period: Period, count: int) -> Sources:
	"""Without names: the list shows each reader what they may read."""
	days = [str(period.span.first), str(period.span.last)]
	return Sources(COMPLAINT, filters={"agreement": ["in", list(period.names)], "anonymous": 0, "received_on": ["between", days]}, count=count)


def _severities(received: list[Any], opened: list[Any]) -> Table:
	came, still = Counter(row.severity for row in received), Counter(row.severity for row in opened)
	rows = [{"severity": name, "received": came[name], "open": still[name]} for name in ("Ordinary", "Serious", "Critical") if came[name] or still[name]]
	return Table("severities", label("By severity"), SEVERITIES, tuple(rows))
