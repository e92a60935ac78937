"""Which needs of review are met by which decisions (6.4.b, 6.5.c)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.review import APPROVED, REJECTED, Decision, Need, judge, would_count
from tests.domain.samples import stored

pytestmark = pytest.mark.clause("6.4.b")


def yes(person, rule="inside", content="v1"):
	return Decision(stored(rule), stored(person), stored(APPROVED), stored(content))


def no(person, rule="inside", content="v1"):
	return Decision(stored(rule), stored(person), stored(REJECTED), stored(content))


def standing(decisions, authors=(), **need):
	return judge([Need("inside", "v1", **need)], decisions, authors)["inside"]


def test_nothing_is_met_by_nothing():
	found = standing([])
	assert (found.met, found.given, found.lacking) == (False, 0, 1)


def test_an_approval_of_this_content_meets_it():
	assert standing([yes("wang")]).met


def test_an_approval_of_another_content_does_not_and_is_counted_as_outdated():
	found = standing([yes("wang", content="v0")])
	assert not found.met and found.outdated == 1


def test_the_author_never_counts_neither_way():
	assert not standing([yes("li")], authors={"li"}).met
	assert standing([no("li"), yes("wang")], authors={"li"}).met


def test_one_person_twice_is_one_unless_the_rule_says_otherwise():
	twice = [yes("wang"), yes("wang")]
	assert standing(twice, approvals=2).given == 1
	assert standing(twice, approvals=2, may_repeat=True).met


def test_of_a_persons_decisions_the_last_holds():
	assert not standing([yes("wang"), no("wang")]).met
	assert standing([no("wang"), yes("wang")]).met


def test_a_rejection_outweighs_the_approvals_of_others():
	found = standing([no("zhao"), yes("wang"), yes("chen")])
	assert found.given == 1 and found.rejected_by == ("zhao",) and not found.met


def test_a_person_fills_one_place_among_the_rules_for_the_same_content():
	needs = [Need("inside", "v1"), Need("finance", "v1")]
	found = judge(needs, [yes("wang"), yes("wang", "finance")])
	assert sum(s.given for s in found.values()) == 1
	assert not would_count(needs, [yes("wang")], (), yes("wang", "finance"))
	assert would_count(needs, [yes("wang")], (), yes("zhao", "finance"))
	# once somebody else can take the first place, the same person is worth something in the second
	assert would_count(needs, [yes("wang"), yes("zhao")], (), yes("wang", "finance"))


def test_parts_are_contents_of_their_own():
	needs = [Need("proposal", "p1"), Need("implementation", "i1")]
	found = judge(needs, [yes("wang", "proposal", "p1"), yes("wang", "implementation", "i1")])
	assert all(s.met for s in found.values())


def test_a_rule_that_lets_one_repeat_takes_nobody_away_from_the_others():
	needs = [Need("lenient", "v1", may_repeat=True), Need("strict", "v1")]
	found = judge(needs, [yes("wang", "lenient"), yes("wang", "strict")])
	assert all(s.met for s in found.values())


def test_decisions_for_rules_that_are_gone_are_no_matter():
	assert judge([], [yes("wang", "gone")]) == {}


people, rules = st.sampled_from("abcd"), st.sampled_from(["r1", "r2", "r3"])
told = st.lists(
	st.builds(Decision, rules, people, st.just(APPROVED), st.sampled_from(["v1", "v2"])), max_size=10
)


@given(told, st.lists(st.integers(1, 3), min_size=3, max_size=3))
def test_as_many_places_are_filled_as_can_be(decisions, wanted):
	needs = [Need(f"r{n}", "v1", approvals=number) for n, number in enumerate(wanted, start=1)]
	found = judge(needs, decisions)
	asked = {(d.rule, d.person) for d in decisions if d.content == "v1"}
	best = 0  # by trying every way to give each person to one rule
	for choice in itertools.product(["r1", "r2", "r3", None], repeat=4):
		given_to = dict(zip("abcd", choice, strict=True))
		taken = {rule: sum(given_to[p] == rule and (rule, p) in asked for p in "abcd") for rule in found}
		best = max(best, sum(min(taken[f"r{n}"], number) for n, number in enumerate(wanted, start=1)))
	assert sum(s.given for s in found.values()) == best
	for rule, s in found.items():
		assert len(set(s.approved_by)) == s.given <= s.wanted
		assert all((rule, person) in asked for person in s.approved_by)


@given(told, people)
def test_one_more_approval_never_takes_anything_away(decisions, person):
	needs = [Need("r1", "v1", approvals=2), Need("r2", "v1"), Need("r3", "v1", may_repeat=True)]
	before = judge(needs, decisions)
	after = judge(needs, [*decisions, Decision("r2", person, APPROVED, "v1")])
	assert sum(s.given for s in after.values()) >= sum(s.given for s in before.values())


def test_how_many_are_lacking():
	found = standing([yes("wang"), yes("chen")], approvals=3)
	assert (found.wanted, found.given, found.lacking, found.met) == (3, 2, 1, False)
	found = standing([yes("wang"), yes("chen")], approvals=1)
	assert (found.wanted, found.given, found.lacking, found.met) == (1, 1, 0, True)
	found = standing([yes("wang"), yes("wang")], approvals=1, may_repeat=True)
	assert (found.given, found.lacking) == (2, 0), "more than are wanted leave nothing lacking"
	assert standing([], approvals=0).wanted == 1, "a rule without a number asks for one"
	assert standing([yes("wang")], approvals=0).given == 1


def test_of_a_rule_that_lets_one_repeat_a_withdrawn_word_is_none():
	found = standing([yes("wang"), yes("wang"), no("wang")], approvals=2, may_repeat=True)
	assert (found.given, found.rejected_by) == (0, ("wang",))
	assert standing([yes("wang"), no("wang"), yes("wang")], approvals=2, may_repeat=True).met


def test_taking_a_rejection_back_counts():
	needs = [Need("inside", "v1", approvals=1)]
	told_ = [yes("chen"), no("wang")]
	assert would_count(needs, told_, (), yes("wang"))
	assert not would_count(needs, [yes("chen")], (), yes("wang")), "the place is taken"
	assert not would_count(needs, told_, ("zhao",), yes("zhao"))


def test_what_was_said_of_other_rules_and_contents_is_told_apart():
	needs = [Need("inside", "v1"), Need("outside", "v2")]
	found = judge(needs, [no("wang"), yes("chen", "outside", "v1"), yes("li", "outside", "v2"), no("li", "inside", "v0")])
	assert found["inside"].rejected_by == ("wang",) and found["outside"].rejected_by == ()
	assert (found["inside"].outdated, found["outside"].outdated) == (1, 1)
	assert found["outside"].approved_by == ("li",) and found["inside"].given == 0
