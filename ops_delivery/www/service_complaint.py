"""/complaints/<name>: one's own complaint, its result, and the answer to it."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import complaints as complaint_portal
from ops_delivery.services.portal import page_base as page

no_cache = 1
DONE = ("raised", "answered")


def get_context(context):
	name = frappe.form_dict.name or ""
	path = f"/complaints/{quote(name)}"
	page.begin(context, _("Complaint {0}").format(name))
	if not page.let_in(context, path):
		return
	user = frappe.session.user

	def act(form):
		complaint_portal.answer_on_portal(name, user, form)
		return f"{path}?done=answered"

	page.on_submit(context, act)
	context.path_of_complaint = path
	context.complaint = complaint_portal.shown(complaint_portal.visible(name, user))
	context.done = frappe.form_dict.get("done") if frappe.form_dict.get("done") in DONE else ""
	context.title = context.complaint["subject"]
