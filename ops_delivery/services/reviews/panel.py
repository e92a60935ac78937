"""What a reviewed document's form shows: which reviews and signatures it needs, which are given, what can be done now."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services.reviews import participants as review_people
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import signatures, workflow_states
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.content import authors, content_hash, coverage
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.reviews.rules import CUSTOMER
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.scope import measured_types as record_types


def panel(doctype: str, name: str) -> dict[str, Any]:
	"""{needs, reviews, signatures, content, coverage, can}, for the session's user, who may read the document."""
	doc = frappe.get_doc(doctype, name)
	entry = REGISTRY[doctype]
	rules = sorted(review_rules.for_document(doc), key=lambda rule: rule.rank)
	standings = reviews.standing_of(doc, rules)
	rows = reviews.summary(doctype, name)
	open_ones = {row["rule"]: row for row in rows if row["state"] == reviews.OPEN}
	user = frappe.session.user
	author = user in authors(doc)
	rank = entry.rank(doc.status)
	for row in rows:
		row["decidable"] = row["state"] == reviews.OPEN and _decidable(row, user, author)
		row["recordable"] = row["state"] == reviews.OPEN and row["party"] == CUSTOMER
	may_write = frappe.has_permission(
		doc.doctype, "write", doc
	)  # doc.has_permission tells the reader off on the desk
	return {
		"phase": doc.status,
		"author": author,
		"needs": [_need(rule, standings[rule.name], open_ones.get(rule.name), rank) for rule in rules],
		"reviews": rows,
		"signatures": _signatures(doc, entry, rank, signable=_is_signable(entry, rules, standings, rank)),
		"content": content_hash(doc),
		"coverage": coverage(doc),
		"can": {
			"write": bool(may_write),
			"request": bool(may_write)
			and any(
				not standings[rule.name].met
				and rule.name not in open_ones
				and rank is not None
				and rule.rank <= rank + 1
				for rule in rules
			),
		},
	}


def _need(rule, standing, open_one, rank: int | None) -> dict[str, Any]:
	"""One line of the table of needs. `when`: passed, next or later, seen from the present phase."""
	when = "later" if rank is None or rule.rank > rank + 1 else "passed" if rule.rank <= rank else "next"
	return {
		"rule": rule.name,
		"part": rule.part,
		"needed_before": rule.needed_before,
		"party": rule.party,
		"role": rule.role,
		"given": standing.given,
		"wanted": standing.wanted,
		"met": standing.met,
		"approved_by": [_name_of(person) for person in standing.approved_by],
		"rejected_by": [_name_of(person) for person in standing.rejected_by],
		"outdated": standing.outdated,
		"review": open_one["name"] if open_one else None,
		"due_on": open_one["due_on"] if open_one else None,
		"when": when,
	}


def _is_signable(entry, rules, standings, rank: int | None) -> bool:
	"""Whether the text can be signed now: it is no draft any more, and the reviews before signing are given."""
	if not entry.signed_before or rank is None:
		return False
	before = [rule for rule in rules if rule.rank is not None and rule.rank <= entry.rank(entry.signed_before)]
	return all(standings[rule.name].met for rule in before) and bool(rank or not before)


def _signatures(doc, entry, rank: int | None, signable: bool) -> list[dict[str, Any]]:
	"""The signatures given, void ones too; then the parties that have yet to sign, `wanted` where they can now."""
	given = signatures.all_of(doc.doctype, doc.name)
	if not entry.signed_before and not given:
		return []
	valid = signatures.valid(doc)
	before_signing = entry.signed_before and rank is not None and rank < entry.rank(entry.signed_before)
	waiting = [
		{"party": party, "state": "Missing", "wanted": bool(before_signing and signable)}
		for party in signatures.PARTIES
		if valid[party] is None and (before_signing or not entry.signed_before)
	]
	return [*given, *waiting]


def _decidable(row: dict[str, Any], user: str, author: bool) -> bool:
	if row["party"] == CUSTOMER or author or not is_staff(user):
		return False
	mine = [line for line in row["participants"] if line["user"] == user]
	return bool(mine) or review_people.holds_role(user, row["role"])


def _name_of(person: str) -> str:
	return frappe.utils.get_fullname(person) or person


def choices(doctype: str) -> dict[str, Any]:
	"""What a rule of that type can be made of: its parts, what it can be needed before, the fields of a condition."""
	if doctype not in REGISTRY:
		return {"types": list(REGISTRY), "parts": [], "before": [], "fields": []}
	phases = REGISTRY[doctype].all_phases
	return {
		"types": list(REGISTRY),
		"parts": [{"value": part, "label": _(part)} for part in REGISTRY[doctype].parts if part],
		"before": [
			{
				"value": name,
				"label": _(name),
				"description": _("Phase") if name in phases else _("Workflow state"),
			}
			for name in workflow_states.names(doctype)
		],
		"fields": record_types.condition_fields(doctype),
	}


def try_on(rule, record_name: str) -> dict[str, Any]:
	"""A rule (also an unsaved one) against a record: whether it applies and how it stands; or the condition's error."""
	doc = frappe.get_doc(rule.document_type, record_name)
	doc.check_permission("read")
	try:
		holds = definitions.truth(rule.condition, definitions.facts(doc)) if rule.condition else True
	except Exception as error:
		return {"applies": None, "error": definitions.said(error)}
	return {
		"applies": holds,
		"error": None,
		"phase": doc.status,
		"authors": sorted(authors(doc)),
		"people": review_people.people(rule, doc),
	}
