"""A Clock Definition runs the conditions of administrators, and nothing else.

Run by `bench run-tests --app ops_delivery`; the whole of what this type must do is proven under tests/.
"""

import unittest

import frappe

from ops_delivery import framework

globals().update(framework.no_test_records("Clock Definition"))


class TestClockDefinition(unittest.TestCase):
	def tearDown(self):
		frappe.db.rollback()

	def definition(self, condition):
		doc = frappe.copy_doc(frappe.get_last_doc("Clock Definition", filters={"document_type": "Issue"}))
		return doc.update({"definition_name": frappe.generate_hash(length=12), "start_when": condition})

	def test_a_condition_that_is_no_sentence_is_refused(self):
		with self.assertRaises(frappe.ValidationError):
			self.definition("doc.status ==").insert()

	def test_a_condition_can_call_nothing(self):
		with self.assertRaises(frappe.ValidationError):
			self.definition("__import__('os').getcwd()").insert()

	def test_a_condition_names_fields_there_are(self):
		with self.assertRaisesRegex(frappe.ValidationError, "no_such_field"):
			self.definition("doc.no_such_field == 1").insert()
