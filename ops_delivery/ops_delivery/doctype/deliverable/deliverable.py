import frappe
from frappe.model.document import Document

from ops_delivery.permissions import access_notes
from ops_delivery.services.deliverables import files, rules, sealing, steps
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
		sealing.follow(self)
		steps.follow(self)

	def apply_fieldlevel_read_permissions(self):
		"""What Frappe asks of each document that it shows to somebody, by form or API."""
		super().apply_fieldlevel_read_permissions()
		if not self.is_new():
			access_notes.note(self, access_notes.OPENED)

	def on_trash(self):
		reviewed.on_trash(self)


def on_doctype_update():
	frappe.db.add_index("Deliverable", ["customer", "audience", "status"], "ops_shown")
	frappe.db.add_index("Deliverable", ["status", "files_removed_on"], "ops_files_left")
	frappe.db.add_index("Deliverable", ["security_class"], "ops_by_class")
