"""/service-requests/<name>: one request, what the customer adds to it, and the answer for its result."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.requests import intake as customer_input
from ops_delivery.services.requests import recurrence
from ops_delivery.services.scope import uploads

no_cache = 1
DONE = ("answered", "sent", "raised", "again")


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
		if form.get("what") == "again":
			new = recurrence.by_the_customer(name, form.get("text", ""), uploads.sent(), form.get("once", ""))
			return f"/service-requests/{quote(new)}?done=again"
		answering.decide_on_portal(
			name, form.get("decision", ""), form.get("comment", ""), _reservations(form)
		)
		return f"{path}?done=answered"

	page.on_submit(context, act)
	context.path_of_request = path
	context.file_limits = uploads.limits()
	context.request = portal.request(name, frappe.session.user)
	doc = frappe.get_doc("Issue", name)
	context.again = recurrence.is_possible(doc)
	context.follows = doc.get("ops_follows")
	context.once = frappe.generate_hash(length=16)
	context.done = frappe.form_dict.get("done") if frappe.form_dict.get("done") in DONE else ""
	context.title = context.request["subject"]


def _reservations(form):
	chosen = form.get("decision") == "Accepted with Reservations"
	return [line for line in form.getlist("reservation") if line.strip()] if chosen else []
