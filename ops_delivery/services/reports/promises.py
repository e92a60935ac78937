"""The clocks of a period: what came of each, and which of them do not count and why (5.3.d, 8.4.b.2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Coalesce
from frappe.utils import cstr

from ops_delivery.domain import attainment
from ops_delivery.domain.attainment import Outcome
from ops_delivery.domain.service_report.model import Said, label, said
from ops_delivery.services.clocks import figures
from ops_delivery.services.reports import confidential
from ops_delivery.services.reports.period import Period
from ops_delivery.services.shared import site_time
from ops_delivery.services.shared.locale import text

CLOCK, EVENT = "Service Clock", "Service Clock Event"


def outcomes(period: Period) -> list[Outcome]:
	"""What came of each clock that began in the period; of a confidential complaint's nothing is told."""
	return period.once("outcomes", lambda: _without_secrets(figures.outcomes(period.scope)))


def missed(period: Period) -> list[Outcome]:
	"""Those that were missed, in the order in which they began."""
	return [one for one in outcomes(period) if one.status == attainment.BREACHED]


def _without_secrets(found: list[Outcome]) -> list[Outcome]:
	hidden = confidential.left_out((one.keys["doctype"], one.keys["record"]) for one in found)
	return [one for one in found if (one.keys["doctype"], one.keys["record"]) not in hidden] if hidden else found


def listed(period: Period, state: Any, **more: Any) -> dict[str, Any] | None:
	"""The list of clocks that began in the period in a state; None where its days are not those of the site."""
	if not period.is_in_site_zone:
		return None
	days = ["between", [str(period.span.first), str(period.span.last)]]
	return {"agreement": ["in", list(period.names)], "started_on": days, "state": state, **more}


def decided_later(period: Period) -> int:
	"""How many were decided only after the period had ended: stopped then, or missed then. One query."""
	clock = frappe.qb.DocType(CLOCK)
	_first, after = period.moments
	names = [one.keys["clock"] for one in outcomes(period) if one.status != attainment.RUNNING]
	if not names or site_time.site_now() < after:
		return 0
	moment = Coalesce(clock.breached_on, clock.stopped_on, clock.due_on)
	later = frappe.qb.from_(clock).select(clock.name).where(moment >= after).where(_began(clock, period)).run(pluck=True)
	return len(set(later).intersection(names))


def of_deleted(period: Period) -> int:
	"""How many are of records that are there no more. One query a type."""
	found = outcomes(period)
	gone: set[str] = set()
	for doctype in sorted({one.keys["doctype"] for one in found}):
		gone.update(_without_record(doctype, period))
	return sum(one.keys["clock"] in gone for one in found)


def _without_record(doctype: str, period: Period) -> list[str]:
	clock = frappe.qb.DocType(CLOCK)
	query = frappe.qb.from_(clock).select(clock.name).where(_began(clock, period) & (clock.reference_doctype == doctype))
	if frappe.db.exists("DocType", doctype):
		record = frappe.qb.DocType(doctype)
		query = query.left_join(record).on(record.name == clock.reference_name).where(record.name.isnull())
	return query.run(pluck=True)


def _began(clock: DocType, period: Period) -> Criterion:
	first, after = period.moments
	return (clock.started_on >= first) & (clock.started_on < after) & clock.agreement.isin(period.names)


def excluded(period: Period) -> list[frappe._dict]:
	"""The clocks that were cancelled, so that they count for nothing: clock, commitment, agreement, record, `why` (a sentence). Two queries."""
	return period.once("excluded", lambda: _excluded(period))


def _excluded(period: Period) -> list[frappe._dict]:
	clock, issue = frappe.qb.DocType(CLOCK), frappe.qb.DocType("Issue")
	rows = (
		frappe.qb.from_(clock)
		.left_join(issue)
		.on((issue.name == clock.reference_name) & (clock.reference_doctype == "Issue"))
		.select(clock.name, clock.commitment, clock.agreement, clock.reference_doctype.as_("doctype"), clock.reference_name.as_("record"))
		.select(issue.ops_validity.as_("validity"))
		.where(_began(clock, period) & (clock.state == "Cancelled") & figures.permitted(CLOCK))
		.where((clock.reference_doctype != "Issue") | figures.permitted("Issue"))
		.where(confidential.told(clock, "reference_doctype", "reference_name"))
		.orderby(clock.started_on)
		.orderby(clock.name)
	).run(as_dict=True)
	reasons = _reasons(row.name for row in rows)
	for row in rows:
		row.why = _why(row.validity, reasons.get(row.name, ""))
	return rows


def _reasons(clocks: Iterable[str]) -> dict[str, str]:
	"""Clock -> why it was cancelled last, where that was noted."""
	names = list(clocks)
	if not names:
		return {}
	event = frappe.qb.DocType(EVENT)
	rows = (
		frappe.qb.from_(event)
		.select(event.clock, event.reason)
		.where(event.clock.isin(names) & (event.kind == "Cancelled"))
		.orderby(event.clock)
		.orderby(event.seq)
	).run()
	return {clock: text(cstr(reason)).strip() for clock, reason in rows}


def _why(validity: str | None, reason: str) -> Said:
	if validity == "Invalid":
		return said(label("The request was judged not to be one"))
	return said("{0}", reason) if reason else said(label("What it measures was not asked for any more"))
