"""Routine Tasks on their way: begun, done early or late, cancelled; what was missed may still be done, late (6.2.a)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, format_date, getdate

from ops_delivery.domain.events import WorkBegins, WorkRecorded
from ops_delivery.permissions import assignees
from ops_delivery.permissions import steps as by_steps
from ops_delivery.services.routine import criteria, findings, generation, planner, safeguards, sheet
from ops_delivery.services.shared import events, typed_values
from ops_delivery.services.shared.given_texts import stated
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import superior_requests

TASK = "Routine Task"
PLANNED, IN_PROGRESS, DONE, MISSED, CANCELLED = "Planned", "In Progress", "Done", "Missed", "Cancelled"
ENDED = (DONE, CANCELLED)
EARLY, ON_TIME, LATE = "Early", "On Time", "Late"
LISTED = 10


class TaskEnded(frappe.ValidationError):
	"""A task that is done or cancelled was to be changed."""


class NotPossible(frappe.ValidationError):
	"""A task was to be planned for a day on which it cannot be."""


class NotAllRecorded(frappe.ValidationError):
	"""A task was to be done, and something that must be recorded is missing."""


def validate(doc) -> None:
	"""The rules of a task on every way in: who does it may do it (permissions.assignees)."""
	before = doc.get_doc_before_save()
	if doc.assigned_to and (not before or before.assigned_to != doc.assigned_to) and (why := assignees.refusal(doc.assigned_to, doc)):
		frappe.throw(f"{frappe.bold(_label(doc, 'assigned_to'))}: {why}", NotPossible)
	if before and before.status in ENDED and cstr(before.note) != cstr(doc.note):
		check_open(before)


def lock(name: str):
	"""The task, for a person who may write it, locked until this request has ended."""
	doc = frappe.get_doc(TASK, name, for_update=True)
	doc.check_permission("write")
	return doc


def check_open(doc) -> None:
	"""Refuse what is done or cancelled. TaskEnded."""
	if doc.status in ENDED:
		frappe.throw(
			_("{0} is {1} and stays as it is.").format(frappe.bold(escape_html(doc.title or doc.name)), _(doc.status, context=TASK)),
			TaskEnded,
		)


def start(name: str) -> str:
	"""Somebody begins; a task of nobody is theirs from then on."""
	doc = lock(name)
	check_open(doc)
	began(doc)
	return doc.status


def began(doc) -> None:
	"""Note who begins a task, and when; once. safeguards.NotConfirmed while something it asks for is open."""
	if doc.started_on:
		return
	safeguards.begin(doc)
	doc.update({"status": IN_PROGRESS, "started_on": site_now(), "started_by": frappe.session.user})
	doc.assigned_to = doc.assigned_to or frappe.session.user
	by_steps.take(doc).save()
	events.tell(WorkBegins(TASK, doc.name))


def finish(name: str, note: str = "") -> dict[str, Any]:
	"""The task is done. NotAllRecorded lists what is missing."""
	doc = lock(name)
	check_open(doc)
	began(doc)
	steps, read = sheet.steps_of(doc), sheet.readings_of(doc.name, for_update=True)
	_check_recorded(doc, steps, read)
	now = site_now()
	doc.update(
		{
			"status": DONE,
			"done_on": now,
			"done_by": frappe.session.user,
			"timeliness": _timeliness(doc, now.date()),
			"result": criteria.worst(row.verdict for row in read.values()),
			"note": stated(note, _label(doc, "note")) or doc.note,
		}
	)
	by_steps.take(doc).save()
	planner.refresh(doc)
	findings.round_done(doc.name)
	if doc.schedule:
		generation.go_on_from(doc)
	events.tell(WorkRecorded(TASK, doc.name))
	return standing(doc)


def confirm(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
	"""Note what somebody says of what must be met before a task begins (6.2.c); what the form shows then."""
	doc = lock(name)
	check_open(doc)
	if doc.started_on:
		frappe.throw(_("The work has begun. What was confirmed before stays."), safeguards.NotConfirmed)
	safeguards.confirm(doc, rows)
	return safeguards.show(doc)


def permit(name: str, key: str, reason: str) -> dict[str, Any]:
	"""A superior lets a task begin although something is not met (6.2.c); what the form shows then."""
	doc = lock(name)
	check_open(doc)
	safeguards.permit(doc, key, reason)
	return safeguards.show(doc)


def give(name: str, modified: str, engineer: str, day: str = "") -> dict[str, Any]:
	"""Give an open task to somebody, and plan it for another day up to the last one on which it is in time ("" leaves the day).

	`modified`: as the board saw it; frappe.TimestampMismatchError where somebody changed the task since. NotPossible.
	"""
	doc = lock(name)
	check_open(doc)
	if cstr(doc.modified) != cstr(modified):
		frappe.throw(
			_("{0} was changed meanwhile by {1}. Look at it as it is now, and move it again.").format(
				escape_html(cstr(doc.title)), escape_html(frappe.utils.get_fullname(doc.modified_by))
			),
			frappe.TimestampMismatchError,
			title=_("Somebody was faster"),
		)
	doc.assigned_to = engineer or None
	if day and (wanted := _day(doc, day)) != getdate(doc.planned_on):
		_plan_for(doc, wanted)
	by_steps.take(doc).save()
	return {"modified": str(doc.modified)}


def _day(doc, day: str):
	"""A day that was sent; NotPossible names what is none."""
	try:
		return typed_values.day(day)
	except typed_values.NotRead as error:
		frappe.throw(typed_values.refusal(_(doc.meta.get_label("planned_on"), context=TASK), day, error), NotPossible)


def _plan_for(doc, day) -> None:
	if doc.status != PLANNED or not site_now().date() <= day <= getdate(doc.due_on):
		frappe.throw(
			_("{0}: {1} is not possible. Choose a day from today to {2}, before the work has begun.").format(
				frappe.bold(_(doc.meta.get_label("planned_on"), context=TASK)), format_date(day), format_date(doc.due_on)
			),
			NotPossible,
		)
	if frappe.db.exists(TASK, {"schedule": doc.schedule, "planned_on": day, "name": ["!=", doc.name]}):
		frappe.throw(
			_("This schedule has a task on {0} already. Choose another day.").format(frappe.bold(format_date(day))), NotPossible
		)
	doc.planned_on = day


def cancel(name: str, reason: str) -> str:
	"""The task is not done, for a reason."""
	doc = lock(name)
	check_open(doc)
	if not (said := stated(reason, _label(doc, "cancel_reason"))):
		frappe.throw(
			_("{0} is missing. Say why it is not done.").format(frappe.bold(_label(doc, "cancel_reason"))), frappe.MandatoryError
		)
	doc.update({"status": CANCELLED, "cancel_reason": said})
	by_steps.take(doc).save()
	planner.refresh(doc)
	findings.round_done(doc.name)
	superior_requests.withdraw(doc)
	return doc.status


def standing(doc) -> dict[str, Any]:
	"""How a task stands now: its state, and how much is still to be recorded."""
	steps, read = sheet.steps_of(doc), sheet.readings_of(doc.name, for_update=True)
	lacking = [] if doc.status == DONE else sheet.lacking(doc, steps, read)  # of what was moved nothing was asked
	return {"status": doc.status, "open": len(lacking), "timeliness": doc.timeliness, "result": doc.result}


def _label(doc, fieldname: str) -> str:
	return _(doc.meta.get_label(fieldname), context=TASK)


def _timeliness(doc, day) -> str:
	if day < getdate(doc.planned_on):
		return EARLY
	return ON_TIME if day <= getdate(doc.due_on) else LATE


def _check_recorded(doc, steps: dict[str, Any], read: dict[tuple[str, str], Any]) -> None:
	if doc.objects and not read and {row.service_object for row in doc.objects} <= sheet.moved_from(doc):
		frappe.throw(
			_("All objects of this round are another customer's by now, and nothing was read of them. Cancel the task."), NotPossible
		)
	missing = sheet.lacking(doc, steps, read)
	if not missing:
		return
	titles = {row.service_object: row.object_name for row in doc.objects}
	lines = [
		f"<li>{escape_html(titles.get(thing) or thing)}: {escape_html(steps[key].step)}"
		+ (f" ({_('photo')})" if (thing, key) in read else "")
		+ "</li>"
		for thing, key in missing[:LISTED]
	]
	more = "<p>" + _("and {0} more").format(len(missing) - LISTED) + "</p>" if len(missing) > LISTED else ""
	frappe.throw(
		_("Not everything that must be recorded is there. Enter it, or say in the note why it could not be taken:")
		+ f"<ul>{''.join(lines)}</ul>{more}",
		NotAllRecorded,
		title=_("Not complete"),
	)
