import frappe
from frappe.model.document import Document


class KnowledgeReading(Document):
	"""Which article was opened beside a form that may yet be sent; see services.knowledge.counting."""


def on_doctype_update():
	frappe.db.add_unique("Knowledge Reading", ["form_key", "article"], constraint_name="ops_reading")
	frappe.db.add_index("Knowledge Reading", ["creation"], "ops_reading_age")
