"""Triage and acceptance of an Issue for the desk."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from ops_delivery.services import acceptance, agreements, matrices
from ops_delivery.services.errors import guard


@frappe.whitelist(methods=["GET", "POST"])
def priority_by_matrix(issue: str, urgency: str, importance: str) -> dict[str, Any]:
	"""What urgency and importance would mean for an Issue: matrix, priority and what is promised for it."""
	doc = frappe.get_doc("Issue", issue)
	doc.check_permission("read")
	terms = agreements.terms(doc.ops_agreement) if doc.ops_agreement else None
	matrix = terms.matrix if terms else frappe.db.get_single_value("Ops Delivery Settings", "default_matrix")
	with guard(_("Priority Matrix")):
		priority = matrices.load(matrix).priority_for(urgency, importance)
	targets = []
	if terms:
		targets = [
			{"commitment": commitment, "target": target, "calendar": calendar}
			for (commitment, promised), (target, calendar) in terms.targets.items()
			if promised == priority
		]
	return {"matrix": matrix, "priority": priority, "targets": targets}


@frappe.whitelist(methods=["POST"])
def record_decision(
	issue: str,
	decision: str,
	by_name: str,
	how: str,
	decided_on: str | None = None,
	by_email: str = "",
	comment: str = "",
	reservations: str = "",
) -> str:
	"""Write down a decision the customer gave otherwise than on the portal; the state it leads to. Who recorded it stands beside it.

	`reservations`: one a line. frappe.ValidationError when no acceptance is open or a detail is missing.
	"""
	frappe.has_permission("Issue", "write", issue, throw=True)
	open_one = acceptance.open_acceptance(issue)
	if not open_one:
		frappe.throw(
			_("{0}: no result is waiting for the customer's decision. Resolve it first.").format(issue)
		)
	if decided_on and get_datetime(decided_on) >= now_datetime().replace(second=0, microsecond=0):
		decided_on = None  # "now" as a form gives it, to the minute
	return acceptance.decide(
		open_one,
		decision,
		by_name=by_name,
		by_email=by_email,
		channel="Recorded by Staff",
		comment=comment,
		reservations=[line.strip() for line in (reservations or "").splitlines() if line.strip()],
		recorded_by=frappe.session.user,
		how=how,
		decided_on=decided_on,
	)
