"""/surveys/<name>: a survey, answered by the customer's user who was asked."""

from urllib.parse import quote

import frappe
from frappe import _

from ops_delivery.services.portal import page_base as page
from ops_delivery.services.portal import surveys as survey_portal
from ops_delivery.services.surveys import answering as survey_answering

no_cache = 1


def get_context(context):
	name = frappe.form_dict.name or ""
	path = f"/surveys/{quote(name)}"
	page.begin(context, _("Survey"))
	if not page.let_in(context, path):
		return

	def act(form):
		survey_answering.answer_on_portal(name, survey_portal.given(form))
		return f"{path}?done=1"

	page.on_submit(context, act)
	context.path_of_survey = path
	context.survey = survey_portal.shown(survey_answering.visible(name))
	context.done = frappe.form_dict.get("done") == "1" and context.survey["answered"]
	context.title = context.survey["title"]
