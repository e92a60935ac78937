"""What a Rule Version holds, as people read it: labels and values as on the rule's own form, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.utils import cstr, escape_html, flt, formatdate

from ops_delivery.domain.work_window import WEEKDAYS
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.rules import rule_versions as versions

CALENDAR = "Service Calendar"
# tables of a content that are records of their own
WHOLE = ("Check", "Duration", "Int")
NUMBERS = (*WHOLE, "Currency", "Float", "Percent")
# texts that are planted in English and shown in the reader's language, as on their forms (public/js/form_words.js)
PLANTED = {"Checklist Template Item": ("question", "hint"), "Escalation Step": ("step_name",)}
KEPT_AS = {"Delivery Activity": {"after": "predecessors"}}  # keys of a content that are named otherwise than the field
RECORDS = {"activities": "Delivery Activity", "recommendations": "Consulting Recommendation"}


def html(version: Any) -> str:
	"""The content of a Rule Version (document) as an HTML fragment, without what its reader may not read. Every value is
	escaped; "" where the rule's type is gone."""
	doctype, kept = version.reference_doctype, versions.as_read(version)
	if not kept or not frappe.db.exists("DocType", doctype):
		return ""
	said = json.loads(kept)
	if doctype == CALENDAR:
		return _calendar(said)
	found = {**said, **(said.get("fields") or {}), **(said.get("more") or {})}
	values = {key: value for key, value in found.items() if key not in ("fields", "more")}
	return _fields(doctype, values)


def _fields(doctype: str, values: Mapping[str, Any]) -> str:
	meta = frappe.get_meta(doctype)
	tables = {key: value for key, value in values.items() if isinstance(value, list)}
	doc = frappe.new_doc(doctype)
	plain = {key: value for key, value in values.items() if key not in tables and value not in (None, "")}
	paper = Paper(doc)
	own_name = (meta.autoname or "").removeprefix("field:") if meta.translated_doctype else ""
	pairs = [
		(_label(meta, key), _(plain[key]) if key == own_name else _shown(paper, doc, key, plain[key]))
		for key in _order(meta, plain)
	]
	parts = [_pairs(pairs)]
	for key in _order(meta, tables):
		df = meta.get_field(key)
		of = df.options if df and df.fieldtype in table_fields else RECORDS.get(key)
		rows = [row for row in tables[key] if isinstance(row, dict)]
		if rows:
			parts.append(_table(_label(meta, key) if df else _(of or key), of, rows, paper))
	return "".join(parts)


def _table(title: str, doctype: str | None, rows: Sequence[Mapping[str, Any]], paper: Paper) -> str:
	meta = frappe.get_meta(doctype) if doctype else None
	named = {key for row in rows for key, value in row.items() if value not in (None, "", [])}
	if meta and meta.istable:
		named.discard("name")  # of a row, which nobody reads
	columns = _order(meta, dict.fromkeys(sorted(named))) if meta else sorted(named)
	cells = []
	for row in rows:
		doc = frappe.new_doc(doctype) if doctype else frappe._dict()
		cells.append([_shown(paper, doc, key, row.get(key)) for key in columns])
	return _grid(title, [_label(meta, key) for key in columns], cells)


def _shown(paper: Paper, doc: Any, key: str, kept: Any) -> str:
	"""A kept value as its field shows it today; as it is kept where the field has become another one, or is gone."""
	df = doc.meta.get_field(key) if doc.get("doctype") else None
	if isinstance(kept, list):
		return ", ".join(cstr(one) for one in kept)
	if not df or kept in (None, ""):
		return cstr(kept or "")
	if key in PLANTED.get(doc.doctype, ()):
		return _(cstr(kept), context=doc.doctype)
	try:
		number = flt(kept) if df.fieldtype in NUMBERS else None
		doc.set(key, kept if number is None else int(number) if df.fieldtype in WHOLE else number)
		return paper.value(key, doc)
	except (TypeError, ValueError):
		return cstr(kept)


def _calendar(said: Mapping[str, Any]) -> str:
	"""Its hours, weekday by weekday, and the days that differ."""
	exception = frappe.get_meta("Service Calendar Exception")
	week = said.get("week") or {}
	pairs = [(_("Time Zone"), cstr(said.get("time_zone")))]
	pairs += [(_(day), _windows(week[day])) for day in WEEKDAYS if week.get(day)]
	rows = [
		[
			cstr(row.get("date")),
			_(cstr(row.get("kind")), context=exception.name),
			_windows(row.get("windows") or []) or _(cstr(row.get("weekday") or "")),
			cstr(row.get("note")),
		]
		for row in said.get("exceptions") or []
	]
	heads = [_("Date"), _("Kind"), _("Windows"), _("Note", context=exception.name)]
	shown = _pairs(pairs) + (_grid(_("Dated Exceptions"), heads, rows) if rows else "")
	earlier = said.get("earlier")
	if earlier:
		before = _("Until {0}, the hours were:").format(formatdate(earlier["until"]))
		shown += f"<h5>{escape_html(before)}</h5>" + _calendar(earlier["hours"])
	return shown


def _windows(windows: Sequence[Sequence[str]]) -> str:
	return ", ".join("–".join(window) for window in windows)


def _order(meta: Any, values: Mapping[str, Any]) -> list[str]:
	"""The keys in the order of the form, what is none of its fields behind."""
	named = [df.fieldname for df in meta.fields if df.fieldname in values]
	return [*named, *(key for key in values if key not in named)]


def _label(meta: Any, key: str) -> str:
	df = meta.get_field(KEPT_AS.get(meta.name, {}).get(key, key)) if meta else None
	if df and df.label:
		return _(df.label, context=meta.name)
	return _("Number", context="Ops Delivery") if key == "name" else frappe.unscrub(key)


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
	rows = "".join(
		f"<tr><th>{escape_html(label)}</th><td class='ops-lines'>{escape_html(value)}</td></tr>" for label, value in pairs if value
	)
	return f"<table class='table table-bordered ops-version'><tbody>{rows}</tbody></table>" if rows else ""


def _grid(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
	head = "".join(f"<th>{escape_html(text)}</th>" for text in heads)
	body = "".join(
		"<tr>" + "".join(f"<td class='ops-lines'>{escape_html(text)}</td>" for text in row) + "</tr>" for row in rows
	)
	return (
		f"<h5>{escape_html(title)}</h5><div class='ops-matrix-scroll'><table class='table table-bordered ops-version'>"
		f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
	)
