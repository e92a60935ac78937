"""Which version of an agreement routine work is done under today, and until when it rules (6.2.a, 5.2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import frappe

from ops_delivery.services.agreements import versions as agreements

AGREEMENT = "Service Agreement"
RULING = ("Active", "Expired", "Terminated", "Scheduled")  # under which days within the period are days of work
SUSPENDED, SUPERSEDED, WAITING = "Suspended", "Superseded", "Scheduled"


def now(names: Collection[str]) -> dict[str, frappe._dict]:
	"""By the name of each agreement: the version of it that counts now, which may be a later one. Two queries at most.

	A version that waits for its day counts where no other one has begun. `rules_until`: the last day of those that count or wait.
	"""
	fields = ["name", "agreement_number", "status", *agreements.PERIOD]
	rows = frappe.get_all(AGREEMENT, {"name": ["in", sorted(names)]}, fields, order_by="name")
	numbers = sorted({row.agreement_number for row in rows if row.status == SUPERSEDED and row.agreement_number})
	later: dict[str, frappe._dict] = {}
	if numbers:
		filters = {"agreement_number": ["in", numbers], "docstatus": 1, "status": ["in", [*RULING, SUSPENDED]]}
		found = frappe.get_all(AGREEMENT, filters, fields, order_by="version")
		later = {row.agreement_number: row for row in sorted(found, key=lambda row: row.status != WAITING)}
		for row in found:
			counts = later[row.agreement_number]
			if row is counts or row.status == WAITING:
				counts.rules_until = max(counts.rules_until or date.min, agreements.last_day(row))
	return {row.name: later.get(row.agreement_number, row) if row.status == SUPERSEDED else row for row in rows}


def last_day_of(agreement: str | None) -> date | None:
	"""The last day on which an agreement, as it is now, rules."""
	row = frappe.db.get_value(AGREEMENT, agreement, agreements.PERIOD, as_dict=True) if agreement else None
	return agreements.last_day(row) if row and (row.end_date or row.termination_date) else None
