from frappe.model.document import Document


class ServiceCalendarWindow(Document):
	def __setup__(self):
		# Frappe would fill an empty Time field with the present time
		self.dont_update_if_missing = ["start_time", "end_time"]
