"""What a major-incident report must be, whatever its way in: its facts are the records', its causes and measures complete (8.4.b.3).

Reviews, fixed content and the path of phases are services.reviews.phase_guard's; which step may follow which is the domain's.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, get_datetime

from ops_delivery.domain import major as domain
from ops_delivery.domain.events import IncidentReportPublished
from ops_delivery.permissions import secret_records, steps
from ops_delivery.permissions.ownership import is_staff, lost_access
from ops_delivery.services.incidents import records
from ops_delivery.services.shared import due_dates, events, todos
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Major Incident Report"
BY_HAND, FROM_RECORDS = "Written by Hand", "The Records"
WHYS = ("why_1", "why_2", "why_3", "why_4", "why_5")
OPEN = (domain.COMPILING, domain.IN_REVIEW)
JUST_NOW = timedelta(minutes=1)


class NotComplete(frappe.ValidationError):
	"""A report was to be reviewed or published and lacks something."""


class StepNotPossible(frappe.ValidationError):
	"""A step was to be taken that does not follow."""


class Missing(NamedTuple):
	"""One thing it lacks: where, and the way out (escaped)."""

	field: str
	item: str
	text: str


def validate(doc: Any) -> None:
	"""The rules of content. frappe.ValidationError names field, value and the way out."""
	before = doc.get_doc_before_save()
	doc.compiler = doc.compiler or frappe.session.user
	if before and (before.status != domain.COMPILING or doc.status != domain.COMPILING):
		_keep_facts(doc, before)  # what is reviewed stays as it was read
	else:
		_read_facts(doc)
	_check_people(doc, before)
	_check_course(doc, before)
	_check_causes(doc)
	stored = {row.name: row for row in before.measures} if before else {}
	for row in doc.measures:
		was = stored.get(row.name)
		if not steps.is_taken(doc):
			row.improvement = was.improvement if was else None
		due_dates.check(row, was, where=_("{0}, row {1}").format(_label("measures"), row.idx))


def guard(doc: Any) -> None:
	"""What a phase asks for, once the guard of reviewed documents has settled which one that is."""
	before = doc.get_doc_before_save()
	was = before.status if before else domain.COMPILING
	if not domain.may_follow(was, doc.status, bool(before and before.published_on)):
		frappe.throw(
			_("{0} is {1} and cannot become {2}. It is compiled, reviewed, published; what was published is revised.").format(
				frappe.bold(escape_html(doc.title or doc.name)),
				frappe.bold(_(was, context=DOCTYPE)),
				frappe.bold(_(doc.status, context=DOCTYPE)),
			),
			StepNotPossible,
		)
	if doc.status in (domain.IN_REVIEW, domain.PUBLISHED):
		refuse(doc, missing(doc, doc.status))
	if was == doc.status:
		return
	if doc.status == domain.CANCELLED and not cstr(doc.reason).strip():
		frappe.throw(
			_("{0}: a value is missing. Say why, save, and take the step again.").format(frappe.bold(_label("reason"))), frappe.MandatoryError
		)
	if doc.status == domain.PUBLISHED:
		doc.published_on = doc.published_on or site_now()


def follow(doc: Any) -> None:
	"""After a save: it is on its compiler's list while it is compiled or reviewed; that it was published is told."""
	before = doc.get_doc_before_save()
	was_open = bool(before) and before.status in OPEN
	if doc.status in OPEN and (not was_open or before.compiler != doc.compiler):
		todos.close(doc)
		todos.give(doc, doc.compiler, _("Compile the report on the major incident {0}").format(escape_html(cstr(doc.title))), doc.due_date)
	elif doc.status not in OPEN and was_open:
		todos.close(doc)
	if doc.status == domain.PUBLISHED and before and before.status != domain.PUBLISHED:
		events.tell(IncidentReportPublished(doc.name, cint(doc.version)))


def missing(doc: Any, phase: str = domain.IN_REVIEW) -> list[Missing]:
	"""What a report still lacks before it can be reviewed, or (`phase` Published) published."""
	found: list[Missing] = []

	def need(fieldname: str, met: Any, said: str) -> None:
		if not met:
			found.append(Missing(fieldname, _label(fieldname), said))

	def filled(fieldname: str) -> bool:
		return bool(cstr(doc.get(fieldname)).strip())

	need("impact", filled("impact"), _("Say which services and whose work it hit."))
	need("timeline", any(row.shown for row in doc.timeline), _("Take the course from the records, or write it."))
	need("causes", any(row.is_root for row in doc.causes), _("Ask why, and tick the root cause."))
	need("root_cause", filled("root_cause"), _("Say the root cause in a sentence."))
	need("treatment", filled("treatment"), _("Say what was done to restore the service."))
	need("measures", doc.measures or filled("no_measures"), _("Say what is done so that it does not happen again, or why nothing is needed."))
	need("lessons", filled("lessons"), _("Say what is learned of it."))
	if (doc.get_doc_before_save() or doc).status == domain.COMPILING and (alone := secret_records.needs_reviewer(doc)):
		need("reviewer", False, alone)
	if phase == domain.PUBLISHED:
		need("measures", all(row.improvement for row in doc.measures), _("Open them as improvement actions first, by the button above."))
		need("resolved_on", doc.resolved_on, _("The request is not over yet. Publish when it is."))
	return found


def missing_next(doc: Any) -> list[Missing]:
	"""What it lacks before the next step on its path; nothing once it is published."""
	return missing(doc, domain.IN_REVIEW if doc.status == domain.COMPILING else domain.PUBLISHED) if doc.status in OPEN else []


def refuse(doc: Any, lacking: list[Missing]) -> None:
	"""Refuse what lacks something, naming each part. NotComplete."""
	if lacking:
		said = _("{0} cannot be published yet. It lacks:") if doc.status == domain.PUBLISHED else _("{0} cannot be reviewed yet. It lacks:")
		frappe.throw(
			said.format(frappe.bold(escape_html(doc.title or doc.name)))
			+ "<ul>"
			+ "".join(f"<li><b>{escape_html(row.item)}</b>: {row.text}</li>" for row in lacking)
			+ "</ul>",
			NotComplete,
			title=_("Not complete"),
		)


def _read_facts(doc: Any) -> None:
	if not (doc.issue and frappe.db.exists("Issue", doc.issue)):
		return  # Frappe's own check of links says it
	issue = frappe.get_doc("Issue", doc.issue)
	doc.update(records.facts(issue))
	rows = records.clocks(doc.issue)
	same = [tuple(cstr(row.get(field)) for field in rows[0]) for row in doc.clocks] if rows else []
	if same != [tuple(cstr(value) for value in row.values()) for row in rows]:
		doc.set("clocks", rows)


def _keep_facts(doc: Any, before: Any) -> None:
	doc.update({field: before.get(field) for field in records.FACTS})
	doc.set("clocks", before.clocks)


def _check_people(doc: Any, before: Any) -> None:
	for field in ("compiler", "reviewer"):
		user = doc.get(field)
		if not user or (before and before.get(field) == user):
			continue
		if not is_staff(user) or lost_access(user):
			frappe.throw(
				_("{0}: {1} does not work on the desk. Choose one of the supplier's people.").format(frappe.bold(_label(field)), escape_html(user))
			)


def _check_course(doc: Any, before: Any) -> None:
	"""What the records say is chosen, not rewritten; what is written by hand is marked so, and has happened."""
	stored = {row.name: row for row in before.timeline} if before else {}
	latest = site_now() + JUST_NOW
	for row in doc.timeline:
		was = stored.get(row.name)
		if was and was.record_key:
			row.update({"at": was.at, "what": was.what, "origin": FROM_RECORDS, "record_key": was.record_key})
		elif not (row.record_key and steps.is_taken(doc)):
			row.update({"origin": BY_HAND, "record_key": None})
		if row.origin == BY_HAND and row.at and get_datetime(row.at) > latest:
			frappe.throw(
				_("{0} {1} lies in the future. Enter it when it has happened.").format(
					_("{0}, row {1}").format(_label("timeline"), row.idx), frappe.bold(moment(row.at))
				)
			)
	if doc.status == domain.COMPILING:
		doc.timeline.sort(key=lambda row: (get_datetime(row.at) if row.at else latest, row.record_key or ""))
		for place, row in enumerate(doc.timeline, start=1):
			row.idx = place


def _check_causes(doc: Any) -> None:
	"""A chain of whys has no gap."""
	for row in doc.causes:
		given = [bool(cstr(row.get(why)).strip()) for why in WHYS]
		if any(later and not earlier for earlier, later in pairwise(given)):
			gap = WHYS[given.index(False)]
			frappe.throw(
				_("{0}, row {1}: {2} is blank, and a later one is not. Fill it, or move the others up.").format(
					_label("causes"), row.idx, frappe.bold(_(row.meta.get_label(gap), context=row.doctype))
				)
			)


def _label(fieldname: str) -> str:
	return _(frappe.get_meta(DOCTYPE).get_label(fieldname), context=DOCTYPE)
