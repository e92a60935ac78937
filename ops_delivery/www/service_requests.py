"""/service-requests: the list of a customer's requests."""

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import requests as portal

no_cache = 1


def get_context(context):
	page.begin(context, _("Service Requests"))
	if not page.let_in(context, "/service-requests"):
		return
	form = frappe.form_dict
	context.search = (form.get("q") or "").strip()[:100]
	context.list = portal.requests(
		frappe.session.user, form.get("view") or "all", cint(form.get("page")) or 1, context.search
	)
	context.views = [
		("all", _("All", context="Ops Delivery")),
		("waiting", _("Waiting for you")),
		("open", _("In work")),
		("closed", _("Closed")),
	]
