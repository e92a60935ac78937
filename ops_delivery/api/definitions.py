"""Trying a Clock Definition before anyone is measured by it."""

from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services import definitions


@frappe.whitelist(methods=["POST"])
@staff_only
def try_on(definition: str | dict, name: str) -> list[dict[str, Any]]:
	"""Each condition of an unsaved or saved definition against a record the user may read: its result or its error.

	Only who may write definitions may have conditions evaluated.
	"""
	values = frappe.parse_json(definition)
	frappe.has_permission("Clock Definition", "write", throw=True)
	draft = frappe.get_doc({**values, "doctype": "Clock Definition"})
	if not draft.document_type or not frappe.db.exists("DocType", draft.document_type):
		frappe.throw(
			_("{0} is empty: choose the type of record first.").format(frappe.bold(_("Record Type")))
		)
	return definitions.try_on(draft, name)
