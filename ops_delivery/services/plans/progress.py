"""A Delivery Plan against what was done, at any time (clauses 5.3.a, 5.4.a). Read in a handful of queries."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from ops_delivery.domain import activity_order, planning
from ops_delivery.services.plans import rules as plans
from ops_delivery.services.plans import sentences as plan_words
from ops_delivery.services.plans.activity_rows import ACTIVITY, FIELDS, read
from ops_delivery.services.plans.money import money_of
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.shared.user_names import full_names


def of(plan: str, today: date | None = None) -> dict[str, Any]:
	"""Everything the plan's form shows: totals, activities with their standing, groups, milestones and money."""
	today = today or site_now().date()
	rows, activities = read(plan)
	predecessors = plans.predecessors_of(plan)
	subjects = {row.name: row.subject for row in rows}
	early = activity_order.begun_before(activities, predecessors)
	clashes = activity_order.conflicts(activities, predecessors)
	names = full_names(row.owner_user for row in rows)
	shown = []
	for row in rows:
		activity = activities[row.name]
		found = planning.standing(activity, today)
		shown.append(
			{
				**row,
				"owner_name": names.get(row.owner_user) or "",
				"standing": found.kind,
				"days": found.days,
				"words": plan_words.standing(found),
				"late": found.is_late,
				"begun": found.begun,
				"slip": planning.slip(activity, today),
				"after": [subjects.get(name, name) for name in predecessors.get(row.name, ())],
				"deviation": deviation(row, activity, early, clashes, subjects),
			}
		)
	readership.withhold(ACTIVITY, shown, FIELDS)
	return {
		"today": str(today),
		"totals": _plain(planning.progress(list(activities.values()), today)),
		"groups": [
			{"service_content": content, **_plain(planning.progress(members, today))}
			for content, members in _grouped(rows, activities).items()
		],
		"activities": shown,
		"curve": [asdict(point) for point in planning.curve(list(activities.values()), today)],
		"money": money_of(plan, rows),
	}


def totals(plan: str, today: date | None = None) -> planning.Progress:
	"""A whole plan on a day."""
	_rows, activities = read(plan)
	return planning.progress(list(activities.values()), today or site_now().date())


def deviation(row, activity: planning.Activity, early, clashes, subjects) -> str:
	"""Where what was done, or what is planned, does not keep to the plan (5.3.a); "" otherwise. Escaped."""
	parts = []
	if row.name in early:
		parts.append(_("begun before it was done: {0}").format(_some_subjects(early[row.name], subjects)))
	elif row.name in clashes:
		parts.append(
			_("planned to begin before the end of: {0}").format(_some_subjects(clashes[row.name], subjects))
		)
	if activity.baseline_end and activity.baseline_end != activity.planned_end:
		moved = (activity.planned_end - activity.baseline_end).days
		parts.append(
			_("moved {0} later than first approved").format(plan_words.days(moved))
			if moved > 0
			else _("moved {0} earlier than first approved").format(plan_words.days(-moved))
		)
	return "; ".join(parts)


def _grouped(rows, activities) -> dict[str, list[planning.Activity]]:
	groups: dict[str, list[planning.Activity]] = {}
	for content in _contents():
		members = [activities[row.name] for row in rows if (row.service_content or "") == content]
		if members:
			groups[content] = members
	return groups


def _contents() -> list[str]:
	options = frappe.get_meta("Delivery Activity").get_field("service_content").options
	return options.split("\n")


def _plain(progress: planning.Progress) -> dict[str, Any]:
	found = {
		**asdict(progress),
		"variance": progress.variance,
		"schedule_variance": progress.schedule_variance,
		"cost_variance": progress.cost_variance,
	}
	activity = readership.withheld(ACTIVITY)
	if "budget_cost" in activity:
		found |= dict.fromkeys(("schedule_variance", "cost_variance"))
	if "actual_cost" in activity:
		found["cost_variance"] = None
	return found


def _some_subjects(names: list[str], subjects: dict[str, str]) -> str:
	return plan_words.some([escape_html(subjects.get(name, name)) for name in names], 3)
