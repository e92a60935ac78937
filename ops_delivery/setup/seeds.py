"""Seeds: records to begin with, planted once and from then on the site's own.

A seed that was edited is never overwritten, and one that was deleted does not come back: what was planted is
remembered by key. A later version of the app that brings a new seed plants it from a patch, by plant().
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime
from frappe.utils.data import get_system_timezone

from ops_delivery.services.evidence import catalogue
from ops_delivery.services.shared import install_state as memory
from ops_delivery.setup import (
	evidence_seeds,
	planting_order,
	roles,
	seed_administrator,
	seed_complaints,
	seed_consulting,
	seed_data,
	seed_deliverables,
	seed_reviews,
	seed_routine,
	seed_surveys,
	seed_visits,
)

MEMORY = "ops_delivery_seeds"
MODULE = "Ops Delivery"
# what people read of a seed and nothing refers to
TEXTS = frozenset(
	{
		"competence_wanted",
		"description",
		"evidence",
		"hint",
		"introduction",
		"matter",
		"measure",
		"purpose",
		"question",
		"responsible",
		"role",
		"security_principles",
		"subject",
		"title",
		"tool",
	}
)


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
		for doctype, records in planting_order.records()
		for name, values in records.items()
	)
	_choose_default_matrix()


def plant_reviews() -> None:
	"""Plant what reviews and recommendations begin with; a rule or script for a DocType that is not there (yet) is left out."""
	plant(
		Seed(doctype, name, dict(values))
		for doctype, records in chain(seed_reviews.records(), seed_consulting.records())
		for name, values in records.items()
		if all(
			frappe.db.exists("DocType", about)
			for about in (values.get("document_type"), values.get("reference_doctype"))
			if about
		)
	)


def plant_visits() -> None:
	"""Plant what visits begin with: checklists, the review of contingency plans, the clock of leftovers, activities."""
	plant(
		Seed(doctype, name, dict(values))
		for doctype, records in seed_visits.records()
		for name, values in records.items()
	)
	settings = frappe.get_single("Ops Delivery Settings")
	for field, activity in seed_visits.ACTIVITIES.items():
		if not settings.get(field) and frappe.db.exists("Activity Type", activity):
			frappe.db.set_single_value("Ops Delivery Settings", field, activity)


def plant_surveys() -> None:
	"""Plant what surveys begin with: templates and rules."""
	plant(
		Seed(doctype, name, dict(values))
		for doctype, records in seed_surveys.records()
		for name, values in records.items()
	)


def plant_complaints() -> None:
	"""Plant what complaints and improvement actions begin with: clocks, policies, and the words on how complaints go."""
	plant(
		Seed(doctype, name, dict(values))
		for doctype, records in seed_complaints.records()
		for name, values in records.items()
	)
	settings = frappe.get_single("Ops Delivery Settings")
	for field, value in seed_complaints.SETTINGS.items():
		if not settings.get(field):
			frappe.db.set_single_value("Ops Delivery Settings", field, value)


def plant_routine() -> None:
	"""Plant what routine operation begins with: its kinds."""
	plant(
		Seed(doctype, name, dict(values))
		for doctype, records in seed_routine.records()
		for name, values in records.items()
	)


def plant_deliverables() -> None:
	"""Plant what deliverables begin with: types, security classes, their review and their clock."""
	plant(
		Seed(doctype, name, dict(values))
		for doctype, records in seed_deliverables.records()
		for name, values in records.items()
	)


def plant_evidence() -> None:
	"""Write the catalogue of clauses and plant what proves them; the definitions are the administrator's from then on."""
	catalogue.sync()
	plant(
		Seed(doctype, name, dict(values))
		for doctype, records in evidence_seeds.records()
		for name, values in records.items()
		if frappe.db.exists("DocType", values["document_type"])
	)


def plant_administrator() -> None:
	"""Plant the Role Profile of whoever sets this app up."""
	plant(
		Seed(doctype, name, dict(values))
		for doctype, records in seed_administrator.records()
		for name, values in records.items()
	)


def plant(seeds: Iterable[Seed]) -> list[str]:
	"""Plant those seeds that were never planted here and return their names.

	Where a record of that name exists already it is left alone and remembered as found, so uninstall leaves it too.
	"""
	planted = memory.recall(MEMORY) or {}
	known, created = len(planted), []
	for seed in seeds:
		if seed.key in planted:
			continue
		if frappe.db.exists(seed.doctype, seed.name):
			planted[seed.key] = {"found": 1}
			continue
		doc = frappe.get_doc({"doctype": seed.doctype, **seed.values})
		_speak(doc)
		doc.name = seed.name
		doc.flags.ignore_permissions = True
		if seed.doctype == "Role Profile":
			doc.queue_action = lambda *_args, **_kwargs: None  # nobody has it yet, so no job need give it to them
		doc.insert(ignore_permissions=True)
		planted[seed.key] = {"modified": str(doc.modified)}
		created.append(doc.name)
	if len(planted) > known:
		memory.remember(MEMORY, planted)
	return created


def follow_site_language(_args: dict | None = None) -> None:
	"""Hook of the set-up wizard: where the app was installed before it, the texts of seeds nobody touched are given in the
	language that was chosen there. Straight to the rows: a text that says the same is no new version of a rule."""
	for key, note in (memory.recall(MEMORY) or {}).items():
		doctype, name = key.split(": ", 1)
		if not note.get("modified") or not frappe.db.exists(doctype, name):
			continue
		doc = frappe.get_doc(doctype, name)
		if get_datetime(doc.modified) != get_datetime(note["modified"]):
			continue
		for row, texts in _speak(doc):
			frappe.db.set_value(row.doctype, row.name, texts, update_modified=False)
		frappe.clear_document_cache(doctype, name)


def _speak(doc: Document) -> list[tuple[Document, dict[str, str]]]:
	"""Give a seed's texts in the site's language, where we have it; what was changed on which row. Names stay English:
	they are what links and the code mean, and the desk translates them."""
	language, changed = frappe.db.get_single_value("System Settings", "language"), []
	if not language or language.startswith("en"):
		return changed
	for row in (doc, *doc.get_all_children()):
		texts = {}
		for field in row.meta.fields:
			value = row.get(field.fieldname)
			if field.fieldname in TEXTS and field.fieldtype in ("Data", "Small Text", "Text") and value:
				said = _(value, language, context=MODULE)
				if said != value:
					texts[field.fieldname] = said
		row.update(texts)
		if texts:
			changed.append((row, texts))
	return changed


def follow_site_zone(_args: dict | None = None) -> None:
	"""Hook of the set-up wizard: where the app was installed before it, the calendars nobody touched take the zone
	that was chosen there."""
	planted = memory.recall(MEMORY) or {}
	zone = get_system_timezone()
	for key, note in planted.items():
		doctype, name = key.split(": ", 1)
		if doctype != "Service Calendar" or not note.get("modified") or not frappe.db.exists(doctype, name):
			continue
		doc = frappe.get_doc(doctype, name)
		untouched = get_datetime(doc.modified) == get_datetime(note["modified"])
		if untouched and doc.time_zone != zone:
			doc.time_zone = zone
			doc.save(ignore_permissions=True)
			note["modified"] = str(doc.modified)
	memory.remember(MEMORY, planted)


def remove() -> None:
	"""Delete our seeds on other apps' types (uninstall); our own types go with their records anyway.

	An Issue Type, Issue Priority or Role Profile stays where somebody edited it or a record uses it.
	"""
	for key, note in reversed((memory.recall(MEMORY) or {}).items()):
		doctype, name = key.split(": ", 1)
		modified = (
			frappe.db.get_value(doctype, name, "modified") if frappe.db.exists("DocType", doctype) else None
		)
		if not modified or not note.get("modified") or frappe.get_meta(doctype).module == roles.MODULE:
			continue
		if users := seed_data.USED_BY.get(doctype):
			edited = get_datetime(modified) != get_datetime(note["modified"])
			if edited or any(_is_used(used_in, field, name) for used_in, field in users):
				continue
		frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)


def _is_used(used_in: str, field: str, name: str) -> bool:
	return bool(frappe.db.exists("DocType", used_in) and frappe.db.exists(used_in, {field: name}))


def _of_this_site(doctype: str) -> dict[str, Any]:
	return {"time_zone": get_system_timezone()} if doctype == "Service Calendar" else {}


def _choose_default_matrix() -> None:
	"""The settings name the seeded matrix until an administrator chooses."""
	settings = frappe.get_single("Ops Delivery Settings")
	if not settings.default_matrix and frappe.db.exists("Priority Matrix", seed_data.MATRIX):
		frappe.db.set_single_value("Ops Delivery Settings", "default_matrix", seed_data.MATRIX)
