"""While the engineer is on site, or in session: arrived, confirmed, work finished or taken up again (7.2.b, 7.3.b).

What is worked on is confirmed item by item in work_items.py. Each step is one tap, as before_arrival.py says.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, get_datetime

from ops_delivery.domain import visit as domain
from ops_delivery.domain import visit_moment
from ops_delivery.domain.visit import Phase
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.site_time import site_now, to_site, to_utc, utc_now
from ops_delivery.services.visits.guards import StageOpen, back, enter, require_name, require_phase
from ops_delivery.services.visits.types import JOB_DONE, MORE_TO_DO, kind_of, locked


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
	require_phase(doc, Phase.PREPARED)
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
	enter(doc, Phase.PRESENT)
	return str(doc.arrived_on)


def confirm_arrival(doctype: str, name: str, person: str, by_customer: bool = False) -> None:
	"""The customer was told of the arrival and confirmed its time (7.2.b.1)."""
	doc = locked(doctype, name, by_customer)
	if doc.arrival_confirmed_on:
		return
	require_phase(doc, Phase.PRESENT)
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
	enter(doc, Phase.WORK_DONE)


def back_to_work(doctype: str, name: str) -> None:
	"""Something more is to be done before leaving."""
	doc = locked(doctype, name)
	doc.work_done_on = None
	back(doc, Phase.PRESENT)


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
