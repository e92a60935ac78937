"""/reviews: what waits for the customer's decision or signature, and what was decided before."""

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import reviews as review_pages

no_cache = 1


def get_context(context):
	page.begin(context, _("Reviews", context="Ops Delivery"))
	if page.let_in(context, "/reviews"):
		context.list = review_pages.listed(frappe.session.user)
