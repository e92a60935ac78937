"""Recommendations of a Consulting Report as dated obligations: decided, carried out, verified (6.5.d).

Proposed → Decided (by the customer) → In Progress → Done → Verified; a declined one is Dropped, a deferred one is
decided on again by its day. What happened on the way is kept in the follow-ups, whatever the way in.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.utils import cstr, date_diff, escape_html, strip_html

from ops_delivery.domain import moves
from ops_delivery.domain.moves import ADOPTED
from ops_delivery.permissions import steps
from ops_delivery.services.consulting.recommendation_rules import TEXT, text_changed
from ops_delivery.services.handover import targets as handover_targets
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.site_time import site_now

FINISHED = ("Verified", "Dropped")


def on_update(doc) -> None:
	"""A changed text is a change of the report: refused where that is fixed, else its reviews are outdated.

	Whoever sees to it is assigned; the assignment ends with the obligation.
	"""
	before = doc.get_doc_before_save()
	if text_changed(doc, before):
		reviewed.touched("Consulting Report", doc.report)
	_assign(doc, before)


def after_delete(doc) -> None:
	"""A recommendation less is a change of the report as well."""
	if frappe.db.exists("Consulting Report", doc.report):
		reviewed.touched("Consulting Report", doc.report)


def on_trash(doc) -> None:
	"""A recommendation may go while its report is a draft; afterwards it is evidence."""
	if frappe.db.get_value("Consulting Report", doc.report, "status") not in (None, "Draft"):
		frappe.throw(
			_(
				"{0} belongs to a report that has left its draft. Have the customer decline it instead."
			).format(frappe.bold(doc.name))
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
			"state": moves.after_decision(doc.state, decision),
		}
	)
	steps.take(doc).save()
	return doc.state


def follow_up(name: str, note: str, progress: float | None = None, state: str | None = None) -> str:
	"""Enter what was done or found (and where it stands now: In Progress or Done); the state.

	The owner may always do so: a Field Engineer who sees to a recommendation need not be able to change its text.
	"""
	if not strip_html(cstr(note)).strip():
		frappe.throw(_("What was done or found: enter a few words; they are the record of the follow-up."))
	doc = frappe.get_doc("Consulting Recommendation", name)
	doc.append("follow_ups", {"note": note.strip(), "progress": progress or 0})
	if state:
		doc.state = state
	steps.take(doc).save(ignore_permissions=doc.owner_user == frappe.session.user)
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
	steps.take(doc).save()
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


def ops_recommendations(report: str) -> list[dict[str, Any]]:
	"""Jinja method of print formats: the recommendations of a report that the reader may read."""
	if not frappe.has_permission("Consulting Report", "read", report):
		return []
	return readership.rows_as_read("Consulting Recommendation", of_report(report))


def recommended(report, _part: str = "") -> list[dict[str, Any]]:
	"""What of a report's recommendations is reviewed: their text, not what became of them (extra_content)."""
	return [
		{field: cstr(row[field]).strip() for field in TEXT if row.get(field)}
		for row in of_report(report.name)
	]


def check_followed_up(report) -> None:
	"""A report is followed up once the customer has decided on everything and what was adopted is verified (6.5.d)."""
	left = [
		_("{0} {1}: {2}").format(
			row.name, escape_html(row.title), _(row.state, context="Consulting Recommendation")
		)
		for row in of_report(report.name)
		if not row.decision or (row.decision in ADOPTED and row.state != "Verified")
	]
	if left:
		frappe.throw(
			_(
				"{0} is not followed up yet. Every adopted recommendation must be verified. Still open:"
			).format(frappe.bold(report.name))
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
	steps.take(doc).save(ignore_permissions=True)


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


def _assign(doc, before) -> None:
	ended = doc.state in (*FINISHED, "Done")
	was_ended = before and before.state in (*FINISHED, "Done")
	moved = before and before.owner_user and before.owner_user != doc.owner_user
	if (ended and not was_ended) or moved:
		assign_to.close_all_assignments(doc.doctype, doc.name, ignore_permissions=True)
	if (
		doc.decision
		and not ended
		and doc.owner_user
		and (not before or not before.decision or moved or was_ended)
	):
		handover_targets.assign(doc, doc.owner_user, doc.due_date)
