"""The promised deliverable that a service report is: proposed for a new one, and checked (8.2.b, 8.2.e)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, getdate

from ops_delivery.domain.deliverables import life
from ops_delivery.services.reports import templates

DELIVERABLE, REPORT = "Deliverable", "Service Report"


class NotItsDeliverable(frappe.ValidationError):
	"""A deliverable of another customer or kind, or one that another report is already."""


def candidates(report: Any) -> list[str]:
	"""The open documents that were promised about the same agreement and days, and that no other report is; by their day."""
	rows = frappe.get_all(
		DELIVERABLE,
		{
			"agreement": ["in", templates.versions(report.agreement)],
			"status": ["in", life.OPEN],
			"kind": life.TANGIBLE,
			"period_from": getdate(report.period_from),
			"period_to": getdate(report.period_to),
			"event_name": ["is", "not set"],
		},
		pluck="name",
		order_by="due_date, name",
	)
	taken = set(_taken(rows, report))
	return [name for name in rows if name not in taken]


def proposed(report: Any) -> str | None:
	"""The one that a new report is made for; None where there is none, or where several are promised and somebody must choose."""
	found = candidates(report)
	return found[0] if len(found) == 1 else None


def check(report: Any) -> None:
	"""The deliverable named is a document for the same customer, and no other report's. NotItsDeliverable."""
	if not report.deliverable:
		return
	found = frappe.db.get_value(DELIVERABLE, report.deliverable, ["customer", "kind", "title", "agreement"], as_dict=True)
	where = frappe.bold(_(frappe.get_meta(REPORT).get_label("deliverable"), context=REPORT))
	if not found or found.customer != report.customer or found.kind != life.TANGIBLE or not _same_agreement(found.agreement, report.agreement):
		frappe.throw(
			_("{0}: {1} is no document for {2}. Choose another one, or leave it blank.").format(
				where, escape_html(report.deliverable), escape_html(report.customer or "")
			),
			NotItsDeliverable,
		)
	other = _taken([report.deliverable], report)
	if other:
		frappe.throw(
			_("{0}: another service report is {1} already. Choose another one, or leave it blank.").format(where, escape_html(found.title)), NotItsDeliverable
		)


def _same_agreement(one: str | None, other: str | None) -> bool:
	"""Whether a deliverable is of no agreement, or of a version of the report's."""
	if not one or one == other:
		return True
	numbers = frappe.get_all("Service Agreement", {"name": ["in", [one, other]]}, pluck="agreement_number", order_by="name")
	return len(numbers) == 2 and numbers[0] == numbers[1] and bool(numbers[0])


def _taken(names: list[str], report: Any) -> list[str]:
	if not names:
		return []
	filters = {"deliverable": ["in", names], "name": ["!=", report.name or ""], "status": ["!=", "Cancelled"]}
	return frappe.get_all(REPORT, filters, pluck="deliverable", order_by="name")
