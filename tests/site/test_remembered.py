"""A scene that is written again is the scene that was made, and nothing but what may be remembered is."""

import factories
import frappe
import pytest
import remembered
import scenario

TABLES = ("Service Agreement", "Service Agreement Target", "Rule Version", "Customer", "Priority Matrix Cell", "Service Calendar Window", "Version", "ToDo")
SEEN: dict[str, object] = {}
pytestmark = pytest.mark.skipif(remembered.OFF, reason="scenes are made anew in this run")


def rows() -> dict[str, list[dict]]:
	return {table: frappe.db.sql(f"select * from `tab{table}` order by name", as_dict=True) for table in TABLES}


def test_a_scene_is_made_once():
	before = dict(remembered.counts)
	SEEN["agreement"] = scenario.agreement()
	SEEN["rows"], SEEN["issue"] = rows(), scenario.issue(SEEN["agreement"])
	assert remembered.counts["made"] == before["made"] + 1


def test_the_next_test_has_the_same_rows_and_a_document_of_its_own(jobs):
	before = dict(remembered.counts)
	agreement = scenario.agreement()
	assert remembered.counts == {**before, "written again": before["written again"] + 1}
	assert rows() == SEEN["rows"]
	assert agreement is not SEEN["agreement"] and agreement.as_dict() == SEEN["agreement"].as_dict()
	issue = scenario.issue(agreement)
	assert issue.ops_agreement == agreement.name and scenario.clock(issue)  # the engine works with what was written
	agreement.title = "Another"


def test_what_a_test_does_to_its_copy_is_not_remembered():
	assert scenario.agreement().title == SEEN["agreement"].title


def test_other_arguments_and_other_rows_before_make_it_anew():
	made = remembered.counts["made"]
	scenario.agreement(title="Own words")
	assert remembered.counts["made"] == made + 1
	factories.make_customer()
	scenario.agreement()
	assert remembered.counts["made"] == made + 2


def test_twice_in_a_test_are_two():
	assert scenario.agreement().name != scenario.agreement().name


@pytest.mark.committed
def test_a_test_that_commits_makes_its_own():
	before = dict(remembered.counts)
	agreement = scenario.agreement()
	assert remembered.counts == before and agreement.name


def test_what_was_committed_meanwhile_makes_the_next_ones_anew():
	made = remembered.counts["made"]
	scenario.agreement()
	assert remembered.counts["made"] == made + 1
