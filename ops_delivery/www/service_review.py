"""/reviews/<name>: the document to be reviewed, and the customer's decision with an opinion."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import reviews as review_pages
from ops_delivery.services.reviews import decisions as review_answers

no_cache = 1


def get_context(context):
	name = frappe.form_dict.name or ""
	path = f"/reviews/{quote(name)}"
	page.begin(context, _("Review {0}").format(name))
	if not page.let_in(context, path):
		return

	def act(form):
		review_answers.decide_on_portal(name, form.get("decision", ""), form.get("opinion", ""))
		return f"{path}?done=decided"

	page.on_submit(context, act)
	context.path_of_review = path
	context.review = review_pages.review(name, frappe.session.user)
	context.done = frappe.form_dict.get("done") == "decided"
	context.title = context.review["title"]
