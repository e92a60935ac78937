"""Operation Manuals: what must be in them, who keeps them, and which content tasks are done by (6.2.b).

Reviews, fixed content and the path of phases are services.reviews.phase_guard's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, getdate, strip_html

from ops_delivery.domain.routine.typed_readings import same_unit
from ops_delivery.permissions import assignees
from ops_delivery.services.reviews import content as reviewed_content
from ops_delivery.services.routine import criteria, object_states
from ops_delivery.services.rules import rule_versions
from ops_delivery.services.shared import due_dates, todos
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, SCHEDULE = "Operation Manual", "Routine Schedule"
DRAFT, PUBLISHED, RETIRED = "Draft", "Published", "Retired"
KEY_LENGTH = 10
ABNORMAL = ("abnormal_roles", "abnormal_method", "abnormal_flow", "abnormal_end")


class NotComplete(frappe.ValidationError):
	"""A manual was to leave its draft and lacks something."""


class StillUsed(frappe.ValidationError):
	"""A manual was to be retired that schedules still make tasks by."""


class Missing(NamedTuple):
	"""One thing a manual lacks: where, and the way out (escaped)."""

	field: str
	item: str
	text: str


def validate(doc) -> None:
	"""The content rules of a manual, whatever its phase. frappe.ValidationError names field, value and the way out."""
	before = doc.get_doc_before_save()
	if doc.keeper and (not before or before.keeper != doc.keeper) and (why := assignees.refusal(doc.keeper, doc)):
		frappe.throw(f"{frappe.bold(_label(doc, 'keeper'))}: {why}")
	due_dates.check(doc, doc.get_doc_before_save(), "review_date")
	_key_steps(doc)
	for row in doc.steps:
		criteria.check(row)


def guard(doc) -> None:
	"""What a manual's phase asks for, once services.reviews.phase_guard has settled which phase that is."""
	before = doc.get_doc_before_save()
	was = before.status if before else DRAFT
	if doc.status not in (DRAFT, RETIRED):
		refuse(doc, missing(doc))
	if doc.status == PUBLISHED and was != PUBLISHED:
		doc.published_version = reviewed_content.snapshot(doc)
		object_states.forget(doc.name, {row.step_key for row in doc.steps})
	if doc.status == RETIRED and was != RETIRED:
		_check_unused(doc)


def missing(doc) -> list[Missing]:
	"""What a manual still lacks before it can be reviewed: the six parts that the specification lists (6.2.b.1-6)."""
	found: list[Missing] = []

	def need(fieldname: str, met: Any, text: str) -> None:
		if not met:
			found.append(Missing(fieldname, _label(doc, fieldname), text))

	need("purpose", _filled(doc.purpose), _("Say what the work is for."))
	need("steps", doc.steps, _("Add at least one task with its steps."))
	need("steps", not doc.steps or _filled(doc.steps[0].task), _("Row 1: name the task it belongs to."))
	for task, rows in by_task(doc.steps).items():
		need(
			"steps",
			any(_filled(row.explanation) for row in rows),
			_("Task {0}: explain at least one of its steps.").format(frappe.bold(escape_html(task))),
		)
	need(
		"recording",
		_filled(doc.recording) or any(row.required for row in doc.steps),
		_("Say what must be recorded, or tick it on the steps."),
	)
	for fieldname in ABNORMAL:
		need(fieldname, _filled(doc.get(fieldname)), _("Say it for when a state is abnormal."))
	need("report_template", _filled(doc.report_template), _("Say what a report of this work looks like."))
	return found


def refuse(doc, lacking: list[Missing]) -> None:
	"""Refuse a manual that has left its draft and lacks something, naming each part. NotComplete."""
	if lacking:
		frappe.throw(
			_("{0} cannot be reviewed yet. It lacks:").format(frappe.bold(escape_html(doc.title or doc.name)))
			+ "<ul>"
			+ "".join(f"<li><b>{escape_html(row.item)}</b>: {row.text}</li>" for row in lacking)
			+ "</ul>",
			NotComplete,
			title=_("Not complete"),
		)


def by_task(rows: Any) -> dict[str, list[Any]]:
	"""The steps by the task they belong to, in order: a step without one belongs to the task above."""
	found: dict[str, list[Any]] = {}
	task = ""
	for row in rows:
		task = cstr(row.get("task")).strip() or task
		found.setdefault(task, []).append(row)
	return found


@in_site_language
def remind_keepers() -> None:
	"""Daily: who keeps a published manual finds it on their list on the day it is to be looked over; once a day set."""
	manual = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(manual)
		.select(manual.name, manual.title, manual.keeper, manual.owner, manual.review_date)
		.where((manual.status == PUBLISHED) & (manual.review_date <= site_now().date()))
		.where(manual.reminded_for.isnull() | (manual.reminded_for != manual.review_date))
		.orderby(manual.name)
	).run(as_dict=True)
	for row in rows:
		row.doctype = DOCTYPE
		todos.give(row, assignees.first_present(row.keeper, row.owner), _("Look the manual {0} over").format(escape_html(row.title)), row.review_date)
	if rows:
		(
			frappe.qb.update(manual)
			.set(manual.reminded_for, manual.review_date)
			.where(manual.name.isin([row.name for row in rows]))
		).run()


def follow(doc) -> None:
	"""After a manual was saved: a day to look it over that was set anew takes the reminder off the lists."""
	before = doc.get_doc_before_save()
	if before and before.reminded_for and getdate(before.review_date) != getdate(doc.review_date):
		todos.take_back(doc)


def _key_steps(doc) -> None:
	"""Each step has a key of its own that stays through revisions, so that its readings are one series; measured in another unit
	it is another series. What is put back, as it was published, is the step that it was."""
	published = rule_versions.content(doc.published_version)["fields"].get("steps", ()) if doc.published_version else ()
	known = {row["step_key"]: frappe._dict(row) for row in published}
	kept, again = set(), []
	for row in doc.steps:
		was = known.get(row.step_key)
		if row.step_key and row.step_key not in kept and was and _same_series(row, was):
			kept.add(row.step_key)
		else:
			again.append(row)
	for row in again:
		before = next((key for key, was in known.items() if key not in kept and row.step == was.step and _same_series(row, was)), None)
		if before:
			row.step_key = before
		elif not row.step_key or row.step_key in kept or row.step_key in known:
			row.step_key = frappe.generate_hash(length=KEY_LENGTH)
		kept.add(row.step_key)


def _same_series(row: Any, was: Any) -> bool:
	"""Whether readings of a step go on with those of the published one: both are no numbers, or numbers in one unit."""
	if criteria.NUMBER not in (row.criterion, was.criterion):
		return True
	return row.criterion == was.criterion and same_unit(cstr(row.unit), cstr(was.unit))


def _check_unused(doc) -> None:
	filters = {"manual": doc.name, "enabled": 1}
	used = frappe.get_all(SCHEDULE, filters=filters, fields=["name", "title"], order_by="name", limit=5)
	if used:
		frappe.throw(
			_(
				"{0} cannot be retired: tasks are still made by it. Switch these schedules off, or give them another manual: {1}"
			).format(
				frappe.bold(escape_html(doc.title)),
				", ".join(f"{row.name} {escape_html(row.title)}" for row in used),
			),
			StillUsed,
			title=_("Still used"),
		)


def _label(doc, fieldname: str) -> str:
	return _(doc.meta.get_label(fieldname), context=doc.doctype)


def _filled(text: Any) -> bool:
	return bool(strip_html(cstr(text)).strip())
