"""The record of response support: what was reported, how it was handled, by whom, when (clauses 5.3.b, 8.4.b.1)."""

from __future__ import annotations

import frappe
from frappe import _

from ops_delivery.services.agreements import metrics as agreement_metrics
from ops_delivery.services.clocks import figures, support_record
from ops_delivery.services.shared import report_parts, wording
from ops_delivery.services.shared.report_parts import column


def execute(filters: dict | None = None):
	"""Columns, one row a request, and a line that says what is listed."""
	commitments = agreement_metrics.commitment_order()
	rows = [_row(line, commitments) for line in support_record.lines(filters)]
	return _columns(commitments), rows, _message(filters, len(rows))


def _columns(commitments: list[str]) -> list[dict]:
	return [
		column("name", _("Request"), "Link", 150, options="Issue"),
		column("reported", _("Reported"), "Datetime", 195),
		column("channel", _("Came in by"), "Data", 110),
		column("customer", _("Customer", context="Ops Delivery"), "Link", 150, options="Customer"),
		column("subject", _("Subject"), "Data", 240),
		column("object", _("Service Object"), "Data", 150),
		column("validity", _("Judged"), "Data", 80),
		column("category", _("Category"), "Data", 110),
		column("urgency", _("Urgency"), "Data", 100),
		column("importance", _("Importance"), "Data", 110),
		column("priority", _("Priority", context="Ops Delivery"), "Data", 80),
		column("assignees", _("Assigned To", context="Ops Delivery"), "Data", 130),
		column("status", _("Status"), "Data", 90),
		*(
			column(
				_took(n),
				_("{0}: Time").format(_(name, context="Service Commitment")),
				"Duration",
				140,
				hide_days=1,
			)
			for n, name in enumerate(commitments)
		),
		column("missed", _("Missed", context="Ops Delivery"), "Data", 160),
		column("resolved", _("Resolved on"), "Datetime", 195),
		column("result", _("Result"), "Data", 260),
		column("acceptance", _("Customer's acceptance"), "Data", 150),
		column("reopened", _("Times reopened"), "Int", 110),
		column("agreement", _("Agreement Version"), "Link", 150, options="Service Agreement"),
	]


def _took(number: int) -> str:
	return f"took_{number}"


def _row(line: frappe._dict, commitments: list[str]) -> dict:
	plain = ("name", "customer", "subject", "object", "result", "agreement")
	chosen = ("channel", "validity", "category", "urgency", "importance", "priority", "status", "acceptance")
	return {
		"reported": line.reported,
		"resolved": line.resolved,
		**{key: line[key] or "" for key in plain},
		**{key: _(line[key]) if line[key] else "" for key in chosen},
		**{_took(n): line.took.get(name) for n, name in enumerate(commitments)},
		"assignees": ", ".join(line.assignees),
		"missed": ", ".join(_(name, context="Service Commitment") for name in line.missed),
		"reopened": line.reopened or 0,
	}


def _message(filters: dict | None, number: int) -> str:
	scope = figures.Scope.of(filters)
	period = report_parts.period(scope.from_date, scope.to_date)
	if not number:
		return _("No request was reported in the period {0}.").format(period)
	return _(
		"{0} requests reported in the period {1}. Times are service hours without pauses; a time stands only where its clock has stopped."
	).format(number, period)
