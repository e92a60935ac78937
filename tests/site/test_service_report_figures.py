"""The figures of a service report against a naive count of the records that were made by the doors: March 2026, made on April 3rd (8.3.b.5)."""

from collections import Counter
from datetime import date, datetime

import frappe
import pytest
import report_scene as scene
import scenario

from ops_delivery.domain.service_report.model import MET, MISSED, Section
from ops_delivery.services.reports.collect import collect
from ops_delivery.services.reports.sections import SECTIONS

pytestmark = pytest.mark.clause("8.3.b.5")
START, END = datetime(2026, 3, 1), datetime(2026, 4, 1)


@pytest.fixture
def agreement(site):
	return scenario.agreement()


def clocks(agreement) -> list[frappe._dict]:
	"""Every clock of the agreement that began in March, as it is stored."""
	rows = frappe.db.sql("select * from `tabService Clock` where agreement = %s", agreement.name, as_dict=True)
	return [row for row in rows if START <= row.started_on < END]


@pytest.mark.clause("8.2.d", "8.4.b.2")
def test_attainment_is_what_the_clocks_say(agreement):
	scene.requests(agreement)
	section = scene.section(agreement, "attainment")
	counted = {}
	for row in clocks(agreement):
		one = counted.setdefault(row.commitment, Counter())
		overdue = row.state == "Running" and row.due_on < datetime(2026, 4, 3, 10)
		if row.state == "Cancelled":
			one["excluded"] += 1
		else:
			one["missed" if row.breached or overdue else "met" if row.state == "Met" else "open"] += 1
	assert sum(one["missed"] for one in counted.values()) and sum(one["met"] for one in counted.values())
	rows = {row["commitment"]: row for row in section.table("commitments").rows}
	for commitment, one in counted.items():
		row = rows[commitment]
		assert {key: row[key] for key in ("met", "missed", "open", "excluded")} == {key: one[key] for key in ("met", "missed", "open", "excluded")}
		assert row["counted"] == one["met"] + one["missed"] + one["open"]
		assert row["clocks"] == row["counted"] + one["excluded"]
		assert row["share"] == pytest.approx(100 * one["met"] / (one["met"] + one["missed"]))
		assert row["agreed"] == 100
		assert row["verdict"] == (MISSED if one["missed"] else MET)
	assert section.figure("missed").value == sum(one["missed"] for one in counted.values())
	assert set(section.figure("missed").sources.names) <= {row.name for row in clocks(agreement)}


def test_what_was_not_counted_says_why(agreement):
	made = scene.requests(agreement)
	rows = scene.section(agreement, "attainment").table("excluded").rows
	cancelled = [row for row in clocks(agreement) if row.state == "Cancelled"]
	assert sum(row["number"] for row in rows) == len(cancelled) > 0
	assert {row.reference_name for row in cancelled} == {made.invalid.name}
	assert {row["why"][0] for row in rows} == {"The request was judged not to be one"}
	assert {name for row in rows for name in row["_sources"].names} == {row.name for row in cancelled}


@pytest.mark.clause("8.4.b.2")
def test_each_miss_has_its_cause_and_measure(agreement):
	made = scene.requests(agreement)
	frappe.get_doc(
		{
			"doctype": "Improvement Action",
			"title": "Cables",
			"finding": "The cable broke",
			"customer": agreement.customer,
			"source_doctype": "Issue",
			"source_name": made.missed.name,
			"cause": "No cable was in stock",
			"measures": [{"measure": "Keep ten cables"}],
		}
	).insert(ignore_permissions=True)
	rows = [row for row in scene.section(agreement, "attainment").table("missed").rows if row["record"] == made.missed.name]
	assert rows
	assert {(row["cause"], row["measure"]) for row in rows} == {("No cable was in stock", "Keep ten cables")}
	resolution = next(row for row in rows if row["commitment"] == "Resolution")
	stored = scenario.clock(made.missed)
	assert (resolution["target"], resolution["taken"]) == (stored.target / 60, stored.elapsed / 60)


@pytest.mark.clause("8.4.a.1", "8.4.b.2")
def test_requests_are_counted_by_when_they_came_and_went(agreement):
	made = scene.requests(agreement)
	section = scene.section(agreement, "requests")
	assert set(section.figure("received").sources.names) == {made[name].name for name in ("kept", "missed", "invalid", "late", "held")}
	assert section.figure("received").value == 5
	assert set(section.figure("resolved").sources.names) == {made[name].name for name in ("kept", "missed", "february")}
	assert set(section.figure("open").sources.names) == {made[name].name for name in ("invalid", "late", "held")} - (set() if made.invalid.reload().status == "Open" else {made.invalid.name})
	assert section.figure("invalid").value == 1
	assert section.figure("received").previous == 1
	kinds = {row["group"]: row["received"] for row in section.table("kinds").rows}
	assert kinds == Counter(frappe.db.get_value("Issue", made[name].name, "issue_type") for name in ("kept", "missed", "invalid", "late", "held"))
	course = {row["period"]: row for row in section.table("course").rows}
	assert course["2026-02"]["received"] == 1
	assert course["2026-02"]["open"] == 1
	assert course["2026-03"]["resolved"] == 3


def test_what_is_not_closed_says_why(agreement):
	made = scene.requests(agreement)
	rows = {row["record"]: row for row in scene.section(agreement, "requests").table("open").rows}
	assert rows[made.held.name]["reason"] == ["{0}", ["A part is on its way"]]
	text, arguments = rows[made.late.name]["reason"]
	assert text.startswith("It was resolved on {0}")
	assert arguments[0]["value"].startswith("2026-04-02")


@pytest.mark.parametrize("key", list(SECTIONS))
def test_an_empty_period_says_so(agreement, key):
	section = scene.section(agreement, key, date(2026, 5, 1), date(2026, 5, 31))
	assert section.key == key
	assert section.notes
	assert Section.from_dict(frappe.parse_json(frappe.as_json(section.to_dict()))) == section


def test_progress_is_told(agreement):
	told = []
	with scenario.at(scene.MADE):
		found = collect(agreement.name, scene.FIRST, scene.LAST, ["requests", "attainment"], lambda *step: told.append(step))
	assert list(found) == ["requests", "attainment"]
	assert told == [("requests", 0, 2), ("attainment", 1, 2), ("", 2, 2)]


def test_a_period_that_runs_backwards_is_refused(agreement):
	with pytest.raises(frappe.ValidationError, match="ends .* before it begins"):
		collect(agreement.name, scene.LAST, scene.FIRST, ["requests"])
