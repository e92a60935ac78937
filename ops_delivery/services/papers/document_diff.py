"""What differs between two documents of one type, section by section, as their reader would see it (5.5.g).

The sections are those of the form; the rule is `domain.comparison`. Fields that are not content (states, numbers,
what the code keeps) are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model import display_fieldtypes, no_value_fields, table_fields

from ops_delivery.domain import comparison as domain
from ops_delivery.domain.comparison import Section, SectionChange, Table
from ops_delivery.services.papers.paper import Paper

# what tells the rows of a table apart; for others the columns of the list view that come first
KEYS = {
	"Service Agreement Scope": ("service_content", "service_item"),
	"Service Agreement Target": ("commitment", "priority"),
	"Service Agreement Object": ("service_object",),
	"Service Agreement Channel": ("channel", "address"),
	"Service Agreement Contact": ("contact_role", "level"),
	"Service Agreement Metric": ("metric",),
	"Service Agreement Party": ("party",),
	"Service Agreement Figure": ("figure_name",),
	"Service Agreement Agreed Part": ("part",),
}
LEFT_OUT = {
	"Service Agreement": ("template", "agreed_parts", "amendment_reason", "owner_user", "remind_days")
}
TEMPLATE = "ops_delivery/templates/includes/comparison.html"


def between(old, new) -> list[SectionChange]:
	"""The sections in which two documents of one type differ, in the reader's language."""
	plan = layout(new.doctype)
	return domain.compare(plan, _texts(old, plan), _texts(new, plan), _rows(old, plan), _rows(new, plan))


def html(old, new) -> str:
	"""The comparison as an HTML fragment: for a dialog, a page or a print. Every value is escaped."""
	sections = between(old, new)
	return frappe.render_template(
		TEMPLATE,
		{
			"sections": sections,
			"count": sum(section.count for section in sections),
			"old": _heading(old),
			"new": _heading(new),
			"kinds": {
				domain.ADDED: _("Added", context="Ops Delivery"),
				domain.REMOVED: _("Removed", context="Ops Delivery"),
				domain.CHANGED: _("Changed"),
			},
		},
	)


def layout(doctype: str) -> list[Section]:
	"""The sections of a document type's form with their content fields and tables."""
	meta = frappe.get_meta(doctype)
	skipped = LEFT_OUT.get(doctype, ())
	found: list[Section] = []
	tab = section = ""
	fields: dict[str, str] = {}
	tables: list[Table] = []

	def close() -> None:
		if fields or tables:
			title = " · ".join(dict.fromkeys(filter(None, (tab, section)))) or _(doctype)
			found.append(Section(title, dict(fields), tuple(tables)))
		fields.clear()
		tables.clear()

	for df in meta.fields:
		if df.fieldtype in ("Tab Break", "Section Break"):
			close()
			label = _(df.label, context=doctype) if df.label else ""
			tab, section = (label, "") if df.fieldtype == "Tab Break" else (tab, label)
		elif df.fieldname in skipped or not is_content(df):
			continue
		elif df.fieldtype in table_fields:
			tables.append(_table(df, doctype))
		else:
			fields[df.fieldname] = _(df.label or df.fieldname, context=doctype)
	close()
	return found


def is_content(df) -> bool:
	"""Whether a field says something of its own: not one that is computed, hidden, or only for the layout."""
	if df.hidden or df.is_virtual or df.fieldname in ("status", "workflow_state", "version", "amended_from"):
		return False
	if df.fieldtype in table_fields:
		return True
	return not df.read_only and df.fieldtype not in no_value_fields and df.fieldtype not in display_fieldtypes


def _table(df, doctype: str) -> Table:
	columns = {
		column.fieldname: _(column.label or column.fieldname, context=df.options)
		for column in frappe.get_meta(df.options).fields
		if is_content(column)
	}
	keys = (
		KEYS.get(df.options)
		or tuple(column.fieldname for column in frappe.get_meta(df.options).fields if column.in_list_view)[:1]
	)
	return Table(df.fieldname, _(df.label, context=doctype), columns, keys)


def _texts(doc, plan: list[Section]) -> Mapping[str, str]:
	paper = Paper(doc)
	return {name: _said(paper, name) for section in plan for name in section.fields}


def _rows(doc, plan: list[Section]) -> Mapping[str, list[dict[str, str]]]:
	paper = Paper(doc)
	return {
		table.name: [
			{name: _said(paper, name, row) for name in table.columns} for row in paper.doc.get(table.name) or []
		]
		for section in plan
		for table in section.tables
	}


def _said(paper: Paper, name: str, row: Any = None) -> str:
	"""A value as the reader sees it; a box that is not ticked and a number 0 that nobody entered say nothing."""
	source = row if row is not None else paper.doc
	df = source.meta.get_field(name)
	if df.fieldtype in ("Check", "Int", "Float", "Percent", "Currency", "Duration") and not source.get(name):
		return ""
	return paper.value(name, row)


def _heading(doc) -> str:
	version = _("version {0}").format(doc.get("version") or 1)
	return f"{doc.name} · {version}" if doc.name else version
