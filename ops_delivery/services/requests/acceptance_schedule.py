"""When silence counts, and when the next step of an acceptance is due (clauses 6.3.f, 6.3.g)."""

from __future__ import annotations

from datetime import datetime, timedelta

from frappe.utils import get_datetime

from ops_delivery.domain.workdays import end_of_working_day
from ops_delivery.permissions import steps
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import number_bounds as bounds
from ops_delivery.services.shared.site_time import to_site, to_utc

DOCTYPE = "Service Acceptance"
LOOK_AGAIN = timedelta(hours=6)


def schedule(doc, since: datetime | None = None) -> None:
	"""Set when an acceptance counts as accepted (if at all) and when its next step is due: by the days since it was asked
	for, or since the customer's last word was answered. Does not save."""
	terms = agreements.terms(doc.agreement) if doc.agreement else None
	begins = since or get_datetime(doc.requested_on)
	doc.deemed_on = None
	if terms and terms.allow_deemed_acceptance and terms.deemed_after_days > 0:
		doc.deemed_on = working_day_end(terms, begins, terms.deemed_after_days)
	doc.next_action_on = next_action(doc, terms, begins)


def stop(doc) -> None:
	"""The customer is not silent any more: from here on only their own answer counts, until somebody has answered them."""
	doc.deemed_on = doc.next_action_on = None
	save(doc)


def next_action(doc, terms, after: datetime) -> datetime | None:
	"""The next reminder, or the moment silence counts if that comes first."""
	days = bounds.setting("reminder_days")
	moments = [working_day_end(terms, after, days) if terms else after + timedelta(days=days)]
	if doc.deemed_on:
		deemed_on = get_datetime(doc.deemed_on)
		moments.append(deemed_on if deemed_on > after else after + LOOK_AGAIN)
	return min(moments, default=None)


def working_day_end(terms, after: datetime | str, days: int) -> datetime:
	"""The end of the so-manieth working day after a moment, by the calendar of an agreement's terms (site time)."""
	version = versions.current("Service Calendar", terms.calendar)
	return to_site(end_of_working_day(calendars.compiled(version), to_utc(after), days))


def save(doc) -> None:
	"""Save an acceptance as the step of ours that it is."""
	steps.take(doc)
	doc.save(ignore_permissions=True)
