"""Our mails about a result say from which day on silence counts as acceptance, where it does.

The old sentence said that the request is closed only once the customer answered, also where the agreement closes it after
some days. Only that sentence is replaced, and one is added to the reminder; what an administrator wrote stays.
"""

import frappe

from ops_delivery.setup.notifications import ANSWER, SILENCE

MODULE = "Ops Delivery"
OLD = '{{ _("Please try it and tell us whether it works. Only then do we close the request.") }}'
NEW = '{{ _("Please try it and tell us whether it works.") }} {{ ops_silence(doc) }}'


def execute():
	"""Replace it in the messages; run again, it finds nothing."""
	for row in frappe.get_all(
		"Notification",
		filters={"module": MODULE, "document_type": "Issue", "method": ["in", ["ops_resolved", "ops_reminded"]]},
		fields=["name", "method", "message"],
		order_by="name",
	):
		text = (row.message or "").replace(OLD, NEW)
		if row.method == "ops_reminded" and "ops_silence" not in text:
			text = text.replace(ANSWER, f"{SILENCE}\n{ANSWER}")
		if text != row.message:
			frappe.db.set_value("Notification", row.name, "message", text, update_modified=False)
	frappe.clear_cache(doctype="Notification")
