"""/agreements: agreements, plans and reports – what is to be reviewed or signed, what is in force, what has ended."""

import frappe
from frappe import _

from ops_delivery.services.portal import documents as portal_documents
from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import reviews as review_pages

no_cache = 1


def get_context(context):
	page.begin(context, _("Agreements and Plans"))
	if page.let_in(context, "/agreements"):
		context.waiting = review_pages.waiting(frappe.session.user)
		context.list = portal_documents.listed(frappe.session.user)
