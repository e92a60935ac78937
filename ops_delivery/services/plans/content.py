"""What a Delivery Plan says, for its reviews: the plan without what was done (clauses 5.2.b–i, 5.3.a)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cstr, flt, getdate

from ops_delivery.services.plans import rules as plans
from ops_delivery.services.plans.activities import PLANNED

# table -> the columns that are planned; the others tell what was done, and may be filled in at any time
TABLES = {
	"funds": ("kind", "item", "service_content", "planned_amount", "source"),
	"tools": ("tool", "purpose", "quantity", "ready_by"),
	"documents": ("kind", "title", "service_content"),
	"consensus": ("kind", "point"),
}


def more(doc, part: str = "") -> dict[str, Any]:
	"""extra_content of the reviewed type: the activities as planned, and the planned columns of some tables."""
	said: dict[str, Any] = {
		table: [
			{
				column: text
				for column in columns
				if (text := _plain(row.meta.get_field(column), row.get(column)))
			}
			for row in doc.get(table)
		]
		for table, columns in TABLES.items()
	}
	if not doc.is_new():
		said["activities"] = activities(doc.name)
	return {key: value for key, value in said.items() if value}


def activities(plan: str) -> list[dict[str, Any]]:
	"""What a plan says of its activities, by name. Two queries, however many there are."""
	meta = frappe.get_meta("Delivery Activity")
	fields = [meta.get_field(name) for name in PLANNED if name not in ("plan", "predecessors")]
	rows = frappe.get_all(
		"Delivery Activity",
		filters={"plan": plan},
		fields=["name", *(field.fieldname for field in fields)],
		order_by="name",
		limit=0,
	)
	after = plans.predecessors_of(plan) if rows else {}
	found = []
	for row in rows:
		said = {
			field.fieldname: text for field in fields if (text := _plain(field, row.get(field.fieldname)))
		}
		if row.name in after:
			said["after"] = sorted(after[row.name])
		found.append({"name": row.name, **said})
	return found


def _plain(field, value: Any) -> str:
	if value in (None, "", 0):
		return ""
	if field.fieldtype == "Date":
		return str(getdate(value))
	if field.fieldtype in ("Currency", "Float", "Percent"):
		return f"{flt(value, 6):.6f}" if flt(value, 6) else ""
	return cstr(value).strip()
