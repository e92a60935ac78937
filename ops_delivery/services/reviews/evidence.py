"""Reviews, signatures and authorship are evidence: what has been decided is never edited or taken away."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html

from ops_delivery.domain.review import VERDICTS
from ops_delivery.permissions import steps
from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services.reviews import participants as review_people
from ops_delivery.services.reviews.content import authors
from ops_delivery.services.reviews.rules import INTERNAL

BY_HAND = ("participants",)
LINE = (
	"user",
	"full_name",
	"email",
	"decision",
	"decided_on",
	"opinion",
	"channel",
	"recorded_by",
	"recorded_how",
	"attachment",
	"content_hash",
)


def check_review(review) -> None:
	"""A review has participants; by hand only those who have not decided may be changed."""
	if not review.participants:
		frappe.throw(
			_("{0}: a review without participants cannot be kept. Name at least one person.").format(
				frappe.bold(_(review.meta.get_label("participants"), context=review.doctype))
			),
			title=_("Review without participants"),
		)
	if steps.is_taken(review):
		return
	before = review.get_doc_before_save()
	if before is None:
		frappe.throw(
			_("A review is asked for on the document itself: use Request Review there."),
			title=_("Not made by hand"),
		)
	for df in review.meta.fields:
		if df.fieldname not in BY_HAND and str(before.get(df.fieldname) or "") != str(
			review.get(df.fieldname) or ""
		):
			frappe.throw(
				_("{0} of {1} is set by the decisions themselves and cannot be edited.").format(
					frappe.bold(_(df.label, context=df.parent)), review.name
				)
			)
	_check_lines(review, before)


def follow_participants(review) -> None:
	"""Who was added by hand gets the review assigned, who was taken out loses it."""
	before = review.get_doc_before_save()
	if steps.is_taken(review) or before is None or review.party != INTERNAL or review.state != "Open":
		return
	had = {row.user for row in before.participants}
	has = {row.user for row in review.participants}
	for user in has - had:
		review_people.assign(review, user)
	for user in had - has:
		review_people.release(review, user)


def check_signature(signature) -> None:
	"""Signatures are given or voided by the services only."""
	if not steps.is_taken(signature):
		frappe.throw(
			_("A signature is given on the document itself and never edited: use Sign there."),
			title=_("Not made by hand"),
		)


def check_authorship(authorship) -> None:
	"""Noted when content is saved, never by hand."""
	if not authorship.is_new() or not steps.is_taken(authorship):
		frappe.throw(_("Who wrote on a document is noted when it is saved, and never edited."))


def refuse_line_by_itself(row) -> None:
	"""A participant's line is written with its review only."""
	if not frappe.flags.in_uninstall:
		frappe.throw(
			_("This line belongs to review {0} and cannot be changed by itself.").format(
				escape_html(row.parent or "")
			)
		)


def refuse_deletion(doc) -> None:
	"""Evidence is not deleted; only a review on which nobody has decided may go."""
	if frappe.flags.in_uninstall or doc.flags.ignore_evidence:
		return
	if doc.doctype == "Service Review" and not any(row.decision in VERDICTS for row in doc.participants):
		review_people.release(doc)
		return
	frappe.throw(
		_("{0} {1} is kept as evidence and cannot be deleted.").format(_(doc.doctype), frappe.bold(doc.name)),
		title=_("Evidence"),
	)


def _check_lines(review, before) -> None:
	decided = {row.name: row for row in before.participants if row.decision in VERDICTS}
	kept = {row.name: row for row in review.participants}
	for name, row in decided.items():
		now = kept.get(name)
		if not now or any(str(row.get(field) or "") != str(now.get(field) or "") for field in LINE):
			frappe.throw(
				_(
					"Participants, row {0}: {1} has decided. A decision is evidence: it is neither edited nor removed."
				).format(row.idx, frappe.bold(escape_html(row.full_name or row.user))),
				title=_("Evidence"),
			)
	wrote = authors(frappe.get_doc(review.reference_doctype, review.reference_name))
	for row in review.participants:
		if row.name in decided:
			continue
		where = _("Participants, row {0}").format(row.idx)
		if row.decision != "Pending" or row.decided_on or row.content_hash:
			frappe.throw(_("{0}: a decision is given with Give Decision, never by hand.").format(where))
		if review.party == INTERNAL and (not row.user or not is_staff(row.user)):
			frappe.throw(_("{0}: choose a user who works at the desk.").format(where))
		if review.party == INTERNAL and row.user in wrote:
			frappe.throw(
				_("{0}: {1} wrote on this document. Choose somebody else to review it.").format(
					where, frappe.bold(escape_html(row.full_name or row.user))
				),
				title=_("Never the author"),
			)
