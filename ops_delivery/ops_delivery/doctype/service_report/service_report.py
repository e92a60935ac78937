import frappe
from frappe.model.document import Document

from ops_delivery.services.reports import rules, steps
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared.stored_texts import StoredTexts


class ServiceReport(StoredTexts, Document):
	"""What was delivered to a customer in a period, made, worded, reviewed and published (8.3.b.5); see services.reports."""

	def validate(self):
		rules.validate(self)
		reviewed.validate(self)
		rules.guard(self)

	def on_update(self):
		reviewed.on_update(self)
		steps.follow(self)

	def on_trash(self):
		reviewed.on_trash(self)


def on_doctype_update():
	frappe.db.add_index("Service Report", ["customer", "status"], "ops_shown")
	frappe.db.add_index("Service Report", ["agreement", "period_to"], "ops_period")
