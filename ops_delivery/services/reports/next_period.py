"""The section of what comes next: everything that is planned or due in the period after (8.3.b.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from ops_delivery.domain import improvement, moves
from ops_delivery.domain.deliverables import life
from ops_delivery.domain.service_report import spans
from ops_delivery.domain.service_report.model import (
	DAY,
	RECORD,
	STATE,
	TEXT,
	Column,
	Section,
	Table,
	label,
	said,
	typed,
)
from ops_delivery.services.reports import confidential, lists
from ops_delivery.services.reports.lists import number, read
from ops_delivery.services.reports.period import Period, day_text

MOST = 50
COLUMNS = (
	Column("day", label("Day"), DAY),
	Column("record", label("Record"), RECORD),
	Column("title", label("Subject"), TEXT),
	Column("state", label("State"), STATE),
)


class Kind(NamedTuple):
	"""A kind of record that lies ahead: by which field its day is known, which states are not over, and how its title and state are called."""

	doctype: str
	text: str
	day: str
	states: tuple[str, ...]
	title: str = "title"
	state: str = "status"


AHEAD = (
	Kind("Routine Task", label("Routine tasks"), "planned_on", ("Planned", "In Progress")),
	Kind("Field Service Sheet", label("Visits on site"), "planned_start", ("Planned", "Prepared")),
	Kind("Remote Support Session", label("Remote sessions"), "planned_start", ("Planned", "Prepared")),
	Kind("Optimization Plan", label("Optimization plans that end"), "end_date", ("Proposal Approved", "Approved", "In Progress", "Trial Run")),
	Kind("Consulting Plan", label("Consulting plans that end"), "end_date", ("Approved", "In Progress")),
	Kind("Improvement Action", label("Improvements due"), "due_date", tuple(state for state in improvement.STATES if state not in improvement.ENDED), state="state"),
	Kind("Deliverable", label("Deliverables due"), "due_date", life.OPEN),
)
RECOMMENDATION = Kind("Consulting Recommendation", label("Recommendations due"), "due_date", (moves.DECIDED, moves.IN_PROGRESS), state="state")
ACTIVITY = Kind("Delivery Activity", label("Activities of the delivery plan that end"), "planned_end", ("Not Started", "In Progress", "On Hold"), "subject", "state")


def collect(period: Period) -> Section:
	"""By kind of record: how many, and which, the nearest first. One query a kind."""
	ahead = spans.after(period.span)
	found = [(kind, _rows(kind, period, ahead)) for kind in AHEAD]
	found += [(kind, _of(kind, parent, period, ahead)) for kind, parent in ((ACTIVITY, "Delivery Plan"), (RECOMMENDATION, "Consulting Report"))]
	said_of = said(label("This lies ahead from {0} to {1}, as it is planned now."), typed(DAY, str(ahead.first)), typed(DAY, str(ahead.last)))
	kinds = [(kind, rows) for kind, rows in found if rows]
	if not kinds:
		return Section("next_period", notes=(said_of, said(label("Nothing is planned or due then yet."))), empty=True)
	return Section(
		"next_period",
		figures=tuple(number(kind.doctype, kind.text, kind.doctype, rows) for kind, rows in kinds),
		tables=tuple(_table(kind, rows) for kind, rows in kinds),
		notes=(said_of,),
	)


def _rows(kind: Kind, period: Period, ahead: Any) -> list[Any]:
	rows = _between(kind, {"agreement": ["in", list(period.names)]}, ahead)
	if kind.doctype == "Deliverable":
		return lists.for_all_of_the_customer(rows)
	if kind.doctype != "Improvement Action":
		return rows
	hidden = confidential.left_out((kind.doctype, row.name) for row in rows)
	return [row for row in rows if (kind.doctype, row.name) not in hidden and row.source_doctype != "Service Complaint"]


def _of(kind: Kind, parent: str, period: Period, ahead: Any) -> list[Any]:
	"""What hangs on an agreement by its plan or report."""
	parents = read(parent, {"agreement": ["in", list(period.names)]}, [])
	field = "plan" if parent == "Delivery Plan" else "report"
	return _between(kind, {field: ["in", [row.name for row in parents]]}, ahead) if parents else []


def _between(kind: Kind, filters: dict[str, Any], ahead: Any) -> list[Any]:
	wanted = {**filters, kind.day: ["between", [str(ahead.first), str(ahead.last)]], kind.state: ["in", list(kind.states)]}
	more = {"Improvement Action": ["source_doctype"], "Deliverable": lists.HOW_OPEN}.get(kind.doctype, [])
	return read(kind.doctype, wanted, [kind.title, kind.day, kind.state, *more], f"{kind.day}, name")


def _table(kind: Kind, rows: list[Any]) -> Table:
	shown = [
		{"day": day_text(row[kind.day]), "record": row.name, "title": row[kind.title], "state": row[kind.state]} for row in rows[:MOST]
	]
	columns = (COLUMNS[0], replace(COLUMNS[1], doctype=kind.doctype), COLUMNS[2], replace(COLUMNS[3], doctype=kind.doctype))
	return Table(kind.doctype, kind.text, columns, tuple(shown), cut=max(0, len(rows) - MOST))
