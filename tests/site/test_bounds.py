"""A number typed wrong is refused by name, and none deletes evidence (6.3.b)."""

import re

import desk_door
import factories
import frappe
import pytest
import scenario
from frappe.utils import add_days, now_datetime

from ops_delivery.permissions import steps
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.shared import number_bounds as bounds

SETTINGS = "Ops Delivery Settings"


@pytest.fixture
def desk():
	return desk_door.Desk("System Manager", "Service Delivery Manager")


def settings():
	return frappe.get_doc(SETTINGS)


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"log_days": -1}, "Keep sent notices.* -1 .*from 30 to 3660"),
		({"log_days": 9}, "Keep sent notices"),
		({"sweep_batch": 99_999_999}, "Triggers per batch.*from 1 to 1000"),
		({"retry_limit": 0}, "Attempts before"),
		({"link_days": 99_999}, "Signed links"),
		({"reminder_days": "abc"}, "Remind the customer.*abc"),
		({"lag_alarm_seconds": 5}, "sweep lags"),
		({"expiry_reminder_days": "abc"}, "Remind before the end.*abc.*such as"),
		({"expiry_reminder_days": ""}, "Remind before the end"),
		({"expiry_reminder_days": "99999"}, "Remind before the end"),
		({"default_matrix": None}, "Default Priority Matrix.*missing"),
		({"complaint_answer_days": 0}, "Days to answer"),
	],
)
def test_a_setting_out_of_bounds_is_refused_by_name(desk, values, message):
	answer = desk.save(settings(), **values)
	assert answer.status == 417, answer.text
	assert re.search(message, frappe.utils.strip_html(desk_door.said(answer))), desk_door.said(answer)


def test_a_matrix_that_is_off_is_no_default(desk):
	matrix = scenario.matrix()
	matrix.db_set("enabled", 0)
	answer = desk.save(settings(), default_matrix=matrix.name)
	assert answer.status == 417 and "switched off" in desk_door.said(answer)


def test_rules_and_rows_have_bounds_too(desk):
	policy = frappe.get_doc("Escalation Policy", scenario.policy().name)
	values = policy.as_dict()
	values["steps"][1]["repeat_minutes"] = 99_999_999
	answer = desk.save(values)
	assert answer.status == 417 and "Escalation Steps" in desk_door.said(answer) and "row 2" in desk_door.said(answer)


def test_an_old_value_stops_no_other_change(desk):
	policy = scenario.policy()
	policy.db_set("digest_minutes", -5)
	assert desk.save(frappe.get_doc("Escalation Policy", policy.name), enabled=0).status == 200


def sent(days_ago: int):
	notice = frappe.new_doc("Service Notice")
	issue = factories.make_issue()
	notice.update(
		{
			"reference_doctype": "Issue",
			"reference_name": issue.name,
			"key_point": "ops_resolved",
			"state": "Sent",
			"run_at": now_datetime(),
			"sent_on": add_days(now_datetime(), -days_ago),
		}
	)
	steps.take(notice)
	return notice.insert(ignore_permissions=True, ignore_links=True).name


def test_a_lower_number_of_days_deletes_nothing_for_a_week_and_says_so(desk, monkeypatch):
	frappe.db.set_single_value(SETTINGS, "log_days", 90)
	old, older = sent(60), sent(120)
	answer = desk.save(settings(), log_days=30)
	assert answer.status == 200 and "notices that are older than 30 days are deleted" in desk_door.said(answer)
	notices.purge_sent()
	assert frappe.db.exists("Service Notice", old) and not frappe.db.exists("Service Notice", older)
	frappe.db.set_single_value(SETTINGS, "log_days_lowered_on", add_days(now_datetime(), -8).date())
	notices.purge_sent()
	assert not frappe.db.exists("Service Notice", old)


def test_taken_back_in_time_nothing_is_lost(desk):
	frappe.db.set_single_value(SETTINGS, "log_days", 90)
	desk.save(settings(), log_days=30)
	desk.save(settings(), log_days=31)
	assert bounds.kept_days() == 90
	desk.save(settings(), log_days=90)
	assert bounds.kept_days() == 90 and not settings().log_days_lowered_on


def test_a_number_stored_by_an_earlier_version_deletes_nothing_more(desk):
	frappe.db.set_single_value(SETTINGS, "log_days", -1)
	kept = sent(20)
	notices.purge_sent()
	assert frappe.db.exists("Service Notice", kept)
