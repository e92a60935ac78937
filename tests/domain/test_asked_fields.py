"""What a condition asks of a record, found without asking any (6.3.b)."""

import pytest

from ops_delivery.domain.asked_fields import Asked, asked


@pytest.mark.parametrize(
	("text", "found"),
	[
		("True", []),
		("doc.status", [Asked("", "status")]),
		("doc.get('status') or old['priority']", [Asked("", "status"), Asked("", "priority")]),
		(
			"doc.status == 'Open' and 'High' != doc.priority",
			[Asked("", "status", "Open", True), Asked("", "status"), Asked("", "priority", "High", True), Asked("", "priority")],
		),
		(
			"(doc.status or '') in ('Open', 'Hold')",
			[Asked("", "status", "Open", True), Asked("", "status", "Hold", True), Asked("", "status")],
		),
		("doc.due.weekday() == 5", [Asked("", "due")]),
		("any(row.qty > 1 for row in doc.items)", [Asked("", "items"), Asked("items", "qty")]),
		("[row.kind == 'A' for row in (doc.rows or []) if row.on]", [Asked("", "rows"), Asked("rows", "on"), Asked("rows", "kind", "A", True), Asked("rows", "kind")]),
		("doc.items and doc.items[0].qty", [Asked("", "items"), Asked("items", "qty")]),
		("'x' in doc.subject.lower()", [Asked("", "subject")]),
		("any(word in doc.subject for word in ('a', 'b'))", [Asked("", "subject")]),
		("0 < doc.a == 3", [Asked("", "a", 3, True), Asked("", "a")]),
		("frappe.utils.getdate(doc.day) < doc.end", [Asked("", "day"), Asked("", "end")]),
	],
)
def test_what_is_asked(text, found):
	assert asked(text) == found


@pytest.mark.parametrize(
	("text", "found"),
	[
		("doc.a[0] == 1", [Asked("", "a")]),
		("doc.items[:2][0].qty", [Asked("items", "qty"), Asked("", "items")]),
		("any(row.qty for row in doc.items[:2])", [Asked("", "items"), Asked("items", "qty")]),
		("any(row.qty for row in doc.get('items'))", [Asked("", "items"), Asked("items", "qty")]),
		("any(cell.x for row in doc.items for cell in row.cells)", [Asked("", "items"), Asked("items", "cells")]),
		("doc['items'][0]['qty'] in [1, doc.b]", [Asked("items", "qty", 1, True), Asked("items", "qty"), Asked("", "items"), Asked("", "b")]),
		("old.get(doc.which) == 2", [Asked("", "which")]),
		("doc.a not in {3}", [Asked("", "a", 3, True), Asked("", "a")]),
		("doc.a in doc.b", [Asked("", "a"), Asked("", "b")]),
		("doc.a < 3", [Asked("", "a")]),
		("[1 for a, b in doc.rows]", [Asked("", "rows")]),
		("row.x", []),
		("doc[1]", []),
	],
)
def test_what_is_asked_in_rarer_ways(text, found):
	assert asked(text) == found
