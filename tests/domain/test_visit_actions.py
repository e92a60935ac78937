"""What is offered at each phase of a visit, and which of it comes next."""

import pytest

from ops_delivery.domain import visit as v
from ops_delivery.domain.visit import ON_SITE, REMOTE, Phase
from ops_delivery.domain.visit_actions import BY_A_TAP, actions, of_item
from tests.domain.test_visit import whole


def offered(kind, phase, still_open=(), **more):
	seen = more.pop("visit", None) or whole(kind, kind.phases[phase])
	return {action.name: "quiet" if action.quiet else "first" if action.first else "later" for action in actions(seen, still_open, **more)}


@pytest.mark.parametrize("kind", [ON_SITE, REMOTE])
@pytest.mark.clause("7.2.a", "7.3.a")
def test_planned_it_is_confirmed_before_it_is_prepared(kind):
	assert offered(kind, Phase.PLANNED, ["not_details_confirmed"]) == {"confirm_details": "first", "cancel": "quiet"}
	assert offered(kind, Phase.PLANNED, ["point_open"]) == {"prepare": "later", "cancel": "quiet"}
	assert offered(kind, Phase.PLANNED) == {"prepare": "first", "cancel": "quiet"}


def test_prepared_one_departs_first_where_one_travels():
	back = {"prepare_again": "quiet", "cancel": "quiet"}
	assert offered(ON_SITE, Phase.PREPARED) == {"depart": "first", **back}
	assert offered(ON_SITE, Phase.PREPARED, departed=True) == {"arrive": "first", "cancel": "quiet"}
	assert offered(REMOTE, Phase.PREPARED) == {"arrive": "first", **back}


@pytest.mark.parametrize("kind", [ON_SITE, REMOTE])
@pytest.mark.clause("7.2.b", "7.3.b")
def test_present_work_is_confirmed_before_it_is_finished(kind):
	aside = {"wish": "quiet", "add_leftover": "quiet"}
	both = ["not_arrival_confirmed", "not_work_confirmed"]
	assert offered(kind, Phase.PRESENT, both) == {"confirm_arrival": "first", "confirm_work": "later", **aside}
	assert offered(kind, Phase.PRESENT, both[1:]) == {"confirm_work": "first", **aside}
	assert offered(kind, Phase.PRESENT, ["not_outcome"]) == {"finish_work": "first", **aside}
	assert offered(kind, Phase.PRESENT, ["not_outcome", "item_open"]) == {"finish_work": "later", **aside}
	wished = whole(kind, kind.present, items=(("Swap", v.PROPOSED),))
	assert "confirm_work" in offered(kind, Phase.PRESENT, visit=wished)


@pytest.mark.clause("7.2.c", "7.3.c")
def test_before_leaving_the_sheet_is_signed_and_a_session_is_not():
	aside = {"add_leftover": "quiet", "back_to_work": "quiet"}
	assert offered(ON_SITE, Phase.WORK_DONE, ["not_signed"]) == {"sign": "first", "leave": "later", **aside}
	assert offered(ON_SITE, Phase.WORK_DONE, ["not_permitted"], signed=True) == {"sign": "later", "leave": "first", **aside}
	assert offered(REMOTE, Phase.WORK_DONE) == {"leave": "first", **aside}


@pytest.mark.parametrize("kind", [ON_SITE, REMOTE])
@pytest.mark.clause("7.2.d", "7.3.d")
def test_after_leaving_it_is_followed_up_and_then_nothing(kind):
	assert offered(kind, Phase.LEFT, ["leftover_open"]) == {"follow_up": "later"}
	assert offered(kind, Phase.LEFT) == {"follow_up": "first"}
	assert offered(kind, Phase.FOLLOWED_UP) == {}
	assert actions(whole(kind, v.CANCELLED), []) == []


@pytest.mark.parametrize("kind", [ON_SITE, REMOTE])
def test_items_are_worked_on_while_one_is_there(kind):
	there, planned = whole(kind, kind.present), whole(kind, kind.planned)
	assert of_item(there, v.PROPOSED) == ("drop_item",)
	assert of_item(there, v.CONFIRMED)[0] == "start_item" and of_item(there, v.STARTED)[0] == "finish_item"
	assert of_item(there, v.DONE) == () and of_item(planned, v.CONFIRMED) == ()


def test_what_a_tap_settles_is_a_point_that_there_is():
	"""A code that is renamed must not fall out of the list unseen."""
	bare = v.Visit(ON_SITE, ON_SITE.planned)
	assert set(BY_A_TAP) <= {row.code for row in v.open_points(bare, ON_SITE.followed_up)}
