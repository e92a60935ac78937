"""Scores, rates and their worth, worked out once more in another way (5.4.c, 7.2.d, 7.3.d)."""

import math
import statistics
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ops_delivery.domain import survey
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.survey import Question
from tests.domain.samples import stored

pytestmark = pytest.mark.clause("5.4.c")


def question(key="a", type=survey.SCORE_5, **values):
	return Question(key, f"Question {key}", stored(type), **values)


@pytest.mark.parametrize(
	"asked, value, points",
	[
		(question(), "1", 0),
		(question(), "3", 50),
		(question(), "5", 100),
		(question(type=survey.SCORE_10), "10", 100),
		(question(type=survey.SCORE_10), "4", 100 / 3),
		(question(type=survey.YES_NO), "Yes", 100),
		(question(type=survey.YES_NO, good="No"), "Yes", 0),
		(question(type=survey.CHOICE, choices=survey.choices("Quick = 80\nSlow")), "Quick", 80),
		(question(type=survey.CHOICE, choices=survey.choices("Quick = 80\nSlow")), "Slow", None),
		(question(type=survey.TEXT), "=1+1 <b>", None),
	],
)
def test_what_an_answer_is_worth(asked, value, points):
	assert survey.points(asked, stored(value)) == (None if points is None else pytest.approx(points))


@pytest.mark.parametrize("value", ["0", "6", "11", "-1", "4.5", "", "five", "٣", "1" * 5000])
def test_impossible_scores_are_refused(value):
	with pytest.raises(DomainError) as error:
		survey.points(question(), value)
	assert error.value.code == "survey_answer_not_possible"


def test_a_text_has_an_end():
	survey.points(question(type=survey.TEXT), "x" * survey.TEXT_LENGTH)
	with pytest.raises(DomainError) as error:
		survey.points(question(type=survey.TEXT), "x" * (survey.TEXT_LENGTH + 1))
	assert error.value.code == "survey_text_too_long"


@pytest.mark.parametrize(
	"text, code",
	[
		("One", "few_choices"),
		("A\nA = 5", "double_choice"),
		("A = 101\nB", "bad_choice"),
		("= 5\nB", "bad_choice"),
	],
)
def test_choices_that_cannot_be_offered(text, code):
	with pytest.raises(DomainError) as error:
		survey.choices(text)
	assert error.value.code == code


def test_an_equals_sign_may_stand_in_a_choice():
	assert survey.choices("a = b\nnan = nan\nc = 1")[0].text == "a = b"


def test_a_sheet_needs_what_is_required_and_knows_its_questions():
	asked = (question("a"), question("b", required=False), question("t", survey.TEXT, required=False))
	assert [a.question.key for a in survey.answers(asked, {"b": " 2 ", "a": "1", "t": " "})] == ["a", "b"]
	for given_, code in (({"b": "1"}, "question_blank"), ({"a": "1", "x": "1"}, "unknown_question")):
		with pytest.raises(DomainError) as error:
			survey.answers(asked, given_)
		assert error.value.code == code
	with pytest.raises(DomainError) as error:
		survey.answers(asked[1:], {})
	assert error.value.code == "nothing_answered"


@pytest.mark.clause("7.2.d.1")
@pytest.mark.clause("7.3.d.1")
def test_conduct_is_no_part_of_the_score():
	asked = (question("a"), question("c", survey.YES_NO, conduct=True, weight=5))
	sheet = survey.answers(asked, {"a": "5", "c": "No"})
	assert survey.score(sheet) == 100
	assert [a.question.key for a in survey.breaches(sheet)] == ["c"]
	assert survey.is_low(100, sheet, 60, True) and not survey.is_low(100, sheet, 60, False)
	assert survey.is_low(60, (), 60, False) and not survey.is_low(60.1, (), 60, False)
	assert not survey.is_low(0, (), 0, False) and not survey.is_low(None, (), 60, False)


SHEETS = st.lists(
	st.tuples(st.integers(1, 10), st.integers(0, 500).map(lambda n: n / 100), st.booleans()),
	min_size=1,
	max_size=12,
)


@given(SHEETS)
def test_the_score_is_the_weighted_mean(rows):
	asked = [
		question(str(n), survey.SCORE_10, weight=weight, conduct=conduct)
		for n, (_v, weight, conduct) in enumerate(rows)
	]
	sheet = survey.answers(asked, {str(n): str(row[0]) for n, row in enumerate(rows)})
	counted = [
		(Fraction(weight), Fraction(value - 1, 9))
		for value, weight, conduct in rows
		if not conduct and weight
	]
	found = survey.score(sheet)
	if not counted:
		assert found is None
		return
	exact = sum(w * v for w, v in counted) / sum(w for w, _v in counted) * 100
	assert found == pytest.approx(float(exact), abs=1e-9) and 0 <= found <= 100
	assert survey.score(sheet[::-1]) == pytest.approx(found)


SCORES = st.lists(st.floats(0, 100).map(lambda n: round(n, 2)), min_size=2, max_size=60)


def student(freedom: int) -> float:
	"""The 97.5 % quantile of Student's t by numeric integration of its density and bisection."""
	scale = math.gamma((freedom + 1) / 2) / math.gamma(freedom / 2) / math.sqrt(freedom * math.pi)

	def mass(x: float, steps: int = 2000) -> float:
		density = [
			scale * (1 + (x * i / steps) ** 2 / freedom) ** (-(freedom + 1) / 2) for i in range(steps + 1)
		]
		return (
			x / steps / 3 * (density[0] + density[-1] + 4 * sum(density[1:-1:2]) + 2 * sum(density[2:-1:2]))
		)

	low, high = 0.0, 20.0
	for _step in range(40):
		middle = (low + high) / 2
		low, high = (middle, high) if mass(middle) < 0.475 else (low, middle)
	return low


@pytest.mark.parametrize("freedom", [1, 2, 5, 10, 11, 12, 15, 25, 60, 120])
def test_the_quantile_is_that_of_student(freedom):
	assert survey._student(freedom) == pytest.approx(student(freedom), abs=2e-3)


@given(SCORES)
def test_mean_and_interval(scores):
	found = survey.figures(scores, 5)
	assert found.mean == pytest.approx(statistics.fmean(scores), abs=1e-9)
	half = survey._student(len(scores) - 1) * statistics.stdev(scores) / math.sqrt(len(scores))
	assert found.low == pytest.approx(max(0, found.mean - half), abs=1e-6)
	assert found.high == pytest.approx(min(100, found.mean + half), abs=1e-6)
	assert (found.meaning == survey.TOO_FEW) == (len(scores) < 5)
	if found.sound:
		assert half <= survey.WIDE


def test_few_answers_say_so():
	assert survey.figures([], 5).mean is None and survey.figures([], 5).meaning == survey.TOO_FEW
	assert survey.figures([80], 0).meaning == survey.TOO_FEW  # one never means anything
	assert survey.figures([0, 100] * 4, 5).meaning == survey.UNSURE
	assert survey.figures([80, 82] * 4, 5).sound


@given(SCORES, SCORES)
def test_a_change_turns_with_its_sides(first, second):
	one, two = survey.figures(first, 2), survey.figures(second, 2)
	there, back = survey.change(one, two), survey.change(two, one)
	assert there.difference == pytest.approx(-back.difference) and there.clear == back.clear
	assert survey.change(one, one).clear is False


@pytest.mark.clause("8.3.a.4")
def test_a_rise_is_clear_only_beyond_chance():
	before, after = survey.figures([70, 72, 74, 76, 78], 5), survey.figures([85, 87, 89, 91, 93], 5)
	assert survey.change(before, after).clear
	assert not survey.change(before, survey.figures([72, 73, 74, 77, 80], 5)).clear
	assert not survey.change(before, survey.figures([95, 95], 5)).clear  # too few
	assert survey.change(before, survey.figures([], 5)) is None


@given(st.text(min_size=1, max_size=40), st.floats(0, 100), st.floats(0, 100))
def test_a_sample_is_the_same_each_time_and_part_of_a_larger_one(key, one, two):
	small, large = sorted((one, two))
	assert survey.sampled(key, small) == survey.sampled(key, small)
	assert survey.sampled(key, 100) and not survey.sampled(key, 0)
	assert not survey.sampled(key, small) or survey.sampled(key, large)


def test_a_sample_has_its_size():
	assert 270 < sum(survey.sampled(f"ISS-{n}", 30) for n in range(1000)) < 330


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from([1, 3, 6, 12]), st.integers(0, 2000))
def test_a_day_lies_in_one_period(start, months, later):
	day = start + timedelta(days=later)
	first, last = survey.period(start, months, day)
	assert first <= day <= last
	assert survey.period(start, months, first) == (first, last) == survey.period(start, months, last)
	assume(first > start)
	assert survey.period(start, months, first - timedelta(days=1))[1] == first - timedelta(days=1)


def test_periods_count_from_the_start():
	assert survey.period(date(2026, 1, 31), 1, date(2026, 3, 30)) == (date(2026, 2, 28), date(2026, 3, 30))
	assert survey.period(date(2026, 1, 31), 1, date(2026, 1, 30)) is None
	assert survey.quarter(date(2026, 12, 31)) == (date(2026, 10, 1), date(2026, 12, 31))
	assert survey.rate(1, 4) == 0.25 and survey.rate(0, 0) is None


def test_a_question_says_which_of_its_words_count():
	assert question().counts and question(weight=0.1).counts
	for silent in (question(weight=0), question(conduct=True), question(type=survey.TEXT)):
		assert not silent.counts


@pytest.mark.parametrize(
	("line", "choice"),
	[("Quick = 100", ("Quick", 100)), ("Slow=0", ("Slow", 0)), ("a = b = 5", ("a = b", 5)), ("Half = 12.5", ("Half", 12.5)),
	 ("plain", ("plain", None)), ("x = inf", ("x = inf", None)), ("  spaced  =  7 ", ("spaced", 7))],
)  # fmt: skip
def test_a_choice_and_its_points(line, choice):
	found = survey.choices(f"{line}\n\n other ")
	assert [(one.text, one.points) for one in found] == [choice, ("other", None)]


@pytest.mark.parametrize("text", ["A = -1\nB", "A = 100.5\nB", " = 5\nB"])
def test_points_lie_between_nothing_and_all(text):
	with pytest.raises(DomainError) as error:
		survey.choices(text)
	assert error.value.code == "bad_choice" and error.value.context["value"] == text.split("\n")[0].strip()


def test_what_was_not_offered_is_no_answer():
	chosen = question(type=survey.CHOICE, choices=survey.choices("Quick\nSlow"))
	for asked, value in ((chosen, "quick"), (question(type=survey.YES_NO), "yes"), (question(type=survey.SCORE_10), "11")):
		with pytest.raises(DomainError) as error:
			survey.points(asked, value)
		assert error.value.code == "survey_answer_not_possible"
	with pytest.raises(DomainError) as error:
		survey.points(question(), "x" * 100)
	assert error.value.context["value"] == "x" * 80
	assert survey.points(question(type=survey.SCORE_10), "1") == 0


def test_conduct_is_breached_by_less_than_half():
	asked = question("c", conduct=True)
	assert survey.breaches(survey.answers((asked,), {"c": "2"}))
	assert not survey.breaches(survey.answers((asked,), {"c": "3"}))
	assert not survey.breaches(survey.answers((question(),), {"a": "1"}))


def test_scores_without_weight_have_no_mean():
	asked = (question("a", weight=0), question("t", survey.TEXT))
	assert survey.score(survey.answers(asked, {"a": "5", "t": "x"})) is None
	chosen = question("c", survey.CHOICE, choices=survey.choices("Quick\nSlow = 10"))
	assert survey.score(survey.answers((chosen, question()), {"c": "Quick", "a": "5"})) == 100
	assert survey.score(survey.answers((chosen, question()), {"c": "Slow", "a": "5"})) == 55


def test_so_few_answers_mean_nothing_and_so_wide_ones_are_unsure():
	assert survey.figures([80, 80], 0).sound and survey.figures([80, 80], 2).sound
	assert survey.figures([80, 80], 3).meaning == survey.TOO_FEW
	one = survey.figures([80], 0)
	assert (one.count, one.mean, one.low, one.high, one.sound) == (1, 80, None, None, False)
	# half the interval of two scores is 12.706 × their distance / 2: 10 points at a distance of 1.574
	assert survey.figures([50, 51.57], 2).sound and survey.figures([50, 51.58], 2).meaning == survey.UNSURE


def test_a_change_of_one_answer_is_told_and_never_clear():
	one, many = survey.figures([10], 1), survey.figures([90, 91, 92], 2)
	assert survey.change(one, many) == survey.Change(81, None, False)
	assert survey.change(many, one) == survey.Change(-81, None, False)
	assert survey.change(survey.figures([], 1), many) is None and survey.change(many, survey.figures([], 1)) is None


def test_the_margin_of_a_change_is_welchs():
	"""By hand: 1 and 3 against 10, 14, 18: error² = 1 + 16/3, freedom 2.8 → 2, Student's t 4.302653."""
	found = survey.change(survey.figures([1, 3], 2), survey.figures([10, 14, 18], 2))
	assert found.difference == 12
	assert found.margin == pytest.approx(4.302653 * math.sqrt(1 + 16 / 3), abs=1e-6) and found.clear
	same = survey.change(survey.figures([5, 5], 2), survey.figures([5, 5], 2))
	assert (same.difference, same.margin, same.clear) == (0, 0, False)
	assert survey.change(survey.figures([5, 5], 2), survey.figures([5.01, 5.01], 2)).clear
	assert not survey.change(survey.figures([5, 5], 3), survey.figures([9, 9, 9], 3)).clear


@pytest.mark.parametrize("freedom", range(1, 11))
def test_the_table_of_student(freedom):
	assert survey._student(freedom) == pytest.approx(student(freedom), abs=2e-3)


def test_a_sample_of_a_hundredth_of_a_percent():
	assert sum(survey.sampled(f"ISS-{n}", 0.01) for n in range(30_000)) < 20
	assert 2_800 < sum(survey.sampled(f"ISS-{n}", 9.75) for n in range(30_000)) < 3_050


@pytest.mark.parametrize(("month", "first", "last"), [(1, (1, 1), (3, 31)), (3, (1, 1), (3, 31)), (4, (4, 1), (6, 30)), (9, (7, 1), (9, 30)), (10, (10, 1), (12, 31))])
def test_the_quarter_of_a_day(month, first, last):
	assert survey.quarter(date(2026, month, 15)) == (date(2026, *first), date(2026, *last))


@pytest.mark.parametrize(("name", "months"), [("Monthly", 1), ("Quarterly", 3), ("Half-yearly", 6), ("Yearly", 12)])
def test_how_long_the_named_periods_are(name, months):
	assert survey.MONTHS[name] == months
