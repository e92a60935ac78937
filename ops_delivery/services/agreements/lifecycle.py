"""An agreement after it was signed: suspended, resumed, terminated, renewed by its own clause, followed by another.

What was signed is never touched: a decision is a state with its reason, a renewal a later last day by the clause both
parties signed, a successor an agreement of its own. Amending is `agreements.new_version`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, add_months, cint, escape_html, formatdate, getdate

from ops_delivery.domain import agreement_life as domain
from ops_delivery.domain import periods
from ops_delivery.domain.agreement_life import Renewal
from ops_delivery.permissions import steps
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.scope import once

DOCTYPE = "Service Agreement"
DECIDED = ("Suspended", "Terminated")


def suspend(name: str, reason: str) -> str:
	"""Suspend an agreement in force: new records are not ruled by it, open ones keep their promises. Its new status."""
	doc = _of(name, "Active", "Scheduled")
	_note(doc, reason)
	return _enter(doc, "Suspended")


def resume(name: str, reason: str) -> str:
	"""Take a suspended agreement up again; it is active, scheduled or expired by its period. Its new status."""
	doc = _of(name, "Suspended")
	_note(doc, reason)
	doc.save()
	# it was reviewed and signed as it stands: a rule added since does not keep it from going on
	agreements.put_status(doc, agreements.status_on(frappe._dict(doc.as_dict(), status="Active"), getdate()))
	return doc.status


def terminate(name: str, reason: str, last_day: Any = None) -> str:
	"""End an agreement early, today or on a later last day; until then it rules. Its new status."""
	doc = _of(name, "Active", "Scheduled", "Suspended")
	last = getdate(last_day) if last_day else getdate()
	if last < getdate():
		frappe.throw(
			_("{0}: {1} lies in the past. An agreement ends today at the earliest.").format(
				frappe.bold(_("Ends early on")), formatdate(last)
			)
		)
	if last >= agreements.last_day(doc):
		frappe.throw(
			_(
				"{0}: {1} is not before the end of the period, {2}. Leave it to expire, or choose an earlier day."
			).format(frappe.bold(_("Ends early on")), formatdate(last), formatdate(agreements.last_day(doc)))
		)
	_note(doc, reason)
	doc.termination_date = last
	if last > getdate():
		doc.save()
		doc.add_comment(
			"Info", _("ends early on {0}: {1}").format(formatdate(last), escape_html(reason.strip()))
		)
		return doc.status
	return _enter(doc, "Terminated")


def stop_renewal(name: str, note: str) -> None:
	"""One of the parties objects to the automatic renewal; refused after the agreed time."""
	doc = _of(name, "Active", "Scheduled", "Suspended")
	if not doc.auto_renew:
		frappe.throw(
			_("{0} does not renew itself; there is nothing to stop.").format(frappe.bold(escape_html(name)))
		)
	if not note.strip():
		frappe.throw(_("Say who objected to the renewal, when and why."))
	until = objection_until(doc)
	if getdate() > until:
		frappe.throw(
			_(
				"An objection was possible until {0}. The agreement renews itself; terminate it if both parties agree."
			).format(formatdate(until))
		)
	# the reminders told so far counted to the day of objection: those before the end begin anew
	doc.update({"renewal_stopped": 1, "renewal_stopped_note": note.strip(), "reminded_days": 0})
	steps.take(doc).save()
	doc.add_comment("Info", _("will not renew: {0}").format(escape_html(note.strip())))


def objection_until(doc) -> date:
	"""The last day on which a party may object to the automatic renewal."""
	return domain.objection_until(agreements.term_of(doc), renewal_of(doc))


def renews(doc) -> bool:
	"""Whether an agreement goes on by itself after its last day: agreed, not objected to, and not followed already."""
	# whether something follows costs a query, and is asked only where the answer hangs on it
	term, renewal = agreements.term_of(doc), renewal_of(doc)
	return domain.renews(term, renewal, False) and not _follower(doc)


def renewal_of(doc) -> Renewal:
	"""What was agreed on the renewal, in the domain's terms."""
	return Renewal(
		bool(cint(doc.auto_renew)), cint(doc.renewal_months), cint(doc.renewal_notice_days), bool(cint(doc.renewal_stopped))
	)


def renew_due() -> list[str]:
	"""Daily, before the states are worked out: what ends today or has ended renews itself where that was agreed."""
	renewed = []
	for name in frappe.get_all(
		DOCTYPE,
		filters={
			"docstatus": 1,
			"status": ["in", ["Active", "Expired"]],
			"auto_renew": 1,
			"renewal_stopped": 0,
		},
		pluck="name",
		order_by="end_date",
	):
		doc = frappe.get_doc(DOCTYPE, name, for_update=True)
		if doc.status not in ("Active", "Expired") or agreements.last_day(doc) > getdate() or not renews(doc):
			continue  # terminated, or its renewal stopped, since the list was read
		months = cint(doc.renewal_months)
		reached = max(getdate(), agreements.last_day(doc))
		until = periods.renewed_until(getdate(doc.end_date), months, reached)
		doc.db_set({"renewed_until": until, "reminded_days": 0}, notify=True)
		agreements.put_status(doc, "Active")
		doc.add_comment("Info", _("renewed itself until {0}, as agreed").format(formatdate(until)))
		renewed.append(name)
	return renewed


def make_successor(name: str) -> str:
	"""The agreement that follows: a draft of its own with the same content and the next period; its name.

	One that exists already is returned.
	"""
	source = frappe.get_doc(DOCTYPE, name)
	if source.docstatus != 1:
		frappe.throw(
			_("{0} is not submitted. Submit it first, or edit the draft itself.").format(
				frappe.bold(escape_html(name))
			)
		)
	there = _follower(source)
	return there or once.only(
		"successor", (name,), lambda: _successor_of(source), still=_still_follows, who="Administrator"
	)


def _still_follows(name: str) -> bool:
	status = frappe.db.get_value(DOCTYPE, name, "docstatus", for_update=True)
	return status is not None and cint(status) < 2


def _successor_of(source) -> str:
	days = (getdate(source.end_date) - getdate(source.start_date)).days
	copy = frappe.copy_doc(source, ignore_no_copy=False)
	copy.update(
		{
			"predecessor": source.name,
			"agreement_number": None,
			"status": "Draft",
			"version": 1,
			"previous_version": None,
			"amended_from": None,
			"amendment_reason": None,
			"move_open_records": 0,
			"start_date": add_days(agreements.last_day(source), 1),
			"end_date": _same_length(source, days),
		}
	)
	for part in (copy, *copy.get_all_children()):
		part.docstatus = 0
	for row in copy.agreed_parts:
		row.update(
			{
				"state": "Open",
				"agreed_by": None,
				"agreed_on": None,
				"how": None,
				"recorded_by": None,
				"part_hash": None,
			}
		)
	steps.take(copy).insert()
	source.db_set("successor", copy.name, notify=True)
	source.add_comment(
		"Info", _("is followed by {0}").format(frappe.utils.get_link_to_form(DOCTYPE, copy.name))
	)
	return copy.name


def check_decision(doc) -> None:
	"""In before_update_after_submit: an agreement is suspended or terminated for a reason, whichever way it happens."""
	before = doc.get_doc_before_save()
	if not before or doc.status == before.status or doc.status not in DECIDED:
		return
	if not (doc.state_reason or "").strip() or (
		doc.state_reason == before.state_reason and not doc.flags.ops_reasoned
	):
		frappe.throw(
			_("{0} can only become {1} for a reason. Use {2} in the menu of the form and say why.").format(
				frappe.bold(escape_html(doc.name)),
				frappe.bold(_(doc.status, context=DOCTYPE)),
				frappe.bold(_("Suspend") if doc.status == "Suspended" else _("Terminate")),
			),
			title=_("Reason missing"),
		)
	if doc.status == "Terminated" and not doc.termination_date:
		doc.termination_date = getdate()


def _same_length(source, days: int) -> date:
	"""A period of whole months stays one of whole months."""
	start, end = getdate(source.start_date), getdate(source.end_date)
	first = getdate(add_days(agreements.last_day(source), 1))
	months = (end.year - start.year) * 12 + end.month - start.month + (1 if end.day >= start.day - 1 else 0)
	for guess in (months - 1, months, months + 1):
		if guess > 0 and getdate(add_days(add_months(start, guess), -1)) == end:
			return getdate(add_days(add_months(first, guess), -1))
	return getdate(add_days(first, days))


def _follower(doc) -> str | None:
	return frappe.db.get_value(DOCTYPE, {"predecessor": doc.name, "docstatus": ["<", 2]}, "name")


def _of(name: str, *statuses: str):
	doc = frappe.get_doc(DOCTYPE, name)
	doc.check_permission("submit")
	if doc.docstatus != 1 or doc.status not in statuses:
		frappe.throw(
			_("{0} is {1}. This is possible for one that is {2}.").format(
				frappe.bold(escape_html(name)),
				_(doc.status, context=DOCTYPE),
				", ".join(_(status, context=DOCTYPE) for status in statuses),
			)
		)
	return doc


def _note(doc, reason: str) -> None:
	if not (reason or "").strip():
		frappe.throw(_("Say why; both parties will read it."), title=_("Reason missing"))
	steps.take(doc).flags.ops_reasoned = True
	doc.update({"state_reason": reason.strip(), "state_since": getdate(), "state_by": frappe.session.user})


def _enter(doc, status: str) -> str:
	"""_of() has asked whether the user may decide; the phase guard of reviewed documents follows."""
	reviewed.enter(doc, status)
	return doc.status
