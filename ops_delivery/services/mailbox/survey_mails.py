"""A mail that answers a survey's mail (5.4.c): nobody works on a survey, so it comes to the request that was asked about.

Where the survey is about no request, or keeps its answers without names, the mail is a new one and says nothing of the survey.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.services.mailbox import threads as mail_threads
from ops_delivery.services.scope import issue_scope as ours

SURVEY = "Service Survey"


def receiving(inbound: Any, process: Any) -> Any:
	"""Hook `ops_delivery_receive_mail`: what answers a survey's mail reaches who works on the request."""
	try:
		record = inbound.reference_document()
	except mail_threads.NoPart:
		return process()  # kept for a person
	if record and record.doctype == SURVEY:
		inbound._reference_document = _asked_about(record) or ""
	return process()


def _asked_about(survey: Any) -> Any | None:
	about = (survey.reference_doctype, survey.reference_name)
	if survey.anonymous or about[0] not in (ours.ISSUE, mail_threads.COMPLAINT) or not frappe.db.exists(*about):
		return None
	return frappe.get_doc(*about)
