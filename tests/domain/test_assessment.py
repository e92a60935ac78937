"""Assessing a period: weights, scores, rewards and penalties, and formulas that cannot reach beyond their figures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import assessment, formula
from ops_delivery.domain.assessment import AT_MOST, Metric
from ops_delivery.domain.errors import DomainError
from tests.domain.samples import stored

FIGURES = {"attainment": 96.0, "complaints": 2.0, "fee": 100_000.0, "survey": None}
ON_TIME = Metric("On time", "%", "attainment", 98, 60, penalty="max(0, target - value) * 0.005 * fee")
COMPLAINTS = Metric("Complaints", "times", "complaints", 1, 40, AT_MOST, reward="500 if value == 0 else 0")


def _refused(code: str, action, *args, **values) -> DomainError:
	with pytest.raises(DomainError) as refused:
		action(*args, **values)
	assert refused.value.code == code
	return refused.value


@pytest.mark.clause("5.2.g")
@pytest.mark.parametrize(
	("text", "value"),
	[
		("1 + 2 * 3", 7),
		("attainment / 2", 48),
		("2 ** 3 - 1", 7),
		("max(0, 98 - attainment) * 10", 20),
		("100 if attainment >= 95 and complaints <= 2 else 0", 100),
		("not complaints", 0),
		("round(attainment / 7, 1)", 13.7),
		("abs(-3)", 3),
		("1 < complaints < 3", 1),
		("（attainment × 2） ÷ 4", 48),
		("100 if attainment ≥ 95 else 0", 100),
		("attainment\n + 1", 97),
	],
)
def test_formulas(text, value):
	assert formula.evaluate(text, FIGURES) == value


@pytest.mark.clause("5.2.g")
@pytest.mark.parametrize(
	"text",
	[
		"__import__('os')",
		"attainment.real",
		"(lambda: 1)()",
		"[1, 2]",
		"'a' * 100",
		"open(1)",
		"max(a for a in [1])",
		"max(1, 2, key=abs)",
		"attainment[0]",
		"1 if (a := 2) else 3",
		"f'{attainment}'",
		"attainment % 2",
		"1j",
	],
)
def test_what_a_formula_may_not_do(text):
	error = _refused("formula_not_allowed", formula.evaluate, text, FIGURES)
	assert error.context["value"] == text


@pytest.mark.clause("5.2.g")
@pytest.mark.parametrize("text", ["", "  "])
def test_a_blank_formula(text):
	assert _refused("formula_blank", formula.evaluate, text, FIGURES)


@pytest.mark.parametrize("text", ["1 +", "attainment target", "(1", "95%"])
def test_a_formula_that_cannot_be_read(text):
	assert _refused("formula_syntax", formula.evaluate, text, FIGURES).context["position"] >= 1


@pytest.mark.clause("5.2.g")
def test_errors_name_the_formula_and_what_there_is():
	error = _refused("formula_unknown_name", formula.evaluate, "atainment * 2", FIGURES)
	assert str(error) == (
		"The formula atainment * 2 asks for atainment, which is not known. "
		"There are: attainment, complaints, fee, survey."
	)
	assert _refused("formula_no_value", formula.evaluate, "survey * 2", FIGURES).context["name"] == "survey"
	_refused("formula_division_by_zero", formula.evaluate, "1 / (complaints - 2)", FIGURES)
	_refused("formula_not_a_number", formula.evaluate, "9 ** 9 ** 9", FIGURES)
	_refused("formula_not_a_number", formula.evaluate, "(0 - 8) ** 0.5", FIGURES)
	_refused("formula_not_allowed", formula.evaluate, "max(1)", FIGURES)
	_refused("formula_too_long", formula.evaluate, "1+" * 600 + "1", FIGURES)


def test_a_branch_not_taken_is_not_worked_out():
	assert formula.evaluate("0 if complaints == 2 else 1 / 0", FIGURES) == 0
	assert formula.evaluate("complaints == 0 and 1 / 0", FIGURES) == 0


@given(st.text(max_size=60))
def test_any_text_gives_a_number_or_a_domain_error(text):
	try:
		value = formula.evaluate(text, FIGURES)
	except DomainError:
		return
	assert math.isfinite(value)


@pytest.mark.clause("5.2.g")
def test_a_period():
	result = assessment.evaluate([ON_TIME, COMPLAINTS], FIGURES, fee=100_000)
	on_time, complaints = result.lines
	assert on_time.score == pytest.approx(96 / 98 * 100)
	assert complaints.score == 50
	assert (on_time.reached, complaints.reached) == (False, False)
	assert on_time.penalty == pytest.approx(2 * 0.005 * 100_000)
	assert complaints.reward == 0
	assert result.score == pytest.approx(0.6 * on_time.score + 0.4 * 50)
	assert result.amount == pytest.approx(-1000)
	assert not result.capped


@pytest.mark.clause("5.2.g")
def test_the_limit_of_penalties():
	result = assessment.evaluate([ON_TIME, COMPLAINTS], {**FIGURES, "attainment": 20}, cap=10, fee=100_000)
	assert (result.amount, result.capped) == (-10_000, True)


@pytest.mark.clause("5.2.g")
def test_an_amount_by_the_score():
	text = "fee * 0.02 if score >= 95 else 0 - fee * 0.05"
	result = assessment.evaluate([COMPLAINTS], {**FIGURES, "complaints": 0}, text, fee=100_000)
	assert (result.score, result.rewards, result.by_score, result.amount) == (100, 500, 2000, 2500)


@pytest.mark.clause("5.2.g")
def test_a_metric_without_its_figure_leaves_its_weight_to_the_others():
	survey = Metric("Survey", "points", "survey", 90, 50)
	result = assessment.evaluate(
		[survey, Metric("Complaints", "times", "complaints", 2, 50, AT_MOST)], FIGURES
	)
	assert result.lines[0].lacking == "survey" and result.lines[0].reached is None
	assert result.score == 100
	assert assessment.evaluate([survey], FIGURES).score is None


@pytest.mark.clause("5.2.g")
def test_what_metrics_may_not_be():
	known = frozenset(FIGURES)

	def refuse(code, *metrics, result=""):
		return _refused(code, assessment.check, metrics, known, result).context["field"]

	assert refuse("no_metrics") == "metrics"
	assert refuse("metric_without_unit", Metric("A", " ", "fee", 1, 100)) == "metrics[0].unit"
	assert refuse("weights_not_full", Metric("A", "%", "fee", 1, 60)) == "metrics"
	assert refuse("bad_weight", Metric("A", "%", "fee", 1, 0)) == "metrics[0].weight"
	twice = Metric("A", "%", "fee", 1, 50)
	assert refuse("duplicate_metric", twice, twice) == "metrics[1].name"
	assert refuse("formula_unknown_name", Metric("A", "%", "fees", 1, 100)) == "metrics[0].value"
	assert refuse("formula_unknown_name", Metric("A", "%", "value", 1, 100)) == "metrics[0].value"
	assert (
		refuse("formula_unknown_name", Metric("A", "%", "fee", 1, 100, score="score")) == "metrics[0].score"
	)
	assert refuse("formula_unknown_name", Metric("A", "%", "fee", 1, 100), result="value") == "result"
	assessment.check([Metric("A", "%", "fee", 1, 100, penalty="score + value")], known, "rewards - penalties")


@pytest.mark.clause("5.2.g")
def test_a_penalty_below_zero():
	metric = Metric("A", "%", "attainment", 98, 100, penalty="target - value - 10")
	assert (
		_refused("negative_amount", assessment.evaluate, [metric], FIGURES).context["field"]
		== "metrics[0].penalty"
	)


@given(
	value=st.floats(0, 1000), target=st.floats(0, 1000), direction=st.sampled_from(["At Least", "At Most"])
)
def test_a_proportionate_score_lies_between_0_and_100(value, target, direction):
	metric = Metric("A", "%", "x", target, 100, stored(direction))
	score = assessment.in_proportion(metric, value)
	assert 0 <= score <= 100
	assert assessment.reaches(metric, value) <= (score == 100)


@pytest.mark.clause("5.2.g")
@pytest.mark.parametrize(
	("text", "value"),
	[
		("5 - 2", 3), ("5 + 2", 7), ("5 / 2", 2.5), ("+5", 5), ("-5", -5), ("not 1", 0), ("not 0", 1),
		("1 < 2", 1), ("2 < 2", 0), ("2 <= 2", 1), ("3 <= 2", 0), ("3 > 2", 1), ("2 > 2", 0), ("2 >= 2", 1), ("1 >= 2", 0),
		("2 == 2", 1), ("1 == 2", 0), ("2 != 2", 0), ("1 != 2", 1), ("1 < 3 < 2", 0), ("3 < 2 < 9", 0),
		("0 or 7", 7), ("5 or 1 / 0", 5), ("5 and 7", 7), ("0 and 7", 0), ("1 and 0 and 7", 0),
		("round(2.5)", 2), ("round(3.14159, 2)", 3.14), ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), ("abs(0 - 3)", 3),
		("2 ** 20", 1048576), ("2 ** (0 - 20) * 2 ** 20", 1), ("1 − 1", 0),
	],
)  # fmt: skip
def test_each_sign_of_a_formula(text, value):
	assert formula.evaluate(text, FIGURES) == value


def test_the_limits_of_a_formula():
	longest = "1" + "+1" * 499 + " "
	assert len(longest) == 1000 and formula.evaluate(longest.strip(), {}) == 500
	assert formula.evaluate("1" * 20 + "+0" * 490, {}) == pytest.approx(int("1" * 20))
	assert len("1" * 20 + "+0" * 490) == 1000
	_refused("formula_too_long", formula.evaluate, "1" * 21 + "+0" * 490, {})
	_refused("formula_not_a_number", formula.evaluate, "2 ** 21", {})
	_refused("formula_not_a_number", formula.evaluate, "2 ** (0 - 21)", {})
	_refused("formula_not_a_number", formula.evaluate, "1e308 * 10", {})
	for text in ("round()", "round(1, 2, 3)", "abs()", "abs(1, 2)", "min(1)", "max()", "min(" + ", ".join("1" * 101) + ")"):
		error = _refused("formula_not_allowed", formula.evaluate, text, {})
		assert error.context["part"].startswith(text.partition("(")[0])
	assert formula.evaluate("max(" + ", ".join("1" * 100) + ")", {}) == 1


def test_a_formula_is_checked_against_the_figures_there_are():
	formula.check("max(attainment, 2) * fee", frozenset(FIGURES))
	assert formula.names("max(attainment, 2) * fee + fee") == {"attainment", "fee"}
	error = _refused("formula_unknown_name", formula.check, "b + a", {"fee": 1})
	assert (error.context["name"], error.context["names"]) == ("a", "fee")
	_refused("formula_unknown_name", formula.evaluate, "max", {})


def test_a_position_in_a_formula_is_where_one_would_look():
	assert _refused("formula_syntax", formula.evaluate, "fee * * 3", FIGURES).context["position"] == 7
	assert _refused("formula_syntax", formula.evaluate, ")", FIGURES).context["position"] >= 1


def test_weights_may_miss_a_hundred_by_their_rounding_alone():
	def weigh(*weights):
		return [Metric(str(number), "%", "fee", 1, weight) for number, weight in enumerate(weights)]

	known = frozenset(FIGURES)
	assessment.check(weigh(33.33, 33.33, 33.335), known)
	assessment.check(weigh(100), known)
	error = _refused("weights_not_full", assessment.check, weigh(33.33, 33.33, 33.33), known)
	assert error.context["value"] == 99.99
	_refused("weights_not_full", assessment.check, weigh(50, 50.01), known)
	for weight in (-1, 0, 100.1):
		assert _refused("bad_weight", assessment.check, weigh(weight), known).context["value"] == weight


def test_a_score_of_ones_own_and_amounts_that_know_it():
	metric = Metric("A", "%", "attainment", 98, 100, score="value - 6", reward="score * 2", penalty="target - 98")
	result = assessment.evaluate([metric], FIGURES)
	(line,) = result.lines
	assert (line.value, line.score, line.reward, line.penalty) == (96, 90, 180, 0)
	assert (result.score, result.rewards, result.amount, result.capped) == (90, 180, 180, False)
	assert result.figures == FIGURES


@pytest.mark.parametrize(
	("cap", "fee", "amount", "capped"), [(0, 1000, -500, False), (10, 0, -500, False), (50, 1000, -500, False), (49, 1000, -490, True)]
)
def test_where_the_limit_bites(cap, fee, amount, capped):
	metric = Metric("A", "%", "attainment", 98, 100, penalty="500")
	result = assessment.evaluate([metric], FIGURES, cap=cap, fee=fee)
	assert (result.amount, result.capped, result.penalties) == (amount, capped, 500)


@pytest.mark.parametrize(
	("value", "target", "direction", "score", "reached"),
	[
		(50, 100, "At Least", 50, False),
		(100, 100, "At Least", 100, True),
		(150, 100, "At Least", 100, True),
		(-5, 100, "At Least", 0, False),
		(-5, 0, "At Least", 0, False),
		(4, 2, "At Most", 50, False),
		(2, 2, "At Most", 100, True),
		(1, 0, "At Most", 0, False),
		(1, -1, "At Most", 0, False),
		(0.5, 0.25, "At Most", 50, False),
		(0.25, 0.5, "At Least", 50, False),
	],
)
def test_scores_in_proportion(value, target, direction, score, reached):
	metric = Metric("A", "%", "x", target, 100, stored(direction))
	assert assessment.in_proportion(metric, value) == score
	assert assessment.reaches(metric, value) is reached


def test_a_faulty_formula_is_named_by_its_place():
	good = Metric("A", "%", "fee", 1, 50)
	for name, text in (("score", "value +"), ("reward", "nobody"), ("penalty", "1 / 0")):
		bad = Metric("B", "%", "fee", 1, 50, **{name: text})
		with pytest.raises(DomainError) as refused:
			assessment.evaluate([good, bad], FIGURES)
		assert refused.value.context["field"] == f"metrics[1].{name}"
	_refused("negative_amount", assessment.evaluate, [Metric("A", "%", "fee", 1, 100, penalty="0 - 0.01")], FIGURES)
	assert assessment.evaluate([Metric("A", "%", "fee", 1, 100, penalty="0 * 5")], FIGURES).penalties == 0
	assert _refused("formula_syntax", assessment.evaluate, [good], FIGURES, "score +").context["field"] == "result"
	error = _refused("negative_amount", assessment.evaluate, [Metric("A", "%", "fee", 1, 100, reward="0 - 1 / 3")], FIGURES)
	assert error.context["value"] == -0.33


def test_nothing_is_limited_where_no_limit_is_agreed():
	metric = Metric("A", "%", "attainment", 98, 100, penalty="500")
	result = assessment.evaluate([metric], FIGURES, fee=1000)
	assert (result.amount, result.capped) == (-500, False)
	assert assessment.evaluate([metric], FIGURES, cap=10).amount == -500


def test_a_period_without_a_score_has_no_amount_by_it():
	survey = Metric("Survey", "points", "survey", 90, 100)
	result = assessment.evaluate([survey], FIGURES, "score * 10")
	assert (result.score, result.by_score, result.amount, result.rewards, result.penalties) == (None, 0, 0, 0, 0)
	by_amounts = assessment.evaluate([ON_TIME], FIGURES, "rewards - penalties / 2")
	assert by_amounts.by_score == -by_amounts.penalties / 2
