"""/agreements: agreements, plans and reports – what is to be reviewed or signed, what is in force, what has ended."""

import frappe
from frappe import _

from ops_delivery.services import page, portal_documents, review_pages

no_cache = 1


def get_context(context):
	page.begin(context, _("Agreements and Plans"))
	if page.let_in(context, "/agreements"):
		context.waiting = review_pages.waiting(frappe.session.user)
		context.list = portal_documents.listed(frappe.session.user)
