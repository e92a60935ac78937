from frappe.model.document import Document

from ops_delivery.services.agreements import switched_off
from ops_delivery.services.clocks import retired
from ops_delivery.services.scope import active_rules as every_save
from ops_delivery.services.scope import measured_types as record_types


class MeasuredRecordType(Document):
	"""A DocType whose records have service clocks, and where it keeps what a clock needs."""

	def onload(self):
		self.set_onload("customers_not_found", record_types.customers_not_found(self))

	def validate(self):
		record_types.check(self)

	def on_update(self):
		every_save.forget()
		retired.later(self)
		switched_off.follow(self)

	def on_trash(self):
		every_save.forget()
