"""All Service Objects at a glance: how each stands, since when, when it was last seen, and its worst step (8.3.a.1).

Objects that the reader may see, and states of them while they are their present customer's. A look costs the same few queries
whatever their number: the database counts the steps of each object, the domain says how it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import functions as fn
from frappe.utils import cint, cstr

from ops_delivery.domain.routine import normal_state, object_state
from ops_delivery.domain.routine.object_state import Standing, Steps
from ops_delivery.domain.states import ISSUE_OPEN
from ops_delivery.services.clocks.figures import permitted
from ops_delivery.services.routine import criteria
from ops_delivery.services.routine.object_states import STATE
from ops_delivery.services.shared import number_bounds, wording
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import site_now

OBJECT, TASK, READING = "Service Object", "Routine Task", "Routine Reading"
NOT_SEEN = "Not Seen"
VERDICTS = {**criteria.VERDICTS, normal_state.NOT_SEEN: NOT_SEEN}
ORDER = ("Abnormal", "At Risk", NOT_SEEN, "Normal")  # as they are listed, and counted
PAGE = 100
SHOWN = 5


def check_readable() -> None:
	"""frappe.PermissionError for who may read no objects or no readings."""
	for doctype in (OBJECT, READING):
		frappe.has_permission(doctype, "read", throw=True)


def overview(
	customer: str = "", state: str = "", search: str = "", days: int = 0, start: int = 0, length: int = PAGE
) -> dict[str, Any]:
	"""A part of the objects, the worst first, then by how long they are so; and how many stand how, by the other filters.

	`days`: what was not seen for so long is not known to be normal; 0: as the settings say.
	"""
	check_readable()
	days = limit_of(days)
	found = _standings(_objects(customer, search), days)
	counts = dict.fromkeys(ORDER, 0)
	for one in found:
		counts[one["state"]] += 1
	chosen = [one for one in found if one["state"] == state] if state in ORDER else found
	chosen.sort(key=lambda one: (ORDER.index(one["state"]), cstr(one["since"] or ""), one["title"], one["name"]))
	start, length = max(0, start), min(max(1, length), PAGE)
	return {
		"days": days,
		"counts": counts,
		"whole": len(found),
		"found": len(chosen),
		"rows": _told(chosen[start : start + length]),
	}


def one(name: str) -> dict[str, Any]:
	"""The page of an object: what it is, how it stands, every step, requests that are open, rounds that were and will be."""
	check_readable()
	doc = frappe.get_doc(OBJECT, name)
	doc.check_permission("read")
	known = (doc.name, doc.object_name, doc.customer, doc.location, doc.serial_no, doc.importance)
	(found,) = _standings([known], limit_of(0))
	return {
		**found,
		"enabled": cint(doc.enabled),
		"days": limit_of(0),
		"customer_name": frappe.db.get_value("Customer", doc.customer, "customer_name"),
		"importance": doc.importance,
		"location": text(doc.location),
		"serial_no": text(doc.serial_no),
		"steps": [_step(row) for row in sorted(_steps_of([found]), key=_worst_first)],
		"requests": _requests(doc.name),
		**_rounds(doc.name),
	}


def limit_of(days: int) -> int:
	"""After how many days an object counts as not seen: as asked, within bounds, else as the settings say."""
	return min(max(1, days), 3660) if days else number_bounds.setting("unseen_days")


def _objects(customer: str, search: str) -> list[Sequence[Any]]:
	thing = frappe.qb.DocType(OBJECT)
	query = (
		frappe.qb.from_(thing)
		.select(thing.name, thing.object_name, thing.customer, thing.location, thing.serial_no, thing.importance)
		.where((thing.enabled == 1) & permitted(OBJECT))
	)
	if customer:
		query = query.where(thing.customer == customer)
	rows, wanted = query.run(), search.strip().casefold()
	return [row for row in rows if not wanted or any(wanted in cstr(value).casefold() for value in row[:5])]


def _standings(objects: Sequence[Sequence[Any]], days: int) -> list[dict[str, Any]]:
	"""How objects stand: one query for any number of them."""
	state = frappe.qb.DocType(STATE)
	query = (
		frappe.qb.from_(state)
		.select(state.service_object, state.customer, state.verdict)
		.select(fn.Min(state.since), fn.Max(state.since), fn.Max(state.read_on), fn.Count("*"))
		.groupby(state.service_object, state.customer, state.verdict)
		.where((state.service_object != "") & permitted(STATE))
	)
	if len(objects) <= PAGE:
		query = query.where(state.service_object.isin([row[0] for row in objects] or [""]))
	steps: dict[tuple[str, str], list[Steps]] = {}
	worst: dict[tuple[str, str, str], int] = {}
	for name, owner, verdict, first, last, seen, count in query.run():
		steps.setdefault((name, owner), []).append(Steps(_shows(verdict), first, last, seen))
		worst[name, owner, cstr(verdict)] = count
	seen_after = site_now() - timedelta(days=days)
	found = []
	for name, title, customer, *_more in objects:
		stands = object_state.standing(steps.get((name, customer), ()), seen_after)
		verdict = VERDICTS[stands.state]
		found.append(
			{
				"name": name,
				"title": text(title) or name,
				"customer": customer,
				"state": verdict,
				"count": worst.get((name, customer, verdict), 0),
				**_moments(stands),
			}
		)
	return found


def _shows(verdict: str | None) -> str | None:
	return criteria.STATES[verdict] if verdict else None


def _moments(stands: Standing) -> dict[str, Any]:
	return {"since": stands.since, "seen": stands.seen, "unseen": stands.unseen}


def _told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""The rows that are shown, with customers' names, the worst step, and the last round: queries for the shown ones alone."""
	names = dict(
		frappe.get_all(
			"Customer", {"name": ["in", sorted({row["customer"] for row in rows}) or [""]]}, ["name", "customer_name"], order_by="name", as_list=True
		)
	)
	by_object: dict[str, list[frappe._dict]] = {}
	for step in _steps_of(rows):
		by_object.setdefault(step.service_object, []).append(step)
	rounds = {}
	for row in rows:
		steps = sorted(by_object.get(row["name"], ()), key=_worst_first)
		row["customer_name"] = names.get(row["customer"], row["customer"])
		row["worst"] = _step(steps[0]) if steps else None
		latest = max((step for step in steps if step.task), key=lambda step: step.read_on, default=None)
		if latest:
			rounds[row["name"]] = latest
	titles = _titles({step.task for step in rounds.values()})
	for row in rows:
		step = rounds.get(row["name"])
		row["round"] = step and step.task in titles and {"name": step.task, "title": titles[step.task], "on": step.read_on}
	return rows


def _steps_of(rows: Iterable[dict[str, Any]]) -> list[frappe._dict]:
	state, owners = frappe.qb.DocType(STATE), {row["name"]: row["customer"] for row in rows}
	found = (
		frappe.qb.from_(state)
		.select(state.service_object, state.customer, state.step_key, state.step, state.manual, state.value, state.unit)
		.select(state.is_number, state.verdict, state.since, state.read_on, state.task)
		.where(state.service_object.isin(sorted(owners) or [""]) & permitted(STATE))
	).run(as_dict=True)
	return [row for row in found if row.customer == owners[row.service_object]]


def _worst_first(step: frappe._dict) -> tuple[int, Any, str]:
	verdict = cstr(step.verdict)
	return (ORDER.index(verdict) if verdict in ORDER else len(ORDER), step.since, cstr(step.step))


def _step(step: frappe._dict) -> dict[str, Any]:
	return {
		"key": step.step_key,
		"step": text(step.step),
		"value": text(step.value),
		"unit": text(step.unit),
		"is_number": cint(step.is_number),
		"verdict": cstr(step.verdict),
		"since": step.since,
		"read_on": step.read_on,
		"manual": step.manual,
	}


def _titles(tasks: set[str]) -> dict[str, str]:
	if not tasks or not frappe.has_permission(TASK, "read"):
		return {}
	rows = frappe.get_list(TASK, filters={"name": ["in", sorted(tasks)]}, fields=["name", "title"], limit_page_length=0)
	return {row.name: text(row.title) or row.name for row in rows}


def _requests(name: str) -> list[dict[str, str]]:
	if not frappe.has_permission("Issue", "read"):
		return []
	rows = frappe.get_list(
		"Issue",
		filters={"ops_object": name, "status": ["in", list(ISSUE_OPEN)]},
		fields=["name", "subject"],
		order_by="creation desc",
		limit_page_length=SHOWN,
	)
	return [{"name": row.name, "title": text(row.subject)} for row in rows]


def _rounds(name: str) -> dict[str, list[dict[str, Any]]]:
	"""Rounds with the object: those that were done last, and those that come next."""
	if not frappe.has_permission(TASK, "read"):
		return {"done": [], "coming": []}
	task, row = frappe.qb.DocType(TASK), frappe.qb.DocType("Routine Object")
	base = (
		frappe.qb.from_(task)
		.join(row)
		.on((row.parent == task.name) & (row.parenttype == TASK))
		.select(task.name, task.title, task.planned_on, task.status, task.result)
		.where((row.service_object == name) & permitted(TASK))
		.limit(SHOWN)
	)
	done = base.where(task.status == "Done").orderby(task.planned_on, order=frappe.qb.desc)
	coming = base.where(task.status.isin(["Planned", "In Progress", "Missed"])).orderby(task.planned_on)
	return {
		part: [
			{
				"name": found.name,
				"title": text(found.title) or found.name,
				"day": wording.day(found.planned_on),
				"status": found.status,
				"result": cstr(found.result),
			}
			for found in query.run(as_dict=True)
		]
		for part, query in (("done", done), ("coming", coming))
	}
