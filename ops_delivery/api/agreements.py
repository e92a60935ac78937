"""Service agreements for the desk."""

import json

import frappe

from ops_delivery.services import agreements


@frappe.whitelist(methods=["POST"])
def new_version(name: str) -> str:
	"""A draft that follows a submitted agreement version; its name."""
	frappe.has_permission("Service Agreement", "read", name, throw=True)
	frappe.has_permission("Service Agreement", "create", throw=True)
	return agreements.new_version(name)


@frappe.whitelist(methods=["GET", "POST"])
def export_file(name: str) -> None:
	"""Download the agreement file (JSON) that the stand-alone replay reads."""
	frappe.has_permission("Service Agreement", "read", name, throw=True)
	content = json.dumps(agreements.export_json(name), indent=1, ensure_ascii=False, default=str)
	frappe.local.response.update(
		{"filename": f"{name}.json", "filecontent": content.encode(), "type": "download"}
	)
