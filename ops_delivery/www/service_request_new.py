"""/service-requests/new: raise a request; answers we have already are shown first to who asks for them."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.permissions.ownership import customers_of
from ops_delivery.services.knowledge import counting, suggesting
from ops_delivery.services.portal import page_base as page
from ops_delivery.services.requests import asked_fields as asked_of_customers
from ops_delivery.services.requests import intake as customer_input
from ops_delivery.services.scope import uploads

no_cache = 1
PATH = "/service-requests/new"


def get_context(context):
	page.begin(context, _("New Request"))
	if not page.let_in(context, PATH):
		return

	def act(form):
		files = uploads.sent()
		if form.get("what") == "answers":  # the same step for who runs no script
			context.asked, context.files_lost = True, bool(files)
			typed = f"{form.get('subject')} {form.get('description')}"
			context.articles = suggesting.for_customer(typed, frappe.session.user, form.get("once", "")[:40])
			context.form = form
			return ""
		context.files_lost = bool(files)
		name = customer_input.raise_request(
			form.get("subject", ""),
			form.get("description", ""),
			form.get("customer"),
			form.get("service_object"),
			files,
			form.get("urgency"),
			form.get("once", ""),
			answers=asked_of_customers.of_form(form),
		)
		counting.request_sent(form.get("once", ""))
		return f"/service-requests/{quote(name)}?done=raised"

	page.on_submit(context, act)
	context.once = context.form.get("once") or frappe.generate_hash(length=20)
	context.file_limits = uploads.limits()
	customers = sorted(customers_of(frappe.session.user))
	context.update(customer_input.choices(customers))
	_about_object(context)
	context.questions = asked_of_customers.questions(customers)


def _about_object(context):
	"""Fill in the object whose label was scanned, where it is the customer's; of any other nothing is said but that."""
	name, context.scanned = frappe.form_dict.get("object"), {}
	if not name or context.form:
		return
	own = customer_input.own_object(name, [row.name for row in context.customers])
	context.object_unknown = not own
	if not own:
		return
	if own.name not in [row.name for row in context.objects]:
		context.objects.insert(0, own)
	context.scanned = own
