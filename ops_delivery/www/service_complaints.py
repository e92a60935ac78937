"""/complaints: how complaints are handled, where to make one, and the reader's own. Open to everybody to read."""

import frappe
from frappe import _

from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services.portal import complaints as complaint_portal
from ops_delivery.services.portal import page_base as page

no_cache = 1


def get_context(context):
	page.begin(context, _("Complaints"))
	user = frappe.session.user
	context.is_guest, context.is_staff = user == "Guest", is_staff()
	context.desk_url = frappe.utils.get_url_to_list("Service Complaint")
	context.how = complaint_portal.process_for(user)
	context.rows = complaint_portal.listed(user)
