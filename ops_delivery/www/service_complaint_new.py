"""/complaints/new: make a complaint, with or without a matter."""

from urllib.parse import quote, urlencode

import frappe
from frappe import _

from ops_delivery.permissions.ownership import customers_of
from ops_delivery.services.portal import complaints as complaint_portal
from ops_delivery.services.portal import page_base as page
from ops_delivery.services.scope import uploads

no_cache = 1
PATH = "/complaints/new"


def get_context(context):
	page.begin(context, _("Make a Complaint"))
	asked = {key: str(frappe.form_dict.get(key) or "") for key in ("about", "name")}
	if not page.let_in(context, f"{PATH}?{urlencode(asked)}" if asked["about"] else PATH):
		return
	user = frappe.session.user

	def act(form):
		files = uploads.sent()
		name = complaint_portal.raise_on_portal(user, form, files)
		return f"/complaints/{quote(name)}?done=raised"

	page.on_submit(context, act)
	context.about = complaint_portal.matter(user, asked["about"], asked["name"])
	context.choices = [] if context.about else complaint_portal.choices(user)
	context.customers = sorted(customers_of(user))
