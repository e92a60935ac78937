"""/visits/<name>: a visit, what its customer confirms, and the signature. The code on the sheet opens it; staff come to the form."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import visits as visit_portal

no_cache = 1


def get_context(context):
	name = frappe.form_dict.name or ""
	path = f"/visits/{quote(name)}"
	page.begin(context, _("Visit {0}").format(name))
	if not page.let_in(context, path):
		if form := visit_portal.desk_form(name):
			page.redirect(form)
		return

	def act(form):
		visit_portal.act(name, frappe.session.user, form)
		return f"{path}?done=1"

	page.on_submit(context, act)
	context.path_of_visit = path
	context.visit = visit_portal.visit(name, frappe.session.user)
	context.own_name = frappe.utils.get_fullname()
	context.done = frappe.form_dict.get("done") == "1"
	context.title = context.visit["title"]
	context.said_by_action = {
		"details": _("Content, time and what is left over are right"),
		"arrival": _("Yes, the engineer is here"),
		"work": _("This may be done"),
		"permission": _("The engineer may leave")
		if not context.visit["remote"]
		else _("The session may end"),
	}
