"""The stages of a visit and of a remote session."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import visit as v
from ops_delivery.domain import visit_moment, visit_work
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.numbers import NumberFormat
from ops_delivery.domain.visit import ON_SITE, REMOTE, Leftover, Open, Point, Visit
from tests.domain.samples import stored

NOW = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
FACTS = frozenset(
	{
		v.DETAILS_CONFIRMED,
		v.DEPARTED,
		v.ARRIVED,
		v.ARRIVAL_CONFIRMED,
		v.WORK_CONFIRMED,
		v.OUTCOME,
		v.SIGNED,
		v.PERMITTED,
		v.SURVEYS_DUE,
	}
)


def whole(kind=ON_SITE, phase=None, **values):
	"""A visit at which nothing is open."""
	points = tuple(Point(stored(stage), f"{stage}?", answer="Yes") for stage in v.STAGES)
	values["items"] = tuple((work, stored(state)) for work, state in values.get("items", (("Swap", v.DONE),)))
	return Visit(kind, stored(phase or kind.planned), **{"facts": FACTS, "points": points, "risky": False, **values})


def codes(visit, phase):
	return [row.code for row in v.open_points(visit, phase)]


@pytest.mark.parametrize("kind", [ON_SITE, REMOTE])
@pytest.mark.clause("7.2.a", "7.2.b", "7.2.c", "7.2.d", "7.3.a", "7.3.b", "7.3.c", "7.3.d")
def test_a_whole_visit_walks_through_every_phase(kind):
	for now, then in zip(kind.phases, kind.phases[1:], strict=False):
		visit = whole(kind, now)
		v.check_step(visit, then)
		assert v.open_points(visit, then) == []
		assert v.next_phase(visit) == then
	assert v.next_phase(whole(kind, kind.followed_up)) is None


@pytest.mark.parametrize("kind", [ON_SITE, REMOTE])
@pytest.mark.parametrize("now", range(6))
@pytest.mark.parametrize("then", range(6))
def test_no_phase_is_skipped(kind, now, then):
	visit = whole(kind, kind.phases[now], facts=FACTS - {v.DEPARTED})
	allowed = then == now + 1 or (now, then) in ((1, 0), (3, 2))
	if allowed:
		v.check_step(visit, kind.phases[then])
	else:
		with pytest.raises(DomainError):
			v.check_step(visit, kind.phases[then])


@pytest.mark.parametrize(
	"fact, stage_phase",
	[
		(v.DETAILS_CONFIRMED, 1),
		(v.DEPARTED, 2),
		(v.ARRIVED, 2),
		(v.ARRIVAL_CONFIRMED, 3),
		(v.WORK_CONFIRMED, 3),
		(v.OUTCOME, 3),
		(v.SIGNED, 4),
		(v.PERMITTED, 4),
		(v.SURVEYS_DUE, 5),
	],
)
@pytest.mark.clause("7.2.a.1", "7.2.b.1", "7.2.b.2", "7.2.c.1", "7.2.c.5", "7.2.d.1", "7.2.d.2")
def test_each_fact_holds_its_gate_and_every_later_one(fact, stage_phase):
	visit = whole(facts=FACTS - {fact})
	for rank, phase in enumerate(ON_SITE.phases):
		assert (f"not_{fact}" in codes(visit, phase)) == (rank >= stage_phase)


@pytest.mark.clause("7.3.c.3")
def test_a_session_needs_no_departure_and_no_signature_but_permission():
	visit = whole(REMOTE, facts=FACTS - {v.DEPARTED, v.SIGNED})
	assert codes(visit, "Followed Up") == []
	assert codes(whole(REMOTE, facts=FACTS - {v.PERMITTED}), "Ended") == ["not_permitted"]


@pytest.mark.parametrize("stage, rank", [(v.BEFORE, 1), (v.DURING, 3), (v.LEAVING, 4), (v.AFTER, 5)])
def test_a_required_point_holds_its_stage(stage, rank):
	point = Point(stored(stage), "Clean?")
	assert v.GATE_OF[stage] == rank
	for number, phase in enumerate(ON_SITE.phases):
		opened = v.open_points(whole(points=(point,)), phase)
		assert opened == ([Open("point_open", "Clean?", stage)] if number >= rank else [])
		assert v.open_points(whole(points=(replace(point, required=False),)), phase) == []


@pytest.mark.parametrize(
	"kind, reviewed, missing",
	[
		(ON_SITE, set(), ["Internal"]),
		(ON_SITE, {"Internal"}, []),
		(REMOTE, {"Internal"}, ["Customer"]),
		(REMOTE, {"Customer"}, ["Internal"]),
		(REMOTE, {"Internal", "Customer"}, []),
	],
)
@pytest.mark.clause("7.2.a.2", "7.3.a.2")
def test_a_risky_job_needs_a_reviewed_contingency_plan(kind, reviewed, missing):
	visit = whole(kind, risky=True, facts=FACTS | {v.CONTINGENCY}, reviewed_by=frozenset(reviewed))
	opened = v.open_points(visit, kind.prepared)
	assert [row.subject for row in opened if row.code == "contingency_not_reviewed"] == missing
	assert "contingency_missing" in codes(whole(kind, risky=True), kind.prepared)
	assert codes(whole(kind, risky=None), kind.prepared) == ["risk_not_judged"]


@pytest.mark.clause("7.2.c.2", "7.2.d.4", "7.3.c.1", "7.3.d.4")
def test_leftovers_are_agreed_before_leaving_and_ended_before_the_end():
	visit = whole(leftovers=(Leftover("Cable", agreed=False),))
	assert codes(visit, "Left") == ["leftover_not_agreed"]
	visit = whole(leftovers=(Leftover("Cable", agreed=True),))
	assert codes(visit, "Left") == []
	assert codes(visit, "Followed Up") == ["leftover_open"]
	assert codes(whole(leftovers=(Leftover("Cable", agreed=True, ended=True),)), "Followed Up") == []
	assert codes(whole(items=(("Swap", v.LEFT_OPEN),)), "Left") == ["leftover_missing"]


@pytest.mark.parametrize("state", [v.PROPOSED, v.CONFIRMED, v.STARTED, v.STOPPED])
def test_work_is_not_done_while_an_item_is_open(state):
	expected = "item_stopped" if state == v.STOPPED else "item_open"
	assert codes(whole(items=(("Swap", state),)), "Work Done") == [expected]


def test_a_visit_without_work_is_not_prepared():
	assert codes(whole(items=()), "Prepared") == ["no_items"]


@pytest.mark.clause("7.2.b.5", "7.3.b.5")
def test_only_confirmed_items_are_started_and_done():
	assert visit_work.move(visit_work.move(visit_work.move(v.PROPOSED, "confirm"), "start"), "finish") == v.DONE
	for action in ("start", "finish"):
		with pytest.raises(DomainError) as caught:
			visit_work.move(v.PROPOSED, action)
		assert caught.value.code == "item_not_confirmed"


@pytest.mark.clause("7.2.b.6", "7.3.b.6")
def test_a_stopped_item_waits_for_the_superior():
	stopped = visit_work.move(v.STARTED, "stop")
	for action in ("start", "finish", "confirm", "leave_open"):
		with pytest.raises(DomainError) as caught:
			visit_work.move(stopped, action)
		assert caught.value.code == "item_stopped"
	assert visit_work.move(stopped, "grant") == v.CONFIRMED
	assert visit_work.move(stopped, "decline") == v.LEFT_OPEN


@given(st.lists(st.sampled_from(sorted({action for _state, action in visit_work.MOVES})), max_size=12))
def test_whatever_is_tapped_nothing_is_done_unconfirmed(actions):
	state, confirmed = v.PROPOSED, False
	for action in actions:
		try:
			state = visit_work.move(state, action)
		except DomainError:
			continue
		confirmed = confirmed or action in ("confirm", "grant")
	assert state not in (v.DONE, v.STARTED) or confirmed


def test_cancelling_ends_with_the_arrival():
	v.check_step(whole(facts=FACTS - {v.ARRIVED}), v.CANCELLED)
	with pytest.raises(DomainError) as caught:
		v.check_step(whole(phase="On Site"), v.CANCELLED)
	assert caught.value.code == "too_late_to_cancel"
	with pytest.raises(DomainError):
		v.check_step(whole(phase=v.CANCELLED), "Planned")
	with pytest.raises(DomainError):
		v.check_step(whole(phase="On Site"), stored(v.CANCELLED))
	with pytest.raises(DomainError) as caught:
		v.check_step(whole(facts=frozenset()), "Followed Up")
	assert caught.value.code == "stage_skipped", "from the first phase the last one is no step back"


def test_who_has_departed_does_not_go_back_to_planning():
	with pytest.raises(DomainError):
		v.check_step(whole(phase="Prepared"), "Planned")


@pytest.mark.clause("7.2.b.1")
def test_the_phones_clock_decides_nothing():
	wrong = visit_moment.moment(NOW, device_time=NOW + timedelta(hours=1))
	assert (wrong.instant, wrong.offset) == (NOW, 3600)
	late = visit_moment.moment(NOW, waited=600, device_time=NOW - timedelta(minutes=10))
	assert (late.instant, late.offset, late.waited) == (NOW - timedelta(minutes=10), 0, 600)


@pytest.mark.parametrize("waited", [-1, float("nan"), float("inf"), 90000])
def test_an_impossible_delay_is_refused(waited):
	with pytest.raises(DomainError) as caught:
		visit_moment.moment(NOW, waited)
	assert caught.value.code == "bad_wait"


def test_no_arrival_before_the_departure():
	with pytest.raises(DomainError) as caught:
		visit_moment.moment(NOW, waited=60, not_before=NOW)
	assert caught.value.code == "before_departure"
	assert visit_moment.moment(NOW, not_before=NOW).instant == NOW


@pytest.mark.parametrize(
	"answer, remark, done, outside",
	[
		("21,5", "", True, False),
		("30", "", False, True),
		("30", "Fan is ordered", True, True),
		("-1", "", False, True),
		("", "later", False, False),
	],
)
def test_a_reading_outside_its_limits_needs_a_word(answer, remark, done, outside):
	point = Point(v.BEFORE, "°C", stored(v.READING), answer=answer, remark=remark, minimum="0", maximum="27.5")
	assert (point.done, point.outside) == (done, outside)


@pytest.mark.parametrize(
	"answer, remark, done",
	[
		("Yes", "", True),
		("No", "because", False),
		("Not Applicable", "", False),
		("Not Applicable", "no rack", True),
	],
)
def test_a_no_settles_nothing(answer, remark, done):
	assert Point(v.BEFORE, "?", stored(v.YES_NO), answer=stored(answer), remark=remark).done is done


def test_a_reading_is_a_number():
	with pytest.raises(DomainError) as caught:
		_ = Point(v.BEFORE, "°C", v.READING, answer="warm", maximum="27").outside
	assert caught.value.code == "bad_reading"


def test_readings_and_limits_are_read_by_the_format_of_the_site():
	english = Point(v.BEFORE, "V", v.READING, answer="1,500", maximum="1,000")
	assert english.outside
	german = Point(v.BEFORE, "V", v.READING, answer="1,500", maximum="1.000", form=NumberFormat.of("#.###,##"))
	assert not german.outside


def test_a_visit_goes_one_phase_at_a_time():
	with pytest.raises(DomainError) as caught:
		v.check_step(whole(phase="Planned"), "On Site")
	assert caught.value.code == "stage_skipped"
	assert "Prepared" in str(caught.value)


@pytest.mark.parametrize("phase", ["Followed Up", v.CANCELLED])
def test_a_visit_that_has_ended_moves_no_more(phase):
	with pytest.raises(DomainError) as caught:
		v.check_step(whole(phase=phase), "Planned")
	assert caught.value.code == "visit_ended"


def test_what_is_done_is_not_started_again():
	with pytest.raises(DomainError) as caught:
		visit_work.move(v.DONE, "start", "Swap the disk")
	assert caught.value.code == "item_ended"
	assert "Swap the disk" in str(caught.value)


def test_a_server_clock_that_was_put_back_a_little_is_no_arrival_before_the_departure():
	before = NOW + timedelta(seconds=2)
	assert visit_moment.moment(NOW, not_before=before).instant == before


def test_each_kind_names_its_phases():
	names = ("planned", "prepared", "present", "work_done", "left", "followed_up")
	for kind in (ON_SITE, REMOTE):
		assert tuple(getattr(kind, name) for name in names) == kind.phases
		assert [kind.rank(phase) for phase in kind.phases] == [0, 1, 2, 3, 4, 5]
		assert kind.rank(v.CANCELLED) == kind.rank("") == -1
		assert v.next_phase(whole(kind, v.CANCELLED)) is None
	assert (ON_SITE.told_first, ON_SITE.signed, REMOTE.told_first, REMOTE.signed) == (True, True, False, False)


@pytest.mark.parametrize("answer_type", [v.TEXT, v.PHOTO])
def test_a_text_or_a_photo_settles_a_point_by_being_there(answer_type):
	assert Point(v.BEFORE, "?", answer_type, answer="x").done
	assert not Point(v.BEFORE, "?", answer_type, answer="  ").done
	assert not Point(v.BEFORE, "?", answer_type, answer="5", maximum="1").outside


@pytest.mark.parametrize(
	("answer", "outside"), [("0", False), ("-0.1", True), ("27.5", False), ("27.6", True), (" ", False)]
)
def test_limits_themselves_are_within(answer, outside):
	assert Point(v.BEFORE, "°C", v.READING, answer=answer, minimum="0", maximum="27.5").outside is outside
	assert not Point(v.BEFORE, "°C", v.READING, answer=answer, minimum=" ", maximum="").outside


def test_what_is_cancelled_or_unknown_has_nothing_open():
	bare = Visit(ON_SITE, "Planned")
	assert v.open_points(bare, v.CANCELLED) == v.open_points(bare, "Planned") == []


def test_the_refusal_of_a_skipped_phase_names_the_next_one():
	with pytest.raises(DomainError) as caught:
		v.check_step(whole(phase="On Site"), "Left")
	assert str(caught.value) == "From On Site a visit goes on to Work Done, not to Left."
	with pytest.raises(DomainError) as caught:
		v.check_step(whole(phase="Prepared"), "nowhere")
	assert caught.value.code == "stage_skipped"


def test_one_who_did_not_depart_goes_back_to_planning_and_from_work_done_to_work():
	v.check_step(whole(phase="Prepared", facts=frozenset()), "Planned")
	v.check_step(whole(phase="Work Done"), "On Site")
	for now, then in (("On Site", "Prepared"), ("Left", "Work Done"), ("Planned", "Planned")):
		with pytest.raises(DomainError) as caught:
			v.check_step(whole(phase=now, facts=frozenset()), then)
		assert caught.value.code == "stage_skipped"


def test_what_is_open_is_told_stage_by_stage():
	opened = v.open_points(Visit(ON_SITE, "Planned", items=(("Swap", v.LEFT_OPEN),)), "Followed Up")
	assert [(row.code, row.stage) for row in opened] == [
		("not_details_confirmed", v.BEFORE),
		("risk_not_judged", v.BEFORE),
		("not_departed", v.BEFORE),
		("not_arrived", v.DURING),
		("not_arrival_confirmed", v.DURING),
		("not_work_confirmed", v.DURING),
		("not_outcome", v.DURING),
		("leftover_missing", v.LEAVING),
		("not_signed", v.LEAVING),
		("not_permitted", v.LEAVING),
		("not_surveys_due", v.AFTER),
	]


def test_a_leftover_is_told_by_what_is_left():
	rows = (Leftover("Cable", agreed=False), Leftover("Fan", agreed=True))
	opened = v.open_points(whole(leftovers=rows), "Followed Up")
	assert [(row.code, row.subject, row.stage) for row in opened] == [
		("leftover_not_agreed", "Cable", v.LEAVING),
		("leftover_open", "Cable", v.AFTER),
		("leftover_open", "Fan", v.AFTER),
	]


@pytest.mark.parametrize("waited", [0, 0.4, 86_400])
def test_a_wait_of_a_day_is_possible(waited):
	assert visit_moment.moment(NOW, waited).instant == NOW - timedelta(seconds=round(waited))
