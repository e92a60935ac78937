"""What complaints have in common: their constants, errors and the settings that rule them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, escape_html, get_datetime, get_fullname

from ops_delivery.domain import complaint as domain
from ops_delivery.services.shared import number_bounds as bounds
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Service Complaint"
LENGTH, TEXT_LENGTH = 140, 20000
PORTAL, LINK, PHONE, MAIL = "Portal", "Signed Link", "Phone", "E-mail"
BY_CUSTOMER = (PORTAL, LINK, MAIL)
ABOUT = ("Issue", "Field Service Sheet", "Remote Support Session", "Service Agreement")
ANSWER = ("answer", "answered_by", "answered_on", "answered_how", "answer_note")
# written by the steps alone
OWNED = (
	"status",
	"round",
	"entered_by",
	"entered_on",
	"acknowledged_on",
	"acknowledged_by",
	"handled_since",
	"told_on",
	"closed_on",
	"closed_by",
	"closed_reason",
	*ANSWER,
)
FINDINGS = ("findings", "result", "result_text")
WORDS = ("text", "raised_by", "channel", "received_on")  # the customer's, fixed from the acknowledgement on
JUST_NOW = timedelta(minutes=1)  # "now" as a form or a mail gives it
TEXTS = ("text", "findings", "result_text")


class OnlyByHandler(frappe.PermissionError):
	"""Findings and results are the independent handler's alone."""


class AnsweredAlready(frappe.ValidationError):
	"""The customer has answered this result already; nothing was changed."""

	http_status_code = 409


def most_appeals() -> int:
	"""How often a result can be appealed, by Ops Delivery Settings."""
	return bounds.setting("complaint_appeals")


def answer_until(doc) -> datetime:
	"""Until when the customer may answer a result that was told."""
	return get_datetime(add_days(get_datetime(doc.told_on), bounds.setting("complaint_answer_days")))


def label(doc, field: str) -> str:
	"""A field's label in the reader's language."""
	return frappe.bold(_(doc.meta.get_label(field), context=DOCTYPE))


def limited(value: str, label: str) -> str:
	"""The text, unless it is too long to be kept."""
	if len(value) > TEXT_LENGTH:
		frappe.throw(
			_("{0} is longer than {1} characters. Shorten it, or attach it as a file.").format(
				frappe.bold(label), TEXT_LENGTH
			)
		)
	return value


def not_future(moment: Any) -> datetime:
	"""A moment that has passed; now for none."""
	found = get_datetime(moment) if moment else site_now()
	if found > site_now() + JUST_NOW:
		frappe.throw(
			_("{0} {1} lies in the future. Enter when it happened.").format(
				frappe.bold(_("When")), frappe.format(found, "Datetime")
			)
		)
	return min(found, site_now())


def handler_only(doc) -> None:
	"""OnlyByHandler unless the session's user handles the complaint."""
	if doc.status in domain.ENDED:
		frappe.throw(_("{0} is {1}.").format(doc.name, _(doc.status, context=DOCTYPE)))
	if not doc.handler:
		frappe.throw(
			_("{0}: somebody independent has to handle it. Choose one.").format(label(doc, "handler"))
		)
	if frappe.session.user != doc.handler:
		raise OnlyByHandler(
			_("Only {0}, who handles this complaint independently, can do this.").format(
				escape_html(get_fullname(doc.handler))
			)
		)
