"""/service-requests/new: raise a request."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.permissions.ownership import customers_of
from ops_delivery.services import customer_input, page

no_cache = 1
PATH = "/service-requests/new"


def get_context(context):
	page.begin(context, _("New Request"))
	if not page.let_in(context, PATH):
		return

	def act(form):
		files = [upload for upload in frappe.request.files.getlist("files") if upload.filename]
		name = customer_input.raise_request(
			form.get("subject", ""),
			form.get("description", ""),
			form.get("customer"),
			form.get("service_object"),
			files,
		)
		return f"/service-requests/{quote(name)}?done=raised"

	page.on_submit(context, act)
	customers = sorted(customers_of(frappe.session.user))
	context.customers = frappe.get_all(
		"Customer",
		filters={"name": ["in", customers or [""]]},
		fields=["name", "customer_name"],
		order_by="customer_name",
	)
	context.objects = frappe.get_all(
		"Service Object",
		filters={"customer": ["in", customers or [""]], "enabled": 1},
		fields=["name", "object_name", "location", "customer"],
		order_by="object_name",
		limit=200,
	)
