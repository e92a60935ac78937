"""Service complaints: what holds on every way in, and their steps (5.4.d, 5.5.c).

Phases, moments and answers are written by the steps below; a save by any other way keeps them, or is refused. Who may
handle one is decided in services.complaint_handlers, who may see one in permissions.confidential.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, cstr, escape_html, get_datetime, get_fullname

from ops_delivery.domain import complaint as domain
from ops_delivery.permissions.ownership import is_staff, is_staff_address, plain
from ops_delivery.services import complaint_handlers, improvements, notices
from ops_delivery.services.errors import guard
from ops_delivery.services.time import site_now

DOCTYPE = "Service Complaint"
LENGTH, TEXT_LENGTH = 140, 20000
PORTAL, LINK, PHONE, MAIL = "Portal", "Signed Link", "Phone", "E-mail"
BY_CUSTOMER = (PORTAL, LINK, MAIL)
ABOUT = ("Issue", "Field Service Sheet", "Remote Support Session", "Service Agreement")
DEFAULT_APPEALS, DEFAULT_ANSWER_DAYS = 2, 14
ANSWER = ("answer", "answered_by", "answered_on", "answered_how", "answer_note")
# written by the steps alone
OWNED = (
	"status",
	"round",
	"entered_by",
	"entered_on",
	"acknowledged_on",
	"acknowledged_by",
	"handled_since",
	"told_on",
	"closed_on",
	"closed_by",
	"closed_reason",
	*ANSWER,
)
FINDINGS = ("findings", "result", "result_text")
WORDS = ("text", "raised_by", "channel", "received_on")  # the customer's, fixed from the acknowledgement on
JUST_NOW = timedelta(minutes=1)  # "now" as a form or a mail gives it
TEXTS = ("text", "findings", "result_text")


class OnlyBySteps(frappe.ValidationError):
	"""A phase, a moment or an answer was set by hand."""


class OnlyByHandler(frappe.PermissionError):
	"""Findings and results are the independent handler's alone."""


class AnsweredAlready(frappe.ValidationError):
	"""The customer has answered this result already; nothing was changed."""

	http_status_code = 409


# Called by the controller


def before_validate(doc) -> None:
	"""Fill in what follows from the rest: channel, moments, the customer, the people who had a part in the matter."""
	from ops_delivery.services import complaint_intake

	if doc.is_new():
		complaint_intake.begin(doc)
	doc.raised_by = plain(doc.raised_by) or None
	if not doc.reference_name:
		doc.reference_doctype = None
	for row in doc.people:
		row.why = row.why or complaint_handlers.NAMED


def validate(doc) -> None:
	"""Refuse what skips a step, changes what was said or decided, or lets somebody decide who is not independent."""
	before = doc.get_doc_before_save()
	_check_texts(doc)
	_check_matter(doc, before)
	_keep_owned(doc, before)
	_keep_words(doc, before)
	_keep_findings(doc, before)
	_check_people(doc)
	if before and doc.status != before.status:
		with guard():
			domain.check_step(before.status, doc.status)
	if doc.handler and doc.status in domain.LIVE:
		complaint_handlers.check(doc, doc.handler)
	elif doc.handler and before and before.handler != doc.handler:
		frappe.throw(
			_("{0} is {1}; its handler stays on record.").format(doc.name, _(doc.status, context=DOCTYPE))
		)
	if not doc.handler and doc.status in (domain.INVESTIGATING, domain.TOLD):
		frappe.throw(
			_("{0}: somebody independent has to handle it. Choose one.").format(_label(doc, "handler"))
		)
	if not before or before.handler != doc.handler:
		doc.handled_since = site_now() if doc.handler else None


def after_insert(doc) -> None:
	"""The complaint is on record: both sides are told."""
	notices.post(DOCTYPE, doc.name, "ops_complaint_received", new=True)


def on_update(doc) -> None:
	"""The handler has it on their list; people complained about have not."""
	before = doc.get_doc_before_save()
	accused = {row.user for row in doc.people}
	ended = doc.status in domain.ENDED
	moved = not before or before.handler != doc.handler
	for todo in frappe.get_all(
		"ToDo",
		filters={"reference_type": DOCTYPE, "reference_name": doc.name, "status": "Open"},
		fields=["name", "allocated_to"],
		order_by="name",
	):
		if (
			ended
			or todo.allocated_to in accused
			or (moved and before and todo.allocated_to == before.handler)
		):
			_close_todo(todo.name)
	if doc.handler and not ended and moved:
		_assign(doc)


def on_trash(doc) -> None:
	"""A complaint is evidence; one entered by mistake is withdrawn."""
	frappe.throw(
		_(
			"{0} is evidence and cannot be deleted. If it was entered by mistake, withdraw it with a reason."
		).format(doc.name)
	)


# Steps


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
		frappe.throw(_("{0} is empty. Choose somebody independent.").format(_label(doc, "handler")))
	doc.handler = user
	doc.save()


def investigate(name: str) -> str:
	"""The handler begins; the new phase."""
	doc = locked(name)
	_handler_only(doc)
	if doc.status == domain.INVESTIGATING:
		return doc.status
	doc.status = domain.INVESTIGATING
	doc.save()
	return doc.status


def tell_result(name: str, result: str = "", result_text: str = "", findings: str = "") -> str:
	"""The handler tells the customer what came of it; they accept or appeal. The new phase."""
	doc = locked(name)
	_handler_only(doc)
	if doc.status == domain.TOLD:
		return doc.status
	for field, value in (("result", result), ("result_text", result_text), ("findings", findings)):
		if cstr(value).strip():
			doc.set(field, cstr(value).strip())
	for field in FINDINGS:
		if not cstr(doc.get(field)).strip():
			frappe.throw(
				_("{0} is empty. The customer is told a result that has reasons.").format(_label(doc, field))
			)
	if doc.result not in domain.RESULTS:
		frappe.throw(
			_("{0}: {1} is not a result. Choose one of {2}.").format(
				_label(doc, "result"), escape_html(doc.result), ", ".join(_(row) for row in domain.RESULTS)
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
	note = _limited(cstr(note).strip(), _("Reason"))
	for label, value in ((_("Who answered"), by_name), (_("How they said so"), how)):
		if not cstr(value).strip():
			frappe.throw(_("{0} is needed.").format(frappe.bold(label)))
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
			"answered_on": _not_future(answered_on),
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
	if until > site_now():
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
	_handler_only(doc)
	return improvements.open_for(
		DOCTYPE,
		doc.name,
		title=doc.subject,
		finding=cstr(doc.findings) or cstr(doc.text) or doc.subject,
		customer=doc.customer,
		agreement=doc.agreement,
		service_object=doc.service_object,
	)


def locked(name: str):
	"""A complaint as it is now, held until this transaction ends, that these steps may save. Needs write permission."""
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	doc.flags.ops_complaint = True
	return doc


def answered_words(doc) -> str:
	"""In words, why a complaint takes no answer now."""
	if doc.status in domain.ENDED:
		return _("{0} has ended already: {1}. Nothing was changed.").format(
			doc.name, _(doc.status, context=DOCTYPE)
		)
	if doc.status == domain.APPEALED or cint(doc.round) > 1:
		return _("You appealed already; somebody else looks at it now. Nothing was changed.")
	return _("There is no result yet that you could answer.")


def most_appeals() -> int:
	"""How often a result can be appealed, by Ops Delivery Settings."""
	value = frappe.db.get_single_value("Ops Delivery Settings", "complaint_appeals")
	return DEFAULT_APPEALS if value is None else cint(value)


def answer_until(doc) -> datetime:
	"""Until when the customer may answer a result that was told."""
	days = (
		cint(frappe.db.get_single_value("Ops Delivery Settings", "complaint_answer_days"))
		or DEFAULT_ANSWER_DAYS
	)
	return get_datetime(add_days(get_datetime(doc.told_on), days))


def waiting(user: str) -> list[dict[str, Any]]:
	"""For the portal's home: results of the user's complaints that wait for an answer: [{text, url, due}]."""
	from ops_delivery.services import complaint_portal

	return complaint_portal.waiting(user)


# Parts


def _handler_only(doc) -> None:
	if doc.status in domain.ENDED:
		frappe.throw(_("{0} is {1}.").format(doc.name, _(doc.status, context=DOCTYPE)))
	if not doc.handler:
		frappe.throw(
			_("{0}: somebody independent has to handle it. Choose one.").format(_label(doc, "handler"))
		)
	if frappe.session.user != doc.handler:
		raise OnlyByHandler(
			_("Only {0}, who handles this complaint independently, can do this.").format(
				escape_html(get_fullname(doc.handler))
			)
		)


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


def _not_future(moment: Any) -> datetime:
	found = get_datetime(moment) if moment else site_now()
	if found > site_now() + JUST_NOW:
		frappe.throw(
			_("{0} {1} lies in the future. Enter when it happened.").format(
				frappe.bold(_("When")), frappe.format(found, "Datetime")
			)
		)
	return min(found, site_now())


def _limited(value: str, label: str) -> str:
	if len(value) > TEXT_LENGTH:
		frappe.throw(
			_("{0} is longer than {1} characters. Shorten it, or attach it as a file.").format(
				frappe.bold(label), TEXT_LENGTH
			)
		)
	return value


def _check_texts(doc) -> None:
	if doc.flags.ops_mail:
		return
	for field in TEXTS:
		_limited(cstr(doc.get(field)), _(doc.meta.get_label(field), context=DOCTYPE))


def _check_matter(doc, before) -> None:
	"""About what: a record of the customer's, of the kinds complaints are about."""
	if doc.reference_doctype and doc.reference_doctype not in ABOUT:
		frappe.throw(
			_("{0}: a complaint is about one of {1}, not about {2}.").format(
				_label(doc, "reference_doctype"),
				", ".join(_(kind) for kind in ABOUT),
				escape_html(_(doc.reference_doctype)),
			)
		)
	for field in ("reference_name", "agreement", "service_object"):
		if not doc.get(field):
			continue
		doctype = doc.reference_doctype if field == "reference_name" else doc.meta.get_field(field).options
		owner = frappe.db.get_value(doctype, doc.get(field), "customer")
		if owner and doc.customer and owner != doc.customer:
			frappe.throw(
				_("{0}: {1} belongs to another customer ({2}). Choose one of {3}.").format(
					_label(doc, field),
					escape_html(doc.get(field)),
					escape_html(owner),
					escape_html(doc.customer),
				)
			)
	received = get_datetime(doc.received_on) if doc.received_on else None
	if received and (not before or not before.received_on or get_datetime(before.received_on) != received):
		doc.received_on = _not_future(received)


def _keep_owned(doc, before) -> None:
	if doc.flags.ops_complaint or not before:
		return
	for field in OWNED:
		was, now = before.get(field), doc.get(field)
		if improvements.as_plain(doc, field, was) != improvements.as_plain(doc, field, now):
			frappe.throw(
				_("{0}: this is noted by the buttons on the form and cannot be set to {1} here.").format(
					_label(doc, field), frappe.bold(escape_html(cstr(now)) or _("blank"))
				),
				OnlyBySteps,
			)
		doc.set(field, was)
	if [row.as_dict(no_nulls=True).get("name") for row in before.rounds] != [
		row.name for row in doc.rounds
	] or any(
		cstr(old.get(field)) != cstr(new.get(field))
		for old, new in zip(before.rounds, doc.rounds, strict=True)
		for field in ("handler", "result", "result_text", "answer", "answer_note")
	):
		frappe.throw(_("{0}: what was decided stays on record.").format(_label(doc, "rounds")), OnlyBySteps)


def _keep_words(doc, before) -> None:
	"""What the customer said is theirs: from them as it came, from staff as it was acknowledged."""
	if not before or doc.flags.ops_mail:
		return
	fixed = before.status != domain.RECEIVED or before.channel in BY_CUSTOMER
	for field in WORDS if fixed else ():
		if before.get(field) and improvements.as_plain(
			doc, field, before.get(field)
		) != improvements.as_plain(doc, field, doc.get(field)):
			frappe.throw(
				_(
					"{0}: this is what the customer told us, and stays as it is. Note what you found in {1}."
				).format(_label(doc, field), _label(doc, "findings")),
				OnlyBySteps,
			)


def _keep_findings(doc, before) -> None:
	"""Findings and result are the handler's, and only while it is investigated."""
	if not before:
		if any(cstr(doc.get(field)).strip() for field in FINDINGS):
			frappe.throw(_("A new complaint has no findings yet."), OnlyBySteps)
		return
	changed = [field for field in FINDINGS if cstr(before.get(field)).strip() != cstr(doc.get(field)).strip()]
	if not changed or doc.flags.ops_complaint:
		return
	if before.status != domain.INVESTIGATING:
		frappe.throw(
			_("{0} is written while the complaint is {1}; it is {2}.").format(
				_label(doc, changed[0]),
				_(domain.INVESTIGATING, context=DOCTYPE),
				_(before.status, context=DOCTYPE),
			),
			OnlyBySteps,
		)
	_handler_only(before)


def _check_people(doc) -> None:
	users = [row.user for row in doc.people]
	for row in doc.people:
		if users.count(row.user) > 1:
			frappe.throw(
				_("People complained about: {0} is listed twice. Remove one row.").format(
					escape_html(row.user)
				)
			)
		if row.user and not is_staff(row.user):
			frappe.throw(
				_("People complained about, row {0}: {1} is not one of our staff.").format(
					row.idx, escape_html(row.user)
				)
			)
	if doc.raised_by and doc.channel != MAIL and is_staff_address(doc.raised_by):
		frappe.throw(
			_(
				"{0} {1} belongs to a colleague. Enter the address of the person at the customer, or leave it blank."
			).format(_label(doc, "raised_by"), frappe.bold(escape_html(doc.raised_by)))
		)


def _label(doc, field: str) -> str:
	return frappe.bold(_(doc.meta.get_label(field), context=DOCTYPE))


def _assign(doc) -> None:
	frappe.get_doc(
		{
			"doctype": "ToDo",
			"allocated_to": doc.handler,
			"assigned_by": frappe.session.user,
			"reference_type": DOCTYPE,
			"reference_name": doc.name,
			"description": _("Complaint {0}").format(doc.name),  # its words are for who may read it
			"status": "Open",
		}
	).insert(ignore_permissions=True)


def _close_todo(name: str) -> None:
	todo = frappe.get_doc("ToDo", name)
	todo.status = "Closed"
	todo.save(ignore_permissions=True)
