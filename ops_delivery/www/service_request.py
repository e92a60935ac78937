"""/service-requests/<name>: one request, what the customer adds to it, and the answer for its result."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services import answering, customer_input, page, portal, uploads

no_cache = 1
DONE = ("answered", "sent", "raised")


def get_context(context):
	name = frappe.form_dict.name or ""
	path = f"/service-requests/{quote(name)}"
	page.begin(context, _("Request {0}").format(name))
	if not page.let_in(context, path):
		return

	def act(form):
		if form.get("what") == "information":
			files = uploads.sent()
			customer_input.add_information(name, form.get("text", ""), files)
			return f"{path}?done=sent"
		answering.decide_on_portal(
			name, form.get("decision", ""), form.get("comment", ""), _reservations(form)
		)
		return f"{path}?done=answered"

	page.on_submit(context, act)
	context.path_of_request = path
	context.file_limits = uploads.limits()
	context.request = portal.request(name, frappe.session.user)
	context.done = frappe.form_dict.get("done") if frappe.form_dict.get("done") in DONE else ""
	context.title = context.request["subject"]


def _reservations(form):
	chosen = form.get("decision") == "Accepted with Reservations"
	return [line for line in form.getlist("reservation") if line.strip()] if chosen else []
