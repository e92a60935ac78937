"""A month of service under an agreement, walked through the doors: March 2026, whose report is made on April 3rd."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

import factories
import frappe
import scenario

from ops_delivery.framework import issue_field
from ops_delivery.services.reports.collect import collect

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
MADE = datetime(2026, 4, 3, 10, 0, tzinfo=scenario.ZONE)


def moment(day: int, clock: str = "09:00", month: int = 3) -> datetime:
	hour, minute = clock.split(":")
	return datetime(2026, month, day, int(hour), int(minute), tzinfo=scenario.ZONE)


def section(agreement, key: str, first: date = FIRST, last: date = LAST, at: datetime = MADE):
	with scenario.at(at):
		return collect(agreement.name, first, last, [key])[key]


def requests(agreement) -> frappe._dict:
	"""Kept, missed, not a request, of February, resolved in April, on hold, and of April: reported and worked on by the doors."""
	made = frappe._dict()
	made.kept = _judged(agreement, moment(2))
	_resolve(made.kept, moment(2, "10:00"))
	made.missed = _judged(agreement, moment(3))
	_resolve(made.missed, moment(17))
	made.invalid = scenario.issue(agreement, moment(4))
	scenario.change(made.invalid, moment(4, "09:30"), ops_validity="Invalid", ops_invalid_reason="Not of this agreement")
	made.february = _judged(agreement, moment(20, month=2))
	_resolve(made.february, moment(5))
	made.late = _judged(agreement, moment(30))
	_resolve(made.late, moment(2, month=4))
	made.held = _judged(agreement, moment(25))
	scenario.change(made.held, moment(25, "11:00"), status="On Hold", ops_pause_reason="A part is on its way")
	made.april = _judged(agreement, moment(1, month=4))
	return made


def _judged(agreement, at: datetime):
	return scenario.judge_valid(scenario.issue(agreement, at), at + timedelta(minutes=5))


def _resolve(issue, at: datetime) -> None:
	scenario.change(issue, at, status="Resolved", resolution_details="The cable was replaced")


def statements(work) -> int:
	"""How many statements a piece of work sends to the database."""
	with patch.object(frappe.db, "sql", side_effect=frappe.db.sql) as calls:
		work()
	return calls.call_count


def put(doctype: str, **values):
	"""A row as it stands in the table, without any rule."""
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.flags.name_set = True
	doc.name = values.get("name") or frappe.generate_hash(length=12)
	doc.db_insert()
	return doc


def many(agreement, number: int) -> None:
	"""So many requests of the month with a clock each, every third missed, written as rows."""
	for place in range(number):
		at = datetime(2026, 3, 2, 9) + timedelta(minutes=37 * place)
		issue = put(
			"Issue",
			**{"name": factories.unique("ISS"), "subject": "Link down", "customer": agreement.customer, "company": agreement.company},
			**{"status": "Closed", "priority": scenario.PRIORITIES[place % 4], "opening_date": at.date(), "opening_time": at.time()},
			**{issue_field("resolution_date"): at + timedelta(hours=3), "ops_agreement": agreement.name, "ops_validity": "Valid"},
		)
		late = place % 3 == 0
		put(
			"Service Clock",
			**{"reference_doctype": "Issue", "reference_name": issue.name, "commitment": "Resolution", "customer": agreement.customer},
			**{"agreement": agreement.name, "priority": issue.priority, "state": "Met", "target": 7200, "elapsed": 10800 if late else 3600},
			**{"breached": int(late), "started_on": at, "stopped_on": at + timedelta(hours=3)},
		)
