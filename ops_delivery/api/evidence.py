"""Every clause with the records that prove it (chapters 5 to 8); for managers and auditors."""

from datetime import date
from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.evidence import catalogue, definitions, exemptions, nightly, reading
from ops_delivery.services.shared import field_types


@frappe.whitelist(methods=["POST"])
@staff_only
def matrix(agreement: str, first: date, last: date, standard: str = catalogue.CATALOGUE, anew: bool = False) -> dict[str, Any]:
	"""The matrix of an agreement from `first` to `last`; `anew` computes it from the records as they are now."""
	return reading.whole(agreement, reading.span_of(first, last), standard, anew)


@frappe.whitelist(methods=["POST"])
@staff_only
def records(agreement: str, first: date, last: date, number: str, standard: str = catalogue.CATALOGUE) -> dict[str, Any]:
	"""The records of a clause that the reader may read."""
	return reading.records(agreement, reading.span_of(first, last), standard, number)


@frappe.whitelist(methods=["POST"])
@staff_only
def course(agreement: str, last: date | None = None, standard: str = catalogue.CATALOGUE) -> dict[str, Any]:
	"""The counts of the months up to a day."""
	return reading.course(agreement, last, standard)


@frappe.whitelist(methods=["POST"])
@staff_only
def compute_months(agreement: str, standard: str = catalogue.CATALOGUE) -> None:
	"""Have those of the last twelve months computed of which there is no snapshot, in the background."""
	reading.check_reader(agreement)
	reading.check_catalogue(standard)
	nightly.ask_fill(agreement, standard)


@frappe.whitelist(methods=["POST"])
@staff_only
def compare(agreement: str, other: str, first: date, last: date, standard: str = catalogue.CATALOGUE) -> dict[str, Any]:
	"""Two agreements beside each other."""
	return reading.compare(agreement, other, reading.span_of(first, last), standard)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def catalogues() -> list[str]:
	"""The catalogues there are, ours first."""
	reading.check_reader()
	return catalogue.catalogues()


@frappe.whitelist(methods=["POST"])
@staff_only
def propose_exemption(agreement: str, clause: str, reason: str, from_date: date) -> str:
	"""Propose that a clause does not apply to an agreement."""
	return exemptions.propose(agreement, clause, reason, from_date)


@frappe.whitelist(methods=["POST"])
@staff_only
def review_exemption(name: str, agreed: bool, note: str = "") -> str:
	"""Put a proposed exemption in force, or decline it."""
	return exemptions.review(name, agreed, note)


@frappe.whitelist(methods=["POST"])
@staff_only
def revoke_exemption(name: str, reason: str) -> str:
	"""Revoke an exemption."""
	return exemptions.revoke(name, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
def try_definition(definition: str | dict, name: str) -> dict[str, Any]:
	"""An unsaved or saved definition against a record the user may read. Only who may write definitions may ask."""
	frappe.has_permission(definitions.DOCTYPE, "write", throw=True)
	draft = frappe.get_doc({**frappe.parse_json(definition), "doctype": definitions.DOCTYPE})
	field_types.cast(draft)
	return definitions.try_on(draft, name)
