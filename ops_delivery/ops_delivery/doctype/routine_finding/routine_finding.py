import frappe
from frappe.model.document import Document

from ops_delivery.services.routine import finding_steps


class RoutineFinding(Document):
	"""What was seen abnormal or at risk at a step of an object; see services.routine.findings and .finding_steps."""

	def validate(self):
		finding_steps.validate(self)


def on_doctype_update():
	frappe.db.add_index("Routine Finding", ["follow_up", "last_found"], "ops_to_follow")
