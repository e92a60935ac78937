"""A Service Agreement says everything before it is in force.

Run by `bench run-tests --app ops_delivery`; the whole of what this type must do is proven under tests/. The host's own tests make
records of all that a type links to, and do not need what Service Agreement does.
"""

import unittest

import frappe

from ops_delivery import framework
from ops_delivery.services.agreements.completeness import Incomplete

globals().update(framework.no_test_records("Service Agreement"))


class TestServiceAgreement(unittest.TestCase):
	def tearDown(self):
		frappe.db.rollback()

	def draft(self, **values):
		customer = frappe.get_doc(
			{"doctype": "Customer", "customer_name": frappe.generate_hash(length=12), "customer_type": "Company"}
		).insert()
		priority, commitment = (frappe.get_last_doc(one).name for one in ("Issue Priority", "Service Commitment"))
		return frappe.get_doc(
			{
				"doctype": "Service Agreement",
				"title": "Operation of the office network",
				"customer": customer.name,
				"start_date": "2026-01-01",
				"end_date": "2026-12-31",
				"calendar": frappe.get_last_doc("Service Calendar").name,
				"escalation_policy": frappe.get_last_doc("Escalation Policy").name,
				"priority_matrix": frappe.get_last_doc("Priority Matrix").name,
				"covers_all_objects": 1,
				"default_priority": priority,
				"targets": [{"commitment": commitment, "priority": priority, "target": 3600}],
				**values,
			}
		)

	def test_one_with_gaps_does_not_go_to_review(self):
		doc = self.draft()
		doc.flags.ignore_mandatory = True  # as an import leaves one behind
		doc.insert()
		self.assertEqual(doc.status, "Draft")
		doc.status = "Internal Review"
		with self.assertRaises(Incomplete):
			doc.save()

	def test_it_does_not_end_before_it_begins(self):
		with self.assertRaises(frappe.ValidationError):
			self.draft(end_date="2025-12-31").insert()
