"""The figures of a service report: periods, tallies, verdicts, and values that survive being kept as JSON (8.3.b.5)."""

import ast
import csv
import json
from datetime import date, datetime, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import attainment
from ops_delivery.domain.assessment import AT_LEAST, AT_MOST, Metric
from ops_delivery.domain.periods import Span
from ops_delivery.domain.service_report import kept, model, spans, tallies
from ops_delivery.domain.service_report.model import (
	MET,
	MISSED,
	Chart,
	Column,
	Figure,
	Section,
	Series,
	Sources,
	Table,
)

pytestmark = pytest.mark.clause("8.3.b.5")
APP = Path(__file__).parents[2] / "ops_delivery"
MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
	("span", "before", "after", "name"),
	[
		(MARCH, Span(date(2026, 2, 1), date(2026, 2, 28)), Span(date(2026, 4, 1), date(2026, 4, 30)), "2026-03"),
		(Span(date(2026, 1, 1), date(2026, 3, 31)), Span(date(2025, 10, 1), date(2025, 12, 31)), Span(date(2026, 4, 1), date(2026, 6, 30)), "2026-Q1"),
		(Span(date(2026, 1, 1), date(2026, 12, 31)), Span(date(2025, 1, 1), date(2025, 12, 31)), Span(date(2027, 1, 1), date(2027, 12, 31)), "2026"),
		(Span(date(2026, 3, 2), date(2026, 3, 8)), Span(date(2026, 2, 23), date(2026, 3, 1)), Span(date(2026, 3, 9), date(2026, 3, 15)), "2026-03-02 – 2026-03-08"),
		(Span(date(2026, 2, 15), date(2026, 3, 14)), Span(date(2026, 1, 15), date(2026, 2, 14)), Span(date(2026, 3, 15), date(2026, 4, 14)), "2026-02-15 – 2026-03-14"),
		(Span(date(2026, 3, 2), date(2026, 3, 2)), Span(date(2026, 3, 1), date(2026, 3, 1)), Span(date(2026, 3, 3), date(2026, 3, 3)), "2026-03-02"),
	],
)
def test_the_period_before_and_after(span, before, after, name):
	assert spans.before(span) == before
	assert spans.after(span) == after
	assert spans.name(span) == name


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 400))
def test_periods_follow_each_other_without_a_gap(first, days):
	span = Span(first, date.fromordinal(first.toordinal() + days - 1))
	assert spans.before(span).last.toordinal() == span.first.toordinal() - 1
	assert spans.after(span).first.toordinal() == span.last.toordinal() + 1


def test_a_course_ends_where_the_agreement_began():
	assert [spans.name(one) for one in spans.course(MARCH, 6, date(2026, 1, 20))] == ["2026-01", "2026-02", "2026-03"]
	assert [spans.name(one) for one in spans.course(MARCH, 2, date(2020, 1, 1))] == ["2026-02", "2026-03"]


def test_days_are_those_of_the_zone():
	first, after = spans.moments(Span(date(2026, 3, 1), date(2026, 3, 31)), "Europe/Berlin")
	assert first == datetime(2026, 2, 28, 23, tzinfo=timezone.utc)
	assert after == datetime(2026, 3, 31, 22, tzinfo=timezone.utc)  # summer time came in between


def _at(*parts):
	return datetime(2026, *parts, tzinfo=timezone.utc)


def _request(name, reported, over=None, kind="Fault"):
	return SimpleNamespace(name=name, reported=_at(*reported), over=over and _at(*over), kind=kind)


def test_requests_by_when_they_came_and_went():
	requests = [
		_request("a", (3, 1), (3, 2)),
		_request("b", (2, 20), (3, 2), "Question"),
		_request("c", (3, 31, 23, 59), (4, 1)),
		_request("d", (2, 1)),
		_request("e", (2, 1), (2, 2)),
		_request("f", (4, 1)),
	]
	found = tallies.tally(requests, _at(3, 1), _at(4, 1))
	assert (found.received, found.resolved, found.open) == (["a", "c"], ["a", "b"], ["c", "d"])
	by = tallies.by(requests, lambda one: one.kind, _at(3, 1), _at(4, 1))
	assert {name: len(one.resolved) for name, one in by.items()} == {"Fault": 1, "Question": 1}
	assert list(by) == ["Fault", "Question"]


def test_the_share_that_is_agreed():
	def metric(value, target, direction=AT_LEAST):
		return Metric(value, "%", value, target, 100, direction)

	assert kept.agreed_share([metric("restore_attainment", 90), metric("resolution_attainment", 95)], "resolution") == 95
	assert kept.agreed_share([metric("resolution_attainment - 1", 95), metric("resolution_attainment", 5, AT_MOST)], "resolution") == 100


def test_verdicts():
	assert kept.judge(None, 95) is None
	assert (kept.judge(95.0, 95), kept.judge(94.9, 95)) == (MET, MISSED)
	assert kept.together([MET, None]) == MET
	assert kept.together([MET, MISSED, None]) == MISSED
	assert kept.together([None]) is None


def test_the_calculation_adds_up():
	found = kept.kept(attainment.figures(3, 1, 2, []), 4, 100.0, MISSED)
	assert (found.clocks, found.excluded, found.counted, found.met, found.missed, found.open) == (10, 4, 6, 3, 1, 2)
	assert found.share == 75
	assert found.too_few


def test_a_section_survives_being_kept():
	sources = Sources.of("Issue", ["A", "B", "A"], {"status": ["in", ["Open"]]})
	section = Section(
		"requests",
		(Figure("received", "Received {0}", 2, model.NUMBER, 1, True, sources, ("here",)), Figure("none", "None", None)),
		(Table("open", "Open", (Column("record", "Record", model.RECORD, "Issue"),), ({"record": "A", "_sources": sources},), {"record": 1}, 3),),
		(Chart("course", "Course of {0}", model.LINE, ("1", "2"), (Series("Received", (1.5, None), "Issue"),), model.PERCENT, 95, ("x",)),),
		(model.said("On {0}", model.typed(model.DAY, "2026-03-01")),),
		True,
	)
	assert Section.from_dict(json.loads(json.dumps(section.to_dict()))) == section
	assert section.figure("received").sources.names == ("A", "B")
	assert section.table("open").cut == 3
	with pytest.raises(KeyError):
		section.figure("unknown")


def test_of_very_many_records_some_names_are_kept_and_all_are_counted():
	sources = Sources.of("Issue", (f"I{number}" for number in range(model.MOST_NAMES + 7)))
	assert (len(sources.names), sources.count, sources.whole) == (model.MOST_NAMES, model.MOST_NAMES + 7, False)


def labels() -> set[str]:
	"""The source texts in calls of the model's label()."""
	trees = [ast.parse(file.read_text("utf-8")) for file in (APP / "services" / "reports").glob("*.py")]
	calls = [node for tree in trees if _imports_label(tree) for node in ast.walk(tree) if isinstance(node, ast.Call)]
	return {node.args[0].value for node in calls if getattr(node.func, "id", "") == "label" and isinstance(node.args[0], ast.Constant)}


def _imports_label(tree: ast.Module) -> bool:
	imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == model.__name__]
	return any(name.name == "label" for node in imports for name in node.names)


def test_every_text_of_a_report_has_its_chinese():
	with (APP / "translations" / "zh.csv").open(encoding="utf-8", newline="") as file:
		known = {row[0] for row in csv.reader(file) if len(row) > 2 and row[2] == model.CONTEXT}
	assert len(labels()) > 200
	assert labels() - known == set()
