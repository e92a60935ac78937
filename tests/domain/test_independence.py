"""Who may handle a complaint, recomputed by walking the lines one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import independence as ind
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.independence import Lines, Matter

# chief over two managers; wang and li under the one, zhao under the other; ext has no employee record
SUPERIOR = {
	"e-chief": None,
	"e-m1": "e-chief",
	"e-m2": "e-chief",
	"e-wang": "e-m1",
	"e-li": "e-m1",
	"e-zhao": "e-m2",
}
USERS = {name[2:]: [name] for name in SUPERIOR}
LINES = Lines(SUPERIOR, USERS)
EVERYBODY = sorted([*USERS, "ext"])


def codes(user, **matter):
	return [
		row.code for row in ind.objections(user, Matter(**{k: _set(v) for k, v in matter.items()}), LINES)
	]


def _set(value):
	return frozenset(value) if isinstance(value, (set, list)) else value


@pytest.mark.clause("5.4.d")
@pytest.mark.parametrize(
	("user", "expected"),
	[
		("wang", [ind.ACCUSED]),
		("m1", [ind.ABOVE]),
		("chief", [ind.ABOVE]),
		("li", []),  # a colleague beside them stands in another line
		("m2", []),
		("zhao", []),
		("ext", []),
	],
)
def test_neither_the_person_nor_their_line_handles_it(user, expected):
	assert codes(user, accused={"wang"}) == expected


@pytest.mark.clause("5.4.d")
def test_who_reports_to_them_does_not_handle_it_either():
	assert codes("wang", accused={"m1"}) == [ind.BELOW]
	assert codes("wang", accused={"chief"}) == [ind.BELOW]
	assert codes("m1", accused={"wang", "chief"}) == [ind.BELOW, ind.ABOVE]


def test_who_has_a_part_in_the_matter_does_not():
	assert codes("zhao", involved={"zhao"}) == [ind.INVOLVED]
	assert codes("zhao", involved={"zhao"}, accused={"zhao"}) == [ind.ACCUSED]


@pytest.mark.clause("5.4.d")
def test_an_appeal_goes_to_somebody_else_one_level_up():
	assert codes("zhao", earlier={"zhao"}, last="zhao") == [ind.EARLIER]
	assert codes("li", earlier={"zhao"}, last="zhao") == [ind.NOT_HIGHER]
	assert codes("m1", earlier={"zhao"}, last="zhao") == []
	assert codes("ext", earlier={"zhao"}, last="zhao") == []
	assert codes("li", earlier={"chief"}, last="chief") == []  # nobody stands higher
	assert codes("li", earlier={"ext"}, last="ext") == []


def test_two_records_of_one_person_count_together():
	lines = Lines({**SUPERIOR, "e-wang2": "e-m2"}, {**USERS, "wang": ["e-wang", "e-wang2"]})
	assert lines.is_above("m1", "wang") and lines.is_above("m2", "wang")


def test_the_error_names_everything():
	with pytest.raises(DomainError) as caught:
		ind.check("wang", Matter(accused=frozenset({"wang"})), LINES, may_handle=False)
	assert caught.value.code == "not_independent"
	assert [row.code for row in caught.value.context["objections"]] == [ind.NOT_HANDLER, ind.ACCUSED]


@given(
	st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")),
	st.sampled_from("abcdefg"),
	st.sampled_from("abcdefg"),
)
def test_any_lines_even_circles_end_and_agree_with_a_walk(superior, one, other):
	lines = Lines(superior, {name: [name] for name in "abcdefg"})
	seen, current = set(), superior.get(other)
	while current and current not in seen:
		seen.add(current)
		current = superior.get(current)
	assert lines.is_above(one, other) == (one in seen and one != other)


def test_heights_count_from_the_top_and_circles_end():
	assert [LINES.height(user) for user in ("chief", "m1", "wang", "ext")] == [0, 1, 2, None]
	circle = Lines({"a": "b", "b": "a"}, {"x": ["a"], "y": ["b"]})
	assert (circle.height("x"), circle.above("x")) == (1, {"a", "b"})
	two = Lines(SUPERIOR, {**USERS, "both": ["e-wang", "e-m1"]})
	assert two.height("both") == 1 and not two.is_above("both", "both")


def test_an_appeal_needs_less_height_and_no_equal():
	assert codes("m2", earlier={"m1"}, last="m1") == [ind.NOT_HIGHER]
	assert codes("chief", earlier={"m1"}, last="m1") == []
	assert codes("wang", earlier={"m1"}, last="m1") == [ind.NOT_HIGHER]
	assert codes("li") == codes("li", last="") == []


def test_objections_name_whom_they_are_about():
	found = ind.objections("m1", Matter(accused=frozenset({"li", "wang", "chief"})), LINES)
	assert found == [ind.Objection(ind.BELOW, "chief"), ind.Objection(ind.ABOVE, "li"), ind.Objection(ind.ABOVE, "wang")]
	ind.check("zhao", Matter(accused=frozenset({"wang"})), LINES)
	with pytest.raises(DomainError, match="zhao is not independent: not_handler"):
		ind.check("zhao", Matter(), LINES, may_handle=False)
	found = ind.objections("li", Matter(earlier=frozenset({"zhao"}), last="zhao"), LINES)
	assert found == [ind.Objection(ind.NOT_HIGHER, "zhao")]
