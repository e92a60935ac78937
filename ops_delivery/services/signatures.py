"""Signatures of both parties under a document's content (clause 5.2): who, when, by which way, under which text.

A signature holds for the content it was given under. When the text changes it is void, and says so; nobody edits or
deletes one.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_datetime

from ops_delivery.permissions import steps
from ops_delivery.permissions.ownership import is_staff, plain
from ops_delivery.services.reader import moment
from ops_delivery.services.reviewed_content import content_hash, snapshot
from ops_delivery.services.reviewed_types import REGISTRY
from ops_delivery.services.time import site_now

DOCTYPE = "Service Signature"
CUSTOMER, SUPPLIER = "Customer", "Supplier"
PARTIES = (CUSTOMER, SUPPLIER)
DESK, PORTAL, RECORDED, DRAWN = "Desk", "Portal", "Recorded by Staff", "Drawn on Site"
VALID, VOID = "Valid", "Void"


def sign(
	doctype: str,
	name: str,
	party: str,
	signer_name: str = "",
	signer_title: str = "",
	channel: str = DESK,
	attachment: str | None = None,
	signed_on: Any = None,
	user: str | None = None,
	content: str = "",
) -> str:
	"""Put a party's signature under a document as it stands; returns the Service Signature.

	`content`: the fingerprint of the text the signer was shown; refused if the text has changed since. The caller
	has checked who may sign. The reviews needed before signing come first. Recorded by Staff needs the paper.
	"""
	from ops_delivery.services import reviews

	if party not in PARTIES:
		frappe.throw(
			_("{0} is not a party. Choose one of {1}.").format(
				frappe.bold(escape_html(cstr(party))), ", ".join(_(one, context=DOCTYPE) for one in PARTIES)
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
	_check_open_points(doc, entry)
	if (row := valid(doc)[party]) is not None:
		frappe.throw(
			_("{0} is signed for this party already, by {1} on {2}.").format(
				frappe.bold(escape_html(name)), escape_html(row.signer_name), moment(row.signed_on)
			)
		)
	signature = frappe.new_doc(DOCTYPE)
	signature.update(
		{
			"reference_doctype": doctype,
			"reference_name": name,
			"customer": doc.get(entry.customer),
			"party": party,
			"signer_name": _text(signer_name, _("Name", context="Ops Delivery"))
			or frappe.utils.get_fullname(user or frappe.session.user),
			"signer_title": _text(signer_title, _("Position", context="Ops Delivery")),
			"user": user if channel == PORTAL else (frappe.session.user if channel == DESK else None),
			"email": plain(user) if user else None,
			"channel": channel,
			"attachment": attachment,
			"recorded_by": frappe.session.user if channel in (RECORDED, DRAWN) else None,
			"signed_on": get_datetime(signed_on) if signed_on else site_now(),
			"content_hash": content_hash(doc),
			"content_version": snapshot(doc),
			"document_version": doc.get("version"),
			"state": VALID,
		}
	)
	_check(signature, signer_name)
	write(signature)
	return signature.name


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


def _check_open_points(doc, entry) -> None:
	lines = frappe.get_attr(entry.open_points)(doc) if entry.open_points else []
	if lines:
		frappe.throw(
			_("{0} cannot be signed yet. Open:").format(frappe.bold(escape_html(doc.name)))
			+ "<ul>"
			+ "".join(f"<li>{line}</li>" for line in lines)
			+ "</ul>",
			title=_("Not complete"),
		)


def _check(signature, entered: str) -> None:
	if signature.channel == RECORDED:
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
	if signature.channel == PORTAL and is_staff(signature.user):
		raise frappe.PermissionError(_("Only the customer signs on the portal."))


def _rows(doc, state: str = VALID) -> list[frappe._dict]:
	return frappe.get_all(
		DOCTYPE,
		filters={"reference_doctype": doc.doctype, "reference_name": doc.name, "state": state},
		fields=["*"],
		order_by="signed_on, creation",
	)


def _text(value: Any, label: str) -> str:
	text = cstr(value).strip()
	if len(text) > 140:
		frappe.throw(_("{0} is longer than {1} characters. Shorten it.").format(frappe.bold(label), 140))
	return text
