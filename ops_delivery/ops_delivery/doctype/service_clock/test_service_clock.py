"""A Service Clock is evidence: the engine writes it, and nobody else.

Run by `bench run-tests --app ops_delivery`; the whole of what this type must do is proven under tests/.
"""

import unittest

import frappe

from ops_delivery import framework
from ops_delivery.permissions.steps import OnlyBySteps

globals().update(framework.no_test_records("Service Clock"))


class TestServiceClock(unittest.TestCase):
	def tearDown(self):
		frappe.db.rollback()

	def test_nobody_makes_one_by_hand(self):
		clock = frappe.get_doc({"doctype": "Service Clock", "state": "Met", "elapsed": 1, "target": 3600})
		with self.assertRaises((OnlyBySteps, frappe.PermissionError)):
			clock.insert()
