"""Who may sign, and how a signature reaches us: at the desk, on the portal, or on paper recorded by staff (5.2)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_datetime

from ops_delivery.permissions import ownership
from ops_delivery.permissions.gates import refuse_staff
from ops_delivery.permissions.ownership import is_staff, plain
from ops_delivery.services.reviews import signatures
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.content import content_hash, snapshot
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import site_now


def for_supplier(doctype: str, name: str, signer_title: str = "", content: str = "") -> str:
	"""The session's user signs for the supplier. Needs the right to submit (or, where there is none, to write)."""
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("submit" if doc.meta.is_submittable else "write")
	if not is_staff():
		raise frappe.PermissionError(_("Only staff sign for the supplier."))
	return sign(
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
	return sign(
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
	return sign(
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


def sign(
	doctype: str,
	name: str,
	party: str,
	signer_name: str = "",
	signer_title: str = "",
	channel: str = signatures.DESK,
	attachment: str | None = None,
	signed_on: Any = None,
	user: str | None = None,
	content: str = "",
) -> str:
	"""Put a party's signature under a document as it stands; returns the Service Signature.

	`content`: the fingerprint of the text the signer was shown; refused if the text has changed since. The caller
	has checked who may sign. The reviews needed before signing come first. Recorded by Staff needs the paper.
	"""
	if party not in signatures.PARTIES:
		frappe.throw(
			_("{0} is not a party. Choose one of {1}.").format(
				frappe.bold(escape_html(cstr(party))), ", ".join(_(one, context=signatures.DOCTYPE) for one in signatures.PARTIES)
			)
		)
	doc = frappe.get_doc(doctype, name, for_update=True)
	entry = REGISTRY[doctype]
	if content and content != content_hash(doc):
		frappe.throw(
			_("The text of {0} has changed since it was shown to you. Read it again before you sign.").format(
				frappe.bold(escape_html(name))
			),
			title=_("Text changed"),
		)
	before = entry.signed_before or entry.last_fixed
	lacking = [need for need in reviews.missing(doc, before) if need.rule]
	if lacking:
		frappe.throw(
			_("{0} cannot be signed before its reviews:").format(frappe.bold(escape_html(name)))
			+ "<ul>"
			+ "".join(f"<li>{need.text}</li>" for need in lacking)
			+ "</ul>",
			title=_("Review missing"),
		)
	_check_open_points(doc)
	if (row := signatures.valid(doc)[party]) is not None:
		frappe.throw(
			_("{0} is signed for this party already, by {1} on {2}.").format(
				frappe.bold(escape_html(name)), escape_html(row.signer_name), moment(row.signed_on)
			)
		)
	signature = frappe.new_doc(signatures.DOCTYPE)
	signature.update(
		{
			"reference_doctype": doctype,
			"reference_name": name,
			"customer": doc.get(entry.customer),
			"party": party,
			"signer_name": _text(signer_name, _("Name", context="Ops Delivery"))
			or frappe.utils.get_fullname(user or frappe.session.user),
			"signer_title": _text(signer_title, _("Position", context="Ops Delivery")),
			"user": user if channel == signatures.PORTAL else (frappe.session.user if channel == signatures.DESK else None),
			"email": plain(user) if user else None,
			"channel": channel,
			"attachment": attachment,
			"recorded_by": frappe.session.user if channel in (signatures.RECORDED, signatures.DRAWN) else None,
			"signed_on": get_datetime(signed_on) if signed_on else site_now(),
			"content_hash": content_hash(doc),
			"content_version": snapshot(doc),
			"document_version": doc.get("version"),
			"state": signatures.VALID,
		}
	)
	_check(signature, signer_name)
	signatures.write(signature)
	return signature.name


def _check_open_points(doc) -> None:
	functions = frappe.get_hooks("ops_delivery_open_points").get(doc.doctype, ())
	lines = [line for function in functions for line in frappe.get_attr(function)(doc)]
	if lines:
		frappe.throw(
			_("{0} cannot be signed yet. Open:").format(frappe.bold(escape_html(doc.name)))
			+ "<ul>"
			+ "".join(f"<li>{line}</li>" for line in lines)
			+ "</ul>",
			title=_("Not complete"),
		)


def _check(signature, entered: str) -> None:
	if signature.channel == signatures.RECORDED:
		for label, value in (
			(_("Name", context="Ops Delivery"), cstr(entered).strip()),
			(_("The signed paper"), signature.attachment),
		):
			if not value:
				frappe.throw(
					_("{0} is needed to record a signature given on paper.").format(frappe.bold(label)),
					title=_("Paper missing"),
				)
	if signature.signed_on > site_now():
		frappe.throw(
			_("{0} {1} lies in the future. Enter when it was signed.").format(
				frappe.bold(_("Signed on")), moment(signature.signed_on)
			)
		)
	if signature.channel == signatures.PORTAL and is_staff(signature.user):
		raise frappe.PermissionError(_("Only the customer signs on the portal."))


def _text(value: Any, label: str) -> str:
	text = cstr(value).strip()
	if len(text) > 140:
		frappe.throw(_("{0} is longer than {1} characters. Shorten it.").format(frappe.bold(label), 140))
	return text
