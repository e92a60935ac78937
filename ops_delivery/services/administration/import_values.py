"""Files of Frappe's Data Import, for records of ours, Workflows and Notifications: headers and values in either language.

Frappe reads a file's choices, links, days, numbers and ticks before there is a document, and takes what it does not understand
for nothing: "是" for no, "abc" for 0, "1,5" for 15, a day at midnight for a moment. Here each cell is first read as its field
means it. What is not understood is refused by its line, field and value, and Frappe then saves nothing of the file.

Of the host's own records only our fields are read so.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import frappe
import openpyxl
from frappe import _
from frappe.core.doctype.data_import import importer
from frappe.utils import cstr, escape_html

from ops_delivery.permissions import evidence_rules
from ops_delivery.services.administration.import_columns import BESIDES, Field, columns_of, label_of, wordings
from ops_delivery.services.shared import typed_values as typed_in
from ops_delivery.services.shared.typed_values import NotRead

BLANK = ("", None)


def refuse_evidence(doctype: str | None) -> None:
	"""What the product notes by itself is no matter of files."""
	if doctype and evidence_rules.is_engine(doctype):
		frappe.throw(
			_("{0}: records of this kind are evidence and cannot be imported. {1}").format(
				frappe.bold(_(doctype)), evidence_rules.way_out(doctype)
			),
			title=_("Evidence"),
		)


def is_taken_too(doctype: str | None) -> bool:
	"""Whether it is one of Frappe's types that it imports for nobody, and the user may make such records: an administrator
	brings workflows and notifications about ours from one site to another as a table, too."""
	return (
		doctype in BESIDES
		and "System Manager" in frappe.get_roles()
		and bool(frappe.has_permission(doctype, "create"))
	)


def tell_desk(bootinfo: Any) -> None:
	"""Hook extend_bootinfo: the form of Data Import offers what the desk is told that it may import."""
	if "System Manager" in frappe.get_roles():
		known = bootinfo.user.can_import
		known += sorted(BESIDES.difference(known))


def read(file: Any) -> None:
	"""Hook `ops_delivery_read_import`: map the headers of either language, and put each cell as its field means it."""
	headers = _headers(file)
	columns = columns_of(file, headers)
	if not columns and _is_in_chinese_code(file):
		headers = _headers(file)
		columns = columns_of(file, headers)
	if not columns:
		return
	begun = file.raw_data.index(headers)
	readers = {column: _reader(field, _cells(file, begun, column)) for column, field in columns.items()}
	shares = _shares(file, {column for column, field in columns.items() if field.df.fieldtype == "Percent"})
	rows = []
	for number, row in enumerate(file.raw_data, 1):
		row = list(row)
		for column, field in columns.items() if number > begun + 1 else ():
			value = row[column] if column < len(row) else None
			value = value.strip() if isinstance(value, str) else value
			if value in BLANK:
				continue
			if (number, column) in shares and isinstance(value, int | float):
				value = round(value * 100, 9)
			try:
				row[column] = readers[column](value)
			except NotRead as reason:
				row[column] = None
				file.warnings.append(
					{"row": number, "col": column + 1, "message": _line(field, value, reason)}
				)
		rows.append(row)
	file.raw_data = rows


def _headers(file: Any) -> list[Any]:
	"""The first row with anything in it, without the mark that spreadsheets put before a text in UTF-8."""
	for row in file.raw_data:
		if any(cell not in BLANK for cell in row):
			if isinstance(row[0], str):
				row[0] = row[0].lstrip("\ufeff")
			return row
	return []


def _is_in_chinese_code(file: Any) -> bool:
	"""Whether it is a text as a Chinese Excel saves it (GB 18030), which Frappe takes for an Eastern European one; if so it is
	read anew."""
	if not file.file_doc or not cstr(file.file_doc.file_url).lower().endswith(".csv"):
		return False
	with open(file.file_doc.get_full_path(), "rb") as opened:
		content = opened.read()
	try:
		content.decode()
		return False
	except UnicodeDecodeError:
		pass
	try:
		text = content.decode("gb18030")
	except UnicodeDecodeError:
		return False
	file.raw_data = importer.read_csv_content(text)
	return True


def _shares(file: Any, columns: set[int]) -> set[tuple[int, int]]:
	"""The cells (line, column) that a workbook shows as percentages: who types 15% there has 0.15 in the file."""
	address = file.file_doc.file_url if file.file_doc else file.file_path
	if not columns or not cstr(address).lower().endswith(".xlsx"):
		return set()
	if file.file_doc:
		content = file.file_doc.get_content()
	else:
		with open(file.file_path, "rb") as opened:
			content = opened.read()
	sheet = openpyxl.load_workbook(BytesIO(content), data_only=True).active
	return {
		(number, column)
		for number, row in enumerate(sheet.iter_rows(), 1)
		for column in columns
		if column < len(row) and "%" in cstr(row[column].number_format)
	}


def _cells(file: Any, begun: int, column: int) -> list[Any]:
	return [row[column] for row in file.raw_data[begun + 1 :] if column < len(row)]


def _line(field: Field, value: Any, reason: Exception) -> str:
	label = _(label_of(field.df), context=field.df.parent)
	if field.table:
		label = f"{label} ({_(label_of(field.table), context=field.table.parent)})"
	return typed_in.refusal(label, value, reason)


# Readers: from a cell that is not blank to what Frappe takes as it is


def _reader(field: Field, cells: list[Any]) -> Callable[[Any], Any]:
	df, kind = field.df, field.df.fieldtype
	if kind == "Select":
		return _choice(df)
	if kind == "Link":
		return _link(df, cells)
	return typed_in.READERS.get(kind, lambda value: value)


def _choice(df: Any) -> Callable[[Any], str]:
	options = importer.get_select_options(df)
	known = {said: option for option in reversed(options) for said in wordings(option, df.parent)}
	known.update((option, option) for option in options)

	def read_choice(value: Any) -> str:
		text = cstr(value).strip()
		if options and text not in known:
			raise NotRead(
				_("is none of its choices: {0}").format(
					", ".join(escape_html(_(option, context=df.parent)) for option in options)
				)
			)
		return known.get(text, text)

	return read_choice


def _link(df: Any, cells: list[Any]) -> Callable[[Any], str]:
	wanted = {cstr(value).strip() for value in cells if value not in BLANK}
	there = {
		name.casefold(): name
		for name in frappe.get_all(df.options, {"name": ["in", sorted(wanted)]}, pluck="name")
	}
	if wanted and frappe.get_meta(df.options).translated_doctype and len(there) < len(wanted):
		for name in frappe.get_all(df.options, pluck="name"):
			for said in wordings(name, df.options):
				there.setdefault(said.casefold(), name)

	def read_link(value: Any) -> str:
		text = cstr(value).strip()
		if text.casefold() not in there:
			raise NotRead(_("is no {0} that is there. Make it first, or write its ID.").format(_(df.options)))
		return there[text.casefold()]

	return read_link
