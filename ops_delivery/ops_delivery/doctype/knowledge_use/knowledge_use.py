import frappe
from frappe.model.document import Document


class KnowledgeUse(Document):
	"""An article that helped to solve a request; see services.knowledge.counting."""


def on_doctype_update():
	frappe.db.add_unique("Knowledge Use", ["article", "reference_doctype", "reference_name"], constraint_name="ops_use")
