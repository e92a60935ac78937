"""/rounds/<name>: routine work ahead, and what the customer provides for it (6.2.e)."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import rounds

no_cache = 1


def get_context(context):
	name = frappe.form_dict.name or ""
	path = f"/rounds/{quote(name)}"
	page.begin(context, _("Routine work"))
	if not page.let_in(context, path):
		return

	def act(form):
		rounds.act(name, frappe.session.user, form)
		return f"{path}?done=1"

	page.on_submit(context, act)
	context.path_of_round = path
	context.round = rounds.task(name, frappe.session.user)
	context.done = frappe.form_dict.get("done") == "1"
	context.title = context.round["title"]
