"""/deliverables: what was published for the customer."""

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.services.portal import deliverables
from ops_delivery.services.portal import page_base as page

no_cache = 1


def get_context(context):
	page.begin(context, _("Deliverables"))
	if page.let_in(context, "/deliverables"):
		context.list = deliverables.listed(frappe.session.user, cint(frappe.form_dict.page) or 1)
		context.reports = deliverables.reports(frappe.session.user) if context.list["page"] == 1 else []
