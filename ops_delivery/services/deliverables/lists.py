"""Deliverables as a table, for a workbook: what the list shows to its reader, and no more (8.2.b)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.services.deliverables import files
from ops_delivery.services.shared import workbook
from ops_delivery.services.shared.locale import text

DOCTYPE = files.DOCTYPE
MOST = 5_000
COLUMNS = {
	"name": workbook.TEXT,
	"title": workbook.TEXT,
	"deliverable_type": workbook.TEXT,
	"customer": workbook.TEXT,
	"agreement": workbook.TEXT,
	"status": workbook.TEXT,
	"due_date": workbook.DAY,
	"published_on": workbook.MOMENT,
	"timeliness": workbook.TEXT,
	"version": workbook.NUMBER,
	"kind": workbook.TEXT,
	"audience": workbook.TEXT,
	"wanted_format": workbook.TEXT,
	"security_class": workbook.TEXT,
	"period_from": workbook.DAY,
	"period_to": workbook.DAY,
}
CHOICES = ("status", "timeliness", "kind", "audience", "wanted_format")
NAMED = {"deliverable_type": "Deliverable Type", "security_class": "Service Security Class"}


def sheet(filters: Any) -> workbook.Sheet:
	"""The deliverables that the user may list, by the list's filters; frappe.ValidationError for more than fit. One query."""
	_check(filters)
	rows = frappe.get_list(DOCTYPE, filters=filters, fields=list(COLUMNS), order_by="due_date desc, name desc", limit_page_length=MOST + 1)
	if len(rows) > MOST:
		frappe.throw(_("More than {0} deliverables are listed. Filter the list, and take them in parts.").format(MOST))
	meta = frappe.get_meta(DOCTYPE)
	columns = [
		workbook.Column(_("Number", context="Paper") if name == "name" else _(meta.get_label(name), context=DOCTYPE), kind) for name, kind in COLUMNS.items()
	]
	return workbook.Sheet(_(DOCTYPE), columns, [[_shown(name, row.get(name)) for name in COLUMNS] for row in rows])


def _check(filters: Any) -> None:
	"""Filters of fields that there are; frappe.ValidationError names another."""
	meta, asked = frappe.get_meta(DOCTYPE), list(filters) if isinstance(filters, dict) else [row[-3] if len(row) > 2 else row[0] for row in filters if row]
	for name in asked:
		if not (meta.has_field(cstr(name)) or cstr(name) in ("name", "owner", "creation", "modified", "modified_by", "docstatus", "_assign", "_liked_by", "_user_tags")):
			frappe.throw(_("{0} has no field {1}.").format(_(DOCTYPE), frappe.bold(escape_html(cstr(name)))))


def _shown(name: str, value: Any) -> Any:
	if name in CHOICES:
		return _(cstr(value), context=DOCTYPE) if value else None
	if name in NAMED:
		return _(cstr(value), context=NAMED[name]) if value else None
	return text(value) if isinstance(value, str) else value
