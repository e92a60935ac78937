"""What stands against a plan of visits."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import dispatch as d
from ops_delivery.domain.dispatch import Absence, Engineer, Need, Skill, Stay

from .samples import ALWAYS, OFFICE, SHANGHAI, at

ANYTIME = Engineer("zhao", ALWAYS, travel=30)
IN_HOURS = replace(ANYTIME, calendar=OFFICE)
MONDAY = 12


def stay(key, start, hours=1.0, **values):
	return Stay(
		key, start, start + timedelta(hours=hours), **{"customer": "Hospital", "address": key, **values}
	)


def found(engineer, *stays):
	return [(row.code, row.stay, row.other) for row in d.conflicts(engineer, stays, SHANGHAI)]


def codes(engineer, *stays):
	return {code for code, _stay, _other in found(engineer, *stays)}


def test_a_quiet_day_has_no_conflict():
	assert (
		found(IN_HOURS, stay("a", at(MONDAY, 9)), stay("b", at(MONDAY, 10, 30)), stay("c", at(13, 9))) == []
	)


def test_two_at_once_are_told_of_both():
	assert found(ANYTIME, stay("a", at(MONDAY, 9), 2), stay("b", at(MONDAY, 10))) == [
		("overlap", "a", "b"),
		("overlap", "b", "a"),
	]


def test_one_that_follows_at_once_does_not_overlap():
	assert (
		codes(ANYTIME, stay("a", at(MONDAY, 9), address=""), stay("b", at(MONDAY, 10), address="")) == set()
	)


@pytest.mark.parametrize(
	"start, hours, code",
	[
		(at(MONDAY, 8), 2, "outside_hours"),
		(at(MONDAY, 17), 2, "outside_hours"),
		(at(MONDAY, 12, 15), 2, "outside_hours"),
		(at(MONDAY, 11), 3, None),  # a break in between
		(at(MONDAY, 9), 9, None),
		(at(17, 10), 1, "day_off"),  # a Saturday
		(at(6, 10), 1, "day_off"),  # a holiday
		(at(10, 10), 1, None),  # the make-up workday for it
	],
)
def test_working_hours(start, hours, code):
	assert codes(IN_HOURS, stay("a", start, hours)) == ({code} if code else set())
	assert codes(replace(IN_HOURS, calendar=None), stay("a", start, hours)) == set()


def test_who_is_away_is_away_whatever_the_hours():
	away = replace(IN_HOURS, absences=(Absence(date(2026, 10, 12), date(2026, 10, 13), "Training"),))
	(row,) = d.conflicts(away, [stay("a", at(13, 20))], SHANGHAI)
	assert (row.code, row.subject, row.day) == ("absent", "Training", date(2026, 10, 13))
	assert codes(away, stay("a", at(14, 9))) == set()
	assert codes(away, stay("a", at(11, 23), 2)) == {"absent"}


@pytest.mark.parametrize("free, short", [(0, True), (29, True), (30, False), (90, False)])
def test_the_way_to_another_place(free, short):
	one, other = stay("a", at(MONDAY, 9)), stay("b", at(MONDAY, 10) + timedelta(minutes=free))
	assert ("travel" in codes(ANYTIME, one, other)) is short
	(way,) = d.ways(ANYTIME, [other, one], SHANGHAI)
	assert (way.before, way.after, way.free, way.needed) == ("a", "b", free, 30)


def test_the_visit_s_own_travel_time_counts_before_the_engineer_s():
	one, other = stay("a", at(MONDAY, 9)), stay("b", at(MONDAY, 11), travel=75)
	assert codes(ANYTIME, one, other) == {"travel"}
	assert codes(ANYTIME, one, replace(other, travel=0)) == set()


@pytest.mark.parametrize(
	"one, other, same",
	[
		(("Hospital", "North Road 1"), ("Hospital", "north road  1"), True),
		(("Hospital", "North Road 1"), ("Hospital", "South Road 2"), False),
		(("Hospital", ""), ("Hospital", "South Road 2"), True),
		(("Hospital", ""), ("Factory", ""), False),
		(("Hospital", "Park 3"), ("Factory", "Park 3"), True),
		(("", ""), ("", ""), False),
	],
)
def test_what_is_one_place(one, other, same):
	first, second = (
		stay(key, at(MONDAY, 9), customer=customer, address=address)
		for key, (customer, address) in zip("ab", (one, other), strict=True)
	)
	assert d.same_place(first, second) is d.same_place(second, first) is same


def test_nobody_travels_during_a_remote_session():
	one, other = stay("a", at(MONDAY, 9)), stay("b", at(MONDAY, 11))
	session = stay("r", at(MONDAY, 10, 20), 0.5, remote=True)
	assert codes(ANYTIME, one, other) == set()
	assert found(ANYTIME, one, session, other) == [("travel", "a", "b"), ("travel", "b", "a")]
	assert codes(ANYTIME, one, replace(session, end=at(MONDAY, 10, 30)), other) == set()


def test_no_way_from_one_day_to_the_next():
	assert d.ways(ANYTIME, [stay("a", at(MONDAY, 22), 2), stay("b", at(13, 0))], SHANGHAI) == []


@pytest.mark.parametrize(
	"skills, code",
	[
		((), "skill_missing"),
		((Skill("Storage", 3),), "skill_missing"),
		((Skill("Network", 1),), "skill_low"),
		((Skill("Network", 2, date(2026, 10, 11)),), "skill_expired"),
		((Skill("Network", 2, date(2026, 10, 12)),), None),
		((Skill("Network", 3),), None),
		((Skill("Network", 3, date(2026, 1, 1)), Skill("Network", 2)), None),
	],
)
def test_skills(skills, code):
	engineer = replace(ANYTIME, skills=skills)
	needs = (Need("Network", 2),)
	assert codes(engineer, stay("a", at(MONDAY, 9), needs=needs)) == ({code} if code else set())


def test_later_than_promised():
	(row,) = d.conflicts(ANYTIME, [stay("a", at(MONDAY, 9), promised=at(MONDAY, 8, 15))], SHANGHAI)
	assert (row.code, row.needed) == ("late", 45)
	assert codes(ANYTIME, stay("a", at(MONDAY, 9), promised=at(MONDAY, 9))) == set()


def test_what_is_past_planning_is_only_in_the_way():
	done = stay("a", at(MONDAY, 9), 2, open=False)
	assert found(ANYTIME, done, stay("b", at(MONDAY, 10))) == [("overlap", "b", "a")]


def test_only_what_a_change_makes():
	one, other, third = stay("a", at(MONDAY, 9), 2), stay("b", at(MONDAY, 10)), stay("c", at(MONDAY, 14))
	before = d.conflicts(ANYTIME, [one, other, third], SHANGHAI)
	moved = d.conflicts(ANYTIME, [one, other, replace(third, start=at(MONDAY, 9, 30))], SHANGHAI)
	made = d.new_only(before, moved)
	assert {(row.stay, row.other) for row in made} == {("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")}
	assert d.new_only(before, before) == []


# Properties

stays = st.lists(
	st.builds(
		lambda minute, length, place, remote, is_open: (minute, length, place, remote, is_open),
		st.integers(0, 4 * 1440),
		st.integers(1, 600),
		st.sampled_from(["", "x", "y"]),
		st.booleans(),
		st.booleans(),
	),
	max_size=12,
).map(
	lambda rows: [
		Stay(
			f"s{number}",
			at(MONDAY) + timedelta(minutes=minute),
			at(MONDAY) + timedelta(minutes=minute + length),
			customer="Hospital",
			address=place,
			remote=remote,
			open=is_open,
		)
		for number, (minute, length, place, remote, is_open) in enumerate(rows)
	]
)


@given(stays)
def test_overlaps_are_those_of_every_pair(rows):
	told = {
		frozenset((row.stay, row.other))
		for row in d.conflicts(ANYTIME, [replace(s, open=True) for s in rows], SHANGHAI)
		if row.code == d.OVERLAP
	}
	pairs = {
		frozenset((one.key, other.key))
		for i, one in enumerate(rows)
		for other in rows[:i]
		if one.start < other.end and other.start < one.end
	}
	assert told == pairs


@given(stays, st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_given_is_no_matter(rows, chance: random.Random):
	mixed = list(rows)
	chance.shuffle(mixed)
	assert d.conflicts(IN_HOURS, rows, SHANGHAI) == d.conflicts(IN_HOURS, mixed, SHANGHAI)
	assert d.ways(IN_HOURS, rows, SHANGHAI) == d.ways(IN_HOURS, mixed, SHANGHAI)


@given(stays)
def test_only_open_stays_have_conflicts_and_both_sides_of_a_pair_do(rows):
	open_ones = {s.key for s in rows if s.open}
	told = [row for row in d.conflicts(ANYTIME, rows, SHANGHAI)]
	assert {row.stay for row in told} <= open_ones
	pairs = {(row.code, row.stay, row.other) for row in told if row.other}
	for code, one, other in pairs:
		assert other not in open_ones or (code, other, one) in pairs


@given(stays)
def test_a_way_leads_from_one_visit_on_site_to_a_later_one(rows):
	by_key = {s.key: s for s in rows}
	for way in d.ways(ANYTIME, rows, SHANGHAI):
		before, after = by_key[way.before], by_key[way.after]
		assert not before.remote and not after.remote and before.start <= after.start
		assert way.free <= (after.start - before.end).total_seconds() / 60
		assert way.needed in (0, ANYTIME.travel)


@given(stays)
def test_taking_one_away_makes_no_overlap(rows):
	before = d.conflicts(ANYTIME, rows, SHANGHAI)
	after = d.conflicts(ANYTIME, rows[1:], SHANGHAI)
	assert not [row for row in d.new_only(before, after) if row.code == d.OVERLAP]


@pytest.mark.parametrize(
	("promised", "planned", "arrived", "now", "late"),
	[
		(at(MONDAY, 9), None, at(MONDAY, 9, 20), at(MONDAY, 12), 20),
		(at(MONDAY, 9), None, at(MONDAY, 9, 20) + timedelta(seconds=59), at(MONDAY, 12), 20),  # whole minutes
		(at(MONDAY, 9), None, at(MONDAY, 8), at(MONDAY, 12), 0),
		(at(MONDAY, 9), at(MONDAY, 8), None, at(MONDAY, 10), 60),  # the promise counts, not the plan
		(None, at(MONDAY, 8), None, at(MONDAY, 10), 120),  # nothing promised, nobody there
		(None, at(MONDAY, 8), at(MONDAY, 10), at(MONDAY, 12), 0),  # there: a plan is no promise
		(None, at(MONDAY, 11), None, at(MONDAY, 10), 0),
		(None, None, None, at(MONDAY, 10), 0),
	],
)
def test_how_late_somebody_is(promised, planned, arrived, now, late):
	assert d.late_by(promised, planned, arrived, now) == timedelta(minutes=late)


def test_a_visit_without_an_end_takes_an_hour():
	start = at(MONDAY, 9)
	assert d.end_of(start, None) == d.end_of(start, start) == d.end_of(start, at(MONDAY, 8)) == at(MONDAY, 10)
	assert d.end_of(start, at(MONDAY, 9, 1)) == at(MONDAY, 9, 1)


def test_what_a_conflict_says():
	engineer = replace(ANYTIME, skills=(Skill("Network", 1), Skill("Storage", 3, date(2026, 1, 1)), Skill("Storage", 3, date(2026, 2, 1))))
	needs = (Need("Network", 2), Need("Storage", 2), Need("Power", 3))
	rows = d.conflicts(engineer, [stay("a", at(MONDAY, 9), needs=needs)], SHANGHAI)
	assert [(row.code, row.subject, row.needed, row.free, row.day) for row in rows] == [
		("skill_low", "Network", 2, 1, None),
		("skill_expired", "Storage", 2, 3, date(2026, 2, 1)),
		("skill_missing", "Power", 3, 0, None),
	]
	(travel, _back) = d.conflicts(ANYTIME, [stay("a", at(MONDAY, 9)), stay("b", at(MONDAY, 10, 10))], SHANGHAI)
	assert (travel.free, travel.needed) == (10, 30)
	(off,) = d.conflicts(IN_HOURS, [stay("a", at(17, 10))], SHANGHAI)
	assert off.day == date(2026, 10, 17)
	(outside,) = d.conflicts(IN_HOURS, [stay("a", at(MONDAY, 17), 2)], SHANGHAI)
	assert outside.day == date(2026, 10, 12)


def test_the_last_day_of_a_certificate_is_that_of_the_zone():
	engineer = replace(ANYTIME, skills=(Skill("Network", 2, date(2026, 10, 11)),))
	assert d.lacking(engineer, [Need("Network", 2)], date(2026, 10, 11)) == []
	assert [code for code, _need, _skill in d.lacking(engineer, [Need("Network", 2)], date(2026, 10, 12))] == ["skill_expired"]


def test_who_is_away_to_midnight_may_come_on_the_next_day():
	away = replace(ANYTIME, absences=(Absence(date(2026, 10, 12), date(2026, 10, 12)),))
	assert codes(away, stay("a", at(13, 0))) == set()
	assert codes(away, stay("a", at(11, 23))) == set(), "it ends at the first moment of the day away"
	(row,) = d.conflicts(away, [stay("a", at(11, 23), 1.5)], SHANGHAI)
	assert row.day == date(2026, 10, 12)
