"""Whose a record is, whichever its type: its customer, agreement, object and the customer's person (5.3.c, 6.3.f, 6.3.g).

By the table of domain/parties.py; of a type that an administrator has measured, by what its Measured Record Type names.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.domain import parties
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.scope import active_rules, measured_types

# what a record without a customer belongs to; the first that names one counts
THROUGH = (("issue", "Issue"), ("project", "Project"), ("plan", "Delivery Plan"))


def customer_of(doc: Any) -> str | None:
	"""Whose matter a record is: by its own customer, or by the Issue, Project or plan it belongs to."""
	if customer := measured_types.customer_for(doc):
		return customer
	for fieldname, doctype in THROUGH:
		name = doc.get(fieldname) if doc.meta.has_field(fieldname) else None
		if name and (customer := frappe.db.get_value(doctype, name, "customer")):
			return customer
	return None


def agreement_of(doc: Any) -> str | None:
	"""The Service Agreement that rules a record; of an agreement itself, its name."""
	return _named(doc, parties.of(doc.doctype).agreement, "agreement_field")


def object_of(doc: Any) -> str | None:
	"""The Service Object a record is about; of an object itself, its name."""
	return _named(doc, parties.of(doc.doctype).service_object, "object_field")


def person_of(doc: Any) -> str:
	"""The address of the customer's person who is told of a record and answers for it; "" where nobody is."""
	fields = parties.of(doc.doctype).persons
	return plain(doc.get(fields[0])) if fields else ""


def persons_of(doc: Any, doctype: str = "") -> list[str]:
	"""The addresses of the customer's people that stand on a record (or on a row of that type); who is told comes first."""
	found = (plain(doc.get(field)) for field in parties.of(doctype or doc.doctype).persons)
	return list(dict.fromkeys(address for address in found if address))


def _named(doc: Any, field: str, measured_by: str) -> str | None:
	if not field and doc.doctype not in parties.PARTIES:
		measured = active_rules.asked().measured.get(doc.doctype)
		field = (measured and measured.get(measured_by)) or ""
	return (doc.get(field) or None) if field else None
