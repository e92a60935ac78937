"""Scores of surveys taken over elsewhere: before and after an optimization or a consultation, and for assessments
(5.2.g, 8.5.a.3, 8.6.a.3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from ops_delivery.domain import survey as domain
from ops_delivery.permissions.ownership import ADMINISTRATOR
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import figures as survey_figures

LOOK_BACK_DAYS = 365
KINDS = ("Optimization Plan", "Consulting Report")


def before_and_after(doc) -> dict[str, Any]:
	"""What the surveys of the plan's customer (and object) said in the year before its work, and since it ended.

	{before, after: {mean, count, meaning, from, to} or None, clear, note}: offered on the form, saved by nobody here.
	"""
	if doc.doctype not in KINDS:
		frappe.throw(_("{0} has no satisfaction before and after.").format(_(doc.doctype)))
	began, ended = _span(doc)
	thing = doc.get("service_object")
	scope = {"customer": doc.customer, **({"service_object": thing} if thing else {})}
	before = _group(scope, began - timedelta(days=LOOK_BACK_DAYS), began - timedelta(days=1))
	after = _group(scope, ended, site_now().date()) if ended else None
	change = domain.change(before[0], after[0]) if after else None
	return {
		"before": _told(*before),
		"after": _told(*after) if after else None,
		"clear": bool(change and change.clear),
		"note": _note(before, after, change),
	}


def of_period(versions: list[str], first: date, last: date) -> dict[str, float | None]:
	"""The figures that formulas of an agreement see: mean satisfaction and response rate in %, None without any. What was
	agreed is not worked out otherwise because whoever assesses may not read the single scores."""
	with readership.shown_to([ADMINISTRATOR]):
		group = survey_figures.whole(survey_figures.Scope(first, last, agreement=versions))
	rate = group.response_rate
	return {
		"satisfaction": group.figures.mean,
		"survey_answers": len(group.scores),
		"survey_response_rate": None if rate is None else 100 * rate,
	}


def _span(doc) -> tuple[date, date | None]:
	if doc.doctype == "Optimization Plan":
		began, ended = doc.start_date, doc.closed_on or doc.trial_end
	else:
		began = (
			frappe.db.get_value("Consulting Plan", doc.plan, "start_date") if doc.plan else doc.report_date
		)
		ended = doc.issued_on
	if not began:
		frappe.throw(_("The first day of the work is missing, so there is no before. Enter it first."))
	return getdate(began), getdate(ended) if ended else None


def _group(scope: dict[str, Any], first: date, last: date) -> tuple[domain.Figures, date, date]:
	group = survey_figures.whole(survey_figures.Scope(first, max(first, last), **scope))
	return group.figures, first, max(first, last)


def _told(found: domain.Figures, first: date, last: date) -> dict[str, Any] | None:
	if found.mean is None:
		return None
	return {
		"mean": round(found.mean, 1),
		"count": found.count,
		"meaning": found.meaning,
		"from": first,
		"to": last,
	}


def _note(before, after, change: domain.Change | None) -> str:
	"""How it was asked, in a sentence for the record."""
	parts = []
	for sentence, found in (
		(_("Before: {0} answers from {1} to {2}"), before),
		(_("Afterwards: {0} answers from {1} to {2}"), after),
	):
		if found and found[0].count:
			text = sentence.format(
				found[0].count, frappe.format(found[1], "Date"), frappe.format(found[2], "Date")
			)
			parts.append(
				f"{text} ({_('too few to mean anything')})" if found[0].meaning == domain.TOO_FEW else text
			)
	if change:
		parts.append(
			_("The change is clearer than chance would explain")
			if change.clear
			else _("The change may be chance")
		)
	return "; ".join(parts)
