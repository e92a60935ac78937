"""Routine operation: what a schedule would make, and the steps of a task (6.2)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.routine import assistance, manuals, readings, safeguards, schedules, sheet, tasks


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def preview(doc: str | dict) -> dict[str, Any]:
	"""The next dates of a schedule as it stands in the form, and what is wrong with its fields."""
	frappe.has_permission(schedules.DOCTYPE, "write", throw=True)
	return schedules.preview(schedules.draft(frappe.parse_json(doc)))


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def missing(name: str) -> list[dict[str, str]]:
	"""What a manual still lacks before it can be reviewed."""
	doc = frappe.get_doc(manuals.DOCTYPE, name)
	doc.check_permission("read")
	return [row._asdict() for row in manuals.missing(doc)]


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def task_sheet(name: str) -> dict[str, Any]:
	"""Objects, steps, limits, last values and readings of a task."""
	doc = frappe.get_doc(tasks.TASK, name)
	doc.check_permission("read")
	return sheet.show(doc)


@frappe.whitelist(methods=["POST"])
@staff_only
def save_readings(name: str, rows: str | list, whole: bool = False) -> dict[str, Any]:
	"""Keep readings of a task; the answer to each line."""
	return readings.save(name, frappe.parse_json(rows), whole)


@frappe.whitelist(methods=["POST"])
@staff_only
def enter_all_normal(name: str, service_object: str = "") -> dict[str, Any]:
	"""Enter the normal answer where none was given yet, if the manual allows it."""
	return readings.enter_all_normal(name, service_object)


@frappe.whitelist(methods=["POST"])
@staff_only
def start(name: str) -> str:
	"""Begin a task."""
	return tasks.start(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def finish(name: str, note: str = "") -> dict[str, Any]:
	"""A task is done."""
	return tasks.finish(name, note)


@frappe.whitelist(methods=["POST"])
@staff_only
def cancel(name: str, reason: str) -> str:
	"""A task is not done, for a reason."""
	return tasks.cancel(name, reason)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def before_it_begins(name: str) -> dict[str, Any]:
	"""What must be met before a task begins, and what was said of it."""
	doc = frappe.get_doc(tasks.TASK, name)
	doc.check_permission("read")
	return safeguards.show(doc)


@frappe.whitelist(methods=["POST"])
@staff_only
def confirm(name: str, rows: str | list) -> dict[str, Any]:
	"""Confirm what must be met before a task begins, or say that it is not."""
	return tasks.confirm(name, frappe.parse_json(rows))


@frappe.whitelist(methods=["POST"])
@staff_only
def permit(name: str, key: str, reason: str) -> dict[str, Any]:
	"""Let a task begin although something is not met, for a reason."""
	return tasks.permit(name, key, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
def record_answer(name: str, row: str, confirmed: bool, words: str = "", person: str = "") -> str:
	"""Write down what one of the customer's people said to what they were asked to provide."""
	return assistance.record(name, row, confirmed, words, person)


@frappe.whitelist(methods=["POST"])
@staff_only
def give(name: str, modified: str, engineer: str = "", day: str = "") -> dict[str, Any]:
	"""Give a task to somebody, or plan it for another day on which it is in time."""
	return tasks.give(name, modified, engineer, day)
