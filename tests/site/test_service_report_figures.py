"""The figures of a service report against a naive count of the records that were made by the doors: March 2026, made on April 3rd (8.3.b.5)."""

from collections import Counter
from datetime import date, datetime

import frappe
import pytest
import report_scene as scene
import scenario

from ops_delivery.domain.service_report.model import MET, MISSED, Section
from ops_delivery.services.agreements import versions
from ops_delivery.services.reports.collect import collect
from ops_delivery.services.reports.sections import SECTIONS
from ops_delivery.setup.demo_desk import sign_off

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
	with pytest.raises(frappe.ValidationError, match=r"ends .* before it begins"):
		collect(agreement.name, scene.LAST, scene.FIRST, ["requests"])


@pytest.mark.clause("5.5.g", "8.2.d")
def test_what_falls_to_a_day_is_measured_by_the_version_that_ruled_on_it(agreement):
	made = [_kept_in(agreement, day) for day in (2, 4)]
	draft = frappe.get_doc("Service Agreement", versions.new_version(agreement.name))
	draft.update({"amendment_reason": "Quicker", "start_date": "2026-03-16"})
	for row in draft.targets:
		row.target = row.target / 2
	draft.save(ignore_permissions=True)
	with scenario.at(scene.moment(15)):
		new = sign_off.sign_off(draft)
	with scenario.at(scene.moment(16, "08:00")):
		versions.refresh_statuses()
	made.append(_kept_in(agreement, 18))
	section = scene.section(agreement, "attainment")
	assert [scenario.clock(one).agreement for one in made] == [agreement.name, agreement.name, new.name]
	rows = [row for row in section.table("versions").rows if row["commitment"] == "Resolution"]
	assert [(row["version"], row["from_day"], row["to_day"], row["counted"]) for row in rows] == [(1, "2026-01-01", "2026-03-15", 2), (2, "2026-03-16", "2027-12-31", 1)]
	times = {(row["target"], row["counted"]) for row in section.table("priorities").rows if row["commitment"] == "Resolution"}
	assert times == {(scenario.clock(made[0]).target / 60, 2), (scenario.clock(made[0]).target / 120, 1)}
	text, arguments = section.notes[0]
	assert text.startswith("On {0} version {1} of the agreement came into force.")
	assert [argument["value"] for argument in arguments] == ["2026-03-16", 2]


def _kept_in(agreement, day: int):
	issue = scenario.judge_valid(scenario.issue(agreement, scene.moment(day)), scene.moment(day, "09:05"))
	return scenario.change(issue, scene.moment(day, "10:00"), status="Resolved", resolution_details="Done")


def test_the_share_that_is_agreed_is_that_of_the_metric(site):
	metric = {"metric": "Resolved in time", "unit": "%", "value_formula": "resolution_attainment", "target": 50, "weight": 100, "direction": "At Least", "penalty_formula": "100"}
	agreement = scenario.agreement(metrics=[metric])
	scene.requests(agreement)
	row = next(row for row in scene.section(agreement, "attainment").table("commitments").rows if row["commitment"] == "Resolution")
	assert row["agreed"] == 50
	assert row["verdict"] == (MET if row["share"] >= 50 else MISSED)


def test_days_are_those_of_the_agreements_calendar(site):
	agreement = scenario.agreement(calendar=scenario.calendar(time_zone="America/New_York").name)
	issue = scenario.issue(agreement, scene.moment(1, "10:00"))  # in New York it is still February
	assert scene.section(agreement, "requests").figure("received").value == 0
	february = scene.section(agreement, "requests", date(2026, 2, 1), date(2026, 2, 28))
	assert february.figure("received").sources.names == (issue.name,)
	assert february.figure("received").sources.filters is None
	assert scene.section(agreement, "attainment").figure("attainment").value is None


@pytest.mark.parametrize("key", list(SECTIONS))
def test_the_number_of_queries_does_not_grow(agreement, key):
	scene.many(agreement, 20)
	scene.section(agreement, key)  # what is kept per process
	few = scene.statements(lambda: scene.section(agreement, key))
	scene.many(agreement, 180)
	assert scene.statements(lambda: scene.section(agreement, key)) == few


def test_of_many_the_list_is_cut_and_says_so(agreement):
	scene.many(agreement, 330)
	section = scene.section(agreement, "attainment")
	assert section.figure("missed").value == 110
	assert (len(section.table("missed").rows), section.table("missed").cut) == (100, 10)
	assert section.figure("met").sources.count == 220


def test_what_was_decided_after_the_end_is_said(agreement):
	scene.requests(agreement)
	texts = [text for text, _arguments in scene.section(agreement, "attainment").notes]
	assert "{0} of them were decided after the end of the period and count as they stand now." in texts
	assert "{0} of the requests that were open at the end of the period have been resolved since." in [text for text, _arguments in scene.section(agreement, "requests").notes]


def test_clocks_of_records_that_were_deleted_count_and_are_said(agreement):
	scene.many(agreement, 6)
	name = frappe.get_all("Issue", {"ops_agreement": agreement.name}, pluck="name", order_by="name")[0]
	frappe.db.delete("Issue", {"name": name})
	section = scene.section(agreement, "attainment")
	assert section.figure("attainment").sources.count == 6
	assert [arguments[0]["value"] for text, arguments in section.notes if "deleted since" in text] == [1]


def test_a_list_finds_what_a_figure_counts(agreement):
	scene.requests(agreement)
	with scenario.at(scene.MADE):
		found = collect(agreement.name, scene.FIRST, scene.LAST)
	led = 0
	for section in found.values():
		for figure in section.figures:
			if figure.sources and figure.sources.filters is not None and figure.sources.names:
				led += 1
				names = frappe.get_list(figure.sources.doctype, filters=figure.sources.filters, pluck="name", limit_page_length=0)
				assert sorted(names) == sorted(figure.sources.names), (section.key, figure.key)
	assert led >= 4
