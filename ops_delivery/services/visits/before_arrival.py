"""Before the engineer arrives, or the session begins: confirmed, reviewed, prepared, on the way; or called off (7.2.a, 7.3.a).

Each step is one tap on a phone: it locks the visit, checks, writes and saves once. A step that is done already answers as it did
the first time.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, flt

from ops_delivery.domain import visit as domain
from ops_delivery.domain import visit_moment
from ops_delivery.domain.events import WorkBegins
from ops_delivery.domain.visit import Phase
from ops_delivery.services.reviews import requesting
from ops_delivery.services.shared import events
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.site_time import site_now, to_site, utc_now
from ops_delivery.services.visits import leftovers as visit_leftovers
from ops_delivery.services.visits.guards import back, enter, require_name, require_phase
from ops_delivery.services.visits.types import locked


def confirm_details(doctype: str, name: str, person: str, by_customer: bool = False) -> None:
	"""The customer confirmed content, time, history and leftovers (7.2.a.1, 7.3.a.1). `person`: who of them did."""
	doc = locked(doctype, name, by_customer)
	require_phase(doc, Phase.PLANNED)
	doc.confirmed_with, doc.details_confirmed_on = require_name(person), site_now()
	doc.save()


def ask_for_review(doctype: str, name: str) -> list[str]:
	"""Ask for the reviews of the contingency plan (7.2.a.2, 7.3.a.2); their names."""
	doc = locked(doctype, name)
	require_phase(doc, Phase.PLANNED)
	return requesting.open_for(doc)


def prepare(doctype: str, name: str) -> None:
	"""All preparations are made: Prepared (7.2.a, 7.3.a)."""
	enter(locked(doctype, name), Phase.PREPARED)
	events.tell(WorkBegins(doctype, name))


def prepare_again(doctype: str, name: str) -> None:
	"""Back to planning, before departure: what was prepared has to be changed."""
	back(locked(doctype, name), Phase.PLANNED)


def depart(doctype: str, name: str, waited: float = 0) -> None:
	"""The engineer is on the way."""
	doc = locked(doctype, name)
	if doc.departed_on:
		return
	require_phase(doc, Phase.PREPARED)
	with guard():
		doc.departed_on = to_site(visit_moment.moment(utc_now(), flt(waited)).instant)
	doc.save()


def cancel(doctype: str, name: str, reason: str) -> None:
	"""The visit does not take place."""
	doc = locked(doctype, name)
	if not cstr(reason).strip():
		frappe.throw(_("{0} is missing. {1}").format(_("Why cancelled"), _("The customer may ask for it.")))
	doc.cancel_reason = cstr(reason).strip()
	doc.status = domain.CANCELLED
	doc.save()
	visit_leftovers.forget_requests(doc)
