"""Response support in figures: attainment, quantity, distribution and trend (clauses 5.3.d, 8.4.a.1, 8.4.b.2).

Reads Service Clocks and Issues in sets and leaves the judging to `domain.attainment`. A period is meant inclusively,
by the day on which a clock started (promises) or a request was reported (requests). What a user may not read is not
counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.desk.reportview import build_match_conditions
from frappe.query_builder import Case, Criterion, DocType
from frappe.query_builder.functions import Coalesce, Count
from frappe.utils import getdate
from pypika.terms import LiteralValue

from ops_delivery.domain import attainment
from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.services.clocks import unmeasured
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared import site_time

MONTHS = 6  # how far back a period reaches when none is given
DIMENSIONS = ("priority", "category", "object", "customer", "agreement", "month", "channel")
# how the queries call what they group requests and clocks by: that field of Issue, and of Service Clock
OF_ISSUE = {"category": "issue_type", "object": "ops_object", "channel": "ops_channel"}
OF_CLOCK = ("priority", "customer", "agreement")
ACTED_ON = ("Alarm", "Manager Route", "Expert Route")  # kinds of escalation that somebody has to acknowledge


@dataclass(frozen=True)
class Scope:
	"""What is counted; None means any. Dates are the site's, or those of `zone` (code alone gives one), both included."""

	from_date: date
	to_date: date
	company: str | None = None
	customer: str | None = None
	agreement: str | list[str] | None = None  # or several, as the versions of one
	commitment: str | None = None
	priority: str | None = None
	zone: str | None = None

	@classmethod
	def of(cls, filters: Mapping[str, Any] | Scope | None) -> Scope:
		"""From a report's filters; the last six months (whole months, this one too) where no period is given."""
		if isinstance(filters, Scope):
			return filters
		known = {f.name: (filters or {}).get(f.name) or None for f in fields(cls) if f.name != "zone"}
		known["to_date"] = getdate(known["to_date"]) if known["to_date"] else site_time.site_now().date()
		known["from_date"] = (
			getdate(known["from_date"]) if known["from_date"] else months_before(known["to_date"], MONTHS - 1)
		)
		if known["from_date"] > known["to_date"]:
			frappe.throw(
				_(
					"The period ends ({0}) before it begins ({1}). Set From Date to the earlier of the two."
				).format(frappe.format(known["to_date"], "Date"), frappe.format(known["from_date"], "Date")),
				title=_("Period reversed"),
			)
		return cls(**known)

	@property
	def moments(self) -> tuple[datetime, datetime]:
		"""The first moment of the period and the first after it, as the site stores them."""
		zone = ZoneInfo(self.zone) if self.zone else site_time.site_zone()
		first, after = (
			site_time.to_site(datetime.combine(day, time.min, tzinfo=zone))
			for day in (self.from_date, self.to_date + timedelta(days=1))
		)
		return first, after


def outcomes(filters: Mapping[str, Any] | Scope | None = None) -> list[attainment.Outcome]:
	"""What came of every clock in the scope (cancelled ones are none); `keys` hold the DIMENSIONS, `record` and `doctype` (what is
	measured) and `clock`.

	A clock that is still going counts as missed from its deadline on, not only from the next event on.
	"""
	now = site_time.utc_now()
	return [_outcome(row, now) for row in _clock_rows(Scope.of(filters))]


def requests(filters: Mapping[str, Any] | None = None) -> frappe._dict:
	"""Requests reported in the period: total, valid, invalid, open, closed, reopened, not_measured (of an agreement, but
	without any clock), and `reopen_rate`, the reopened ones' share of those once offered as resolved (0..1, None where
	none was)."""
	return counted(_request_rows(Scope.of(filters)))


def counted(rows: list[frappe._dict]) -> frappe._dict:
	"""The same of requests as rows: status, validity, acceptance, reopened, not_measured."""
	offered = [r for r in rows if r.acceptance or r.reopened or r.status in ISSUE_ENDED]
	offered = [r for r in offered if r.validity != "Invalid"]
	reopened = sum(r.reopened > 0 for r in offered)
	return frappe._dict(
		total=len(rows),
		valid=sum(r.validity == "Valid" for r in rows),
		invalid=sum(r.validity == "Invalid" for r in rows),
		open=sum(r.status not in ISSUE_ENDED for r in rows),
		closed=sum(r.status == "Closed" for r in rows),
		reopened=reopened,
		not_measured=sum(bool(r.not_measured) for r in rows),
		reopen_rate=reopened / len(offered) if offered else None,
	)


def distribution(dimension: str, filters: Mapping[str, Any] | None = None) -> dict[str, int]:
	"""How many requests fall to each priority, category, object … ("" where it is not set), the largest first;
	months in their order."""
	if dimension not in DIMENSIONS:
		frappe.throw(
			_("Requests are not counted by {0}. Choose one of: {1}.").format(
				frappe.bold(frappe.utils.escape_html(dimension)), ", ".join(DIMENSIONS)
			)
		)
	counted = Counter(row[dimension] or "" for row in _request_rows(Scope.of(filters)))
	order = sorted(counted) if dimension == "month" else [key for key, _n in counted.most_common()]
	return {key: counted[key] for key in order}


def trend(filters: Mapping[str, Any] | None = None) -> dict[str, attainment.Figures]:
	"""The figures of each month ("2026-10") in which clocks started."""
	return attainment.by(outcomes(filters), "month")


def escalations(filters: Mapping[str, Any] | None = None) -> dict[str, dict[str, int]]:
	"""Warnings, alarms and escalations fired in the period: `fired` and `acknowledged` of each kind."""
	scope = Scope.of(filters)
	log, clock = DocType("Escalation Log"), DocType("Service Clock")
	first, after = scope.moments
	query = (
		frappe.qb.from_(log)
		.left_join(clock)
		.on(clock.name == log.clock)
		.select(log.kind, log.acknowledged, Count("*").as_("number"))
		.where((log.fired_on >= first) & (log.fired_on < after))
		.where(_equals(scope, customer=log.customer, agreement=log.agreement, commitment=log.commitment))
		.where(_equals(scope, priority=clock.priority))
		.where(permitted("Escalation Log"))
		.groupby(log.kind, log.acknowledged)
		.orderby(log.kind)
	)
	found: dict[str, dict[str, int]] = {}
	for row in _company(query, scope, log.agreement).run(as_dict=True):
		kind = found.setdefault(row.kind, {"fired": 0, "acknowledged": 0})
		kind["fired"] += row.number
		kind["acknowledged"] += row.number if row.acknowledged else 0
	return found


def acceptances(filters: Mapping[str, Any] | None = None) -> dict[str, int]:
	"""How the customers answered: requests for acceptance made in the period, by their state (8.4.a.1)."""
	scope = Scope.of(filters)
	asked, issue = DocType("Service Acceptance"), DocType("Issue")
	first, after = scope.moments
	query = (
		frappe.qb.from_(asked)
		.left_join(issue)
		.on((issue.name == asked.reference_name) & (asked.reference_doctype == "Issue"))
		.select(asked.state, Count("*").as_("number"))
		.where((asked.requested_on >= first) & (asked.requested_on < after))
		.where(_equals(scope, customer=asked.customer, agreement=asked.agreement, priority=issue.priority))
		.where(permitted("Service Acceptance"))
		.groupby(asked.state)
		.orderby(asked.state)
	)
	return {row.state: row.number for row in _company(query, scope, asked.agreement).run(as_dict=True)}


def is_missed(clock: Mapping[str, Any], now: datetime) -> bool:
	"""Whether a stored clock has used more than its target by `now` (an instant).

	`breached` is as of its last event; from then on a running clock's deadline tells.
	"""
	overdue = clock["state"] == "Running" and site_time.has_passed(clock["due_on"], now)
	return bool(clock["breached"] or overdue)


def permitted(doctype: str) -> Criterion:
	"""What the session's user may read of a type, as a condition for a query over it (its table not aliased)."""
	conditions = build_match_conditions(doctype)
	return LiteralValue(f"({conditions})") if conditions else LiteralValue("1=1")


def _clock_rows(scope: Scope) -> list[frappe._dict]:
	clock, issue, thing = DocType("Service Clock"), DocType("Issue"), DocType("Service Object")
	first, after = scope.moments
	query = (
		frappe.qb.from_(clock)
		.left_join(issue)
		.on((issue.name == clock.reference_name) & (clock.reference_doctype == "Issue"))
		.left_join(thing)
		.on(thing.name == issue.ops_object)
		.select(clock.name.as_("clock"), clock.reference_doctype.as_("doctype"))
		.select(clock.reference_name.as_("record"), clock.commitment, clock.priority, clock.state)
		.select(clock.breached, clock.due_on, clock.target, clock.elapsed, clock.started_on)
		.select(clock.customer, clock.agreement, issue.issue_type.as_("category"))
		.select(issue.ops_channel.as_("channel"), Coalesce(thing.object_name, issue.ops_object).as_("object"))
		.where((clock.started_on >= first) & (clock.started_on < after) & (clock.state != "Cancelled"))
		.where(clock.agreement != "")  # own terms are no promise to a customer
		.where(
			_equals(
				scope,
				customer=clock.customer,
				agreement=clock.agreement,
				commitment=clock.commitment,
				priority=clock.priority,
			)
		)
		.where(permitted("Service Clock"))
		.where((clock.reference_doctype != "Issue") | permitted("Issue"))
		.orderby(clock.started_on)
		.orderby(clock.name)
	)
	rows = _company(query, scope, clock.agreement).run(as_dict=True)
	readership.withhold("Issue", rows, OF_ISSUE | {"priority": "priority", "customer": "customer"})
	readership.withhold("Service Clock", rows, OF_CLOCK)
	return rows


def _outcome(row: frappe._dict, now: datetime) -> attainment.Outcome:
	stopped = row.state == "Met"
	missed = is_missed(row, now)
	month = row.started_on.strftime("%Y-%m")
	return attainment.Outcome(
		commitment=row.commitment,
		priority=row.priority or "",
		started=site_time.to_utc(row.started_on),
		target=int(row.target or 0),
		elapsed=int(row.elapsed or 0),
		status=attainment.BREACHED if missed else attainment.MET if stopped else attainment.RUNNING,
		keys={k: row[k] or "" for k in ("record", "doctype", "clock", *DIMENSIONS) if k != "month"} | {"month": month},
		open=not stopped,
	)


def _request_rows(scope: Scope) -> list[frappe._dict]:
	issue, thing = DocType("Issue"), DocType("Service Object")
	query = (
		frappe.qb.from_(issue)
		.left_join(thing)
		.on(thing.name == issue.ops_object)
		.select(issue.name, issue.status, issue.priority, issue.customer, issue.opening_date)
		.select(issue.issue_type.as_("category"), issue.ops_agreement.as_("agreement"))
		.select(issue.ops_channel.as_("channel"), Coalesce(thing.object_name, issue.ops_object).as_("object"))
		.select(issue.ops_validity.as_("validity"), issue.ops_acceptance_status.as_("acceptance"))
		.select(Coalesce(issue.ops_reopen_count, 0).as_("reopened"))
		.select(Case().when(unmeasured.without_clock(issue), 1).else_(0).as_("not_measured"))
		.where(issue.opening_date[scope.from_date : scope.to_date])
		.where(_equals(scope, company=issue.company, customer=issue.customer, priority=issue.priority))
		.where(_equals(scope, agreement=issue.ops_agreement))
		.where(permitted("Issue"))
		.orderby(issue.opening_date)
		.orderby(issue.name)
	)
	rows = query.run(as_dict=True)
	for row in rows:
		row.month = row.opening_date.strftime("%Y-%m")
	readership.withhold(
		"Issue",
		rows,
		OF_ISSUE | {"priority": "priority", "customer": "customer", "agreement": "ops_agreement"},
	)
	return rows


def _equals(scope: Scope, **columns) -> Criterion:
	wanted = {name: getattr(scope, name) for name in columns}
	return Criterion.all(
		[
			col.isin(wanted[name]) if isinstance(wanted[name], list) else col == wanted[name]
			for name, col in columns.items()
			if wanted[name]
		]
	)


def _company(query, scope: Scope, agreement_column):
	"""Records of the engine know their company through the agreement."""
	if not scope.company:
		return query
	agreement = DocType("Service Agreement")
	return (
		query.join(agreement).on(agreement.name == agreement_column).where(agreement.company == scope.company)
	)


def months_before(day: date, months: int) -> date:
	"""The first day of the month that lies `months` before that of `day`."""
	index = day.year * 12 + day.month - 1 - months
	return date(index // 12, index % 12 + 1, 1)
