"""The customer's answer to a result (6.3.g). Staff's record of one is issue.record_decision."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import by_link, customers_only
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.shared import call_limits as limits

READS_PER_HOUR, WRITES_PER_HOUR = 300, 60


@frappe.whitelist(methods=["POST"])
@customers_only
@limits.per_hour(WRITES_PER_HOUR)
def decide(issue: str, decision: str, comment: str = "", reservations: list | str | None = None) -> str:
	"""A customer's user answers for an Issue they may see; returns the state. Staff are refused.

	decision: "Accepted", "Accepted with Reservations" (with reservations) or "Rejected" (with a comment).
	"""
	return answering.decide_on_portal(issue, decision, comment, _lines(reservations))


@frappe.whitelist(allow_guest=True, methods=["POST"])
@by_link
@limits.per_hour(WRITES_PER_HOUR)
def decide_by_link(
	token: str, decision: str, comment: str = "", reservations: list | str | None = None
) -> str:
	"""The addressee of a signed link answers without a log-in. 403 for a link that is not theirs, 410 for an old one."""
	return answering.decide_by_link(token, decision, comment, _lines(reservations))


@frappe.whitelist(allow_guest=True, methods=["POST"])
@by_link
@limits.per_hour(READS_PER_HOUR)
def offer(token: str) -> dict[str, Any]:
	"""What a signed link asks its addressee to accept: only what is needed to answer. A POST: a token is in no address."""
	_link, doc = answering.read_link(token)
	return portal.offer(doc)


def _lines(reservations: list | str | None) -> list[str]:
	"""Reservations as a list: given as one, as its JSON, or one a line."""
	if not reservations:
		return []
	if isinstance(reservations, str):
		text = reservations.strip()
		reservations = frappe.parse_json(text) if text.startswith("[") else text.splitlines()
	return [str(line).strip() for line in reservations if str(line).strip()]
