"""The sheet of a task: every object with every step, the limits and the last value beside, and what was read so far (6.2.b).

The steps are those of the published content that the task was made by, whatever became of the manual since.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder import functions as fn
from frappe.utils import cint, cstr

from ops_delivery.services.routine import criteria, owners
from ops_delivery.services.routine.manuals import by_task
from ops_delivery.services.rules import rule_versions as versions

TASK, READING = "Routine Task", "Routine Reading"
OVER = ("Done", "Cancelled")
READ_FIELDS = ("service_object", "step_key", "value", "verdict", "note", "photo", "by_all_normal", "read_on", "read_by", "finding")


def steps_of(task) -> dict[str, frappe._dict]:
	"""The steps a task is done by, by key, in order; each says its task, whatever row that is written in."""
	content = versions.content(task.manual_version)["fields"] if task.manual_version else {}
	found = {}
	for name, rows in by_task([frappe._dict(row) for row in content.get("steps", ())]).items():
		for row in rows:
			found[row.step_key] = frappe._dict(row, task=name)
	return found


def allows_all_normal(task) -> bool:
	"""Whether the content a task is done by lets what is normal be entered at once."""
	content = versions.content(task.manual_version)["fields"] if task.manual_version else {}
	return bool(cint(content.get("allow_all_normal")))


def readings_of(task: str, for_update: bool = False) -> dict[tuple[str, str], frappe._dict]:
	"""What was read for a task, by object and step; `for_update`: as others have committed it by now, and kept for us."""
	reading = frappe.qb.DocType(READING)
	query = (
		frappe.qb.from_(reading)
		.select(reading.name, *[reading[name] for name in READ_FIELDS])
		.where(reading.task == task)
		.orderby(reading.read_on)
		.orderby(reading.name)
	)
	rows = (query.for_update() if for_update else query).run(as_dict=True)
	return {(row.service_object, row.step_key): row for row in rows}


def show(task) -> dict[str, Any]:
	"""What the grid of a task shows: objects, steps, what was read, and the last value of each before this task."""
	steps, objects = steps_of(task), [row.service_object for row in task.objects]
	read, before, moved = readings_of(task.name), _last_values(task, objects), moved_from(task)
	gone = moved - {thing for thing, _key in read}
	content = versions.content(task.manual_version)["fields"] if task.manual_version else {}
	return {
		"objects": [
			{"name": row.service_object, "title": row.object_name or row.service_object}
			for row in task.objects
			if row.service_object not in gone
		],
		"moved": [row.object_name or row.service_object for row in task.objects if row.service_object in moved],
		"steps": [_shown_step(step) for step in steps.values()],
		"readings": list(read.values()),
		"last": [
			{"service_object": thing, "step_key": key, "value": row.value, "verdict": row.verdict, "read_on": row.read_on}
			for (thing, key), row in before.items()
		],
		"all_normal": allows_all_normal(task),
		"recording": content.get("recording"),
		"abnormal": [
			{"label": _(frappe.get_meta("Operation Manual").get_label(name), context="Operation Manual"), "text": content[name]}
			for name in ("abnormal_roles", "abnormal_method", "abnormal_flow", "abnormal_end")
			if content.get(name)
		],
		"open": [{"service_object": thing, "step_key": key} for thing, key in lacking(task, steps, read)],
	}


def lacking(task, steps: dict[str, frappe._dict], read: dict[tuple[str, str], frappe._dict]) -> list[tuple[str, str]]:
	"""What must be recorded and is not: (object, step); also where a photo is missing."""
	judged, moved = {key: criteria.step_of(step) for key, step in steps.items()}, moved_from(task)
	return [
		(row.service_object, key)
		for row in task.objects
		if row.service_object not in moved
		for key, step in judged.items()
		if step.lacks(bool(reading := read.get((row.service_object, key))), _is_shown(reading))
	]


def moved_from(task) -> set[str]:
	"""The objects of a round that is not over which another customer has by now: nothing is asked of them any more."""
	return set() if task.status in OVER else owners.elsewhere([row.service_object for row in task.objects], task.customer)


def _is_shown(reading: Any) -> bool:
	return bool(reading) and bool(reading.photo or reading.verdict == criteria.NOT_TAKEN)


def _shown_step(step: frappe._dict) -> dict[str, Any]:
	return {
		"key": step.step_key,
		"task": step.task,
		"step": step.step,
		"explanation": step.explanation,
		"criterion": step.criterion,
		"unit": step.unit,
		"normal": criteria.in_words(step),
		"choices": criteria.choices(step),
		"required": cint(step.required),
		"photo_needed": cint(step.photo_needed),
	}


def _last_values(task, objects: list[str]) -> dict[tuple[str, str], frappe._dict]:
	"""The last reading of each object and step before this task: one query, by the index of these three columns."""
	if not objects:
		return {}
	reading = frappe.qb.DocType(READING)
	others = reading.task.isnull() | (reading.task != task.name)  # what machines read has no task
	others &= reading.customer == task.customer  # not of whoever had the object before
	newest = (
		frappe.qb.from_(reading)
		.select(reading.service_object, reading.step_key, fn.Max(reading.read_on).as_("read_on"))
		.where(reading.service_object.isin(objects) & (reading.manual == task.manual) & others)
		.where(reading.verdict != criteria.NOT_TAKEN)
		.groupby(reading.service_object, reading.step_key)
	)
	if task.done_on:  # a done task says what was known then, not what came after
		newest = newest.where(reading.read_on < (task.started_on or task.done_on))
	rows = (
		frappe.qb.from_(reading)
		.join(newest)
		.on(
			(reading.service_object == newest.service_object)
			& (reading.step_key == newest.step_key)
			& (reading.read_on == newest.read_on)
		)
		.select(reading.service_object, reading.step_key, reading.value, reading.verdict, reading.read_on)
		.where(others)
		.orderby(reading.name)
	).run(as_dict=True)
	return {(cstr(row.service_object), cstr(row.step_key)): row for row in rows}
