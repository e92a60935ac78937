import frappe
from frappe import _
from frappe.model.document import Document


class IssueTakeover(Document):
	"""What ERPNext's own rule had written on an Issue before an agreement took it over (services/clocks/takeover.py)."""

	def validate(self):
		if not self.is_new():
			frappe.throw(
				_("{0} is evidence of what was taken over and cannot be changed.").format(self.name),
				frappe.PermissionError,
			)

	def on_trash(self):
		if self.state == "Taken Over" and frappe.db.exists("Issue", self.issue):
			frappe.throw(
				_("{0} is needed to give {1} back to ERPNext's rule and cannot be deleted.").format(
					self.name, self.issue
				)
			)
