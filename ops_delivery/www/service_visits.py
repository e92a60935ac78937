"""/visits: the visits and remote sessions of the customer."""

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import visits as visit_portal

no_cache = 1


def get_context(context):
	page.begin(context, _("Visits", context="Ops Delivery"))
	if page.let_in(context, "/visits"):
		context.rows = visit_portal.listed(frappe.session.user)
