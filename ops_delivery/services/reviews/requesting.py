"""Asking for reviews: the rules' people are assigned and told, and given another day (6.4.b, 6.5.c)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, format_datetime, get_datetime

from ops_delivery.services.reviews import participants as review_people
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.content import content_hash, snapshot
from ops_delivery.services.reviews.participants import people
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.scope import once
from ops_delivery.services.shared import due_dates
from ops_delivery.services.shared.site_time import site_now


def open_for(doc, rule: str | None = None) -> list[str]:
	"""Ask now for the reviews that come next (or for that of one rule, also before its time); returns their names.

	For the button Request Review. frappe.ValidationError where nothing is left to be asked for.
	"""
	doc.check_permission("write")
	# of several who ask at once, one asks, and all are told the same
	return once.only(
		"request review", (doc.doctype, doc.name, rule), lambda: _open_for(doc, rule), seconds=0, who="Administrator"
	)


def _open_for(doc, rule: str | None) -> list[str]:
	entry = REGISTRY[doc.doctype]
	rank = entry.rank(doc.status)
	rules = review_rules.for_document(doc)
	if rule:
		chosen = [row for row in rules if row.name == rule]
	else:
		chosen = [row for row in rules if rank is not None and row.rank <= rank + 1]
	standings = reviews.standing_of(doc, chosen)
	waiting = {row.rule for row in reviews.rows_of(doc) if row.state == reviews.OPEN}
	asked = [row for row in chosen if not standings[row.name].met and row.name not in waiting]
	if not asked:
		frappe.throw(
			_(
				"{0} has no review to ask for now: what the next phase needs is given or asked for already."
			).format(frappe.bold(escape_html(doc.name)))
		)
	return [open_one(doc, row).name for row in asked]


def open_one(doc, rule) -> Any:
	"""Open the review that a rule wants, with the people who can decide it; they are assigned and told."""
	found = people(rule, doc)
	if not found:
		review_people.refuse_without(rule, doc)
	now = site_now()
	days = cint(rule.days_until_due)
	review = frappe.new_doc(reviews.DOCTYPE)
	review.update(
		{
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"reference_title": cstr(doc.get(REGISTRY[doc.doctype].title_field))[:140],
			"customer": doc.get(REGISTRY[doc.doctype].customer),
			"rule": rule.name,
			"part": rule.part or "",
			"party": rule.party,
			"role": rule.role,
			"needed_before": rule.needed_before,
			"approvals": max(1, cint(rule.approvals)),
			"content_hash": content_hash(doc, rule.part or ""),
			"content_version": snapshot(doc),
			"document_version": cint(doc.get("version")) or 1,
			"requested_by": frappe.session.user,
			"requested_on": now,
			"due_on": now + timedelta(days=days, seconds=-now.second % 60) if days else None,
			"state": reviews.OPEN,
		}
	)
	for person in found:
		review.append("participants", {**person, "decision": reviews.PENDING})
	reviews.write(review)
	review_people.ask(review)
	return review


def put_off(name: str, due_on: Any) -> None:
	"""The step by which an open review gets another due date; who changed it, and from when, is noted on it."""
	review = frappe.get_doc(reviews.DOCTYPE, name, for_update=True)
	review.check_permission("write")
	if review.state != reviews.OPEN:
		frappe.throw(_("{0} is {1}: it is due no more.").format(review.name, _(review.state, context=reviews.DOCTYPE)))
	if not due_on:
		frappe.throw(_("{0} is empty. Choose a day.").format(frappe.bold(_(review.meta.get_label("due_on"), context=reviews.DOCTYPE))))
	before, review.due_on = review.due_on, get_datetime(due_on)
	due_dates.check(review, frappe._dict(due_on=before), "due_on")
	reviews.write(review)
	review.add_comment(
		"Info",
		_("due {0} instead of {1}").format(
			format_datetime(review.due_on), format_datetime(before) if before else "–"
		),
	)
