"""A Measured Record Type is a type of ticket or task with fields that can serve.

Run by `bench run-tests --app ops_delivery`; the whole of what this type must do is proven under tests/.
"""

import unittest

import frappe

from ops_delivery import framework

globals().update(framework.no_test_records("Measured Record Type"))


class TestMeasuredRecordType(unittest.TestCase):
	def tearDown(self):
		frappe.db.rollback()

	def measured(self, doctype, **values):
		return frappe.get_doc({"doctype": "Measured Record Type", "document_type": doctype, **values})

	def test_a_table_within_others_is_not_measured(self):
		with self.assertRaisesRegex(frappe.ValidationError, "table"):
			self.measured("Contact Email").insert()

	def test_a_field_that_is_not_there_is_refused_by_name(self):
		with self.assertRaisesRegex(frappe.ValidationError, "no_such_field"):
			self.measured("Task", customer_field="no_such_field").insert()
