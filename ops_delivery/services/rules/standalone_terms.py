"""Terms of a Clock Definition's own: a target or deadline for records that no agreement promises anything about.

A review, a leftover or a complaint is due by a time, too, and is to be reminded and escalated by the same engine. Such
a clock has a calendar and a policy, but no agreement; it is no promise to a customer and counts in no attainment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, getdate

from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.scope import measured_types as record_types
from ops_delivery.services.scope.definition_fields import OWN_TERMS
from ops_delivery.services.shared.site_time import site_zone, to_utc

AT_LEAST = 1  # working seconds: a deadline that lies before its start is missed at once


@dataclass(frozen=True)
class OwnTerms:
	"""What a Clock Definition gives a record by itself. Stands where an agreement's SiteTerms stand."""

	customer: str | None
	policy: str | None
	calendar: str
	target: int
	deadline: datetime | None
	name: None = None
	default_priority: str = ""

	def promised_from(self, start: datetime) -> tuple[int, str] | None:
		"""(working seconds, calendar name) from that start; None where the record has no deadline."""
		if self.target:
			return self.target, self.calendar
		if not self.deadline:
			return None
		version = versions.current("Service Calendar", self.calendar)
		return max(AT_LEAST, calendars.compiled(version).between(start, self.deadline)), self.calendar


def of(definition, doc, measured) -> OwnTerms | None:
	"""The terms a definition gives a record, or None if an agreement gives them."""
	if not definition.own_terms:
		return None
	return OwnTerms(
		customer=record_types.customer_of(measured, doc) if measured.customer_field else None,
		policy=definition.own_policy or None,
		calendar=definition.own_calendar,
		target=cint(definition.own_target),
		deadline=deadline(doc.get(definition.own_deadline_field)) if definition.own_deadline_field else None,
	)


def deadline(value: Any) -> datetime | None:
	"""The instant a field's value means as a deadline: a date means the end of that day."""
	if not value:
		return None
	if (isinstance(value, date) and not isinstance(value, datetime)) or (
		isinstance(value, str) and len(value) <= 10
	):
		midnight = datetime.combine(getdate(value) + timedelta(days=1), time.min, site_zone())
		return to_utc(midnight.replace(tzinfo=None))
	return to_utc(get_datetime(value))


def check(definition) -> None:
	"""Refuse own terms that are incomplete or contradict themselves; tidy what the form hides."""
	if not definition.own_terms:
		for fieldname in OWN_TERMS[1:]:
			definition.set(fieldname, None)
		_check_customer(definition)
		return
	definition.own_deadline_field = (definition.own_deadline_field or "").strip() or None
	if bool(cint(definition.own_target)) == bool(definition.own_deadline_field):
		frappe.throw(
			_("Own terms: enter either {0} or {1}.").format(
				_label(definition, "own_target"), _label(definition, "own_deadline_field")
			)
		)
	if definition.own_deadline_field:
		field = frappe.get_meta(definition.document_type).get_field(definition.own_deadline_field)
		if not field or field.fieldtype not in ("Date", "Datetime"):
			frappe.throw(
				_("{0}: {1} has no date field {2}. Name one of its Date or Datetime fields.").format(
					_label(definition, "own_deadline_field"),
					_(definition.document_type),
					frappe.bold(frappe.utils.escape_html(definition.own_deadline_field)),
				)
			)
	for fieldname, doctype in (("own_calendar", "Service Calendar"), ("own_policy", "Escalation Policy")):
		name = definition.get(fieldname)
		if not name and fieldname == "own_calendar":
			frappe.throw(_("{0} is missing. Choose one.").format(_label(definition, fieldname)))
		if name and not versions.current(doctype, name):
			frappe.throw(
				_("{0}: {1} has never been saved with hours or steps. Open and save it first.").format(
					_label(definition, fieldname), name
				)
			)


def _check_customer(definition) -> None:
	"""What an agreement is to give needs the customer whose agreement it is."""
	known = frappe.db.get_value("Measured Record Type", definition.document_type, "customer_field")
	if definition.enabled and not known:
		frappe.throw(
			_(
				"{0}: the record type {1} names no customer field, so no agreement is found. Name it there, or tick this."
			).format(_label(definition, "own_terms"), _(definition.document_type))
		)


def _label(definition, fieldname: str) -> str:
	return frappe.bold(_(definition.meta.get_label(fieldname), context="Clock Definition"))
