"""Whether the ledger says what the records say, for a whole agreement; and bringing it in line (5.4.a).

What is on record draws by itself. It may differ where records are older than the promise, came by an import past the steps,
or a version with other amounts was put in force for days gone by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import frappe

from ops_delivery.services.amounts import drawing, ledger, sources, versions
from ops_delivery.services.visits.recorded import OVER
from ops_delivery.services.visits.types import KINDS

BATCH = 500


class Difference(NamedTuple):
	"""A record whose draws are others than it says: what it takes of an amount, and what stands."""

	doctype: str
	name: str
	title: str
	takes: float
	stands: float


def differences(agreement: str) -> list[Difference]:
	"""The records of an agreement, all its versions, that do not agree with the ledger. Queries by the batch of records."""
	return list(_differences(versions.of(agreement)))


def bring_in_line(agreement: str) -> int:
	"""Enter what is missing and give back what is too much; how many records were brought in line."""
	records = sorted({(one.doctype, one.name) for one in differences(agreement)})
	for doctype, name in records:
		drawing.settle(doctype, name)
	return len(records)


def _differences(promised: versions.Versions | None) -> Iterator[Difference]:
	if not promised:
		return
	for doctype, names in _records(promised).items():
		for start in range(0, len(names), BATCH):
			part = names[start : start + BATCH]
			takes: dict[str, dict[tuple[str, str], sources.Take]] = {}
			for take in sources.takes(sources.done(doctype, part)):
				takes.setdefault(take.work.name, {})[(take.work.line, take.row.amount_key)] = take
			standing = ledger.standing_of_all(doctype, part)
			for name in part:
				yield from _of_record(doctype, name, takes.get(name, {}), standing.get(name, {}))


def _of_record(doctype: str, name: str, takes: dict, standing: dict) -> Iterator[Difference]:
	for place in sorted({*takes, *standing}):
		take, stands = takes.get(place), standing.get(place)
		if (stands and stands.not_counted) or ledger.agrees(take, stands):
			continue
		title = take.row.title if take else stands.last.title
		yield Difference(doctype, name, title, float(take.quantity) if take else 0, float(stands.quantity) if stands else 0)


def _records(promised: versions.Versions) -> dict[str, list[str]]:
	"""Whatever may draw on an agreement, and what has."""
	names = [one.name for one in promised.all]
	found: dict[str, set[str]] = {
		doctype: set(_names(doctype, {"agreement": ["in", names], "status": ["in", kind.phases[OVER:]]})) for doctype, kind in KINDS.items()
	}
	found[sources.TASK] = set(_names(sources.TASK, {"agreement": ["in", names], "status": "Done"}))
	projects = frappe.get_all("Delivery Plan", {"agreement": ["in", names], "project": ["is", "set"]}, pluck="project", order_by="name")
	lines = {"project": ["in", projects or [""]], "docstatus": 1}
	found[sources.TIMESHEET] = {
		*frappe.get_all("Timesheet Detail", lines, pluck="parent", order_by="parent", distinct=True),
		*_names(sources.TIMESHEET, {"parent_project": ["in", projects or [""]], "docstatus": 1}),
	}
	for row in frappe.get_all(
		ledger.ENTRY,
		filters={"agreement_number": promised.number, "kind": ["!=", ledger.WARNED]},
		fields=["source_doctype", "source_name"],
		distinct=True,
		order_by="source_doctype, source_name",
	):
		found.setdefault(row.source_doctype, set()).add(row.source_name)
	return {doctype: sorted(some) for doctype, some in found.items()}


def _names(doctype: str, filters: dict[str, Any]) -> list[str]:
	return frappe.get_all(doctype, filters=filters, pluck="name", order_by="name")
