"""How a survey is answered, once: by signed link, on the portal, or recorded by staff (5.4.c, 7.2.d, 7.3.d).

What was answered stands on a Survey Response and its Survey Answers, with the questions as they were asked. Of a named
survey they name the survey. Of an anonymous one they hold nothing that leads to a person: a random name, the round
instead of the survey, no record, object or engineer, the day on which the round ends instead of the time, Administrator
as owner; and nothing that Frappe writes of its own accord (versions, activity, notifications) is written at all. Until
the round is over they are sealed (survey_seals). The survey itself keeps only that it was answered, not when, and not
by which way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, flt, get_datetime, getdate

from ops_delivery.domain import survey as domain
from ops_delivery.permissions import gates, ownership
from ops_delivery.permissions.gates import refuse_staff
from ops_delivery.permissions.ownership import is_staff, is_staff_address, plain
from ops_delivery.services.shared import signed_link
from ops_delivery.services.shared import spreadsheet_cells as cells
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import asking as surveys
from ops_delivery.services.surveys import rounds as survey_rounds
from ops_delivery.services.surveys import seals as survey_seals
from ops_delivery.services.surveys import templates as survey_templates
from ops_delivery.services.surveys.asking import ANSWERED, ASKED, DOCTYPE, EXPIRED, WITHDRAWN

PURPOSE = "survey"
PAGE = "survey"
RESPONSE, ANSWER = "Survey Response", "Survey Answer"
PORTAL, SIGNED_LINK, RECORDED = "Portal", "Signed Link", "Recorded by Staff"
HOW_LENGTH = 1000


class NotOpen(frappe.ValidationError):
	"""The survey takes no answer any more: it was answered, has expired or was withdrawn."""

	http_status_code = 409


def link_for(survey) -> str | None:
	"""The signed link by which its person answers; None where nobody is known by address or nothing waits."""
	party = plain(survey.person_email)
	if not party or survey.state != ASKED:
		return None
	token = signed_link.make(PURPOSE, DOCTYPE, survey.name, party, cint(survey.round) or 1, survey.expires_on)
	return signed_link.url(PAGE, token)


def read_link(token: str) -> tuple[signed_link.Link, Any]:
	"""The link and its survey. InvalidLink unless it is the newest one of the survey's own person."""
	link = signed_link.read(token, PURPOSE)
	doc = frappe.get_doc(DOCTYPE, link.name) if frappe.db.exists(DOCTYPE, link.name) else None
	if (
		not doc
		or link.doctype != DOCTYPE
		or plain(doc.person_email) != link.party
		or is_staff_address(link.party)
	):
		raise signed_link.InvalidLink(
			_("This link is not valid any more: the survey it was for has changed.")
		)
	if cint(doc.round) != link.round:
		raise signed_link.InvalidLink(_("There is a newer mail about this survey. Use the link in that one."))
	signed_link.refuse_who_left(link.party, doc.customer)
	return link, doc


def answer_by_link(token: str, given: Mapping[str, str]) -> None:
	"""The addressee of a signed link answers without a log-in."""
	link, doc = read_link(token)
	refuse_staff(frappe.session.user)
	signed_link.refuse_another_log_in(link.party)
	_answer(doc.name, given, SIGNED_LINK)


def answer_on_portal(name: str, given: Mapping[str, str]) -> None:
	"""The logged-in customer's user answers a survey that is theirs to answer."""
	refuse_staff(frappe.session.user)
	doc = visible(name)
	gates.refuse_who_left(frappe.session.user, doc.customer)
	_answer(doc.name, given, PORTAL)


def visible(name: str) -> Any:
	"""The survey, if the session's user of the customer's side may see it; else the same error whether it exists."""
	doc = frappe.get_doc(DOCTYPE, name) if name and frappe.db.exists(DOCTYPE, name) else None
	if not doc or not ownership.may_see(doc):
		raise frappe.PermissionError(
			_("There is no survey {0} that you can see.").format(escape_html(cstr(name)))
		)
	return doc


def record(
	name: str, given: Mapping[str, str], by_name: str, how: str, answered_on: datetime | str | None = None
) -> None:
	"""Staff enter what somebody at the customer told them: who, when (now if not said) and how."""
	doc = frappe.get_doc(DOCTYPE, name)
	if not is_staff():
		raise frappe.PermissionError(_("Only staff record an answer; answer the survey yourself."))
	doc.check_permission("write")
	if doc.anonymous:
		frappe.throw(
			_("This survey is anonymous: what somebody tells you is not. Let them answer by their link.")
		)
	for label, value in ((_("Who answered"), by_name), (_("How the customer said so"), how)):
		if not cstr(value).strip():
			frappe.throw(_("{0} is needed to record the customer's answer.").format(frappe.bold(label)))
	if "@" in by_name and is_staff_address(by_name):
		frappe.throw(
			_("{0} is a colleague. Name the person at the customer who answered.").format(
				escape_html(by_name)
			)
		)
	moment_of = get_datetime(answered_on) if answered_on else site_now()
	if moment_of > site_now() or moment_of < get_datetime(doc.asked_on).replace(second=0, microsecond=0):
		frappe.throw(
			_("{0}: {1} lies in the future, or before the survey was asked ({2}).").format(
				frappe.bold(_("When")), moment(moment_of), moment(doc.asked_on)
			)
		)
	_answer(
		name,
		given,
		RECORDED,
		person_name=cstr(by_name).strip()[:140],
		recorded_by=frappe.session.user,
		recorded_how=cstr(how).strip()[:HOW_LENGTH],
		answered_on=moment_of,
	)


def why_not_open(doc) -> str:
	"""Why a survey takes no answer; "" if it does."""
	if doc.state == ANSWERED:
		if doc.anonymous or not doc.answered_on:
			return _("This survey has been answered already. Nothing was changed.")
		return _("This survey was answered already on {0}. Nothing was changed.").format(
			moment(doc.answered_on)
		)
	if doc.state == WITHDRAWN:
		return _("This survey was withdrawn; no answer is needed any more.")
	if doc.state == EXPIRED or getdate(doc.expires_on) < site_now().date():
		return _("The time to answer this survey is over since {0}. Thank you all the same.").format(
			frappe.format(doc.expires_on, "Date")
		)
	return ""


def _answer(name: str, given: Mapping[str, str], channel: str, **recorded: Any) -> None:
	"""Enter an answer; of two at once the second gets NotOpen. Everything is saved, or nothing."""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	if reason := why_not_open(doc):
		raise NotOpen(reason)
	sheet = survey_templates.sheet(doc.template_version)
	with guard():
		answers = domain.answers(sheet.questions, {key: cstr(value) for key, value in given.items()})
	if not doc.anonymous:
		_keep_named(doc, sheet, answers, channel, recorded)
		return
	try:
		_keep_anonymous(doc, sheet, answers)
	except Exception as error:
		# what Frappe would log of it names the person and holds the answers: nothing of it may be kept
		kind = type(error).__name__
	else:
		return
	frappe.db.rollback()
	frappe.logger("ops_delivery").error(f"an anonymous answer could not be kept: {kind}")
	raise frappe.ValidationError(
		_("Your answer could not be kept just now. Nothing was saved; try again later.")
	)


def _keep_named(
	doc, sheet, answers: tuple[domain.Answer, ...], channel: str, recorded: dict[str, Any]
) -> None:
	when = recorded.get("answered_on") or site_now()
	score = domain.score(answers)
	low = domain.is_low(score, answers, flt(sheet.low_score), bool(sheet.low_conduct))
	response = _response(
		sheet,
		score,
		survey=doc.name,
		template=doc.template,
		customer=doc.customer,
		agreement=doc.agreement,
		service_content=doc.service_content,
		service_object=doc.service_object,
		engineer=doc.engineer,
		reference_doctype=doc.reference_doctype,
		reference_name=doc.reference_name,
		survey_round=doc.survey_round,
		answered_on=getdate(when),
		low=int(low),
		recorded=int(channel == RECORDED),
	)
	_keep(response, answers, sheet, site_now(), frappe.session.user)
	doc.update(
		{"state": ANSWERED, "channel": channel, "response": response.name, "answered_on": when, **recorded}
	)
	surveys.save(doc)
	if low:
		survey_rounds.investigate(DOCTYPE, doc.name, doc, sheet, score, _finding(answers, score))


def _keep_anonymous(doc, sheet, answers: tuple[domain.Answer, ...]) -> None:
	round_ = frappe.db.get_value(
		survey_rounds.DOCTYPE, doc.survey_round, ["customer", "agreement", "closes_on"], as_dict=True
	)
	score = domain.score(answers)
	response = _response(
		sheet,
		score,
		template=doc.template,
		customer=round_.customer,
		agreement=round_.agreement,
		service_content=doc.service_content,
		survey_round=doc.survey_round,
		answered_on=round_.closes_on,
		anonymous=1,
	)
	survey_seals.seal(doc.survey_round, _rows(response, answers, sheet), round_.closes_on)
	# no document is saved: its time of change would say when
	frappe.db.set_value(DOCTYPE, doc.name, "state", ANSWERED, update_modified=False)


def _response(sheet, score: float | None, **values: Any) -> Any:
	response = frappe.new_doc(RESPONSE)
	response.update(
		{
			"template_version": sheet.version,
			"fewest_answers": cint(sheet.fewest_answers),
			"score": score or 0,
			"scored": int(score is not None),
			**values,
		}
	)
	return response


def _keep(response, answers: tuple[domain.Answer, ...], sheet, stamp: datetime, owner: str) -> None:
	survey_seals.write_rows(_rows(response, answers, sheet), stamp, owner)


def _rows(response, answers: tuple[domain.Answer, ...], sheet) -> list[Any]:
	"""A response and its answers, which name it, as documents that are not yet written."""
	texts = {row["name"]: row for row in sheet.questions_as_frozen}
	rows = [response]
	response.name = frappe.generate_hash(length=20)
	for place, answer in enumerate(answers, start=1):
		row = frappe.new_doc(ANSWER)
		frozen = texts[answer.question.key]
		row.update(
			{
				"name": frappe.generate_hash(length=20),
				"response": response.name,
				"question_key": answer.question.key,
				"question": frozen["question"],
				"question_zh": frozen["question_zh"],
				"place": place,
				"answer_type": answer.question.type,
				"answer": cells.kept(answer.value) if answer.question.type == domain.TEXT else answer.value,
				"scored": int(answer.points is not None),
				"points": answer.points or 0,
				"weight": answer.question.weight,
				"conduct": int(answer.question.conduct),
			}
		)
		rows.append(row)
	return rows


def _finding(answers: tuple[domain.Answer, ...], score: float | None) -> str:
	"""What a low sheet says, as plain text for the investigation."""
	lines = [] if score is None else [_("Score: {0} of 100").format(f"{score:.0f}")]
	lines += [f"{answer.question.text}: {answer.value}" for answer in answers]
	return "\n".join(lines)
