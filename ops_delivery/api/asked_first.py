"""A stand-in for each function of permissions/unasked.py: it asks, and then calls the host's.

They are made from the table, one function each, because Frappe finds a stand-in by its name. What needs more than a line
of that table stands in api/checked.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from ops_delivery import framework
from ops_delivery.api import checked
from ops_delivery.permissions import unasked
from ops_delivery.permissions.gates import open_to_all


def _made(path: str, ask: Callable[[dict[str, Any]], None]) -> Callable[..., Any]:
	def stand_in(**kwargs: Any) -> Any:
		if framework.is_there(path) and not checked.is_off():
			ask(kwargs)
		return checked.host(path, **kwargs)

	stand_in.__name__ = stand_in.__qualname__ = unasked.stand_in(path)
	stand_in.__module__ = __name__
	stand_in.__doc__ = f"In place of {path}: asked first."
	methods = ["POST"]  # this version may not have it
	if framework.is_there(path):
		methods = list(frappe.allowed_http_methods_for_whitelisted_func.get(frappe.get_attr(path), methods))
	gate = open_to_all("in place of a function of the host that did not ask: permissions/unasked.py says what is asked")
	return frappe.whitelist(methods=methods)(gate(stand_in))


def _asks(wanted: tuple[tuple[str, str, str], ...]) -> Callable[[dict[str, Any]], None]:
	def ask(given: dict[str, Any]) -> None:
		for kind, parameter, right in wanted:
			doctype = given.get(kind[1:]) if kind.startswith(":") else kind
			if name := given.get(parameter):
				frappe.get_doc(doctype, name).check_permission(right)

	return ask


def _makes(doctype: str) -> Callable[[dict[str, Any]], None]:
	return lambda _given: frappe.has_permission(doctype, "create", throw=True) and None


for _path, _wanted in unasked.ASKS.items():
	globals()[unasked.stand_in(_path)] = _made(_path, _asks(_wanted))
for _path, _doctype in unasked.MAKES.items():
	globals()[unasked.stand_in(_path)] = _made(_path, _makes(_doctype))
for _path in unasked.DESK_ONLY:
	globals()[unasked.stand_in(_path)] = _made(_path, lambda _given: checked.desk_only())
