"""How objects stand, and where their values are heading (8.3.a.1, 8.3.b.3)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.routine import object_overview, trend_page


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def overview(customer: str = "", state: str = "", search: str = "", days: int = 0, start: int = 0) -> dict[str, Any]:
	"""The objects that the reader may see, the worst first; a part of them, from `start` on."""
	return object_overview.overview(customer, state, search, days, start)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def one(name: str) -> dict[str, Any]:
	"""The page of an object."""
	return object_overview.one(name)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def trend(service_object: str, step_key: str, days: int = 365, bucket: str = "", narrow: bool = False) -> dict[str, Any]:
	"""The course of a metric: `days` back (0: all there is), by `bucket` (all, day, week, month; "": the finest that fits)."""
	return trend_page.of(service_object, step_key, max(0, days), bucket, narrow)
