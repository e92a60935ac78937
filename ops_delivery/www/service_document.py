"""/agreements/<name>: one agreement, plan or report to read."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import documents as portal_documents
from ops_delivery.services.portal import page_base as page

no_cache = 1


def get_context(context):
	name = frappe.form_dict.name or ""
	page.begin(context, _("Agreements and Plans"))
	if not page.let_in(context, f"/agreements/{quote(name)}"):
		return
	context.document = portal_documents.document(name, frappe.session.user)
	context.title = context.document["title"]
