import frappe
from frappe.model.document import Document


class ReadingDay(Document):
	"""The numbers that were read at one step of one object on one day; written by services.routine.reading_days alone."""


def on_doctype_update():
	frappe.db.add_unique("Reading Day", ["service_object", "step_key", "customer", "day"], constraint_name="ops_one_day")
