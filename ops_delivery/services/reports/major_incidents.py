"""The section of major incidents: their course, cause, measures and state (8.3.b.5).

A request is a major incident by its priority: from that on which the agreement promises a report of it, else the highest one of its matrix.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import get_datetime

from ops_delivery.domain.deliverables.promise import AFTER_INCIDENT
from ops_delivery.domain.service_report.model import (
	HOURS,
	MOMENT,
	RECORD,
	STATE,
	TEXT,
	Column,
	Figure,
	Section,
	Sources,
	Table,
	label,
	said,
	typed,
)
from ops_delivery.services.reports import misses, request_rows
from ops_delivery.services.reports.lists import nothing, number
from ops_delivery.services.reports.period import Period, moment_text

ISSUE = "Issue"
MOST = 50
MOMENTS = ("first_responded_on", "ops_arrived_on", "ops_restored_on")
COLUMNS = (
	Column("record", label("Request"), RECORD, ISSUE),
	Column("subject", label("Subject"), TEXT),
	Column("object", label("Object"), TEXT),
	Column("reported", label("Reported"), MOMENT),
	Column("responded", label("First Response"), MOMENT),
	Column("arrived", label("Arrived"), MOMENT),
	Column("restored", label("Restored"), MOMENT),
	Column("resolved", label("Resolved"), MOMENT),
	Column("hours", label("Hours until Restored"), HOURS),
	Column("cause", label("Cause"), TEXT),
	Column("measure", label("Measure"), TEXT),
	Column("status", label("State"), STATE, ISSUE),
)


def collect(period: Period) -> Section:
	"""The major incidents that were reported in the period, or not over when it began."""
	wanted = priorities(period)
	rows = [row for row in request_rows.read(period) if row.priority in wanted and row.validity != "Invalid"]
	if not rows:
		return nothing("major_incidents", label("There was no major incident in this period."))
	first, after = period.moments
	shown = [_row(row) for row in _with_course(rows)]
	causes = misses.causes((ISSUE, row["record"]) for row in shown[:MOST])
	for row in shown[:MOST]:
		cause, measure = causes.get((ISSUE, row["record"]), ("", ""))
		row.update({"cause": cause or None, "measure": measure or None})
	hours = [row["hours"] for row in shown if row["hours"] is not None]
	opened = [row for row in rows if row.over is None or row.over >= after]
	return Section(
		"major_incidents",
		figures=(
			number("reported", label("Reported"), ISSUE, [row for row in rows if row.reported >= first]),
			number("open", label("Open at the End"), ISSUE, opened),
			Figure("longest", label("Longest until restored"), max(hours, default=None), HOURS, sources=Sources.of(ISSUE, [row["record"] for row in shown if hours and row["hours"] == max(hours)])),
		),
		tables=(Table("incidents", label("Course, cause and measure"), COLUMNS, tuple(shown[:MOST]), cut=max(0, len(shown) - MOST)),),
		notes=(said(label("Requests of the priority {0} or a higher one are major incidents."), typed(STATE, wanted[0], "Issue Priority")),),
	)


def priorities(period: Period) -> list[str]:
	"""The priorities of major incidents, the lowest first; none where the agreement has no matrix."""
	doc = period.agreement
	if not doc.priority_matrix:
		return []
	order = [row.priority for row in frappe.get_cached_doc("Priority Matrix", doc.priority_matrix).priorities]
	least = [order.index(row.priority or order[-1]) for row in doc.get("promised") or () if row.due_when == AFTER_INCIDENT and (row.priority or order[-1]) in order]
	return order[min(least, default=len(order) - 1) :] if order else []


def _with_course(rows: list[Any]) -> list[Any]:
	found = {
		row.name: row
		for row in frappe.get_all(ISSUE, {"name": ["in", [row.name for row in rows]]}, ["name", *MOMENTS], order_by="name", limit_page_length=0)
	}
	for row in rows:
		row.update({field: found[row.name].get(field) if row.name in found else None for field in MOMENTS})
	return rows


def _row(row: Any) -> dict[str, Any]:
	restored = row.ops_restored_on or row.over
	hours = (get_datetime(restored) - row.reported).total_seconds() / 3600 if restored else None
	return {
		"record": row.name,
		"subject": row.subject,
		"object": row.object,
		"reported": moment_text(row.reported),
		"responded": moment_text(row.first_responded_on),
		"arrived": moment_text(row.ops_arrived_on),
		"restored": moment_text(row.ops_restored_on),
		"resolved": moment_text(row.over),
		"hours": hours,
		"status": row.status,
	}
