"""/acceptance?token=…: the answer for a result by signed link, without a log-in."""

from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit

from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services import answering, page, portal, signed_link
from ops_delivery.services.reader import text

no_cache = 1
READS_PER_HOUR, WRITES_PER_HOUR = 300, 60


def get_context(context):
	page.begin(context, _("Your Answer"))
	context.offer = None
	context.is_staff = is_staff()
	context.token = frappe.form_dict.pop("token", None) or ""
	context.done = frappe.form_dict.get("done") == "answered"
	page.on_submit(context, _answer(context.token))
	if context.http_status_code == 429:
		return
	try:
		link, doc = _read(context.token)
	except (signed_link.InvalidLink, frappe.RateLimitExceededError) as error:
		frappe.clear_messages()
		context.error, context.token = page.said(error), ""
		context.http_status_code = getattr(error, "http_status_code", 403)
		return
	context.offer = portal.offer(doc)
	context.subject = text(frappe.db.get_value(doc.reference_doctype, doc.reference_name, "subject"))
	context.party = link.party


@rate_limit(limit=READS_PER_HOUR, seconds=3600)
def _read(token):
	return answering.read_link(token)


def _answer(token):
	@rate_limit(key="decision", limit=WRITES_PER_HOUR, seconds=3600)
	def answer(form):
		chosen = form.get("decision", "")
		reservations = [line for line in form.getlist("reservation") if line.strip()]
		answering.decide_by_link(
			token,
			chosen,
			form.get("comment", ""),
			reservations if chosen == "Accepted with Reservations" else [],
		)
		return f"{page.LINK_PAGE}?{urlencode({'token': token, 'done': 'answered'})}"

	return answer
