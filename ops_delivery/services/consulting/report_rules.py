"""Consulting Reports: what must be in them, and when they may move on (6.5.b, c, g; 8.6). Asked on every way in, as rules.py is."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt

from ops_delivery.services import delivered_reports
from ops_delivery.services.consulting import completeness as consulting_completeness
from ops_delivery.services.consulting import recommendations
from ops_delivery.services.consulting.completeness import filled
from ops_delivery.services.consulting.rules import (
	NOT_YET_REVIEWED,
	PLAN_APPROVED,
	PLAN_WORKING,
	REPORT_OUT,
	status_before,
)
from ops_delivery.services.shared import due_dates
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import satisfaction_change


def validate_report(doc) -> None:
	"""The content rules of a Consulting Report. frappe.ValidationError names field, value and the way out."""
	_check_plan_of_report(doc)
	due_dates.check_happened(doc, "interviews", "held_on")
	for row in doc.findings:
		if row.score and not filled(row.unit):
			frappe.throw(
				_(
					"Findings, row {0} ({1}): the measured value {2} has no unit. Enter one, such as % or ms."
				).format(row.idx, escape_html(row.area or ""), frappe.bold(flt(row.score))),
				title=_("Unit missing"),
			)


def guard_report(doc) -> None:
	"""What a report's phase asks for, once services.reviews.phase_guard has settled which phase that is."""
	satisfaction_change.check(doc)
	delivered_reports.check(doc)
	was = status_before(doc)
	if doc.status not in NOT_YET_REVIEWED:
		consulting_completeness.refuse(doc, consulting_completeness.of_report(doc))
	if doc.status == was:
		return
	if doc.status not in NOT_YET_REVIEWED and doc.status not in REPORT_OUT:
		_check_plan_working(doc)
	if doc.status in REPORT_OUT:
		_check_plan_working(doc)
		doc.issued_on = doc.issued_on or site_now().date()
	elif doc.status != "Withdrawn":
		doc.issued_on = None
	if doc.status == "Followed Up":
		recommendations.check_followed_up(doc)


def _check_plan_of_report(doc) -> None:
	before = doc.get_doc_before_save()
	if before and before.plan == doc.plan:
		return
	status = frappe.db.get_value("Consulting Plan", doc.plan, "status") if doc.plan else None
	if status not in PLAN_APPROVED:
		frappe.throw(
			_(
				"Consulting Plan: {0} is {1}. A report needs an approved plan; have it approved, or choose another."
			).format(
				frappe.bold(escape_html(cstr(doc.plan))),
				_(status, context="Consulting Plan") if status else _("missing"),
			),
			title=_("Plan not approved"),
		)


def _check_plan_working(doc) -> None:
	status = frappe.db.get_value("Consulting Plan", doc.plan, "status")
	if status not in PLAN_WORKING:
		frappe.throw(
			_(
				"Consulting Plan: {0} is {1}. Start it first; its security check comes before the work."
			).format(frappe.bold(doc.plan), _(status or "Draft", context="Consulting Plan")),
			title=_("Plan not started"),
		)
