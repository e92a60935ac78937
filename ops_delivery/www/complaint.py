"""/complaint: make or answer a complaint, or answer an improvement, by signed link without a log-in."""

import frappe
from frappe import _

from ops_delivery.services.complaints import process_text as complaint_words
from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.portal import complaints as complaint_portal
from ops_delivery.services.portal import improvements as improvement_portal
from ops_delivery.services.portal import link_page
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared.locale import text

no_cache = 1


def get_context(context):
	link_page.serve(
		context,
		"/complaint",
		_("Complaint", context="Ops Delivery"),
		read=complaint_portal.open_link,
		show=_show,
		act=_act,
	)


def _show(context, found):
	link, doc = found
	context.party = link.party
	context.complaint = complaint_portal.shown(doc) if doc.doctype == complaints.DOCTYPE else None
	context.action = improvement_portal.shown(doc) if doc.doctype == improvements.DOCTYPE else None
	context.process = complaint_words.process()
	if not (context.complaint or context.action):
		context.on_record = complaint_words.on_record()
		context.subject, context.number = text(doc.get("subject")), doc.name


def _act(form, token):
	files = uploads.sent()
	complaint_portal.act_by_link(form, token, files)
