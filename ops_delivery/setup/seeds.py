"""Seeds: records to begin with, planted once and from then on the site's own.

A seed that was edited is never overwritten, and one that was deleted does not come back: what was planted is
remembered by key. A later version of the app that brings a new seed plants it from a patch, by plant().
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import frappe
from frappe.utils import get_datetime
from frappe.utils.data import get_system_timezone

from ops_delivery.setup import memory, seed_data

MEMORY = "ops_delivery_seeds"


class Seed(NamedTuple):
	"""A record to plant: DocType, the name it gets, and its values."""

	doctype: str
	name: str
	values: dict[str, Any]

	@property
	def key(self) -> str:
		return f"{self.doctype}: {self.name}"


def plant_all() -> None:
	"""Plant what was never planted on this site, in an order in which each seed finds what it links to."""
	plant(
		Seed(doctype, name, {**values, **_of_this_site(doctype)})
		for doctype, records in seed_data.records()
		for name, values in records.items()
	)
	_choose_default_matrix()


def plant(seeds: Iterable[Seed]) -> list[str]:
	"""Plant those seeds that were never planted here and return their names.

	Where a record of that name exists already it is left alone and remembered as found, so uninstall leaves it too.
	"""
	planted = memory.recall(MEMORY) or {}
	created = []
	for seed in seeds:
		if seed.key in planted:
			continue
		if frappe.db.exists(seed.doctype, seed.name):
			planted[seed.key] = {"found": 1}
			continue
		doc = frappe.get_doc({"doctype": seed.doctype, **seed.values})
		doc.name = seed.name
		doc.flags.ignore_permissions = True
		doc.insert(ignore_permissions=True)
		planted[seed.key] = {"modified": str(doc.modified)}
		created.append(doc.name)
	memory.remember(MEMORY, planted)
	return created


def remove_untouched() -> None:
	"""Delete our seeds on other apps' types where nobody edited and nothing uses them (uninstall)."""
	planted = memory.recall(MEMORY) or {}
	for doctype, users in seed_data.USED_BY.items():
		for name in seed_data.foreign_names(doctype):
			note = planted.get(f"{doctype}: {name}") or {}
			modified = frappe.db.get_value(doctype, name, "modified")
			if not modified or not note.get("modified"):
				continue
			untouched = get_datetime(modified) == get_datetime(note["modified"])
			if untouched and not any(frappe.db.exists(used_in, {field: name}) for used_in, field in users):
				frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)


def _of_this_site(doctype: str) -> dict[str, Any]:
	return {"time_zone": get_system_timezone()} if doctype == "Service Calendar" else {}


def _choose_default_matrix() -> None:
	"""The settings name the seeded matrix until an administrator chooses."""
	settings = frappe.get_single("Ops Delivery Settings")
	if not settings.default_matrix and frappe.db.exists("Priority Matrix", seed_data.MATRIX):
		frappe.db.set_single_value("Ops Delivery Settings", "default_matrix", seed_data.MATRIX)
