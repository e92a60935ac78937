"""The health of the engine for Ops Delivery Settings and for a monitor."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.engine import health_light
from ops_delivery.setup import host_rules, layouts


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def status() -> dict[str, Any]:
	"""Whether the engine keeps up, as services.engine.health.status, and what it stands on (services/engine/surroundings.py); for readers of the settings. `laid`: the permission rules of
	our roles that stand over the host's (DocType -> roles). `offered`: what updates have for an edited workspace (labels)."""
	frappe.has_permission("Ops Delivery Settings", "read", throw=True)
	offered = [frappe._(part["label"]) for part in layouts.offered()]
	return {**health_light.look(), "laid": host_rules.laid(), "offered": offered}


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def light() -> dict[str, Any]:
	"""For the administrator's home: {color, wrong, better}, not older than two minutes."""
	frappe.has_permission("Ops Delivery Settings", "write", throw=True)
	return health_light.now()
