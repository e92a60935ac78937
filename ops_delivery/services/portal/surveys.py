"""What the customer's pages show of surveys (5.4.c). Texts come out plain, to be escaped where printed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import getdate

from ops_delivery.permissions import owned_rows
from ops_delivery.services.shared import spreadsheet_cells as cells
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import answering as survey_answering
from ops_delivery.services.surveys import templates as survey_templates
from ops_delivery.services.surveys.asking import ANSWERED, ASKED, DOCTYPE, WITHDRAWN

MOST = 100


def listed(user: str) -> list[dict[str, Any]]:
	"""The surveys a user of the customer's side may see: those that wait first, soonest first, then the newest."""
	table = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(table)
		.select(
			table.name,
			table.state,
			table.template_version,
			table.reference_title,
			table.expires_on,
			table.anonymous,
		)
		.where(owned_rows.surveys_visible(table, user) & (table.state != WITHDRAWN))
		.orderby(table.asked_on, order=frappe.qb.desc)
		.orderby(table.name, order=frappe.qb.desc)
		.limit(MOST)
	).run(as_dict=True)
	today = site_now().date()
	for row in rows:
		row.waiting = row.state == ASKED and getdate(row.expires_on) >= today
		row.title = survey_templates.sheet(row.template_version).words("title")
		row.about = text(row.reference_title)
		row.path = f"/surveys/{quote(row.name)}"
		row.state = _state(row)
	return sorted(rows, key=lambda row: (not row.waiting, row.expires_on if row.waiting else today))


def shown(doc) -> dict[str, Any]:
	"""One survey for the page on which it is answered, or was: questions, or the named answers that were given."""
	sheet = survey_templates.sheet(doc.template_version)
	reason = survey_answering.why_not_open(doc)
	return {
		"name": doc.name,
		"title": sheet.words("title"),
		"intro": sheet.words("intro"),
		"about": text(doc.reference_title),
		"anonymous": bool(doc.anonymous),
		"person": text(doc.person_name),
		"open": not reason,
		"reason": reason,
		"answered": doc.state == ANSWERED,
		"until": frappe.format(doc.expires_on, "Date"),
		"questions": sheet.asked() if not reason else [],
		"answers": answers_of(doc.response) if doc.response else [],
	}


def answers_of(response: str) -> list[dict[str, Any]]:
	"""The answers of a response in their order: question, answer in the reader's language, type, points, conduct."""
	rows = frappe.get_all(
		survey_answering.ANSWER,
		filters={"response": response},
		fields=[
			"question",
			"question_zh",
			"answer_type",
			"answer",
			"scored",
			"points",
			"conduct",
			"question_key",
		],
		order_by="place",
	)
	if not rows:
		return []
	version = frappe.db.get_value(survey_answering.RESPONSE, response, "template_version")
	choices = {row["key"]: dict(row["choices"]) for row in survey_templates.sheet(version).asked()}
	return [
		{
			"question": survey_templates.in_language(row.question, row.question_zh),
			"answer": choices.get(row.question_key, {}).get(
				text(row.answer), cells.written(text(row.answer))
			),
			"type": row.answer_type,
			"points": row.points if row.scored else None,
			"conduct": bool(row.conduct),
		}
		for row in rows
	]


def _state(row) -> dict[str, str]:
	if row.waiting:
		return {"text": _("Waits for your answer"), "tone": "waiting"}
	if row.state == ANSWERED:
		return {"text": _("Answered"), "tone": "closed"}
	return {"text": _("Time is over"), "tone": "closed"}


def waiting(user: str) -> list[dict[str, Any]]:
	"""For the portal's home: what the user is asked and has not answered: {text, url, due (a day)}; soonest first."""
	return [
		{
			"text": _("Answer the survey: {0}").format(row["title"]),
			"url": row["path"],
			"due": wording.day(row["expires_on"]),
		}
		for row in listed(user)
		if row["waiting"]
	]


def given(form: Any) -> dict[str, str]:
	"""The answers of a sent form: fields named q-<key>."""
	return {key[2:]: form.get(key) for key in form if key.startswith("q-")}
