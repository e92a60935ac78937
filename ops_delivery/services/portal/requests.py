"""What the customer's pages show of requests (clauses 6.3.f, 6.3.g, 6.3.j). Everything is cleared for the reader.

Texts come out as plain text, except where a key ends in `_html`: that is sanitized and may be printed as it is.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder import functions as fn

from ops_delivery.domain.states import ISSUE_OPEN
from ops_delivery.permissions import owned_rows
from ops_delivery.services.portal import knowledge, request_clocks
from ops_delivery.services.requests import acceptance, acceptance_decision, help_articles
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.requests import asked_fields as asked_of_customers
from ops_delivery.services.requests import timeline as course_of_events
from ops_delivery.services.shared.locale import moment, safe_html, text

PAGE_LENGTH = 20
LAST_PAGE = 100_000
VIEWS = ("open", "waiting", "closed", "all")


def requests(
	user: str, view: str = "all", page: int = 1, search: str = "", length: int = PAGE_LENGTH
) -> dict[str, Any]:
	"""A page of `length` of the requests a user of the customer's side may see; those that wait for an answer first.

	{rows, page, has_next, waiting (how many wait for an answer), view}. Two queries whatever the number of rows.
	"""
	issue = frappe.qb.DocType("Issue")
	page = min(max(1, page), LAST_PAGE)
	view = view if view in VIEWS else "all"
	seen = owned_rows.visible(issue, user)
	waits = (issue.status == "Resolved") & (issue.ops_acceptance_status == acceptance_decision.REQUESTED)
	query = (
		frappe.qb.from_(issue)
		.select(
			issue.name,
			issue.subject,
			issue.status,
			issue.ops_agreement,
			issue.ops_validity,
			issue.ops_acceptance_status,
			issue.ops_pause_reason,
			issue.raised_by,
			issue.customer_name,
			issue.creation,
			issue.opening_date,
			issue.opening_time,
		)
		.where(seen)
		.orderby(Case().when(waits, 0).when(issue.status.isin(ISSUE_OPEN), 1).else_(2))
		.orderby(issue.creation, order=frappe.qb.desc)
		.orderby(issue.name, order=frappe.qb.desc)
		.limit(length + 1)
		.offset((page - 1) * length)
	)
	if view == "waiting":
		query = query.where(waits)
	elif view == "open":
		query = query.where(issue.status.isin(ISSUE_OPEN))
	elif view == "closed":
		query = query.where(issue.status == "Closed")
	if search:
		pattern = "%" + search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
		query = query.where(issue.subject.like(pattern) | issue.name.like(pattern))
	rows = query.run(as_dict=True)
	waiting = frappe.qb.from_(issue).select(fn.Count(issue.name)).where(seen & waits).run()[0][0]
	shown = rows[:length]
	clocks = request_clocks.clocks_of([row.name for row in shown])
	for row in shown:
		row.update(
			subject=text(row.subject),
			state=state_of(row),
			waiting=waits_for_answer(row),
			reported=moment(course_of_events.reported_on(row)),
			deadline=request_clocks.next_deadline(row, clocks[row.name]),
		)
	return {
		"rows": shown,
		"page": page,
		"has_next": len(rows) > length,
		"waiting": waiting,
		"view": view,
	}


def results_waiting(user: str, most: int = PAGE_LENGTH) -> list[frappe._dict]:
	"""The results that wait for an answer of the user: {name, subject, deemed (when silence counts as consent)}."""
	issue, row = frappe.qb.DocType("Issue"), frappe.qb.DocType(acceptance_decision.DOCTYPE)
	found = (
		frappe.qb.from_(issue)
		.inner_join(row)
		.on((row.reference_doctype == "Issue") & (row.reference_name == issue.name))
		.select(issue.name, issue.subject, row.deemed_on)
		.where(owned_rows.visible(issue, user) & (issue.status == "Resolved"))
		.where((issue.ops_acceptance_status == acceptance_decision.REQUESTED) & (row.state == acceptance_decision.REQUESTED))
		.orderby(row.requested_on)
		.limit(most)
	).run(as_dict=True)
	return [
		frappe._dict(name=one.name, subject=text(one.subject), deemed=moment(one.deemed_on)) for one in found
	]


def request(name: str, user: str) -> dict[str, Any]:
	"""All of one request that its customer may see. frappe.PermissionError if the user may not see it."""
	doc = answering.visible_issue(name, user)
	clocks = request_clocks.clocks_of([doc.name])[doc.name]
	messages = course_of_events.messages(doc)
	files = course_of_events.files(doc, messages)
	picture = course_of_events.pictures(doc.name, files)
	return {
		"name": doc.name,
		"subject": text(doc.subject),
		"state": state_of(doc),
		"waiting": waits_for_answer(doc),
		"open": doc.status in ISSUE_OPEN,
		"status": doc.status,
		"reported": moment(course_of_events.reported_on(doc)),
		"raised_by": doc.raised_by,
		"customer_name": doc.customer_name or doc.customer,
		"object": frappe.db.get_value("Service Object", doc.ops_object, "object_name")
		if doc.ops_object
		else "",
		"priority": doc.priority if doc.ops_validity == "Valid" else "",
		"urgency": _(doc.ops_customer_urgency) if doc.ops_customer_urgency else "",
		"article": help_articles.of_request(doc),
		"knowledge": knowledge.used_in(doc.name, user),
		"description_html": safe_html(doc.description, picture),
		"answers": asked_of_customers.answers_of(doc),
		"invalid_reason": text(doc.ops_invalid_reason) if doc.ops_validity == "Invalid" else "",
		"pause_reason": text(doc.ops_pause_reason) if doc.status == "On Hold" else "",
		"commitments": [request_clocks.commitment(clock, request_clocks.is_provisional(doc)) for clock in clocks],
		"not_measured": bool(doc.ops_agreement) and not clocks,
		"answer": answer_of(doc),
		"course": course_of_events.course(doc, clocks, messages, picture),
		"files": [{"name": file["name"], "file_name": file["file_name"]} for file in files],
	}


def answer_of(doc) -> dict[str, Any] | None:
	"""The newest offer of a result and what became of it; None if nothing was offered yet."""
	row = acceptance.latest(doc.name)
	found = offer(row) if row else None
	return None if not found or found["state"] == acceptance_decision.WITHDRAWN else found


def offer(row) -> dict[str, Any]:
	"""An acceptance for the page on which it is answered, or was."""
	state = answering.standing(row)
	return {
		"name": row.name,
		"issue": row.reference_name,
		"state": state,
		"waiting": state == acceptance_decision.REQUESTED,
		"result_html": safe_html(row.offered_result),
		"requested": moment(row.requested_on),
		"deemed": moment(row.deemed_on) if state == acceptance_decision.REQUESTED else "",
		"decided": moment(row.decided_on),
		"by": text(row.decided_by_name),
		"comment": text(row.comment),
		"fingerprint": row.offered_hash,
		"reservations": [
			text(line)
			for line in frappe.get_all(
				"Service Acceptance Reservation",
				filters={"parent": row.name, "parenttype": acceptance_decision.DOCTYPE},
				pluck="description",
				order_by="idx",
			)
		],
	}


def state_of(row) -> dict[str, str]:
	"""The status in the customer's words, and a tone for its colour."""
	if waits_for_answer(row):
		return {"text": _("Waiting for your answer"), "tone": "waiting"}
	if row.ops_validity == "Invalid":
		return {"text": _("Not taken on"), "tone": "closed"}
	if row.status == "Closed":
		return {"text": _("Closed"), "tone": "closed"}
	if row.status == "Resolved":
		return {"text": _("Resolved", context="Ops Delivery"), "tone": "closed"}
	if row.status == "On Hold":
		return {"text": _("Paused"), "tone": "paused"}
	if row.status == "Replied":
		return {"text": _("We replied"), "tone": "open"}
	return {
		"text": _("In work") if row.ops_validity == "Valid" else _("Received", context="Ops Delivery"),
		"tone": "open",
	}


def waits_for_answer(row) -> bool:
	"""Whether the customer is asked for an answer."""
	return row.status == "Resolved" and row.ops_acceptance_status == acceptance_decision.REQUESTED


def attachment(issue: str, file: str, user: str) -> Any:
	"""The File document if it is one of the request's that the user may see."""
	doc = answering.visible_issue(issue, user)
	if file not in {found["name"] for found in course_of_events.files(doc, course_of_events.messages(doc))}:
		raise frappe.PermissionError(_("There is no such file on {0}.").format(doc.name))
	return frappe.get_doc("File", file)
