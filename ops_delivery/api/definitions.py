"""Trying conditions before anyone is measured, reviewed or asked by them."""

from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import conditions
from ops_delivery.services.shared import field_types


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


@frappe.whitelist(methods=["POST"])
@staff_only
def on_the_last(doctype: str, doc: str | dict) -> dict[str, Any]:
	"""The conditions of an unsaved or saved definition or rule on the last records the user may read:
	{doctype, records, conditions: {field: {valid, holds, first, why}}}. Only who may write such rules may ask."""
	if doctype not in definitions.STORED:
		frappe.throw(
			_("{0} has no conditions. Choose one of {1}.").format(
				frappe.bold(frappe.utils.escape_html(doctype)), ", ".join(map(_, definitions.STORED))
			)
		)
	frappe.has_permission(doctype, "write", throw=True)
	draft = frappe.get_doc({**frappe.parse_json(doc), "doctype": doctype})
	field_types.cast(draft)
	return conditions.on_the_last(draft)
