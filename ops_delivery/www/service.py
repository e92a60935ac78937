"""/service: the home of a customer's people."""

import frappe
from frappe import _

from ops_delivery.services.portal import home as portal_home
from ops_delivery.services.portal import page_base as page

no_cache = 1


def get_context(context):
	page.begin(context, _("Service"))
	if page.let_in(context, "/service"):
		context.home = portal_home.home(frappe.session.user)
		context.own_name = frappe.utils.get_fullname(frappe.session.user)
