"""The outbox, for those who look after it (6.3.f)."""

import frappe
from frappe import _

from ops_delivery.permissions.gates import staff_only
from ops_delivery.permissions.role_names import MANAGERS
from ops_delivery.services.outbox import outbox as notices


@frappe.whitelist(methods=["POST"])
@staff_only
def retry(name: str) -> None:
	"""Have a failed Service Notice tried again."""
	if not MANAGERS & set(frappe.get_roles()):
		raise frappe.PermissionError(_("Only a delivery manager or system manager has notices tried again."))
	notices.retry(name)
