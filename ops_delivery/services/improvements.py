"""Improvement actions: what went wrong, why, what is done about it, whether it helped (5.5.b, 5.5.c, 5.5.f).

A general register: a complaint, a low score, an audit, a missed target or a plan opens an action with `open_for`. The
rules of its life are in domain.improvement; `validate` holds them on every way in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, get_datetime

from ops_delivery.domain import improvement as domain
from ops_delivery.services import improvement_words, notices
from ops_delivery.services.errors import guard
from ops_delivery.services.time import site_now

DOCTYPE = "Improvement Action"
LENGTH = 140
# written by the steps alone
OWNED = (
	"told_on",
	"told_by",
	"answer",
	"answered_by",
	"answered_on",
	"answered_how",
	"answer_note",
	"closed_by",
	"closed_on",
	"earlier_checks",
)
JUST_NOW = timedelta(minutes=1)  # "now" as a form gives it
FIXED = ("source_doctype", "source_name")
CHECK_FIELDS = ("checked_on", "checked_by", "result", "note")


class SomethingMissing(frappe.ValidationError):
	"""An action was to stand in a state that demands more than it has."""


class OnlyBySteps(frappe.ValidationError):
	"""A moment or an answer was written by hand."""


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
		"customer": source.get("customer"),
		"agreement": source.name
		if source_doctype == "Service Agreement"
		else source.get("ops_agreement") or source.get("agreement"),
		"service_object": source.get("ops_object") or source.get("service_object"),
	}
	return {field: value for field, value in found.items() if value}


# Called by the controller


def validate(doc) -> None:
	"""What holds on every way in: no state is skipped, each has its content, and what was noted stays noted."""
	before = doc.get_doc_before_save()
	_tidy(doc)
	_keep_source(doc, before)
	_keep_owned(doc, before)
	_check_agreement(doc)
	was = before.state if before else domain.OPEN
	with guard():
		domain.check_step(was, doc.state)
		opened = improvement_words.missing(doc, doc.state)
	if before and was == domain.CLOSED and doc.state != was and not doc.flags.ops_improvement:
		frappe.throw(
			_("{0} is closed. Use {1}, so that it is on record why.").format(
				doc.name, frappe.bold(_("Reopen"))
			),
			OnlyBySteps,
		)
	if opened:
		frappe.throw(
			_("{0} is not possible yet:").format(frappe.bold(_(doc.state, context=DOCTYPE)))
			+ "<ul>"
			+ "".join(f"<li>{escape_html(row['text'])}</li>" for row in opened)
			+ "</ul>",
			SomethingMissing,
			title=_("Something is missing"),
		)
	_note_end(doc, before)


def on_update(doc) -> None:
	"""Whoever sees to it has it on their list."""
	before = doc.get_doc_before_save()
	if doc.state in domain.ENDED:
		if before and before.state not in domain.ENDED:
			_unassign(doc.name)
	elif doc.owner_user and (
		not before or before.owner_user != doc.owner_user or before.state in domain.ENDED
	):
		_unassign(doc.name)
		_assign(doc)


def on_trash(doc) -> None:
	"""What the customer was told of, or what has ended, is evidence."""
	if doc.told_on or doc.state != domain.OPEN:
		frappe.throw(
			_("{0} is {1} and is kept as evidence. Withdraw it with a reason instead.").format(
				doc.name, frappe.bold(_(doc.state, context=DOCTYPE))
			)
		)
	_unassign(doc.name)


def check_reason(agreement) -> None:
	"""The action an agreement version came of (5.5.g) is one of the same customer, or of none."""
	if not agreement.get("improvement_action"):
		return
	owner = frappe.db.get_value(DOCTYPE, agreement.improvement_action, "customer")
	if owner and owner != agreement.customer:
		frappe.throw(
			_("{0}: {1} belongs to another customer ({2}). Choose one of {3}.").format(
				frappe.bold(_(agreement.meta.get_label("improvement_action"), context=agreement.doctype)),
				escape_html(agreement.improvement_action),
				escape_html(owner),
				escape_html(agreement.customer),
			)
		)


# Steps


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
			_("{0} is empty: there is nobody to tell.").format(frappe.bold(_(doc.meta.get_label("customer"))))
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
	doc.flags.ops_improvement = True
	return doc


def waiting(user: str) -> list[dict[str, Any]]:
	"""For the portal's home: improvements the user was told of and has not answered: [{text, url, due}]."""
	from ops_delivery.services import complaint_portal

	return complaint_portal.actions_waiting(user)


# Parts


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


def _tidy(doc) -> None:
	for row in doc.measures:
		row.state = row.state or domain.M_OPEN
		if row.state not in domain.MEASURE_STATES:
			frappe.throw(
				_("Measures, row {0}: {1} is not a state. Choose one of {2}.").format(
					row.idx,
					escape_html(cstr(row.state)),
					", ".join(_(state) for state in domain.MEASURE_STATES),
				)
			)
		if row.state == domain.M_DONE:
			row.done_on = row.done_on or site_now().date()
		else:
			row.done_on = None
	if doc.confirmed_on and get_datetime(doc.confirmed_on) > site_now() + JUST_NOW:
		frappe.throw(
			_("{0} {1} lies in the future. Enter when the customer confirmed it.").format(
				frappe.bold(_(doc.meta.get_label("confirmed_on"), context=DOCTYPE)),
				frappe.format(doc.confirmed_on, "Datetime"),
			)
		)
	if not doc.source_name:
		doc.source_doctype = None


def _keep_source(doc, before) -> None:
	if before and any(before.get(field) and before.get(field) != doc.get(field) for field in FIXED):
		frappe.throw(
			_("{0}: where it came from ({1}) cannot be changed.").format(doc.name, before.source_name)
		)
	if before and before.told_on and cstr(before.customer) != cstr(doc.customer):
		frappe.throw(
			_("{0} was told to {1} and stays theirs.").format(doc.name, escape_html(before.customer))
		)


def _keep_owned(doc, before) -> None:
	"""What the steps note is not written by hand, on no way in."""
	if doc.flags.ops_improvement:
		return
	for fieldname in OWNED:
		was, now = (before.get(fieldname) if before else None), doc.get(fieldname)
		if as_plain(doc, fieldname, was) != as_plain(doc, fieldname, now):
			frappe.throw(
				_("{0}: this is noted by the buttons on the form and cannot be set to {1} here.").format(
					frappe.bold(_(doc.meta.get_label(fieldname), context=DOCTYPE)),
					frappe.bold(escape_html(cstr(now)) or _("blank")),
				),
				OnlyBySteps,
			)
		doc.set(fieldname, was)
	old = (
		[tuple(as_plain(row, field, row.get(field)) for field in CHECK_FIELDS) for row in before.checks]
		if before
		else []
	)
	new = [tuple(as_plain(row, field, row.get(field)) for field in CHECK_FIELDS) for row in doc.checks]
	if old != new:
		frappe.throw(
			_("{0}: checks are recorded by the button on the form and never edited.").format(
				frappe.bold(_(doc.meta.get_label("checks"), context=DOCTYPE))
			),
			OnlyBySteps,
		)
	if before and before.told_on and cstr(before.told_text) != cstr(doc.told_text):
		frappe.throw(
			_("{0}: the customer read this as it is. Tell them anew by the button.").format(
				frappe.bold(_(doc.meta.get_label("told_text"), context=DOCTYPE))
			),
			OnlyBySteps,
		)


def as_plain(doc, fieldname: str, value: Any) -> str:
	"""A field's value as text to compare, whatever form it came in."""
	field = doc.meta.get_field(fieldname)
	if field and field.fieldtype == "Datetime":
		return cstr(get_datetime(value).replace(microsecond=0)) if value else ""
	if field and field.fieldtype == "Int":
		return cstr(cint(value))
	return cstr(value).strip()


def _check_agreement(doc) -> None:
	for fieldname in ("agreement", "service_object"):
		if not doc.get(fieldname):
			continue
		owner = frappe.db.get_value(doc.meta.get_field(fieldname).options, doc.get(fieldname), "customer")
		if owner and doc.customer and owner != doc.customer:
			frappe.throw(
				_("{0}: {1} belongs to another customer ({2}). Choose one of {3}.").format(
					frappe.bold(_(doc.meta.get_label(fieldname), context=DOCTYPE)),
					escape_html(doc.get(fieldname)),
					escape_html(owner),
					escape_html(doc.customer),
				)
			)


def _note_end(doc, before) -> None:
	if doc.state not in domain.ENDED:
		doc.closed_by = doc.closed_on = None
	elif not before or before.state != doc.state or not doc.closed_on:
		doc.closed_by, doc.closed_on = frappe.session.user, site_now()


def _assign(doc) -> None:
	frappe.get_doc(
		{
			"doctype": "ToDo",
			"allocated_to": doc.owner_user,
			"assigned_by": frappe.session.user,
			"reference_type": DOCTYPE,
			"reference_name": doc.name,
			"description": escape_html(doc.title),
			"date": doc.due_date,
			"status": "Open",
		}
	).insert(ignore_permissions=True)


def _unassign(name: str) -> None:
	for todo in frappe.get_all(
		"ToDo",
		filters={"reference_type": DOCTYPE, "reference_name": name, "status": "Open"},
		pluck="name",
		order_by="name",
	):
		doc = frappe.get_doc("ToDo", todo)
		doc.status = "Closed"
		doc.save(ignore_permissions=True)
