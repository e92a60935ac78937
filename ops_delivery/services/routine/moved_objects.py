"""Objects that another customer has by now: they stay out of new tasks and of open rounds, and the planner is told (6.2.a)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.services.routine import generation, owners, planner

SCHEDULE, ROW = "Routine Schedule", "Routine Object"


def follow(doc: Any) -> None:
	"""A Service Object was saved: where it became another customer's the planners of its schedules are told, and a schedule that
	rested without it goes on."""
	before = doc.get_doc_before_save()
	if not before or cstr(before.customer) == cstr(doc.customer):
		return
	schedule, row = frappe.qb.DocType(SCHEDULE), frappe.qb.DocType(ROW)
	rows = (
		frappe.qb.from_(schedule)
		.join(row)
		.on((row.parent == schedule.name) & (row.parenttype == SCHEDULE))
		.select(schedule.name, schedule.customer, schedule.rests_because)
		.where((row.service_object == doc.name) & (schedule.enabled == 1))
		.orderby(schedule.name)
	).run(as_dict=True)
	for found in rows:
		if found.customer == doc.customer and found.rests_because == generation.NO_OBJECT:
			generation.begin_anew(found.name)
		tell(found.name)


def tell(schedule: str) -> None:
	"""Bring the planner's list in line with which objects of a schedule are another customer's by now."""
	doc = frappe.get_doc(SCHEDULE, schedule)
	names = [row.service_object for row in doc.objects if row.service_object]
	planner.tell_moved(doc, _titles(owners.elsewhere(names, doc.customer)) if doc.enabled else [])


def _titles(names: Iterable[str]) -> list[str]:
	return frappe.get_all("Service Object", {"name": ["in", sorted(names) or [""]]}, pluck="object_name", order_by="object_name")
