"""/agreements: what was settled with the customer – agreements, plans and reports."""

import frappe
from frappe import _

from ops_delivery.services import page, portal_documents

no_cache = 1


def get_context(context):
	page.begin(context, _("Agreements and Plans"))
	if page.let_in(context, "/agreements"):
		context.list = portal_documents.listed(frappe.session.user)
