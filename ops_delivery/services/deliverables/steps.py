"""The steps of a deliverable's life, each with person and time; in time or late; on whose list it is (8.2.a, 5.3.e)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, getdate

from ops_delivery.domain.deliverables import life
from ops_delivery.services.reviews import standing
from ops_delivery.services.shared import todos
from ops_delivery.services.shared.site_time import site_now

REVIEWED, CHECKED, REVISED = "Reviewed", "Checked", "Revised"


def now() -> datetime:
	"""This moment, as Frappe keeps it."""
	return site_now().replace(microsecond=0)


def note(doc: Any, was: str) -> None:
	"""Note the step that the document has just taken, before it is saved: who, when, and what goes with it."""
	if doc.status == life.PUBLISHED:
		_note_reviews(doc)
		if not doc.published_on:
			doc.published_on = now()
			doc.timeliness = life.timeliness(getdate(doc.due_date) if doc.due_date else None, getdate(doc.published_on))
	step = REVISED if (was, doc.status) == (life.PUBLISHED, life.COMPILING) else doc.status
	with_reason = doc.status in (life.CANCELLED, life.DESTROYED)
	_add(doc, step, frappe.session.user, now(), cstr(doc.reason) if with_reason else "")


def follow(doc: Any) -> None:
	"""After a save: it is on the list of its owner by its day as long as it is compiled or reviewed."""
	before = doc.get_doc_before_save()
	if doc.status not in life.OPEN:
		if before is None or before.status in life.OPEN:
			todos.close(doc)
		return
	wanted = (doc.compiler, getdate(doc.due_date) if doc.due_date else None)
	had = (before.compiler, getdate(before.due_date) if before.due_date else None) if before and before.status in life.OPEN else None
	if wanted == had:
		return
	if before:
		todos.take_back(doc)
	todos.give(doc, doc.compiler, _("Compile {0}").format(escape_html(cstr(doc.title))), doc.due_date)


def _note_reviews(doc: Any) -> None:
	"""Who reviewed this version, and when, as they decided; and who found that it meets what was agreed."""
	if doc.specification_by:
		_add(doc, CHECKED, doc.specification_by, doc.specification_on, "")
	for review in standing.summary(doc.doctype, doc.name):
		if review["state"] != standing.APPROVED or cint(review["document_version"]) != cint(doc.version):
			continue
		for row in review["participants"]:
			if row["decision"] == standing.APPROVED:
				said = row["full_name"] if not row["user"] else ""
				_add(doc, REVIEWED, row["user"], row["decided_on"], " · ".join(filter(None, (said, cstr(row["opinion"])))))


def _add(doc: Any, step: str, user: str | None, moment: Any, note: str) -> None:
	doc.append("steps", {"step": step, "done_by": user, "done_on": moment, "version": cint(doc.version) or 1, "note": note})
