"""What an optimization plan must say before it goes on: the nine items, and what later phases add (5.3.g, 6.4.a–f, 8.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from frappe import _
from frappe.utils import cint, cstr, flt, getdate, strip_html

from ops_delivery.domain.optimization import (
	APPROVED,
	CANCELLED,
	CLOSED,
	IMPLEMENTATION_REVIEW,
	IN_PROGRESS,
	PROPOSAL_REVIEW,
	ROLLED_BACK,
	TRIAL_RUN,
)
from ops_delivery.domain.states import SECURED
from ops_delivery.services.reviews.registry import REGISTRY

DOCTYPE = "Optimization Plan"


@dataclass(frozen=True)
class Gap:
	"""Something missing: the phase that needs it, the part it belongs to, the field to go to, and a sentence."""

	phase: str
	fieldname: str
	part: str
	text: str


def rank(phase: str | None) -> int:
	"""The place of a phase on the plan's path; -1 off the path (Rolled Back, Cancelled)."""
	place = REGISTRY[DOCTYPE].rank(phase)
	return -1 if place is None else place


def missing(doc, phase: str) -> list[Gap]:
	"""What the plan lacks to be in that phase, in the order of the form. Rolled Back needs what was started, no more."""
	if phase == CANCELLED:
		return []
	reached = rank(IN_PROGRESS if phase == ROLLED_BACK else phase)
	gaps = [gap for gap in _on_the_path(doc) if rank(gap.phase) <= reached]
	return [*gaps, *_rollback(doc)] if phase == ROLLED_BACK else gaps


def label(part, fieldname: str) -> str:
	"""The label of a field of the plan or of one of its rows, in the reader's language."""
	return _(part.meta.get_label(fieldname), context=part.doctype)


def where(doc, fieldname: str, row=None, title: str = "") -> str:
	"""A field, or a row of a table, as a reader finds it: 'Steps, row 2 (Build the index)'."""
	table = label(doc, fieldname)
	if row is None:
		return table
	said = cstr(title or row.get("step") or row.get("metric_name") or row.get("risk") or "").strip()
	if len(said) > 40:
		said = said[:39] + "…"
	return (
		_("{0}, row {1} ({2})").format(table, row.idx, said)
		if said
		else _("{0}, row {1}").format(table, row.idx)
	)


def _on_the_path(doc) -> Iterator[Gap]:
	yield from _proposal(doc)
	yield from _implementation(doc)
	yield from _readiness(doc)
	yield from _done(doc)
	yield from _closing(doc)


def _proposal(doc) -> Iterator[Gap]:
	"""Of the nine items of 6.4.a: goals, content, indicators, budget and the period of the schedule."""
	for fieldname in ("goals", "content"):
		if _blank(doc, fieldname):
			yield _gap(PROPOSAL_REVIEW, doc, fieldname)
	if not doc.metrics:
		yield _gap(PROPOSAL_REVIEW, doc, "metrics", _("Measurement Indicators"))
	if not flt(doc.budget) and _blank(doc, "budget_note"):
		yield Gap(
			PROPOSAL_REVIEW,
			"budget",
			_("Budget"),
			_("{0}: give an amount, or say in {1} who bears the effort.").format(
				_("Budget"), label(doc, "budget_note")
			),
		)
	if not (doc.start_date and doc.end_date):
		yield Gap(
			PROPOSAL_REVIEW,
			"end_date" if doc.start_date else "start_date",
			_("Schedule", context=DOCTYPE),
			_("{0}: give {1} and {2}.").format(
				_("Schedule", context=DOCTYPE), label(doc, "start_date"), label(doc, "end_date")
			),
		)


def _implementation(doc) -> Iterator[Gap]:
	"""The rest of the nine: steps with their dates, people, risk contingency and rollback; trial run and security."""
	phase = IMPLEMENTATION_REVIEW
	if not doc.steps:
		yield _gap(phase, doc, "steps")
	for row in doc.steps:
		yield from _cells(phase, doc, "steps", row, ("owner_user", "start_date", "end_date"))
		if row.start_date and row.end_date and doc.start_date and doc.end_date:
			if getdate(row.start_date) < getdate(doc.start_date) or getdate(row.end_date) > getdate(
				doc.end_date
			):
				yield Gap(
					phase,
					"steps",
					_("Schedule", context=DOCTYPE),
					_(
						"{0}: its dates lie outside the plan's ({1} to {2}). Move the step, or revise the plan."
					).format(where(doc, "steps", row), _date(doc, "start_date"), _date(doc, "end_date")),
				)
	if not doc.people:
		yield _gap(phase, doc, "people")
	if not doc.risks:
		yield _gap(phase, doc, "risks", _("Risk Contingency Plan"))
	for row in doc.risks:
		yield from _cells(phase, doc, "risks", row, ("measure", "owner_user"))
	for fieldname in ("rollback_trigger", "rollback_steps"):
		if _blank(doc, fieldname):
			yield _gap(phase, doc, fieldname, _("Rollback Plan"))
	for row in doc.rollback_steps:
		yield from _cells(phase, doc, "rollback_steps", row, ("owner_user",))
	for fieldname in ("trial_days", "readings_needed"):
		if cint(doc.get(fieldname)) < 1:
			yield Gap(
				phase,
				fieldname,
				_("Trial Run"),
				_("{0}: at least one is needed.").format(label(doc, fieldname)),
			)
	named = {row.factor for row in doc.security_checks}
	absent = [factor for factor in SECURED if factor not in named]
	if absent:
		yield Gap(
			phase,
			"security_checks",
			_("Security Check"),
			_("{0}: say what is required of {1}.").format(
				_("Security Check"),
				", ".join(_(factor, context="Optimization Security Check") for factor in absent),
			),
		)


def _readiness(doc) -> Iterator[Gap]:
	"""Before anything is touched: the rollback was rehearsed, security is met, the customer confirmed (6.4.f, 6.4.h)."""
	for row in doc.rollback_steps:
		if not row.rehearsal_result or (not row.rehearsed_on and row.rehearsal_result != "Not Possible"):
			yield Gap(
				IN_PROGRESS,
				"rollback_steps",
				_("Rehearsal"),
				_("{0}: rehearse it and record when, and the result.").format(
					where(doc, "rollback_steps", row)
				),
			)
		elif row.rehearsal_result == "Failed":
			yield Gap(
				IN_PROGRESS,
				"rollback_steps",
				_("Rehearsal"),
				_("{0}: the rehearsal failed. Mend the step and rehearse it again.").format(
					where(doc, "rollback_steps", row)
				),
			)
	for row in doc.security_checks:
		if not row.result:
			text = _("{0}: record the result of the check.")
		elif row.result == "Not Fulfilled":
			text = _("{0}: the requirement is not met. See to it, and check again.")
		else:
			continue
		yield Gap(
			IN_PROGRESS,
			"security_checks",
			_("Security Check"),
			text.format(where(doc, "security_checks", row, _(row.factor, context=row.doctype))),
		)
	if _blank(doc, "confirmed_by") or not doc.confirmed_on:
		yield Gap(
			IN_PROGRESS,
			"confirmed_by",
			_("Customer's Confirmation"),
			_("Customer's Confirmation: say who confirmed the plan for the customer, and when."),
		)
	for row in doc.suggestions:
		if not row.taken_up:
			yield Gap(
				IN_PROGRESS,
				"suggestions",
				_("Suggestions of the customer"),
				_("{0}: say whether it is taken up.").format(where(doc, "suggestions", row, row.suggestion)),
			)


def _done(doc) -> Iterator[Gap]:
	"""Before the trial run: every step is done, and what was changed is on record (8.5.b.3)."""
	for row in doc.steps:
		yield from _cells(TRIAL_RUN, doc, "steps", row, ("done_on",))
	if not doc.changes:
		yield _gap(TRIAL_RUN, doc, "changes")
	for row in doc.changes:
		yield from _cells(TRIAL_RUN, doc, "changes", row, ("done_on", "done_by"), row.change)
	for fieldname in ("trial_start", "trial_end"):
		if not doc.get(fieldname):
			yield _gap(TRIAL_RUN, doc, fieldname)


def _closing(doc) -> Iterator[Gap]:
	"""Before closing, besides the gate and the leftovers: results of the changes and the retrospective (6.4.e)."""
	for row in doc.changes:
		yield from _cells(CLOSED, doc, "changes", row, ("result",), row.change)
	for fieldname in (
		"went_well",
		"went_badly",
		"lessons",
		"goals_result",
		"retrospective_on",
		"retrospective_people",
	):
		if _blank(doc, fieldname):
			yield _gap(CLOSED, doc, fieldname, _("Retrospective"))


def _rollback(doc) -> Iterator[Gap]:
	for fieldname in ("rollback_reason", "rollback_cause", "rolled_back_on", "rollback_result"):
		if _blank(doc, fieldname):
			yield _gap(ROLLED_BACK, doc, fieldname, _("Rollback"))


def _cells(phase: str, doc, table: str, row, fieldnames: tuple[str, ...], title: str = "") -> Iterator[Gap]:
	for fieldname in fieldnames:
		if not cstr(row.get(fieldname)).strip():
			column = label(row, fieldname)
			yield Gap(
				phase,
				table,
				label(doc, table),
				_("{0}: fill in {1}.").format(where(doc, table, row, title), column),
			)


def _gap(phase: str, doc, fieldname: str, part: str = "") -> Gap:
	named = label(doc, fieldname)
	if part and part != named:
		return Gap(phase, fieldname, part, _("{0}: fill in {1}.").format(part, named))
	return Gap(phase, fieldname, named, _("Fill in {0}.").format(named))


def _blank(doc, fieldname: str) -> bool:
	value: Any = doc.get(fieldname)
	if isinstance(value, list):
		return not value
	return not strip_html(cstr(value)).strip()


def _date(doc, fieldname: str) -> str:
	return doc.get_formatted(fieldname)
