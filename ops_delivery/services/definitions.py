"""Clock Definitions: which record types are measured, and the conditions that move their clocks (6.3.b).

Conditions are Python expressions in Frappe's safe evaluation, edited on the desk. Their compiled form is kept per
process, so that a save costs microseconds and not a compilation of every condition.
"""

from __future__ import annotations

from functools import lru_cache
from types import CodeType
from typing import Any

import frappe
from frappe import _
from frappe.utils import safe_exec

from ops_delivery.framework import condition_utils
from ops_delivery.permissions import switches
from ops_delivery.services import every_save

CONDITIONS = ("start_when", "pause_when", "resume_when", "meet_when", "cancel_when", "reset_when")
MOMENT_FIELDS = ("start_at_field", "meet_at_field")
OWN_TERMS = ("own_terms", "own_target", "own_deadline_field", "own_calendar", "own_policy")
READ = ("name", "commitment", "document_type", *CONDITIONS, *MOMENT_FIELDS, *OWN_TERMS)


def engine_rests() -> bool:
	"""While apps come, go or are patched no record is measured: tables may be missing, and nobody works."""
	return switches.rests()


def for_doctype(doctype: str) -> frappe._dict | None:
	"""The measured type of a DocType, or None when it is not measured (or the engine rests)."""
	return None if engine_rests() else every_save.asked().measured.get(doctype)


@lru_cache(maxsize=2048)
def _compiled(expression: str) -> CodeType:
	import unicodedata

	source = unicodedata.normalize("NFKC", expression.strip())
	safe_exec._validate_safe_eval_syntax(source)
	return safe_exec.compile_restricted(
		source, filename="<clock condition>", policy=safe_exec.FrappeTransformer, mode="eval"
	)


_globals: dict[str, Any] = {}


def _evaluation_globals() -> dict[str, Any]:
	if not _globals:
		_globals.update(safe_exec.WHITELISTED_SAFE_EVAL_GLOBALS)
		_globals.update(__builtins__={}, frappe=frappe._dict(utils=condition_utils()))
	return _globals


def facts(doc) -> frappe._dict:
	"""What a condition sees of a record: its field values, a missing one as None."""
	return frappe._dict({k: v for k, v in doc.__dict__.items() if not k.startswith("_") or k == "_assign"})


def truth(expression: str | None, doc: frappe._dict, old: frappe._dict | None = None) -> bool:
	"""Whether the condition holds for `doc` (see `facts`); a blank condition does not.

	Raises whatever the expression raises: the caller names the definition.
	"""
	if not expression or not expression.strip():
		return False
	return bool(eval(_compiled(expression), {**_evaluation_globals(), "doc": doc, "old": old or doc}))


def check(definition) -> None:
	"""Refuse a Clock Definition whose conditions cannot be evaluated or whose moment fields do not exist."""
	meta = frappe.get_meta(definition.document_type)
	blank = facts(frappe.new_doc(definition.document_type))
	for fieldname in CONDITIONS:
		expression = definition.get(fieldname)
		try:
			truth(expression, blank)
		except Exception as error:
			frappe.throw(
				_(
					"{0}: the condition {1} cannot be evaluated for a blank {2}: {3}. Correct it, or ask for the value first, as in {4}."
				).format(
					frappe.bold(_(definition.meta.get_label(fieldname))),
					frappe.bold(frappe.utils.escape_html(expression)),
					_(definition.document_type),
					frappe.utils.escape_html(str(error)),
					"<code>doc.field and doc.field > 1</code>",
				),
				title=_("Condition not usable"),
			)
	for fieldname in MOMENT_FIELDS:
		named = (definition.get(fieldname) or "").strip()
		field = meta.get_field(named) if named else None
		if named and (not field or field.fieldtype not in ("Datetime", "Date")) and named != "creation":
			frappe.throw(
				_(
					"{0}: {1} has no date and time field {2}. Name one of its Datetime fields, or leave it blank."
				).format(
					frappe.bold(_(definition.meta.get_label(fieldname))),
					_(definition.document_type),
					frappe.bold(frappe.utils.escape_html(named)),
				)
			)


def try_on(definition, record_name: str) -> list[dict[str, Any]]:
	"""Each condition of a definition (also an unsaved one) against a real record: its result or its error."""
	doc = frappe.get_doc(definition.document_type, record_name)
	doc.check_permission("read")
	seen = facts(doc)
	rows = []
	for fieldname in CONDITIONS:
		expression = definition.get(fieldname)
		if not expression:
			continue
		row = {"condition": fieldname, "expression": expression, "result": None, "error": None}
		try:
			row["result"] = truth(expression, seen)
		except Exception as error:
			row["error"] = str(error)
		rows.append(row)
	return rows
