"""The steps of a service complaint, each locked, checked and saved once (5.4.d, 5.5.c).

What holds whatever the way in stands in services.complaints.rules.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain import complaint as domain
from ops_delivery.permissions import steps
from ops_delivery.services.complaints.types import (
	ANSWER,
	DOCTYPE,
	FINDINGS,
	LENGTH,
	AnsweredAlready,
	answer_until,
	handler_only,
	label,
	limited,
	most_appeals,
	not_future,
)
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.shared.site_time import has_passed, site_now


def acknowledge(name: str) -> str:
	"""Tell the customer that we have the complaint and see to it; the new phase. Done already is done."""
	doc = locked(name)
	if doc.status != domain.RECEIVED:
		return doc.status
	doc.update(
		{
			"status": domain.ACKNOWLEDGED,
			"acknowledged_on": site_now(),
			"acknowledged_by": frappe.session.user,
		}
	)
	doc.save()
	notices.post(DOCTYPE, doc.name, "ops_complaint_acknowledged")
	return doc.status


def hand_to(name: str, user: str) -> None:
	"""Give the complaint to an independent handler, or hand it on to another."""
	doc = locked(name)
	if not cstr(user).strip():
		frappe.throw(_("{0} is empty. Choose somebody independent.").format(label(doc, "handler")))
	doc.handler = user
	doc.save()


def investigate(name: str) -> str:
	"""The handler begins; the new phase."""
	doc = locked(name)
	handler_only(doc)
	if doc.status == domain.INVESTIGATING:
		return doc.status
	doc.status = domain.INVESTIGATING
	doc.save()
	return doc.status


def tell_result(name: str, result: str = "", result_text: str = "", findings: str = "") -> str:
	"""The handler tells the customer what came of it; they accept or appeal. The new phase."""
	doc = locked(name)
	handler_only(doc)
	if doc.status == domain.TOLD:
		return doc.status
	for field, value in (("result", result), ("result_text", result_text), ("findings", findings)):
		if cstr(value).strip():
			doc.set(field, cstr(value).strip())
	for field in FINDINGS:
		if not cstr(doc.get(field)).strip():
			frappe.throw(
				_("{0} is empty. The customer is told a result that has reasons.").format(label(doc, field))
			)
	if doc.result not in domain.RESULTS:
		frappe.throw(
			_("{0}: {1} is not a result. Choose one of {2}.").format(
				label(doc, "result"), escape_html(doc.result), ", ".join(_(row) for row in domain.RESULTS)
			)
		)
	doc.update({"status": domain.TOLD, "told_on": site_now()})
	doc.save()
	notices.post(DOCTYPE, doc.name, "ops_complaint_result", {"round": doc.round})
	return doc.status


def answer(doc, accepted: bool, by_name: str, how: str, note: str = "", answered_on: Any = None) -> str:
	"""The complainant accepts the result, which closes the complaint, or appeals: another handler, one level up.

	The caller has checked who answers and has locked the document; of two answers at once the second is refused.
	"""
	if doc.status != domain.TOLD:
		raise AnsweredAlready(answered_words(doc))
	note = limited(cstr(note).strip(), _("Reason"))
	for what, value in ((_("Who answered"), by_name), (_("How they said so"), how)):
		if not cstr(value).strip():
			frappe.throw(_("{0} is needed.").format(frappe.bold(what)))
	if not accepted:
		if not note:
			frappe.throw(
				_("Say why you do not agree, so that it can be looked at anew."), title=_("Reason missing")
			)
		if not domain.may_appeal(cint(doc.round), most_appeals()):
			frappe.throw(
				_("This result is final: it was looked at {0} times, each time by somebody else.").format(
					doc.round
				)
			)
	doc.update(
		{
			"answer": domain.ACCEPTED if accepted else domain.APPEAL,
			"answered_by": cstr(by_name).strip()[:LENGTH],
			"answered_on": not_future(answered_on),
			"answered_how": cstr(how).strip()[:LENGTH],
			"answer_note": note or None,
		}
	)
	if accepted:
		_end(doc, domain.CLOSED, _("The customer accepted the result"))
		doc.save()
		notices.post(DOCTYPE, doc.name, "ops_complaint_closed")
	else:
		_next_round(doc)
		doc.save()
		notices.post(DOCTYPE, doc.name, "ops_complaint_appealed", {"by": by_name, "reason": note})
	return doc.status


def record_answer(
	name: str,
	accepted: bool,
	by_name: str,
	how: str,
	note: str = "",
	answered_on: datetime | str | None = None,
) -> str:
	"""Staff note what the customer said to the result: who, when and how; the new phase."""
	doc = locked(name)
	return answer(doc, accepted, by_name, how, note, answered_on)


def close_unanswered(name: str, reason: str) -> str:
	"""Close a complaint whose result the customer has not answered for as long as the settings say; the new phase."""
	doc = locked(name)
	if doc.status != domain.TOLD:
		frappe.throw(_("{0} has no result that waits for an answer.").format(doc.name))
	until = answer_until(doc)
	if not has_passed(until):
		frappe.throw(
			_("The customer has until {0} to answer. If they answered by telephone, record it.").format(
				frappe.format(until, "Datetime")
			)
		)
	_end(doc, domain.CLOSED, _reason(reason))
	doc.save()
	notices.post(DOCTYPE, doc.name, "ops_complaint_closed")
	return doc.status


def withdraw(name: str, reason: str) -> str:
	"""The customer takes the complaint back, or it was entered by mistake; the new phase."""
	doc = locked(name)
	_end(doc, domain.WITHDRAWN, _reason(reason))
	doc.save()
	return doc.status


def improve(name: str) -> str:
	"""Open an improvement action for a complaint (5.5.c), by its handler; its name."""
	doc = locked(name)
	handler_only(doc)
	return improvements.open_for(
		DOCTYPE,
		doc.name,
		title=doc.subject,
		finding=cstr(doc.findings) or cstr(doc.text) or doc.subject,
		customer=doc.customer,
		agreement=doc.agreement,
		service_object=doc.service_object,
	)


def clear_person(name: str, user: str, reason: str) -> None:
	"""Somebody named by mistake is no longer complained about, and may see the complaint: decided by its handler, for a
	reason that stays on record. Nobody takes such a row out by hand."""
	doc = locked(name)
	handler_only(doc)
	row = next((row for row in doc.people if row.user == user), None)
	if not row:
		frappe.throw(
			_("{0} is not among the people complained about.").format(frappe.bold(escape_html(cstr(user))))
		)
	why = _reason(reason)
	doc.remove(row)
	doc.save()
	doc.add_comment("Info", _("{0} is not complained about: {1}").format(escape_html(user), escape_html(why)))


def locked(name: str):
	"""A complaint as it is now, held until this transaction ends, that these steps may save. Needs write permission."""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	return steps.take(doc)


def answered_words(doc) -> str:
	"""In words, why a complaint takes no answer now."""
	if doc.status in domain.ENDED:
		return _("{0} has ended already: {1}. Nothing was changed.").format(
			doc.name, _(doc.status, context=DOCTYPE)
		)
	if doc.status == domain.APPEALED or cint(doc.round) > 1:
		return _("You appealed already; somebody else looks at it now. Nothing was changed.")
	return _("There is no result yet that you could answer.")


def _next_round(doc) -> None:
	"""Keep the round that is over, and begin the next without a handler."""
	doc.append(
		"rounds",
		{
			"round": doc.round,
			**{field: doc.get(field) for field in ("handler", "result", "result_text", "told_on", *ANSWER)},
		},
	)
	doc.update(dict.fromkeys(("handler", "result", "result_text", "told_on", *ANSWER)))
	doc.update({"status": domain.APPEALED, "round": cint(doc.round) + 1})


def _end(doc, phase: str, reason: str) -> None:
	doc.update(
		{"status": phase, "closed_on": site_now(), "closed_by": frappe.session.user, "closed_reason": reason}
	)


def _reason(reason: str) -> str:
	if not cstr(reason).strip():
		frappe.throw(_("Say why, so that it is on record."), title=_("Reason missing"))
	return cstr(reason).strip()[:1000]
