from frappe.model.document import Document


class KnowledgeFigure(Document):
	"""How often an article was shown, opened and of help in a month, without by whom; see services.knowledge.counting."""
