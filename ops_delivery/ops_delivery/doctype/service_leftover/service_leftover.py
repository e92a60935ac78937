from frappe.model.document import Document

from ops_delivery.services import leftovers


class ServiceLeftover(Document):
	"""Something left over from a delivery that must not be forgotten; see services.leftovers."""

	def validate(self):
		leftovers.check(self)
