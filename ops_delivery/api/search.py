"""Finding records by their words, and the index that serves it (5.3.f)."""

from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.search import finding, rebuilding
from ops_delivery.services.shared import call_limits as limits

SEARCHES_PER_HOUR, REBUILDS_PER_HOUR = 3000, 20


@frappe.whitelist(methods=["POST"])
@staff_only
@limits.per_hour(SEARCHES_PER_HOUR)
def find(text: str, doctype: str = "", most: int = finding.MOST) -> list[dict[str, Any]]:
	"""What the session's user finds: {doctype, name, title, customer, modified}, the best first. A POST: it is their text."""
	return finding.find(text, (doctype,) if doctype else (), cint(most))


@frappe.whitelist(methods=["POST"])
@staff_only
@limits.per_hour(REBUILDS_PER_HOUR)
def rebuild() -> dict[str, Any]:
	"""Make the index anew in the background; the state. For whoever administers the site."""
	frappe.only_for("System Manager")
	return rebuilding.begin()


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def rebuild_state() -> dict[str, Any]:
	"""How far the index is made anew."""
	frappe.only_for("System Manager")
	return rebuilding.state()
