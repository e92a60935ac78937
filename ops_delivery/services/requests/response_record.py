"""The record of one response support case, whole: reported, judged, prioritized, course, clocks, told, accepted (8.4.b.1)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ops_delivery.framework import issue_field
from ops_delivery.services.clocks import explanation, unmeasured
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.locale import plain_lines
from ops_delivery.services.shared.site_time import to_utc

MOMENTS = (
	("ops_onsite_requested_on", "On-site support requested"),
	("first_responded_on", "First response"),
	("ops_departed_on", "On the way"),
	("ops_arrived_on", "Arrived on site"),
	("ops_restored_on", "Service restored"),
)


def of(doctype: str, name: str) -> dict[str, Any]:
	"""What the printed record says of a measured record. Instants are datetimes in UTC; the caller checks permission."""
	doc = readership.as_read(frappe.get_doc(doctype, name))
	return {
		"doc": doc,
		"title": doc.get("subject") or doc.get_title(),
		"received": to_utc(_received(doc)),
		"resolved": to_utc(doc.get(issue_field("resolution_date"))),
		"object": frappe.db.get_value(
			"Service Object", doc.get("ops_object"), ["object_name", "location"], as_dict=True
		)
		if doc.get("ops_object")
		else None,
		"agreement": frappe.db.get_value(
			"Service Agreement", doc.get("ops_agreement"), ["name", "title", "version"], as_dict=True
		)
		if doc.get("ops_agreement")
		else None,
		"assigned": [
			{
				"user": todo.allocated_to,
				"name": frappe.utils.get_fullname(todo.allocated_to),
				"at": to_utc(todo.creation),
			}
			for todo in frappe.get_all(
				"ToDo",
				filters={
					"reference_type": doctype,
					"reference_name": name,
					"status": ["!=", "Cancelled"],
				},
				fields=["allocated_to", "creation"],
				order_by="creation",
			)
		],
		"moments": sorted(
			(
				{"label": _(label), "at": to_utc(doc.get(fieldname))}
				for fieldname, label in MOMENTS
				if doc.get(fieldname)
			),
			key=lambda moment: moment["at"],
		),
		"course": _course(doctype, name),
		"clocks": explanation.explain_record(doctype, name),
		"not_measured": unmeasured.of_record(doctype, name),
		"escalations": _escalations(doctype, name),
		"acceptances": _acceptances(doctype, name),
		"handovers": frappe.get_all(
			"Service Handover",
			filters={"source_doctype": doctype, "source_name": name},
			fields=["name", "subject", "service_content", "state", "target_doctype", "target_name"],
			order_by="creation",
		),
	}


def _received(doc):
	if doc.get("opening_date"):
		return f"{doc.opening_date} {doc.get('opening_time') or '00:00:00'}"
	return doc.creation


def _course(doctype: str, name: str) -> list[dict[str, Any]]:
	"""What was written to and by the customer, in order: who, when, what."""
	return [
		{
			"at": to_utc(row.communication_date or row.creation),
			"who": row.sender_full_name or row.sender or "",
			"received": row.sent_or_received == "Received",
			"subject": row.subject or "",
			"text": plain_lines(row.content)[:2000],
		}
		for row in frappe.get_all(
			"Communication",
			filters={
				"reference_doctype": doctype,
				"reference_name": name,
				"communication_type": "Communication",
			},
			fields=[
				"communication_date",
				"creation",
				"sender",
				"sender_full_name",
				"sent_or_received",
				"subject",
				"content",
			],
			order_by="communication_date, creation",
		)
	]


def _escalations(doctype: str, name: str) -> list[dict[str, Any]]:
	logs = frappe.get_all(
		"Escalation Log",
		filters={"reference_doctype": doctype, "reference_name": name},
		fields=[
			"name",
			"kind",
			"step",
			"round",
			"commitment",
			"fired_on",
			"utc_offset",
			"policy",
			"policy_version",
			"acknowledged",
			"acknowledged_by",
			"acknowledged_on",
			"acknowledgement_note",
		],
		order_by="fired_on, creation",
	)
	told: dict[str, list[str]] = {}
	for row in frappe.get_all(
		"Escalation Log Recipient",
		filters={"parenttype": "Escalation Log", "parent": ["in", [log.name for log in logs] or [""]]},
		fields=["parent", "user", "email", "channel", "state"],
		order_by="parent, idx",
	):
		person = frappe.utils.get_fullname(row.user) if row.user else row.email
		told.setdefault(row.parent, []).append(
			f"{person} ({_(row.channel, context='Escalation Log Recipient')}, {_(row.state, context='Escalation Log Recipient')})"
		)
	revisions = dict(
		frappe.get_all(
			"Rule Version",
			filters={
				"name": ["in", list({log.policy_version for log in logs if log.policy_version}) or [""]]
			},
			fields=["name", "revision"],
			order_by="name",
			as_list=True,
		)
	)
	for log in logs:
		log.revision = revisions.get(log.policy_version)
		log.at = to_utc(log.fired_on, log.utc_offset)
		log.told = told.get(log.name, [])
		log.by = frappe.utils.get_fullname(log.acknowledged_by) if log.acknowledged_by else ""
		log.acknowledged_at = to_utc(log.acknowledged_on)
	return logs


def _acceptances(doctype: str, name: str) -> list[dict[str, Any]]:
	rows = frappe.get_all(
		"Service Acceptance",
		filters={"reference_doctype": doctype, "reference_name": name},
		fields=[
			"name",
			"round",
			"state",
			"requested_on",
			"decided_on",
			"decided_by_name",
			"channel",
			"recorded_by",
			"recorded_how",
			"comment",
		],
		order_by="round",
	)
	reservations: dict[str, list[str]] = {}
	for row in frappe.get_all(
		"Service Acceptance Reservation",
		filters={"parenttype": "Service Acceptance", "parent": ["in", [row.name for row in rows] or [""]]},
		fields=["parent", "description"],
		order_by="parent, idx",
	):
		reservations.setdefault(row.parent, []).append(row.description)
	for row in rows:
		row.requested_at, row.decided_at = to_utc(row.requested_on), to_utc(row.decided_on)
		row.reservations = reservations.get(row.name, [])
	return rows
