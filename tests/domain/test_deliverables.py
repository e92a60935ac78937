"""Deliverables without a site: their life, their days, their form, and what results show (5.3.e, 8.2)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.deliverables import effects, formats, life
from ops_delivery.domain.deliverables.promise import PERIODIC, Rhythm, owed
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.periods import Span

YEAR = Span(date(2026, 1, 15), date(2026, 12, 20))


@pytest.mark.clause("8.2.a")
def test_there_is_one_way_from_compiling_to_destruction_and_none_back_from_there():
	way = [life.COMPILING, life.IN_REVIEW, life.PUBLISHED, life.ARCHIVED, life.DESTROYED]
	for was, now in pairwise(way):
		assert life.may_follow(was, now)
	assert not any(life.may_follow(life.DESTROYED, phase) for phase in life.STEPS if phase != life.DESTROYED)
	assert not life.may_follow(life.COMPILING, life.PUBLISHED) and not life.may_follow(life.PUBLISHED, life.DESTROYED)
	assert life.may_follow(life.PUBLISHED, life.COMPILING), "revised"


@pytest.mark.clause("8.2.a")
@pytest.mark.parametrize("was", [life.COMPILING, life.IN_REVIEW])
def test_what_was_published_once_is_not_cancelled_but_goes_its_way_to_the_archive(was):
	assert life.may_follow(was, life.CANCELLED) and not life.may_follow(was, life.CANCELLED, was_published=True)
	for step in ((life.COMPILING, life.IN_REVIEW), (life.IN_REVIEW, life.PUBLISHED), (life.PUBLISHED, life.ARCHIVED), (life.ARCHIVED, life.DESTROYED)):
		assert life.may_follow(*step, was_published=True)
	assert life.may_follow(life.CANCELLED, life.CANCELLED, was_published=True), "one that was cancelled before this rule stays"


@pytest.mark.parametrize(("audience", "status", "shown"), [("Customer", "Published", True), ("Internal", "Published", False), ("Customer", "Archived", False)])
def test_the_customer_sees_what_is_published_for_them(audience, status, shown):
	assert life.shown_to_customer(audience, status) is shown


@pytest.mark.clause("5.3.e")
def test_the_last_day_is_in_time_and_the_next_is_late():
	due = date(2026, 3, 10)
	assert life.timeliness(due, due) == life.ON_TIME and life.timeliness(due, date(2026, 3, 11)) == life.LATE
	assert life.timeliness(None, due) == ""
	assert [life.days_late(due, None, date(2026, 3, day)) for day in (9, 10, 12)] == [0, 0, 2]
	assert life.days_late(due, date(2026, 3, 13), date(2027, 1, 1)) == 3 and life.days_late(None, None, due) == 0


def run(rhythm: Rhythm, term: Span = YEAR, since: date | None = None, today: date = date(2027, 6, 1), made=()):
	return owed(rhythm, term, since or term.first, today, set(made), 500)


@pytest.mark.clause("5.3.e", "8.2.b")
@pytest.mark.parametrize(
	("when", "count", "last"),
	[("Every Week", 49, "2026-12-14"), ("Every Month", 12, "2026-12-01"), ("Every Quarter", 4, "2026-10-01"), ("Every Half-year", 2, "2026-07-01"), ("Every Year", 1, "2026-01-01")],
)
def test_each_period_of_the_agreement_owes_one_and_only_of_the_days_within_it(when, count, last):
	found = run(Rhythm(when, days=10)).owed
	assert (len(found), str(found[-1].slot)) == (count, last)
	assert found[0].first == YEAR.first and found[-1].last == YEAR.last
	assert all(one.due == one.last + timedelta(days=10) for one in found)


@pytest.mark.clause("5.3.e")
def test_periods_from_the_agreements_first_day_begin_with_it():
	found = run(Rhythm("Every Month", anchor=date(2026, 1, 31)), Span(date(2026, 1, 31), date(2026, 4, 29))).owed
	assert [(str(one.first), str(one.last)) for one in found] == [("2026-01-31", "2026-02-27"), ("2026-02-28", "2026-03-30"), ("2026-03-31", "2026-04-29")]


@pytest.mark.clause("5.3.e")
def test_it_is_opened_so_many_days_before_but_not_before_its_period_begins():
	rhythm = Rhythm("Every Month", days=10, lead=14)
	assert rhythm.opened(date(2026, 3, 1), date(2026, 4, 10)) == date(2026, 3, 27)
	assert Rhythm("Every Week", days=1, lead=60).opened(date(2026, 3, 2), date(2026, 3, 9)) == date(2026, 3, 2)
	waits = run(rhythm, since=date(2026, 3, 1), today=date(2026, 3, 26))
	assert (waits.owed, str(waits.next), str(waits.open_on)) == ((), "2026-03-01", "2026-03-27")


@pytest.mark.clause("5.3.e")
def test_what_is_owed_once_is_owed_after_the_first_day_and_events_owe_nothing_by_themselves():
	found = run(Rhythm("Once", days=30))
	assert [str(one.due) for one in found.owed] == ["2026-02-14"] and found.open_on is None
	assert run(Rhythm("Once", days=30), made=[YEAR.first]).owed == ()
	assert run(Rhythm("After a Major Incident", days=5)).owed == ()
	assert Rhythm("After a Major Incident", days=5).due_after(date(2026, 2, 27)) == date(2026, 3, 4)


@pytest.mark.clause("5.3.e")
@given(st.sampled_from(PERIODIC), st.integers(0, 40), st.integers(0, 40), st.lists(st.integers(0, 500), min_size=1, max_size=8), st.booleans())
def test_however_the_runs_fall_each_period_is_opened_once_and_none_is_left_out(when, days, lead, looks, anchored):
	rhythm = Rhythm(when, days, lead, YEAR.first if anchored else None)
	made, since = set(), YEAR.first
	for day in sorted({*looks, 600}):
		found = owed(rhythm, YEAR, since, YEAR.first + timedelta(days=day), made, 500)
		slots = [one.slot for one in found.owed]
		assert not made & set(slots) and len(set(slots)) == len(slots)
		made |= set(slots)
		since = found.next or since
	assert made == {one.slot for one in run(rhythm).owed}


@pytest.mark.parametrize(("values", "field"), [(("Sometimes",), "when"), (("Every Month", -1), "days"), (("Every Month", 1, 4000), "lead")])
def test_a_rhythm_that_cannot_be_meant_is_refused(values, field):
	with pytest.raises(DomainError) as refused:
		Rhythm(*values)
	assert refused.value.code == "not_possible" and refused.value.context["field"] == field


@pytest.mark.clause("8.2.e")
@pytest.mark.parametrize(
	("wanted", "names", "fits"),
	[("PDF", ["a.PDF"], True), ("PDF", ["a.docx"], False), ("PDF", ["a.docx", "b.pdf"], True), ("Word", ["a.doc"], True), ("", ["a"], True), ("", [], False), ("PDF", ["/x.pdf/a"], False)],
)
def test_one_file_at_least_has_the_agreed_format(wanted, names, fits):
	assert formats.has_wanted(wanted, names) is fits


@pytest.mark.clause("8.2.d")
def test_a_result_shows_what_was_reached_beside_what_was_agreed():
	assert effects.Value(3, 4, effects.AT_MOST).verdict == effects.MET and effects.Value(5, 4, effects.AT_MOST).verdict == effects.NOT_MET
	assert effects.Value(5, 4).verdict == effects.MET and effects.Value(None, 4).verdict == effects.OPEN and effects.Value(1, None).verdict == effects.MET
	assert effects.together([]) == effects.OPEN and effects.together(["Met", "Open"]) == effects.OPEN
	assert effects.together(["Met", "Not Met"]) == effects.NOT_MET and effects.together(["Met"]) == effects.MET
	assert effects.lacks([], True) == effects.NO_PROOF and effects.lacks(["Open"], True) == effects.STILL_OPEN
	assert effects.lacks(["Met", "Not Met"], False) == effects.UNEXPLAINED and effects.lacks(["Not Met"], True) is None
