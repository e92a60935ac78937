"""Visits on site and remote sessions: what holds on every way in (7.2, 7.3).

Phases, moments and the states of work are written by the steps (before_arrival, on_site, before_leaving, after_leaving, work_items); a
save by any other way keeps them as they are, or is refused.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, get_datetime

from ops_delivery.domain import visit as domain
from ops_delivery.domain.visit import Phase
from ops_delivery.permissions import assignees, steps
from ops_delivery.permissions.ownership import is_staff
from ops_delivery.permissions.steps import OnlyBySteps
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import checklists as visit_checklists
from ops_delivery.services.visits import hours as visit_hours
from ops_delivery.services.visits import issue_link as visit_issue
from ops_delivery.services.visits import needed_skills as dispatch_needs
from ops_delivery.services.visits import parts as visit_parts
from ops_delivery.services.visits import sentences as visit_words
from ops_delivery.services.visits.content import domain_visit
from ops_delivery.services.visits.guards import StageOpen
from ops_delivery.services.visits.types import (
	ITEM_OWNED,
	kind_of,
	label,
	movable,
	rank_of,
)

PLANNED = ("promised_on", "planned_start", "planned_end")


# Called by the controllers


def before_validate(doc) -> None:
	"""Fill in what follows from the rest: people, agreement, the checklist as its templates are now."""
	if not doc.get("owner_user"):
		doc.owner_user = doc.engineers[0].user if doc.engineers else None
	if doc.owner_user and doc.owner_user not in {row.user for row in doc.engineers}:
		doc.append("engineers", {"user": doc.owner_user})
	for fieldname in PLANNED:  # to the minute, as the form's picker writes them
		if doc.get(fieldname):
			doc.set(fieldname, get_datetime(doc.get(fieldname)).replace(second=0, microsecond=0))
	before = doc.get_doc_before_save()
	if doc.customer and not doc.agreement and (not before or before.customer != doc.customer):
		day = get_datetime(doc.planned_start or site_now()).date()
		doc.agreement = agreements.find(doc.customer, day, doc.service_object)
	for row in doc.work_items:
		row.state = row.state or domain.PROPOSED
	visit_checklists.fill(doc)
	dispatch_needs.fill(doc)
	visit_parts.fill(doc)


def validate(doc) -> None:
	"""Refuse what would skip a stage, change what was settled, or contradict itself; each message says the way out."""
	before = doc.get_doc_before_save()
	_check_times(doc)
	_check_object(doc)
	_check_people(doc, before)
	visit_parts.check(doc, before)
	_keep_items(doc, before)
	visit_checklists.check(doc, before)
	_keep_confirmed(doc, before)
	if before and doc.status != before.status:
		_check_step(doc, before.status)
	reviewed.validate(doc)
	_hold_gates(doc, before)


def on_update(doc) -> None:
	"""Reviews and signatures follow the content; the request learns of the visit."""
	reviewed.on_update(doc)
	visit_issue.follow(doc)


def on_trash(doc) -> None:
	"""What has begun stays on record."""
	if doc.get("departed_on") or doc.arrived_on or rank_of(doc) > Phase.PREPARED:
		frappe.throw(
			_("{0} is {1} and is kept as evidence.").format(
				doc.name, frappe.bold(_(doc.status, context=doc.doctype))
			)
		)
	reviewed.on_trash(doc)


# Rules


def _check_step(doc, was: str) -> None:
	"""A phase is entered by its step, after the one before it, with nothing open behind it."""
	if not steps.is_taken(doc):
		frappe.throw(
			_(
				"{0}: {1} cannot be set to {2} by hand. Use the buttons at the top of the form: each stage has its points."
			).format(
				frappe.bold(label(doc, "status")),
				frappe.bold(_(was, context=doc.doctype)),
				frappe.bold(escape_html(_(cstr(doc.status), context=doc.doctype))),
			),
			OnlyBySteps,
		)
	with guard():
		domain.check_step(domain_visit(doc, was), doc.status)


def _hold_gates(doc, before) -> None:
	"""Nothing behind the present phase is open, also after a change that moves no phase."""
	rank = rank_of(doc)
	if rank <= Phase.PLANNED or not before:
		return
	forward = doc.status != before.status and rank > kind_of(doc).rank(before.status)
	if not forward and doc.flags.ops_visit_back:
		return
	opened = visit_words.open_before(doc, doc.status)
	if not forward:
		known = {(row["code"], row["text"]) for row in visit_words.open_before(before, before.status)}
		opened = [row for row in opened if (row["code"], row["text"]) not in known]
	refuse_open(doc, opened)


def refuse_open(doc, opened: list[dict[str, str]]) -> None:
	"""StageOpen with a list of what is open; nothing where that is empty."""
	if opened:
		frappe.throw(
			_("{0} is not possible yet:").format(frappe.bold(_(doc.status, context=doc.doctype)))
			+ "<ul>"
			+ "".join(f"<li>{escape_html(row['text'])}</li>" for row in opened)
			+ "</ul>",
			StageOpen,
			title=_("Something is open"),
		)


def _tell_of_the_past(doc) -> None:
	"""A visit that is planned for a time gone by is possible (it is entered afterwards), but not without a word."""
	before = doc.get_doc_before_save()
	start = get_datetime(doc.planned_start) if doc.planned_start else None
	moved = not before or not before.planned_start or get_datetime(before.planned_start) != start
	if start and moved and start < site_now() and rank_of(doc) == Phase.PLANNED:
		frappe.msgprint(
			_("{0}: {1} has passed. Correct it, unless the visit is entered afterwards.").format(
				frappe.bold(label(doc, "planned_start")), frappe.format(doc.planned_start, "Datetime")
			),
			title=_("Planned in the past"),
			indicator="orange",
		)


def _check_times(doc) -> None:
	_tell_of_the_past(doc)
	for start, end in (("planned_start", "planned_end"),):
		if doc.get(start) and doc.get(end) and get_datetime(doc.get(end)) < get_datetime(doc.get(start)):
			frappe.throw(
				_("{0} ({1}) lies before {2} ({3}). Correct one of the two.").format(
					frappe.bold(label(doc, end)),
					frappe.format(doc.get(end), "Datetime"),
					frappe.bold(label(doc, start)),
					frappe.format(doc.get(start), "Datetime"),
				)
			)
	visit_hours.check_moments(doc)
	users = [row.user for row in doc.engineers]
	if twice := next((user for user in users if users.count(user) > 1), None):
		frappe.throw(_("Engineers: {0} is listed twice. Remove one row.").format(escape_html(twice)))
	for row in doc.get("parts") or []:
		if flt(row.used) > flt(row.quantity):
			frappe.throw(
				_("Taken along, row {0}: {1} used of {2} taken along. Correct one of the two.").format(
					row.idx, f"{flt(row.used):g}", f"{flt(row.quantity):g}"
				)
			)


def _check_object(doc) -> None:
	"""Object, agreement and reason belong to the visit's customer."""
	for fieldname in ("service_object", "agreement"):
		if not doc.get(fieldname):
			continue
		doctype = doc.meta.get_field(fieldname).options
		owner = frappe.db.get_value(doctype, doc.get(fieldname), "customer")
		if owner and owner != doc.customer:
			frappe.throw(
				_("{0}: {1} belongs to another customer ({2}). Choose one of {3}.").format(
					frappe.bold(label(doc, fieldname)),
					escape_html(doc.get(fieldname)),
					escape_html(owner),
					escape_html(doc.customer),
				)
			)
	if doc.reference_doctype and not doc.reference_name:
		doc.reference_doctype = None
	if doc.reference_doctype == "Issue":
		owner = frappe.db.get_value("Issue", doc.reference_name, "customer")
		if owner and owner != doc.customer:
			frappe.throw(
				_("{0}: {1} belongs to another customer ({2}). Choose one of {3}.").format(
					frappe.bold(_("Issue")), doc.reference_name, escape_html(owner), escape_html(doc.customer)
				)
			)


def _keep_items(doc, before) -> None:
	"""States of work come by steps; what was confirmed with the customer is neither changed, removed nor added to."""
	if steps.is_taken(doc):
		return
	known = {row.name: row for row in before.work_items} if before else {}
	for row in doc.work_items:
		old = known.pop(row.name, None)
		if not old:
			if row.state != domain.PROPOSED or any(row.get(field) for field in ITEM_OWNED[1:]):
				_refuse_item(row, _("a new item begins as {0}").format(_(domain.PROPOSED)))
			if doc.work_confirmed_on:
				_refuse_item(
					row, _("the work is confirmed with the customer: ask your superior for anything more")
				)
			continue
		for field in ITEM_OWNED:
			if not same(row, field, old.get(field), row.get(field)):
				_refuse_item(row, _("its state changes by the buttons on the form only"))
			row.set(field, old.get(field))
		if old.state != domain.PROPOSED and (
			cstr(old.work) != cstr(row.work) or cstr(old.steps) != cstr(row.steps)
		):
			_refuse_item(row, _("it was confirmed with the customer as it is"))
	for row in known.values():
		if row.state != domain.PROPOSED:
			_refuse_item(row, _("it was confirmed with the customer as it is"))


def _refuse_item(row, reason: str) -> None:
	frappe.throw(
		_("Work items, row {0} ({1}): {2}.").format(row.idx, escape_html(cstr(row.work)), reason), OnlyBySteps
	)


def _keep_confirmed(doc, before) -> None:
	"""Whose visit it is stays from Prepared on; what is to be done stays from its confirmation on."""
	if not before:
		return
	fixed = []
	if kind_of(doc).rank(before.status) != Phase.PLANNED:
		fixed += ["customer", "service_object"]
	if before.work_confirmed_on:
		fixed.append("work_content")
	_keep_plan(doc, before)
	for fieldname in fixed:
		if cstr(before.get(fieldname)) != cstr(doc.get(fieldname)):
			frappe.throw(
				_("{0}: this was confirmed with the customer and cannot be changed any more.").format(
					frappe.bold(label(doc, fieldname))
				)
			)


def _keep_plan(doc, before) -> None:
	"""Once somebody is on the way, what was planned stays: the arrival is compared with it (7.2.a.1)."""
	if movable(before):
		return
	for fieldname in PLANNED:
		if not same(doc, fieldname, before.get(fieldname), doc.get(fieldname)):
			frappe.throw(
				_("{0}: {1} has begun, so its time is not planned any more.").format(
					frappe.bold(label(doc, fieldname)), doc.name
				)
			)


def _check_people(doc, before) -> None:
	"""Whoever is sent may do it (permissions.assignees)."""
	known = {row.user for row in before.engineers} if before else set()
	for row in doc.engineers:
		if row.user not in known and (why := assignees.refusal(row.user, doc)):
			frappe.throw(_("Engineers, row {0}: {1}").format(row.idx, why))


def same(doc, fieldname: str, one: Any, other: Any) -> bool:
	"""Whether two values of a field are the same, whatever form they came in."""
	field = doc.meta.get_field(fieldname)
	if field and field.fieldtype == "Datetime":
		one, other = (get_datetime(value).replace(microsecond=0) if value else None for value in (one, other))
		return one == other
	if field and field.fieldtype in ("Int", "Float", "Check", "Currency"):
		return flt(one, 6) == flt(other, 6)
	return cstr(one).strip() == cstr(other).strip()
