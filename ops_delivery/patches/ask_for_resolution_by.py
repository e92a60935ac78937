"""Our Notifications on Issue ask by when it is to be resolved in a way that both of ERPNext's field names serve.

ERPNext renamed `resolution_by` in 2025 to `sla_resolution_by`; a text that names the old one promises nothing any more.
Only that name is replaced; what an administrator wrote around it stays.
"""

import frappe

MODULE = "Ops Delivery"
OLD, NEW = "doc.resolution_by", "ops_resolution_by(doc)"
# a condition knows no Jinja methods
IN_CONDITION = '(doc.get("sla_resolution_by") or doc.get("resolution_by"))'


def execute():
	"""Replace the name in subjects, messages and conditions; run again, it finds nothing."""
	for row in frappe.get_all(
		"Notification",
		filters={"module": MODULE, "document_type": "Issue"},
		fields=["name", "subject", "message", "condition"],
		order_by="name",
	):
		changed = {
			field: text.replace(OLD, IN_CONDITION if field == "condition" else NEW)
			for field in ("subject", "message", "condition")
			if OLD in (text := row[field] or "")
		}
		if changed:
			frappe.db.set_value("Notification", row.name, changed, update_modified=False)
	frappe.clear_cache(doctype="Notification")
