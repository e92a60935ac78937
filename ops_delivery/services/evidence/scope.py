"""An agreement and a period: which versions of it rule in the period, and whose records count."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import escape_html, getdate

from ops_delivery.domain import agreement_life
from ops_delivery.domain.periods import Span
from ops_delivery.services.agreements import versions as agreements

AGREEMENT = "Service Agreement"
RULING = (agreement_life.ACTIVE, agreement_life.EXPIRED, agreement_life.SUSPENDED, agreement_life.TERMINATED, agreement_life.SUPERSEDED)
FIELDS = ["name", "title", "agreement_number", "version", "status", "docstatus", "customer", *agreements.PERIOD]


@dataclass(frozen=True)
class Scope:
	"""`versions`: the names of all versions under one number; `ruling`: those that rule on a day of the period."""

	agreement: str
	number: str
	title: str
	customer: str
	versions: tuple[str, ...]
	ruling: tuple[str, ...]
	span: Span


def of(agreement: str, span: Span) -> Scope:
	"""The scope of an agreement in a period; records name the version they were accepted under, so all versions count. Two queries.

	A draft rules on no day. frappe.DoesNotExistError where there is no such agreement.
	"""
	row = frappe.db.get_value(AGREEMENT, agreement, FIELDS, as_dict=True)
	if not row:
		frappe.throw(_("There is no {0} {1}.").format(_(AGREEMENT), frappe.bold(escape_html(agreement))), frappe.DoesNotExistError)
	number = row.agreement_number or row.name
	same = frappe.get_all(AGREEMENT, {"agreement_number": number}, FIELDS, order_by="version, name") if row.agreement_number else [row]
	ruling = tuple(
		one.name
		for one in same
		if one.docstatus == 1 and one.status in RULING and getdate(one.start_date) <= span.last and agreements.last_day(one) >= span.first
	)
	return Scope(row.name, number, row.title or row.name, row.customer, tuple(one.name for one in same), ruling, span)
