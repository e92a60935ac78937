import frappe
from frappe.model.document import Document

from ops_delivery.services.deliverables import files, rules, steps
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared.stored_texts import StoredTexts


class Deliverable(StoredTexts, Document):
	"""A result of the service, tangible or not, from its compiling to its destruction (8.2); see services.deliverables."""

	def validate(self):
		rules.validate(self)
		reviewed.validate(self)
		rules.guard(self)

	def on_update(self):
		reviewed.on_update(self)
		files.keep(self)
		steps.follow(self)

	def on_trash(self):
		reviewed.on_trash(self)


def on_doctype_update():
	frappe.db.add_index("Deliverable", ["customer", "audience", "status"], "ops_shown")
	frappe.db.add_index("Deliverable", ["status", "files_removed_on"], "ops_files_left")
