"""The activities of delivery plans as rows and as the domain's, read in one query (5.3.a)."""

from __future__ import annotations

from datetime import date

import frappe
from frappe.utils import flt, getdate

from ops_delivery.domain import planning
from ops_delivery.services.reviews import readership

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
