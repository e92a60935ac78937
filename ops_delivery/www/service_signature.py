"""/reviews/sign/<name>: the document to be signed by the customer, and the signature."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import reviews as review_pages

no_cache = 1


def get_context(context):
	name = frappe.form_dict.name or ""
	path = f"/reviews/sign/{quote(name)}"
	page.begin(context, _("Sign {0}").format(name))
	if not page.let_in(context, path):
		return

	def act(form):
		review_pages.sign(name, form)
		return f"{path}?done=signed"

	page.on_submit(context, act)
	context.path_of_document = path
	context.document = review_pages.to_sign(name, frappe.session.user)
	context.done = frappe.form_dict.get("done") == "signed"
	context.title = context.document["title"]
	context.own_name = frappe.utils.get_fullname(frappe.session.user)
