"""Two versions set against each other: what was added, removed and changed, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import comparison
from ops_delivery.domain.comparison import ADDED, CHANGED, REMOVED, Section, Table

TARGETS = Table(
	"targets",
	"Targets",
	{"what": "Commitment", "priority": "Priority", "time": "Target"},
	("what", "priority"),
)
LAYOUT = (
	Section("Agreement", {"title": "Title", "end": "Valid to"}),
	Section("Promise", {"hours": "Service Hours"}, (TARGETS,)),
)


def _target(what, priority, time):
	return {"what": what, "priority": priority, "time": time}


def _compare(old, new, old_rows=(), new_rows=()):
	return comparison.compare(LAYOUT, old, new, {"targets": old_rows}, {"targets": new_rows})


@pytest.mark.clause("5.5.g")
def test_equal_versions():
	same = {"title": "Care", "hours": "5×8"}
	rows = [_target("Response", "High", "1 h")]
	assert _compare(same, {**same, "end": " "}, rows, rows) == []


@pytest.mark.clause("5.5.g")
def test_fields_by_section():
	found = _compare(
		{"title": "Care", "hours": "5×8"}, {"title": "Care", "end": "2027-12-31", "hours": "7×24"}
	)
	assert [section.label for section in found] == ["Agreement", "Promise"]
	assert [(c.kind, c.label, c.old, c.new) for s in found for c in s.fields] == [
		(ADDED, "Valid to", "", "2027-12-31"),
		(CHANGED, "Service Hours", "5×8", "7×24"),
	]


@pytest.mark.clause("5.5.g")
def test_rows_find_each_other_by_their_keys():
	old = [
		_target("Response", "Low", "8 h"),
		_target("Response", "High", "1 h"),
		_target("Arrival", "High", "4 h"),
	]
	new = [
		_target("Response", "High", "30 min"),
		_target("Response", "Low", "8 h"),
		_target("Restore", "Low", ""),
	]
	(section,) = _compare({}, {}, old, new)
	rows = section.tables[0].rows
	assert [(row.kind, row.title) for row in rows] == [
		(CHANGED, "Response · High"),
		(ADDED, "Restore · Low"),
		(REMOVED, "Arrival · High"),
	]
	assert [(cell.label, cell.old, cell.new) for cell in rows[0].cells] == [("Target", "1 h", "30 min")]
	assert section.count == 3


def test_rows_with_the_same_key_meet_in_order_and_equal_ones_first():
	table = Table("t", "T", {"a": "A", "b": "B"}, ("a",))
	old = [{"a": "x", "b": "1"}, {"a": "x", "b": "2"}]
	rows = comparison.compare_rows(
		table, old, [{"a": "x", "b": "2"}, {"a": "x", "b": "3"}, {"a": "x", "b": "4"}]
	)
	assert [(row.kind, [(c.old, c.new) for c in row.cells]) for row in rows] == [
		(CHANGED, [("1", "3")]),
		(ADDED, [("", "x"), ("", "4")]),
	]


@pytest.mark.clause("5.5.g")
def test_a_text_word_by_word():
	parts = comparison.words("answered within one hour", "answered within 30 minutes")
	assert "".join(part.text for part in parts if part.kind != ADDED) == "answered within one hour"
	assert [(p.kind, p.text) for p in comparison.words("每月巡检一次", "每周巡检一次")] == [
		("", "每"),
		(REMOVED, "月"),
		(ADDED, "周"),
		("", "巡检一次"),
	]


def test_another_text_altogether_is_told_as_a_whole():
	assert [(p.kind, p.text) for p in comparison.words("每月巡检", "Answered by phone")] == [
		(REMOVED, "每月巡检"),
		(ADDED, "Answered by phone"),
	]


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_texts_can_be_read_from_the_parts(old, new):
	parts = comparison.words(old, new)
	assert "".join(part.text for part in parts if part.kind != ADDED) == old
	assert "".join(part.text for part in parts if part.kind != REMOVED) == new


rows_of = st.lists(
	st.fixed_dictionaries({"a": st.sampled_from("xyz"), "b": st.sampled_from("123")}), max_size=6
)


@given(rows_of, rows_of)
def test_every_row_is_accounted_for(old, new):
	table = Table("t", "T", {"a": "A", "b": "B"}, ("a",))
	rows = comparison.compare_rows(table, old, new)
	added = sum(row.kind == ADDED for row in rows)
	removed = sum(row.kind == REMOVED for row in rows)
	assert len(old) - removed == len(new) - added
	if sorted(map(str, old)) == sorted(map(str, new)):
		assert rows == ()


def test_a_field_that_was_emptied_is_removed():
	(section,) = _compare({"title": "Care", "hours": "5×8"}, {"title": "  ", "hours": "5×8"})
	(change,) = section.fields
	assert (change.kind, change.old, change.new, change.parts) == (REMOVED, "Care", "", ())
	assert section.count == 1


def test_half_of_a_text_is_enough_to_tell_its_change_within_it():
	assert [(p.kind, p.text) for p in comparison.words("a b", "a c")] == [("", "a "), (REMOVED, "b"), (ADDED, "c")]
	assert [(p.kind, p.text) for p in comparison.words("ab cd", "ab")] == [("", "ab"), (REMOVED, " cd")]
	assert [(p.kind, p.text) for p in comparison.words("ab", "ab cd")] == [("", "ab"), (ADDED, " cd")]
	assert comparison.words("", "x") == (comparison.Part(ADDED, "x"),)
	assert comparison.words("x", "") == (comparison.Part(REMOVED, "x"),)
	assert [p.kind for p in comparison.words("a,b", "a;c")] == [REMOVED, ADDED]


def test_a_row_is_named_by_at_most_three_of_its_keys():
	many = Table("t", "T", {name: name.upper() for name in "abcd"})
	(row,) = comparison.compare_rows(many, [], [{"a": "1", "b": "", "c": "3", "d": "4"}])
	assert row.title == "1 · 3 · 4"
	(row,) = comparison.compare_rows(many, [dict(zip("abcd", "1234", strict=True))], [])
	assert (row.kind, row.title) == (REMOVED, "1 · 2 · 3")
	assert [(cell.old, cell.new) for cell in row.cells] == [("1", ""), ("2", ""), ("3", ""), ("4", "")]


def test_sections_without_a_difference_are_left_out():
	(section,) = _compare({"title": "A"}, {"title": "B"}, [_target("R", "H", "1")], [_target("R", "H", "1")])
	assert section.label == "Agreement" and section.tables == ()
