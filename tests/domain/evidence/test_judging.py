"""Verdicts on clauses: proven, thin, missing, not applicable, and why."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.evidence import judging, matrix, spans
from ops_delivery.domain.evidence.judging import Definition, Found, State, of_all, of_clause

NUMBERS = st.integers(0, 5)
FOUND = st.builds(Found, whole=NUMBERS, lacking=NUMBERS, old=NUMBERS, failing=NUMBERS, newest=st.none() | st.dates())
GROUPS = st.sampled_from(("", "A", "B"))


def definition(name="one", group="", at_least=1):
	return Definition(name, "5.2.a", group, at_least)


def codes(verdict):
	return [reason.code for reason in verdict.reasons]


def test_what_nobody_defined_is_missing():
	verdict = of_clause((), {"other": Found(whole=9)})
	assert (verdict.state, verdict.records, codes(verdict)) == (State.MISSING, 0, ["no_definition"])


def test_nothing_found_is_missing_and_says_so():
	verdict = of_clause([definition(at_least=3)], {})
	assert verdict.state is State.MISSING and codes(verdict) == ["none_found"]
	assert verdict.reasons[0].values == {"wanted": 3}


def test_too_few_lacking_and_old_records_are_thin():
	assert codes(of_clause([definition(at_least=3)], {"one": Found(whole=2)})) == ["too_few"]
	assert codes(of_clause([definition()], {"one": Found(lacking=2)})) == ["lacking"]
	assert codes(of_clause([definition()], {"one": Found(old=2)})) == ["too_old"]
	for found in (Found(whole=2), Found(lacking=1), Found(old=4)):
		assert of_clause([definition(at_least=3)], {"one": found}).state is State.THIN


def test_one_of_the_alternatives_is_enough():
	rows = [definition("one", "A"), definition("two", "A")]
	verdict = of_clause(rows, {"two": Found(whole=1, newest=date(2026, 3, 1))})
	assert (verdict.state, verdict.reasons, verdict.newest) == (State.PROVEN, (), date(2026, 3, 1))


def test_each_group_must_be_proven():
	rows = [definition("one", "A"), definition("two", "A"), definition("three"), definition("four")]
	found = {"one": Found(whole=1), "three": Found(whole=1)}
	verdict = of_clause(rows, found)
	assert verdict.state is State.THIN and [reason.definition for reason in verdict.reasons] == ["four"]
	assert of_clause(rows, {**found, "four": Found(whole=1)}).state is State.PROVEN


def test_an_exemption_takes_a_clause_out_whatever_is_found():
	verdict = of_clause([definition()], {"one": Found(whole=4)}, exempt=True)
	assert (verdict.state, verdict.records, codes(verdict)) == (State.NOT_APPLICABLE, 4, ["exempt"])


def test_a_condition_that_fails_proves_nothing():
	verdict = of_clause([definition()], {"one": Found(failing=7)})
	assert verdict.state is State.MISSING and codes(verdict) == ["failing", "none_found"]


@given(st.lists(st.tuples(GROUPS, st.integers(-1, 4), FOUND), max_size=5))
def test_a_clause_without_a_whole_record_is_never_proven(rows):
	definitions = [definition(str(number), group, least) for number, (group, least, _found) in enumerate(rows)]
	found = {str(number): one for number, (_group, _least, one) in enumerate(rows)}
	verdict = of_clause(definitions, found)
	if not any(one.whole for one in found.values()):
		assert verdict.state is not State.PROVEN
	if not any(one.all for one in found.values()):
		assert verdict.state is State.MISSING
	assert (verdict.state is State.PROVEN) == (not verdict.reasons)
	assert verdict.records == sum(one.whole + one.lacking + one.old for one in found.values())


@given(st.lists(st.tuples(GROUPS, st.integers(1, 4), FOUND), min_size=1, max_size=5), st.data())
def test_more_records_never_make_it_worse(rows, data):
	definitions = [definition(str(number), group, least) for number, (group, least, _found) in enumerate(rows)]
	found = {str(number): one for number, (_group, _least, one) in enumerate(rows)}
	chosen = data.draw(st.sampled_from(sorted(found)))
	one = found[chosen]
	more = {**found, chosen: Found(one.whole + 1, one.lacking, one.old, one.failing, one.newest)}
	before, after = of_clause(definitions, found), of_clause(definitions, more)
	assert judging.ORDER.index(after.state) <= judging.ORDER.index(before.state)


@given(st.lists(st.tuples(st.sampled_from("abc"), GROUPS, FOUND), max_size=6))
def test_removing_the_records_of_a_definition_touches_its_own_clause_alone(rows):
	definitions = [Definition(str(number), clause, group) for number, (clause, group, _found) in enumerate(rows)]
	found = {str(number): one for number, (_clause, _group, one) in enumerate(rows)}
	whole = of_all("abc", definitions, found)
	for one in definitions:
		left = of_all("abc", definitions, {**found, one.name: Found()})
		assert {clause for clause in "abc" if left[clause] != whole[clause]} <= {one.clause}


@given(st.lists(st.sampled_from(list(State)), max_size=20))
def test_counts_add_up_and_what_does_not_apply_is_no_gap(states):
	counted = matrix.counts(states)
	assert counted.whole == len(states) and sum(counted.of(state) for state in State) == len(states)
	applying = [state for state in states if state is not State.NOT_APPLICABLE]
	assert counted.share == (applying.count(State.PROVEN) / len(applying) if applying else None)


def test_gaps_name_the_missing_clauses_first_and_chapters_count_their_own():
	definitions = [Definition("x", "5.2.a", at_least=2), Definition("y", "5.2.b")]
	verdicts = of_all(("5.2.a", "5.2.b", "5.3.a"), definitions, {"x": Found(whole=1), "y": Found(whole=1)})
	assert [clause for clause, _reasons in matrix.gaps(verdicts)] == ["5.3.a", "5.2.a"]
	chapters = matrix.by_chapter({"5.2.a": "5.2", "5.2.b": "5.2", "5.3.a": "5.3"}, verdicts)
	assert chapters["5.2"].of(State.THIN) == 1 and chapters["5.2"].of(State.PROVEN) == 1 and chapters["5.3"].of(State.MISSING) == 1


def test_two_agreements_differ_in_what_differs():
	first, second = {"a": State.PROVEN, "b": State.THIN}, {"a": State.PROVEN, "b": State.PROVEN, "c": State.THIN}
	assert matrix.differences(first, second) == {"b": (State.THIN, State.PROVEN), "c": (State.MISSING, State.THIN)}
	assert matrix.differences(first, first) == {}


def test_the_course_leaves_out_what_its_reader_may_not_learn():
	months = [{"a": State.PROVEN, "b": State.MISSING}, {"a": State.PROVEN, "b": State.PROVEN}]
	assert [one.of(State.PROVEN) for one in matrix.course(months)] == [1, 2]
	assert [one.of(State.PROVEN) for one in matrix.course(months, frozenset("b"))] == [1, 1]


def test_kept_are_whole_months_quarters_half_years_and_years():
	assert spans.containing(date(2026, 5, 31), 1) == (date(2026, 5, 1), date(2026, 5, 31))
	assert spans.containing(date(2026, 5, 31), 3) == (date(2026, 4, 1), date(2026, 6, 30))
	assert spans.containing(date(2026, 12, 31), 6) == (date(2026, 7, 1), date(2026, 12, 31))
	assert [span.first for span in spans.months_back(date(2026, 2, 28), 3)] == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(spans.LENGTHS))
def test_every_day_lies_in_a_period_that_is_kept(day, months):
	span = spans.containing(day, months)
	assert span.first <= day <= span.last and spans.is_kept(span)
	assert not spans.is_kept(span._replace(first=span.first.replace(day=2)))
