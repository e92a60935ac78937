"""Improvement actions: what went wrong, why, what is done about it, whether it helped (5.5.b, 5.5.c, 5.5.f).

A general register: a complaint, a low score, an audit, a missed target or a plan opens an action with `open_for`. The
rules of its life are in domain.improvement; services.improvements.rules holds them on every way in.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain import improvement as domain
from ops_delivery.permissions import steps
from ops_delivery.services.improvements.rules import DOCTYPE, LENGTH
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.scope import record_parties
from ops_delivery.services.shared.site_time import site_now


def open_for(
	source_doctype: str,
	source_name: str,
	*,
	title: str,
	finding: str,
	customer: str | None = None,
	agreement: str | None = None,
	service_object: str | None = None,
	owner_user: str | None = None,
) -> str:
	"""The improvement action that is open for a record, opened now unless there is one already; its name.

	Runs for any source, without regard to what the session's user may write: a rule opens it, not a person.
	"""
	if not frappe.db.exists(source_doctype, source_name):
		frappe.throw(
			_("{0} {1} does not exist: an improvement action needs a record it came from.").format(
				escape_html(_(cstr(source_doctype))), escape_html(cstr(source_name))
			)
		)
	# one action for a source, also when two ask at once: the second waits here for the first, and then reads what that
	# one committed (a locking read sees past its own snapshot)
	frappe.db.get_value(source_doctype, source_name, "name", for_update=True)
	if existing := still_open(source_doctype, source_name, lock=True):
		return existing
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"title": " ".join(cstr(title).split())[:LENGTH] or cstr(source_name),
			"finding": cstr(finding).strip() or cstr(title),
			"customer": customer,
			"agreement": agreement,
			"service_object": service_object,
			"owner_user": owner_user,
			"source_doctype": source_doctype,
			"source_name": source_name,
		}
	)
	return doc.insert(ignore_permissions=True).name


def still_open(source_doctype: str, source_name: str, lock: bool = False) -> str | None:
	"""The action of a source that has not ended, the oldest first."""
	return frappe.db.get_value(
		DOCTYPE,
		{
			"source_doctype": source_doctype,
			"source_name": source_name,
			"state": ["not in", domain.ENDED],
		},
		"name",
		order_by="creation",
		for_update=lock,
	)


def values_from(source_doctype: str, source_name: str) -> dict[str, str]:
	"""The fields of a new action because of a record, for the form to open with; nothing is saved."""
	source = frappe.get_doc(source_doctype, source_name)
	title = source.get(source.meta.title_field or "") or source.get("subject") or source.name
	found = {
		"source_doctype": source_doctype,
		"source_name": source.name,
		"title": cstr(title)[:LENGTH],
		"customer": record_parties.customer_of(source),
		"agreement": record_parties.agreement_of(source),
		"service_object": record_parties.object_of(source),
	}
	return {field: value for field, value in found.items() if value}


def set_state(name: str, state: str, reason: str = "") -> str:
	"""Take an action to a state; what that demands is checked. A reason is needed for Withdrawn."""
	doc = locked(name)
	doc.state = state
	if state == domain.WITHDRAWN:
		doc.withdrawn_reason = cstr(reason).strip() or doc.withdrawn_reason
	doc.save()
	return doc.state


def record_check(name: str, effective: bool, note: str) -> str:
	"""The effect was checked: by whom, when, and what was seen. Not effective opens the action again; the new state."""
	doc = locked(name)
	if doc.state != domain.EFFECT_CHECK:
		frappe.throw(
			_("{0} is {1}. The effect is checked in {2}.").format(
				doc.name, _(doc.state, context=DOCTYPE), frappe.bold(_(domain.EFFECT_CHECK, context=DOCTYPE))
			)
		)
	_note_check(doc, effective, note)
	if not effective:
		_reopen(doc)
	doc.save()
	return doc.state


def reopen(name: str, note: str) -> str:
	"""A closed action proved not effective after all: it is investigated again; the new state."""
	doc = locked(name)
	if doc.state != domain.CLOSED:
		frappe.throw(_("{0} is not closed, so it need not be reopened.").format(doc.name))
	_note_check(doc, False, note)
	_reopen(doc)
	doc.save()
	return doc.state


def tell_customer(name: str, text: str) -> None:
	"""Tell the customer in plain words what is done; they can confirm it on their page (5.5.f)."""
	doc = locked(name)
	if not doc.customer:
		frappe.throw(
			_("{0} is empty: there is nobody to tell.").format(
				frappe.bold(_(doc.meta.get_label("customer"), context=doc.doctype))
			)
		)
	if doc.state not in (domain.MEASURES, domain.EFFECT_CHECK):
		frappe.throw(
			_("{0} is {1}. The customer is told once measures are planned.").format(
				doc.name, _(doc.state, context=DOCTYPE)
			)
		)
	text = cstr(text).strip() or cstr(doc.told_text).strip()
	if not text:
		frappe.throw(
			_("{0} is empty. Say in plain words what is done about it.").format(
				frappe.bold(_(doc.meta.get_label("told_text"), context=DOCTYPE))
			)
		)
	doc.update({"told_text": text, "told_on": site_now(), "told_by": frappe.session.user})
	_forget_answer(doc)
	doc.save()
	notices.post(DOCTYPE, doc.name, "ops_improvement_told")


def record_answer(name: str, confirmed: bool, by_name: str, how: str, note: str = "") -> str:
	"""Staff note what the customer said to it: who and how (telephone, meeting); the new state."""
	doc = locked(name)
	return answer(doc, confirmed, by_name, how, note)


def answer(doc, confirmed: bool, by_name: str, how: str, note: str = "") -> str:
	"""The customer confirms what was done, or is not satisfied: then it is investigated again. The new state.

	The caller has checked who may answer and has locked the document.
	"""
	for label, value in ((_("Who answered"), by_name), (_("How they said so"), how)):
		if not cstr(value).strip():
			frappe.throw(_("{0} is needed.").format(frappe.bold(label)))
	if not doc.told_on:
		frappe.throw(_("{0}: the customer has not been told anything yet.").format(doc.name))
	if doc.answer or doc.state in domain.ENDED:
		frappe.throw(
			_("{0} was answered already: {1}. Nothing was changed.").format(
				doc.name, _(doc.answer or doc.state, context=DOCTYPE)
			)
		)
	if not confirmed and not cstr(note).strip():
		frappe.throw(_("Say what is still wrong, so that we know where to go on."), title=_("Reason missing"))
	doc.update(
		{
			"answer": domain.CONFIRMED if confirmed else domain.NOT_SATISFIED,
			"answered_by": cstr(by_name).strip()[:LENGTH],
			"answered_on": site_now(),
			"answered_how": cstr(how).strip()[:LENGTH],
			"answer_note": cstr(note).strip() or None,
		}
	)
	if not confirmed:
		_note_check(doc, False, _("The customer is not satisfied: {0}").format(cstr(note).strip()))
		_reopen(doc, keep_answer=True)
	doc.save()
	notices.post(DOCTYPE, doc.name, "ops_improvement_answered")
	return doc.state


def locked(name: str):
	"""An action as it is now, held until this transaction ends, that these steps may save. Needs write permission."""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	return steps.take(doc)


def _note_check(doc, effective: bool, note: str) -> None:
	if not cstr(note).strip():
		frappe.throw(_("Say what was seen when the effect was checked."), title=_("Note missing"))
	doc.append(
		"checks",
		{
			"checked_on": site_now(),
			"checked_by": frappe.session.user,
			"result": domain.EFFECTIVE if effective else domain.NOT_EFFECTIVE,
			"note": cstr(note).strip(),
		},
	)


def _reopen(doc, keep_answer: bool = False) -> None:
	"""Back to the investigation; checks so far belong to rounds that are over."""
	doc.state = domain.INVESTIGATING
	doc.earlier_checks = len(doc.checks)
	doc.closed_by = doc.closed_on = doc.told_on = doc.told_by = None
	if not keep_answer:
		_forget_answer(doc)


def _forget_answer(doc) -> None:
	doc.update(dict.fromkeys(("answer", "answered_by", "answered_on", "answered_how", "answer_note")))
