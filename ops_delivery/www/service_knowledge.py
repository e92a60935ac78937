"""/knowledge: what we know, as far as it is published for the customer (8.4.a.2)."""

import frappe
from frappe import _
from frappe.utils import cint, cstr

from ops_delivery.services.portal import knowledge
from ops_delivery.services.portal import page_base as page

no_cache = 1
LONGEST = 140


def get_context(context):
	page.begin(context, _("Knowledge", context="Ops Delivery"))
	if page.let_in(context, "/knowledge"):
		asked = frappe.form_dict
		context.list = knowledge.listed(frappe.session.user, cstr(asked.q)[:LONGEST], cint(asked.page) or 1)
