"""What on the desk needs somebody now: the counts behind the workspace's cards and its chart of open requests."""

from __future__ import annotations

import json
from datetime import timedelta

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import get_datetime_str

from ops_delivery import framework
from ops_delivery.domain.states import CLOCK_LIVE, ISSUE_OPEN
from ops_delivery.services.clocks.figures import permitted
from ops_delivery.services.shared import site_time

SOON_MINUTES = 120
MOST_NAMED = 100


def running_out(minutes: int = SOON_MINUTES) -> dict:
	"""Running clocks whose deadline lies within the next `minutes`, as a number card shows them."""
	now = site_time.site_now()
	until = now + timedelta(minutes=minutes)
	# a list reads "between" as whole days, so each end is a filter of its own
	within = [[">=", get_datetime_str(now)], ["<=", get_datetime_str(until)]]
	return _card("Service Clock", {"state": ["=", "Running"], "due_on": within})


def missed_and_open() -> dict:
	"""Clocks whose target is used up and which still go on, as a number card shows them.

	What passed its deadline since the last sweep is no match for the list's filter, so while there is any of it the list
	is asked for by name.
	"""
	marked = {"state": ["in", list(CLOCK_LIVE)], "breached": ["=", 1]}
	overdue = {"state": "Running", "breached": 0, "due_on": ["<", site_time.surely_past()]}
	names = frappe.get_list("Service Clock", filters=overdue, pluck="name", limit=MOST_NAMED, order_by="due_on")
	if names:
		names += frappe.get_list("Service Clock", filters=marked, pluck="name", limit=MOST_NAMED + 1)
	return _card("Service Clock", {"name": ["in", names]} if 0 < len(names) <= MOST_NAMED else marked)


def assigned_requests() -> dict:
	"""Open requests assigned to the session's user, as a number card shows them."""
	return _assigned("Issue", {"status": ["in", list(ISSUE_OPEN)]})


def assigned_reviews() -> dict:
	"""Open reviews that wait for the session's user, as a number card shows them."""
	return _assigned("Service Review", {"state": ["=", "Open"]})


def _assigned(doctype: str, filters: dict) -> dict:
	mine = f'%"{frappe.session.user}"%'  # _assign is a JSON list
	return _card(doctype, {"_assign": ["like", mine], **filters})


def open_by_priority() -> dict[str, int]:
	"""Open requests of each priority, the most urgent first as the default matrix ranks them; "" is not yet judged."""
	issue = DocType("Issue")
	rows = (
		frappe.qb.from_(issue)
		.select(issue.priority, Count("*"))
		.where(issue.status.isin(ISSUE_OPEN) & permitted("Issue"))
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


def _card(doctype: str, filters: dict[str, list]) -> dict:
	"""What a number card shows: how many records the list behind it has, counted by the very filters of that list.

	`filters`: by field [operator, value], or several of these.
	"""
	conditions = [
		[doctype, field, *one]
		for field, value in filters.items()
		for one in (value if isinstance(value[0], list) else [value])
	]
	(found,) = frappe.get_list(doctype, filters=conditions, fields=[framework.counted("name")], limit=1)
	# Frappe's list takes several conditions of a field as texts of JSON
	route = {
		field: [json.dumps(one) for one in value] if isinstance(value[0], list) else value
		for field, value in filters.items()
	}
	return {"value": found.number, "fieldtype": "Int", "route": ["List", doctype], "route_options": route}
