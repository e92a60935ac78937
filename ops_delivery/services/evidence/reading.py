"""What a reader sees of the evidence of an agreement: the matrix, the records of a clause, the course over months, two agreements.

For managers and auditors who may read the agreement. What they may not read is counted and not shown; what they must not learn of
(complaints about them, and what hangs on those) is not counted: the clauses that such records could prove are judged anew without them,
and left out of what only snapshots tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, getdate

from ops_delivery.domain.evidence import judging, matrix, spans
from ops_delivery.domain.periods import Span
from ops_delivery.permissions import confidential
from ops_delivery.permissions.role_names import AUDITOR, MANAGERS
from ops_delivery.services.evidence import (
	catalogue,
	definitions,
	exemptions,
	next_steps,
	sentences,
	snapshots,
	verdicts,
)
from ops_delivery.services.evidence import scope as scopes
from ops_delivery.services.shared.site_time import site_now

READERS = MANAGERS | {AUDITOR}
MONTHS = 12
SHOWN = 100


def check_reader(*agreements: str) -> None:
	"""frappe.PermissionError for who is no manager or auditor, or may not read one of the agreements."""
	if not set(frappe.get_roles()) & READERS:
		raise frappe.PermissionError
	for name in agreements:
		frappe.has_permission(scopes.AGREEMENT, "read", doc=name, throw=True)


def check_catalogue(name: str) -> None:
	"""frappe.ValidationError for a catalogue that there is not."""
	if name not in catalogue.catalogues():
		frappe.throw(_("There is no {0} {1}.").format(_("Catalogue", context=catalogue.DOCTYPE), frappe.bold(escape_html(name))))


def span_of(first: date, last: date) -> Span:
	"""A period as asked; refused where it ends before it begins."""
	first, last = getdate(first), getdate(last)
	if last < first:
		frappe.throw(_("The period ends on {0}, before it begins on {1}.").format(*(frappe.bold(escape_html(str(day))) for day in (last, first))))
	return Span(first, last)


def whole(agreement: str, span: Span, catalogue_name: str, anew: bool = False) -> dict[str, Any]:
	"""The matrix: chapters with counts, clauses with state, number, newest day, reasons and what to do next."""
	check_reader(agreement)
	scope = scopes.of(agreement, span)
	check_catalogue(catalogue_name)
	kept = snapshots.get(scope, catalogue_name, anew)
	clauses, rows = catalogue.clauses(catalogue_name), definitions.of_catalogue(catalogue_name)
	data = {**kept.clauses, **_without_hidden(scope, catalogue_name, rows)}
	exempt = {row.number: row for row in exemptions.of_agreement(scope.number, catalogue_name) if row.state in (exemptions.PROPOSED, exemptions.IN_FORCE)}
	ways = {name: next_steps.way(name, scope.agreement, scope.customer) for name in {row.document_type for row in rows}}  # each asked once
	by_number: dict[str, list[Any]] = {}
	for row in rows:
		by_number.setdefault(row.number, []).append(row)
	told = [_clause(one, data.get(one.number), by_number.get(one.number, []), ways, exempt.get(one.number)) for one in clauses]
	return {
		"agreement": scope.agreement,
		"title": scope.title,
		"customer": scope.customer,
		"rules": bool(scope.ruling),
		"from": span.first,
		"to": span.last,
		"catalogue": catalogue_name,
		"made_on": kept.made_on,
		"is_kept": kept.is_kept,
		"counts": _counted(one["state"] for one in told if one["state"]),
		"chapters": _chapters(told),
		"clauses": told,
		"may_define": bool(frappe.has_permission(definitions.DOCTYPE, "create")),
		"may_exempt": bool(set(frappe.get_roles()) & MANAGERS),
		"user": frappe.session.user,
	}


def _clause(one: catalogue.Clause, found: dict[str, Any] | None, rows: list[Any], ways: dict[str, Any], exempt: Any) -> dict[str, Any]:
	told = {
		"name": one.name,
		"number": one.number,
		"chapter": one.chapter,
		"chapter_title": one.chapter_title,
		"title": one.title,
		"requirement": one.requirement,
		"is_heading": one.is_heading,
		"state": None,
	}
	if one.is_heading:
		return told
	found = found or {"state": judging.State.MISSING.value, "records": 0, "newest": None, "reasons": [[judging.NO_DEFINITION, "", {}]], "proofs": []}
	mine = {row.name: row for row in rows}
	open_ = list(dict.fromkeys(name for _code, name, _values in found["reasons"] if name in mine))
	return {
		**told,
		"state": found["state"],
		"records": found["records"],
		"newest": found["newest"],
		"reasons": [sentences.reason(code, values, mine.get(name)) for code, name, values in found["reasons"]],
		"next": [{"hint": definitions.hint(mine[name]), **ways[mine[name].document_type]} for name in open_],
		"exemption": exempt,
	}


def _chapters(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
	found: dict[str, dict[str, Any]] = {}
	for one in told:
		chapter = found.setdefault(one["chapter"], {"chapter": one["chapter"], "title": one["chapter_title"], "states": []})
		if one["state"]:
			chapter["states"].append(one["state"])
	return [{**chapter, "counts": _counted(chapter.pop("states"))} for chapter in found.values()]


def _counted(states: Iterable[str]) -> dict[str, int]:
	counts = matrix.counts(map(judging.State, states))
	return {state.value: counts.of(state) for state in judging.State}


def records(agreement: str, span: Span, catalogue_name: str, number: str) -> dict[str, Any]:
	"""The very records of a clause, by definition: those that the reader may read, and how many more there are of which they may not."""
	check_reader(agreement)
	scope = scopes.of(agreement, span)
	rows = definitions.of_catalogue(catalogue_name, [number])
	anew = _without_hidden(scope, catalogue_name, rows)
	found = (anew or snapshots.get(scope, catalogue_name).clauses).get(number) or {"proofs": []}
	hints = {row.name: row for row in rows}
	return {
		"number": number,
		"proofs": [_proof(name, doctype, count, names, hints.get(name)) for name, doctype, count, names in found["proofs"]],
	}


def _proof(definition: str, doctype: str, count: int, names: list[str], row: Any) -> dict[str, Any]:
	told = {"definition": definition, "doctype": doctype, "label": _(doctype), "count": count, "asks": definitions.hint(row) if row else "", "rows": []}
	if not names or not frappe.db.exists("DocType", doctype):
		return {**told, "unreadable": count if count else 0, "names": []}
	meta = frappe.get_meta(doctype)
	if meta.issingle:
		may = frappe.has_permission(doctype, "read")
		return {**told, "unreadable": 0 if may else count, "names": names if may else [], "rows": [{"name": doctype, "title": _(doctype)}] if may else []}
	seen: dict[str, Any] = {}
	if frappe.has_permission(doctype, "read"):
		title = meta.get_title_field()
		fields = list(dict.fromkeys(("name", title)))
		seen = {row.name: row.get(title) for row in frappe.get_list(doctype, {"name": ["in", names]}, fields, limit_page_length=0)}
	there = [name for name in names if name in seen]
	return {
		**told,
		"unreadable": len(names) - len(there),
		"more": count - len(names),
		"names": there,
		"rows": [{"name": name, "title": seen[name] or name} for name in there[:SHOWN]],
	}


def _without_hidden(scope: scopes.Scope, catalogue_name: str, rows: list[Any]) -> dict[str, Any]:
	"""The clauses that records could prove which the reader must not learn of, judged without those; {} for nearly everybody."""
	hidden = confidential.hidden_from(frappe.session.user)
	if not hidden:
		return {}
	touched = sorted(_touched(rows))
	return verdicts.as_data(verdicts.of(scope, catalogue_name, touched, hidden)) if touched else {}


def _touched(rows: list[Any]) -> set[str]:
	types = {confidential.COMPLAINT, *confidential.NAMES_RECORDS}
	return {row.number for row in rows if row.document_type in types}


def course(agreement: str, day: date | None, catalogue_name: str) -> dict[str, Any]:
	"""The counts of the last months of an agreement, of those of which there is a snapshot."""
	check_reader(agreement)
	months = spans.months_back(getdate(day) if day else site_now().date(), MONTHS)
	number = scopes.of(agreement, months[-1]).number
	kept = snapshots.of_months(number, catalogue_name, months)
	left_out = frozenset(_touched(definitions.of_catalogue(catalogue_name)) if confidential.hidden_from(frappe.session.user) else ())
	there = [span for span in months if span.first.isoformat() in kept]
	counts = matrix.course([snapshots.states(kept[span.first.isoformat()].clauses) for span in there], left_out)
	by_month = {span.first: {state.value: one.of(state) for state in judging.State} for span, one in zip(there, counts, strict=True)}
	return {"months": [{"from": span.first, "to": span.last, "counts": by_month.get(span.first)} for span in months], "left_out": len(left_out)}


def compare(agreement: str, other: str, span: Span, catalogue_name: str) -> dict[str, Any]:
	"""Two agreements beside each other: the clauses of which they stand otherwise."""
	check_reader(agreement, other)
	sides = []
	rows = definitions.of_catalogue(catalogue_name)
	for name in (agreement, other):
		scope = scopes.of(name, span)
		data = {**snapshots.get(scope, catalogue_name).clauses, **_without_hidden(scope, catalogue_name, rows)}
		sides.append((scope, snapshots.states(data)))
	different = matrix.differences(sides[0][1], sides[1][1])
	clauses = {one.number: one for one in catalogue.clauses(catalogue_name)}
	return {
		"sides": [{"agreement": scope.agreement, "title": scope.title, "counts": _counted(state.value for state in states.values())} for scope, states in sides],
		"rows": [
			{"number": number, "title": clauses[number].title, "first": first.value, "second": second.value}
			for number, (first, second) in different.items()
			if number in clauses
		],
	}
