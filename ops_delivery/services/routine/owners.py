"""Whose the objects of routine work are today."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

OBJECT = "Service Object"


def elsewhere(objects: Iterable[str], customer: str | None) -> set[str]:
	"""Those of some objects that another customer has by now: what is read there says nothing of this one's."""
	filters = {"name": ["in", sorted(objects) or [""]], "customer": ["!=", customer]}
	return set(frappe.get_all(OBJECT, filters, pluck="name", order_by="name"))


def of(objects: Iterable[str]) -> dict[str, str]:
	"""The customers of objects: one query."""
	wanted = sorted(set(objects))
	rows = frappe.get_all(OBJECT, {"name": ["in", wanted or [""]]}, ["name", "customer"], order_by="name", as_list=True)
	return dict(rows)
