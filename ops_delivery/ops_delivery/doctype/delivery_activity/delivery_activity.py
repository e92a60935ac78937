import frappe
from frappe.model.document import Document

from ops_delivery.services.plans import activities as plan_activities
from ops_delivery.services.scope import active_rules as every_save


class DeliveryActivity(Document):
	def onload(self):
		plan_activities.show_fixed(self)

	def validate(self):
		plan_activities.validate(self)

	def on_update(self):
		plan_activities.on_update(self)
		if self.record and self.record_type not in every_save.asked().carrying:
			every_save.forget()

	def on_trash(self):
		plan_activities.check_removal(self)

	def after_delete(self):
		plan_activities.after_delete(self)


def on_doctype_update():
	frappe.db.add_index("Delivery Activity", ["plan", "planned_start"])
