"""What a Delivery Plan takes over from its agreement: scope, assessment, security (5.2.b, 5.2.g, 5.2.h)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_months, cstr, escape_html, flt, getdate

from ops_delivery.services.reviews import readership

SCOPE, METRICS = "scope", "metrics"
MANAGEMENT = "Management and Reporting"
MONTHS = {"Monthly": 1, "Quarterly": 3, "Half-yearly": 6, "Yearly": 12}


def agreement_of(name: str | None):
	"""The agreement's document, or None."""
	return (
		frappe.get_doc("Service Agreement", name)
		if name and frappe.db.exists("Service Agreement", name)
		else None
	)


def assessment_of(name: str | None) -> list[Any]:
	"""The rows of what the agreement assesses."""
	doc = agreement_of(name)
	return doc.get(METRICS) or [] if doc else []


def terms_shown(name: str | None) -> dict[str, Any]:
	"""What the agreement assesses and demands for security, as plain text for the plan's form and print."""
	if not (doc := agreement_of(name)):
		return {"agreement": "", "metrics": [], "result": "", "security": "", "assessed": ""}
	doc = readership.as_read(doc)
	return {
		"agreement": doc.name,
		"assessed": _(doc.get("assessment_frequency") or ""),
		"metrics": [metric_shown(row) for row in doc.get(METRICS) or []],
		"result": cstr(doc.get("result_terms")),
		"security": cstr(doc.get("security_terms")),
	}


def metric_shown(row) -> dict[str, Any]:
	"""One assessed metric in words."""
	target = row.get("target")
	shown = "" if target is None else f"{flt(target):g}" if isinstance(target, int | float) else cstr(target)
	return {
		"metric": cstr(row.get("metric")),
		"target": " ".join(filter(None, (_(row.get("direction") or ""), shown))),
		"unit": cstr(row.get("unit")),
		"weight": flt(row.get("weight")),
		"how": cstr(row.get("value_formula")),
	}


def propose(plan: str) -> list[dict[str, Any]]:
	"""Activities that the agreement's scope, reports and surveys ask for, within the plan's period; nothing is saved.

	An activity that the plan has already, by subject and service content, is left out.
	"""
	doc = frappe.get_doc("Delivery Plan", plan)
	agreement = agreement_of(doc.agreement)
	if not agreement:
		frappe.throw(
			_("{0} is missing. Choose the agreement of the plan first.").format(
				frappe.bold(_(doc.meta.get_label("agreement"), context=doc.doctype))
			)
		)
	start, end = getdate(doc.start_date), getdate(doc.end_date)
	rows = []
	for row in agreement.get(SCOPE) or []:
		rows.append(
			{
				"subject": cstr(row.service_item)[:140],
				"service_content": row.service_content,
				"planned_start": str(start),
				"planned_end": str(end),
				"frequency": row.frequency,
				"description": "".join(
					f"<p>{escape_html(cstr(text))}</p>"
					for text in (row.get("deliverables"), row.get("details"))
					if text
				),
			}
		)
	rows += _regular(_("Service report"), agreement.get("reporting_frequency"), start, end)
	rows += _regular(_("Satisfaction survey"), agreement.get("survey_frequency"), start, end)
	rows += _regular(_("Assessment with the customer"), agreement.get("assessment_frequency"), start, end)
	there = set(
		frappe.get_all(
			"Delivery Activity",
			filters={"plan": plan},
			fields=["subject", "service_content"],
			order_by="name",
			as_list=True,
		)
	)
	rows = [row for row in rows if (row["subject"], row["service_content"]) not in there]
	for number, row in enumerate(rows, start=1):
		row["key"] = str(number)
	return rows


def _regular(subject: str, frequency: str | None, start, end) -> list[dict[str, Any]]:
	"""A milestone after every period: what is reported or asked regularly; the last one on the last day."""
	months = MONTHS.get(frequency or "")
	if not months:
		return []
	rows, number = [], 1
	while True:
		day = add_months(start, months * number) - timedelta(days=1)
		if day > end and rows:
			break
		day = min(day, end)
		rows.append(
			{
				"subject": f"{subject} {number}",
				"service_content": MANAGEMENT,
				"planned_start": str(max(start, day - timedelta(days=4))),
				"planned_end": str(day),
				"is_milestone": 1,
				"frequency": "Once",
			}
		)
		if day == end:
			break
		number += 1
	return rows
