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
