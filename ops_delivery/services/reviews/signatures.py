"""Signatures of both parties under a document's content (clause 5.2): who, when, by which way, under which text.

A signature holds for the content it was given under. When the text changes it is void, and says so; nobody edits or
deletes one.
"""

from __future__ import annotations

import frappe
from frappe import _

from ops_delivery.permissions import steps
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Service Signature"
CUSTOMER, SUPPLIER = "Customer", "Supplier"
PARTIES = (CUSTOMER, SUPPLIER)
DESK, PORTAL, RECORDED, DRAWN = "Desk", "Portal", "Recorded by Staff", "Drawn on Site"
VALID, VOID = "Valid", "Void"


def valid(doc) -> dict[str, frappe._dict | None]:
	"""The signature of each party that holds for the document's present content, or None."""
	found: dict[str, frappe._dict | None] = dict.fromkeys(PARTIES)
	rows = _rows(doc)
	digest = content_hash(doc) if rows else ""
	for row in rows:
		if row.content_hash == digest:
			found[row.party] = row
	return found


def missing(doc) -> list[tuple[str, str]]:
	"""(party, sentence) for each party whose signature under the present content is missing."""
	voided = {row.party for row in _rows(doc, state=VOID)}
	return [
		(
			party,
			(
				_("The signature of the {0} was given under another text: sign again")
				if party in voided
				else _("The signature of the {0} is missing")
			).format(frappe.bold(_(party, context=DOCTYPE))),
		)
		for party, row in valid(doc).items()
		if row is None
	]


def void_changed(doc) -> list[str]:
	"""Void the signatures that were given under another text than the present one; returns their names."""
	rows = _rows(doc)
	digest = content_hash(frappe.get_doc(doc.doctype, doc.name)) if rows else ""
	voided = []
	for row in rows:
		if row.content_hash == digest:
			continue
		signature = frappe.get_doc(DOCTYPE, row.name, for_update=True)
		signature.state = VOID
		signature.voided_on = site_now()
		signature.void_reason = _("The text was changed by {0}.").format(
			frappe.utils.get_fullname(frappe.session.user)
		)
		write(signature)
		voided.append(row.name)
	return voided


def all_of(doctype: str, name: str) -> list[frappe._dict]:
	"""Every signature of a document, void ones too, oldest first: for panels and prints."""
	return frappe.get_all(
		DOCTYPE,
		filters={"reference_doctype": doctype, "reference_name": name},
		fields=["*"],
		order_by="signed_on, creation",
	)


def write(signature) -> None:
	"""Save a signature as the services may."""
	steps.take(signature)
	signature.save(ignore_permissions=True)


def _rows(doc, state: str = VALID) -> list[frappe._dict]:
	return frappe.get_all(
		DOCTYPE,
		filters={"reference_doctype": doc.doctype, "reference_name": doc.name, "state": state},
		fields=["*"],
		order_by="signed_on, creation",
	)
