"""/service-object/NAME: what the QR code of an object's label opens, for whoever scans it.

It answers a name that there is and one that there is not alike; whether the object is there, the page it leads to says to who may see it.
"""

from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import get_url_to_list

from ops_delivery.services.portal import page_base as page

no_cache = 1
PATH = "/service-object/"
OVERVIEW = "Object Overview"  # the desk page, whose address Frappe makes as that of a list


def get_context(context):
	page.begin(context, _("Service Object"))
	name = quote(str(frappe.form_dict.get("name") or ""), safe="")
	if page.let_in(context, PATH + name):
		page.redirect(f"/service-requests/new?object={name}")
	page.redirect(f"{get_url_to_list(OVERVIEW)}/{name}")
