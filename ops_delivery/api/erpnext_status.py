"""ERPNext's two shortcuts that set an Issue's status past every rule: what is ours is saved, all else they do as ever."""

import json
from typing import Any

import frappe
from frappe import _

from ops_delivery import framework
from ops_delivery.permissions.gates import open_to_all
from ops_delivery.services.scope import issue_scope as ours

ISSUE = "erpnext.support.doctype.issue.issue"


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of ERPNext's function; the Issue's own permissions are asked")
def set_status(name: Any, status: str) -> None:
	"""Set one Issue's status, by saving it where it is ours. Raises what saving raises."""
	name = frappe.utils.cstr(name)
	if not ours.is_issue_ours(name):
		framework.theirs(f"{ISSUE}.set_status")(name, status)
		return
	doc = frappe.get_doc("Issue", name)
	doc.status = status
	doc.save()


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of ERPNext's function; each Issue's own permissions are asked")
def set_multiple_status(names: str, status: str) -> None:
	"""Save each Issue of a JSON list with the status; what is refused is named with its reason, the rest goes on."""
	refused = []
	for name in json.loads(names):
		frappe.db.savepoint("ops_bulk_status")
		try:
			set_status(name, status)
		except (frappe.ValidationError, frappe.PermissionError) as error:
			frappe.db.rollback(save_point="ops_bulk_status")
			frappe.clear_messages()
			refused.append((name, str(error)))
	if refused:
		frappe.msgprint(
			"<br>".join(f"<b>{frappe.utils.escape_html(name)}</b>: {why}" for name, why in refused),
			title=_("{0} not changed").format(len(refused)),
			indicator="orange",
		)
