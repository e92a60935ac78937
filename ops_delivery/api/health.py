"""The health of the engine for Ops Delivery Settings and for a monitor."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services import health


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def status() -> dict[str, Any]:
	"""Whether the engine keeps up, as services.health.status; for readers of the settings."""
	frappe.has_permission("Ops Delivery Settings", "read", throw=True)
	return health.status()
