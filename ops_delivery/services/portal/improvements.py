"""The customer's page of an improvement action: what they were told, and whether it helps (5.5.f).

Texts come out plain; the page escapes them. Causes and results stay inside.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, get_fullname

from ops_delivery.domain import improvement
from ops_delivery.permissions import confidential_records, gates, ownership, steps
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.shared.locale import moment, text

MOST = 50
NOTE_LENGTH = 2000


def waiting(user: str) -> list[dict[str, Any]]:
	"""For the portal's home: improvements the user was told of and has not answered: [{text, url, due, late}]."""
	return [
		{
			"text": _("Tell us whether it helps: {0}").format(text(doc.title)),
			"url": f"/improvements/{doc.name}",
			"due": "",
		}
		for doc in _told_actions(user)
		if not doc.answer and doc.state not in improvement.ENDED
	]


def visible(name: str, user: str):
	"""An improvement action the user was told of; frappe.PermissionError for any other name."""
	doc = (
		frappe.get_doc(improvements.DOCTYPE, name)
		if user != ownership.GUEST and name and frappe.db.exists(improvements.DOCTYPE, name)
		else None
	)
	staff = ownership.is_staff(user)
	if (
		not doc
		or staff
		or not (doc.told_text and _was_told(doc))
		or not confidential_records.may_see_action(doc, "read", user)
	):
		raise frappe.PermissionError(_("There is nothing {0} that you can see.").format(cstr(name)))
	return doc


def shown(doc) -> dict[str, Any]:
	"""An improvement action in plain words, as far as the customer was told."""
	return {
		"name": doc.name,
		"title": text(doc.title),
		"wrong": text(doc.confirmed_what),
		"told": text(doc.told_text),
		"told_on": moment(doc.told_on),
		"measures": [
			{
				"text": text(row.measure),
				"state": _(row.state, context="Improvement Measure"),
				"due": frappe.format(row.due_date, "Date") if row.due_date else "",
			}
			for row in doc.measures
			if row.shown
		],
		"answer": _(doc.answer, context=improvements.DOCTYPE) if doc.answer else "",
		"answered": moment(doc.answered_on),
		"note": text(doc.answer_note),
		"waiting": bool(doc.told_on) and not doc.answer and doc.state not in improvement.ENDED,
	}


def answer(name: str, user: str, form: Any) -> None:
	"""The user says whether it helps."""
	gates.refuse_staff(user)
	gates.refuse_who_left(user, visible(name, user).customer)
	enter(name, form, get_fullname(user), _("on the portal"))


def enter(name: str, form: Any, person: str, how: str) -> None:
	"""Write down whether it helps; the caller has checked who says so."""
	doc = frappe.get_doc(improvements.DOCTYPE, name, for_update=True)
	steps.take(doc).flags.ignore_permissions = True
	if form.get("answer") not in ("yes", "no"):
		frappe.throw(_("Choose whether it helps or not."))
	note = cstr(form.get("note"))
	if len(note) > NOTE_LENGTH:
		frappe.throw(
			_("{0} has more than {1} characters. Say it in fewer words.").format(
				frappe.bold(_("What is still wrong, or a comment")), NOTE_LENGTH
			)
		)
	improvements.answer(doc, form.get("answer") == "yes", person, how, note)


def _was_told(doc) -> bool:
	return bool(doc.told_on or doc.answer)


def _told_actions(user: str) -> list[Any]:
	if ownership.is_staff(user) or user == ownership.GUEST:
		return []
	rows = frappe.get_all(
		improvements.DOCTYPE,
		filters={
			"customer": ["in", sorted(ownership.customers_of(user)) or [""]],
			"told_on": ["is", "set"],
		},
		fields=["name", "title", "answer", "state", "customer", "source_doctype", "source_name"],
		order_by="told_on",
		limit=MOST,
	)
	return [row for row in rows if confidential_records.may_see_action(_as_doc(row), "read", user)]


def _as_doc(row):
	row.doctype = improvements.DOCTYPE
	return row
