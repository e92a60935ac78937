"""What a step of an operation manual asks for, and when the state it finds is normal.

A step takes a number with limits, one of some allowed values, a yes or no, or a note that nobody judges. What was not answered
is not seen: never normal.

Written for clauses 6.2.b.3, 6.2.b.4 and 8.3.a.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from ops_delivery.domain.errors import DomainError

NORMAL, AT_RISK, ABNORMAL, NOT_SEEN = "normal", "at_risk", "abnormal", "not_seen"
JUDGED = (NORMAL, AT_RISK, ABNORMAL)  # from the best to the worst

NUMBER, CHOICE, QUESTION, NOTE = "number", "choice", "question", "note"
KINDS = (NUMBER, CHOICE, QUESTION, NOTE)
YES, NO = "yes", "no"

Value = float | str | None


@dataclass(frozen=True)
class Limits:
	"""The limits of a number; a value equal to a limit is still within it. None: no limit on that side.

	Within the warning limits a value is normal, outside them but within the alarm limits at risk, outside these abnormal.
	A side without a warning limit has no risk, one without an alarm limit no fault.
	"""

	alarm_low: float | None = None
	warn_low: float | None = None
	warn_high: float | None = None
	alarm_high: float | None = None

	def __post_init__(self) -> None:
		"""DomainError: limit_no_number, limits_out_of_order."""
		named = [(name, getattr(self, name)) for name in ("alarm_low", "warn_low", "warn_high", "alarm_high")]
		given = [(name, value) for name, value in named if value is not None]
		for name, value in given:
			if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
				raise DomainError("limit_no_number", "The limit {field} is {value!r}, which is no number.", field=name, value=value)
		for (lower_name, lower), (upper_name, upper) in pairwise(given):
			if lower > upper:
				raise DomainError(
					"limits_out_of_order",
					"{lower} is {lower_value}, which is above {field}, {value}. From low to high: alarm, warning, warning, alarm.",
					field=upper_name,
					value=upper,
					lower=lower_name,
					lower_value=lower,
				)

	def __bool__(self) -> bool:
		return (self.alarm_low, self.warn_low, self.warn_high, self.alarm_high) != (None,) * 4

	def state(self, value: float) -> str:
		"""The state that a value shows."""
		if _outside(value, self.alarm_low, self.alarm_high):
			return ABNORMAL
		return AT_RISK if _outside(value, self.warn_low, self.warn_high) else NORMAL


@dataclass(frozen=True)
class Step:
	"""One thing to look at.

	`unit`: what a number is measured in. `least`, `most`: what a number can be at all; outside lies a slip of the keyboard.
	`choices`: the allowed values, each with the state it shows. `normal_answer`: which answer to a question is normal,
	`other_answer` the state that the other one shows. `required`: a round is not complete without it. `evidence`: a photo is needed.
	"""

	key: str
	title: str
	kind: str
	unit: str = ""
	limits: Limits = Limits()
	least: float | None = None
	most: float | None = None
	choices: tuple[tuple[str, str], ...] = ()
	normal_answer: str = YES
	other_answer: str = ABNORMAL
	required: bool = True
	evidence: bool = False

	def __post_init__(self) -> None:
		"""DomainError: step_without_key, step_bad_kind, step_part_misplaced, step_without_choices, step_choice_twice,
		step_without_normal_choice, step_bad_state, step_limit_impossible."""
		_check_step(self)

	@property
	def only_normal(self) -> str | None:
		"""What "all normal" enters: the answer to choose where one alone is normal; nothing for what has to be read, written
		down or shown."""
		if self.evidence:
			return None
		if self.kind == QUESTION:
			return self.normal_answer
		normal = [choice for choice, state in self.choices if state == NORMAL]
		return normal[0] if len(normal) == 1 else None

	def lacks(self, recorded: bool, shown: bool) -> bool:
		"""Whether a round is not complete at this step: nothing is recorded where it must be, or what is recorded has to be shown
		by a photo and is not. What could not be taken, and says why, is recorded, and there is nothing to show."""
		return self.evidence and not shown if recorded else self.required

	def state(self, value: Value) -> str | None:
		"""The state that a value shows: normal, at_risk or abnormal; not_seen where there is none.

		None for a value that the manual only wants recorded. DomainError: step_value (a value that the step cannot have).
		"""
		if value is None or value == "":
			return NOT_SEEN
		if self.kind == NUMBER and isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
			return self.limits.state(value) if self.limits else None
		if self.kind == CHOICE and value in dict(self.choices):
			return dict(self.choices)[value]
		if self.kind == QUESTION and value in (YES, NO):
			return NORMAL if value == self.normal_answer else self.other_answer
		if self.kind == NOTE and isinstance(value, str):
			return None
		raise DomainError(
			"step_value", "{value!r} is no value that {step} can have.", field=self.key, value=value, step=self.title
		)


def worst(states: Iterable[str | None]) -> str:
	"""The state of an object, or of a round, from those of its steps: abnormal, at_risk, not_seen, normal, in this order.

	What was only recorded says nothing. Without anything that was judged it is not seen: nobody can say that it is normal.
	"""
	seen = {state for state in states if state is not None}
	return next((state for state in (ABNORMAL, AT_RISK, NOT_SEEN, NORMAL) if state in seen), NOT_SEEN)


def _outside(value: float, low: float | None, high: float | None) -> bool:
	return (low is not None and value < low) or (high is not None and value > high)


def _check_step(step: Step) -> None:
	def wrong(code: str, field: str, value: object, message: str) -> DomainError:
		return DomainError(code, "{step}: " + message, field=field, value=value, step=step.title or step.key)

	if not step.key.strip() or not step.title.strip():
		raise wrong("step_without_key", "title", step.title, "the step needs a title.")
	if step.kind not in KINDS:
		raise wrong("step_bad_kind", "kind", step.kind, "there is no kind {value!r}. Choose number, choice, question or note.")
	numeric = bool(step.unit.strip() or step.limits or step.least is not None or step.most is not None)
	if step.kind != NUMBER and numeric:
		raise wrong("step_part_misplaced", "unit", step.unit, "a unit and limits belong to a number. Take them out, or make it a number.")
	if step.kind != CHOICE and step.choices:
		raise wrong("step_part_misplaced", "choices", step.choices, "allowed values belong to a choice. Take them out, or make it a choice.")
	if step.kind == CHOICE:
		_check_choices(step, wrong)
	if step.kind == QUESTION and (step.normal_answer not in (YES, NO) or step.other_answer not in (AT_RISK, ABNORMAL)):
		raise wrong("step_bad_state", "normal_answer", step.normal_answer, "a question has a normal answer, yes or no, and one that shows a risk or a fault.")
	if step.kind == NUMBER:
		_check_possible(step, wrong)


def _check_choices(step: Step, wrong) -> None:
	names = [name for name, _state in step.choices]
	if len(names) < 2 or not all(name.strip() for name in names):
		raise wrong("step_without_choices", "choices", names, "a choice needs two allowed values at least, none of them empty.")
	if doubled := [name for name in names if names.count(name) > 1]:
		raise wrong("step_choice_twice", "choices", doubled[0], "the allowed value {value} is listed twice.")
	if unknown := [state for _name, state in step.choices if state not in JUDGED]:
		raise wrong("step_bad_state", "choices", unknown[0], "{value!r} is no state. Choose normal, at_risk or abnormal.")
	if NORMAL not in [state for _name, state in step.choices]:
		raise wrong("step_without_normal_choice", "choices", names, "none of the allowed values is normal.")


def _check_possible(step: Step, wrong) -> None:
	limits = step.limits
	for name in ("alarm_low", "warn_low", "warn_high", "alarm_high"):
		value = getattr(limits, name)
		if value is not None and _outside(value, step.least, step.most):
			raise wrong("step_limit_impossible", name, value, "the limit {value} lies outside what the value can be.")
	if step.least is not None and step.most is not None and step.least >= step.most:
		raise wrong("step_limit_impossible", "most", step.most, "the most it can be, {value}, is not above the least.")
