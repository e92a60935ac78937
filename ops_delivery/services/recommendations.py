"""Recommendations of a Consulting Report as dated obligations: decided, carried out, verified (6.5.d).

Proposed → Decided (by the customer) → In Progress → Done → Verified; a declined one is Dropped, a deferred one is
decided on again by its day. What happened on the way is kept in the follow-ups, whatever the way in.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, date_diff, escape_html, format_date, getdate, strip_html

from ops_delivery.services.time import site_now

ADOPTED = ("Adopted", "Adopted in Part")
DECISIONS = (*ADOPTED, "Deferred", "Declined")
FINISHED = ("Verified", "Dropped")
# the states a save may lead to, from each
NEXT = {
	"Proposed": ("Decided", "Dropped"),
	"Decided": ("In Progress", "Done", "Dropped"),
	"In Progress": ("Done", "Decided", "Dropped"),
	"Done": ("Verified", "In Progress"),
	"Verified": ("In Progress",),
	"Dropped": ("Decided",),
}
TEXT = ("title", "description", "reason", "priority", "service_object", "report")
OPEN_REPORT = ("Draft", "Internal Review", "Customer Review")
DECIDABLE_REPORT = ("Customer Review", "Issued")


def validate(doc) -> None:
	"""The rules of a recommendation. frappe.ValidationError names field, value and the way out."""
	before = doc.get_doc_before_save()
	report = _report_status(doc.report)
	_check_text(doc, before, report)
	_check_decision(doc, before, report)
	_check_state(doc, before, report)
	_stamp(doc, before)
	_keep_follow_ups(doc, before)
	_note_changes(doc, before)


def on_trash(doc) -> None:
	"""A recommendation may go while its report is a draft; afterwards it is evidence."""
	if _report_status(doc.report) not in (None, "Draft"):
		frappe.throw(
			_("{0} belongs to a report that has left its draft. Have the customer decline it instead.").format(
				frappe.bold(doc.name)
			)
		)


def decide(
	name: str,
	decision: str,
	decision_by: str,
	decided_on: str | None = None,
	note: str = "",
	owner_user: str | None = None,
	due_date: str | None = None,
) -> str:
	"""Record the customer's decision on a recommendation; the state it leads to. The owner is assigned.

	`decision_by`: the customer's person; `due_date`: adopted: when it is done, deferred: when it is decided on again.
	"""
	doc = frappe.get_doc("Consulting Recommendation", name)
	doc.update(
		{
			"decision": decision,
			"decision_by": decision_by,
			"decided_on": decided_on or site_now().date(),
			"decision_note": note,
			"owner_user": owner_user or doc.owner_user,
			"due_date": due_date or (doc.due_date if decision in ADOPTED else None),
			"state": "Dropped" if decision == "Declined" else _state_after(doc, decision),
		}
	)
	doc.save()
	return doc.state


def follow_up(name: str, note: str, progress: float | None = None, state: str | None = None) -> str:
	"""Enter what was done or found (and where it stands now: In Progress or Done); the state."""
	if not strip_html(cstr(note)).strip():
		frappe.throw(_("What was done or found: enter a few words; they are the record of the follow-up."))
	doc = frappe.get_doc("Consulting Recommendation", name)
	doc.append("follow_ups", {"note": note.strip(), "progress": progress or 0})
	if state:
		doc.state = state
	doc.save()
	return doc.state


def verify(name: str, verification: str, passed: bool = True) -> str:
	"""The session's user has verified that it was put into practice, and how; the state. Not passed: back to work."""
	doc = frappe.get_doc("Consulting Recommendation", name)
	if passed:
		doc.update({"state": "Verified", "verification": verification})
	else:
		if not strip_html(cstr(verification)).strip():
			frappe.throw(_("How it was verified: say what was found wanting."))
		doc.append("follow_ups", {"note": _("Verification not passed: {0}").format(verification)})
		doc.state = "In Progress"
	doc.save()
	return doc.state


def of_report(report: str) -> list[dict[str, Any]]:
	"""The recommendations of a report in their order, for the form, the print and the content hash."""
	return frappe.get_all(
		"Consulting Recommendation",
		filters={"report": report},
		fields=[
			"name",
			"title",
			"description",
			"reason",
			"priority",
			"service_object",
			"state",
			"decision",
			"decision_by",
			"decided_on",
			"decision_note",
			"owner_user",
			"due_date",
			"verified_by",
			"verified_on",
		],
		order_by="creation, name",
	)


def content(report: str) -> list[dict[str, Any]]:
	"""What of a report's recommendations is reviewed: their text, not what became of them."""
	return [{field: row[field] for field in TEXT if field != "report"} for row in of_report(report)]


def check_followed_up(report) -> None:
	"""A report is followed up once the customer has decided on everything and what was adopted is verified (6.5.d)."""
	left = [
		_("{0} {1}: {2}").format(row.name, escape_html(row.title), _(row.state, context="Consulting Recommendation"))
		for row in of_report(report.name)
		if not row.decision or (row.decision in ADOPTED and row.state != "Verified")
	]
	if left:
		frappe.throw(
			_("{0} is not followed up yet. Every adopted recommendation must be verified. Still open:").format(
				frappe.bold(report.name)
			)
			+ "<ul>"
			+ "".join(f"<li>{line}</li>" for line in left)
			+ "</ul>",
			title=_("Still open"),
		)


def overdue_days(row) -> int:
	"""Days an obligation is past its day; 0 where it is not due, finished, or nobody has decided."""
	if not row.get("due_date") or row.get("state") in (*FINISHED, "Done"):
		return 0
	return max(0, date_diff(site_now().date(), row.get("due_date")))


def follow_handover(handover) -> None:
	"""A recommendation that was handed over is in progress with the record that carries it on, and done with it."""
	if handover.source_doctype != "Consulting Recommendation" or not handover.has_value_changed("state"):
		return
	if handover.state not in ("Started", "Done"):
		return
	doc = frappe.get_doc("Consulting Recommendation", handover.source_name)
	note = _("{0} {1}: {2}").format(
		_(handover.target_doctype), handover.target_name, _(handover.state, context="Service Handover")
	)
	doc.append("follow_ups", {"note": note, "progress": 100 if handover.state == "Done" else 0})
	if handover.state == "Started" and doc.state == "Decided" and doc.decision in ADOPTED:
		doc.state = "In Progress"
	elif handover.state == "Done" and doc.state == "In Progress" and not _others_running(handover):
		doc.state = "Done"
	doc.save(ignore_permissions=True)


def _others_running(handover) -> bool:
	return bool(
		frappe.db.exists(
			"Service Handover",
			{
				"source_doctype": handover.source_doctype,
				"source_name": handover.source_name,
				"state": ["in", ("Proposed", "Accepted", "Started")],
				"name": ["!=", handover.name],
			},
		)
	)


def _state_after(doc, decision: str) -> str:
	if decision == "Deferred":
		return "Decided"
	return doc.state if doc.state in ("In Progress", "Done", "Verified") else "Decided"


def _report_status(report: str | None) -> str | None:
	return frappe.db.get_value("Consulting Report", report, "status") if report else None


def _check_text(doc, before, report: str | None) -> None:
	changed = not before or any(cstr(before.get(field)) != cstr(doc.get(field)) for field in TEXT)
	if changed and report not in OPEN_REPORT:
		frappe.throw(
			_("{0}: the report {1} is {2}, so what it recommends is fixed. Revise the report to change it.").format(
				frappe.bold(escape_html(doc.title or "")),
				escape_html(doc.report or "–"),
				_(report or "missing", context="Consulting Report"),
			),
			title=_("Fixed"),
		)


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
		frappe.throw(_("Decision: {0} is on record and is not taken back. Record the new decision.").format(_(was)))
	if report not in DECIDABLE_REPORT:
		frappe.throw(
			_("Decision: the report {0} is {1}. The customer decides once it is in customer review or issued.").format(
				escape_html(doc.report), _(report or "missing", context="Consulting Report")
			)
		)
	if not cstr(doc.decision_by).strip() or not doc.decided_on:
		frappe.throw(_("Decided by: enter who at the customer decided, and when."))
	if getdate(doc.decided_on) > site_now().date():
		frappe.throw(
			_("Decided on: {0} lies in the future. Enter the day of the decision.").format(format_date(doc.decided_on))
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
			_("State: {0} does not go with the decision {1}. Dropped is what the customer declined, and only that.").format(
				frappe.bold(_(doc.state, context=doc.doctype)), frappe.bold(_(doc.decision))
			)
		)
	if doc.state in ("In Progress", "Done", "Verified") and doc.decision not in ADOPTED:
		frappe.throw(
			_("State: the decision is {0}. Only what the customer adopted is carried out; record a new decision.").format(
				frappe.bold(_(doc.decision))
			)
		)
	if doc.decision in (*ADOPTED, "Deferred") and not (doc.owner_user and doc.due_date):
		frappe.throw(
			_("Owner and Due: a recommendation that is {0} needs somebody who sees to it, and a day.").format(
				frappe.bold(_(doc.decision))
			),
			title=_("Dated obligation"),
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
		doc.done_on = doc.verified_by = doc.verified_on = doc.verification = None


def _keep_follow_ups(doc, before) -> None:
	"""What was noted stays: by whom is the system's, and an earlier entry is neither changed nor removed."""
	kept = {row.name: row for row in before.follow_ups} if before else {}
	for row in doc.follow_ups:
		old = kept.pop(row.name, None)
		if not old:
			row.noted_by = frappe.session.user
			row.noted_on = site_now()
		elif any(cstr(old.get(field)) != cstr(row.get(field)) for field in ("note", "noted_by", "progress")):
			frappe.throw(_("Followed up, row {0}: an earlier entry cannot be changed. Add a new one.").format(row.idx))
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
		notes.append(_("Decision: {0} ({1}, {2})").format(_(doc.decision), doc.decision_by, format_date(doc.decided_on)))
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
