"""The form of a Workflow on records of ours: trying its path, and where documents of vanished states go."""

from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.administration import workflow_moves, workflow_paths
from ops_delivery.services.scope import issue_scope as ours

DOCTYPE = "Workflow"


@frappe.whitelist(methods=["POST"])
@staff_only
def try_path(doc: str | dict, role: str | None = None, record: str | None = None) -> dict[str, Any]:
	"""A workflow as it stands in the form, as a role and on a record (services.administration.workflow_paths.paths); `roles`: those that it names.

	Only who may write workflows may try one."""
	draft = _draft(doc)
	return {
		"roles": [{"value": name, "label": _(name)} for name in workflow_paths.roles(draft)],
		**workflow_paths.paths(draft, role, record),
	}


@frappe.whitelist(methods=["POST"])
@staff_only
def where_documents_go(doc: str | dict) -> list[dict[str, Any]]:
	"""Documents in states that the workflow in the form has not, and the states that they may be put into."""
	return workflow_moves.vanished(_draft(doc))


def _draft(doc: str | dict) -> Any:
	frappe.has_permission(DOCTYPE, "write", throw=True)
	values = frappe.parse_json(doc)
	if not isinstance(values, dict):
		frappe.throw(_("{0}: the form's content cannot be read. Reload the page.").format(_(DOCTYPE)))
	draft = frappe.get_doc({**values, "doctype": DOCTYPE})
	if not ours.is_type_ours(draft.document_type):
		frappe.throw(_("{0} is no record type of Ops Delivery.").format(frappe.bold(_(draft.document_type or "–"))))
	return draft
