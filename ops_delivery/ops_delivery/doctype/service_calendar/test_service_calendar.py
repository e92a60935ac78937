"""A Service Calendar counts service hours as its rows say.

Run by `bench run-tests --app ops_delivery`; the whole of what this type must do is proven under tests/.
"""

import unittest
from datetime import datetime, timezone

import frappe

from ops_delivery import framework
from ops_delivery.services.rules import calendars

globals().update(framework.no_test_records("Service Calendar"))
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def calendar(**values):
	windows = [{"weekday": day, "start_time": "09:00:00", "end_time": "18:00:00"} for day in WEEK]
	return frappe.get_doc(
		{
			"doctype": "Service Calendar",
			"calendar_name": frappe.generate_hash(length=12),
			"time_zone": "Asia/Shanghai",
			"windows": windows,
			**values,
		}
	)


class TestServiceCalendar(unittest.TestCase):
	def tearDown(self):
		frappe.db.rollback()

	def test_four_hours_from_friday_afternoon_end_on_monday(self):
		doc = calendar().insert()
		friday = datetime(2026, 3, 6, 8, tzinfo=timezone.utc)  # 16:00 in Shanghai
		due = calendars.measuring(doc.name).add(friday, 4 * 3600)
		self.assertEqual(due, datetime(2026, 3, 9, 3, tzinfo=timezone.utc))

	def test_hours_that_overlap_are_refused_by_their_rows(self):
		rows = [{"weekday": "Monday", "start_time": "09:00:00", "end_time": "12:00:00"}]
		with self.assertRaisesRegex(frappe.ValidationError, "Monday"):
			calendar(windows=[*rows, {**rows[0], "start_time": "11:00:00"}]).insert()

	def test_an_unknown_time_zone_is_refused_by_name(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Mars/Olympus"):
			calendar(time_zone="Mars/Olympus").insert()
