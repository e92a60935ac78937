"""/service-channels: how to reach us, when, and what was promised (6.3.a, 6.3.b)."""

import frappe
from frappe import _

from ops_delivery.services.agreements import published_terms as announced
from ops_delivery.services.portal import page_base as page

no_cache = 1


def get_context(context):
	page.begin(context, _("Channels and Service Hours"))
	if not page.let_in(context, "/service-channels"):
		return
	context.agreements = announced.for_user(frappe.session.user)
