"""/improvements/<name>: what is improved, in plain words, and whether it helps."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import improvements as improvement_portal
from ops_delivery.services.portal import page_base as page

no_cache = 1


def get_context(context):
	name = frappe.form_dict.name or ""
	path = f"/improvements/{quote(name)}"
	page.begin(context, _("Improvement {0}").format(name))
	if not page.let_in(context, path):
		return
	user = frappe.session.user

	def act(form):
		improvement_portal.answer(name, user, form)
		return f"{path}?done=1"

	page.on_submit(context, act)
	context.path_of_action = path
	context.action = improvement_portal.shown(improvement_portal.visible(name, user))
	context.done = frappe.form_dict.get("done") == "1"
	context.title = context.action["title"]
