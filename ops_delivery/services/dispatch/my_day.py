"""An engineer's own visits and sessions, in the order in which they come; made for a phone (7.2.a)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import frappe

from ops_delivery.domain import dispatch as domain
from ops_delivery.domain.visit import Phase
from ops_delivery.services.dispatch import rounds as dispatch_rounds
from ops_delivery.services.dispatch import sentences as dispatch_words
from ops_delivery.services.dispatch import stays as dispatch_visits
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import site_now, site_zone
from ops_delivery.services.visits import engineers as dispatch_people
from ops_delivery.services.visits.types import KINDS, movable

AHEAD = timedelta(days=14)
BEHIND = timedelta(days=7)  # what is not ended stays in the list that long


def of(user: str) -> dict[str, Any]:
	"""What a user has to do from today on, day by day, with the ways between; first what was begun, or was to begin,
	on a day before and is not ended."""
	now = site_now()
	today = datetime.combine(now.date(), time())
	rows = dispatch_visits.given_to([user], today - BEHIND, today + AHEAD)
	engineer = dispatch_people.engineers([user])[user]
	stays = dispatch_visits.by_engineer(rows).get(user, [])
	zone = site_zone()
	ways = {way.after: way for way in domain.ways(engineer, stays, zone)}
	warned: dict[str, list[str]] = {}
	for conflict in domain.conflicts(engineer, stays, zone):
		warned.setdefault(conflict.stay, []).append(dispatch_words.sentence(conflict, rows))
	names = dispatch_people.names_of({person for row in rows.values() for person in row.engineers})
	visits = []
	for stay in domain.in_order(stays):
		row = rows[stay.key]
		earlier = (row.arrived_on or row.planned_start) < today
		if earlier and _ended(row):
			continue
		way = ways.get(stay.key)
		visits.append(
			{
				**dispatch_visits.face(row, names, {}),
				"day": "" if earlier else f"{(row.arrived_on or row.planned_start):%Y-%m-%d}",
				"ended": _ended(row),
				"way": {"free": way.free, "needed": way.needed, "short": way.short}
				if way and way.needed and way.free >= 0
				else None,
				"warnings": warned.get(stay.key, []) if movable(row) else [],
			}
		)
	return {
		"user": user,
		"name": text(frappe.utils.get_fullname(user)),
		"today": f"{today:%Y-%m-%d}",
		"now": f"{now:%Y-%m-%d %H:%M}",
		"zone": zone.key,
		"visits": visits,
		"rounds": _rounds(user, now.date(), names, engineer),
	}


def _rounds(user: str, today: date, names: dict[str, str], engineer: domain.Engineer) -> list[dict[str, Any]]:
	"""The routine work of a user: what may still be done in time stands with today, what is late among what is not finished."""
	return [
		{
			**dispatch_rounds.face(row, names, today),
			"day": str(max(row.planned_on, today)) if (row.due_on or row.planned_on) >= today else "",
			"warnings": dispatch_rounds.warnings(row, engineer),
		}
		for row in dispatch_rounds.of(user, today, AHEAD, BEHIND)
	]


def _ended(row: frappe._dict) -> bool:
	"""Left, or ended: nothing is to be done there any more."""
	return KINDS[row.doctype].rank(row.status) >= Phase.LEFT
