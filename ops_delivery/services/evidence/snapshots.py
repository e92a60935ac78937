"""Evidence Snapshot: the verdicts of an agreement and a period as they were computed. Written by this module alone, never by hand.

Kept are whole months, quarters, half-years and years, one each; any other period is computed when it is asked for.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, NamedTuple

import frappe
from frappe.utils import cstr, get_datetime

from ops_delivery.domain.evidence import judging, matrix, spans
from ops_delivery.domain.periods import Span
from ops_delivery.permissions import steps
from ops_delivery.services.evidence import definitions, verdicts
from ops_delivery.services.evidence import scope as scopes
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Evidence Snapshot"
FRESH = timedelta(days=1)
COUNTED = {"proven": judging.State.PROVEN, "thin": judging.State.THIN, "missing": judging.State.MISSING, "not_applicable": judging.State.NOT_APPLICABLE}


class Kept(NamedTuple):
	"""Verdicts as data (verdicts.as_data), when they were made, whether they are a snapshot, and by which definitions."""

	clauses: dict[str, Any]
	made_on: Any
	is_kept: bool
	stamp: str = ""


def key(number: str, span: Span, catalogue: str) -> str:
	"""What a snapshot is found by."""
	return f"{catalogue}|{number}|{span.first:%Y%m%d}|{span.last:%Y%m%d}"


def read(scope: scopes.Scope, catalogue: str) -> Kept | None:
	"""The snapshot of a scope, where there is one. One query."""
	row = frappe.db.get_value(DOCTYPE, {"snapshot_key": key(scope.number, scope.span, catalogue)}, ["result", "made_on", "definitions_stamp"], as_dict=True)
	return Kept(json.loads(row.result), row.made_on, True, row.definitions_stamp) if row else None


def get(scope: scopes.Scope, catalogue: str, anew: bool = False) -> Kept:
	"""The verdicts of a scope: from its snapshot, or computed, and kept where such a period is kept. A snapshot of other definitions is
	none; nor is one older than a day of a period that the nightly run does not follow: records may be gone since."""
	if not anew and (found := read(scope, catalogue)) and found.stamp == definitions.stamp(catalogue):
		if followed(scope.span) or get_datetime(found.made_on) > site_now() - FRESH:
			return found
	return make(scope, catalogue)


def followed(span: Span) -> bool:
	"""Whether the nightly run keeps a period up to date: this month and the last."""
	month = spans.containing(site_now().date(), 1)
	return span in (month, spans.containing(month.first - timedelta(days=1), 1))


def make(scope: scopes.Scope, catalogue: str) -> Kept:
	"""Compute the verdicts of a scope now, and keep them where such a period is kept."""
	made_on = site_now()  # before the records are read: what changes meanwhile is newer
	judged = verdicts.of(scope, catalogue)
	data = verdicts.as_data(judged)
	kept = spans.is_kept(scope.span)
	if kept:
		_write(scope, catalogue, data, judged, made_on)
	return Kept(data, made_on, kept)


def _write(scope: scopes.Scope, catalogue: str, data: dict[str, Any], judged: verdicts.Judged, made_on: Any) -> None:
	counts = matrix.counts(one.state for one in judged.verdicts.values())
	values = {
		"agreement": scope.agreement,
		"agreement_number": scope.number,
		"catalogue": catalogue,
		"period_from": scope.span.first,
		"period_to": scope.span.last,
		"made_on": made_on,
		"definitions_stamp": definitions.stamp(catalogue),
		"result": json.dumps(data, ensure_ascii=False, separators=(",", ":")),
		**{field: counts.of(state) for field, state in COUNTED.items()},
	}
	found = frappe.db.get_value(DOCTYPE, {"snapshot_key": key(scope.number, scope.span, catalogue)}, "name")
	if not found:  # not locked: two that lock what is not there yet wait for each other
		doc = frappe.get_doc({"doctype": DOCTYPE, **values, "snapshot_key": key(scope.number, scope.span, catalogue)})
		try:
			steps.take(doc).insert(ignore_permissions=True)
			return
		except frappe.UniqueValidationError:  # somebody else made it meanwhile
			frappe.clear_last_message()
			found = frappe.db.get_value(DOCTYPE, {"snapshot_key": doc.snapshot_key}, "name")
	if found:
		frappe.db.set_value(DOCTYPE, found, values)


def states(clauses: dict[str, Any]) -> dict[str, judging.State]:
	"""Number of a clause -> its state, of verdicts as data."""
	return {number: judging.State(one["state"]) for number, one in clauses.items()}


def of_months(number: str, catalogue: str, months: list[Span]) -> dict[str, Kept]:
	"""The snapshots of some periods of an agreement, by their first day. One query."""
	keys = [key(number, span, catalogue) for span in months]
	rows = frappe.get_all(DOCTYPE, {"snapshot_key": ["in", keys]}, ["period_from", "result", "made_on"], order_by="period_from")
	return {cstr(row.period_from): Kept(json.loads(row.result), row.made_on, True) for row in rows}
