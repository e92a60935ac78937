"""An administrator's Server Scripts on records of ours: one that could never run is refused when it is saved (6.3.b).

Frappe warns and saves it, and from then on answers every save of such a record with an error of the server.
"""

from __future__ import annotations

import ast
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery import framework
from ops_delivery.services.scope import issue_scope as ours

RUNS_WITH = ("DocType Event", "Permission Query")


class NotReadable(frappe.ValidationError):
	"""A script that could never run."""


def check(doc: Any, _method: str | None = None) -> None:
	"""doc_events Server Script.validate. What is disabled may be anything that Frappe stores."""
	if cint(doc.disabled) or doc.script_type not in RUNS_WITH or not ours.is_type_ours(doc.reference_doctype):
		return
	script = cstr(doc.script)
	problem = framework.script_problem(script)
	if problem:
		refused = _("{0}: the script cannot be read, so no {1} could be saved any more: {2}.").format(
			*_about(doc), f"<code>{escape_html(problem)}</code>"
		)
		_refuse(doc, refused, _draft_too(doc) if _is_python(script) else _("Correct it."))
	if line := _first_import(script):
		_refuse(
			doc,
			_("{0}: the script imports something in line {2}, which Frappe refuses, so no {1} could be saved any more.").format(
				*_about(doc), line
			),
			_("What scripts may use is there without it: {0} and the like.").format("<code>frappe, json, _</code>") + " " + _draft_too(doc),
		)
	if not framework.scripts_run():
		_refuse(
			doc,
			_("{0}: server scripts are switched off on this bench, so no {1} could be saved any more.").format(*_about(doc)),
			_("Have {0} switched on there.").format("<code>server_script_enabled</code>") + " " + _draft_too(doc),
		)


def _refuse(doc: Any, why: str, way_out: str) -> None:
	frappe.throw(f"{why} {way_out}", NotReadable, title=_("Script not usable"))


def _about(doc: Any) -> tuple[str, str]:
	return frappe.bold(escape_html(cstr(doc.name))), _(doc.reference_doctype)


def _draft_too(doc: Any) -> str:
	return _("Correct it, or tick {0} and save it as a draft.").format(
		frappe.bold(_(doc.meta.get_label("disabled"), context=doc.doctype))
	)


def _is_python(script: str) -> bool:
	"""What is not, Frappe does not even store as a draft."""
	try:
		ast.parse(script)
	except (SyntaxError, ValueError, RecursionError, MemoryError):
		return False
	return True


def _first_import(script: str) -> int | None:
	found = [node.lineno for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Import | ast.ImportFrom)]
	return min(found, default=None)
