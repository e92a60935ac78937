"""What on the desk needs somebody now: the counts behind the workspace's cards and its chart of open requests."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Count
from frappe.utils import get_datetime_str

from ops_delivery.services import time as site_time
from ops_delivery.services.figures import permitted

OPEN_STATES = ("Open", "Replied", "On Hold")
SOON_MINUTES = 120


def running_out(minutes: int = SOON_MINUTES) -> dict:
	"""Running clocks whose deadline lies within the next `minutes`, as a number card shows them."""
	now = site_time.site_now()
	until = now + timedelta(minutes=minutes)
	clock = DocType("Service Clock")
	number = _count("Service Clock", clock.state == "Running", clock.due_on[now:until])
	between = ["between", [get_datetime_str(now), get_datetime_str(until)]]
	return _card(number, "Service Clock", {"state": "Running", "due_on": between})


def missed_and_open() -> dict:
	"""Clocks whose target is used up and which still go on, as a number card shows them."""
	clock = DocType("Service Clock")
	overdue = (clock.state == "Running") & (clock.due_on < site_time.surely_past())
	going_on = clock.state.isin(("Running", "Paused"))
	number = _count("Service Clock", going_on, (clock.breached == 1) | overdue)
	return _card(number, "Service Clock", {"state": ["in", ["Running", "Paused"]], "breached": 1})


def assigned_requests() -> dict:
	"""Open requests assigned to the session's user, as a number card shows them."""
	return _assigned("Issue", {"status": ["in", list(OPEN_STATES)]}, DocType("Issue").status.isin(OPEN_STATES))


def assigned_reviews() -> dict:
	"""Open reviews that wait for the session's user, as a number card shows them."""
	return _assigned("Service Review", {"state": "Open"}, DocType("Service Review").state == "Open")


def _assigned(doctype: str, filters: dict, condition: Criterion) -> dict:
	mine = f'%"{frappe.session.user}"%'  # _assign is a JSON list
	number = _count(doctype, condition, DocType(doctype)["_assign"].like(mine))
	return _card(number, doctype, {"_assign": ["like", mine], **filters})


def open_by_priority() -> dict[str, int]:
	"""Open requests of each priority, the most urgent first as the default matrix ranks them; "" is not yet judged."""
	issue = DocType("Issue")
	rows = (
		frappe.qb.from_(issue)
		.select(issue.priority, Count("*"))
		.where(issue.status.isin(OPEN_STATES) & permitted("Issue"))
		.groupby(issue.priority)
		.orderby(issue.priority)
		.run()
	)
	counts = {priority or "": number for priority, number in rows}
	ranks = {priority: rank for rank, priority in enumerate(priority_order())}
	return {key: counts[key] for key in sorted(counts, key=lambda k: (-ranks.get(k, -1), k))}


def priority_order() -> list[str]:
	"""Priorities from the least to the most urgent, as the default priority matrix ranks them."""
	matrix = frappe.db.get_single_value("Ops Delivery Settings", "default_matrix")
	ranked = frappe.get_all(
		"Priority Matrix Rank", filters={"parent": matrix or ""}, pluck="priority", order_by="idx"
	)
	others = frappe.get_all("Issue Priority", pluck="name", order_by="creation, name")
	return [p for p in others if p not in ranked] + ranked


def _count(doctype: str, *conditions: Criterion) -> int:
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(Count("*")).where(Criterion.all(conditions))
	return query.where(permitted(doctype)).run()[0][0]


def _card(number: int, doctype: str, filters: dict) -> dict:
	return {"value": number, "fieldtype": "Int", "route": ["List", doctype], "route_options": filters}
