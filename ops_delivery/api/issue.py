"""Triage and acceptance of an Issue for the desk."""

from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.agreements import switched_off
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.requests import recurrence, result_messages
from ops_delivery.services.rules import priority_matrix as matrices
from ops_delivery.services.shared.domain_errors import guard


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def priority_by_matrix(issue: str, urgency: str, importance: str) -> dict[str, Any]:
	"""What urgency and importance would mean for an Issue: matrix, priority (none where the matrix has no cell for the pair yet)
	and what is promised for it."""
	doc = frappe.get_doc("Issue", issue)
	doc.check_permission("read")
	terms = agreements.terms(doc.ops_agreement) if doc.ops_agreement else None
	matrix = terms.matrix if terms else frappe.db.get_single_value("Ops Delivery Settings", "default_matrix")
	if switched_off.is_off(switched_off.MATRIX, matrix) and not doc.ops_suggested_priority:
		frappe.throw(
			_("{0} {1} is switched off, so it suggests no priority. Choose one by hand.").format(
				_("Priority Matrix"), frappe.bold(frappe.utils.escape_html(matrix))
			)
		)
	with guard(_("Priority Matrix")):
		priority = matrices.load(matrix).cells.get((urgency, importance))
	targets = []
	if terms:
		targets = [
			{"commitment": commitment, "target": target, "calendar": calendar}
			for (commitment, promised), (target, calendar) in terms.targets.items()
			if promised == priority
		]
	return {"matrix": matrix, "priority": priority, "targets": targets}


@frappe.whitelist(methods=["POST"])
@staff_only
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
	return answering.record(
		issue,
		decision,
		by_name,
		decided_on or "",
		how,
		by_email=by_email,
		comment=comment,
		reservations=[line.strip() for line in (reservations or "").splitlines() if line.strip()],
	)


@frappe.whitelist(methods=["POST"])
@staff_only
def take_message(issue: str, message: str, taken_as: str, comment: str = "", reservations: str = "") -> str:
	"""Say what a message is that the customer wrote while a result waits for their answer; the state it leads to.

	`taken_as`: "Accepted", "Accepted with Reservations" (`reservations`, one a line) or "Rejected" (with a `comment`), each
	recorded in the customer's name with the message as evidence, or "Only a Message".
	"""
	return result_messages.take(
		issue,
		message,
		taken_as,
		comment=comment,
		reservations=[line.strip() for line in (reservations or "").splitlines() if line.strip()],
	)


@frappe.whitelist(methods=["POST"])
@staff_only
def happened_again(issue: str, what: str) -> str:
	"""Make a request of what happened again after a closed one, linked to it; returns the new Issue."""
	return recurrence.on_the_desk(issue, what)
