"""The summary: what was kept and what not, a few figures against the period before, and what the customer is to decide (8.2.d, 8.3.b.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ops_delivery.domain.service_report.model import (
	MISSED,
	NUMBER,
	PERCENT,
	RECORD,
	STATE,
	TEXT,
	VERDICT,
	Column,
	Figure,
	Said,
	Section,
	Table,
	label,
	said,
	typed,
)
from ops_delivery.services.reports import attainment, plans, requests, routine, satisfaction, visits
from ops_delivery.services.reports.lists import read
from ops_delivery.services.reports.period import Period

MOST = 20
# section, its figure, and how the summary calls it
SHOWN = (
	("attainment", "attainment", label("Promises kept")),
	("requests", "received", label("Requests received")),
	("requests", "open", label("Requests open at the end")),
	("routine", "share", label("Routine tasks done in time")),
	("visits", "punctual", label("Visits on time")),
	("satisfaction", "satisfaction", label("Satisfaction, 0 to 100")),
)
COLLECTORS = {
	"attainment": attainment.collect,
	"requests": requests.collect,
	"routine": routine.collect,
	"visits": visits.collect,
	"satisfaction": satisfaction.collect,
}
COMMITMENTS = (
	Column("commitment", label("Commitment"), STATE, "Service Commitment"),
	Column("share", label("Kept, of Those Decided"), PERCENT),
	Column("agreed", label("Agreed"), PERCENT),
	Column("missed", label("Not Kept"), NUMBER),
	Column("verdict", label("Verdict"), VERDICT),
	Column("previous", label("Period Before"), PERCENT),
)
DECISIONS = (
	Column("kind", label("What"), STATE, "DocType"),
	Column("record", label("Record"), RECORD),
	Column("title", label("Subject"), TEXT),
	Column("state", label("State"), STATE),
)
# what waits for the customer: type, filters, the field of its title and of its state
WAITING = (
	("Issue", "ops_agreement", {"ops_acceptance_status": "Requested"}, "subject", "ops_acceptance_status"),
	("Optimization Plan", "agreement", {"status": ["in", ["Proposal Review", "Implementation Review"]]}, "title", "status"),
	("Consulting Plan", "agreement", {"status": "Customer Review"}, "title", "status"),
	("Consulting Report", "agreement", {"status": "Customer Review"}, "title", "status"),
	("Delivery Plan", "agreement", {"status": "Customer Review"}, "title", "status"),
	("Service Agreement", "previous_version", {"status": "Customer Review"}, "title", "status"),
)


def collect(period: Period) -> Section:
	"""Of the sections it sums up, which are collected once for both."""
	sections = {key: period.section(collector) for key, collector in COLLECTORS.items()}
	waiting = _waiting(period)
	rows = [row for row in sections["attainment"].table("commitments").rows if row["counted"]]
	figures = tuple(figure for key, name, text in SHOWN if (figure := _figure(sections[key], name, text)))
	tables = (
		Table("commitments", label("What was promised and kept"), COMMITMENTS, tuple({column.key: row[column.key] for column in COMMITMENTS} for row in rows)),
		Table("decisions", label("What needs the customer's decision"), DECISIONS, tuple(waiting[:MOST]), cut=max(0, len(waiting) - MOST)),
	)
	empty = all(section.empty for section in sections.values()) and not waiting
	return Section("summary", figures, tuple(table for table in tables if table.rows), notes=(*period.notes(), *_notes(rows, waiting, empty)), empty=empty)


def _figure(section: Section, name: str, text: str) -> Figure | None:
	found = next((one for one in section.figures if one.key == name), None)
	if found is None or (found.value is None and found.previous is None):
		return None
	return replace(found, key=f"{section.key}_{name}", label=text)


def _waiting(period: Period) -> list[dict[str, Any]]:
	"""What stands still until the customer decides; a query a kind, and two for recommendations."""
	found = []
	for doctype, field, filters, title, state in WAITING:
		rows = read(doctype, {field: ["in", list(period.names)], **filters}, [title, state])
		found += [_line(doctype, row.name, row[title], row[state]) for row in rows]
	found += [_line("Consulting Recommendation", row.name, row.title, "Proposed") for row in plans.undecided(period)]
	return found


def _line(doctype: str, name: str, title: str, state: str) -> dict[str, Any]:
	return {"kind": doctype, "doctype": doctype, "record": name, "title": title, "state": state}


def _notes(rows: list[Any], waiting: list[Any], empty: bool) -> tuple[Said, ...]:
	if empty:
		return (said(label("There was no request, no routine task, no visit and no survey in this period.")),)
	missed = [row for row in rows if row["verdict"] == MISSED]
	found = []
	if missed:
		for row in missed:
			text = label("{0} was not kept as agreed: {1} of {2} decided promises were missed.")
			found.append(said(text, typed(STATE, row["commitment"], "Service Commitment"), typed(NUMBER, row["missed"]), typed(NUMBER, row["met"] + row["missed"])))
	elif rows:
		found.append(said(label("All that was promised was kept as agreed.")))
	if not waiting:
		found.append(said(label("Nothing waits for a decision of the customer.")))
	return tuple(found)
