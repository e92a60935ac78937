"""Customers or objects that become one: what is worked out from readings is worked out anew, as each key is there once (8.3.a.1).

Frappe moves whatever names the one record to the other, row by row; of a day or a state that both have it would find two.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.services.routine import object_states, reading_days

FIELDS = {"Customer": "customer", "Service Object": "service_object"}


def before_rename(doc: Any, _method: str | None, old: str, new: str, merge: Any = False) -> None:
	"""doc_events before_rename of Customer and Service Object."""
	if not cint(merge):
		return
	field = FIELDS[doc.doctype]
	frappe.db.delete(reading_days.DAY, {field: ["in", [old, new]]})
	if field == "service_object":
		frappe.db.delete(object_states.STATE, {field: ["in", [old, new]]})


def after_rename(doc: Any, _method: str | None, _old: str, new: str, merge: Any = False) -> None:
	"""doc_events after_rename of Customer and Service Object."""
	if not cint(merge):
		return
	field = FIELDS[doc.doctype]
	objects = [new] if field == "service_object" else frappe.get_all(
		reading_days.READING, {"customer": new}, pluck="service_object", distinct=True, order_by="service_object"
	)
	reading_days.rebuild(objects)
	if field == "service_object":
		object_states.rebuild(objects)
