"""Clock Definitions: which record types are measured, and the conditions that move their clocks (6.3.b).

Conditions are expressions that administrators edit on the desk; domain/condition.py says what they may use. Their
compiled form is kept per process, so that a save costs microseconds and not a compilation of every condition.
"""

from __future__ import annotations

import html
import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.domain import condition, condition_run
from ops_delivery.domain.errors import DomainError
from ops_delivery.framework import condition_utils
from ops_delivery.permissions import switches
from ops_delivery.services.scope import active_rules as every_save
from ops_delivery.services.scope.definition_fields import CONDITIONS
from ops_delivery.services.shared import domain_errors as errors

# where conditions are stored: all of them are asked by truth()
STORED: Mapping[str, tuple[str, ...]] = {
	"Clock Definition": CONDITIONS,
	"Review Rule": ("condition",),
	"Survey Rule": ("condition",),
	"Evidence Definition": ("condition",),
}
# of frappe.utils: dates, numbers and texts, nothing that reads records or other sites, or takes long
UTILS = frozenset(
	"getdate get_datetime to_timedelta get_timedelta add_to_date add_days add_months add_years date_diff month_diff "
	"time_diff time_diff_in_seconds time_diff_in_hours now_datetime now nowdate today nowtime get_first_day "
	"get_quarter_start get_quarter_ending get_first_day_of_week get_year_start get_last_day_of_week get_last_day "
	"get_time get_datetime_str get_date_str get_time_str get_weekday get_weekdays get_month formatdate format_date "
	"format_time format_datetime format_duration get_timespan_date_range flt cint floor ceil cstr rounded remainder "
	"safe_div strip_html strip is_html has_common is_subset unique fmt_money".split()
)


def engine_rests() -> bool:
	"""While apps come, go or are patched no record is measured: tables may be missing, and nobody works."""
	return switches.rests()


def for_doctype(doctype: str) -> frappe._dict | None:
	"""The measured type of a DocType, or None when it is not measured (or the engine rests)."""
	return None if engine_rests() else every_save.asked().measured.get(doctype)


def facts(doc) -> frappe._dict:
	"""What a condition sees of a record: its plain values, rows of tables as such values, too; a missing one is None.

	No document is among them, so there is nothing in a condition that could write.
	"""
	return frappe._dict(_values(doc))


def truth(expression: str | None, doc: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> bool:
	"""Whether the condition holds for `doc` (see `facts`); a blank condition does not.

	Raises whatever the expression raises, and DomainError for what no condition may do: the caller names the
	definition and says it by `said`.
	"""
	if not expression or not expression.strip():
		return False
	return _read(expression).holds(doc, old or doc, _functions())


def said(error: Exception) -> str:
	"""An error that truth() raised, in the reader's language as plain text."""
	return html.unescape(errors.message(error)) if isinstance(error, DomainError) else str(error)


def refused() -> list[tuple[str, str, str, str]]:
	"""Stored conditions that cannot be asked at all: (DocType, name, label of the field, why). They fail on every record
	(rules/failing_conditions.py) until an administrator has written them anew."""
	found = []
	for doctype, fields in STORED.items():
		meta = frappe.get_meta(doctype)
		for row in frappe.get_all(doctype, fields=["name", *fields], order_by="name"):
			for field in fields:
				if not (row.get(field) or "").strip():
					continue
				try:
					_read(row[field])
				except DomainError as error:
					found.append(
						(doctype, row.name, _(meta.get_label(field), context=meta.name), said(error))
					)
	return found


def report_refused() -> None:
	"""After a migration: say which conditions of this site cannot be asked any more, in the terminal and as an Error Log."""
	lines = [f"{_(doctype)} {name}, {label}: {why}" for doctype, name, label, why in refused()]
	if lines:
		lines.insert(
			0, _("Conditions that cannot be evaluated. Nothing follows them until you correct them:")
		)
		print("\n".join(lines))
		frappe.log_error(title="Ops Delivery: conditions that cannot be evaluated", message="\n".join(lines))


def _read(expression: str) -> condition.Condition:
	return condition.read(expression, frozenset(_functions()))


@lru_cache(maxsize=1)
def _functions() -> dict[str, Callable[..., Any]]:
	"""The functions of the host that a condition may call, by the names it calls them: as in Frappe's own conditions, or
	shorter, as the guide lists them."""
	there = {name: _bounded(function) for name, function in condition_utils().items() if name in UTILS}
	return {**{f"frappe.utils.{name}": one for name, one in there.items()}, **there}


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
	"""The same function; refused are digits without end, which Frappe's rounding would take as an exponent of ten."""
	signature = inspect.signature(function)
	if "precision" not in signature.parameters:
		return function

	def bounded(*values: Any, **named: Any) -> Any:
		digits = signature.bind(*values, **named).arguments.get("precision")
		if abs(cint(digits)) > condition_run.MOST_DIGITS:
			raise ValueError(f"{function.__name__}: precision is at most {condition_run.MOST_DIGITS}")
		return function(*values, **named)

	return bounded


def _values(doc) -> dict[str, Any]:
	found = {}
	for key, value in doc.__dict__.items():
		if key[:1] == "_" and key != "_assign":
			continue
		if type(value) in condition_run.PLAIN:  # nearly all; this runs with every save
			found[key] = value
		elif key == "flags":
			continue
		elif isinstance(value, list) and value and hasattr(value[0], "doctype"):
			found[key] = [_values(row) for row in value if hasattr(row, "doctype")]
		else:
			found[key] = condition_run.plain(value)
	return found


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
			row["error"] = said(error)
		rows.append(row)
	return rows
