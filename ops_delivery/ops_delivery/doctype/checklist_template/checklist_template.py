from frappe.model.document import Document

from ops_delivery.services.visits import checklists as visit_checklists


class ChecklistTemplate(Document):
	"""Points that visits or sessions of a kind answer; see services.visits.checklists."""

	def validate(self):
		visit_checklists.check_template(self)
