"""Customers that become one: the days of their readings are counted anew, as each is there once (8.3.b.3).

Frappe moves whatever names the one customer to the other, row by row; of a day on which an object was both customers' it would
find two.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.services.routine import reading_days


def before_rename(_doc: Any, _method: str | None, old: str, new: str, merge: Any = False) -> None:
	"""doc_events Customer.before_rename."""
	if cint(merge):
		frappe.db.delete(reading_days.DAY, {"customer": ["in", [old, new]]})


def after_rename(_doc: Any, _method: str | None, _old: str, new: str, merge: Any = False) -> None:
	"""doc_events Customer.after_rename."""
	if cint(merge):
		objects = frappe.get_all(
			reading_days.READING, {"customer": new}, pluck="service_object", distinct=True, order_by="service_object"
		)
		reading_days.rebuild(objects)
