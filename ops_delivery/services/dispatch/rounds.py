"""Routine work among visits: on the dispatch board and in My Day, with what stands against it (6.2.a, 6.2.c, 6.2.e).

A task has a day and no hour, so it stands with the day. A fixed number of queries, whatever the number of tasks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from ops_delivery.domain import dispatch as domain
from ops_delivery.domain import state_colours
from ops_delivery.domain.routine.assistance import DECLINED, OVERDUE
from ops_delivery.services.routine import safeguards, tasks
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared.locale import text
from ops_delivery.services.visits import engineers as people

TASK = tasks.TASK
OPEN = (tasks.PLANNED, tasks.IN_PROGRESS, tasks.MISSED)
FIELDS = (
	*("name", "modified", "title", "status", "kind", "customer", "planned_on", "due_on", "assigned_to", "user_group"),
	*("manual_version", "customer_side"),
)
MOST = 500
BEHIND = timedelta(days=7)  # what is not done stays among what is to be given out that long


def between(first: date, last: date) -> list[frappe._dict]:
	"""The tasks of these days (both included) that the session's user may read, done or not, in the order of days."""
	return _complete(
		_list([["planned_on", "between", [first, last]], ["status", "in", (*OPEN, tasks.DONE)]])
	)


def nobodys(first: date, last: date) -> list[frappe._dict]:
	"""The open tasks that nobody has, of these days and of those shortly before."""
	filters = [
		["planned_on", "between", [first - BEHIND, last]],
		["status", "in", OPEN],
		["assigned_to", "is", "not set"],
	]
	return _complete(_list(filters))


def of(user: str, today: date, ahead: timedelta, behind: timedelta) -> list[frappe._dict]:
	"""What a user has to do: their own open tasks, and those of their groups that nobody has taken."""
	groups = frappe.get_all("User Group Member", {"user": user, "parenttype": "User Group"}, pluck="parent", order_by="parent")
	days = [["planned_on", "between", [today - behind, today + ahead]], ["status", "in", OPEN]]
	found = _list([*days, ["assigned_to", "=", user]])
	if groups:
		found += _list([*days, ["assigned_to", "is", "not set"], ["user_group", "in", groups]])
	return _complete(sorted(found, key=lambda row: (row.planned_on, row.name)))


def face(row: frappe._dict, names: Mapping[str, str], today: date) -> dict[str, Any]:
	"""What a card shows."""
	return {
		"key": f"{TASK}/{row.name}",
		"doctype": TASK,
		"name": row.name,
		"modified": str(row.modified),
		"title": text(row.title),
		"kind": _(row.kind) if row.kind else "",
		"customer": text(row.customer_name),
		"objects": row.objects,
		"day": str(row.planned_on),
		"planned": str(row.planned_on),
		"due": str(row.due_on) if row.due_on else "",
		"status": row.status,
		"label": _(row.status, context=TASK),
		"colour": state_colours.of("Routine Task", row.status),
		"open": row.status in OPEN,
		"late": row.status in OPEN and bool(row.due_on) and getdate(row.due_on) < today,
		"user": row.assigned_to or "",
		"who": names.get(row.assigned_to, row.assigned_to) if row.assigned_to else text(row.user_group),
	}


def warnings(row: frappe._dict, engineer: domain.Engineer | None) -> list[str]:
	"""What stands against a task as it is planned: the customer has not confirmed, who does it is away, or not qualified."""
	found = []
	if row.status not in OPEN:
		return found
	if row.customer_side == DECLINED:
		found.append(_("The customer cannot provide what was asked"))
	elif row.customer_side == OVERDUE:
		found.append(_("The customer has not confirmed"))
	if engineer:
		day = getdate(row.planned_on)
		if away := next((one for one in engineer.absences if one.first <= day <= one.last), None):
			found.append(text(away.reason) or _("Away", context="Ops Delivery"))
		found += [
			safeguards.skill_words(need, best) for _code, need, best in domain.lacking(engineer, row.needs, day)
		]
	return found


def _list(filters: list[Any]) -> list[frappe._dict]:
	if not frappe.has_permission(TASK, "read"):
		return []  # a site's own role that sees visits alone
	return frappe.get_list(
		TASK, filters=filters, fields=list(FIELDS), order_by="planned_on, name", limit_page_length=MOST
	)


def _complete(rows: list[frappe._dict]) -> list[frappe._dict]:
	"""With the customer's name, how many objects there are, and which qualifications are asked for."""
	if not rows:
		return []
	names = dict(
		frappe.get_all(
			"Customer",
			{"name": ["in", sorted({row.customer for row in rows if row.customer})]},
			["name", "customer_name"],
			as_list=True,
			order_by="name",
		)
	)
	objects: dict[str, int] = defaultdict(int)
	for parent in frappe.get_all(
		"Routine Object",
		{"parenttype": TASK, "parent": ["in", [row.name for row in rows]]},
		pluck="parent",
		order_by="parent, idx",
	):
		objects[parent] += 1
	needs = _needs({row.manual_version for row in rows if row.manual_version})
	for row in rows:
		row.customer_name = names.get(row.customer) or row.customer
		row.objects = objects[row.name]
		row.needs = needs.get(row.manual_version, ())
	return rows


def _needs(names: Iterable[str]) -> dict[str, tuple[domain.Need, ...]]:
	"""The qualifications that published contents of manuals ask for."""
	found = {}
	for name in sorted(names):
		rows = versions.content(name)["fields"].get("needed_skills", ())
		found[name] = tuple(people.needs([frappe._dict(row) for row in rows]))
	return found
