"""The home of a customer's people: what waits for them, their open requests, next visits, and what was agreed (5.3.h, 6.3.a–b).

A service that asks the customer for something has a function `waiting(user)` that returns a list of {text, url, due,
late}: one line of plain text, the page to do it on, by when ("" if there is no day), and whether that has passed. Add
it to WAITING. Each takes a fixed number of queries, so the page does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _

from ops_delivery.domain.calendar import WEEKDAYS, WorkCalendar
from ops_delivery.permissions import ownership, switches
from ops_delivery.services.agreements import published_terms as announced
from ops_delivery.services.portal import complaints as complaint_portal
from ops_delivery.services.portal import improvements as improvement_portal
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.portal import reviews as review_pages
from ops_delivery.services.portal import rounds
from ops_delivery.services.portal import surveys as survey_portal
from ops_delivery.services.portal import switch as portal_switch
from ops_delivery.services.portal import visits as visit_portal
from ops_delivery.services.rules import calendars
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import utc_now

ROUTE = "service"
SHOWN_REQUESTS = 5
AHEAD_DAYS = 60


def landing(user: str) -> str | None:
	"""Hook: where a customer's person lands after the log-in, where the portal is switched on for them.

	What an administrator set for a role or the portal comes before it. For everybody else it is what the host and its
	other apps say; Frappe asks no other once it has asked here.
	"""
	theirs = user not in ("Guest", "Administrator") and not ownership.is_staff(user)
	if theirs and ownership.shown_to(user):
		if "Customer" in frappe.get_roles(user) or ownership.customers_of(user):
			return ROUTE
	return portal_switch.as_without_us(user)


def home(user: str) -> dict[str, Any]:
	"""{waiting, requests (open ones, with their clocks), more (whether there are others), visits, agreements}."""
	found = portal.requests(user, "open", length=SHOWN_REQUESTS)
	agreements = announced.in_force(user)
	sequence = announced.sequence() if agreements else {}
	return {
		"waiting": waiting(user),
		"requests": found["rows"],
		"more": found["has_next"],
		"visits": visit_portal.upcoming(user),
		"agreements": [_brief(doc, sequence) for doc in agreements],
	}


def waiting(user: str) -> list[dict[str, Any]]:
	"""All that waits for the user: what is late first, then in the order of WAITING."""
	lines = [line for ask in WAITING for line in ask(user)]
	return sorted(lines, key=lambda line: not line.get("late"))


def results(user: str) -> list[dict[str, Any]]:
	"""Results that wait for an answer (6.3.g)."""
	return [
		{
			"text": _("Accept or reject the result: {0}").format(row.subject),
			"url": f"/service-requests/{row.name}",
			"due": row.deemed,
		}
		for row in portal.results_waiting(user)
	]


WAITING = (
	results,
	visit_portal.waiting,
	rounds.waiting,
	survey_portal.waiting,
	review_pages.waiting,
	complaint_portal.waiting,
	improvement_portal.waiting,
)


def _brief(doc, sequence: dict[str, int]) -> dict[str, Any]:
	"""An agreement in the few words of the home page: how to reach us, whether we are there now, what we promise."""
	calendar = calendars.measuring(doc.calendar)
	return {
		"title": text(doc.title),
		"path": f"/agreements/{doc.name}",
		"channels": announced.channels_of(doc),
		"zone": calendar.zone,
		"commitments": announced.commitments_of(doc, sequence),
		**_hours(calendar),
	}


def _hours(calendar: WorkCalendar) -> dict[str, Any]:
	"""Today's hours where the service is, whether it is open at this moment, and the next day off in the weeks ahead."""
	now = utc_now()
	today = now.astimezone(ZoneInfo(calendar.zone)).date()
	windows = calendar.windows_on(today)
	free = next(
		(
			exception
			for exception in calendar.exceptions
			if exception.kind == "holiday" and today < exception.date <= today + timedelta(days=AHEAD_DAYS)
		),
		None,
	)
	return {
		"open_now": calendar.is_working(now),
		"today": _("Today, {0}: {1}").format(
			_(WEEKDAYS[today.weekday()]),
			", ".join("–".join(window.format()) for window in windows) or _("no service hours"),
		),
		"next_holiday": _("Next holiday: {0}").format(
			" · ".join(filter(None, (wording.day(free.date), text(free.note))))
		)
		if free
		else "",
	}
