import frappe
from frappe.model.document import Document

from ops_delivery.services.routine import tasks


class RoutineTask(Document):
	"""One date of a Routine Schedule, made ahead and once; see services.routine.generation and .tasks."""

	def validate(self):
		tasks.validate(self)


def on_doctype_update():
	frappe.db.add_unique("Routine Task", ["schedule", "planned_on"], constraint_name="ops_once_a_date")
	frappe.db.add_index("Routine Task", ["status", "due_on"], "ops_passed")
	frappe.db.add_index("Routine Task", ["customer_side", "status"], "ops_asked")
