"""/rounds: the routine work ahead at the customer's place."""

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import rounds

no_cache = 1


def get_context(context):
	page.begin(context, _("Routine work"))
	if page.let_in(context, "/rounds"):
		context.rows = rounds.listed(frappe.session.user)
