"""Who may sign, and how a signature reaches us: at the desk, on the portal, or on paper recorded by staff (5.2)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.permissions import ownership
from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services import signatures, uploads
from ops_delivery.services.answering import refuse_staff
from ops_delivery.services.reviewed_types import REGISTRY


def for_supplier(doctype: str, name: str, signer_title: str = "", content: str = "") -> str:
	"""The session's user signs for the supplier. Needs the right to submit (or, where there is none, to write)."""
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("submit" if doc.meta.is_submittable else "write")
	if not is_staff():
		raise frappe.PermissionError(_("Only staff sign for the supplier."))
	return signatures.sign(
		doctype,
		name,
		signatures.SUPPLIER,
		signer_title=signer_title,
		user=frappe.session.user,
		content=content,
	)


def on_portal(doctype: str, name: str, signer_name: str, signer_title: str = "", content: str = "") -> str:
	"""The logged-in customer's user signs for their customer, under the text they were shown."""
	user = frappe.session.user
	refuse_staff(user)
	doc = visible(doctype, name, user)
	if not cstr(signer_name).strip():
		frappe.throw(_("{0}: write your name to sign.").format(frappe.bold(_("Your name"))))
	if not content:
		frappe.throw(_("Read the document before you sign it."))
	return signatures.sign(
		doc.doctype,
		doc.name,
		signatures.CUSTOMER,
		signer_name=signer_name,
		signer_title=signer_title,
		channel=signatures.PORTAL,
		user=user,
		content=content,
	)


def record(
	doctype: str,
	name: str,
	party: str,
	signer_name: str,
	signed_on: Any,
	attachment: str,
	signer_title: str = "",
) -> str:
	"""Staff record a signature given on paper, with the paper attached. Needs write permission on the document."""
	frappe.get_doc(doctype, name).check_permission("write")
	if not is_staff():
		raise frappe.PermissionError(_("Only staff record a signature given on paper."))
	uploads.refuse_apple_photo(attachment)
	return signatures.sign(
		doctype,
		name,
		party,
		signer_name=signer_name,
		signer_title=signer_title,
		channel=signatures.RECORDED,
		attachment=attachment,
		signed_on=signed_on,
	)


def asked_for(doc) -> bool:
	"""Whether the customer's signature is what a document waits for now."""
	entry = REGISTRY[doc.doctype]
	if not entry.signed_before or doc.docstatus != 0:
		return False
	return (
		entry.rank(doc.status) == entry.rank(entry.signed_before) - 1
		and signatures.valid(doc)[signatures.CUSTOMER] is None
	)


def visible(doctype: str, name: str, user: str) -> Any:
	"""The document if the customer's user may sign it; the same answer whether it is another's or does not exist.

	It is theirs to see from the phase in which they are asked for a signature on.
	"""
	doc = (
		frappe.get_doc(doctype, name)
		if doctype in REGISTRY and name and frappe.db.exists(doctype, name)
		else None
	)
	theirs = doc and doc.get(REGISTRY[doctype].customer) in ownership.colleagues_visible(user)
	if not theirs or not (asked_for(doc) or signatures.all_of(doctype, name)):
		raise frappe.PermissionError(
			_("There is no document {0} that you can see.").format(escape_html(name))
		)
	return doc
