"""The rules of a recommendation's own life: decision, state, verification, and what was noted on the way (6.5.d).

They hold on every way in: the controller calls validate() whenever a recommendation is saved.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, format_date, getdate

from ops_delivery.services.shared.site_time import site_now

ADOPTED = ("Adopted", "Adopted in Part")
DECISIONS = (*ADOPTED, "Deferred", "Declined")
# the states a save may lead to, from each
NEXT = {
	"Proposed": ("Decided", "Dropped"),
	"Decided": ("In Progress", "Done", "Dropped"),
	"In Progress": ("Done", "Decided", "Dropped"),
	"Done": ("Verified", "In Progress"),
	"Verified": ("In Progress",),
	"Dropped": ("Decided",),
}
RESULTS = ("done_on", "verification", "verified_by", "verified_on")
# what the report's reviews and the customer's decision are about
TEXT = ("title", "description", "reason", "priority", "service_object")
DECIDABLE_REPORT = ("Customer Review", "Issued")


def validate(doc) -> None:
	"""The rules of a recommendation. frappe.ValidationError names field, value and the way out."""
	before = doc.get_doc_before_save()
	report = _report_status(doc.report)
	if text_changed(doc, before) and before and before.decision == doc.decision and doc.decision:
		_decide_again(doc)
		return
	_check_decision(doc, before, report)
	_check_state(doc, before, report)
	_stamp(doc, before)
	_keep_follow_ups(doc, before)
	_note_changes(doc, before)


def text_changed(doc, before) -> bool:
	"""Whether what is recommended reads otherwise than before; True for a new recommendation."""
	return not before or any(cstr(before.get(field)) != cstr(doc.get(field)) for field in TEXT)


def _decide_again(doc) -> None:
	"""The report was opened again and this text changed: a decision on the old one binds nobody."""
	for field in ("decision", "decision_by", "decided_on", "decision_note", "recorded_by", *RESULTS):
		doc.set(field, None)
	doc.state = "Proposed"
	note = _("The text was changed: the customer decides on it again.")
	doc.append("follow_ups", {"note": note, "noted_by": frappe.session.user, "noted_on": site_now()})


def _report_status(report: str | None) -> str | None:
	return frappe.db.get_value("Consulting Report", report, "status") if report else None


def _check_decision(doc, before, report: str | None) -> None:
	if doc.decision and doc.decision not in DECISIONS:
		frappe.throw(
			_("Decision: {0} is not known. Choose one of: {1}.").format(
				frappe.bold(escape_html(doc.decision)), ", ".join(_(decision) for decision in DECISIONS)
			)
		)
	was = before.decision if before else None
	fields = ("decision", "decision_by", "decided_on", "decision_note")
	if not any(cstr(doc.get(field)) != cstr(before.get(field) if before else "") for field in fields):
		return
	if was and not doc.decision:
		frappe.throw(
			_("Decision: {0} is on record and is not taken back. Record the new decision.").format(_(was))
		)
	if report not in DECIDABLE_REPORT:
		frappe.throw(
			_(
				"Decision: the report {0} is {1}. The customer decides once it is in customer review or issued."
			).format(escape_html(doc.report), _(report or "missing", context="Consulting Report"))
		)
	if not cstr(doc.decision_by).strip() or not doc.decided_on:
		frappe.throw(_("Decided by: enter who at the customer decided, and when."))
	if getdate(doc.decided_on) > site_now().date():
		frappe.throw(
			_("Decided on: {0} lies in the future. Enter the day of the decision.").format(
				format_date(doc.decided_on)
			)
		)
	if doc.decision != "Adopted" and not cstr(doc.decision_note).strip():
		frappe.throw(
			_("The customer's reasons: the decision is {0}. Say why, or which part is adopted.").format(
				frappe.bold(_(doc.decision))
			)
		)
	doc.recorded_by = frappe.session.user


def _check_state(doc, before, report: str | None) -> None:
	was = before.state if before else "Proposed"
	if doc.state != was and doc.state not in NEXT[was]:
		frappe.throw(
			_("State: a recommendation that is {0} cannot become {1}. Possible: {2}.").format(
				*(_(state, context=doc.doctype) for state in (was, doc.state)),
				", ".join(_(state, context=doc.doctype) for state in NEXT[was]),
			)
		)
	if doc.state != "Proposed" and not doc.decision:
		frappe.throw(_("Decision: record the customer's decision first; nothing is carried out without it."))
	if doc.decision and doc.state == "Proposed":
		doc.state = "Dropped" if doc.decision == "Declined" else "Decided"
	if (doc.state == "Dropped") != (doc.decision == "Declined"):
		frappe.throw(
			_(
				"State: {0} does not go with the decision {1}. Dropped is what the customer declined, and only that."
			).format(frappe.bold(_(doc.state, context=doc.doctype)), frappe.bold(_(doc.decision)))
		)
	if doc.state in ("In Progress", "Done", "Verified") and doc.decision not in ADOPTED:
		frappe.throw(
			_(
				"State: the decision is {0}. Only what the customer adopted is carried out; record a new decision."
			).format(frappe.bold(_(doc.decision)))
		)
	if doc.decision in (*ADOPTED, "Deferred") and not (doc.owner_user and doc.due_date):
		frappe.throw(
			_("Owner and Due: a recommendation that is {0} needs somebody who sees to it, and a day.").format(
				frappe.bold(_(doc.decision))
			),
			title=_("Dated obligation"),
		)
	# a decision may be recorded late, so its day counts and not today
	if doc.decision and doc.due_date and doc.decided_on and getdate(doc.due_date) < getdate(doc.decided_on):
		frappe.throw(
			_("Due: {0} lies before the decision of {1}. Choose that day or a later one.").format(
				frappe.bold(format_date(doc.due_date)), format_date(doc.decided_on)
			)
		)
	if doc.state == "Verified":
		_check_verified(doc)
	elif was == "Verified" and report == "Followed Up":
		frappe.throw(_("State: the report {0} is followed up. Verified stays verified.").format(doc.report))


def _check_verified(doc) -> None:
	doc.verified_by = doc.verified_by or frappe.session.user
	if not cstr(doc.verification).strip():
		frappe.throw(_("How it was verified: say how it is known to be put into practice."))
	if doc.verified_by == doc.owner_user:
		frappe.throw(
			_("Verified by: {0} owns the recommendation. Somebody else verifies it.").format(
				frappe.bold(escape_html(doc.verified_by))
			)
		)


def _stamp(doc, before) -> None:
	"""When it was done and verified is noted by the system; work that starts again loses both."""
	today = site_now().date()
	if doc.state == "Verified":
		fresh = not before or before.state != "Verified"
		doc.verified_on = today if fresh else before.verified_on
		doc.verified_by = frappe.session.user if fresh else before.verified_by
		if fresh:
			_check_verified(doc)
		doc.done_on = (before.done_on if before else None) or today
	elif doc.state == "Done":
		doc.done_on = (before.done_on if before and before.state == "Done" else None) or today
		doc.verified_by = doc.verified_on = doc.verification = None
	else:
		for field in RESULTS:
			doc.set(field, None)


def _keep_follow_ups(doc, before) -> None:
	"""What was noted stays: by whom is the system's, and an earlier entry is neither changed nor removed."""
	kept = {row.name: row for row in before.follow_ups} if before else {}
	for row in doc.follow_ups:
		old = kept.pop(row.name, None)
		if not old:
			row.noted_by = frappe.session.user
			row.noted_on = site_now()
		elif any(cstr(old.get(field)) != cstr(row.get(field)) for field in ("note", "noted_by", "progress")):
			frappe.throw(
				_("Followed up, row {0}: an earlier entry cannot be changed. Add a new one.").format(row.idx)
			)
		else:
			row.noted_on = old.noted_on
	if kept:
		frappe.throw(_("Followed up: an earlier entry cannot be removed. Add a new one that corrects it."))


def _note_changes(doc, before) -> None:
	"""Decisions, owners and days that change are follow-ups of their own."""
	if not before:
		return
	notes = []
	if doc.decision != before.decision:
		notes.append(
			_("Decision: {0} ({1}, {2})").format(
				_(doc.decision), doc.decision_by, format_date(doc.decided_on)
			)
		)
	if before.due_date and getdate(doc.due_date) != getdate(before.due_date):
		notes.append(
			_("Due: {0} instead of {1}").format(
				format_date(doc.due_date) if doc.due_date else "–", format_date(before.due_date)
			)
		)
	if before.owner_user and doc.owner_user != before.owner_user:
		notes.append(_("Owner: {0} instead of {1}").format(doc.owner_user or "–", before.owner_user))
	if doc.state == "Verified" and before.state != "Verified":
		notes.append(_("Verified: {0}").format(doc.verification))
	for note in notes:
		doc.append("follow_ups", {"note": note, "noted_by": frappe.session.user, "noted_on": site_now()})
