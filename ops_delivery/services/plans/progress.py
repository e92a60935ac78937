"""A Delivery Plan against what was done, at any time (clauses 5.3.a, 5.4.a). Read in a handful of queries."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, flt, getdate

from ops_delivery.domain import activity_order, planning
from ops_delivery.services.plans import rules as plans
from ops_delivery.services.plans import sentences as plan_words
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.site_time import site_now

PLAN, ACTIVITY, FUNDS = "Delivery Plan", "Delivery Activity", "funds"
FIELDS = (
	"name",
	"subject",
	"service_content",
	"is_milestone",
	"state",
	"owner_user",
	"role",
	"planned_start",
	"planned_end",
	"actual_start",
	"actual_end",
	"baseline_start",
	"baseline_end",
	"progress",
	"budget_cost",
	"actual_cost",
	"record_type",
	"record",
	"record_state",
	"frequency",
)


def read(plan: str) -> tuple[list[frappe._dict], dict[str, planning.Activity]]:
	"""The activities of a plan as rows and as the domain's, in the order of their dates."""
	rows = frappe.get_all(
		"Delivery Activity",
		filters={"plan": plan},
		fields=list(FIELDS),
		order_by="planned_start, planned_end, name",
		limit=0,
	)
	readership.withhold(ACTIVITY, rows, ("budget_cost", "actual_cost"))
	return rows, {row.name: as_activity(row) for row in rows}


def read_many(plans: list[str]) -> dict[str, list[planning.Activity]]:
	"""The activities of several plans, in one query: plan → activities."""
	found: dict[str, list[planning.Activity]] = {}
	for row in frappe.get_all(
		"Delivery Activity",
		filters={"plan": ["in", plans]},
		fields=["plan", *FIELDS],
		order_by="plan, planned_start, name",
		limit=0,
	):
		found.setdefault(row.plan, []).append(as_activity(row))
	return found


def as_activity(row) -> planning.Activity:
	"""An activity's row in the domain's terms."""

	def day(value) -> date | None:
		return getdate(value) if value else None

	return planning.Activity(
		name=row.name,
		planned_start=getdate(row.planned_start),
		planned_end=getdate(row.planned_end),
		state=row.state,
		actual_start=day(row.actual_start),
		actual_end=day(row.actual_end),
		progress=flt(row.progress) / 100,
		is_milestone=bool(row.is_milestone),
		budget=flt(row.budget_cost),
		cost=flt(row.actual_cost),
		baseline_end=day(row.get("baseline_end")),
	)


def of(plan: str, today: date | None = None) -> dict[str, Any]:
	"""Everything the plan's form shows: totals, activities with their standing, groups, milestones and money."""
	today = today or site_now().date()
	rows, activities = read(plan)
	predecessors = plans.predecessors_of(plan)
	subjects = {row.name: row.subject for row in rows}
	early = activity_order.begun_before(activities, predecessors)
	clashes = activity_order.conflicts(activities, predecessors)
	names = user_names(row.owner_user for row in rows)
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
		"money": money(plan, rows),
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


def money(plan: str, rows: list | None = None) -> dict[str, Any]:
	"""Costs and income of a plan: planned, actual and of what they consist, in the plan's currency.

	Actual costs are what was entered in the plan, the linked project's costs, and the costs of activities that are not
	tasks of that project (the project counts those already). Income is what was entered and what the project billed.
	`not_counted` says why a project's figures are left out: they are kept in another currency.
	"""
	doc = frappe.db.get_value(
		"Delivery Plan",
		plan,
		["currency", "project", "company", "budget_total", "income_total"],
		as_dict=True,
	)
	entered = dict.fromkeys(("Cost", "Income"), 0.0)
	for row in frappe.get_all(
		"Delivery Plan Fund",
		filters={"parent": plan, "parenttype": "Delivery Plan"},
		fields=["kind", "actual_amount"],
		order_by="idx",
	):
		entered[row.kind] += flt(row.actual_amount)
	if rows is None:
		rows, _activities = read(plan)
	found = {
		"currency": doc.currency,
		"planned_cost": flt(doc.budget_total),
		"planned_income": flt(doc.income_total),
		"entered_cost": entered["Cost"],
		"income_entered": entered["Income"],
		"project": doc.project,
		"project_cost": 0.0,
		"project_income": 0.0,
		"not_counted": "",
		"activity_budget": sum(flt(row.budget_cost) for row in rows if row.state != planning.CANCELLED),
	}
	of_project: set[str] = set()
	if doc.project:
		_add_project(doc, found)
		if not found["not_counted"]:
			tasks = [row.record for row in rows if row.record_type == "Task" and row.record]
			of_project = set(
				frappe.get_all(
					"Task",
					filters={"name": ["in", tasks], "project": doc.project},
					pluck="name",
					order_by="name",
				)
				if tasks
				else []
			)
	found["activity_cost"] = sum(
		flt(row.actual_cost) for row in rows if not (row.record_type == "Task" and row.record in of_project)
	)
	found["actual_cost"] = found["entered_cost"] + found["project_cost"] + found["activity_cost"]
	found["actual_income"] = found["income_entered"] + found["project_income"]
	return {**found, **dict.fromkeys(_withheld_money())}


def _withheld_money() -> set[str]:
	"""Of what money() gives: what holds a field that the readers may not read, or is worked out of one."""
	plan, funds, activity = (
		readership.withheld(PLAN),
		readership.withheld(PLAN, FUNDS),
		readership.withheld(ACTIVITY),
	)
	gone: set[str] = set()
	if FUNDS in plan or funds & {"kind", "planned_amount"}:
		gone |= {"planned_cost", "planned_income"}
	if FUNDS in plan or funds & {"kind", "actual_amount"}:
		gone |= {"entered_cost", "income_entered", "actual_cost", "actual_income"}
	gone |= {
		shown
		for field, shown in (("budget_total", "planned_cost"), ("income_total", "planned_income"))
		if field in plan
	}
	if "actual_cost" in activity:
		gone |= {"activity_cost", "actual_cost"}
	if "budget_cost" in activity:
		gone.add("activity_budget")
	return gone


def _add_project(plan, found: dict[str, Any]) -> None:
	project = frappe.db.get_value(
		"Project",
		plan.project,
		[
			"company",
			"total_costing_amount",
			"total_purchase_cost",
			"total_consumed_material_cost",
			"total_billed_amount",
		],
		as_dict=True,
	)
	if not project:
		return
	kept_in = frappe.get_cached_value("Company", project.company, "default_currency")
	if plan.currency and kept_in != plan.currency:
		found["not_counted"] = _("{0} is kept in {1}, the plan in {2}: its figures are not counted.").format(
			plan.project, kept_in, plan.currency
		)
		return
	found["project_cost"] = (
		flt(project.total_costing_amount)
		+ flt(project.total_purchase_cost)
		+ flt(project.total_consumed_material_cost)
	)
	found["project_income"] = flt(project.total_billed_amount)


def user_names(users) -> dict[str, str]:
	"""Full names of users, in one query."""
	wanted = sorted({user for user in users if user})
	if not wanted:
		return {}
	return dict(
		frappe.get_all(
			"User",
			filters={"name": ["in", wanted]},
			fields=["name", "full_name"],
			order_by="name",
			as_list=True,
		)
	)


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
