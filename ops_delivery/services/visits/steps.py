"""The steps of a visit, each one tap on a phone: from the confirmed details to the follow-up (7.2, 7.3).

Each locks the visit, checks, writes and saves once. A step that is done already answers as it did the first time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, get_datetime

from ops_delivery.domain import visit as domain
from ops_delivery.domain import visit_moment
from ops_delivery.domain.events import WorkBegins, WorkEnded
from ops_delivery.services.reviews import requesting, signatures, signing
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.scope import image_files as kept_pictures
from ops_delivery.services.shared import events
from ops_delivery.services.shared import images as pictures
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.site_time import site_now, to_site, to_utc, utc_now
from ops_delivery.services.visits import erpnext_records as visit_records
from ops_delivery.services.visits import hours as visit_hours
from ops_delivery.services.visits import leftovers as visit_leftovers
from ops_delivery.services.visits.guards import StageOpen, require_name, require_phase
from ops_delivery.services.visits.types import JOB_DONE, MORE_TO_DO, kind_of, locked, rank_of

# Before


def confirm_details(doctype: str, name: str, person: str, by_customer: bool = False) -> None:
	"""The customer confirmed content, time, history and leftovers (7.2.a.1, 7.3.a.1). `person`: who of them did."""
	doc = locked(doctype, name, by_customer)
	require_phase(doc, 0)
	doc.confirmed_with, doc.details_confirmed_on = require_name(person), site_now()
	doc.save()


def ask_for_review(doctype: str, name: str) -> list[str]:
	"""Ask for the reviews of the contingency plan (7.2.a.2, 7.3.a.2); their names."""
	doc = locked(doctype, name)
	require_phase(doc, 0)
	return requesting.open_for(doc)


def prepare(doctype: str, name: str) -> None:
	"""All preparations are made: Prepared (7.2.a, 7.3.a)."""
	_enter(locked(doctype, name), 1)
	events.tell(WorkBegins(doctype, name))


def prepare_again(doctype: str, name: str) -> None:
	"""Back to planning, before departure: what was prepared has to be changed."""
	_back(locked(doctype, name), 0)


def depart(doctype: str, name: str, waited: float = 0) -> None:
	"""The engineer is on the way."""
	doc = locked(doctype, name)
	if doc.departed_on:
		return
	require_phase(doc, 1)
	with guard():
		doc.departed_on = to_site(visit_moment.moment(utc_now(), flt(waited)).instant)
	doc.save()


# During


def arrive(
	doctype: str,
	name: str,
	waited: float = 0,
	device_time: str | None = None,
	latitude: float | None = None,
	longitude: float | None = None,
	accuracy: float | None = None,
) -> str:
	"""On site, or in session (7.2.b.1); returns the moment as stored. A second tap changes nothing.

	By the server's clock less `waited` seconds without connection; `device_time` (ISO 8601 with offset) is only kept.
	"""
	doc = locked(doctype, name)
	if doc.arrived_on:
		return str(doc.arrived_on)
	require_phase(doc, 1)
	told = _device_instant(device_time)
	departed = to_utc(doc.get("departed_on"))
	if kind_of(doc).told_first and not departed:
		frappe.throw(
			_("The departure is not noted yet. Tap {0} first.").format(frappe.bold(_("Depart"))),
			StageOpen,
		)
	with guard():
		moment = visit_moment.moment(utc_now(), flt(waited), told, departed)
	doc.arrived_on = to_site(moment.instant)
	doc.arrival_waited = moment.waited
	if moment.offset is not None:
		doc.arrival_offset, doc.arrival_device_time = moment.offset, to_site(told)
	_note_position(doc, latitude, longitude, accuracy)
	if doc.promised_on:
		late = get_datetime(doc.arrived_on) - get_datetime(doc.promised_on)
		doc.late_minutes = int(late.total_seconds() // 60)
	_enter(doc, 2)
	return str(doc.arrived_on)


def confirm_arrival(doctype: str, name: str, person: str, by_customer: bool = False) -> None:
	"""The customer was told of the arrival and confirmed its time (7.2.b.1)."""
	doc = locked(doctype, name, by_customer)
	if doc.arrival_confirmed_on:
		return
	require_phase(doc, 2)
	doc.arrival_confirmed_by, doc.arrival_confirmed_on = require_name(person), site_now()
	doc.save()


def finish_work(doctype: str, name: str, outcome: str, note: str = "") -> None:
	"""The work is over (7.2.b): the job is done, or more is to do at another visit."""
	doc = locked(doctype, name)
	if outcome not in (JOB_DONE, MORE_TO_DO):
		frappe.throw(
			_("Outcome: {0} is not known. Choose {1} or {2}.").format(
				escape_html(cstr(outcome)), _(JOB_DONE), _(MORE_TO_DO)
			)
		)
	if outcome == JOB_DONE and any(row.state == domain.LEFT_OPEN for row in doc.work_items):
		frappe.throw(
			_("Outcome: a work item was left open, so the job is not done by this. Choose {0}.").format(
				frappe.bold(_(MORE_TO_DO))
			)
		)
	doc.outcome, doc.outcome_note = outcome, cstr(note).strip() or doc.outcome_note
	doc.work_done_on = site_now()
	_enter(doc, 3)


def back_to_work(doctype: str, name: str) -> None:
	"""Something more is to be done before leaving."""
	doc = locked(doctype, name)
	doc.work_done_on = None
	_back(doc, 2)


# Before leaving


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
	require_phase(doc, 3)
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
	require_phase(doc, 3)
	doc.leave_permitted_by, doc.leave_permitted_on = require_name(person), site_now()
	doc.save()


def leave(doctype: str, name: str, person: str = "") -> None:
	"""With the customer's permission the engineer leaves, or the session ends (7.2.c.5, 7.3.c.3)."""
	doc = locked(doctype, name)
	if rank_of(doc) >= 4:
		return
	require_phase(doc, 3)
	now = site_now()
	if not doc.leave_permitted_on:
		doc.leave_permitted_by, doc.leave_permitted_on = require_name(person), now
	doc.left_on = now
	seconds = (get_datetime(now) - get_datetime(doc.arrived_on)).total_seconds()
	doc.hours_on_site = flt(max(0, seconds) / 3600, 2)
	visit_hours.note(doc)
	doc.survey_due_on = doc.survey_due_on or now
	_enter(doc, 4)
	events.tell(WorkEnded(doc.doctype, doc.name))
	visit_records.due(doc)


# After


def follow_up(doctype: str, name: str) -> None:
	"""Records are updated and every leftover is solved or waived: Followed Up (7.2.d, 7.3.d)."""
	doc = locked(doctype, name)
	doc.followed_up_on = site_now()
	_enter(doc, 5)


def cancel(doctype: str, name: str, reason: str) -> None:
	"""The visit does not take place."""
	doc = locked(doctype, name)
	if not cstr(reason).strip():
		frappe.throw(_("{0} is missing. {1}").format(_("Why cancelled"), _("The customer may ask for it.")))
	doc.cancel_reason = cstr(reason).strip()
	doc.status = domain.CANCELLED
	doc.save()
	visit_leftovers.forget_requests(doc)


# Parts


def text_of(doc) -> str:
	"""The fingerprint of what the customer would sign now."""
	return content_hash(doc)


def _enter(doc, rank: int) -> None:
	phase = kind_of(doc).phases[rank]
	if doc.status == phase:
		return
	doc.status = phase
	doc.save()


def _back(doc, rank: int) -> None:
	doc.flags.ops_visit_back = True
	_enter(doc, rank)


def _device_instant(text: str | None) -> Any:
	if not text:
		return None
	try:
		instant = datetime.fromisoformat(cstr(text).replace("Z", "+00:00"))
	except ValueError:
		return None
	return instant if instant.tzinfo else None


def _note_position(doc, latitude: Any, longitude: Any, accuracy: Any) -> None:
	"""The position, where the device gave one that exists on earth; never a reason to refuse an arrival."""
	if latitude is None or longitude is None or not doc.meta.has_field("arrival_latitude"):
		return
	if abs(flt(latitude)) <= 90 and abs(flt(longitude)) <= 180:
		doc.arrival_latitude, doc.arrival_longitude = flt(latitude), flt(longitude)
		metres = flt(accuracy)
		doc.arrival_accuracy = min(metres, 1e6) if metres > 0 else None
