"""A clock explains itself: what was counted, paused and outside service hours, by which rules (5.3.b, 6.3.e).

The figures come from the ledger alone, with the calendar revisions it names. One read of a record's clocks costs a
fixed number of queries and time proportional to the ledger and the segments it makes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.domain import clock as domain
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.rules.calendars import compiled
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import to_utc, utc_now

FEW = 48  # segments shown one by one; more are grouped by day
MANY_DAYS = 92  # days shown one by one; more are grouped by month
AHEAD = timedelta(days=10)  # how far the form can count on without asking again
KINDS = ("counted", "paused", "closed", "stopped")

CLOCK_FIELDS = (
	"name reference_doctype reference_name commitment customer state breached priority due_on target elapsed"
	" started_on stopped_on breached_on utc_offset agreement calendar calendar_version policy modified set_aside"
).split()
EVENT_FIELDS = (
	"clock seq kind at utc_offset elapsed target due_on priority agreement calendar_version reason user"
).split()


def explain(clock_name: str, at: datetime | None = None) -> dict[str, Any]:
	"""Everything about one clock by `at` (now): facts, segments and ledger.

	Seconds are working time unless the key says `wall`; instants are ISO 8601 in UTC. frappe.DoesNotExistError for an
	unknown clock. A ledger that does not add up gives `problem` instead of segments.
	"""
	rows = frappe.get_all("Service Clock", filters={"name": clock_name}, fields=CLOCK_FIELDS, order_by="name")
	if not rows:
		raise frappe.DoesNotExistError(_("There is no service clock {0}.").format(clock_name))
	return _explain(rows, at or utc_now())[0]


def explain_record(doctype: str, name: str, at: datetime | None = None) -> list[dict[str, Any]]:
	"""The explanations of all clocks of a record, in the order of their commitments."""
	rows = frappe.get_all(
		"Service Clock",
		filters={"reference_doctype": doctype, "reference_name": name},
		fields=CLOCK_FIELDS,
		order_by="creation",
	)
	if not rows:
		return []
	order = frappe.get_all("Service Commitment", pluck="name", order_by="sequence, name")
	rows.sort(key=lambda row: order.index(row.commitment) if row.commitment in order else len(order))
	return _explain(rows, at or utc_now())


def _explain(rows: list[dict], at: datetime) -> list[dict[str, Any]]:
	ledgers: dict[str, list] = {row.name: [] for row in rows}
	for event in frappe.get_all(
		"Service Clock Event",
		filters={"clock": ["in", list(ledgers)]},
		fields=EVENT_FIELDS,
		order_by="clock, seq",
	):
		ledgers[event.clock].append(event)
	events = [event for ledger in ledgers.values() for event in ledger]
	names = _Names(rows, events)
	return [_explain_one(row, ledgers[row.name], at, names) for row in rows]


class _Names:
	"""What the links of several clocks and ledgers lead to, in one query a type."""

	def __init__(self, rows: list[dict], events: list[dict]) -> None:
		versions = {row.calendar_version for row in [*rows, *events]} - {None, ""}
		self.versions = _lookup("Rule Version", versions, ("reference_name", "revision"))
		self.calendars = {name: compiled(name) for name in self.versions}
		self.agreements = _lookup("Service Agreement", {row.agreement for row in rows}, ("title", "version"))
		self.policies = _lookup("Escalation Policy", {row.policy for row in rows}, ("revision",))
		self.customers = _lookup("Customer", {row.customer for row in rows}, ("customer_name",))
		issues = {row.reference_name for row in rows if row.reference_doctype == "Issue"}
		self.mails = _lookup("Issue", issues, ("ops_received_on", "ops_mail_dated_on"))
		self.users = _lookup("User", {event.user for event in events}, ("full_name",))


def _lookup(doctype: str, names: Iterable[str | None], fields: tuple[str, ...]) -> dict[str, dict]:
	names = [name for name in names if name]
	if not names:
		return {}
	found = frappe.get_all(
		doctype, filters={"name": ["in", names]}, fields=["name", *fields], order_by="name"
	)
	return {row.name: row for row in found}


def _explain_one(row: dict, ledger: list[dict], at: datetime, names: _Names) -> dict[str, Any]:
	version = names.versions.get(row.calendar_version) or frappe._dict()
	calendar = names.calendars.get(row.calendar_version)
	agreement = names.agreements.get(row.agreement) or frappe._dict()
	policy = names.policies.get(row.policy) or frappe._dict()
	customer = names.customers.get(row.customer) or frappe._dict()
	zone = calendar.zone if calendar else ""
	is_issue = row.reference_doctype == "Issue"
	mail = (names.mails.get(row.reference_name) if is_issue else None) or frappe._dict()
	life, state, problem = _life(ledger, names.calendars, at)
	elapsed = state.elapsed_at(at, names.calendars) if state else cint(row.elapsed)
	target = state.target if state else cint(row.target)
	due = state.due if state else to_utc(row.due_on, row.utc_offset)
	missed_on = to_utc(row.breached_on) or (state.breached_on(names.calendars, at) if state else None)
	return {
		"clock": row.name,
		"reference_doctype": row.reference_doctype,
		"reference_name": row.reference_name,
		"commitment": row.commitment,
		"customer": row.customer,
		"customer_name": customer.customer_name or row.customer,
		"priority": row.priority,
		"state": row.state,
		"missed": bool(row.breached or elapsed > target),
		"missed_by": max(0, elapsed - target),
		"target": target,
		"elapsed": elapsed,
		"remaining": target - elapsed,
		"paused": sum(s.working for s in life if s.kind == "paused"),
		"now": at.isoformat(),
		"started": _iso(state.started if state else to_utc(row.started_on)),
		"received": _iso(to_utc(mail.ops_received_on)),
		"mail_dated": _iso(to_utc(mail.ops_mail_dated_on)),
		"stopped": _iso(state.stopped if state else to_utc(row.stopped_on)),
		"due": _iso(due),
		"missed_on": _iso(missed_on if elapsed > target or row.breached else None),
		"agreement": row.agreement,
		"agreement_title": agreement.title,
		"agreement_version": agreement.version,
		"calendar": version.reference_name or row.calendar,
		"calendar_revision": version.revision,
		"zone": zone,
		"policy": row.policy,
		"policy_revision": policy.revision,
		"upcoming": _upcoming(row, calendar, at),
		"segments": _shown(life, zone),
		"totals": {kind: sum(s.seconds for s in life if s.kind == kind) for kind in KINDS},
		"events": _lines(ledger, names),
		"problem": problem or row.set_aside or _difference(row, state),
	}


def _life(ledger, calendars, at) -> tuple[list[domain.Segment], domain.Clock | None, str]:
	"""The segments and the state a ledger adds up to, or why it does not."""
	if not ledger:
		return [], None, _("The ledger has no lines.")
	try:
		events = [clock_store.to_event(line) for line in ledger]
		return domain.segments(events, calendars, at), domain.replay(events, calendars), ""
	except DomainError as error:
		return [], None, _("The ledger does not add up: {0}").format(str(error))


def _difference(row: dict, state: domain.Clock | None) -> str:
	"""What the stored clock says other than its ledger, in words; "" when they agree."""
	if not state or (
		state.status.value == row.state
		and state.elapsed == cint(row.elapsed)
		and state.target == cint(row.target)
	):
		return ""
	return _(
		"The stored clock ({0}, {1} used) differs from its ledger ({2}, {3} used). Repair the clocks."
	).format(
		_(row.state, context="Service Clock"),
		wording.duration(row.elapsed),
		_(state.status.value, context="Service Clock"),
		wording.duration(state.elapsed),
	)


def _upcoming(row: dict, calendar, at: datetime) -> list[list[int]]:
	"""The working intervals of the next days in epoch seconds: with them a form counts without asking the server."""
	if row.state != "Running" or not calendar:
		return []
	return [
		[int(start.timestamp()), int(end.timestamp())] for start, end in calendar.segments(at, at + AHEAD)
	]


def _shown(life: list[domain.Segment], zone: str) -> list[dict[str, Any]]:
	"""Segments as the form and the print show them: one by one, or summed by local day or month when there are many."""
	if len(life) <= FEW:
		return [
			{
				"kind": s.kind,
				"start": _iso(s.start),
				"end": _iso(s.end),
				"seconds": s.seconds,
				"working": s.working,
				"note": _(text(s.note)) if s.note else "",
			}
			for s in life
		]
	days = _grouped(life, zone, "day")
	return days if len(days) <= MANY_DAYS else _grouped(life, zone, "month")


def _grouped(life: list[domain.Segment], zone: str, by: str) -> list[dict[str, Any]]:
	"""One row a local day or month: wall seconds of each kind, working seconds counted and paused."""
	tz = ZoneInfo(zone)
	groups: dict[str, dict[str, Any]] = {}
	for s in life:
		start = s.start
		while start < s.end:
			end = min(s.end, _next_boundary(start.astimezone(tz), by))
			key = start.astimezone(tz).strftime("%Y-%m-%d" if by == "day" else "%Y-%m")
			group = groups.setdefault(
				key,
				{"kind": by, "label": key, "start": _iso(start), "seconds": 0, "working": 0, "note": ""}
				| dict.fromkeys(KINDS, 0),
			)
			seconds = int((end - start).total_seconds())
			group["end"] = _iso(end)
			group["seconds"] += seconds
			group[s.kind] += seconds
			if s.kind == "counted":
				group["working"] += seconds
			if s.note and not group["note"]:
				group["note"] = _(text(s.note))
			start = end
	return list(groups.values())


def _next_boundary(local: datetime, by: str) -> datetime:
	"""The next local midnight, or the next first of a month, as an instant."""
	day = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
	day = day + timedelta(days=1) if by == "day" else (day.replace(day=1) + timedelta(days=32)).replace(day=1)
	return day.replace(tzinfo=local.tzinfo).astimezone(ZoneInfo("UTC"))


def _lines(ledger: list[dict], names: _Names) -> list[dict[str, Any]]:
	lines = []
	before = None
	for line in ledger:
		now = {
			"kind": line.kind,
			"elapsed": line.elapsed,
			"target": line.target,
			"calendar": line.calendar_version,
			"agreement": line.agreement,
			"priority": line.priority,
		}
		user = names.users.get(line.user) or frappe._dict()
		lines.append(
			{
				"seq": line.seq,
				"kind": line.kind,
				"at": _iso(to_utc(line.at, line.utc_offset)),
				"text": wording.ledger_line(now, before),
				"cause": wording.priority_change(now, before),
				"reason": _(text(line.reason)) if line.reason else "",
				"user": line.user,
				"user_name": user.full_name or line.user,
				"elapsed": cint(line.elapsed),
				"target": cint(line.target),
				"due": _iso(to_utc(line.due_on)),
				"priority": line.priority,
				"agreement": line.agreement,
				"calendar_version": line.calendar_version,
			}
		)
		before = now
	return lines


def _iso(instant: datetime | None) -> str | None:
	return instant.isoformat() if instant else None
