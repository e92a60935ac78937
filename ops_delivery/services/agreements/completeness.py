"""Whether an agreement says everything it has to say (5.2.a, 5.2.g–i, 6.3.a–c): each missing part by its name.

A draft may be saved with gaps; internal review does not begin before they are filled, nor before everything is there
that being in force will ask for: agreed parts, people whom escalation reaches, somebody for each review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cint, escape_html, flt

from ops_delivery.services.agreements import agreed_parts
from ops_delivery.services.agreements import checks as agreement_checks
from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.reviews import participants as review_people
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.registry import REGISTRY

BLANK = "[…]"
FIRST = "Draft"


class Incomplete(frappe.ValidationError):
	"""An agreement was to be reviewed or submitted with parts missing."""


@dataclass(frozen=True)
class Lack:
	"""A missing part: the field to fill in, its label and what is missing in words (plain text, translated)."""

	field: str
	label: str
	text: str


def missing(doc) -> list[Lack]:
	"""What the text of an agreement lacks before it can be reviewed, in the order of its form."""
	return _found(doc, CHECKS)


def open_points(doc) -> list[Lack]:
	"""Everything an agreement lacks before it can be reviewed: also what its later steps, to be in force, would ask for, so
	that nothing is found out after people have reviewed and signed."""
	return _found(doc, (*CHECKS, *FORCE, _reviewers))


def advice(doc) -> list[str]:
	"""What both parties should look at; nothing is refused for it (plain text, translated)."""
	return [text for check in ADVICE for text in check(doc)]


def require_for_phase(doc) -> None:
	"""Refuse (Incomplete) a draft whose phase it is not complete for, naming each missing part at once.

	A step forward asks for everything that being in force will ask for; a change within a review only for the content:
	what it opens again is agreed again before the next step.
	"""
	if doc.docstatus == 0 and doc.status != FIRST:
		_refuse(doc, open_points(doc), _reviews_missing(doc)) if _moves_on(doc) else _refuse(doc, missing(doc))
	elif doc.docstatus == 1 and doc.get_doc_before_save() and doc.get_doc_before_save().docstatus == 0:
		require(doc)


def require(doc) -> None:
	"""Refuse (Incomplete) to put an agreement in force that lacks anything for it, naming each missing part at once."""
	_refuse(doc, _found(doc, (*CHECKS, *FORCE)), _reviews_missing(doc))


def open_lines(doc) -> list[str]:
	"""What keeps an agreement from being signed, as HTML lines: a signature is not asked for what cannot be in force."""
	return [_line(lack) for lack in _found(doc, (*CHECKS, *FORCE))]


def _line(lack: Lack) -> str:
	return f"{frappe.bold(escape_html(lack.label))}: {escape_html(lack.text)}"


def _moves_on(doc) -> bool:
	entry, before = REGISTRY[doc.doctype], doc.get_doc_before_save()
	was = entry.rank(before.status) if before else 0
	now = entry.rank(doc.status)
	return was is None or now is None or now > was


def _found(doc, checks) -> list[Lack]:
	return [
		Lack(field, _(doc.meta.get_label(field), context=doc.doctype), text)
		for check in checks
		for field, text in check(doc)
	]


def _reviews_missing(doc) -> list[str]:
	"""The reviews and signatures that the phase to be entered lacks besides, as HTML lines: all in one answer."""
	entry, before = REGISTRY[doc.doctype], doc.get_doc_before_save()
	phase = doc.status if doc.docstatus == 0 else entry.submitted_as
	return [need.text for need in reviews.missing(doc, phase, entry.rank(before.status) if before else None)]


def _refuse(doc, found: list[Lack], besides: Iterable[str] = ()) -> None:
	if not found:
		return
	frappe.throw(
		_("{0} is not complete yet and cannot be reviewed or signed. Fill in:").format(
			frappe.bold(escape_html(doc.title or doc.name or ""))
		)
		+ "<ul>"
		+ "".join(f"<li>{line}</li>" for line in (*map(_line, found), *besides))
		+ "</ul>",
		Incomplete,
		title=_("Agreement not complete"),
	)


def _blank(*fields: str) -> Callable[..., Iterator[tuple[str, str]]]:
	def check(doc) -> Iterator[tuple[str, str]]:
		for field in fields:
			if not str(doc.get(field) or "").strip():
				yield field, _("is blank")

	return check


def _scope(doc) -> Iterator[tuple[str, str]]:
	if not doc.scope:
		yield "scope", _("no service is listed")
	for row in doc.scope:
		if not row.frequency:
			yield "scope", _("row {0} ({1}): how often?").format(row.idx, row.service_item)
		if not (row.deliverables or "").strip():
			yield "scope", _("row {0} ({1}): what is delivered?").format(row.idx, row.service_item)
	if not doc.covers_all_objects and not doc.objects:
		yield "objects", _("no service object is named, and it does not cover every object")


def _promise(doc) -> Iterator[tuple[str, str]]:
	rows = [row for row in doc.targets if cint(row.target)]
	if not any(row.commitment == "First Response" for row in rows):
		yield "targets", _("no target for the first response")
	promised = {(row.commitment, row.priority) for row in rows}
	if ("First Response", doc.default_priority) not in promised and any(
		commitment == "First Response" for commitment, _priority in promised
	):
		yield (
			"targets",
			_("no target for the first response at {0}, the priority before triage").format(
				_(doc.default_priority or "")
			),
		)
	if not doc.channels:
		yield "channels", _("no channel is announced")
	if not any(row.user for row in doc.contacts):
		yield "contacts", _("nobody of the supplier is named")


def _assessed(doc) -> Iterator[tuple[str, str]]:
	yield from _blank("assessment_frequency")(doc)
	if problem := agreement_metrics.problem(doc):
		yield "metrics", problem
	for row in doc.metrics:
		said = any(
			(row.get(field) or "").strip()
			for field in ("reward", "penalty", "reward_formula", "penalty_formula")
		)
		if not said and not (doc.result_terms or "").strip():
			yield "metrics", _("row {0} ({1}): which reward or penalty follows?").format(row.idx, row.metric)
	if (doc.result_formula or "").strip() and not (doc.result_terms or "").strip():
		yield "result_terms", _("put in words what follows from the score")


def _paid(doc) -> Iterator[tuple[str, str]]:
	yield from _blank("fee_basis")(doc)
	if doc.fee_basis and doc.fee_basis != "Free of Charge":
		if flt(doc.fee) <= 0:
			yield "fee", _("is blank")
		yield from _blank("currency", "billing_frequency", "payment_terms")(doc)


def _blanks(doc) -> Iterator[tuple[str, str]]:
	"""The blanks a template leaves to be filled in."""
	for df in doc.meta.fields:
		value = doc.get(df.fieldname)
		if isinstance(value, str) and BLANK in value:
			yield df.fieldname, _("fill in what stands as {0}").format(BLANK)
		elif df.fieldtype == "Table":
			for row in value or []:
				if any(isinstance(cell, str) and BLANK in cell for cell in row.as_dict().values()):
					yield df.fieldname, _("row {0}: fill in what stands as {1}").format(row.idx, BLANK)


def _amended(doc) -> Iterator[tuple[str, str]]:
	if doc.previous_version and not (doc.amendment_reason or "").strip():
		yield "amendment_reason", _("say why the agreement is amended")


CHECKS: tuple[Callable[..., Iterator[tuple[str, str]]], ...] = (
	_blank("title", "customer", "company", "start_date", "end_date", "owner_user"),
	_amended,
	_scope,
	_blank("calendar", "priority_matrix", "default_priority", "escalation_policy"),
	_promise,
	_assessed,
	_paid,
	_blank("supplier_duties", "customer_duties", "reporting_frequency", "survey_frequency"),
	_blank("complaint_channel", "security_terms"),
	_blanks,
)


def _agreed(doc) -> Iterator[tuple[str, str]]:
	"""What is to be agreed with the customer in particular and is open, or was changed since (5.2.i)."""
	for text in agreed_parts.open_points(doc):
		yield "agreed_parts", text


def _reviewers(doc) -> Iterator[tuple[str, str]]:
	"""Reviews on the way that nobody could give (6.4.b)."""
	rules = [] if doc.is_new() else review_rules.for_document(doc)
	standings = reviews.standing_of(doc, rules)
	for rule in rules:
		if not standings[rule.name].met and not review_people.people(rule, doc):
			yield "customer" if rule.party == review_rules.CUSTOMER else "status", review_people.nobody(rule, doc)


# what Put in Force asks for beyond the content
FORCE: tuple[Callable[..., Iterator[tuple[str, str]]], ...] = (agreement_checks.before_force, _agreed)


def _open_targets(doc) -> Iterator[str]:
	order = (
		[row.priority for row in frappe.get_cached_doc("Priority Matrix", doc.priority_matrix).priorities]
		if doc.priority_matrix
		else []
	)
	rows = [row for row in doc.targets if cint(row.target)]
	for commitment in dict.fromkeys(row.commitment for row in rows):
		promised = {row.priority for row in rows if row.commitment == commitment}
		if gaps := [priority for priority in order if priority not in promised]:
			yield _("{0}: nothing is promised for {1}").format(
				_(commitment, context="Service Commitment"), ", ".join(map(_, gaps))
			)


def _people(doc) -> Iterator[str]:
	named = {row.contact_role for row in doc.contacts}
	if "Escalation Manager" not in named:
		yield _("No escalation manager is named")
	if "Senior Expert" not in named:
		yield _("No senior expert is named")
	if "Customer Contact" not in named:
		yield _("No contact person of the customer is named")


def _words(doc) -> Iterator[str]:
	if not (doc.commitments_text or "").strip():
		yield _("The commitments are not put in words for the customer")
	contents = {row.service_content for row in doc.scope}
	if doc.scope and "Response Support" not in contents:
		yield _("Response targets are promised, but response support is not among the services")
	if not doc.agreed_parts:
		yield _("No part is marked as agreed with the customer in particular")


ADVICE: tuple[Callable[..., Iterator[str]], ...] = (_open_targets, _people, _words)
