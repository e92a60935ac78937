"""The one guard of reviewed documents: no way leads into a phase without the reviews and signatures it needs, and
what was approved stays as it is (clauses 5.2.i, 6.4.b, 6.5.c).

Controllers call validate(), on_update(), before_submit(), before_update_after_submit() and on_trash(). Code that moves
a document calls enter(); everybody else moves it by its Workflow, or by setting its status, and ends up here as well.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.workflow import get_transitions
from frappe.utils import cint, cstr, escape_html

from ops_delivery.permissions import steps
from ops_delivery.services.reviews import content as reviewed_content
from ops_delivery.services.reviews import lifecycle as review_course
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import signatures, workflow_states
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.reviews.registry import REGISTRY, ReviewedType
from ops_delivery.services.reviews.workflow_states import PHASE_FIELD, STATE_FIELD

__all__ = ("REGISTRY", "content_hash", "validate")


class ReviewMissing(frappe.ValidationError):
	"""A phase was to be entered without the reviews or signatures it needs."""


class ContentFixed(frappe.ValidationError):
	"""Approved content was to be changed without a revision."""


# Called by the controllers


def validate(doc) -> None:
	"""At the end of a controller's validate: the phase fits the workflow, its reviews are there, the content stands.

	ReviewMissing, ContentFixed or ValidationError, each naming what is missing and the way out.
	"""
	entry = REGISTRY[doc.doctype]
	before = doc.get_doc_before_save()
	if before is None:
		_begin(doc, entry)
		return
	_settle_phase(doc, before, entry)
	_guard(doc, before, entry)


def before_submit(doc) -> None:
	"""Submission enters a phase, whichever way it was called."""
	entry = REGISTRY[doc.doctype]
	if entry.submitted_as:
		require(doc, entry.submitted_as)


def before_update_after_submit(doc) -> None:
	"""As validate(), for a submitted document."""
	validate(doc)


def on_update(doc) -> None:
	"""In controller.on_update: who wrote is noted, reviews of another content are outdated, those now due are opened."""
	before = doc.get_doc_before_save()
	if before is not None and content_hash(before) != content_hash(doc):
		reviewed_content.note_author(doc)
	review_course.follow(doc, before)
	signatures.void_changed(doc)


def on_trash(doc) -> None:
	"""Reviews nobody has decided go with the document; a decision or signature keeps it."""
	review_course.forget_undecided(doc)
	reviewed_content.forget_authors(doc)


# Called by services


def enter(doc, phase: str) -> None:
	"""Move a document into a phase by code (work began, the period ended …) and save it.

	Its reviews are needed all the same; who may save it is the caller's matter. The workflow state follows.
	"""
	steps.take(doc).flags.ops_phase = phase
	doc.set(PHASE_FIELD, phase)
	try:
		doc.save(ignore_permissions=True)
	finally:
		doc.flags.pop("ops_phase", None)
	workflow = workflow_states.active(doc.doctype)
	state = workflow_states.state_of(workflow, doc.status) if workflow else None
	if state and state != doc.get(STATE_FIELD) and doc.docstatus == _docstatus_of(workflow, state):
		doc.db_set(STATE_FIELD, state, update_modified=False)


def revise(doc) -> None:
	"""Open approved content again: back to the first phase as the next version. The old content is kept."""
	doc.check_permission("write")
	enter(doc, REGISTRY[doc.doctype].phases[0])


def touched(doctype: str, name: str) -> None:
	"""Content that stands in records of its own (extra_content) changes: refused if fixed, else noted as a change.

	Call it from those records' controllers, after they are written.
	"""
	doc = reviewed_content.stored(doctype, name)
	entry = REGISTRY[doctype]
	fixed = [part for part in entry.parts if entry.is_fixed(part, doc.status)]
	if len(fixed) == len(entry.parts):
		_refuse_change(doc, fixed[0])
	reviewed_content.note_author(doc)
	review_course.follow(doc, None)
	signatures.void_changed(doc)


def require(doc, phase: str, above: float | None = None) -> None:
	"""Refuse (ReviewMissing) if reviews or signatures needed before a phase or workflow state are missing."""
	missing = reviews.missing(doc, phase, above)
	if not missing:
		return
	frappe.throw(
		_("{0} cannot enter {1} yet:").format(
			frappe.bold(escape_html(doc.name)), frappe.bold(_(phase, context=doc.doctype))
		)
		+ "<ul>"
		+ "".join(f"<li>{need.text}</li>" for need in missing)
		+ "</ul>",
		ReviewMissing,
		title=_("Review missing"),
	)


# Parts


def _begin(doc, entry: ReviewedType) -> None:
	first = entry.phases[0]
	if (doc.get(PHASE_FIELD) or first) != first:
		frappe.throw(
			_(
				"{0}: a new {1} begins as {2}, not as {3}. Save it first, then take it through its reviews."
			).format(
				frappe.bold(_(doc.meta.get_label(PHASE_FIELD), context=doc.doctype)),
				_(doc.doctype),
				frappe.bold(_(first, context=doc.doctype)),
				frappe.bold(escape_html(_(doc.status, context=doc.doctype))),
			),
			ReviewMissing,
		)
	doc.set(PHASE_FIELD, first)
	if doc.meta.has_field("version"):
		doc.version = cint(doc.version) or 1


def _settle_phase(doc, before, entry: ReviewedType) -> None:
	"""Make phase and workflow state say the same, whichever of the two was set."""
	doc.set(PHASE_FIELD, doc.get(PHASE_FIELD) or before.get(PHASE_FIELD) or entry.phases[0])
	if doc.status not in entry.all_phases:
		frappe.throw(
			_("{0}: {1} is not one of {2}.").format(
				frappe.bold(_(doc.meta.get_label(PHASE_FIELD), context=doc.doctype)),
				frappe.bold(escape_html(cstr(doc.status))),
				", ".join(_(phase, context=doc.doctype) for phase in entry.all_phases),
			)
		)
	if doc.flags.ops_phase:
		doc.set(STATE_FIELD, before.get(STATE_FIELD))
		return
	workflow = workflow_states.active(doc.doctype)
	if not workflow:
		return
	if not before.get(STATE_FIELD):
		# saved before the workflow was there: it is where its phase is
		before.set(STATE_FIELD, workflow_states.state_of(workflow, before.status))
		doc.set(STATE_FIELD, doc.get(STATE_FIELD) or before.get(STATE_FIELD))
	moved = doc.get(STATE_FIELD) and doc.get(STATE_FIELD) != before.get(STATE_FIELD)
	was, wanted = before.get(PHASE_FIELD), doc.get(PHASE_FIELD)
	if moved:
		meant = workflow_states.phase_of(workflow, doc.get(STATE_FIELD)) or was
		if wanted != was and not _same(entry, wanted, meant):
			_refuse_phase(doc, was, wanted)
		if not _same(entry, wanted, meant):
			doc.set(PHASE_FIELD, meant)
	elif not _same(entry, wanted, was):
		doc.set(
			STATE_FIELD, _transition_to(before, workflow, entry, wanted) or _refuse_phase(doc, was, wanted)
		)


def _transition_to(before, workflow, entry: ReviewedType, phase: str) -> str | None:
	"""The state to which the session's user may take the document so that it is in that phase."""
	for row in get_transitions(before, workflow):
		if _same(entry, workflow_states.phase_of(workflow, row["next_state"]), phase):
			return row["next_state"]
	return None


def _refuse_phase(doc, was: str, wanted: str) -> None:
	frappe.throw(
		_(
			"{0}: the workflow has no step for you from {1} to {2}. Use the actions at the top of the form, or ask an administrator to add the step."
		).format(
			frappe.bold(_(doc.meta.get_label(PHASE_FIELD), context=doc.doctype)),
			frappe.bold(_(was, context=doc.doctype)),
			frappe.bold(escape_html(_(wanted, context=doc.doctype))),
		),
		frappe.PermissionError,
	)


def _guard(doc, before, entry: ReviewedType) -> None:
	was, now = before.get(PHASE_FIELD), doc.get(PHASE_FIELD)
	for part in entry.parts:
		if (
			entry.is_fixed(part, was)
			and entry.is_fixed(part, now)
			and content_hash(before, part) != content_hash(doc, part)
		):
			_refuse_change(doc, part)
	if any(entry.is_fixed(part, was) and not entry.is_fixed(part, now) for part in entry.parts):
		reviewed_content.snapshot(before)
		doc.version = (cint(before.get("version")) or 1) + 1
	elif doc.meta.has_field("version") and not doc.is_new():
		doc.version = before.version
	rank, old = entry.rank(now), entry.rank(was)
	if was != now and rank is not None and (old is None or rank > old):
		require(doc, now, old)
	state = doc.get(STATE_FIELD)
	if state != before.get(STATE_FIELD) and state and state not in entry.all_phases:
		require(doc, state, old)
	if was != now:
		review_course.check_people(doc)


def _refuse_change(doc, part: str) -> None:
	what = _("{0} of {1}", context="Ops Delivery").format(_(part), doc.name) if part else doc.name
	frappe.throw(
		_(
			"The content of {0} was approved and stays as it is in phase {1}. Use {2} to change it as a new version, with new reviews."
		).format(
			frappe.bold(escape_html(what)),
			frappe.bold(_(doc.status, context=doc.doctype)),
			frappe.bold(_("Revise")),
		),
		ContentFixed,
		title=_("Approved content"),
	)


def _same(entry: ReviewedType, one: str | None, other: str | None) -> bool:
	return entry.same_rank.get(one, one) == entry.same_rank.get(other, other)


def _docstatus_of(workflow: Any, state: str) -> int:
	return next(cint(row.doc_status) for row in workflow.states if row.state == state)
