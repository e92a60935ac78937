"""Frappe's Data Import as a System Manager uses it over HTTP, and files written as people write them, in either language."""

import csv
import io
import json

import desk_door
import factories
import frappe
import openpyxl
from frappe.model import no_value_fields
from frappe.utils import format_duration, formatdate, get_datetime, getdate, strip_html

INSERT, UPDATE = "Insert New Records", "Update Existing Records"
TOOL = "frappe.core.doctype.data_import.data_import"


class Share(float):
	"""A number that a workbook shows as a percentage, as it does with what is typed with the sign."""


class Imports(desk_door.Desk):
	"""One person's imports."""

	def __init__(self, language="en", roles=("System Manager",)):
		super().__init__(*roles, language=language)
		self.language = language

	def call(self, method, **form):
		"""As a request of this person, in their language."""
		before, frappe.local.lang = frappe.local.lang, self.language
		try:
			return super().call(method, **form)
		finally:
			frappe.local.lang = before

	def file(self, rows, kind="csv", code="utf-8-sig") -> str:
		"""The address of an uploaded file."""
		name, content = f"{frappe.generate_hash(length=8)}.{kind}", io.BytesIO()
		if kind == "csv":
			text = io.StringIO()
			csv.writer(text).writerows(rows)
			content.write(text.getvalue().encode(code))
		else:
			book = openpyxl.Workbook()
			for row in rows:
				book.active.append(row)
			for cell in (cell for line in book.active.iter_rows() for cell in line if isinstance(cell.value, Share)):
				cell.number_format = "0%"
			book.save(content)
		content.seek(0)
		answer = self.call("upload_file", file=(content, name), is_private="1")
		assert answer.status == 200, answer.text
		return frappe.parse_json(answer.text)["message"]["file_url"]

	def ask(self, doctype, rows, mode=INSERT, kind="csv", code="utf-8-sig", **values):
		"""Save a Data Import with its file; the answer."""
		return self.new(
			"Data Import",
			reference_doctype=doctype,
			import_type=mode,
			import_file=self.file(rows, kind, code),
			**values,
		)

	def run(self, doctype, rows, mode=INSERT, kind="csv", **values):
		"""Save and start: {name, status, log, refused (line -> what was said of it)}."""
		asked = self.ask(doctype, rows, mode, kind, **values)
		assert asked.status == 200, desk_door.said(asked)
		name = frappe.parse_json(asked.text)["docs"][0]["name"]
		preview = self.call(f"{TOOL}.get_preview_from_template", data_import=name)
		assert preview.status == 200, preview.text
		started = self.call(f"{TOOL}.form_start_import", data_import=name)
		assert started.status == 200, started.text
		log = frappe.parse_json(self.call(f"{TOOL}.get_import_logs", data_import=name).text)["message"]
		doc = frappe.get_doc("Data Import", name)
		refused = {}
		for said in json.loads(doc.template_warnings or "[]"):
			refused.setdefault(said.get("row"), []).append(strip_html(said["message"]))
		return frappe._dict(
			name=name, status=doc.status, log=[frappe._dict(row) for row in log], refused=refused
		)

	def exported(self, doc, kind="csv") -> list[list]:
		"""The record in Frappe's own template, with all that the form shows."""
		fields = {doc.doctype: ["name"]}
		for df, table in shown(doc.doctype):
			fields.setdefault(table.fieldname if table else doc.doctype, ["name"]).append(df.fieldname)
		answer = self.call(
			f"{TOOL}.download_template",
			doctype=doc.doctype,
			export_fields=json.dumps(fields),
			export_records="by_filter",
			export_filters=json.dumps({"name": doc.name}),
			file_type="CSV" if kind == "csv" else "Excel",
		)
		assert answer.status == 200, answer.text
		if kind == "csv":
			return [
				[value or None for value in row]
				for row in csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))
			]
		book = openpyxl.load_workbook(io.BytesIO(answer.content))
		return [[value.value for value in row] for row in book.active.iter_rows()]

	def done(self, *args, **kwargs) -> list[str]:
		"""Import what must come through; the names of the records."""
		found = self.run(*args, **kwargs)
		assert found.status == "Success", told(found)
		return [row.docname for row in found.log]


def told(found) -> str:
	"""What was said of an import that did not come through."""
	said = [" ".join(f"{line}: {texts}" for line, texts in found.refused.items())]
	for row in found.log:
		if not row.success:
			said += [
				strip_html(json.loads(text)["message"] if isinstance(text, str) else text["message"])
				for text in json.loads(row.messages)
			]
			said.append((row.exception or "").strip().split("\n")[-1])
	return f"{found.status}: " + "; ".join(filter(None, said))


# A record as a file


def fields_of(doctype) -> list:
	"""(field, table) of what the form lets a person write."""
	meta = frappe.get_meta(doctype)
	found = [(df, None) for df in meta.fields if _is_written(df)]
	for table in meta.get_table_fields():
		if not table.read_only:
			found += [(df, table) for df in frappe.get_meta(table.options).fields if _is_written(df)]
	return found


def place(columns, df, table) -> int:
	"""Where a column stands in an export of those: a record's or table's own begin with its ID."""
	tables = []
	for number, (one, of) in enumerate(columns):
		name = of.fieldname if of else None
		if name not in tables:
			tables.append(name)
		if (one.fieldname, name) == (df.fieldname, table.fieldname if table else None):
			return number + len(tables)
	raise KeyError(df.fieldname)


def shown(doctype) -> list:
	"""(field, table) of what the form shows, facts and tables of facts too."""
	meta = frappe.get_meta(doctype)
	found = [(df, None) for df in meta.fields if _has_value(df)]
	for table in meta.get_table_fields():
		found += [(df, table) for df in frappe.get_meta(table.options).fields if _has_value(df)]
	return found


def _has_value(df) -> bool:
	return df.fieldtype not in no_value_fields and not df.hidden


def _is_written(df) -> bool:
	return df.fieldtype not in no_value_fields and not df.read_only and not df.hidden


def headers(columns, language) -> list[str]:
	"""As the form shows them in that language; a label that stands twice is the field's own name."""
	said = []
	for df, table in columns:
		label = word(df.label or df.fieldname, language, df.parent)
		if table:
			label = f"{label} ({word(table.label or table.fieldname, language, table.parent)})"
		if label in said:
			label = f"{table.fieldname}.{df.fieldname}" if table else df.fieldname
		said.append(label)
	return said


def word(text, language, context) -> str:
	return text if language == "en" else frappe._(text, lang=language, context=context)


def rows_of(doc, kind="csv", language="en", columns=None, **values) -> list[list]:
	"""A record with its rows as a file: a header, a line for the record and its first rows, a line for each further row."""
	columns = columns or used(doc)
	data = {**doc.as_dict(), **values}
	most = max([1, *(len(data.get(table.fieldname) or []) for _df, table in columns if table)])
	lines = [headers(columns, language)]
	for number in range(most):
		line = []
		for df, table in columns:
			of = data
			if table:
				rows = data.get(table.fieldname) or []
				of = rows[number] if number < len(rows) else {}
			elif number:
				of = {}
			line.append(cell(df, of.get(df.fieldname), kind, language) if of else None)
		lines.append(line)
	return lines


def used(doc) -> list:
	"""The columns of what the record has values in."""
	found = []
	for df, table in fields_of(doc.doctype):
		rows = doc.get(table.fieldname) if table else [doc]
		if any(row.get(df.fieldname) not in (None, "") for row in rows or []):
			found.append((df, table))
	return found


def cell(df, value, kind, language):
	"""A value as somebody of that language writes it: real days in a workbook, days as the site has them in a text."""
	if value in (None, ""):
		return None
	if df.fieldtype == "Select":
		return word(value, language, df.parent)
	if df.fieldtype == "Link" and frappe.get_meta(df.options).translated_doctype:
		return word(value, language, df.options)
	if df.fieldtype == "Date":
		day = getdate(value)
		return get_datetime(day) if kind == "xlsx" else formatdate(day)
	if df.fieldtype == "Datetime":
		return (
			get_datetime(value).replace(microsecond=0)
			if kind == "xlsx"
			else str(get_datetime(value).replace(microsecond=0))
		)
	if df.fieldtype == "Time":
		return str(value)
	if df.fieldtype == "Duration":
		text = format_duration(value, df.hide_days)
		return (
			text
			if language == "en"
			else text.replace("h", "小时").replace("m", "分钟").replace("d", "天").replace("s", "秒")
		)
	if df.fieldtype == "Check":
		return (1 if value else 0) if kind == "xlsx" else word("Yes" if value else "No", language, None)
	return value
