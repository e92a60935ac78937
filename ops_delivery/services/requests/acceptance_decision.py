"""What a customer may say of a result: the states of an acceptance, and a decision held to what it can be (6.3.g)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_datetime

from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Service Acceptance"

REQUESTED, WITHDRAWN = "Requested", "Withdrawn"
ACCEPTED, WITH_RESERVATIONS, REJECTED, DEEMED = (
	"Accepted",
	"Accepted with Reservations",
	"Rejected",
	"Deemed Accepted",
)
DECISIONS = (ACCEPTED, WITH_RESERVATIONS, REJECTED)
RECORDED, BY_SILENCE = "Recorded by Staff", "Deemed"
TEXT_LENGTH = 2000
MOST_RESERVATIONS = 20


@dataclass(frozen=True)
class Decision:
	"""What the customer said, and how it reached us."""

	verdict: str
	name: str
	email: str
	channel: str
	comment: str = ""
	reservations: tuple[str, ...] = ()
	decided_on: datetime | None = None
	recorded_by: str | None = None
	how: str = ""


def checked(decision: Decision) -> Decision:
	"""The decision, if it is one that can be made; else frappe.ValidationError says what is missing or contradicts."""
	if decision.verdict not in DECISIONS:
		frappe.throw(
			_("{0} is not an answer. Choose one of {1}.").format(
				frappe.bold(escape_html(cstr(decision.verdict))),
				", ".join(_(verdict, context=DOCTYPE) for verdict in DECISIONS),
			)
		)
	if decision.verdict == REJECTED and not decision.comment:
		frappe.throw(
			_("Say why you reject the result, so that we know what to do."), title=_("Reason missing")
		)
	if decision.verdict == WITH_RESERVATIONS and not decision.reservations:
		frappe.throw(
			_("Name at least one reservation, or accept the result without any."),
			title=_("Reservation missing"),
		)
	if decision.verdict != WITH_RESERVATIONS and decision.reservations:
		frappe.throw(
			_("There are reservations, so choose {0}; or remove them.").format(
				frappe.bold(_(WITH_RESERVATIONS))
			)
		)
	if decision.channel == RECORDED:
		for label, value in (
			(_("Who decided"), decision.name),
			(_("When"), decision.decided_on),
			(_("How the customer said so"), decision.how),
			(_("Recorded by"), decision.recorded_by),
		):
			if not value:
				frappe.throw(_("{0} is needed to record the customer's decision.").format(frappe.bold(label)))
	if len(decision.reservations) > MOST_RESERVATIONS:
		frappe.throw(_("At most {0} reservations can be named.").format(MOST_RESERVATIONS))
	return decision


def check_moment(decision: Decision, doc: Any) -> None:
	"""Refuse a decision recorded for a time that lies ahead, or before the result was offered."""
	if not decision.decided_on:
		return
	if decision.decided_on > site_now():
		frappe.throw(
			_("{0} {1} lies in the future. Enter when the customer decided.").format(
				frappe.bold(_("When")), moment(decision.decided_on)
			)
		)
	if decision.decided_on < get_datetime(doc.requested_on).replace(microsecond=0):
		frappe.throw(
			_("{0} {1} lies before the result was offered ({2}).").format(
				frappe.bold(_("When")), moment(decision.decided_on), moment(doc.requested_on)
			)
		)


def kept_text(value: str | None, label: str) -> str:
	"""A text as it is kept, refused where it is too long."""
	text = cstr(value).strip()
	if len(text) > TEXT_LENGTH:
		frappe.throw(
			_("{0} is longer than {1} characters. Shorten it.").format(frappe.bold(label), TEXT_LENGTH)
		)
	return text
