"""Costs and income of a Delivery Plan: planned, actual, and what of them the reader may not see (5.3.a)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import flt

from ops_delivery.domain import planning
from ops_delivery.services.plans.activity_rows import ACTIVITY, FUNDS, PLAN, read
from ops_delivery.services.reviews import readership


def money_of(plan: str, rows: list | None = None) -> dict[str, Any]:
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
