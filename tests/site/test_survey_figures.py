"""Satisfaction in figures: by what it is seen by, against the period before, printed, and where it goes from there
(5.4.c, 8.3–8.6)."""

import statistics
from datetime import timedelta

import customers
import factories
import frappe
import plans
import pytest
import scenario
import surveying
from frappe.desk.query_report import run as run_report

from ops_delivery.api import printing as printing_api
from ops_delivery.printing import weasy
from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.assessment import measuring as assessment
from ops_delivery.services.papers import survey_paper
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import asking as surveys
from ops_delivery.services.surveys import figures as survey_figures
from ops_delivery.services.surveys import rounds as survey_rounds
from ops_delivery.services.surveys import scores as survey_scores
from ops_delivery.services.surveys import survey_jobs

pytestmark = pytest.mark.clause("5.4.c")
ANSWERS = (("5", "10", "Yes"), ("4", "8", "Yes"), ("4", "7", "No"), ("2", "5", "Yes"))


def expected(first: str, second: str) -> float:
	"""The score once more: weight 3 of five steps, weight 1 of ten."""
	return 100 * (3 * (int(first) - 1) / 4 + (int(second) - 1) / 9) / 4


@pytest.fixture
def w():
	surveying.only_own_rules()
	customer = factories.make_customer().name
	w = frappe._dict(customer=customer, people=surveying.people(customer, 5))
	w.template = surveying.template(fewest_answers=4, low_score=40)
	w.surveys = surveying.asked(w.people, customer, w.template)
	for survey, values in zip(w.surveys, ANSWERS, strict=False):
		surveying.answer(survey, *values, "=cmd|' /C calc'!A0")
	return w


def report(w, view, **filters):
	found = run_report("Customer Satisfaction", {"view_by": view, "customer": w.customer, **filters})
	return found, [row for row in found["result"] if isinstance(row, dict)]


@pytest.mark.clause("8.4.a.3")
@pytest.mark.clause("8.4.b.4")
def test_the_report_is_what_one_works_out_by_hand(w):
	found, (row,) = report(w, "Customer")
	scores = [expected(*values[:2]) for values in ANSWERS]
	assert (row["asked"], row["answered"], row["response_rate"]) == (5, 4, 80)
	assert (row["scores"], row["low_answers"]) == (4, sum(score <= 40 for score in scores))
	assert row["score"] == pytest.approx(statistics.fmean(scores), abs=0.05)
	half = 3.182446 * statistics.stdev(scores) / 2
	assert row["low_end"] == pytest.approx(statistics.fmean(scores) - half, abs=0.05)
	assert row["meaning"] == "Unsure: may be 10 points off" and "Worth" in found["message"]
	assert (row["conduct"], row["conduct_answers"]) == (75, 4)
	assert found["chart"]["data"]["datasets"][0]["values"] == [row["score"]]


def test_each_view_counts_the_same_answers(w):
	for view in ("Agreement", "Object", "Engineer", "Service Content", "Survey", "Month"):
		_found, rows = report(w, view)
		assert sum(row["scores"] for row in rows) == 4 and sum(row["asked"] for row in rows) == 5, view
	_found, rows = report(w, "Survey Question")
	assert [(row["scores"], row["kind"]) for row in rows] == [
		(4, "Satisfaction"),
		(4, "Satisfaction"),
		(4, "Conduct"),
	]
	assert rows[0]["score"] == pytest.approx(statistics.fmean((100, 75, 75, 25)), abs=0.05)
	assert report(w, "Customer", customer=None)[1]  # everybody's
	assert report(w, "Customer", from_date="2020-01-01", to_date="2020-12-31")[1] == []
	with pytest.raises(frappe.ValidationError, match="before it begins"):
		report(w, "Customer", from_date="2027-01-01", to_date="2026-01-01")


def test_the_number_of_queries_does_not_grow_with_the_answers(w, monkeypatch):
	scope = survey_figures.Scope.of({"customer": w.customer})
	survey_figures.by("month", scope)  # what is asked of the schema once
	queries, sql = [], frappe.db.sql
	monkeypatch.setattr(
		frappe.local.db, "sql", lambda *args, **kwargs: (queries.append(1), sql(*args, **kwargs))[1]
	)
	survey_figures.by("month", scope)
	assert len(queries) in (3, 5)  # Frappe 16 asks what was shared with the user, too


@pytest.mark.clause("8.3.b.4")
@pytest.mark.clause("8.5.b.4")
@pytest.mark.clause("8.6.b.4")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_printed_report_of_a_content_says_it_all(w, monkeypatch, language):
	sent = {}
	monkeypatch.setattr(weasy, "send", lambda name, html: sent.update(name=name, html=html))
	monkeypatch.setattr(frappe.local, "lang", language)
	filters = {"customer": w.customer, "service_content": "Response Support"}
	printing_api.satisfaction_report(frappe.as_json(filters))
	mean = statistics.fmean(expected(*values[:2]) for values in ANSWERS)
	assert f"{mean:.1f}" in sent["html"] and "80.0 %" in sent["html"]
	assert ("响应支持" if language == "zh" else "Response Support") in sent["name"]
	other = survey_paper.of({**filters, "service_content": "Routine Operation"})
	assert other["whole"]["asked"] == 0


def test_what_followed_from_low_scores_stands_in_the_report(w):
	(action,) = frappe.get_all("Improvement Action", {"customer": w.customer}, pluck="name")
	assert [row.name for row in survey_paper.of({"customer": w.customer})["actions"]] == [action]


@pytest.mark.clause("8.3.a.4")
def test_a_period_is_set_against_the_one_before(w):
	frappe.db.set_value(
		"Survey Response", {"customer": w.customer}, "answered_on", site_now() - timedelta(days=40)
	)
	later = surveying.asked(w.people[:4], w.customer, w.template)
	for survey in later:
		surveying.answer(survey, "5", "10", "Yes")
	today = surveying.today()
	found = survey_paper.of(
		{"customer": w.customer, "from_date": today - timedelta(days=29), "to_date": today}
	)
	assert found["whole"]["figures"].mean == 100 and found["change"].difference > 20
	assert found["before"]["figures"].count == 4


@pytest.mark.clause("5.2.g")
def test_assessments_can_count_on_satisfaction(w):
	agreement = scenario.agreement(w.customer)
	names = agreement_metrics.names(agreement)
	assert {"satisfaction", "survey_response_rate", "survey_answers"} <= names.keys()
	for doctype in ("Service Survey", "Survey Response"):
		frappe.db.set_value(doctype, {"customer": w.customer}, "agreement", agreement.name)
	found = assessment.measured(agreement, surveying.today(), surveying.today())
	assert found["satisfaction"] == pytest.approx(statistics.fmean(expected(*v[:2]) for v in ANSWERS))
	assert found["survey_response_rate"] == 80
	long_ago = frappe.utils.getdate("2026-01-01")
	assert assessment.measured(agreement, long_ago, long_ago)["satisfaction"] is None


@pytest.mark.clause("8.5.a.3")
@pytest.mark.clause("8.6.a.3")
def test_plans_take_before_and_after_from_surveys(w):
	plan = plans.at_phase("Draft", customer=w.customer)
	frappe.db.set_value("Survey Response", {"customer": w.customer}, "service_object", plan.service_object)
	plan.db_set({"start_date": surveying.today() - timedelta(days=10), "closed_on": site_now()})
	found = survey_scores.before_and_after(plan)
	assert found["before"] is None and found["after"]["count"] == 4
	frappe.db.set_value(
		"Survey Response", {"customer": w.customer}, "answered_on", site_now() - timedelta(days=40)
	)
	found = survey_scores.before_and_after(plan)
	assert found["before"]["mean"] == pytest.approx(
		statistics.fmean(expected(*v[:2]) for v in ANSWERS), abs=0.05
	)
	assert found["after"] is None and "4" in found["note"]


def frequency(w, frequency="Quarterly", **values):
	agreement = scenario.agreement(w.customer, survey_frequency=frequency)
	rule = surveying.rule(
		w.template, "By Frequency", ask="All Contacts of the Customer", days_before_end=10, **values
	)
	return agreement, rule


def run_on(day: str) -> int:
	from datetime import datetime

	with scenario.at(datetime.fromisoformat(f"{day}T03:00:00").replace(tzinfo=scenario.ZONE)):
		return survey_jobs.open_due()


@pytest.mark.clause("8.3.a.4")
def test_agreements_are_asked_about_once_a_period(w):
	agreement, rule = frequency(w)
	days = {
		"2026-03-01": 0,
		"2026-03-20": 0,
		"2026-03-21": 5,
		"2026-03-23": 0,
		"2026-04-05": 0,
		"2026-06-25": 5,
	}
	for day, number in days.items():
		assert run_on(day) == number, day
	rounds = frappe.get_all("Survey Round", {"rule": rule.name}, ["*"], order_by="period_from")
	assert [(str(r.period_from), str(r.period_to)) for r in rounds] == [
		("2026-01-01", "2026-03-31"),
		("2026-04-01", "2026-06-30"),
	]
	assert {r.agreement for r in rounds} == {agreement.name}
	assert run_on("2026-10-15") == 5  # the scheduler stood still at the end of September: caught up


def test_agreements_without_a_frequency_are_left_alone(w):
	_agreement, rule = frequency(w, "After Each Request")
	assert run_on("2026-03-25") == 0
	frappe.db.set_value("Survey Rule", rule.name, "frequency", "Yearly")
	assert run_on("2026-12-28") == 5


def test_every_role_of_ours_runs_the_report(w, make_user):
	for role in (
		"Service Delivery Manager",
		"Service Desk",
		"Field Engineer",
		"Technical Expert",
		"Delivery Auditor",
	):
		frappe.set_user(make_user(roles=[role]).name)
		assert report(w, "Customer")[1][0]["scores"] == 4


def test_a_comment_is_no_formula_in_an_export(w):
	from frappe.utils.xlsxutils import make_xlsx
	from openpyxl import load_workbook

	texts = frappe.get_list("Survey Answer", {"answer_type": "Text"}, ["answer"], order_by="name")
	sheet = load_workbook(make_xlsx([[row.answer] for row in texts], "Answers")).active
	assert len(texts) == 4 and {cell.data_type for (cell,) in sheet.iter_rows()} == {"s"}
	assert survey_paper.of({"customer": w.customer})["comments"][0].startswith("=cmd")
