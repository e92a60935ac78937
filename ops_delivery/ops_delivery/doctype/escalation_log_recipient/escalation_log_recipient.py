import frappe
from frappe.model.document import Document


class EscalationLogRecipient(Document):
	pass


def on_doctype_update():
	frappe.db.add_index("Escalation Log Recipient", ["state", "send_after"], "ops_held")
