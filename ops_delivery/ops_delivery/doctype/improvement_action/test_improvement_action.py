"""An Improvement Action is closed when its effect was checked, and not before.

Run by `bench run-tests --app ops_delivery`; the whole of what this type must do is proven under tests/.
"""

import unittest

import frappe

from ops_delivery import framework

globals().update(framework.no_test_records("Improvement Action"))


class TestImprovementAction(unittest.TestCase):
	def tearDown(self):
		frappe.db.rollback()

	def test_it_begins_open_and_is_not_closed_without_cause_and_measures(self):
		doc = frappe.get_doc({"doctype": "Improvement Action", "title": "Backups were late", "finding": "Three nights in May"}).insert()
		self.assertEqual(doc.state, "Open")
		doc.state = "Closed"
		with self.assertRaises(frappe.ValidationError):
			doc.save()
		self.assertEqual(frappe.db.get_value("Improvement Action", doc.name, "state"), "Open")
