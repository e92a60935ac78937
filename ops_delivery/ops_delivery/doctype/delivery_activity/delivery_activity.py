import frappe
from frappe.model.document import Document

from ops_delivery.services import plan_activities, plan_work


class DeliveryActivity(Document):
	def validate(self):
		plan_activities.validate(self)

	def on_update(self):
		plan_activities.on_update(self)
		if self.has_value_changed("record_type"):
			plan_work.forget_types()

	def on_trash(self):
		plan_activities.check_removal(self)

	def after_delete(self):
		plan_activities.after_delete(self)


def on_doctype_update():
	frappe.db.add_index("Delivery Activity", ["plan", "planned_start"])
