"""The customer's pages as a browser gets them, in this process."""

import re

import frappe
import frappe.app  # as the site is served: it says how large a form may be
from frappe.utils import set_request
from frappe.website.serve import get_response

from ops_delivery.services.portal import page_base as page


def get(path, user, method="GET", form=None, headers=None):
	"""(status, html or Location) of a page for a user. The headers stay in frappe.flags.last_headers."""
	frappe.set_user(user)
	path, _mark, query = path.partition("?")
	set_request(method=method, path=path, query_string=query, data=form, headers=headers)
	frappe.local.request_ip = "127.0.0.1"
	frappe.local.form_dict = frappe._dict(frappe.request.args.to_dict() | frappe.request.form.to_dict())
	try:
		response = get_response(path)
		page.after_request(response, frappe.request)
		if method == "POST":
			frappe.db.commit()  # as Frappe does, also behind a page that says no
		frappe.flags.last_headers = response.headers
		body = response.headers.get("Location") or response.get_data(as_text=True)
		return response.status_code, body
	finally:
		frappe.set_user("Administrator")
		frappe.local.form_dict = frappe._dict()
		frappe.flags.redirect_location = None
		frappe.local.request = None


def words(html):
	body = html[html.index('<div class="ops-portal">') :]
	return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
