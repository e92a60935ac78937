"""The demo's field engineers: their skills, hours and absences, and the workdays around the stage's end."""

from __future__ import annotations

from datetime import date, timedelta

import frappe

from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import visits_data as script

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HOURS = "5×8 (lunch break)"


def make_profiles(stage) -> None:
	today = last_day(stage)
	for name, description in script.SKILLS.items():
		if not frappe.db.exists("Service Skill", name):
			frappe.get_doc(
				{"doctype": "Service Skill", "skill_name": name, "description": description}
			).insert()
	for user, values in script.PROFILES.items():
		if frappe.db.exists("Dispatch Profile", user):
			continue
		frappe.get_doc(
			{
				"doctype": "Dispatch Profile",
				"user": user,
				"dispatched": 1,
				"calendar": HOURS,
				"travel_minutes": values["travel_minutes"],
				"skills": [
					{
						"skill": skill,
						"level": level,
						"certificate": certificate,
						"valid_until": None if days is None else today + days * DAY,
					}
					for skill, level, certificate, days in values["skills"]
				],
				"absences": [
					{"from_date": workday(today, a), "to_date": workday(today, b), "reason": reason}
					for a, b, reason in values["absences"]
				],
			}
		).insert()


def last_day(stage) -> date:
	return stage.end.astimezone(site_time.site_zone()).date()


def workday(day: date, number: int) -> date:
	"""The number-th working day (Monday to Friday) after a day, or before it."""
	step = DAY if number > 0 else -DAY
	while number:
		day += step
		number -= (day.weekday() < 5) * (1 if step > timedelta() else -1)
	return day
