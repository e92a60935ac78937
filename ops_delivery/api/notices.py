"""The outbox, for those who look after it (6.3.f)."""

import frappe

from ops_delivery.services import notices


@frappe.whitelist(methods=["POST"])
def retry(name: str) -> None:
	"""Have a failed Service Notice tried again."""
	frappe.only_for(("Delivery Manager", "System Manager"))
	notices.retry(name)
