"""Facts and states are written by steps only: the guard of all evidence, asked on every way in.

What a service notes (who, when, which state, what came of it) is a fact. A form shows it, and nobody types it: not in the
form, by set_value, bulk edit, import, REST, submission or amendment, and not by code that does not say it is a step. Which
fields these are stands in one table (evidence_rules.py).

A service takes the step with `take(doc)` before it saves. The mark lives in the document's flags, which Frappe fills from no
request. What is worked out anew at every save is not refused but put back, so that forms may show it before they save.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, flt, get_datetime, getdate

from ops_delivery.permissions.evidence_rules import (
	ALWAYS,
	CONFIGURATION,
	MODULE,
	TABLES,
	Evidence,
	fields_of,
	is_fact,
	rules_of,
	way_out,
)

FLAG, ASKED = "ops_step", "ops_step_asked"
NUMBERS = frozenset(("Int", "Float", "Currency", "Percent", "Duration", "Rating"))


class OnlyBySteps(frappe.ValidationError):
	"""A fact or a state was written, or evidence deleted, by hand."""


def take(doc: Any) -> Any:
	"""Say that what is about to be saved is a step of ours; the document, for `take(doc).save()`. Services alone call it."""
	doc.flags[FLAG] = True
	return doc


def is_taken(doc: Any) -> bool:
	"""Whether a service said that this document is saved by a step."""
	return bool(doc.flags.get(FLAG))


def guard(doc: Any, _method: str | None = None) -> None:
	"""doc_events before_validate, before_update_after_submit and before_cancel: refuse what is written by steps only.

	Controllers that fill in fields earlier call it first, as they do with field_types.cast; it looks once a save.
	"""
	if doc.meta.module != MODULE or is_setting_up():
		return
	if _method and doc.flags.pop(ASKED, None):
		return
	if not _method:
		doc.flags[ASKED] = True
	if doc.meta.istable:
		if not is_taken(doc):
			for row in filter(None, (doc, _stored(doc))):  # where it goes, and where it comes from
				_refuse_row_by_itself(row)
		return
	stored = _stored(doc)
	_guard_whose_rows(doc, stored)
	if is_taken(doc):
		return
	rules = rules_of(doc.doctype)
	for df in fields_of(doc.doctype):
		_guard_field(doc, stored, df, rules)
	if stored is None:
		for name, allowed in rules.begins.items():
			if doc.get(name) not in allowed:
				_refuse(doc, doc.meta.get_field(name), doc.get(name))


def guard_deletion(doc: Any, _method: str | None = None) -> None:
	"""doc_events on_trash: evidence is not deleted by hand; what carries none yet may go."""
	if doc.meta.module != MODULE or is_taken(doc) or is_setting_up():
		return
	if doc.meta.istable:
		_refuse_row_by_itself(doc)
		return
	kept = rules_of(doc.doctype).deletion
	if kept == ALWAYS or (callable(kept) and kept(doc)):
		return
	frappe.throw(
		_("{0} {1} is kept as evidence and cannot be deleted. {2}").format(
			_(doc.doctype), frappe.bold(escape_html(cstr(doc.name))), way_out(doc.doctype)
		),
		OnlyBySteps,
		title=_("Evidence"),
	)


def is_setting_up() -> bool:
	"""Whether an app is installed, migrated or taken away just now."""
	flags = frappe.flags
	return bool(flags.in_install or flags.in_migrate or flags.in_patch or flags.in_uninstall)


def _stored(doc: Any) -> Any:
	"""The record as it is in the database; None for a new one."""
	if doc.is_new():
		return None
	return doc.get_doc_before_save() or frappe.get_doc(doc.doctype, doc.name)


def _guard_field(doc: Any, stored: Any, df: Any, rules: Evidence) -> None:
	name = df.fieldname
	if df.fieldtype in TABLES:
		if name in rules.worked_out:
			return
		if cint(df.read_only):
			_guard_table(doc, stored, df)
		else:
			_guard_rows(doc, stored, df, rules)
		return
	is_owned = name in rules.owned and stored is not None and (rules.settled is None or rules.settled(stored))
	if not is_owned and (not is_fact(df) or name in rules.guarded_elsewhere):
		return
	if stored is None and (name in rules.given or not doc.get(name)):
		return
	if name in rules.worked_out:
		if stored is not None:
			doc.set(name, stored.get(name))
	elif not _same(df, doc.get(name), _before(stored, df)):
		_refuse(doc, df, doc.get(name))
	elif stored is not None:
		doc.set(name, stored.get(name))


def _guard_whose_rows(doc: Any, stored: Any) -> None:
	"""No row of another record, and none twice. Frappe updates the row of a name, whosever it is, and makes it one of the
	record that is being saved: the other, signed or closed as it may be, would be without it."""
	if stored is None:
		return  # all rows of a new record are given names of their own
	for df in doc.meta.get_table_fields():
		own = {row.name for row in stored.get(df.fieldname) or []}
		for row in doc.get(df.fieldname) or []:
			if row.is_new() or not row.name:
				continue
			if row.name not in own:
				frappe.throw(
					_(
						"{0} of {1}, row {2}: {3} is no row of this record, or stands here twice. Load the form anew; a new row has no name."
					).format(
						frappe.bold(table_name(doc.doctype, df.fieldname)),
						escape_html(cstr(doc.name)),
						row.idx,
						frappe.bold(escape_html(cstr(row.name)[:140])),
					),
					OnlyBySteps,
					title=_("Written by steps only"),
				)
			own.discard(row.name)


def _guard_table(doc: Any, stored: Any, df: Any) -> None:
	"""A table that steps write: no row is added, changed or taken out."""
	rows, old = doc.get(df.fieldname) or [], (stored.get(df.fieldname) or []) if stored else []
	columns = fields_of(df.options)
	if [cstr(row.name) for row in old] != [cstr(row.name) for row in rows]:
		_refuse(doc, df, None)
	for was, now in zip(old, rows, strict=True):
		for column in columns:
			if not _same(column, now.get(column.fieldname), was.get(column.fieldname)):
				_refuse(doc, column, now.get(column.fieldname), now)


def _guard_rows(doc: Any, stored: Any, df: Any, rules: Evidence) -> None:
	facts = [column for column in fields_of(df.options) if is_fact(column)]
	is_kept = df.fieldname in rules.kept_rows
	if not facts and not is_kept:
		return
	old = {row.name: row for row in stored.get(df.fieldname) or []} if stored else {}
	for row in doc.get(df.fieldname) or []:
		was = old.pop(row.name, None)
		for column in facts:
			name = column.fieldname
			if f"{df.fieldname}.{name}" in rules.worked_out:
				if was is not None:
					row.set(name, was.get(name))
			elif (was is not None or row.get(name)) and not _same(column, row.get(name), _before(was, column)):
				_refuse(doc, column, row.get(name), row)
			elif was is not None:
				row.set(name, was.get(name))
		for column in fields_of(df.options) if is_kept and was is not None else ():
			if not column.fetch_from and not _same(column, row.get(column.fieldname), was.get(column.fieldname)):
				_refuse(doc, column, row.get(column.fieldname), row)
	if is_kept and old:
		_refuse(doc, df, None)


def _before(stored: Any, df: Any) -> Any:
	"""The stored value; of a new record what Frappe fills in: the default, of a choice else the first one."""
	if stored is not None:
		return stored.get(df.fieldname)
	return df.default or (cstr(df.options).split("\n")[0] if df.fieldtype == "Select" else None)


def _same(df: Any, now: Any, was: Any) -> bool:
	"""Whether two values of a field are one, whatever form they came in."""
	kind = df.fieldtype
	if kind == "Check":
		return cint(now) == cint(was)
	if kind in NUMBERS:
		return flt(now, 9) == flt(was, 9) and _is_number(now)
	if kind in ("Date", "Datetime"):
		read = getdate if kind == "Date" else get_datetime
		try:
			one, other = (read(value) if value else None for value in (now, was))
		except Exception:
			return cstr(now) == cstr(was)
		if kind == "Datetime":
			one, other = (value.replace(microsecond=0) if value else None for value in (one, other))
		return one == other
	return cstr(now).strip() == cstr(was).strip()


def _is_number(value: Any) -> bool:
	try:
		float(value or 0)
	except (TypeError, ValueError):
		return False
	return True


def table_name(doctype: str, fieldname: str) -> str:
	"""A table of a record as messages call it: by its label, or by what its rows are where it has none."""
	field = frappe.get_meta(doctype).get_field(fieldname)
	return _(field.label, context=doctype) if field.label else _(field.options)


def _refuse(doc: Any, df: Any, value: Any, row: Any = None) -> None:
	context = row.doctype if row is not None else doc.doctype
	label = frappe.bold(_(df.label or df.fieldname, context=context))
	if row is not None:
		label = _("{0}, row {1}: {2}").format(table_name(doc.doctype, row.parentfield), row.idx, label)
	if df.fieldtype in TABLES:
		message = _("{0} of {1}: these rows are written by steps only and cannot be changed here. {2}").format(
			label, escape_html(cstr(doc.name) or _(doc.doctype)), way_out(doc.doctype)
		)
	else:
		message = _("{0} of {1} is noted by steps only and cannot be set to {2} here. {3}").format(
			label,
			escape_html(cstr(doc.name) or _(doc.doctype)),
			frappe.bold(escape_html(cstr(value)[:140]) or _("blank")),
			way_out(doc.doctype),
		)
	frappe.throw(message, OnlyBySteps, title=_("Written by steps only"))


def _refuse_row_by_itself(row: Any) -> None:
	"""A row that is saved or deleted alone passes the rules of its record by."""
	if row.get("parenttype") in CONFIGURATION:
		return
	frappe.throw(
		_("This row belongs to {0} {1} and is not written or deleted by itself. Change it on that record.").format(
			_(row.get("parenttype") or ""), frappe.bold(escape_html(cstr(row.get("parent"))))
		),
		OnlyBySteps,
		title=_("Written by steps only"),
	)
