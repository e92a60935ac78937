"""Agreed amounts for the desk: what was used of them, and whether the ledger is right."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.amounts import checking, corrections, figures, ledger

AGREEMENT = "Service Agreement"


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def used(agreement: str, now: bool = False) -> list[dict[str, Any]]:
	"""What was used, planned and is left of each amount of a submitted agreement, by period; `now`: of the version that
	rules today."""
	frappe.has_permission(AGREEMENT, "read", agreement, throw=True)
	return figures.of_agreement(agreement, now)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def differences(agreement: str) -> list[dict[str, Any]]:
	"""Records of an agreement whose draws are others than they say."""
	frappe.has_permission(AGREEMENT, "read", agreement, throw=True)
	return [one._asdict() for one in checking.differences(agreement)]


@frappe.whitelist(methods=["POST"])
@staff_only
def bring_in_line(agreement: str) -> int:
	"""Enter what is missing and give back what is too much; how many records it was."""
	frappe.has_permission(AGREEMENT, "write", agreement, throw=True)
	return checking.bring_in_line(agreement)


@frappe.whitelist(methods=["POST"])
@staff_only
def do_not_count(entry: str, reason: str) -> None:
	"""Decide that a piece of work draws nothing, such as one made good at our own cost; for a reason."""
	corrections.do_not_count(entry, reason)
