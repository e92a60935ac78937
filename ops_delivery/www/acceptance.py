"""/acceptance: the answer for a result by signed link, without a log-in."""

import frappe
from frappe import _

from ops_delivery.services.portal import link_page
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared.locale import text

no_cache = 1


def get_context(context):
	link_page.serve(
		context, "/acceptance", _("Your Answer"), read=answering.read_link, show=_show, act=_answer
	)


def _show(context, found):
	link, doc = found
	context.offer = portal.offer(doc)
	context.subject = text(frappe.db.get_value(doc.reference_doctype, doc.reference_name, "subject"))
	context.party = link.party


def _answer(form, token):
	chosen = form.get("decision", "")
	reservations = [line for line in form.getlist("reservation") if line.strip()]
	answering.decide_by_link(
		token,
		chosen,
		form.get("comment", ""),
		reservations if chosen == "Accepted with Reservations" else [],
	)
