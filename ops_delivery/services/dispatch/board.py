"""The dispatch board: visits and sessions by engineer and day, with everything that stands against them (5.3.a)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, getdate

from ops_delivery.domain import dispatch as domain
from ops_delivery.domain.dispatch import Engineer
from ops_delivery.services.dispatch import rounds as dispatch_rounds
from ops_delivery.services.dispatch import sentences as dispatch_words
from ops_delivery.services.dispatch import stays as dispatch_visits
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import UTC, site_now, site_zone, to_site
from ops_delivery.services.visits import engineers as dispatch_people
from ops_delivery.services.visits.types import KINDS

WIDEST = 14  # days
WAITING_SHOWN = 100
DAY = timedelta(days=1)


def board(start: str | None = None, days: int = 7) -> dict[str, Any]:
	"""Everything the board shows of `days` days from `start` on (a date; blank: Monday of this week).

	frappe.ValidationError for a start that is no date, or more than two weeks.
	"""
	first, days = _first_day(start), cint(days)
	if not 1 <= days <= WIDEST:
		frappe.throw(
			_("Days: {0} is not possible. Ask for 1 to {1}.").format(escape_html(cstr(days)), WIDEST)
		)
	now = site_now()
	begin, end = datetime.combine(first, time()), datetime.combine(first, time()) + days * DAY
	shown = dispatch_visits.between(begin - DAY, end + DAY)
	queue = dispatch_visits.waiting(datetime.combine(now.date(), time()), WAITING_SHOWN + 1)
	dates = [first + number * DAY for number in range(days)]
	rounds, open_rounds = dispatch_rounds.between(dates[0], dates[-1]), dispatch_rounds.nobodys(dates[0], dates[-1])
	people = _people({**shown, **queue}, {row.assigned_to for row in rounds if row.assigned_to})
	engineers = dispatch_people.engineers(people)
	may_write = {doctype: frappe.has_permission(doctype, "write") for doctype in KINDS}
	stays = dispatch_visits.by_engineer(shown)
	rows = [
		{
			"user": user,
			"name": name,
			**_abilities(engineers[user], first),
			**_days(engineers[user], stays.get(user, []), dates, shown),
			"rounds": {
				str(day): [
					{"key": f"{dispatch_rounds.TASK}/{row.name}", "warnings": dispatch_rounds.warnings(row, engineers[user])}
					for row in rounds
					if row.assigned_to == user and row.planned_on == day
				]
				for day in dates
			},
		}
		for user, name in people.items()
	]
	there = {key for row in rows for day in row["days"] for key in day["visits"]}
	there |= {key for key, row in shown.items() if not row.engineers and begin <= row.planned_start < end}
	everything = {**queue, **{key: shown[key] for key in there}}
	unplanned = [key for key, row in everything.items() if key in queue or not row.engineers]
	return {
		"first": str(first),
		"dates": [str(day) for day in dates],
		"today": str(now.date()),
		"now": f"{now:%Y-%m-%d %H:%M}",
		"zone": site_zone().key,
		"may_write": any(may_write.values()),
		"engineers": rows,
		"unplanned": unplanned[:WAITING_SHOWN],
		"cut": len(unplanned) > WAITING_SHOWN,
		"visits": {key: dispatch_visits.face(row, people, may_write) for key, row in everything.items()},
		"rounds": {
			card["key"]: card
			for row in (*rounds, *open_rounds)
			if (card := dispatch_rounds.face(row, people, now.date()))
		},
		"open_rounds": [f"{dispatch_rounds.TASK}/{row.name}" for row in open_rounds],
		"may_give": frappe.has_permission(dispatch_rounds.TASK, "write"),
		"levels": [dispatch_words.level(number + 1) for number in range(len(domain.LEVELS))],
	}


def _people(visits: Mapping[str, frappe._dict], of_rounds: set[str]) -> dict[str, str]:
	"""Who has a row: those who are dispatched, and whoever was given one of these visits or rounds all the same."""
	found = dispatch_people.dispatched()
	others = ({user for row in visits.values() for user in row.engineers} | of_rounds) - set(found)
	return {**found, **dispatch_people.names_of(others)}


def _abilities(engineer: Engineer, day: date) -> dict[str, Any]:
	"""An engineer's skills, and what is not known of them."""
	return {
		"hours_known": bool(engineer.calendar),
		"skills": [
			{
				"skill": skill.name,
				"level": skill.level,
				"until": str(skill.until) if skill.until else None,
				"expired": bool(skill.until and skill.until < day),
			}
			for skill in engineer.skills
		],
	}


def _days(
	engineer: Engineer, stays: list[domain.Stay], dates: list[date], rows: Mapping[str, frappe._dict]
) -> dict[str, Any]:
	"""Day by day what an engineer has to do, with the ways between; and what stands against it, by visit."""
	zone = site_zone()
	warned: dict[str, list[dict[str, str]]] = defaultdict(list)
	for conflict in domain.conflicts(engineer, stays, zone):
		warned[conflict.stay].append({"code": conflict.code, "text": dispatch_words.sentence(conflict, rows)})
	ways = {way.after: way for way in domain.ways(engineer, stays, zone)}
	found = []
	for day in dates:
		begin = datetime.combine(day, time(), tzinfo=zone)
		end = datetime.combine(day + DAY, time(), tzinfo=zone)
		mine = [stay for stay in domain.in_order(stays) if stay.start < end and stay.end > begin]
		away = next((a for a in engineer.absences if a.first <= day <= a.last), None)
		hours = (
			engineer.calendar.segments(begin.astimezone(UTC), end.astimezone(UTC))
			if engineer.calendar
			else []
		)
		found.append(
			{
				"date": str(day),
				"hours": [[_clock(a), _clock(b, day)] for a, b in hours],
				"off": bool(engineer.calendar) and not hours,
				"away": (text(away.reason) or _("Away", context="Ops Delivery")) if away else None,
				"visits": [stay.key for stay in mine],
				"ways": {
					stay.key: {"free": way.free, "needed": way.needed, "short": way.short}
					for stay in mine
					if (way := ways.get(stay.key)) and way.needed and way.free >= 0
				},
			}
		)
	keys = {key for day in found for key in day["visits"]}
	return {"days": found, "conflicts": {key: warned[key] for key in keys if key in warned}}


def _clock(instant: datetime, day: date | None = None) -> str:
	local = to_site(instant)
	return "24:00" if day and local.date() > day else f"{local:%H:%M}"


def _first_day(start: str | None) -> date:
	if not start:
		today = site_now().date()
		return today - today.weekday() * DAY
	try:
		found = getdate(start)
	except Exception:
		found = None
	if not found:
		frappe.throw(
			_("{0} is no date. Give one like {1}.").format(escape_html(cstr(start)), str(site_now().date()))
		)
	return found
