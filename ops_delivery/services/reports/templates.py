"""Service Report Templates: which sections a report has, in which order, under which words (8.3.b.5)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from ops_delivery.domain.service_report import introduction
from ops_delivery.domain.service_report.compiling import Row
from ops_delivery.services.papers import service_report_words as words
from ops_delivery.services.reports.sections import SECTIONS
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import language_of, reading, text

DOCTYPE, ROW, AGREEMENT = "Service Report Template", "Service Report Template Section", "Service Agreement"
KEYS = {registered.heading: key for key, registered in SECTIONS.items()}
NAMES = {key: registered.heading for key, registered in SECTIONS.items()}


class NotPossible(frappe.ValidationError):
	"""A template that no report could be made by."""


def validate(doc: Any) -> None:
	"""Each section once, at least one of them shown; introductions name only what there is; the agreement is the customer's. NotPossible."""
	where = frappe.bold(_(doc.meta.get_label("sections"), context=DOCTYPE))
	seen: dict[str, int] = {}
	for row in doc.sections:
		at = _("{0}, row {1}").format(where, row.idx)
		if row.section in seen:
			frappe.throw(
				_("{0}: {1} stands in row {2} already. Take one of them out.").format(at, frappe.bold(_(row.section, context=ROW)), seen[row.section]),
				NotPossible,
			)
		seen[row.section] = row.idx
		for name in introduction.unknown(text(row.introduction)):
			frappe.throw(
				_("{0}: an introduction has no {1}. There are {2}.").format(
					at, frappe.bold(escape_html("{" + name + "}")), ", ".join("{" + one + "}" for one in introduction.VARIABLES)
				),
				NotPossible,
			)
	if not any(row.enabled for row in doc.sections):
		frappe.throw(_("{0}: no section is shown. Switch at least one of them on.").format(where), NotPossible)
	if doc.agreement:
		customer = frappe.db.get_value(AGREEMENT, doc.agreement, "customer")
		if doc.customer and doc.customer != customer:
			frappe.throw(
				_("{0}: {1} is an agreement of {2}. Choose another agreement, or leave the customer blank.").format(
					frappe.bold(_(doc.meta.get_label("agreement"), context=DOCTYPE)), escape_html(doc.agreement), escape_html(customer)
				),
				NotPossible,
			)
		doc.customer = customer


def of(agreement: str, customer: str) -> str | None:
	"""The template for a report about an agreement (any of its versions): its own, else its customer's, else the oldest for all."""
	rows = frappe.get_all(DOCTYPE, {"enabled": 1}, ["name", "customer", "agreement"], order_by="creation, name")
	own = set(versions(agreement))
	for fits in (
		lambda row: row.agreement in own,
		lambda row: not row.agreement and row.customer == customer,
		lambda row: not row.agreement and not row.customer,
	):
		found = next((row.name for row in rows if fits(row)), None)
		if found:
			return found
	return None


def versions(agreement: str) -> list[str]:
	"""The versions of the agreement that this is one of."""
	number = frappe.db.get_value(AGREEMENT, agreement, "agreement_number")
	found = frappe.get_all(AGREEMENT, {"agreement_number": number, "docstatus": 1}, pluck="name", order_by="name") if number else []
	return found or [agreement]


def rows(template: str, report: Any) -> list[Row]:
	"""The sections that a template shows, worded for a report; its variables, and what nobody worded anew, in the customer's language."""
	with reading(language_of(None, report.customer)):
		said = _values(report)
		return [
			Row(KEYS[row.section], text(row.heading).strip(), introduction.fill(_worded(row), said))
			for row in frappe.get_doc(DOCTYPE, template).sections
			if row.enabled and row.section in KEYS
		]


def _worded(row: Any) -> str:
	said = text(row.introduction)
	return _(said, context="Ops Delivery") if said else ""


def _values(report: Any) -> dict[str, str]:
	title, company = frappe.db.get_value(AGREEMENT, report.agreement, ["title", "company"]) or ("", "")
	return {
		"customer": text(frappe.db.get_value("Customer", report.customer, "customer_name") or report.customer),
		"agreement": text(title or report.agreement),
		"supplier": text(company),
		"from": wording.day(report.period_from),
		"to": wording.day(report.period_to),
		"period": words.period(report.report_kind, report.period_from, report.period_to),
	}
