"""/deliverables/<name>: a published deliverable with its files, or what a result is proven by (8.2.b, 8.2.d)."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import deliverables
from ops_delivery.services.portal import page_base as page

no_cache = 1


def get_context(context):
	name = frappe.form_dict.name or ""
	page.begin(context, _("Deliverable"))
	if not page.let_in(context, f"/deliverables/{quote(name)}"):
		return
	context.found = deliverables.deliverable(name, frappe.session.user)
	context.title = context.found["title"]
