"""The report "Visits and Hours" against figures written down by hand."""

from datetime import datetime

import factories
import frappe
import pytest
import scenario
import visiting
from frappe.desk.query_report import run
from reviewing import user

from ops_delivery.services.visits import figures as visit_figures
from ops_delivery.services.visits.types import SESSION, SHEET

PERIOD = {"from_date": "2031-03-01", "to_date": "2031-04-30"}
REPORT = "Visits and Hours"


def noted(doc, people=(), **values):
	"""A visit as it would be after its walk, without the walk."""
	frappe.db.set_value(doc.doctype, doc.name, values)
	for row, (work, travel) in zip(doc.engineers, people, strict=False):
		frappe.db.set_value(row.doctype, row.name, {"work_hours": work, "travel_hours": travel})


def clock(issue, state, breached, due):
	"""A measured arrival as the engine would leave it."""
	doc = frappe.new_doc("Service Clock")
	doc.update(
		{
			"name": factories.unique("CLK"),
			"reference_doctype": "Issue",
			"reference_name": issue,
			"commitment": visit_figures.ARRIVAL,
			"state": state,
			"breached": breached,
			"due_on": due,
			"started_on": "2031-03-03 08:00:00",
		}
	)
	doc.db_insert()


@pytest.fixture
def scene(site):
	"""Four visits and a session of two customers and two engineers, in two months; a fifth was cancelled."""
	w = visiting.world(planned_start="2031-03-03 09:00:00")
	other = factories.make_customer().name
	kept, missed = factories.make_issue(w.customer), factories.make_issue(w.customer)

	def plan(doctype, customer, **values):
		return visiting.plan(doctype, customer, owner_user=w.engineer, **values)

	def issue(doc):
		return {"reference_doctype": "Issue", "reference_name": doc.name}

	v1 = plan(SHEET, w.customer, engineers=[{"user": w.engineer}, {"user": w.second}], **issue(kept))
	noted(
		v1, [(2, 1), (1.5, 1)], status="Followed Up", promised_on=datetime(2031, 3, 3, 10),
		arrived_on=datetime(2031, 3, 3, 9, 50), late_minutes=-10, hours_on_site=2, outcome="More to Do",
	)  # fmt: skip
	v2 = plan(SHEET, w.customer, **issue(kept))
	noted(
		v2, [(1, 0.5)], status="Left", promised_on=datetime(2031, 4, 1, 10),
		arrived_on=datetime(2031, 4, 1, 10, 30), late_minutes=30, hours_on_site=1, outcome="Job Done",
	)  # fmt: skip
	v3 = plan(SHEET, w.customer, **issue(missed))
	noted(
		v3, [(4, 0)], status="Left", promised_on=datetime(2031, 3, 4, 10), departed_on=datetime(2031, 3, 4, 9, 30),
		arrived_on=datetime(2031, 3, 4, 11), late_minutes=60, hours_on_site=4, outcome="Job Done",
	)  # fmt: skip
	s1 = plan(SESSION, other)
	noted(
		s1,
		[(0.5, 0)],
		status="Ended",
		arrived_on=datetime(2031, 4, 2, 8),
		hours_on_site=0.5,
		outcome="Job Done",
	)
	gone = plan(SHEET, other)
	noted(gone, status="Cancelled", arrived_on=datetime(2031, 4, 2, 8))
	outside = plan(SHEET, w.customer)
	noted(outside, status="Left", arrived_on=datetime(2031, 5, 1), hours_on_site=9)
	clock(kept.name, "Met", 0, "2031-03-03 10:00:00")
	clock(missed.name, "Met", 1, "2031-03-04 10:00:00")
	w.update(other=other, v1=v1, v2=v2, v3=v3, s1=s1)
	return w


def figures(**filters):
	found = run(REPORT, {**PERIOD, **filters})
	return found, {row["group"]: row for row in found["result"] if isinstance(row, dict) and "group" in row}


@pytest.mark.clause("7.2.b.1", "7.2.d", "8.4.b.1")
def test_each_visit_stands_with_its_times_and_its_arrival(scene):
	rows = {row["visit"]: row for row in run(REPORT, {**PERIOD, "view_by": "Visit"})["result"]}
	assert set(rows) == {scene.visit.name, scene.v1.name, scene.v2.name, scene.v3.name, scene.s1.name}
	assert [rows[v.name]["late"] for v in (scene.v1, scene.v2, scene.v3)] == [-10, 30, 60]
	assert [rows[v.name]["kept"] for v in (scene.v1, scene.v2, scene.v3, scene.s1)] == [
		"Kept", "", "Missed", "",
	]  # fmt: skip
	assert [rows[v.name]["first"] for v in (scene.v1, scene.v2, scene.v3, scene.s1, scene.visit)] == [
		"Yes", "No", "Yes", "Yes", "",
	]  # fmt: skip
	assert (rows[scene.v1.name]["work"], rows[scene.v1.name]["travel"]) == (3.5, 2)
	assert rows[scene.v3.name]["travel"] == 1.5  # nobody noted any: from departure to arrival
	assert rows[scene.visit.name]["late"] is None


@pytest.mark.clause("7.2.b.1", "8.4.b.1")
def test_who_is_awaited_past_the_promised_time_is_late_and_not_punctual(scene):
	awaited = visiting.plan(
		SHEET, scene.other, owner_user=scene.engineer, planned_start="2031-03-03 09:00:00", promised_on="2031-03-03 09:00:00"
	)
	request = factories.make_issue(scene.other)
	clock(request.name, "Running", 1, "2031-03-03 09:00:00")
	awaited.db_set({"reference_doctype": "Issue", "reference_name": request.name})
	before = figures(view_by="Customer", customer=scene.other)[1]
	assert [row["punctual"] for row in before.values()] == [None]
	with scenario.at(datetime(2031, 3, 3, 9, 36, tzinfo=scenario.ZONE)):
		_found, by = figures(view_by="Customer", customer=scene.other)
	(row,) = by.values()
	assert (row["late_visits"], row["punctual"], row["mean_late"]) == (1, 0, 36)
	assert (row["kept"], row["breached"], row["attainment"]) == (0, 1, 0)


@pytest.mark.clause("7.2.b.1", "8.4.b.1")
def test_sums_by_engineer_customer_and_month(scene):
	_found, by = figures(view_by="Engineer")
	first, second = (by[frappe.utils.get_fullname(name)] for name in (scene.engineer, scene.second))
	assert (first["visits"], first["work"], first["travel"]) == (5, 7.5, 3)
	assert (second["visits"], second["work"], second["travel"]) == (1, 1.5, 1)
	found, by = figures(view_by="Customer", customer=scene.customer)
	(row,) = by.values()
	assert (row["visits"], row["arrived"], row["late_visits"], row["mean_late"]) == (4, 3, 2, 45)
	assert row["punctual"] == pytest.approx(100 / 3) and row["attainment"] == 50
	assert (row["kept"], row["breached"], row["first_done"], row["on_site"]) == (1, 1, 50, 7)
	cards = {card["label"]: card["value"] for card in found["report_summary"]}
	assert cards["Visits"] == 4 and cards["Done at the first visit"] == "50.0 %"
	_found, by = figures(view_by="Month")
	assert [(month, by[month]["visits"]) for month in sorted(by)] == [("2031-03", 3), ("2031-04", 2)]
	found, by = figures(view_by="Month", engineer=scene.second)
	assert [(row["visits"], row["work"]) for row in by.values()] == [(1, 1.5)]
	assert found["chart"]["data"]["datasets"][0]["values"] == [1.5]
	assert {row.doctype for row in visit_figures.rows({**PERIOD, "kind": "Remote"})} == {SESSION}
	with pytest.raises(frappe.ValidationError, match=r"is not known. Choose one of"):
		run(REPORT, {**PERIOD, "view_by": "<b>"})


def test_only_what_may_be_read_is_counted_and_in_few_queries(scene):
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	factories.make("User Permission", user=manager, allow="Customer", for_value=scene.other)
	with user(manager):
		assert [row.facts.name for row in visit_figures.rows(PERIOD)] == [scene.s1.name]
	with user(scene.asker), pytest.raises(frappe.PermissionError):
		run(REPORT, PERIOD)
	asked = []
	sql = frappe.db.sql
	frappe.db.sql = lambda *args, **more: asked.append(args) or sql(*args, **more)
	try:
		visit_figures.rows(PERIOD)
	finally:
		del frappe.db.sql
	assert len(asked) <= 12
