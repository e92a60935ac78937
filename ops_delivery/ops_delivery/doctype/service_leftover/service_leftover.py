from frappe.model.document import Document

from ops_delivery.services import leftovers
from ops_delivery.services.visits import leftovers as visit_leftovers


class ServiceLeftover(Document):
	"""Something left over from a delivery that must not be forgotten; see services.leftovers."""

	def validate(self):
		leftovers.check(self)

	def on_update(self):
		leftovers.on_update(self)

	def on_trash(self):
		leftovers.on_trash(self)

	def after_delete(self):
		visit_leftovers.after_delete(self)
