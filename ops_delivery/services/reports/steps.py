"""The steps of a service report's life, each with person and time, and what follows when it is published (8.2.a, 8.3.b.5)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint, cstr

from ops_delivery.domain.events import ReviewConcluded
from ops_delivery.domain.review import APPROVED
from ops_delivery.domain.service_report import life
from ops_delivery.services.reports import publishing
from ops_delivery.services.reviews import phase_guard, standing
from ops_delivery.services.reviews.rules import CUSTOMER
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Service Report"
REVIEWED, REVISED = "Reviewed", "Revised"


def note(doc: Any, was: str) -> None:
	"""Note the step that the document has just taken, before it is saved."""
	now = site_now().replace(microsecond=0)
	if doc.status == life.PUBLISHED:
		_note_reviews(doc)
		doc.published_on = doc.published_on or now
		doc.handed_over_on = None  # the PDF of this version
	step = REVISED if was in life.SHOWN and doc.status == life.COMPILING else doc.status
	_add(doc, step, frappe.session.user, now, cstr(doc.reason) if doc.status == life.CANCELLED else "")


def follow(doc: Any) -> None:
	"""After a save: the PDF of what was published is made behind the commit, and handed over."""
	before = doc.get_doc_before_save()
	if doc.status == life.PUBLISHED and before and before.status != life.PUBLISHED:
		publishing.soon(doc.name)


def confirm(event: ReviewConcluded) -> None:
	"""Reaction: the customer approved a published report, which is confirmed by that."""
	if event.doctype != DOCTYPE or event.party != CUSTOMER or event.state != APPROVED:
		return
	doc = frappe.get_doc(DOCTYPE, event.name, for_update=True)
	if doc.status == life.PUBLISHED and not standing.missing(doc, life.CONFIRMED):
		phase_guard.enter(doc, life.CONFIRMED)


def _note_reviews(doc: Any) -> None:
	"""Who reviewed this version, and when, as they decided."""
	for review in standing.summary(doc.doctype, doc.name):
		if review["state"] != standing.APPROVED or cint(review["document_version"]) != cint(doc.version):
			continue
		for row in review["participants"]:
			if row["decision"] == standing.APPROVED:
				_add(doc, REVIEWED, row["user"], row["decided_on"], cstr(row["opinion"]))


def _add(doc: Any, step: str, user: str | None, moment: Any, said: str) -> None:
	doc.append("steps", {"step": step, "done_by": user, "done_on": moment, "version": cint(doc.version) or 1, "note": said})
