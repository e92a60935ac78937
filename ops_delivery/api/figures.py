"""What the workspace's number cards and charts ask for. Reading only; permissions are those of the records counted."""

import frappe
from frappe import _

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.engine import desk_counts as attention


@frappe.whitelist()
@staff_only
def running_out(filters: str | list | dict | None = None) -> dict:
	"""Number card: promises that run out within two hours."""
	frappe.has_permission("Service Clock", "read", throw=True)
	return attention.running_out()


@frappe.whitelist()
@staff_only
def missed_and_open(filters: str | list | dict | None = None) -> dict:
	"""Number card: missed promises on which work goes on."""
	frappe.has_permission("Service Clock", "read", throw=True)
	return attention.missed_and_open()


@frappe.whitelist()
@staff_only
def assigned_requests(filters: str | list | dict | None = None) -> dict:
	"""Number card: open requests assigned to whoever looks."""
	frappe.has_permission("Issue", "read", throw=True)
	return attention.assigned_requests()


@frappe.whitelist()
@staff_only
def assigned_reviews(filters: str | list | dict | None = None) -> dict:
	"""Number card: reviews that wait for whoever looks."""
	frappe.has_permission("Service Review", "read", throw=True)
	return attention.assigned_reviews()


@frappe.whitelist()
@staff_only
def open_by_priority() -> dict:
	"""Chart: open requests by priority."""
	frappe.has_permission("Issue", "read", throw=True)
	counts = attention.open_by_priority()
	return {
		"labels": [_(priority) if priority else _("Not judged yet") for priority in counts],
		"datasets": [{"name": _("Open Requests"), "values": list(counts.values())}],
		"type": "bar",
	}
