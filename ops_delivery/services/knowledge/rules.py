"""What a knowledge article must be: for whom, kept by whom, without personal data, complete before others read it (5.3.f, 8.4.a.2).

Reviews, fixed content and the path of phases are services.reviews.phase_guard's; which step may follow which is the domain's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain.knowledge import life
from ops_delivery.permissions import assignees
from ops_delivery.services.knowledge import sources
from ops_delivery.services.shared import due_dates
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Knowledge Article"
TEXTS = ("title", "object_model", "symptom", "cause", "treatment", "result")


class NotComplete(frappe.ValidationError):
	"""An article was to be reviewed or published and lacks something."""


class StepNotPossible(frappe.ValidationError):
	"""A step was to be taken that does not follow."""


class Missing(NamedTuple):
	"""One thing it lacks: where, and the way out (escaped)."""

	field: str
	item: str
	text: str


def validate(doc: Any) -> None:
	"""The rules of content, whatever the phase. frappe.ValidationError names field, value and the way out."""
	before = doc.get_doc_before_save()
	if doc.is_new():
		sources.check(doc)
	if doc.audience != life.CHOSEN:
		doc.set("customers", [])
	elif not doc.customers:
		frappe.throw(
			_("{0}: a value is missing. Choose the customers, or another audience.").format(frappe.bold(label("customers"))),
			frappe.MandatoryError,
		)
	if doc.audience != life.ALL:
		doc.as_help_article = 0
	if doc.as_help_article and not doc.help_category:
		frappe.throw(
			_("{0}: a value is missing. Choose under which heading it stands on the website.").format(frappe.bold(label("help_category"))),
			frappe.MandatoryError,
		)
	if doc.keeper and (not before or before.keeper != doc.keeper) and (why := assignees.refusal(doc.keeper, doc)):
		frappe.throw(f"{frappe.bold(label('keeper'))}: {why}")
	due_dates.check(doc, before, "review_date")
	_note_check(doc, before)


def guard(doc: Any) -> None:
	"""What a phase asks for, once the guard of reviewed documents has settled which one that is."""
	before = doc.get_doc_before_save()
	was = before.status if before else life.DRAFT
	if not life.may_follow(was, doc.status):
		frappe.throw(
			_("{0} is {1} and cannot become {2}. It is drafted, reviewed, published, then retired.").format(
				frappe.bold(escape_html(doc.title or doc.name)),
				frappe.bold(_(was, context=DOCTYPE)),
				frappe.bold(_(doc.status, context=DOCTYPE)),
			),
			StepNotPossible,
		)
	if doc.status in (life.IN_REVIEW, life.PUBLISHED):
		refuse(doc, missing(doc))
	if doc.status == life.PUBLISHED and was != life.PUBLISHED:
		doc.published_on = site_now().replace(microsecond=0)


def missing(doc: Any) -> list[Missing]:
	"""What an article still lacks before it can be reviewed."""
	found: list[Missing] = []

	def need(fieldname: str, met: Any, text: str) -> None:
		if not met:
			found.append(Missing(fieldname, label(fieldname), text))

	need("symptom", cstr(doc.symptom).strip(), _("Say what somebody notices, in their words."))
	need("treatment", cstr(doc.treatment).strip(), _("Say what is done about it."))
	need("checked", doc.checked, _("Read the texts, take out what tells of people or customers, and tick it."))
	return found


def refuse(doc: Any, lacking: list[Missing]) -> None:
	"""Refuse what lacks something, naming each part. NotComplete."""
	if lacking:
		frappe.throw(
			_("{0} cannot be reviewed yet. It lacks:").format(frappe.bold(escape_html(doc.title or doc.name)))
			+ "<ul>"
			+ "".join(f"<li><b>{escape_html(row.item)}</b>: {row.text}</li>" for row in lacking)
			+ "</ul>",
			NotComplete,
			title=_("Not complete"),
		)


def label(fieldname: str) -> str:
	"""What a form calls a field."""
	return _(frappe.get_meta(DOCTYPE).get_label(fieldname), context=DOCTYPE)


def _note_check(doc: Any, before: Any) -> None:
	"""Who read it and ticked that nothing personal is left, and when; another text takes the tick away."""
	if before and before.checked and doc.checked and any(cstr(before.get(name)) != cstr(doc.get(name)) for name in TEXTS):
		doc.checked = 0
	if not doc.checked:
		doc.update({"checked_by": None, "checked_on": None})
	elif not (before and before.checked):
		doc.update({"checked_by": frappe.session.user, "checked_on": site_now().replace(microsecond=0)})
