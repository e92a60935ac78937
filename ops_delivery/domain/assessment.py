"""Assessing a period of service by what the agreement says: metrics, weights, rewards and penalties (clause 5.2.g).

A metric's value comes from a formula over named figures. Its score is 100 where the target is reached, else in
proportion to it, unless the metric has a score formula of its own. The score of the period is the weighted mean.
Amounts are in the agreement's currency; what is taken off together is limited by the agreed share of the fee.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ops_delivery.domain import formula
from ops_delivery.domain.errors import DomainError

AT_LEAST, AT_MOST = "At Least", "At Most"
FULL = 100.0
OWN_NAMES = frozenset({"value", "target", "score"})
RESULT_NAMES = frozenset({"score", "rewards", "penalties"})


@dataclass(frozen=True)
class Metric:
	"""One line of the assessment. `weight` in percent; blank formulas: proportionate score, no reward, no penalty."""

	name: str
	unit: str
	value: str
	target: float
	weight: float
	direction: str = AT_LEAST
	score: str = ""
	reward: str = ""
	penalty: str = ""


@dataclass(frozen=True)
class Line:
	"""What came of a metric. value and score are None where a figure it needs has no value (`lacking` names it):
	then it is left out and the other weights count for the whole."""

	metric: Metric
	value: float | None
	score: float | None
	reward: float = 0.0
	penalty: float = 0.0
	lacking: str = ""

	@property
	def reached(self) -> bool | None:
		"""Whether the target was reached; None where it could not be told."""
		return None if self.value is None else reaches(self.metric, self.value)


@dataclass(frozen=True)
class Result:
	"""A period assessed. `amount` is what is added to its fee (negative: taken off), `capped` whether the limit bit."""

	lines: tuple[Line, ...]
	score: float | None
	rewards: float
	penalties: float
	by_score: float
	amount: float
	capped: bool
	figures: Mapping[str, float | None]


def check(metrics: Sequence[Metric], known: frozenset[str], result: str = "") -> None:
	"""Refuse metrics that could not be worked out with the `known` figures, by the path of what is wrong.

	Codes beside those of formulas: no_metrics, duplicate_metric, metric_without_unit, bad_weight, weights_not_full.
	"""
	if not metrics:
		raise DomainError("no_metrics", "Nothing is assessed.", field="metrics")
	seen: set[str] = set()
	for index, metric in enumerate(metrics):
		path = f"metrics[{index}]"
		if metric.name in seen:
			raise DomainError(
				"duplicate_metric", "{value} is assessed twice.", field=f"{path}.name", value=metric.name
			)
		seen.add(metric.name)
		if not metric.unit.strip():
			raise DomainError(
				"metric_without_unit", "{value} has no unit.", field=f"{path}.unit", value=metric.name
			)
		if not (0 < metric.weight <= FULL):
			raise DomainError(
				"bad_weight",
				"The weight {value} is not above 0 and at most 100.",
				field=f"{path}.weight",
				value=metric.weight,
			)
		_check_formula(f"{path}.value", metric.value, known)
		for name, text in (("score", metric.score), ("reward", metric.reward), ("penalty", metric.penalty)):
			if text.strip():
				own = OWN_NAMES - {"score"} if name == "score" else OWN_NAMES
				_check_formula(f"{path}.{name}", text, known | own)
	if result.strip():
		_check_formula("result", result, known | RESULT_NAMES)
	total = math.fsum(metric.weight for metric in metrics)
	if abs(total - FULL) > 0.005:
		raise DomainError(
			"weights_not_full",
			"The weights add up to {value}, not to 100.",
			field="metrics",
			value=round(total, 2),
		)


def evaluate(
	metrics: Sequence[Metric],
	figures: Mapping[str, float | None],
	result: str = "",
	cap: float = 0.0,
	fee: float = 0.0,
) -> Result:
	"""Assess a period. `cap` is the largest share (percent) of `fee` that may be taken off in all, 0 for no limit.

	DomainError as formulas raise, with the path of the formula; negative_amount where a reward or penalty is below 0.
	"""
	lines = tuple(_line(index, metric, figures) for index, metric in enumerate(metrics))
	counted = [line for line in lines if line.score is not None]
	weight = math.fsum(line.metric.weight for line in counted)
	score = math.fsum(line.score * line.metric.weight for line in counted) / weight if weight else None
	rewards = math.fsum(line.reward for line in lines)
	penalties = math.fsum(line.penalty for line in lines)
	by_score = 0.0
	if result.strip() and score is not None:
		names = {**figures, "score": score, "rewards": rewards, "penalties": penalties}
		by_score = _at("result", result, names)
	amount = rewards - penalties + by_score
	floor = -fee * cap / 100 if cap and fee else -math.inf
	return Result(
		lines,
		score,
		rewards,
		penalties,
		by_score,
		max(amount, floor),
		capped=amount < floor,
		figures=dict(figures),
	)


def reaches(metric: Metric, value: float) -> bool:
	"""Whether a value is as good as the target."""
	return value <= metric.target if metric.direction == AT_MOST else value >= metric.target


def in_proportion(metric: Metric, value: float) -> float:
	"""The score of a value without a formula of its own: 100 where the target is reached, else value to target (or
	target to value, where less is better), never below 0."""
	if reaches(metric, value):
		return FULL
	part, whole = (metric.target, value) if metric.direction == AT_MOST else (value, metric.target)
	return max(0.0, FULL * part / whole) if whole > 0 else 0.0


def _line(index: int, metric: Metric, figures: Mapping[str, float | None]) -> Line:
	path = f"metrics[{index}]"
	names: dict[str, float | None] = {**figures, "target": metric.target}
	try:
		value = names["value"] = _at(f"{path}.value", metric.value, figures)
		score = _at(f"{path}.score", metric.score, names) if metric.score.strip() else None
		names["score"] = score = in_proportion(metric, value) if score is None else score
		reward, penalty = (
			_amount(f"{path}.{name}", text, names)
			for name, text in (("reward", metric.reward), ("penalty", metric.penalty))
		)
	except DomainError as error:
		if error.code == "formula_no_value":
			return Line(metric, None, None, lacking=error.context["name"])
		raise
	return Line(metric, value, score, reward, penalty)


def _amount(path: str, text: str, names: Mapping[str, float | None]) -> float:
	if not text.strip():
		return 0.0
	amount = _at(path, text, names)
	if amount < 0:
		raise DomainError(
			"negative_amount",
			"The formula {formula} gives {value}: rewards and penalties are never below 0.",
			field=path,
			formula=text,
			value=round(amount, 2),
		)
	return amount


def _check_formula(path: str, text: str, known: frozenset[str]) -> None:
	try:
		formula.check(text, known)
	except DomainError as error:
		raise _within(path, error) from None


def _at(path: str, text: str, names: Mapping[str, float | None]) -> float:
	try:
		return formula.evaluate(text, names)
	except DomainError as error:
		raise _within(path, error) from None


def _within(path: str, error: DomainError) -> DomainError:
	return DomainError(error.code, error.message, **{**error.context, "field": path})
