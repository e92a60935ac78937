"""Reviews of documents: opened by rules, decided by people, about one content (clauses 5.2.i, 6.4.b, 6.5.c, 8.5.b.1–2).

A Service Review asks for the decisions that one Review Rule wants on one content of one document. A decision counts
by its fingerprint: when the content changes it is worth nothing, and says so. Decisions are evidence: nobody edits
them, and who leaves later takes nothing away.

Locks are always taken in the order document, then Service Review.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from ops_delivery.domain import review as domain
from ops_delivery.domain.review import APPROVED, REJECTED
from ops_delivery.permissions import steps
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import signatures, workflow_states
from ops_delivery.services.reviews.content import authors, content_hash
from ops_delivery.services.reviews.participants import people
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.reviews.rules import CUSTOMER, INTERNAL
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, ROW = "Service Review", "Service Review Participant"
OPEN, OUTDATED, WITHDRAWN = "Open", "Outdated", "Withdrawn"
PENDING = "Pending"
LIVE = (OPEN, APPROVED, REJECTED)
__all__ = ("authors", "missing", "people", "summary")


@dataclass(frozen=True)
class Need:
	"""What is still missing before a phase: one rule's approvals, or (rule None) one party's signature."""

	text: str
	rule: frappe._dict | None = None
	party: str = INTERNAL
	standing: domain.Standing | None = None
	review: str | None = None


def missing(doc, phase: str, above: float | None = None) -> list[Need]:
	"""What a document as it stands lacks before it may enter a phase or workflow state; empty if nothing.

	Reviews needed before earlier phases count as well, so no step can be skipped; `above`: from that rank on, where
	the content of a part is fixed, the reviews needed before are taken as given.
	"""
	entry = REGISTRY[doc.doctype]
	rank = workflow_states.rank(doc.doctype, phase)
	if rank is None and phase in entry.all_phases:
		return []
	wanted = [
		rule
		for rule in review_rules.for_document(doc)
		if (rule.needed_before == phase or (rank is not None and rule.rank <= rank))
		and not _settled(entry, rule, above)
	]
	standings = standing_of(doc, wanted)
	found = [
		Need(
			text=_in_words(doc, rule, standings[rule.name]),
			rule=rule,
			party=rule.party,
			standing=standings[rule.name],
		)
		for rule in wanted
		if not standings[rule.name].met
	]
	if entry.signed_before and rank is not None:
		first = entry.rank(entry.signed_before)
		if rank >= first and (above is None or above < first):
			found += [Need(text=text, party=party) for party, text in signatures.missing(doc)]
	return found


def standing_of(doc, rules: Iterable[frappe._dict], *more: domain.Decision) -> dict[str, domain.Standing]:
	"""How each rule stands for the document's present content, by rule name; `more`: decisions about to be written."""
	rules = list(rules)
	if not rules:
		return {}
	return domain.judge(_needs(doc, rules), [*_decisions(doc, rules), *more], authors(doc))


def summary(doctype: str, name: str) -> list[dict[str, Any]]:
	"""The reviews of a document with their decisions, oldest first, for panels and prints."""
	reviews = frappe.get_all(
		DOCTYPE,
		filters={"reference_doctype": doctype, "reference_name": name},
		fields=[
			"name",
			"rule",
			"part",
			"party",
			"role",
			"needed_before",
			"approvals",
			"state",
			"requested_on",
			"due_on",
			"concluded_on",
			"document_version",
			"content_hash",
			"minutes",
		],
		order_by="creation, name",
	)
	rows: dict[str, list[dict[str, Any]]] = {review.name: [] for review in reviews}
	for row in frappe.get_all(
		ROW,
		filters={"parent": ["in", list(rows) or [""]], "parenttype": DOCTYPE},
		fields=["parent", "user", "full_name", "decision", "opinion", "decided_on", "channel", "recorded_by"],
		order_by="idx",
	):
		rows[row.pop("parent")].append(row)
	return [{**review, "participants": rows[review.name]} for review in reviews]


def write(review) -> None:
	"""Save a review as the services may: nobody else changes what is evidence."""
	steps.take(review)
	review.save(ignore_permissions=True)


def judge_review(doc, review, *more: domain.Decision) -> domain.Standing:
	"""How the need behind a review stands: by its rule as it is now, else by what the review itself asked for."""
	return standing_of(doc, _rules_around(doc, review), *more)[review.rule]


def decision_in(review, row) -> domain.Decision:
	"""A participant's line as the domain sees it."""
	return domain.Decision(
		rule=review.rule,
		person=row.user or row.email or row.full_name,
		verdict=row.decision,
		content=row.content_hash,
	)


def would_count(doc, review, person: str) -> bool:
	"""Whether an approval by this person would bring the review further (domain.review.would_count)."""
	rules = _rules_around(doc, review)
	approval = domain.Decision(review.rule, person, APPROVED, review.content_hash)
	return domain.would_count(_needs(doc, rules), _decisions(doc, rules), authors(doc), approval)


def _rules_around(doc, review) -> list[frappe._dict]:
	"""The review's rule first, then the others that apply to the document."""
	rule = next((row for row in review_rules.of_doctype(doc.doctype) if row.name == review.rule), None)
	rule = rule or frappe._dict(
		name=review.rule,
		part=review.part or "",
		party=review.party,
		role=review.role,
		approvals=review.approvals,
		same_person_may_repeat=0,
	)
	return [rule, *(row for row in review_rules.for_document(doc) if row.name != rule.name)]


# Parts


def _settled(entry, rule, above: float | None) -> bool:
	fixed = entry.phases.index(entry.fixed_from.get(rule.part) or entry.last_fixed)
	return above is not None and above >= fixed and rule.rank <= above


def _needs(doc, rules: list[frappe._dict]) -> list[domain.Need]:
	hashes = {part: content_hash(doc, part) for part in {rule.part for rule in rules}}
	return [
		domain.Need(
			rule=rule.name,
			content=hashes[rule.part],
			approvals=max(1, cint(rule.approvals)),
			may_repeat=bool(rule.same_person_may_repeat),
		)
		for rule in rules
	]


def _decisions(doc, rules: list[frappe._dict]) -> list[domain.Decision]:
	"""What was decided on a document for those rules, as they are now: by that party and that role."""
	review, row = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(ROW)
	asked = {rule.name: (rule.party, rule.role or None, rule.part or "") for rule in rules}
	found = (
		frappe.qb.from_(review)
		.inner_join(row)
		.on((row.parent == review.name) & (row.parenttype == DOCTYPE))
		.select(review.rule, review.party, review.role, review.part, row.user, row.email, row.full_name)
		.select(row.decision, row.content_hash)
		.where(
			(review.reference_doctype == doc.doctype)
			& (review.reference_name == doc.name)
			& review.rule.isin(list(asked))
			& row.decision.isin(domain.VERDICTS)
		)
		.orderby(row.decided_on)
		.orderby(row.creation)
		.orderby(row.idx)
	).run(as_dict=True)
	return [
		decision_in(line, line)
		for line in found
		if (line.party, line.role or None, line.part or "") == asked[line.rule]
	]


def rows_of(doc, states: tuple[str, ...] | None = LIVE) -> list[frappe._dict]:
	"""The reviews of a document as rows, oldest first; all of them where states is None."""
	filters: dict[str, Any] = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	if states:
		filters["state"] = ["in", states]
	return frappe.get_all(
		DOCTYPE,
		filters=filters,
		fields=["name", "rule", "part", "party", "state", "content_hash"],
		order_by="creation, name",
	)


def _in_words(doc, rule: frappe._dict, standing: domain.Standing) -> str:
	who = _("the customer") if rule.party == CUSTOMER else _(rule.role or "")
	part = _(rule.name)
	if rule.part:
		part = _("{0} ({1})").format(part, _(rule.part, context="Service Review"))
	said = _("{0}: {1} of {2} approvals by {3}").format(
		frappe.bold(escape_html(part)), standing.given, standing.wanted, escape_html(who)
	)
	if standing.rejected_by:
		people = ", ".join(frappe.utils.get_fullname(person) or person for person in standing.rejected_by)
		said += ". " + _("{0} rejected this content: change it, then ask again").format(escape_html(people))
	elif standing.outdated:
		said += ". " + _("Earlier decisions were about another content")
	return said


def now() -> datetime:
	"""Now, in the site's time."""
	return site_now()
