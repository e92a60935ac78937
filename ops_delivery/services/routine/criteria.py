"""When a step's state is normal: the criterion as the manual says it, checked when it is written and asked for each reading
(6.2.b.3).

`row` is a step of an Operation Manual, or one as a published content keeps it. Limits are kept as they are typed, and read by
the site's number format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain import numbers
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.shared import number_format

NUMBER, CHOICE, YES_NO, TEXT = "Number", "Choice", "Yes or No", "Text"
NORMAL, AT_RISK, ABNORMAL, NOT_TAKEN = "Normal", "At Risk", "Abnormal", "Not Taken"
YES, NO = "Yes", "No"
LIMITS = ("alarm_low", "warning_low", "warning_high", "alarm_high")
CHOICES = {"normal_choices": NORMAL, "risk_choices": AT_RISK, "abnormal_choices": ABNORMAL}
_UNIT = re.compile(r"[^\d.,'+\-−\s].*$")
_POWER = re.compile(r"[eE][+-]?\d+")
SERIOUS = (ABNORMAL, AT_RISK, NORMAL)


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
		_check_limits(row)
	elif row.criterion == CHOICE:
		_check_choices(row)


def judge(row: Any, typed: str) -> Judged:
	"""What a reading that was typed says. DomainError for what is none: bad_reading, other_unit, not_a_choice, not_yes_or_no."""
	text = cstr(typed).strip()
	if row.criterion == NUMBER:
		number = read_number(text, cstr(row.unit))
		return Judged(text, number, _verdict(number, _limits(row)))
	if row.criterion == CHOICE:
		listed = {choice.casefold(): (choice, verdict) for choice, verdict in _listed(row)}
		if text.casefold() not in listed:
			raise DomainError(
				"not_a_choice",
				"{value} is not one of {known}.",
				value=text,
				known=" / ".join(choice for choice, _verdict in listed.values()),
			)
		choice, verdict = listed[text.casefold()]
		return Judged(choice, None, verdict)
	if row.criterion == YES_NO:
		if text not in (YES, NO):
			raise DomainError("not_yes_or_no", "{value} is neither Yes nor No.", value=text)
		return Judged(text, None, NORMAL if text == (row.normal_answer or YES) else ABNORMAL)
	return Judged(text, None, "")


def not_taken() -> Judged:
	"""A reading that could not be taken: it says so, and never that all is well."""
	return Judged("", None, NOT_TAKEN)


def normal_answer(row: Any) -> str | None:
	"""What "all normal" enters for a step: an answer to choose, where one alone is normal; nothing for numbers and texts."""
	if row.criterion == YES_NO:
		return row.normal_answer or YES
	normal = [choice for choice, verdict in _listed(row) if verdict == NORMAL] if row.criterion == CHOICE else []
	return normal[0] if len(normal) == 1 else None


def choices(row: Any) -> list[str]:
	"""The answers among which one is chosen; none where something is typed."""
	if row.criterion == YES_NO:
		return [YES, NO]
	return [choice for choice, _verdict in _listed(row)] if row.criterion == CHOICE else []


def worst(verdicts: Iterable[str]) -> str:
	"""What all readings together say; "" where none is judged."""
	found = set(verdicts)
	return next((verdict for verdict in SERIOUS if verdict in found), "")


def in_words(row: Any) -> str:
	"""When the state is normal, in the reader's language (plain text)."""
	if row.criterion == NUMBER:
		low, high = row.get("warning_low") or row.get("alarm_low"), row.get("warning_high") or row.get("alarm_high")
		unit = cstr(row.get("unit"))
		if low and high:
			return _("{0} to {1} {2}").format(low, high, unit)
		return _("at least {0} {1}").format(low, unit) if low else _("at most {0} {1}").format(high, unit)
	if row.criterion == YES_NO:
		return _(row.normal_answer or YES)
	if row.criterion == CHOICE:
		return " / ".join(choice for choice, verdict in _listed(row) if verdict == NORMAL)
	return ""


def _verdict(number: float, limits: dict[str, float]) -> str:
	"""A limit itself is still on the good side."""
	if number < limits.get("alarm_low", number) or number > limits.get("alarm_high", number):
		return ABNORMAL
	if number < limits.get("warning_low", number) or number > limits.get("warning_high", number):
		return AT_RISK
	return NORMAL


def read_number(text: str, unit: str) -> float:
	"""The number of a text in which the unit may stand as well ("12 ℃", "１２"). DomainError: bad_reading, other_unit."""
	plain = unicodedata.normalize("NFKC", text).strip()
	wanted = unicodedata.normalize("NFKC", unit).strip()
	found = _UNIT.search(plain)
	typed = found[0].strip() if found else ""
	if typed and typed.casefold() != wanted.casefold() and not _POWER.fullmatch(typed):
		number = plain[: found.start()].strip()
		if number and number[-1].isdigit():
			raise DomainError(
				"other_unit", "{value} is in {typed}, but {unit} is asked for.", value=text, typed=typed, unit=wanted or "-"
			)
	if typed and typed.casefold() == wanted.casefold():
		plain = plain[: found.start()]
	return numbers.read(plain, number_format.site_format())


def _limits(row: Any) -> dict[str, float]:
	return {
		name: numbers.read(cstr(row.get(name)), number_format.site_format())
		for name in LIMITS
		if cstr(row.get(name)).strip()
	}


def _listed(row: Any) -> list[tuple[str, str]]:
	"""The choices of a step with what each says, in the order good to bad."""
	return [
		(line.strip(), verdict)
		for field, verdict in CHOICES.items()
		for line in cstr(row.get(field)).splitlines()
		if line.strip()
	]


def _check_limits(row: Any) -> None:
	for name in LIMITS:
		try:
			_limits(frappe._dict({name: row.get(name)}))
		except DomainError:
			_refuse(row, name, _("{0} is not a number.").format(frappe.bold(escape_html(cstr(row.get(name))))))
	limits = _limits(row)
	if not limits:
		_refuse(row, "alarm_high", _("enter at least one limit; a value that nothing is said of is a Text."))
	if not cstr(row.unit).strip():
		_refuse(row, "unit", _("enter the unit, such as ℃ or %."))
	named = [name for name in LIMITS if name in limits]
	for lower, higher in pairwise(named):
		if limits[lower] > limits[higher]:
			_refuse(
				row,
				higher,
				_("{0} lies below {1} ({2}). Correct one of the two.").format(
					frappe.bold(escape_html(cstr(row.get(higher)))), escape_html(cstr(row.get(lower))), _label(row, lower)
				),
			)


def _check_choices(row: Any) -> None:
	listed = [choice.casefold() for choice, _verdict in _listed(row)]
	if not any(verdict == NORMAL for _choice, verdict in _listed(row)):
		_refuse(row, "normal_choices", _("enter at least one answer that is normal."))
	if len(listed) < 2:
		_refuse(row, "abnormal_choices", _("with one answer there is nothing to choose. Enter those that are not normal, too."))
	for choice, _verdict in _listed(row):
		if listed.count(choice.casefold()) > 1:
			_refuse(row, "normal_choices", _("{0} is listed twice. Remove one.").format(frappe.bold(escape_html(choice))))


def _refuse(row: Any, fieldname: str, text: str) -> None:
	frappe.throw(
		_("Steps, row {0}, {1}: {2}").format(row.idx, frappe.bold(_label(row, fieldname)), text), BadCriterion
	)


def _label(row: Any, fieldname: str) -> str:
	return _(frappe.get_meta("Operation Manual Step").get_label(fieldname), context="Operation Manual Step")
