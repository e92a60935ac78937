"""What a deliverable must be: for whom, what, by when, safe, of the agreed form, or with its proof (8.2.b-e).

Reviews, fixed content and the path of phases are services.reviews.phase_guard's; which step may follow which is the domain's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, format_date, getdate

from ops_delivery.domain.deliverables import effects, formats, life
from ops_delivery.permissions import secret_records
from ops_delivery.permissions.ownership import is_staff, lost_access
from ops_delivery.services.deliverables import files, proofs, redaction, steps, types
from ops_delivery.services.reviews.registry import REGISTRY

DOCTYPE = "Deliverable"
PEOPLE = ("compiler", "reviewer", "approver")


class NotComplete(frappe.ValidationError):
	"""A deliverable was to be reviewed or published and lacks something."""


class StepNotPossible(frappe.ValidationError):
	"""A step was to be taken that does not follow, or by somebody else than whom it is for."""


class Missing(NamedTuple):
	"""One thing it lacks: where, and the way out (escaped)."""

	field: str
	item: str
	text: str


def validate(doc: Any) -> None:
	"""The rules of content, whatever the phase. frappe.ValidationError names field, value and the way out."""
	before = doc.get_doc_before_save()
	if before and REGISTRY[DOCTYPE].is_fixed("", before.status) and REGISTRY[DOCTYPE].is_fixed("", doc.status):
		doc.kind = before.kind
		_keep_checked(doc, before)
		return
	types.fill(doc)
	doc.compiler = doc.compiler or frappe.session.user
	_check_customer(doc)
	_check_people(doc, before)
	if doc.period_from and doc.period_to and getdate(doc.period_to) < getdate(doc.period_from):
		frappe.throw(
			_("{0}: {1} lies before {2}. Enter a later day.").format(
				frappe.bold(label("period_to")), format_date(doc.period_to), format_date(doc.period_from)
			)
		)
	redaction.check(doc)
	files.check(doc)
	proofs.read(doc)
	_note_check(doc, before)


def guard(doc: Any) -> None:
	"""What a phase asks for, once the guard of reviewed documents has settled which one that is."""
	before = doc.get_doc_before_save()
	was = before.status if before else life.COMPILING
	if not life.may_follow(was, doc.status):
		frappe.throw(
			_("{0} is {1} and cannot become {2}. It is compiled, reviewed, published, archived, then destroyed.").format(
				frappe.bold(escape_html(doc.title or doc.name)),
				frappe.bold(_(was, context=DOCTYPE)),
				frappe.bold(_(doc.status, context=DOCTYPE)),
			),
			StepNotPossible,
		)
	if not life.may_follow(was, doc.status, was_published=bool(before and before.published_on)):
		frappe.throw(
			_("{0} was published before and is not cancelled. Publish it again, then archive and destroy it.").format(
				frappe.bold(escape_html(doc.title or doc.name))
			),
			StepNotPossible,
		)
	if doc.status in (life.IN_REVIEW, life.PUBLISHED):
		refuse(doc, missing(doc, doc.status))
	if was == doc.status:
		return
	if doc.status == life.PUBLISHED and doc.approver and doc.approver != frappe.session.user:
		frappe.throw(
			_("{0} is published by {1}, who is its approver. Ask them, or name somebody else.").format(
				frappe.bold(escape_html(doc.title)), frappe.bold(escape_html(frappe.utils.get_fullname(doc.approver)))
			),
			StepNotPossible,
		)
	if doc.status in (life.CANCELLED, life.DESTROYED) and not cstr(doc.reason).strip():
		frappe.throw(
			_("{0}: a value is missing. Say why, save, and take the step again.").format(frappe.bold(label("reason"))), frappe.MandatoryError
		)
	if doc.status == life.DESTROYED and doc.destroy_copies and (copies := redaction.left_of(doc.name)):
		frappe.throw(
			_("The redacted copies of {0} are to be destroyed first: {1}.").format(frappe.bold(escape_html(doc.name)), escape_html(", ".join(copies))),
			StepNotPossible,
		)
	steps.note(doc, was)


def missing(doc: Any, phase: str = life.IN_REVIEW) -> list[Missing]:
	"""What a deliverable still lacks before it can be reviewed, or (`phase` Published) published."""
	found: list[Missing] = []

	def need(fieldname: str, met: Any, text: str) -> None:
		if not met:
			found.append(Missing(fieldname, label(fieldname), text))

	need("content", cstr(doc.content).strip(), _("Say what it contains, or the result in a sentence."))
	need("due_date", doc.due_date or cstr(doc.frequency).strip(), _("Enter the last day in time, or how often it is delivered."))
	need("security_class", doc.security_class, _("Choose how far it may go."))
	if (doc.get_doc_before_save() or doc).status == life.COMPILING and (alone := secret_records.needs_reviewer(doc)):
		need("reviewer", False, alone)
	if doc.redacted_from:
		need("redactions", doc.redactions, _("Say what was removed, and where, without saying it."))
	if doc.kind == life.INTANGIBLE:
		need("security_risk", cstr(doc.security_risk).strip(), _("Say which security risk the result has, or that there is none."))
		need("security_control", cstr(doc.security_control).strip(), _("Say how that risk is controlled. It is reviewed with the rest."))
		if phase == life.PUBLISHED:
			_need_proof(doc, need)
		return found
	names = [row.file for row in doc.files if row.file]
	need("files", names, _("Attach at least one file."))
	need(
		"wanted_format",
		not names or formats.has_wanted(doc.wanted_format or "", names),
		_("None of the files is of the agreed format {0}.").format(escape_html(_(doc.wanted_format or "", context=DOCTYPE))),
	)
	if phase == life.PUBLISHED:
		need("specification_met", doc.specification_met, _("Look at the files, and tick that they meet what was agreed."))
	return found


def missing_next(doc: Any) -> list[Missing]:
	"""What it lacks before the next step on its path; nothing once it is published."""
	if doc.status not in life.OPEN:
		return []
	return missing(doc, life.IN_REVIEW if doc.status == life.COMPILING else life.PUBLISHED)


def refuse(doc: Any, lacking: list[Missing]) -> None:
	"""Refuse what lacks something, naming each part. NotComplete."""
	if lacking:
		said = _("{0} cannot be published yet. It lacks:") if doc.status == life.PUBLISHED else _("{0} cannot be reviewed yet. It lacks:")
		frappe.throw(
			said.format(frappe.bold(escape_html(doc.title or doc.name)))
			+ "<ul>"
			+ "".join(f"<li><b>{escape_html(row.item)}</b>: {row.text}</li>" for row in lacking)
			+ "</ul>",
			NotComplete,
			title=_("Not complete"),
		)


def label(fieldname: str) -> str:
	"""What a form calls a field."""
	return _(frappe.get_meta(DOCTYPE).get_label(fieldname), context=DOCTYPE)


def _need_proof(doc: Any, need: Any) -> None:
	lacks = effects.lacks([row.verdict for row in doc.records if row.verdict], bool(cstr(doc.shortfall).strip()))
	kinds = ", ".join(_(kind) for kind in proofs.kinds_for(doc))
	need("records", lacks != effects.NO_PROOF, _("Name the records that prove it: {0}.").format(kinds))
	need("records", lacks != effects.STILL_OPEN, _("What is to prove it is not there yet. Publish it when it is."))
	need("shortfall", lacks != effects.UNEXPLAINED, _("It falls short of what was agreed. Say why, and what follows."))


def _check_customer(doc: Any) -> None:
	if doc.agreement:
		doc.customer = doc.customer or frappe.db.get_value("Service Agreement", doc.agreement, "customer")
	if not doc.customer and doc.audience == "Customer":
		frappe.throw(
			_("{0}: a value is missing. Choose the customer or an agreement, or make it internal.").format(frappe.bold(label("customer"))),
			frappe.MandatoryError,
		)


def _check_people(doc: Any, before: Any) -> None:
	for field in PEOPLE:
		user = doc.get(field)
		if not user or (before and before.get(field) == user):
			continue
		if not is_staff(user):
			frappe.throw(
				_("{0}: {1} does not work on the desk. Choose one of the supplier's people.").format(frappe.bold(label(field)), escape_html(user))
			)
		if lost_access(user):
			frappe.throw(_("The user {0} is disabled. Choose somebody else.").format(escape_html(user)))


def _note_check(doc: Any, before: Any) -> None:
	"""Who ticked that files meet what was agreed, and when; other files or another specification take the tick away."""
	if before and before.specification_met and doc.specification_met and _about(before) != _about(doc):
		doc.specification_met = 0
	if not doc.specification_met or doc.kind == life.INTANGIBLE:
		doc.update({"specification_met": 0, "specification_by": None, "specification_on": None})
	elif not (before and before.specification_met):
		refuse_unseen = [row for row in missing(doc, life.IN_REVIEW) if row.field in ("files", "wanted_format")]
		if refuse_unseen:
			frappe.throw(f"{frappe.bold(label('specification_met'))}: {refuse_unseen[0].text}", NotComplete)
		doc.update({"specification_by": frappe.session.user, "specification_on": steps.now()})


def _about(doc: Any) -> tuple[Any, ...]:
	return (cstr(doc.specification).strip(), doc.wanted_format or "", sorted((row.file or "", row.fingerprint or "") for row in doc.files))


def _keep_checked(doc: Any, before: Any) -> None:
	"""What was checked before it was published is part of what was published."""
	if bool(doc.specification_met) != bool(before.specification_met):
		frappe.throw(
			_("{0}: it was published with this check. Use {1} to change it.").format(
				frappe.bold(label("specification_met")), frappe.bold(_("Revise"))
			),
			StepNotPossible,
		)
	for row, old in zip(doc.records, before.records, strict=False):
		row.update({field: old.get(field) for field in proofs.READ})


