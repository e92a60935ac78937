"""Service reports: made, looked at, compared and handed over (8.3.b.5)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.reports import comparing, making, publishing, rules, showing


@frappe.whitelist(methods=["POST"])
@staff_only
def make(name: str) -> dict[str, Any]:
	"""Have the figures of a report made (anew) in the background; how far it is."""
	return making.start(name)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def progress(name: str) -> dict[str, Any]:
	"""How far the making of a report is."""
	frappe.has_permission(rules.DOCTYPE, "read", name, throw=True)
	return making.progress(name)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def view(name: str) -> dict[str, Any]:
	"""The sections of a report in words, what it lacks, and how far its making is."""
	doc = frappe.get_doc(rules.DOCTYPE, name)
	doc.check_permission("read")
	return showing.of(doc)


@frappe.whitelist(methods=["POST"])
@staff_only
def compare(name: str) -> dict[str, Any]:
	"""Which figures of a published report would be others now; nothing is changed."""
	return comparing.of(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def hand_over(name: str) -> None:
	"""Hand the PDF of a published report to its deliverable once more."""
	publishing.again(name)
