"""Delivery plans against what was done: all plans, or one plan activity by activity (clauses 5.3.a, 5.4.a)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import flt, format_date, getdate

from ops_delivery.domain import planning
from ops_delivery.services.plans import activity_rows
from ops_delivery.services.plans import progress as plan_progress
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.report_parts import card, column, percent
from ops_delivery.services.shared.site_time import site_now

RUNNING = ("Approved", "In Progress")


def execute(filters: dict | None = None):
	"""Columns, rows, message, chart and summary cards, as a script report hands them over."""
	filters = frappe._dict(filters or {})
	today = getdate(filters.as_of) if filters.as_of else site_now().date()
	if filters.plan:
		frappe.has_permission("Delivery Plan", "read", filters.plan, throw=True)
		return _one_plan(filters, today)
	return _all_plans(filters, today)


# One plan, activity by activity


def _one_plan(filters, today):
	found = plan_progress.of(filters.plan, today)
	wanted = [row for row in found["activities"] if _is_wanted(row, filters)]
	if not wanted:
		return (
			_activity_columns(),
			[],
			_("The plan has no activities that match. Add some in the plan itself."),
			None,
			[],
		)
	_rows, activities = activity_rows.read(filters.plan)
	chosen = [activities[row["name"]] for row in wanted]
	rows = [_activity_row(row, activities[row["name"]], today, found["money"]["currency"]) for row in wanted]
	total = planning.progress(chosen, today)
	return (
		_activity_columns(),
		rows,
		_(
			"As of {0}. Shares are of the work by planned days; slip is counted from the end first approved."
		).format(wording.day(today)),
		_curve(chosen, today),
		_cards(total, found["money"], found["totals"]),
	)


def _is_wanted(row: dict[str, Any], filters) -> bool:
	if filters.service_content and row["service_content"] != filters.service_content:
		return False
	if filters.only == "Late" and not row["late"]:
		return False
	if filters.only == "Milestones" and not row["is_milestone"]:
		return False
	return not (filters.only == "Deviations" and not row["deviation"])


def _activity_columns() -> list[dict]:
	return [
		column("activity", _("Activity"), "Link", 130, options="Delivery Activity"),
		column("subject", _("Subject"), "Data", 220),
		column("service_content", _("Service Content"), "Data", 150),
		column("standing", _("Standing"), "Data", 150),
		column("planned_start", _("Planned Start"), "Date", 120),
		column("planned_end", _("Planned End"), "Date", 120),
		column("actual_start", _("Actual Start"), "Date", 120),
		column("actual_end", _("Actual End"), "Date", 120),
		column("slip", _("Slip (days)"), "Int", 90),
		column("planned", _("Planned by then"), "Percent", 110, precision=0),
		column("done", _("Done", context="Ops Delivery"), "Percent", 90, precision=0),
		column("budget", _("Budget"), "Currency", 110, options="currency"),
		column("cost", _("Actual Cost"), "Currency", 110, options="currency"),
		column("who", _("Who"), "Data", 130),
		column("deviation", _("Deviation"), "Data", 240),
	]


def _activity_row(row, activity: planning.Activity, today, currency: str | None) -> dict[str, Any]:
	return {
		"activity": row["name"],
		"subject": row["subject"],
		"service_content": _(row["service_content"]),
		"standing": row["words"],
		"tone": row["standing"],
		"is_milestone": row["is_milestone"],
		"planned_start": row["planned_start"],
		"planned_end": row["planned_end"],
		"actual_start": row["actual_start"],
		"actual_end": row["actual_end"],
		"slip": row["slip"],
		"planned": 100 * planning.planned_share(activity, today),
		"done": 100 * activity.done_share,
		"budget": row["budget_cost"],
		"cost": row["actual_cost"],
		"currency": currency,
		"who": row["owner_name"] or row["role"],
		"deviation": row["deviation"],
	}


def _curve(chosen: list[planning.Activity], today) -> dict | None:
	points = planning.curve(chosen, today, points=12)
	if not points:
		return None
	done = [point.done for point in points]
	last = max((index for index, share in enumerate(done) if share is not None), default=-1)
	return {
		"data": {
			"labels": [format_date(point.day, "MM-dd") for point in points],
			"datasets": [
				{"name": _("Planned"), "values": [flt(100 * point.planned, 1) for point in points]},
				# the chart library has no gaps; the future is drawn as it is today
				{
					"name": _("Done", context="Ops Delivery"),
					"values": [flt(100 * (done[min(i, last)] or 0), 1) for i in range(len(done))],
				},
			],
		},
		"type": "line",
		"colors": ["#8fa3ad", "#2e7d5b"],
		"fieldtype": "Percent",
		"lineOptions": {"dotSize": 3},
		"axisOptions": {"xIsSeries": 1, "xAxisMode": "tick"},
	}


def _cards(total: planning.Progress, money: dict[str, Any], totals: dict[str, Any]) -> list[dict]:
	"""`totals`: with what the reader may not read left out, as in `money`; a card without a figure is left out."""
	behind = total.variance < -0.005
	cards = [
		card(_("Planned by then"), percent(total.planned, 0), "Data", "Grey"),
		card(
			_("Done", context="Ops Delivery"), percent(total.earned, 0), "Data", "Orange" if behind else "Green"
		),
		card(_("Activities done"), f"{total.completed}/{total.activities}", "Data", "Blue"),
		card(_("Late"), total.late, "Int", "Red" if total.late else "Green"),
		card(
			_("Milestones late"),
			f"{total.milestones_late}/{total.milestones}",
			"Data",
			"Red" if total.milestones_late else "Green",
		),
		card(
			_("Worst slip of a milestone (days)"),
			total.worst_slip,
			"Int",
			"Red" if total.worst_slip else "Green",
		),
	]
	if money["currency"]:
		over = money["planned_cost"] and (money["actual_cost"] or 0) > money["planned_cost"]
		cards += [
			{
				**card(_("Planned Costs"), money["planned_cost"], "Currency", "Grey"),
				"currency": money["currency"],
			},
			{
				**card(_("Actual Costs"), money["actual_cost"], "Currency", "Red" if over else "Green"),
				"currency": money["currency"],
			},
		]
	if total.budget and totals["cost_variance"] is not None:
		cards += [
			{
				**card(
					_("Schedule Variance"),
					total.schedule_variance,
					"Currency",
					"Red" if total.schedule_variance < 0 else "Green",
				),
				"currency": money["currency"],
			},
			{
				**card(
					_("Cost Variance"),
					total.cost_variance,
					"Currency",
					"Red" if total.cost_variance < 0 else "Green",
				),
				"currency": money["currency"],
			},
		]
	return [card for card in cards if card["value"] is not None]


# All plans


def _all_plans(filters, today):
	wanted: dict[str, Any] = {"status": ["in", RUNNING]}
	for field in ("customer", "agreement", "company"):
		if filters.get(field):
			wanted[field] = filters[field]
	if filters.all_plans:
		wanted["status"] = ["!=", "Cancelled"]
	plans = frappe.get_list(
		"Delivery Plan",
		filters=wanted,
		fields=["name", "title", "customer", "status", "start_date", "end_date"],
		order_by="end_date, name",
		limit=0,
	)
	if not plans:
		return (
			_plan_columns(),
			[],
			_("No plan is approved or in progress. Choose all plans to see drafts too."),
			None,
			[],
		)
	activities = activity_rows.read_many([plan.name for plan in plans])
	rows = []
	for plan in plans:
		total = planning.progress(activities.get(plan.name, []), today)
		rows.append(
			{
				"plan": plan.name,
				"title": plan.title,
				"customer": plan.customer,
				"status": _(plan.status, context="Delivery Plan"),
				"start_date": plan.start_date,
				"end_date": plan.end_date,
				"activities": total.activities,
				"completed": total.completed,
				"late": total.late,
				"milestones_late": total.milestones_late,
				"planned": 100 * total.planned,
				"done": 100 * total.earned,
				"variance": 100 * total.variance,
			}
		)
	chart = {
		"data": {
			"labels": [(row["title"] or row["plan"])[:24] for row in rows[:12]],
			"datasets": [
				{"name": _("Planned by then"), "values": [flt(row["planned"], 1) for row in rows[:12]]},
				{
					"name": _("Done", context="Ops Delivery"),
					"values": [flt(row["done"], 1) for row in rows[:12]],
				},
			],
		},
		"type": "bar",
		"colors": ["#8fa3ad", "#2e7d5b"],
		"fieldtype": "Percent",
	}
	behind = sum(row["variance"] < -0.5 for row in rows)
	cards = [
		card(_("Plans"), len(rows), "Int", "Blue"),
		card(_("Behind their plan"), behind, "Int", "Orange" if behind else "Green"),
		card(_("Late Activities"), sum(row["late"] for row in rows), "Int", "Grey"),
	]
	return (
		_plan_columns(),
		rows,
		_("As of {0}. Choose a plan to see its activities.").format(wording.day(today)),
		chart,
		cards,
	)


def _plan_columns() -> list[dict]:
	return [
		column("plan", _("Delivery Plan"), "Link", 140, options="Delivery Plan"),
		column("title", _("Title"), "Data", 240),
		column("customer", _("Customer", context="Ops Delivery"), "Link", 170, options="Customer"),
		column("status", _("Status"), "Data", 110),
		column("start_date", _("Start"), "Date", 120),
		column("end_date", _("End"), "Date", 120),
		column("activities", _("Activities"), "Int", 90),
		column("completed", _("Completed"), "Int", 90),
		column("late", _("Late"), "Int", 80),
		column("milestones_late", _("Milestones late"), "Int", 120),
		column("planned", _("Planned by then"), "Percent", 110, precision=0),
		column("done", _("Done", context="Ops Delivery"), "Percent", 90, precision=0),
		column("variance", _("Variance (%)"), "Float", 100, precision=1),
	]
