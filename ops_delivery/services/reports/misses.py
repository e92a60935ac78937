"""What was missed: each with what it took, and the cause and measure where they are on record (5.3.d, 5.5.b, 8.4.b.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.domain.improvement import M_DROPPED, WITHDRAWN
from ops_delivery.domain.service_report.model import (
	MINUTES,
	MOMENT,
	RECORD,
	STATE,
	TEXT,
	Column,
	Sources,
	Table,
	label,
)
from ops_delivery.permissions.confidential import COMPLAINT
from ops_delivery.services.reports import confidential, promises
from ops_delivery.services.reports.period import Period, moment_text
from ops_delivery.services.shared import site_time
from ops_delivery.services.shared.locale import text
from ops_delivery.services.visits.types import KINDS

MOST = 100  # lines of a table; of more, how many is said
ACTION, MEASURE = "Improvement Action", "Improvement Measure"
COLUMNS = (
	Column("record", label("Record"), RECORD),
	Column("commitment", label("Commitment"), STATE, "Service Commitment"),
	Column("priority", label("Priority"), STATE, "Issue Priority"),
	Column("began", label("Began"), MOMENT),
	Column("target", label("Promised Within"), MINUTES),
	Column("taken", label("Taken"), MINUTES),
	Column("cause", label("Cause"), TEXT),
	Column("measure", label("Measure"), TEXT),
)


def table(period: Period) -> Table:
	"""The promises that were missed, in the order in which they began. `taken` None: it is not over yet. A row names its record's type (`doctype`)."""
	every = promises.missed(period)
	shown = every[:MOST]
	# of a complaint nothing is said but that it was missed
	known = causes((one.keys["doctype"], one.keys["record"]) for one in shown if one.keys["doctype"] != COMPLAINT)
	rows = []
	for one in shown:
		cause, measure = known.get((one.keys["doctype"], one.keys["record"]), ("", ""))
		rows.append(
			{
				"record": None if one.keys["doctype"] == COMPLAINT else one.keys["record"],  # complaints are not named
				"doctype": one.keys["doctype"],
				"commitment": one.commitment,
				"priority": one.priority or None,
				"began": moment_text(site_time.to_site(one.started)),
				"target": one.target / 60,
				"taken": one.elapsed / 60 if one.stopped else None,
				"cause": cause or None,
				"measure": measure or None,
				"_sources": Sources.of("Service Clock", [one.keys["clock"]]),
			}
		)
	return Table("missed", label("What was missed"), COLUMNS, tuple(rows), cut=len(every) - len(shown))


def causes(records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
	"""Record (type, name) -> its cause and what is done about it, as improvement actions and visits say. Four queries."""
	wanted = sorted(set(records))
	names = [name for _doctype, name in wanted]
	if not names:
		return {}
	actions = frappe.get_list(
		ACTION,
		filters={"source_name": ["in", names], "state": ["!=", WITHDRAWN]},
		fields=["name", "source_doctype", "source_name", "cause"],
		order_by="creation",
		limit_page_length=0,
	)
	hidden = confidential.left_out((ACTION, one.name) for one in actions)
	actions = [one for one in actions if (ACTION, one.name) not in hidden]
	planned = measures([one.name for one in actions])
	found: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
	for one in actions:
		cause, measure = found.setdefault((one.source_doctype, one.source_name), ([], []))
		cause.append(text(cstr(one.cause)))
		measure += planned.get(one.name, [])
	for key, cause in _of_visits(names):
		found.setdefault(key, ([], []))[0].append(cause)
	return {key: (_joined(cause), _joined(measure)) for key, (cause, measure) in found.items() if key in set(wanted)}


def measures(actions: Sequence[str]) -> dict[str, list[str]]:
	"""Improvement action -> its measures that were not dropped. One query."""
	found: dict[str, list[str]] = {}
	for row in frappe.get_all(
		MEASURE,
		filters={"parenttype": ACTION, "parent": ["in", list(actions) or [""]], "state": ["!=", M_DROPPED]},
		fields=["parent", "measure"],
		order_by="parent, idx",
	):
		found.setdefault(row.parent, []).append(text(cstr(row.measure)))
	return found


def _of_visits(names: Sequence[str]) -> list[tuple[tuple[str, str], str]]:
	found: list[tuple[tuple[str, str], str]] = []
	for doctype in KINDS:
		rows: list[Any] = frappe.get_list(
			doctype,
			filters={"reference_name": ["in", list(names)], "cause": ["is", "set"], "status": ["!=", "Cancelled"]},
			fields=["reference_doctype", "reference_name", "cause"],
			order_by="creation",
			limit_page_length=0,
		)
		found += [((row.reference_doctype, row.reference_name), text(cstr(row.cause))) for row in rows]
	return found


def _joined(parts: Iterable[str]) -> str:
	return "; ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
