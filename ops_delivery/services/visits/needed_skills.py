"""The skills a visit asks for: those of its object and of the checklists that fit it, until somebody says otherwise."""

from __future__ import annotations

import frappe
from frappe.utils import cstr

from ops_delivery.domain.dispatch import LEVELS
from ops_delivery.domain.visit import Phase
from ops_delivery.services.visits import checklists as visit_checklists
from ops_delivery.services.visits import engineers as dispatch_people
from ops_delivery.services.visits.checklists import SHAPED_BY
from ops_delivery.services.visits.types import rank_of


def fill(doc) -> None:
	"""Add what the object and the checklists ask for to a visit that is new, or whose object or content changed while
	it is planned. What stands there stays, at the level somebody gave it."""
	before = doc.get_doc_before_save()
	if rank_of(doc) != Phase.PLANNED or (before and all(cstr(before.get(f)) == cstr(doc.get(f)) for f in SHAPED_BY)):
		return
	rows = [row for template in visit_checklists.fitting(doc) for row in template.get("needed_skills") or []]
	if doc.service_object:
		rows += frappe.get_cached_doc("Service Object", doc.service_object).get("needed_skills") or []
	known = {row.skill for row in doc.needed_skills}
	for need in dispatch_people.needs(rows):
		if need.name not in known:
			doc.append("needed_skills", {"skill": need.name, "level": LEVELS[need.level - 1]})
