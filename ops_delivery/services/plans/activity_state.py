"""How far a Delivery Activity is: its state, actual dates and progress, or those of the record that carries it out."""

from __future__ import annotations

from dataclasses import asdict

import frappe
from frappe import _
from frappe.utils import escape_html, flt, format_date, get_link_to_form, getdate

from ops_delivery.domain import activity_state as domain
from ops_delivery.domain import planning
from ops_delivery.domain.activity_state import Standing
from ops_delivery.services.plans import carried_out_by as plan_work
from ops_delivery.services.plans import sentences as plan_words
from ops_delivery.services.shared.site_time import site_now


def settle(doc) -> None:
	"""State, actual dates and progress follow each other: whichever was entered moves the others."""
	check_progress(doc)
	before = doc.get_doc_before_save()
	own = not doc.record or bool(doc.flags.from_record)
	was = _standing(before) if before else Standing(planning.NOT_STARTED)
	entered = _standing(doc)
	settled = domain.settle(entered, was, own, bool(doc.is_milestone), site_now().date())
	for field, value in asdict(settled).items():
		if value != getattr(entered, field):
			doc.set(field, value)


def _standing(doc) -> Standing:
	start, end = (getdate(doc.get(field)) if doc.get(field) else None for field in ("actual_start", "actual_end"))
	return Standing(doc.state, start, end, flt(doc.progress))


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
