"""The course of a document through its reviews: opened when a phase asks for them, outdated when the content changes,
withdrawn when the phase is left (6.4.b, 6.5.c)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import escape_html

from ops_delivery.domain.review import VERDICTS
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.reviews import participants as review_people
from ops_delivery.services.reviews import requesting
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.content import content_hash, snapshot, stored
from ops_delivery.services.reviews.participants import people
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.reviews.standing import DOCTYPE, OPEN, OUTDATED, REJECTED, ROW, WITHDRAWN
from ops_delivery.services.shared.site_time import site_now

SIGNATURE_REQUESTED = "ops_signature_requested"


def follow(doc, before=None) -> None:
	"""After a document was written: reviews of another content are outdated, those of a phase that was left are
	withdrawn, and those that the present phase asks for are opened."""
	entry = REGISTRY[doc.doctype]
	rank = entry.rank(doc.status)
	moved = before is not None and before.status != doc.status
	if moved and entry.signed_before and rank == entry.rank(entry.signed_before) - 1:
		notices.post(doc.doctype, doc.name, SIGNATURE_REQUESTED)
	rows = reviews.rows_of(doc)
	if not rows and not rank:
		return
	doc = stored(doc.doctype, doc.name)  # as it was written: its fingerprint is the one a reader finds
	rules = {rule.name: rule for rule in review_rules.for_document(doc)}
	for row in rows:
		rule = rules.get(row.rule)
		if moved and row.state == OPEN and (rank is None or not rule or not rank < rule.rank <= rank + 1):
			_end(row, WITHDRAWN)
		elif row.content_hash != content_hash(doc, row.part or ""):
			_outdate(doc, row)
	if rank:
		_open_due(doc, rank, rules)


def check_people(doc) -> None:
	"""Before a document enters a phase: whoever is to be asked there exists. Refused now, as nothing is written yet."""
	rank = REGISTRY[doc.doctype].rank(doc.status)
	if not rank:
		return
	due = _due(doc, rank, review_rules.for_document(doc))
	standings = reviews.standing_of(doc, due)
	for rule in due:
		if not standings[rule.name].met and not people(rule, doc):
			review_people.refuse_without(rule, doc)
	before = doc.get_doc_before_save()
	if before and not REGISTRY[doc.doctype].rank(before.status):
		_tell_of_later(doc, due)


def _tell_of_later(doc, due: list[frappe._dict]) -> None:
	"""Whoever asks for the first review is told of later ones that nobody could give as things are."""
	later = [rule for rule in review_rules.for_document(doc) if rule not in due]
	standings = reviews.standing_of(doc, later)
	lines = [
		escape_html(review_people.nobody(rule, doc))
		for rule in later
		if not standings[rule.name].met and not people(rule, doc)
	]
	if lines:
		frappe.msgprint("<br>".join(lines), title=_("Review without participants"), indicator="orange")


def forget_undecided(doc) -> None:
	"""The document is deleted: so are its reviews on which nobody has decided."""
	for row in reviews.rows_of(doc, states=None):
		if not frappe.db.exists(ROW, {"parent": row.name, "decision": ["in", VERDICTS]}):
			frappe.delete_doc(DOCTYPE, row.name, ignore_permissions=True, force=True)


def _open_due(doc, rank: int, rules: dict[str, frappe._dict]) -> None:
	due = _due(doc, rank, rules.values())
	asked = {row.rule for row in reviews.rows_of(doc) if row.state in (OPEN, REJECTED)}
	standings = reviews.standing_of(doc, due)
	for rule in due:
		if not standings[rule.name].met and rule.name not in asked and people(rule, doc):
			requesting.open_one(doc, rule)


def _due(doc, rank: int, rules: Iterable[frappe._dict]) -> list[frappe._dict]:
	"""The rules whose reviews a document in a phase of that rank waits for: those of the next step, and earlier ones
	whose content may still change."""
	entry = REGISTRY[doc.doctype]
	return [
		rule
		for rule in rules
		if rule.rank <= rank + 1 and not (rule.rank <= rank and entry.is_fixed(rule.part, doc.status))
	]


def _outdate(doc, row: frappe._dict) -> None:
	"""The content is another one now: what was decided is worth nothing, what was not is asked of the new content."""
	if row.state == OPEN and not frappe.db.exists(ROW, {"parent": row.name, "decision": ["in", VERDICTS]}):
		frappe.db.set_value(
			DOCTYPE,
			row.name,
			{"content_hash": content_hash(doc, row.part or ""), "content_version": snapshot(doc)},
			update_modified=False,
		)
	else:
		_end(row, OUTDATED)


def _end(row: frappe._dict, state: str) -> None:
	review = frappe.get_doc(DOCTYPE, row.name, for_update=True)
	review.state = state
	review.concluded_on = review.concluded_on or site_now()
	reviews.write(review)
	review_people.release(review)
	row.state = state
