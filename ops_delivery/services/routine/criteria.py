"""When a step's state is normal: rows of a manual as the domain's steps, their readings judged by it (6.2.b.3, 6.2.b.4).

`row` is a step of an Operation Manual, or one as a published content keeps it. Limits are kept as they are typed, and read by
the site's number format, as readings are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine import normal_state
from ops_delivery.domain.routine.normal_state import Limits, Step
from ops_delivery.domain.routine.typed_readings import read_value
from ops_delivery.services.shared import domain_errors, number_format

NUMBER, CHOICE, YES_NO, TEXT = "Number", "Choice", "Yes or No", "Text"
NORMAL, AT_RISK, ABNORMAL, NOT_TAKEN = "Normal", "At Risk", "Abnormal", "Not Taken"
YES, NO = "Yes", "No"
ANSWERS = {normal_state.YES: YES, normal_state.NO: NO}
KINDS = {
	NUMBER: normal_state.NUMBER,
	CHOICE: normal_state.CHOICE,
	YES_NO: normal_state.QUESTION,
	TEXT: normal_state.NOTE,
}
VERDICTS = {
	normal_state.NORMAL: NORMAL,
	normal_state.AT_RISK: AT_RISK,
	normal_state.ABNORMAL: ABNORMAL,
	normal_state.NOT_SEEN: NOT_TAKEN,
	None: "",
}
STATES = {verdict: state for state, verdict in VERDICTS.items()}
LIMITS = {"alarm_low": "alarm_low", "warning_low": "warn_low", "warning_high": "warn_high", "alarm_high": "alarm_high"}
CHOICES = {"normal_choices": NORMAL, "risk_choices": AT_RISK, "abnormal_choices": ABNORMAL}
# which column of a step a field of the domain is typed in
COLUMNS = {**{theirs: ours for ours, theirs in LIMITS.items()}, "choices": "normal_choices", "title": "step"}
STEP = "Operation Manual Step"
LONGEST_VALUE = 140  # characters of a reading, as its column and those of states and findings hold


class BadCriterion(frappe.ValidationError):
	"""A criterion that judges nothing, or contradicts itself."""


class Judged(NamedTuple):
	"""A reading: its text as it is kept, its number where it is one, and what it says of the state ("" where nothing is judged)."""

	text: str
	number: float | None
	verdict: str


def check(row: Any) -> None:
	"""Refuse a criterion that judges nothing, or contradicts itself; the message names the row. BadCriterion."""
	if row.criterion == NUMBER:
		if not any(cstr(row.get(name)).strip() for name in LIMITS):
			_refuse(row, "alarm_high", _("Enter at least one limit; a value of which nothing is said is a Text."))
		if not cstr(row.unit).strip():
			_refuse(row, "unit", _("Enter the unit, such as ℃ or %."))
	try:
		step_of(row)
	except DomainError as error:
		field = cstr(error.context.get("field"))
		_refuse(row, COLUMNS.get(field, field), domain_errors.message(error))


def step_of(row: Any) -> Step:
	"""A row as the domain's step. DomainError for what contradicts itself, and bad_reading for a limit that is no number."""
	kind = row.get("criterion")
	return Step(
		row.get("step_key") or "new",
		cstr(row.get("step")).strip() or "?",
		KINDS.get(kind, normal_state.NOTE),
		unit=cstr(row.get("unit")).strip() if kind == NUMBER else "",
		limits=_limits(row) if kind == NUMBER else Limits(),
		choices=tuple((choice, STATES[verdict]) for choice, verdict in _listed(row)) if kind == CHOICE else (),
		normal_answer=normal_state.NO if row.get("normal_answer") == NO else normal_state.YES,
		required=bool(cint(row.get("required"))),
		evidence=bool(cint(row.get("photo_needed"))),
	)


def judge(row: Any, typed: str) -> Judged:
	"""What a reading that was typed says. DomainError for what is none: see typed_readings.read_value."""
	step = step_of(row)
	value = read_value(step, _own_word(row, typed), number_format.site_format())
	number = value if isinstance(value, float) else None
	text = cstr(typed).strip() if number is not None else ANSWERS.get(value, cstr(value)) if row.criterion == YES_NO else cstr(value)
	return Judged(text, number, VERDICTS[step.state(value)])


def not_taken() -> Judged:
	"""A reading that could not be taken: it says so, and never that all is well."""
	return Judged("", None, NOT_TAKEN)


def normal_answer(row: Any) -> str | None:
	"""What "all normal" enters for a step, if anything."""
	found = step_of(row).only_normal
	return ANSWERS.get(found, found)


def choices(row: Any) -> list[str]:
	"""The answers among which one is chosen; none where something is typed."""
	if row.criterion == YES_NO:
		return [YES, NO]
	return [choice for choice, _verdict in _listed(row)] if row.criterion == CHOICE else []


def worst(verdicts: Iterable[str]) -> str:
	"""What all readings of a round say together; "" where nothing was judged."""
	found = VERDICTS[normal_state.worst(STATES[verdict] for verdict in verdicts)]
	return "" if found == NOT_TAKEN else found


def in_words(row: Any) -> str:
	"""When the state is normal, in the reader's language (plain text)."""
	if row.criterion == NUMBER:
		low, high = row.get("warning_low") or row.get("alarm_low"), row.get("warning_high") or row.get("alarm_high")
		unit = cstr(row.get("unit"))
		if low and high:
			return _("{0} to {1} {2}").format(low, high, unit)
		return _("at least {0} {1}").format(low, unit) if low else _("at most {0} {1}").format(high, unit)
	if row.criterion == YES_NO:
		return _(ANSWERS[step_of(row).normal_answer])
	if row.criterion == CHOICE:
		return " / ".join(choice for choice, verdict in _listed(row) if verdict == NORMAL)
	return ""


def value_in_words(value: str | None, unit: str | None = "") -> str:
	"""A kept reading as it is read, with its unit, in the reader's language (plain text)."""
	shown = _(cstr(value)) if value in (YES, NO) else cstr(value)
	return f"{shown} {unit}" if shown and unit and unit not in shown else shown


def _own_word(row: Any, typed: str) -> str:
	"""A yes or no in the reader's language is one, too."""
	said = cstr(typed).strip()
	return {_(YES): YES, _(NO): NO}.get(said, said) if row.criterion == YES_NO else said


def _limits(row: Any) -> Limits:
	found = {}
	for ours, theirs in LIMITS.items():
		if text := cstr(row.get(ours)).strip():
			try:
				found[theirs] = number_format.read_text(text)
			except DomainError as error:
				raise DomainError(error.code, error.message, **{**error.context, "field": theirs}) from None
	return Limits(**found)


def _listed(row: Any) -> list[tuple[str, str]]:
	"""The choices of a step with what each says, in the order good to bad."""
	return [
		(line.strip(), verdict)
		for field, verdict in CHOICES.items()
		for line in cstr(row.get(field)).splitlines()
		if line.strip()
	]


def _refuse(row: Any, fieldname: str, text: str) -> None:
	label = frappe.get_meta(STEP).get_label(fieldname)
	frappe.throw(
		_("Steps, row {0}, {1}: {2}").format(row.idx, frappe.bold(escape_html(_(label, context=STEP))), text), BadCriterion
	)
