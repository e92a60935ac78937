"""The records that definitions find for an agreement and a period, in sets: one query answers all definitions of one record type,
day and way, one more each table of rows that their conditions ask. The number of queries follows the definitions, not the records.

Conditions are asked once for each different set of the values they name.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe.utils import cint, cstr
from pypika.terms import Criterion

from ops_delivery.domain import asked_fields
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.evidence import routes as domain_routes
from ops_delivery.domain.evidence.judging import Found
from ops_delivery.permissions import confidential
from ops_delivery.services.evidence import definitions, routes
from ops_delivery.services.evidence.scope import Scope
from ops_delivery.services.rules import clock_definitions as conditions_asked
from ops_delivery.services.rules import failing_conditions

KEPT = 200  # names of the newest records that are kept of each definition
DAY = timedelta(days=1)
Hidden = Mapping[str, list[str]]


@dataclass
class Proof:
	"""What one definition found: its numbers, and the names of the newest records (whole, lacking and old ones)."""

	doctype: str
	found: Found = field(default_factory=Found)
	names: list[str] = field(default_factory=list)


@dataclass
class _Asks:
	"""A definition with what it asks of a record. `rows`: table field -> fields of its rows."""

	row: Any
	fields: list[str]
	rows: dict[str, set[str]]
	required: list[str]
	unreadable: bool = False
	answers: dict[tuple, Any] = field(default_factory=dict)
	seen: list[tuple[date | None, str, str]] = field(default_factory=list)
	failing: int = 0


def found(rows: Iterable[Any], scope: Scope, hidden: Hidden | None = None) -> dict[str, Proof]:
	"""What each definition finds, by name. `hidden`: records that must not even be counted (permissions/confidential.py)."""
	proofs = {row.name: Proof(row.document_type) for row in rows}
	groups: dict[tuple, list[Any]] = defaultdict(list)
	for row in rows:
		groups[row.document_type, definitions.route(row), domain_routes.date_field(row.document_type, cstr(row.date_field).strip())].append(row)
	there = set(frappe.get_all("DocType", {"name": ["in", sorted({key[0] for key in groups}) or [""]]}, pluck="name"))
	for (doctype, route, day), some in groups.items():
		if route is None or doctype not in there:
			continue
		asks = [_asks(row) for row in some]
		_scan(doctype, route, day, asks, scope, hidden or {})
		for one in asks:
			proofs[one.row.name] = _counted(doctype, one, scope)
	return proofs


def _asks(row: Any) -> _Asks:
	meta, required = frappe.get_meta(row.document_type), definitions.required(row)
	tables = {one.fieldname for one in meta.get_table_fields()}
	try:
		asked = asked_fields.asked(row.condition) if cstr(row.condition).strip() else []
	except DomainError:
		return _Asks(row, [], {}, required, unreadable=True)
	rows: dict[str, set[str]] = {one.field: set() for one in asked if not one.table and one.field in tables}
	rows |= {name: set() for name in required if name in tables and name not in rows}
	for one in asked:
		if one.table in rows:
			rows[one.table].add(one.field)
	fields = sorted({one.field for one in asked if not one.table and one.field not in tables})
	return _Asks(row, fields, rows, required)


def _scan(doctype: str, route: Any, day: str, asks: list[_Asks], scope: Scope, hidden: Hidden) -> None:
	meta = frappe.get_meta(doctype)
	if meta.issingle:
		doc = conditions_asked.facts(frappe.get_single(doctype))
		for one in asks:
			_ask(one, doctype, None, doc)
		return
	table, valid = frappe.qb.DocType(doctype), set(meta.get_valid_columns())
	plain = {name for one in asks for name in (*one.fields, *one.required)} - {row.fieldname for row in meta.get_table_fields()}
	columns = ["name", *sorted((plain & valid) - {"name"})]
	day = day if not day or day in valid else domain_routes.MADE
	where = _where(doctype, route, day, asks, scope, table, hidden)
	records = frappe.qb.from_(table).select(*(table[name] for name in columns), table[day or domain_routes.MADE]).where(where).run()
	if not records:
		return
	wanted: dict[str, set[str]] = defaultdict(set)
	for one in asks:
		for name, fields in one.rows.items():
			wanted[name] |= fields
	rows = {name: _rows(meta.get_field(name), doctype, fields, frappe.qb.from_(table).select(table.name).where(where)) for name, fields in wanted.items()}
	for *values, moment in records:
		doc = dict(zip(columns, values, strict=True))
		for name, by_parent in rows.items():
			doc[name] = by_parent.get(doc["name"], [])
		when = None if not day else moment.date() if isinstance(moment, datetime) else moment
		for one in asks:
			if not day or one.row.counts == definitions.BY_END or (when and when >= scope.span.first):
				_ask(one, doc["name"], when, doc)


def _where(doctype: str, route: Any, day: str, asks: list[_Asks], scope: Scope, table: Any, hidden: Hidden) -> Criterion:
	where = routes.condition(doctype, route, scope, table)
	if day:
		where &= table[day] < scope.span.last + DAY
		if all(one.row.counts != definitions.BY_END for one in asks):
			where &= table[day] >= scope.span.first
	if names := hidden.get(doctype):
		where &= table.name.notin(names)
	if hidden and doctype in confidential.NAMES_RECORDS:
		where &= confidential.names_one_of(doctype, table, hidden).negate()
	return where


def _rows(df: Any, doctype: str, fields: set[str], parents: Any) -> dict[str, list[dict[str, Any]]]:
	"""The rows of one table of many records, by record."""
	table, valid = frappe.qb.DocType(df.options), set(frappe.get_meta(df.options).get_valid_columns())
	columns = ["name", *sorted((fields & valid) - {"name"})]
	query = (
		frappe.qb.from_(table)
		.select(table.parent, *(table[name] for name in columns))
		.where((table.parenttype == doctype) & (table.parentfield == df.fieldname) & table.parent.isin(parents))
		.orderby(table.parent)
		.orderby(table.idx)
	)
	found_rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
	for parent, *values in query.run():
		found_rows[parent].append(dict(zip(columns, values, strict=True)))
	return found_rows


def _ask(one: _Asks, name: str, when: date | None, doc: Mapping[str, Any]) -> None:
	if one.unreadable:
		one.failing += 1
		return
	key = None if one.rows else tuple(doc.get(name) for name in one.fields)
	holds = one.answers.get(key) if key is not None else None
	if holds is None:
		try:
			holds = definitions.holds_for(one.row.condition, frappe._dict(doc))
		except Exception as error:  # a condition that cannot be asked proves nothing, is counted, and told to the administrators
			failing_conditions.note(definitions.DOCTYPE, one.row.name, "condition", (one.row.document_type, name), error)
			holds = "failing"
		if key is not None:
			one.answers[key] = holds
	if holds == "failing":
		one.failing += 1
	elif holds:
		lacking = any(definitions.is_blank(doc.get(name)) for name in one.required)
		one.seen.append((when, name, "lacking" if lacking else "whole"))


def _counted(doctype: str, one: _Asks, scope: Scope) -> Proof:
	days = cint(one.row.recent_days)
	limit = scope.span.last - timedelta(days=days - 1) if days and one.row.counts == definitions.BY_END else None
	whole = lacking = old = 0
	for when, _name, kind in one.seen:
		if limit and when and when < limit:
			old += 1
		elif kind == "lacking":
			lacking += 1
		else:
			whole += 1
	newest = heapq.nlargest(KEPT, one.seen, key=lambda row: (row[0] or date.min, row[1]))
	last = next((when for when, *_rest in newest if when), None)
	return Proof(doctype, Found(whole, lacking, old, one.failing, last), [name for _when, name, _kind in newest])
