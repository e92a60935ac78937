"""WeasyPrint as a choice of Print Format > PDF Generator, where this Frappe has that field (15.103, 16)."""

from __future__ import annotations

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from ops_delivery.custom_fields import MODULE
from ops_delivery.services.papers.frappe_prints import GENERATOR

DOCTYPE, FIELD, USUAL = "Print Format", "pdf_generator", "wkhtmltopdf"
_OURS = {"doc_type": DOCTYPE, "field_name": FIELD, "property": "options", "module": MODULE}


def offer() -> None:
	"""Add it to what this version offers, and name it in our own print formats. May be called again and again: a newer
	Frappe may offer more than the one before."""
	standing = frappe.db.get_value("DocField", {"parent": DOCTYPE, "fieldname": FIELD}, "options")
	if standing is None or frappe.db.exists("Property Setter", {**_OURS, "module": ["!=", MODULE]}):
		return  # this Frappe has no such field, or an administrator has said what may be chosen
	choices = list(dict.fromkeys([*(standing or USUAL).split("\n"), GENERATOR]))
	if frappe.get_meta(DOCTYPE).get_field(FIELD).options.split("\n") != choices:
		setter = make_property_setter(
			DOCTYPE, FIELD, "options", "\n".join(choices), "Text", validate_fields_for_doctype=False
		)
		setter.db_set("module", MODULE)
		frappe.clear_cache(doctype=DOCTYPE)
	_put({"module": MODULE, FIELD: ["!=", GENERATOR]}, GENERATOR)


def withdraw() -> None:
	"""What chose it goes back to what is usual; the choice itself goes with our other property setters."""
	if frappe.get_meta(DOCTYPE).has_field(FIELD):
		_put({FIELD: GENERATOR}, USUAL)
		frappe.db.delete("Property Setter", _OURS)
		frappe.clear_cache(doctype=DOCTYPE)


def _put(which: dict, generator: str) -> None:
	names = frappe.get_all(DOCTYPE, filters=which, pluck="name", order_by="name")
	if names:
		frappe.db.set_value(DOCTYPE, {"name": ["in", names]}, FIELD, generator, update_modified=False)
