"""What a survey's answers mean: points, scores, rates, and when there are too few to mean anything (5.4.c, 7.2.d, 7.3.d).

Points and scores run from 0 (worst) to 100 (best). A score is the mean of a sheet's points, weighted; questions that
were left blank are left out. Questions of conduct are counted by themselves and never in a score. Intervals are
Student's t at 95 %: they say how far the mean of all customers may lie from the mean of those who answered.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ops_delivery.domain import periods
from ops_delivery.domain.errors import DomainError

SCORE_5, SCORE_10, YES_NO, CHOICE, TEXT = "Score 1–5", "Score 1–10", "Yes/No", "Choice", "Text"
FEWEST_ANONYMOUS = 3
YES, NO = "Yes", "No"
STEPS = {SCORE_5: 5, SCORE_10: 10}
FULL = 100.0
TEXT_LENGTH = 4000
WIDE = 10.0  # points: a mean that is surer than this by 95 % says something
TOO_FEW, UNSURE, SOUND = "Too Few", "Unsure", "Sound"
SAMPLE_STEPS = 10_000
MONTHS = {"Monthly": 1, "Quarterly": 3, "Half-yearly": 6, "Yearly": 12}
# Student's t, 97.5 %, by degrees of freedom from 1; beyond them by the expansion in _student
_T = (12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139)
_Z = 1.959964


@dataclass(frozen=True)
class Choice:
	"""One thing that can be chosen. points: 0 to 100, None where it does not count."""

	text: str
	points: float | None = None


@dataclass(frozen=True)
class Question:
	"""One question as it is asked. `weight` 0 keeps it out of the score; `good` is the good one of Yes and No."""

	key: str
	text: str
	type: str
	weight: float = 1.0
	conduct: bool = False
	required: bool = True
	choices: tuple[Choice, ...] = ()
	good: str = YES

	@property
	def counts(self) -> bool:
		"""Whether it is part of the score."""
		return self.type != TEXT and not self.conduct and self.weight > 0


@dataclass(frozen=True)
class Answer:
	"""What was answered. points: 0 to 100, None for a text or a choice that does not count."""

	question: Question
	value: str
	points: float | None


def choices(text: str) -> tuple[Choice, ...]:
	"""Choices from lines "Quick = 100" or "Quick". DomainError for fewer than two, one twice, points beyond 0 to 100."""
	found: list[Choice] = []
	for line in filter(None, (line.strip() for line in text.splitlines())):
		name, sign, number = line.rpartition("=")
		points = _number(number) if sign else None
		choice = Choice(name.strip(), points) if points is not None else Choice(line)
		if not choice.text or (choice.points is not None and not 0 <= choice.points <= FULL):
			raise DomainError("bad_choice", "{value} is not a choice with points from 0 to 100.", value=line)
		if choice.text in {other.text for other in found}:
			raise DomainError("double_choice", "{value} stands there twice.", value=choice.text)
		found.append(choice)
	if len(found) < 2:
		raise DomainError("few_choices", "There are fewer than two choices.", value=text)
	return tuple(found)


def points(question: Question, value: str) -> float | None:
	"""What an answer is worth, 0 to 100; None where it is not to be counted. DomainError for an impossible answer."""
	if question.type in STEPS:
		top = STEPS[question.type]
		if not (value.isascii() and value.isdigit() and len(value) <= 2 and 1 <= int(value) <= top):
			raise _not_possible(question, value)
		return FULL * (int(value) - 1) / (top - 1)
	if question.type == YES_NO:
		if value not in (YES, NO):
			raise _not_possible(question, value)
		return FULL if value == question.good else 0.0
	if question.type == CHOICE:
		for choice in question.choices:
			if choice.text == value:
				return choice.points
		raise _not_possible(question, value)
	if len(value) > TEXT_LENGTH:
		raise DomainError(
			"survey_text_too_long",
			"{question}: longer than {limit} characters.",
			question=question.text,
			limit=TEXT_LENGTH,
		)
	return None


def answers(questions: Iterable[Question], given: Mapping[str, str]) -> tuple[Answer, ...]:
	"""The answers of a sheet in the order of the questions; blank ones are left out.

	DomainError where a required one is blank, one is impossible, nothing at all was answered, or a question is unknown.
	"""
	questions = tuple(questions)
	known = {question.key for question in questions}
	for key in given:
		if key not in known:
			raise DomainError("unknown_question", "{value} is no question of this survey.", value=key)
	found = []
	for question in questions:
		value = given.get(question.key, "").strip()
		if value:
			found.append(Answer(question, value, points(question, value)))
		elif question.required:
			raise DomainError("question_blank", "{question}: not answered.", question=question.text)
	if not found:
		raise DomainError("nothing_answered", "Nothing was answered.")
	return tuple(found)


def score(sheet: Iterable[Answer]) -> float | None:
	"""The weighted mean of a sheet's points, 0 to 100; None where nothing that counts was answered."""
	counted = [(a.question.weight, a.points) for a in sheet if a.question.counts and a.points is not None]
	whole = math.fsum(weight for weight, _points in counted)
	if not whole:
		return None
	return min(FULL, max(0.0, math.fsum(weight * value for weight, value in counted) / whole))


def breaches(sheet: Iterable[Answer]) -> tuple[Answer, ...]:
	"""The questions of conduct that were answered worse than half: the service did not keep to its norms."""
	return tuple(a for a in sheet if a.question.conduct and a.points is not None and a.points < FULL / 2)


def is_low(sheet_score: float | None, sheet: Iterable[Answer], low_score: float, low_conduct: bool) -> bool:
	"""Whether a sheet is to be looked into: its score is `low_score` or less (0: never), or conduct was breached."""
	if low_score > 0 and sheet_score is not None and sheet_score <= low_score:
		return True
	return low_conduct and bool(breaches(sheet))


@dataclass(frozen=True)
class Figures:
	"""Scores in one line: how many, their mean, the 95 % interval of it (both None below two), and what it is worth."""

	count: int
	mean: float | None
	low: float | None
	high: float | None
	meaning: str
	spread: float = field(default=0.0, repr=False)  # sample standard deviation

	@property
	def sound(self) -> bool:
		"""Whether the mean says something."""
		return self.meaning == SOUND


def answers_needed(fewest: int) -> int:
	"""How many answers an anonymous round needs before any is shown: of fewer than three everybody could tell whose they are."""
	return max(FEWEST_ANONYMOUS, fewest)


def figures(scores: Sequence[float], fewest: int) -> Figures:
	"""The mean of scores with its interval.

	TOO_FEW below `fewest` answers (at least 2); UNSURE where the mean may lie more than 10 points off; else SOUND.
	"""
	count = len(scores)
	if not count:
		return Figures(0, None, None, None, TOO_FEW)
	mean = math.fsum(scores) / count
	if count < 2:
		return Figures(count, mean, None, None, TOO_FEW)
	spread = math.sqrt(math.fsum((value - mean) ** 2 for value in scores) / (count - 1))
	half = _student(count - 1) * spread / math.sqrt(count)
	meaning = TOO_FEW if count < max(2, fewest) else UNSURE if half > WIDE else SOUND
	return Figures(count, mean, max(0.0, mean - half), min(FULL, mean + half), meaning, spread)


@dataclass(frozen=True)
class Change:
	"""How a mean changed. clear: the change is larger than chance would explain (95 %, Welch)."""

	difference: float
	margin: float | None
	clear: bool


def change(before: Figures, after: Figures) -> Change | None:
	"""The change between two independent groups of answers; None where one of them has no mean."""
	if before.mean is None or after.mean is None:
		return None
	difference = after.mean - before.mean
	if before.count < 2 or after.count < 2:
		return Change(difference, None, False)
	first, second = before.spread**2 / before.count, after.spread**2 / after.count
	error = first + second
	if not error:
		margin = 0.0
	else:
		freedom = error**2 / (first**2 / (before.count - 1) + second**2 / (after.count - 1))
		margin = _student(max(1, math.floor(freedom))) * math.sqrt(error)
	enough = TOO_FEW not in (before.meaning, after.meaning)
	return Change(difference, margin, enough and abs(difference) > margin)


def rate(part: int, whole: int) -> float | None:
	"""A part of a whole, 0 to 1; None where there is no whole."""
	return part / whole if whole else None


def sampled(key: str, percent: float) -> bool:
	"""Whether a record belongs to the sample of so many percent. The same key is always answered the same, and a key
	that belongs to a sample belongs to every larger one."""
	number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
	return number % SAMPLE_STEPS < percent * SAMPLE_STEPS / 100


def period(start: date, months: int, day: date) -> tuple[date, date] | None:
	"""The period of so many months, counted from `start`, in which a day lies: (first, last day); None before it."""
	return periods.at(start, months, day)


def quarter(day: date) -> tuple[date, date]:
	"""The calendar quarter of a day: (first, last day)."""
	found = period(date(day.year, 1, 1), 3, day)
	assert found
	return found


def _student(freedom: int) -> float:
	"""The 97.5 % quantile of Student's t (error below 0.001)."""
	if freedom <= len(_T):
		return _T[freedom - 1]
	z, v = _Z, float(freedom)
	first = (z**3 + z) / 4
	second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
	third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
	return z + first / v + second / v**2 + third / v**3


def _number(text: str) -> float | None:
	try:
		value = float(text.strip())
	except ValueError:
		return None
	return value if math.isfinite(value) else None


def _not_possible(question: Question, value: str) -> DomainError:
	return DomainError(
		"survey_answer_not_possible",
		"{question}: {value} is not one of the answers.",
		question=question.text,
		value=value[:80],
	)
