"""What nothing is promised for is shown as not measured, and never called fulfilled (5.3.d, 6.3.d)."""

from datetime import timedelta

import customers
import desk_door
import factories
import frappe
import pytest
import scenario

from ops_delivery.services.clocks import figures
from ops_delivery.services.engine import health
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.requests import response_record

JUDGED = scenario.MONDAY + timedelta(hours=1)


@pytest.fixture
def desk():
	return desk_door.Desk("System Manager", "Service Delivery Manager")


@pytest.fixture
def agreement():
	return scenario.agreement()


def critical() -> str:
	if not frappe.db.exists("Issue Priority", "Critical"):
		factories.make("Issue Priority", name="Critical")
	return "Critical"


def with_critical(matrix):
	"""The matrix with a new priority on top, given to the most urgent pair."""
	matrix.append("priorities", {"priority": critical()})
	cell = next(row for row in matrix.cells if (row.urgency, row.importance) == ("Very Urgent", "Very Important"))
	cell.priority = "Critical"
	return matrix


def most_urgent(agreement, **values):
	issue = scenario.issue(agreement, **values)
	return scenario.change(
		issue, JUDGED, ops_validity="Valid", issue_type="Fault", ops_urgency="Very Urgent", ops_importance="Very Important"
	)


def test_the_agreements_without_targets_are_named_before_the_matrix_is_saved(desk, agreement):
	matrix = with_critical(frappe.get_doc("Priority Matrix", agreement.priority_matrix))
	answer = desk.call("ops_delivery.api.configuration.matrix_gaps", doc=frappe.as_json(matrix.as_dict()))
	(line,) = frappe.parse_json(answer.text)["message"]
	assert agreement.title in line and "Critical" in line
	saved = desk.save(matrix)
	assert saved.status == 200 and agreement.title in desk_door.said(saved)
	again = desk.save(frappe.get_doc("Priority Matrix", matrix.name))
	assert agreement.title not in desk_door.said(again)  # said once; from then on the health says it
	assert any(agreement.name in line and "Critical" in line for line in health.status()["messages"])


def test_a_request_without_a_live_clock_is_never_called_fulfilled(desk, agreement):
	assert desk.save(with_critical(frappe.get_doc("Priority Matrix", agreement.priority_matrix))).status == 200
	issue = most_urgent(agreement)
	assert issue.priority == "Critical"
	assert not issue.agreement_status
	assert not frappe.db.get_value("Issue", issue.name, "agreement_status")
	born = scenario.issue(agreement, priority="Critical")
	assert not born.agreement_status


def test_it_is_shown_as_not_measured_wherever_it_is_shown(desk, agreement):
	assert desk.save(with_critical(frappe.get_doc("Priority Matrix", agreement.priority_matrix))).status == 200
	asker = customers.portal_user(agreement.customer)
	issue = most_urgent(agreement, raised_by=asker)
	panel = frappe.parse_json(desk.call("ops_delivery.api.clocks.panel", doctype="Issue", name=issue.name).text)["message"]
	named = {row["commitment"]: row["why"] for row in panel["not_measured"]}
	assert set(named) >= {"First Response", "Resolution"} and "Critical" in named["Resolution"]
	assert "On-site Arrival" not in named  # nobody asked for it
	assert response_record.of("Issue", issue.name)["not_measured"]
	assert portal.request(issue.name, asker)["not_measured"]
	(row,) = portal.requests(asker)["rows"]
	assert "No time is promised" in row["deadline"]["text"]
	scope = {"customer": agreement.customer, "from_date": "2026-01-01", "to_date": "2027-12-31"}
	assert figures.requests(scope).not_measured == 1
	from ops_delivery.ops_delivery.report.response_support_figures import response_support_figures

	cards = {card["label"]: card["value"] for card in response_support_figures.execute(scope)[4]}
	assert cards["Not Measured"] == 1


def test_what_is_measured_is_not_among_it(desk, agreement):
	issue = scenario.issue(agreement)
	panel = frappe.parse_json(desk.call("ops_delivery.api.clocks.panel", doctype="Issue", name=issue.name).text)["message"]
	assert panel["not_measured"] == []
	scope = {"customer": agreement.customer, "from_date": "2026-01-01", "to_date": "2027-12-31"}
	assert figures.requests(scope).not_measured == 0
	invalid = scenario.change(issue, JUDGED, ops_validity="Invalid", ops_invalid_reason="Not ours")
	assert not invalid.agreement_status and figures.requests(scope).not_measured == 0
