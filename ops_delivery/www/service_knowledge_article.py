"""/knowledge/<name>: one article, and whether it helped (8.4.a.2)."""

from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.services.portal import knowledge
from ops_delivery.services.portal import page_base as page

no_cache = 1
LONGEST_KEY = 40


def get_context(context):
	name = frappe.form_dict.name or ""
	page.begin(context, _("Article", context="Ops Delivery"))
	if not page.let_in(context, f"/knowledge/{quote(name)}"):
		return
	user = frappe.session.user
	context.found = knowledge.article(name, user)
	context.title = context.found["title"]
	context.from_form = cstr(frappe.form_dict.form)[:LONGEST_KEY]

	def act(form):
		counted = knowledge.vote(name, user, form.get("helped", ""))
		return f"{context.found['path']}?done={form.get('helped') if counted else 'again'}"

	page.on_submit(context, act)
	context.done = cstr(frappe.form_dict.done)
