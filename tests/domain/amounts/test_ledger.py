"""Promised amounts: each piece of work draws once, a cancelled one gives back, and nothing comes from nowhere."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_delivery.domain.amounts.ledger import covered, statement
from ops_delivery.domain.amounts.promised import Draw, GiveBack, Promise, net_draws
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.periods import Span

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
END = date(2027, 1, 1)


def promise(quantity=4, per="quarter", **more) -> Promise:
	return Promise("Inspections", "visit", quantity, per, more.pop("agreement", YEAR), **more)


def draw(month: int, quantity=1, day: int = 15, planned: bool = False, key: str = "") -> Draw:
	return Draw(key or f"V-{month}-{day}-{quantity}", date(2026, month, day), quantity, planned)


def row(balance) -> tuple:
	return tuple(
		None if value is None else float(value)
		for value in (balance.promised, balance.carried, balance.used, balance.planned, balance.left, balance.expired, balance.extra)
	)


def test_four_inspections_a_quarter_without_carry_over():
	found = statement(promise(), [draw(1), draw(2), draw(4), draw(5, planned=True)], date(2026, 5, 1))
	assert [row(one) for one in found.balances] == [
		(4, 0, 2, 0, 2, 2, 0),
		(4, 0, 1, 1, 2, 0, 0),
		(4, 0, 0, 0, 4, 0, 0),
		(4, 0, 0, 0, 4, 0, 0),
	]
	assert (found.used, found.expired, found.extras) == (3, 2, ())
	assert found.on(date(2026, 5, 1)) is found.balances[1]


def test_what_was_not_used_goes_on_for_so_many_periods_and_the_oldest_is_used_first():
	found = statement(promise(carry_periods=1), [draw(1), draw(4, 5)], END)
	# three go on into the second quarter, are used first, and the rest of its own goes on into the third
	assert [row(one) for one in found.balances] == [
		(4, 0, 1, 0, 3, 0, 0),
		(4, 3, 5, 0, 2, 0, 0),
		(4, 2, 0, 0, 6, 2, 0),
		(4, 4, 0, 0, 8, 8, 0),
	]


def test_never_more_than_so_much_goes_on():
	found = statement(promise(carry_periods=3, carry_most=1), [], END)
	assert [row(one)[1] for one in found.balances] == [0, 1, 1, 1]
	assert [row(one)[5] for one in found.balances] == [3, 4, 4, 5]


def test_what_goes_beyond_is_extra_and_borrows_from_no_period_to_come():
	found = statement(promise(2), [draw(1, 3, key="V-1"), draw(4)], END)
	assert [(one.draw.key, one.quantity, one.why) for one in found.extras] == [("V-1", 1, "beyond")]
	assert row(found.balances[1]) == (2, 0, 1, 0, 1, 1, 0)
	outside = statement(promise(), [Draw("V-0", date(2025, 12, 31), 1)], END)
	assert [(one.draw.key, one.why) for one in outside.extras] == [("V-0", "outside_agreement")]
	assert outside.used == 0


def test_a_cancelled_one_gives_back_all_or_a_part():
	hours = promise(40, "agreement")
	entries = [draw(1, 8, key="A"), draw(2, 8, key="B"), GiveBack("A"), GiveBack("B", 3)]
	(balance,) = statement(hours, entries, YEAR.first).balances
	assert (balance.used, balance.left) == (5, 35)


def test_the_same_work_draws_once():
	assert net_draws([draw(1, key="A"), draw(1, key="A")]) == [draw(1, key="A")]


def test_tenths_of_hours_add_up():
	hours = promise(1, "agreement")
	(balance,) = statement(hours, [draw(1, 0.1, day=day) for day in range(1, 11)], YEAR.first).balances
	assert (balance.used, balance.left, balance.extra) == (Decimal(1), 0, 0)


def test_unlimited_has_no_rest_and_no_extra():
	found = statement(promise(None, warn_at=80), [draw(1, 500)], END)
	assert row(found.balances[0]) == (None, 0, 500, 0, None, 0, 0)
	assert found.balances[0].share is None
	assert not found.balances[0].warned


@pytest.mark.parametrize(("used", "warned", "share"), [(7, False, 70), (8, True, 80), (12, True, 120)])
def test_somebody_is_warned_from_the_share_on_that_was_set(used, warned, share):
	(balance,) = statement(promise(10, "agreement", warn_at=80), [draw(1, used)], YEAR.first).balances
	assert (balance.warned, balance.share) == (warned, share)


def test_nothing_promised_is_all_used_by_the_first_piece():
	balance = statement(promise(0, warn_at=80), [draw(1)], END).balances[0]
	assert (balance.share, balance.warned, balance.extra) == (100, True, 1)


def test_what_was_planned_and_not_done_holds_nothing_back_once_its_period_is_over():
	planned = [draw(3, 4, planned=True)]
	before = statement(promise(carry_periods=1), planned, date(2026, 3, 1))
	after = statement(promise(carry_periods=1), planned, date(2026, 4, 1))
	assert (before.balances[1].carried, after.balances[1].carried) == (0, 4)


def test_what_is_done_goes_before_what_is_planned():
	entries = [draw(1, 3, day=1, planned=True), draw(1, 3, day=20)]
	balance = statement(promise(4), entries, YEAR.first).balances[0]
	assert (balance.used, balance.planned, balance.extra, balance.planned_extra) == (3, 1, 0, 2)


def test_how_much_of_new_work_is_covered():
	assert covered(promise(4), [draw(1, 3)], draw(2, 2)) == 1
	assert covered(promise(4), [draw(1, 4)], draw(2, 2)) == 0
	assert covered(promise(None), [draw(1, 4)], draw(2, 2)) == 2


def test_periods_are_counted_from_the_agreements_first_day():
	spans = promise(agreement=Span(date(2026, 1, 31), date(2026, 8, 15))).periods()
	assert [(str(span.first), str(span.last)) for span in spans] == [
		("2026-01-31", "2026-04-29"), ("2026-04-30", "2026-07-30"), ("2026-07-31", "2026-08-15"),
	]  # fmt: skip


quantities = st.decimals(0, 20, places=2)
draws = st.lists(
	st.builds(
		lambda n, day, quantity, planned: Draw(f"D{n}", YEAR.first + timedelta(days=day), quantity, planned),
		st.integers(0, 10**9), st.integers(-10, 380), quantities, st.booleans(),
	),
	max_size=15, unique_by=lambda one: one.key,
)  # fmt: skip
promises = st.builds(
	lambda quantity, per, carry, most: promise(quantity, per, carry_periods=carry, carry_most=most),
	quantities, st.sampled_from(("month", "quarter", "half_year", "year", "agreement")), st.integers(0, 4),
	st.one_of(st.none(), quantities),
)  # fmt: skip
todays = st.integers(-10, 400).map(lambda n: YEAR.first + timedelta(days=n))


@settings(max_examples=150)
@given(promises, draws, todays)
def test_nothing_comes_from_nowhere_and_nothing_is_lost_unseen(promised, entries, today):
	found = statement(promised, entries, today)
	for one, following in zip(found.balances, [*found.balances[1:], None], strict=True):
		assert one.at_hand == one.used + one.planned + one.left
		assert min(one.used, one.planned, one.left, one.expired, one.extra, one.planned_extra) >= 0
		over = one.period.last < today
		if over and following:
			assert following.carried == one.left - one.expired
		elif following:
			assert following.carried <= one.left
		if not over:
			assert one.expired == 0
		if promised.carry_most is not None and following:
			assert following.carried <= promised.carry_most
	done = sum((one.quantity for one in entries if not one.planned), Decimal(0))
	extra_done = sum((one.quantity for one in found.extras if not one.draw.planned), Decimal(0))
	assert found.used + extra_done == done
	if today > YEAR.last:
		brought = promised.quantity * len(found.balances)
		assert brought == found.used + found.expired


@given(promises, draws, todays, st.randoms())
def test_the_order_of_entries_changes_nothing(promised, entries, today, chance: random.Random):
	shuffled = list(entries)
	chance.shuffle(shuffled)
	assert statement(promised, shuffled, today) == statement(promised, entries, today)


@given(promises, draws, todays, quantities)
def test_what_is_given_back_was_never_drawn(promised, entries, today, quantity):
	more = Draw("new", YEAR.first + timedelta(days=100), quantity)
	assert statement(promised, [*entries, more, GiveBack("new")], today) == statement(promised, entries, today)


@given(promises, draws)
def test_a_draw_more_never_leaves_more(promised, entries):
	more = Draw("new", YEAR.first + timedelta(days=100), 1)
	before, after = (statement(promised, all_of, END) for all_of in (entries, [*entries, more]))
	assert after.used >= before.used
	assert after.expired <= before.expired
	assert after.used - before.used <= 1


@pytest.mark.parametrize(
	("make", "code"),
	[
		(lambda: promise(-1), "bad_quantity"),
		(lambda: promise("many"), "bad_quantity"),
		(lambda: promise(float("nan")), "bad_quantity"),
		(lambda: promise(True), "bad_quantity"),
		(lambda: promise(0.0001), "bad_quantity"),
		(lambda: draw(1, -1), "bad_quantity"),
		(lambda: GiveBack("A", -1), "bad_quantity"),
		(lambda: promise(per="week"), "promise_bad_period"),
		(lambda: promise(agreement=Span(YEAR.last, YEAR.first)), "promise_reversed"),
		(lambda: promise(carry_periods=-1), "promise_bad_carry"),
		(lambda: promise(warn_at=0), "promise_bad_share"),
		(lambda: promise(warn_at=101), "promise_bad_share"),
		(lambda: Promise(" ", "visit", 1, "year", YEAR), "promise_without_name"),
		(lambda: net_draws([draw(1, key="A"), draw(2, key="A")]), "draw_twice"),
		(lambda: net_draws([GiveBack("A")]), "give_back_unknown"),
		(lambda: net_draws([draw(1, 2, key="A"), GiveBack("A", 1), GiveBack("A", 2)]), "give_back_too_much"),
	],
)
def test_what_makes_no_sense_is_refused(make, code):
	with pytest.raises(DomainError) as caught:
		make()
	assert caught.value.code == code
	assert "{" not in str(caught.value)
