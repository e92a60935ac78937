"""What reaches an Issue without its being saved: replies, assignments, other apps' shortcuts (5.3.c, 6.3.d, 6.3.f)."""

from __future__ import annotations

import frappe

from ops_delivery.permissions import switches
from ops_delivery.services import clocks, definitions, notices, ours
from ops_delivery.services.triage import ENDED


def before_communication(doc, _method: str | None = None) -> None:
	"""Remember the Issue's status: Frappe sets a received reply's Issue to Open past every rule."""
	about_issue = doc.reference_doctype == "Issue" and doc.reference_name
	if about_issue and doc.communication_type != "Comment" and switches.now().measuring:
		doc.flags.ops_status_before = frappe.db.get_value("Issue", doc.reference_name, "status")


def after_communication(doc, _method: str | None = None) -> None:
	"""A reply may meet a clock; a reply to an ended Issue does not reopen it behind the customer's decision."""
	if not doc.reference_doctype or not doc.reference_name or doc.communication_type == "Comment":
		return
	if not definitions.for_doctype(doc.reference_doctype):
		return
	before = doc.flags.pop("ops_status_before", None)
	if doc.reference_doctype == "Issue":
		if not ours.is_issue_ours(doc.reference_name):
			return
		if before in ENDED:
			_stay_ended(doc, before)
		elif before == "On Hold":
			_go_on(doc)
	clocks.refresh(doc.reference_doctype, doc.reference_name)


def _stay_ended(communication, before: str) -> None:
	issue = frappe.db.get_value(
		"Issue", communication.reference_name, ["status", "ops_agreement"], as_dict=True
	)
	if issue and issue.ops_agreement and issue.status not in ENDED:
		frappe.db.set_value("Issue", communication.reference_name, "status", before, update_modified=False)
		notices.post("Issue", communication.reference_name, "ops_reply_after_end")


def _go_on(communication) -> None:
	"""What was waited for has come: the reason for the pause is over, and both sides are told as by a save."""
	issue = frappe.db.get_value(
		"Issue", communication.reference_name, ["status", "ops_agreement"], as_dict=True
	)
	if issue and issue.ops_agreement and issue.status != "On Hold":
		frappe.db.set_value(
			"Issue", communication.reference_name, "ops_pause_reason", None, update_modified=False
		)
		notices.post("Issue", communication.reference_name, "ops_resumed")


def after_assignment(doc, _method: str | None = None) -> None:
	"""doc_events ToDo: an assignment dispatches the Issue, and may meet or start a clock."""
	if not doc.reference_type or not doc.reference_name or not definitions.for_doctype(doc.reference_type):
		return
	if doc.reference_type == "Issue" and not ours.is_issue_ours(doc.reference_name):
		return
	if doc.flags.in_insert and doc.reference_type == "Issue":
		notices.post(doc.reference_type, doc.reference_name, "ops_dispatched")
	clocks.refresh(doc.reference_type, doc.reference_name)
