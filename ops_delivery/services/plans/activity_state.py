"""How far a Delivery Activity is: its state, actual dates and progress, or those of the record that carries it out."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html, flt, format_date, get_link_to_form, getdate

from ops_delivery.domain import planning
from ops_delivery.services.plans import carried_out_by as plan_work
from ops_delivery.services.plans import sentences as plan_words
from ops_delivery.services.shared.site_time import site_now


def settle(doc) -> None:
	"""State, actual dates and progress follow each other: whichever was entered moves the others."""
	check_progress(doc)
	before = doc.get_doc_before_save()
	was = before.state if before else planning.NOT_STARTED
	today = site_now().date()
	own = not doc.record or doc.flags.from_record
	if own and doc.state == was and doc.state in (planning.NOT_STARTED, planning.IN_PROGRESS):
		if doc.actual_end and not (before and before.actual_end):
			doc.state = planning.COMPLETED
		elif doc.state == planning.NOT_STARTED and (doc.actual_start or flt(doc.progress) > 0):
			doc.state = planning.IN_PROGRESS
	if own and doc.state == was and doc.state == planning.COMPLETED and not doc.actual_end:
		doc.state = planning.IN_PROGRESS
	if doc.state == planning.IN_PROGRESS:
		doc.actual_start = doc.actual_start or today
		if was == planning.COMPLETED or doc.actual_end:
			doc.actual_end = None
			doc.progress = min(flt(doc.progress), 99)
	elif doc.state == planning.COMPLETED:
		doc.actual_end = doc.actual_end or max(
			today, getdate(doc.actual_start) if doc.actual_start else today
		)
		doc.actual_start = doc.actual_start or (
			doc.actual_end if doc.is_milestone else min(today, getdate(doc.actual_end))
		)
		doc.progress = 100
	elif doc.state == planning.NOT_STARTED:
		if was != planning.NOT_STARTED:
			doc.actual_start = doc.actual_end = None
			doc.progress = 0
	elif doc.state in (planning.ON_HOLD, planning.CANCELLED):
		doc.actual_end = doc.actual_end if doc.state == planning.CANCELLED else None


def check_progress(doc) -> None:
	"""Refuse a share that is none, before it is brought into line with the state."""
	if not 0 <= flt(doc.progress) <= 100:
		frappe.throw(
			_("{0}: {1} is not between 0 and 100.").format(
				frappe.bold(_(doc.meta.get_label("progress"), context=doc.doctype)), flt(doc.progress)
			)
		)


def check_done(doc, plan) -> None:
	"""What is recorded as done is possible: begun after approval, in order, not in the future."""
	if doc.state in (planning.IN_PROGRESS, planning.COMPLETED) and not plan.approved_on:
		frappe.throw(
			_("{0}: work begins once the plan {1} is approved. Until then the activity stays {2}.").format(
				frappe.bold(escape_html(doc.subject or "")),
				get_link_to_form("Delivery Plan", plan.name, plan.title),
				_(planning.NOT_STARTED, context="Delivery Activity"),
			),
			title=_("Plan not approved"),
		)
	plan_words.check_period(doc, "actual_start", "actual_end")
	today = site_now().date()
	for field in ("actual_start", "actual_end"):
		if doc.get(field) and getdate(doc.get(field)) > today:
			frappe.throw(
				_("{0}: {1} lies in the future. Enter the day on which it happened.").format(
					frappe.bold(_(doc.meta.get_label(field), context=doc.doctype)),
					frappe.bold(format_date(doc.get(field))),
				)
			)


def check_record(doc) -> None:
	"""One record carries out one activity, and while it does the state is its own (5.3.a)."""
	if bool(doc.record_type) != bool(doc.record):
		if doc.record_type and not doc.record:
			doc.record_type = None
		else:
			frappe.throw(
				_("{0}: say of which type {1} is.").format(
					_(doc.meta.get_label("record"), context=doc.doctype), doc.record
				)
			)
	if not doc.record:
		doc.record_state = None
		return
	before = doc.get_doc_before_save()
	if before and before.record and (before.record_type, before.record) == (doc.record_type, doc.record):
		if doc.state != before.state and not doc.flags.from_record:
			frappe.throw(
				_(
					"{0}: the state follows {1}. Change it there, or take the record out of the activity first."
				).format(
					frappe.bold(escape_html(doc.subject or "")), get_link_to_form(doc.record_type, doc.record)
				),
				title=_("State follows the record"),
			)
		return
	plan_work.check_link(doc)
	plan_work.take_state(doc)
