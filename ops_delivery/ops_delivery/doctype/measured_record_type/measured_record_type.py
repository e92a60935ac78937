from frappe.model.document import Document

from ops_delivery.services import definitions, record_types


class MeasuredRecordType(Document):
	"""A DocType whose records have service clocks, and where it keeps what a clock needs."""

	def validate(self):
		record_types.check(self)

	def on_update(self):
		definitions.clear_cache()

	def on_trash(self):
		definitions.clear_cache()
