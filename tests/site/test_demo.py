"""The demo desk, made small: every state is there, the ledgers add up, a second run changes nothing."""

import itertools
from datetime import UTC, date, datetime, timedelta

import frappe
import pytest

from ops_delivery.domain import improvement
from ops_delivery.domain.dispatch import CODES
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.dispatch import board as dispatch
from ops_delivery.services.routine import reading_days
from ops_delivery.services.shared import site_time
from ops_delivery.services.visits.types import KINDS
from ops_delivery.setup import demo
from ops_delivery.setup.demo_desk import (
	cast,
	data,
	incidents,
	papers,
	routine_data,
	service_reports,
	visits_data,
)
from ops_delivery.setup.demo_desk.stage import Stage


@pytest.fixture
def desk(site):
	"""A demo of a month, made in the test's own transaction."""
	began = site_time.utc_now()
	with Stage(began, 1, demo.SEED) as stage:
		demo.build(stage, 6)
	assert frappe.flags.ops_now is None
	return began


@pytest.mark.clause("5.4.c", "6.3.d", "6.3.e.1", "6.3.e.2", "6.3.g", "8.4.b.1")
def test_a_small_demo_shows_every_state(desk):
	customers = [customer["name"] for customer in data.CUSTOMERS]
	issues = frappe.get_all(
		"Issue",
		filters={"customer": ["in", customers]},
		fields=[
			"name",
			"status",
			"ops_validity",
			"ops_acceptance_status",
			"ops_onsite",
			"ops_agreement",
			"creation",
		],
		order_by="creation",
	)
	assert len(issues) >= 18
	assert {"Open", "On Hold", "Resolved", "Closed"} <= {issue.status for issue in issues}
	assert {"", "Valid"} <= {issue.ops_validity or "" for issue in issues}
	assert {"Requested", "Accepted", "Rejected"} <= {issue.ops_acceptance_status for issue in issues}
	assert any(issue.ops_onsite for issue in issues)
	assert all(issue.ops_agreement for issue in issues)
	assert all(issue.creation <= site_time.to_site(desk) for issue in issues)
	agreements = frappe.get_all(
		"Service Agreement", filters={"customer": ["in", customers]}, pluck="status", order_by="name"
	)
	assert {"Active", "Scheduled", "Customer Review", "Draft"} <= set(agreements)
	fired = frappe.get_all(
		"Escalation Log",
		filters={"customer": ["in", customers]},
		fields=["kind", "fired_on", "due_on"],
		order_by="name",
	)
	assert {"Warning", "Alarm"} <= {log.kind for log in fired}
	assert all(log.due_on <= log.fired_on <= site_time.to_site(desk) for log in fired)
	for issue in issues:
		assert clocks.rebuild("Issue", issue.name, repair=False) == []
	assert {"Received", "Acknowledged", "Under Investigation", "Result Told", "Closed"} <= set(
		frappe.get_all("Service Complaint", {"customer": ["in", customers]}, pluck="status")
	)
	assert frappe.db.exists("Service Complaint", {"customer": ["in", customers], "round": 2})
	assert set(frappe.get_all("Improvement Action", pluck="state")) == set(improvement.STATES)
	_visits_are_in_every_phase_and_the_board_shows_every_conflict(customers)
	_it_has_a_major_incident_a_result_and_a_destroyed_document(customers)
	_it_has_reports_an_article_a_confidential_document_and_a_word_template(desk)
	_it_has_a_year_of_surveys()
	_it_has_a_year_of_rounds(desk)
	_the_time_is_real_again(desk)


def _it_has_a_major_incident_a_result_and_a_destroyed_document(customers):
	report = frappe.get_doc("Major Incident Report", {"customer": ["in", customers]})
	assert report.status == "Published" and report.timeline and all(row.improvement for row in report.measures)
	handed = frappe.get_doc("Deliverable", report.deliverable)
	assert handed.status == "Published" and report.name in handed.files[0].file
	result = frappe.get_doc("Deliverable", {"kind": "Intangible", "customer": report.customer})
	assert result.status == "Published" and result.records[0].verdict
	gone = frappe.get_doc("Deliverable", {"title": incidents.DESTROYED})
	assert gone.status == "Destroyed" and gone.files_removed_on and not frappe.db.exists("File", {"file_url": gone.files[0].file})


def _it_has_reports_an_article_a_confidential_document_and_a_word_template(began):
	customer, today = data.CUSTOMERS[0]["name"], site_time.to_site(began).date()
	reports = [frappe.get_doc("Service Report", name) for name in frappe.get_all("Service Report", {"customer": customer}, pluck="name", order_by="period_to")]
	agreement = reports[0].agreement
	months = service_reports.months(frappe.db.get_value("Service Agreement", agreement, "start_date"), today)
	assert [(doc.period_from, doc.period_to) for doc in reports] == months and months[-1][1] == today.replace(day=1) - timedelta(days=1)
	for doc in reports:
		assert doc.status == "Published" and doc.published_on <= site_time.to_site(began)
		by = {row.step: row.done_by for row in doc.steps}
		assert (by["Published"], by["Reviewed"]) == (data.MANAGER, data.SENIOR_MANAGER) and doc.compiler == data.MANAGER
		assert all(row.figures for row in doc.sections)
	*earlier, last = reports
	assert {row.section: row.text for row in last.sections if row.text} == service_reports.WORDED
	assert not any(row.text for doc in earlier for row in doc.sections) and not any(doc.handed_over_on for doc in earlier)
	assert last.handed_over_on and frappe.db.exists("File", {"attached_to_name": last.name, "file_name": f"{last.name}-v1.pdf", "is_private": 1})
	article = frappe.get_doc("Knowledge Article", {"source_doctype": "Issue"})
	assert (article.status, article.audience, article.checked_by) == ("Published", "All Customers", data.MANAGER)
	assert article.treatment and frappe.db.get_value("Issue", article.source_name, "status") in ("Resolved", "Closed")
	secret = frappe.get_doc("Deliverable", {"title": papers.SECRET})
	assert (secret.status, secret.security_class) == ("Published", "Confidential") and secret.files
	template = frappe.get_doc("Paper Template", papers.WORD)
	assert template.enabled and template.checked_on and template.document_type == "Service Report"


def _it_has_a_year_of_surveys():
	states = set(frappe.get_all("Service Survey", pluck="state"))
	assert {"Answered", "Expired"} <= states
	ways = set(frappe.get_all("Service Survey", {"state": "Answered"}, pluck="channel"))
	assert {"Signed Link", "Portal", "Recorded by Staff"} <= ways
	assert len(set(frappe.get_all("Survey Response", pluck="answered_on"))) > 20
	assert frappe.db.get_value("Survey Round", {"anonymous": 1}, ["state", "shown"]) == ("Closed", 1)


def _it_has_a_year_of_rounds(began):
	title = routine_data.SCHEDULES["round"]["title"]
	rows = frappe.get_all("Routine Task", {"title": title}, ["name", "status", "result", "planned_on", "customer_side"], order_by="planned_on")
	done = [row for row in rows if row.status == "Done"]
	assert len(done) >= 48
	assert {row.result for row in done} == {"Normal", "At Risk", "Abnormal"}
	assert [row.status for row in rows].count("Missed") == 1
	assert rows[-1].planned_on >= site_time.to_site(began).date()
	assert rows[-1].customer_side == "Asked"
	assert frappe.db.count("Routine Reading", {"task": ["in", [row.name for row in done]]}) == 15 * len(done)
	findings = frappe.get_all("Routine Finding", {"customer": data.CUSTOMERS[0]["name"]}, ["status", "verdict", "service_object"])
	assert sorted({row.status for row in findings}) == ["Back to Normal", "Closed", "Open"], findings
	assert {row.verdict for row in findings} == {"At Risk", "Abnormal"}
	agreement = frappe.db.get_value("Service Agreement", {"title": routine_data.AGREEMENT})
	assert frappe.db.get_value("Service Agreement", agreement, "status") == "Active"
	assert frappe.db.exists("Service Handover", {"source_doctype": "Routine Finding", "state": "Proposed"})
	promised = routine_data.AMOUNTS[0]
	entries = frappe.get_all("Amount Entry", {"agreement": agreement, "title": promised["title"]}, pluck="quantity")
	assert 0.85 * promised["quantity"] < sum(entries) < promised["quantity"]
	reports = frappe.get_all("Deliverable", {"agreement": agreement}, ["status", "timeliness"], order_by="due_date")
	assert len([row for row in reports if row.status == "Published"]) >= 3
	assert [row.timeliness for row in reports].count("Late") == 1
	source = frappe.get_doc("Monitoring Source", {"title": routine_data.SOURCE["title"]})
	assert frappe.db.count("Routine Reading", {"source": source.name}) == 30 * 24 * 3 * 2 and "0 refused" in source.last_said
	assert reading_days.check([row.service_object for row in source.objects]) == []
	alert = frappe.get_doc("Monitoring Alert", {"source": source.name})
	assert (alert.state, frappe.db.get_value("Issue", alert.issue, "status")) == ("Resolved", "Resolved")
	backups = {"title": routine_data.SCHEDULES["backup"]["title"], "status": "Done"}
	assert frappe.db.count("Routine Task", backups) >= 11


def _visits_are_in_every_phase_and_the_board_shows_every_conflict(customers):
	for doctype, kind in KINDS.items():
		rows = frappe.get_all(
			doctype, filters={"customer": ["in", customers]}, pluck="status", order_by="name"
		)
		assert {*kind.phases, "Cancelled"} <= set(rows), doctype
	assert frappe.db.count("Field Service Sheet", {"customer": ["in", customers], "outcome": "More to Do"})
	shown = dispatch.board(None, 14)
	told = {
		row["code"]
		for engineer in shown["engineers"]
		if engineer["user"] in visits_data.PROFILES
		for rows in engineer["conflicts"].values()
		for row in rows
	}
	assert told == set(CODES)


def _the_time_is_real_again(began):
	assert frappe.utils.now_datetime() >= site_time.to_site(began)
	assert frappe.db.get_default(demo.MADE)
	assert len(demo.make()) == len(data.STAFF) + sum(len(c["people"]) for c in data.CUSTOMERS)


@pytest.mark.parametrize(
	"end",
	[
		datetime(2027, 1, 31, 15, 59, tzinfo=UTC),  # the last minute of January in the site's zone
		datetime(2027, 1, 31, 16, 6, tzinfo=UTC),  # the first minutes of February
		datetime(2028, 2, 29, 16, 6, tzinfo=UTC),
		datetime(2026, 12, 2, 4, 0, tzinfo=UTC),  # the version is signed in the month before
	],
)
def test_the_next_version_is_ahead_whatever_day_the_demo_ends(site, end):
	with Stage(end, 1, demo.SEED) as stage:
		company = cast.make(stage)
		stage.move_to(stage.end - timedelta(days=3))
		cast.new_version(stage, company)
		stage.move_to(stage.end)
		agreements.refresh_statuses()
		name = company.agreements[data.CUSTOMERS[1]["name"]]
		versions = frappe.get_all("Service Agreement", {"customer": data.CUSTOMERS[1]["name"]}, ["name", "status"])
		assert {row.name: row.status for row in versions}[name] == "Active"
		assert sorted(row.status for row in versions) == ["Active", "Scheduled"]


def test_six_months_are_over_whatever_day_the_demo_ends():
	for number in range(366 * 4):
		end = date(2026, 1, 1) + timedelta(days=number)
		found = service_reports.months(end - timedelta(days=185), end)  # as cast.py makes the agreement of a demo of six months
		assert len(found) == 6 and found[-1][1] < end and all(first.day == 1 and (last + timedelta(days=1)).day == 1 for first, last in found)
		assert all(second[0] - before[1] == timedelta(days=1) for before, second in itertools.pairwise(found))


def test_log_ins_name_everybody():
	for row in demo.log_ins():
		assert row["user"].endswith(".example")
		assert row["password"] == data.PASSWORD
		assert row["what"]


def test_scenes_are_complete():
	for customer in data.CUSTOMERS:
		assert sum(bool(scene.get("invalid")) for scene in customer["scenes"]) < len(customer["scenes"]) / 4
		for scene in customer["scenes"]:
			assert scene["object"] in customer["objects"]
			assert scene["category"] in data.CATEGORIES
			assert scene["result"] or scene.get("invalid")
