"""What our endpoints are called with has the type they say, before they begin (issue: closed doors).

Frappe checks annotations as well, and answers with the words of its type checker. Here a person learns which value is
wrong; and what is right in type and impossible in size (a page beyond all numbers) is refused, too.
"""

from __future__ import annotations

import inspect
import json
import re
import types
import typing
from datetime import date
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_datetime

OURS = "ops_delivery."
DOORS = ("/api/method/", "/api/v1/method/", "/api/v2/method/")
LARGEST = 2**31 - 1
COUNTS = ("limit", "start")
LISTS = ("filters", "names", "rows", "values")  # lists that are sent as JSON
ROWS = ("rows", "values")  # of them, those of rows
MOMENTS = ("actual_end", "actual_start", "due", "end", "last_day", "start")
ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}[\d:.+Z-]*)?$")
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


def method_of(path: str) -> str:
	"""The dotted name of the function of ours that a request's path calls, else ""."""
	for door in DOORS:
		if path.startswith(door):
			name = path.removeprefix(door).strip("/ ")
			return name if name.startswith(OURS) else ""
	return ""


def check() -> None:
	"""Hook before_request: refuse a call of ours whose arguments are of another kind. frappe.ValidationError names one."""
	request = getattr(frappe.local, "request", None)
	if not request:
		return
	named = method_of(request.path) or cstr(frappe.local.form_dict.get("cmd"))
	if not named.startswith(OURS):
		return
	try:
		function = frappe.get_attr(named)
	except Exception:  # Frappe says what is not there
		return
	if callable(function):
		cast(function, frappe.local.form_dict)


def cast(function: Any, values: dict[str, Any]) -> None:
	"""Give a function's arguments their types where they stand; frappe.ValidationError names the first that has another."""
	for name, (kinds, blank) in _kinds(function).items():
		if name in values:
			values[name] = _cast(name, values[name], kinds, blank)


@lru_cache(maxsize=512)
def _kinds(function: Any) -> dict[str, tuple[frozenset[Any], bool]]:
	"""Parameter -> the plain types that it may have, and whether it may be blank; what has other annotations, or none,
	is not looked at."""
	try:
		hints = typing.get_type_hints(inspect.unwrap(function))
		parameters = inspect.signature(function).parameters
	except (NameError, TypeError, ValueError):
		return {}
	found = {}
	for name, parameter in parameters.items():
		if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL) or name not in hints:
			continue
		kinds = _plain(hints[name])
		if kinds and Any not in kinds:
			found[name] = kinds, parameter.default in (None, "")
	return found


def _plain(hint: Any) -> frozenset[Any]:
	origin = typing.get_origin(hint)
	if origin in (typing.Union, types.UnionType):
		return frozenset().union(*(_plain(one) for one in typing.get_args(hint)))
	return frozenset((origin or hint,))


def _cast(name: str, value: Any, kinds: frozenset[Any], blank: bool) -> Any:
	if value is None:
		return value if type(None) in kinds else _refuse(name, value)
	if isinstance(value, list) and not _has_possible_rows(name, value):
		_refuse(name, value)
	if isinstance(value, dict | list):
		return value if type(value) in kinds else _refuse(name, value)
	if dict in kinds or name in LISTS:
		return _checked_json(name, cstr(value), kinds, blank)
	if date in kinds:
		return _checked_moment(name, cstr(value), blank)
	if str in kinds:
		return _checked_text(name, value if isinstance(value, str) else cstr(value), blank)
	text = cstr(value).strip().lower()
	if bool in kinds and text in (*YES, *NO):
		return text in YES
	if int in kinds:
		return _number(name, value, int)
	if float in kinds:
		return _number(name, value, float)
	if bool in kinds or (list in kinds and not isinstance(value, str)):
		_refuse(name, value)
	return value


def _checked_text(name: str, value: str, blank: bool) -> str:
	"""A text that has to be a type of records, or a moment, is one."""
	if not value:
		return value if blank or not (name.endswith("doctype") or _is_moment(name)) else _refuse(name, value)
	if name.endswith("doctype") and not frappe.db.exists("DocType", value):
		_refuse(name, value)
	return _checked_moment(name, value, blank) if _is_moment(name) else value


def _checked_moment(name: str, value: str, blank: bool) -> str:
	if not value:
		return value if blank else _refuse(name, value)
	try:
		possible = ISO.match(value) and get_datetime(value)
	except (ValueError, OverflowError, TypeError, frappe.ValidationError):
		possible = None
	return value if possible else _refuse(name, value)


def _is_moment(name: str) -> bool:
	return name in MOMENTS or name.endswith(("_on", "_date"))


def _number(name: str, value: Any, kind: type) -> Any:
	try:
		number = kind(value)
	except (TypeError, ValueError, OverflowError):
		number = None
	if number is None or not -LARGEST <= number <= LARGEST or (name in COUNTS and number < 0):
		_refuse(name, value)
	return number


def _checked_json(name: str, value: str, kinds: frozenset[Any], blank: bool) -> str:
	if not value.strip():
		return value if blank else _refuse(name, value)
	try:
		read = json.loads(value)
	except (ValueError, RecursionError):
		_refuse(name, value)
	wanted = (list,) if name in LISTS and dict not in kinds else (dict, list) if list in kinds else (dict,)
	if not isinstance(read, wanted) or (isinstance(read, list) and not _has_possible_rows(name, read)):
		_refuse(name, value)
	return value


def _has_possible_rows(name: str, value: list[Any]) -> bool:
	if name in ROWS:
		return all(isinstance(row, dict) for row in value)
	return name != "filters" or all(isinstance(row, list | dict) for row in value)


def _refuse(name: str, value: Any) -> typing.NoReturn:
	shown = cstr(value) if not isinstance(value, dict | list) else json.dumps(value, default=str)
	frappe.throw(
		_("{0}: {1} is not a value that is possible here. Reload the page and try again.").format(
			frappe.bold(escape_html(name)), frappe.bold(escape_html(shown[:60]))
		),
		title=_("Value not possible"),
	)
