"""From records to their agreement, and back, by the table of domain/evidence/routes.py: as conditions of queries, never one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import frappe
from pypika.terms import Criterion, LiteralValue

from ops_delivery.domain.evidence import routes
from ops_delivery.services.evidence.scope import AGREEMENT, Scope

AT_ONCE = 1000
EVERY = "*"  # of every agreement


def condition(doctype: str, route: routes.Route, scope: Scope, table: Any) -> Criterion:
	"""What a record of a type must fulfil to belong to the scope's agreement; `table` is that of the record."""
	if isinstance(route, routes.Site):
		return LiteralValue("1=1")
	if isinstance(route, routes.Own):
		own = doctype == AGREEMENT and route.field == "name"
		return table[route.field].isin(list(scope.ruling if own else scope.versions) or [""])
	if isinstance(route, routes.Through):
		return table[route.field].isin(_names(route.doctype, scope))
	if isinstance(route, routes.Named):
		return table.name.isin(_naming(route, scope))
	return Criterion.any(
		(table[route.doctype_field] == of_type) & table[route.name_field].isin(_names(of_type, scope)) for of_type in route.doctypes
	)


def _names(doctype: str, scope: Scope) -> Any:
	table = frappe.qb.DocType(doctype)
	return frappe.qb.from_(table).select(table.name).where(condition(doctype, routes.of(doctype), scope, table))


def _naming(route: routes.Named, scope: Scope) -> Any:
	"""What records of the scope name, as a query; where rows do, it is the rows of those records."""
	table = frappe.qb.DocType(route.table or route.doctype)
	query = frappe.qb.from_(table).select(table[route.field])
	if route.table:
		return query.where((table.parenttype == route.doctype) & table.parent.isin(_names(route.doctype, scope)))
	return query.where(condition(route.doctype, routes.of(route.doctype), scope, table))


def agreements_of(doctype: str, names: Iterable[str], route: routes.Route | None = None) -> set[str]:
	"""The agreements (names of versions) to which records of a type belong; EVERY among them where one counts for all."""
	route, found, names = route or routes.of(doctype), set(), list(names)
	if not names or route is None:
		return found
	if isinstance(route, routes.Site):
		return {EVERY}
	if doctype == AGREEMENT:
		return set(names)
	for some in _parts(names):
		if isinstance(route, routes.Own):
			found.update(_values(doctype, [route.field], {"name": ["in", some]}))
		elif isinstance(route, routes.Through):
			found |= agreements_of(route.doctype, _values(doctype, [route.field], {"name": ["in", some]}))
		elif isinstance(route, routes.About):
			by_type: dict[str, set[str]] = defaultdict(set)
			fields = [route.doctype_field, route.name_field]
			for row in frappe.get_all(doctype, {"name": ["in", some], fields[0]: ["in", route.doctypes]}, fields, order_by="name"):
				by_type[row[fields[0]]].add(row[fields[1]])
			for of_type, some_names in by_type.items():
				found |= agreements_of(of_type, sorted(some_names))
		else:
			field = "parent" if route.table else "name"
			filters = {route.field: ["in", some], **({"parenttype": route.doctype} if route.table else {})}
			found |= agreements_of(route.doctype, _values(route.table or route.doctype, [field], filters))
	return found - {""}


def _values(doctype: str, fields: Sequence[str], filters: dict[str, Any]) -> list[str]:
	rows = frappe.get_all(doctype, filters, fields, distinct=True, order_by=f"{fields[0]}", pluck=fields[0])
	return [value for value in rows if value]


def _parts(names: Sequence[str]) -> Iterable[list[str]]:
	left = iter(names)
	while some := list(islice(left, AT_ONCE)):
		yield some
