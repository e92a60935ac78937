import frappe
from frappe.model.document import Document


class ServiceNotice(Document):
	"""A line of the outbox; see services.outbox.outbox."""


def on_doctype_update():
	frappe.db.add_index("Service Notice", ["state", "run_at"])
