"""The life of an improvement action."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import improvement as i
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.improvement import Action, Measure
from tests.domain.samples import stored

DONE = Measure("Second fan", owned=True, dated=True, state=stored(i.M_DONE), result=True)
WHOLE = Action(
	owned=True,
	dated=True,
	for_customer=True,
	asked=stored(i.DONE),
	asked_fully=True,
	cause=True,
	measures=(DONE,),
	effect_planned=True,
	last_check=stored(i.EFFECTIVE),
	told=True,
	answer=stored(i.CONFIRMED),
)


def codes(action, state):
	return [row.code for row in i.missing(action, state)]


@pytest.mark.clause("5.5.c")
def test_nothing_is_missing_from_a_whole_action():
	assert all(not i.missing(WHOLE, state) for state in i.PATH)


@pytest.mark.clause("5.5.c")
@pytest.mark.clause("5.5.f")
@pytest.mark.parametrize(
	("change", "state", "code"),
	[
		({"owned": False}, i.INVESTIGATING, "no_owner"),
		({"dated": False}, i.INVESTIGATING, "no_due_date"),
		({"asked": i.TO_DO}, i.MEASURES, "customer_not_asked"),
		({"asked_fully": False}, i.MEASURES, "customer_not_asked"),
		({"asked": stored(i.NOT_NEEDED), "asked_fully": False}, i.MEASURES, "not_needed_why"),
		({"cause": False}, i.MEASURES, "no_cause"),
		({"measures": ()}, i.MEASURES, "no_measures"),
		({"measures": (replace(DONE, owned=False),)}, i.MEASURES, "measure_not_owned"),
		({"measures": (replace(DONE, dated=False),)}, i.MEASURES, "measure_not_owned"),
		({"measures": (replace(DONE, state=i.M_IN_PROGRESS),)}, i.EFFECT_CHECK, "measure_open"),
		({"measures": (replace(DONE, result=False),)}, i.EFFECT_CHECK, "measure_without_result"),
		({"measures": (replace(DONE, state=stored(i.M_DROPPED)),)}, i.EFFECT_CHECK, "all_dropped"),
		({"effect_planned": False}, i.EFFECT_CHECK, "effect_not_planned"),
		({"last_check": ""}, i.CLOSED, "effect_not_proven"),
		({"last_check": i.NOT_EFFECTIVE}, i.CLOSED, "effect_not_proven"),
		({"told": False}, i.CLOSED, "customer_not_told"),
		({"answer": ""}, i.CLOSED, "customer_not_confirmed"),
		({"answer": i.NOT_SATISFIED}, i.CLOSED, "customer_not_confirmed"),
	],
)
def test_each_state_demands_its_content_and_so_do_all_behind_it(change, state, code):
	lacking = replace(WHOLE, **change)
	here = i.PATH.index(state)
	for rank, each in enumerate(i.PATH):
		assert (code in codes(lacking, each)) == (rank >= here), each


def test_without_a_customer_nobody_is_asked_or_told():
	own = replace(WHOLE, for_customer=False, asked=i.TO_DO, asked_fully=False, told=False, answer="")
	assert not i.missing(own, i.CLOSED)


def test_a_reason_is_all_that_withdrawing_needs():
	assert codes(Action(), i.WITHDRAWN) == ["no_reason"]
	assert not i.missing(Action(withdrawn_reason=True), i.WITHDRAWN)


@given(st.sampled_from(i.STATES), st.sampled_from(i.STATES))
def test_no_step_forward_skips_a_state(was, now):
	try:
		i.check_step(was, now)
	except DomainError as error:
		assert error.code in ("improvement_withdrawn", "improvement_closed", "improvement_skipped")
		return
	if was == now or now == i.WITHDRAWN:
		return
	gap = i.PATH.index(now) - i.PATH.index(was)
	assert gap == 1 or (gap < 0 and now in (i.INVESTIGATING, i.MEASURES))


@pytest.mark.parametrize("state", ["", "Done", "closed"])
def test_an_unknown_state_is_refused(state):
	with pytest.raises(DomainError) as caught:
		i.missing(WHOLE, state)
	assert caught.value.code == "unknown_improvement_state"
	with pytest.raises(DomainError):
		i.check_step(i.OPEN, state)


ALLOWED = {
	(i.OPEN, i.INVESTIGATING), (i.INVESTIGATING, i.MEASURES), (i.MEASURES, i.EFFECT_CHECK), (i.EFFECT_CHECK, i.CLOSED),
	(i.MEASURES, i.INVESTIGATING), (i.EFFECT_CHECK, i.INVESTIGATING), (i.EFFECT_CHECK, i.MEASURES), (i.CLOSED, i.INVESTIGATING),
	*((state, i.WITHDRAWN) for state in (i.OPEN, i.INVESTIGATING, i.MEASURES, i.EFFECT_CHECK)),
	*((state, state) for state in i.STATES),
}  # fmt: skip
CODES = {i.WITHDRAWN: "improvement_withdrawn"}


@pytest.mark.parametrize("was", i.STATES)
@pytest.mark.parametrize("now", i.STATES)
def test_which_state_follows_which(was, now):
	if (was, now) in ALLOWED:
		i.check_step(stored(was), stored(now))
		return
	with pytest.raises(DomainError) as caught:
		i.check_step(stored(was), stored(now))
	code = "improvement_closed" if (was, now) == (i.CLOSED, i.WITHDRAWN) else CODES.get(was, "improvement_skipped")
	assert caught.value.code == code
	if code == "improvement_skipped":
		ahead = i.INVESTIGATING if was == i.CLOSED else i.PATH[i.PATH.index(was) + 1]
		assert caught.value.context["next"] == ahead


def test_dropped_measures_need_no_owner_but_a_word():
	dropped = Measure("Third fan", state=stored(i.M_DROPPED))
	assert codes(replace(WHOLE, measures=(DONE, dropped)), i.MEASURES) == []
	assert codes(replace(WHOLE, measures=(DONE, dropped)), i.EFFECT_CHECK) == ["measure_without_result"]
	assert codes(replace(WHOLE, measures=(DONE, replace(dropped, result=True))), i.CLOSED) == []
	assert codes(replace(WHOLE, measures=()), i.EFFECT_CHECK) == ["no_measures"], "none at all are not all dropped"


def test_who_need_not_be_asked_is_not_told():
	quiet = replace(WHOLE, asked=stored(i.NOT_NEEDED), told=False, answer="")
	assert codes(quiet, i.CLOSED) == []
	assert codes(replace(quiet, asked_fully=False, for_customer=False), i.MEASURES) == ["not_needed_why"]


def test_a_bare_action_lacks_everything():
	assert codes(Action(for_customer=True), i.CLOSED) == [
		"no_owner", "no_due_date", "customer_not_asked", "no_cause", "no_measures", "effect_not_planned",
		"effect_not_proven", "customer_not_told",
	]  # fmt: skip
	assert codes(Action(measures=(Measure("x"),)), i.EFFECT_CHECK)[-3:] == ["measure_not_owned", "measure_open", "effect_not_planned"]
	assert codes(replace(WHOLE, state=i.OPEN), stored(i.WITHDRAWN)) == ["no_reason"]
