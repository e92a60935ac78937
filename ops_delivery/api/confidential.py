"""In place of Frappe's own: search and linked records that know what a user may not learn of complaints (5.4.d)."""

from typing import Any

import frappe
from frappe.desk.form import linked_with

from ops_delivery.framework import theirs
from ops_delivery.permissions import confidential
from ops_delivery.permissions.gates import open_to_all
from ops_delivery.services.shared import record_search


@frappe.whitelist()
@open_to_all("in place of Frappe's search, which lists what the user may read; complaints are left out")
def search(text: str, start: int = 0, limit: int = 20, doctype: str = "") -> list[dict[str, Any]]:
	"""In place of frappe.utils.global_search.search: the same without what the user may not know of complaints, and our own
	records by any part of their number or title."""
	return record_search.search(theirs("frappe.utils.global_search.search"), text, start, limit, doctype)


@frappe.whitelist()
@open_to_all("in place of Frappe's function, with what the user may see")
def linked(doctype: str, docname: Any) -> dict[str, Any]:
	"""In place of frappe.desk.form.linked_with.get: the same, without counting what the user may not see.

	Frappe 15.44 refuses all of it where one of the linked types may not be read; later versions pass over that type.
	"""
	try:
		found = theirs("frappe.desk.form.linked_with.get")(doctype, docname)
	except frappe.PermissionError:
		frappe.has_permission(doctype, doc=docname, throw=True)
		frappe.clear_messages()
		types = {
			name: how for name, how in linked_with.get_linked_doctypes(doctype).items() if frappe.has_permission(name)
		}
		found = linked_with.get_linked_docs(doctype, docname, types)
	return confidential.without_counts(found or {})


@frappe.whitelist()
@open_to_all("in place of Frappe's function, with what the user may see")
@frappe.read_only()
def connections(doctype: str, name: str, items: Any = None) -> dict[str, Any]:
	"""In place of frappe.desk.notifications.get_open_count: the same, counting only what the user may know of."""
	frappe.has_permission(doctype, "read", doc=name, throw=True)  # theirs, refusing, fails on its own error
	counted = theirs("frappe.desk.notifications.get_open_count")(doctype, name, items)
	return confidential.without_hidden_counts(counted, doctype, name)
