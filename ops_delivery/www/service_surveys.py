"""/surveys: what the customer's user was asked, and what waits for an answer."""

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import surveys as survey_portal

no_cache = 1


def get_context(context):
	page.begin(context, _("Surveys"))
	if page.let_in(context, "/surveys"):
		context.rows = survey_portal.listed(frappe.session.user)
