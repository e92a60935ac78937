"""An administrator's Server Scripts on records of ours: one that cannot even be read is refused when it is saved (6.3.b).

Frappe warns and saves it, and from then on answers every save of such a record with an error of the server.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery import framework
from ops_delivery.services import ours

RUNS_WITH = ("DocType Event", "Permission Query")


class NotReadable(frappe.ValidationError):
	"""A script that Python cannot read."""


def check(doc: Any, _method: str | None = None) -> None:
	"""doc_events Server Script.validate. What is disabled may be anything."""
	if cint(doc.disabled) or doc.script_type not in RUNS_WITH or not ours.is_type_ours(doc.reference_doctype):
		return
	problem = framework.script_problem(cstr(doc.script))
	if problem:
		frappe.throw(
			_(
				"{0}: the script cannot be read, so no {1} could be saved any more: {2}. Correct it, or tick {3} and save it as a draft."
			).format(
				frappe.bold(escape_html(cstr(doc.name))),
				_(doc.reference_doctype),
				f"<code>{escape_html(problem)}</code>",
				frappe.bold(_(doc.meta.get_label("disabled"), context=doc.doctype)),
			),
			NotReadable,
			title=_("Script not readable"),
		)
