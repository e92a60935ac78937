"""/survey: a survey answered by signed link, without a log-in."""

from frappe import _

from ops_delivery.services.portal import link_page
from ops_delivery.services.portal import surveys as survey_portal
from ops_delivery.services.surveys import answering as survey_answering

no_cache = 1


def get_context(context):
	link_page.serve(context, "/survey", _("Survey"), read=survey_answering.read_link, show=_show, act=_answer)


def _show(context, found):
	_link, doc = found
	context.survey = survey_portal.shown(doc)
	if not context.survey["open"] and not context.done and not context.error:
		context.http_status_code = 409 if context.survey["answered"] else 410


def _answer(form, token):
	survey_answering.answer_by_link(token, survey_portal.given(form))
