"""What the records say of a major incident: its facts, and the course that is offered for its report (8.4.b.3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_datetime, strip_html
from frappe.utils.data import get_system_timezone

from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.services.requests import major, timeline
from ops_delivery.services.shared.locale import reading, site_language, text

ISSUE, CLOCK = "Issue", "Service Clock"
VISITS = ("Field Service Sheet", "Remote Support Session")
FACTS = (
	*("customer", "agreement", "service_object", "priority", "people_affected", "down_minutes", "reported_on", "restored_on", "resolved_on"),
)
LATE, CANCELLED = "Late", "Cancelled"
LONGEST = 400  # characters of a message in the course
MOST = 300  # lines of a kind
WATCHED = ("status", "priority")  # of an Issue, whose changes Frappe keeps


class Happened(NamedTuple):
	"""One line of the course; `key`: what it was taken from, so that it is taken once."""

	at: datetime
	what: str
	key: str


def facts(issue: Any) -> dict[str, Any]:
	"""What an Issue says of the incident now, by the fields of the report."""
	ended = issue.status in ISSUE_ENDED
	return {
		"customer": issue.customer,
		"agreement": issue.ops_agreement,
		"service_object": issue.ops_object,
		"priority": issue.priority,
		"people_affected": cint(issue.ops_people_affected),
		"reported_on": timeline.reported_on(issue),
		"restored_on": issue.ops_restored_on,
		"resolved_on": _resolved_on(issue) if ended else None,
		"down_minutes": major.minutes_down(issue) if issue.ops_restored_on or not ended else _minutes_until_resolved(issue),
	}


def clocks(issue: str) -> list[dict[str, Any]]:
	"""The service clocks of an Issue as they stand: what was promised, how long it took, whether that was in time."""
	found = frappe.get_all(
		CLOCK,
		{"reference_doctype": ISSUE, "reference_name": issue},
		["commitment", "target", "elapsed", "due_on", "state", "breached"],
		order_by="creation, name",
	)
	return [
		{
			"commitment": row.commitment,
			"target": row.target,
			"elapsed": row.elapsed,
			"due_on": row.due_on,
			"result": LATE if row.breached and row.state != CANCELLED else row.state,
		}
		for row in found
	]


def course(issue: Any) -> list[Happened]:
	"""What the records tell of an Issue, the earliest first, in the site's language: the report, messages, changes of state, visits,
	clocks, escalations, what the customer answered. Notes that staff keep among themselves are no part of it."""
	with reading(site_language(), get_system_timezone()):  # whoever takes it, it says the same
		found = [*_told(issue), *_changes(issue), *_visits(issue), *_late(issue), *_escalations(issue)]
	return sorted(found, key=lambda one: (one.at, one.key))


def _told(issue: Any) -> Iterator[Happened]:
	"""What the customer's page tells as well (requests/timeline.py)."""
	rows = frappe.get_all(
		CLOCK, {"reference_doctype": ISSUE, "reference_name": issue.name}, ["name", "commitment", "started_on"], order_by="creation, name"
	)
	for at, event in timeline.happened(issue, rows, timeline.messages(issue)):
		said = " ".join(strip_html(cstr(event["text_html"])).split())[:LONGEST]
		who = event["who"]
		what = event["what"] if event["ours"] or not who else _("Customer: {0}", context="Major Incident Report").format(event["what"])
		line = ": ".join(filter(None, (f"{what} ({who})" if who else what, text(said))))
		yield _line(at, line, "told", event["what"])


def _changes(issue: Any) -> Iterator[Happened]:
	"""Another state or priority, as Frappe's versions of the record have it."""
	for row in frappe.get_all(
		"Version", {"ref_doctype": ISSUE, "docname": issue.name}, ["name", "creation", "data"], order_by="creation, name", limit=MOST
	):
		for change in json.loads(row.data or "{}").get("changed") or ():
			if change[0] in WATCHED and change[1] != change[2]:
				label = _(issue.meta.get_label(change[0]), context=ISSUE)
				yield _line(row.creation, f"{label}: {_(cstr(change[1]))} → {_(cstr(change[2]))}", "version", f"{row.name}:{change[0]}")


def _visits(issue: Any) -> Iterator[Happened]:
	for doctype in VISITS:
		for row in frappe.get_all(
			doctype,
			{"reference_doctype": ISSUE, "reference_name": issue.name, "status": ["!=", CANCELLED]},
			["name", "arrived_on", "work_done_on", "left_on"],
			order_by="creation, name",
		):
			for field, said in (
				("arrived_on", _("{0} {1}: begun")),
				("work_done_on", _("{0} {1}: the work is done")),
				("left_on", _("{0} {1}: ended")),
			):
				if row[field]:
					yield _line(row[field], said.format(_(doctype), row.name), "visit", f"{row.name}:{field}")


def _late(issue: Any) -> Iterator[Happened]:
	for row in frappe.get_all(
		CLOCK,
		{"reference_doctype": ISSUE, "reference_name": issue.name, "breached_on": ["is", "set"]},
		["name", "commitment", "breached_on"],
		order_by="creation, name",
	):
		said = _("{0}: the promised time has passed").format(_(row.commitment, context="Service Commitment"))
		yield _line(row.breached_on, said, "late", row.name)


def _escalations(issue: Any) -> Iterator[Happened]:
	for row in frappe.get_all(
		"Escalation Log",
		{"reference_doctype": ISSUE, "reference_name": issue.name},
		["name", "kind", "step", "commitment", "fired_on"],
		order_by="fired_on, name",
		limit=MOST,
	):
		parts = (_(row.kind, context="Escalation Log"), _(row.step or ""), _(row.commitment or "", context="Service Commitment"))
		yield _line(row.fired_on, _("Escalated: {0}").format(" · ".join(dict.fromkeys(filter(None, parts)))), "escalation", row.name)


def _line(at: Any, what: str, kind: str, source: str) -> Happened:
	moment = get_datetime(at).replace(microsecond=0)
	return Happened(moment, what, f"{kind}:{moment:%Y%m%d%H%M%S}:{source}"[:140])


def _resolved_on(issue: Any) -> Any:
	"""When its result was last offered, or noted as resolved."""
	clock = frappe.db.get_value(
		CLOCK, {"reference_doctype": ISSUE, "reference_name": issue.name, "commitment": "Resolution", "state": "Met"}, "stopped_on"
	)
	return clock or issue.get("sla_resolution_date") or issue.get("resolution_date") or issue.modified


def _minutes_until_resolved(issue: Any) -> int:
	ended = frappe._dict(issue.as_dict(), ops_restored_on=_resolved_on(issue))
	return major.minutes_down(ended)
