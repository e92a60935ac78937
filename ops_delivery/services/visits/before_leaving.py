"""Before the engineer leaves, or the session ends: signed, permitted, left (7.2.c, 7.3.c). Each step is one tap, as before_arrival.py says."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, flt, get_datetime

from ops_delivery.domain.events import WorkEnded
from ops_delivery.domain.visit import Phase
from ops_delivery.services.reviews import signatures, signing
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.scope import image_files as kept_pictures
from ops_delivery.services.shared import events
from ops_delivery.services.shared import images as pictures
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import erpnext_records as visit_records
from ops_delivery.services.visits import hours as visit_hours
from ops_delivery.services.visits.guards import enter, require_name, require_phase
from ops_delivery.services.visits.types import kind_of, locked, rank_of


def text_of(doc) -> str:
	"""The fingerprint of what the customer would sign now."""
	return content_hash(doc)


def sign(
	doctype: str,
	name: str,
	signer_name: str,
	image: str,
	signer_title: str = "",
	content: str = "",
	by_customer: bool = False,
) -> str:
	"""The customer signs on the device, or (`by_customer`) on the portal (7.2.c.1); the Service Signature.

	`content`: fingerprint of what was shown. On the portal the log-in signs, and a drawing is optional.

	frappe.ValidationError where the sheet has changed since, or the drawing is no picture or too large.
	"""
	doc = locked(doctype, name, by_customer)
	require_phase(doc, Phase.WORK_DONE)
	if not kind_of(doc).signed:
		frappe.throw(_("A remote session is not signed: note the customer's permission to end instead."))
	person = require_name(signer_name)
	drawn = image or not by_customer
	url = kept_pictures.keep(doc, image, f"{doc.name}-signature", pictures.SIGNATURE) if drawn else None
	signature = signing.sign(
		doctype,
		name,
		signatures.CUSTOMER,
		person,
		cstr(signer_title).strip(),
		channel=signatures.PORTAL if by_customer else signatures.DRAWN,
		attachment=url,
		user=frappe.session.user if by_customer else None,
		content=content,
	)
	doc.customer_signature = url
	doc.save()
	return signature


def permit(doctype: str, name: str, person: str) -> None:
	"""The customer gives permission to leave, or to end, on the portal (7.2.c.5, 7.3.c.3)."""
	doc = locked(doctype, name, by_customer=True)
	if doc.leave_permitted_on:
		return
	require_phase(doc, Phase.WORK_DONE)
	doc.leave_permitted_by, doc.leave_permitted_on = require_name(person), site_now()
	doc.save()


def leave(doctype: str, name: str, person: str = "") -> None:
	"""With the customer's permission the engineer leaves, or the session ends (7.2.c.5, 7.3.c.3)."""
	doc = locked(doctype, name)
	if rank_of(doc) >= Phase.LEFT:
		return
	require_phase(doc, Phase.WORK_DONE)
	now = site_now()
	if not doc.leave_permitted_on:
		doc.leave_permitted_by, doc.leave_permitted_on = require_name(person), now
	doc.left_on = now
	seconds = (get_datetime(now) - get_datetime(doc.arrived_on)).total_seconds()
	doc.hours_on_site = flt(max(0, seconds) / 3600, 2)
	visit_hours.note(doc)
	doc.survey_due_on = doc.survey_due_on or now
	enter(doc, Phase.LEFT)
	events.tell(WorkEnded(doc.doctype, doc.name))
	visit_records.due(doc)
