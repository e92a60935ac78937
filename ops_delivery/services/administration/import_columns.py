"""Which field a column of an imported file is: by its key, as the form calls it in either language, or as Frappe's template does."""

from __future__ import annotations

from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.core.doctype.data_import import importer
from frappe.utils import cstr

from ops_delivery.permissions import evidence_rules

BESIDES = frozenset(
	("Workflow", "Notification")
)  # records of Frappe's that an administrator writes about ours
ID = "ID"
CHINESE = "zh"


class Field(NamedTuple):
	"""A column's field: of the record, or of a row of its table."""

	df: Any
	table: Any = None

	@property
	def key(self) -> str:
		"""As Frappe's template options name it."""
		return f"{self.table.fieldname}.{self.df.fieldname}" if self.table else self.df.fieldname


def columns_of(file: Any, headers: list[Any]) -> dict[int, Field]:
	"""Column -> field, of those that are ours to read. Frappe is told of headers that it does not know by itself."""
	known = _names(file.doctype)
	whole = is_whole(file.doctype)
	chosen = frappe._dict(file.column_to_field_map or {})
	named = {column: cstr(chosen.get(str(column)) or header).strip() for column, header in enumerate(headers)}
	exact = {name for name in named.values() if known.get(name) and known[name][0].key == name}
	found, taken = {}, {known[name][0].key for name in exact}
	for column, name in named.items():
		fields = [field for field in known.get(name, ()) if name in exact or field.key not in taken]
		if not fields or not (whole or fields[0].df.fieldname.startswith("ops_")):
			continue
		field = found[column] = fields[0]
		taken.add(field.key)
		if str(column) not in chosen and not _is_same(
			importer.get_df_for_column_header(file.doctype, name), field
		):
			chosen[str(column)] = field.key
	file.column_to_field_map = chosen
	return found


def _is_same(by_frappe: Any, field: Field) -> bool:
	if not by_frappe or by_frappe.fieldname != field.df.fieldname or by_frappe.parent != field.df.parent:
		return False
	table = by_frappe.get("child_table_df")
	return (table.fieldname if table else None) == (field.table.fieldname if field.table else None)


def _names(doctype: str) -> dict[str, list[Field]]:
	"""Header -> the fields that it may name, the likeliest first: by its key, as the form calls it, as a template of Frappe's
	does, which knows a word in one sense only ("角色" for the part of a review, too)."""
	meta = frappe.get_meta(doctype)
	fields = [Field(df) for df in _with_values(meta)]
	for table in meta.get_table_fields():
		fields += [Field(df, table) for df in _with_values(frappe.get_meta(table.options))]
	found: dict[str, list[Field]] = {}
	for field in fields:
		found.setdefault(field.key, []).append(field)
	for said in (_on_form, _in_template):
		for field in fields:
			for label in said(label_of(field.df), field.df.parent):
				tables = said(label_of(field.table), doctype) if field.table else [field.df.fieldname]
				for header in (f"{label} ({table})" for table in tables):
					found.setdefault(header, []).append(field)
				if not field.table:
					found.setdefault(label, []).append(field)
	return found


def _with_values(meta: Any) -> list[Any]:
	own_name = frappe._dict(fieldname="name", fieldtype="Data", label=ID, parent=meta.name)
	by_field = importer.get_autoname_field(meta.name)
	first = frappe._dict(by_field.as_dict(), label=ID) if by_field else own_name
	return [*(df for df in meta.fields if df.fieldtype not in frappe.model.no_value_fields), first]


def label_of(df: Any) -> str:
	"""As Frappe's templates call it."""
	return cstr(df.label).strip() or df.fieldname


def wordings(text: str | None, doctype: str) -> list[str]:
	"""A text as it stands, and in the languages of the reader and of the product."""
	return list(dict.fromkeys((*_on_form(text, doctype), *_in_template(text, doctype))))


def _on_form(text: str | None, doctype: str) -> list[str]:
	return (
		[text.strip(), *(_(text, lang=language, context=doctype) for language in _languages())]
		if text
		else []
	)


def _in_template(text: str | None, _doctype: str) -> list[str]:
	return [_(text, lang=language) for language in _languages()] if text else []


def _languages() -> list[str]:
	return list(dict.fromkeys((frappe.local.lang, CHINESE)))


def is_whole(doctype: str) -> bool:
	return doctype in BESIDES or frappe.get_meta(doctype).module == evidence_rules.MODULE
