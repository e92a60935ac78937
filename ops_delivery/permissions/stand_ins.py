"""A function of the host that we stand in for has one name, and is called through the door where we stand.

Frappe looks for stand-ins by the path that a request names. Whoever names the same function by a module that has only
imported it, or has another function call it (a search by its `query`, an upload by its `method`, a tree by its
`tree_method`), would go past us.
"""

from __future__ import annotations

import re
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.permissions import unasked

PATH = re.compile(r"[A-Za-z_]\w*(\.\w+)+$")
LONGEST = 200
# parameters by which functions of the host take the path of another function, and call it without looking for a stand-in
HANDED_ON = ("method", "query", "tree_method")
LOOKS_FOR_THEM = frozenset({"frappe.model.mapper.make_mapped_doc", "frappe.model.mapper.map_docs"})


def check() -> None:
	"""Hook before_request: refuse a call that would go past a stand-in of ours."""
	request = getattr(frappe.local, "request", None)
	if not request:
		return
	called = _called(request)
	if not called:
		return
	if is_detour(called):
		_refuse(called)
	for parameter in HANDED_ON:
		path = frappe.form_dict.get(parameter)
		if not isinstance(path, str):
			continue
		home = home_of(path)
		if home is None or home not in _stood_in_for():
			continue
		if home == path and (
			called in LOOKS_FOR_THEM or (parameter == "query" and home in unasked.DESK_ONLY)
		):
			continue  # they are found, or the search is the desk's already (api/checked.py)
		_refuse(path)


def is_detour(path: str) -> bool:
	"""Whether a path is another name of a function that we stand in for."""
	home = home_of(path)
	return home is not None and home != path and home in _stood_in_for()


def home_of(path: str) -> str | None:
	"""The path under which a function is defined; None where there is none of that path."""
	if len(path) > LONGEST or not PATH.match(path):
		return None
	try:
		function: Any = frappe.get_attr(path)
	except Exception:  # Frappe says what is not there
		return None
	module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
	return f"{module}.{name}" if module and name else None


def _stood_in_for() -> set[str]:
	return {
		path
		for path, answers in frappe.get_hooks("override_whitelisted_methods").items()
		if any(answer.startswith("ops_delivery.") for answer in answers)
	}


def _called(request: Any) -> str:
	"""The path of the function that Frappe would call for a request."""
	if cmd := frappe.form_dict.get("cmd"):
		return cstr(cmd)
	if not request.path.startswith("/api/"):
		return ""
	from frappe.api import API_URL_MAP, v1, v2

	try:
		endpoint, arguments = API_URL_MAP.bind_to_environ(request.environ).match()
		if endpoint is v1.handle_rpc_call:
			return arguments["method"].split("/")[0]
		if endpoint is v2.handle_rpc_call and arguments.get("doctype"):
			from frappe.modules.utils import load_doctype_module

			return f"{load_doctype_module(arguments['doctype']).__name__}.{arguments['method']}"
		if endpoint is v2.handle_rpc_call:
			return arguments["method"]
	except Exception:  # no address of the API
		return request.path
	return request.path


def _refuse(path: str) -> None:
	frappe.throw(
		_("{0} is another way to a function that asks first. Call that function by its own name.").format(
			frappe.bold(escape_html(path[:140]))
		),
		frappe.PermissionError,
	)
