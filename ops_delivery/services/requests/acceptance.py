"""Acceptance: the process ends only when the customer has agreed to the result (clause 6.3.g).

A resolved Issue is offered: a Service Acceptance keeps the result as it stood, with a fingerprint. The customer
accepts it, accepts it with reservations (each becomes a Service Leftover) or rejects it with a reason, which reopens
the Issue. Staff do not decide; they record who decided, when and how. Where the agreement allows it, silence counts
after a time and after notices that were sent (requests/silence.py).

Locks are always taken in the order Issue, then Service Acceptance.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, get_datetime, sanitize_html

from ops_delivery.domain.events import WorkEnded
from ops_delivery.permissions import steps
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import acceptance_schedule, issue_state
from ops_delivery.services.requests.acceptance_decision import (
	DEEMED,
	DOCTYPE,
	REJECTED,
	REQUESTED,
	WITHDRAWN,
	Decision,
	check_moment,
	checked,
	kept_text,
)
from ops_delivery.services.shared import events
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import site_now


class AlreadyDecided(frappe.ValidationError):
	"""Someone has answered already; nothing was changed."""

	http_status_code = 409


# Along with the Issue (services.requests.lifecycle calls these)


def request(issue, tell: bool = True) -> str:
	"""Offer the result of a resolved Issue to the customer; returns the Service Acceptance. Idempotent.

	Keeps the result as offered with its fingerprint, and tells the customer (key point ops_resolved).
	"""
	# as it will be stored: the fingerprint is taken of that
	result = sanitize_html(issue.resolution_details, linkify=True)
	if waiting := open_acceptance(issue.name):
		if frappe.db.get_value(DOCTYPE, waiting, "offered_result") == result:
			return waiting
		withdraw(issue)  # worked on meanwhile, past every save: another result is another offer
	now = site_now()
	rounds = frappe.get_all(DOCTYPE, filters=_of(issue.name), pluck="round", order_by="round desc", limit=1)
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			**_of(issue.name),
			"customer": issue.customer,
			"agreement": issue.get("ops_agreement"),
			"state": REQUESTED,
			"round": (cint(rounds[0]) if rounds else 0) + 1,
			"requested_on": now,
			"offered_result": result,
		}
	)
	doc.offered_hash = fingerprint(doc, issue.subject)
	acceptance_schedule.schedule(doc)
	_save(doc)
	_show_on_issue(issue, REQUESTED)
	if tell:
		notices.post("Issue", issue.name, "ops_resolved", {"round": doc.round})
	return doc.name


def withdraw(issue) -> None:
	"""Take the offer back, as the Issue is worked on again without an answer."""
	name = open_acceptance(issue.name)
	if not name:
		return
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	if doc.state != REQUESTED:
		return
	doc.state = WITHDRAWN
	doc.next_action_on = None
	_save(doc)
	_show_on_issue(issue, "")


def open_acceptance(issue: str) -> str | None:
	"""The Service Acceptance of an Issue that waits for an answer."""
	return frappe.db.get_value(DOCTYPE, {**_of(issue), "state": REQUESTED}, "name", order_by="round desc")


def latest(issue: str) -> frappe._dict | None:
	"""The newest Service Acceptance of an Issue, as a row."""
	found = frappe.get_all(
		DOCTYPE,
		filters=_of(issue),
		fields=["*"],
		order_by="round desc",
		limit=1,
	)
	return found[0] if found else None


def fingerprint(doc, subject: str) -> str:
	"""SHA-256 (hex) of what was offered: the record, its subject, the round and the result."""
	text = json.dumps(
		[doc.reference_doctype, doc.reference_name, cint(doc.round), subject, cstr(doc.offered_result)],
		ensure_ascii=False,
		separators=(",", ":"),
	)
	return hashlib.sha256(text.encode()).hexdigest()


# The answer


def decide(
	name: str,
	verdict: str,
	by_name: str,
	by_email: str,
	channel: str,
	comment: str = "",
	reservations: tuple[str, ...] | list[str] = (),
	recorded_by: str | None = None,
	how: str = "",
	decided_on: datetime | str | None = None,
) -> str:
	"""Enter the customer's decision on an offered result; returns the state. All of it is saved, or nothing.

	The caller has checked who may decide. AlreadyDecided where an answer stands: of two at once, the second gets that.
	"""
	decision = checked(
		Decision(
			verdict=verdict,
			name=cstr(by_name).strip(),
			email=plain(by_email),
			channel=channel,
			comment=kept_text(comment, _("Comment", context="Ops Delivery")),
			reservations=tuple(
				filter(None, (kept_text(line, _("Reservation", context="Ops Delivery")) for line in reservations))
			),
			decided_on=get_datetime(decided_on) if decided_on else None,
			recorded_by=recorded_by,
			how=kept_text(how, _("How the customer said so")),
		)
	)
	issue, doc = locked(name)
	if doc.state != REQUESTED:
		raise AlreadyDecided(already(doc))
	if issue.status != "Resolved":
		raise AlreadyDecided(
			_("{0} is being worked on again; there is no result to answer for now.").format(issue.name)
		)
	check_moment(decision, doc)
	doc.update(
		{
			"state": decision.verdict,
			"decided_on": decision.decided_on or site_now(),
			"decided_by_name": decision.name,
			"decided_by_email": decision.email,
			"channel": decision.channel,
			"recorded_by": decision.recorded_by,
			"recorded_how": decision.how,
			"comment": decision.comment,
			"next_action_on": None,
		}
	)
	for text in decision.reservations:
		doc.append("reservations", {"description": text, "leftover": _leftover(issue, text)})
	_save(doc)
	conclude(issue, decision.verdict)
	if decision.verdict == REJECTED:
		notices.post("Issue", issue.name, "ops_rejected", {"reason": decision.comment, "by": decision.name})
	else:
		notices.post("Issue", issue.name, "ops_closed", {"verdict": decision.verdict, "by": decision.name})
	return doc.state


def conclude(issue, verdict: str) -> None:
	"""Put a decision on the Issue: agreed closes it, rejected opens it again. The only place that does either."""
	issue.ops_acceptance_status = verdict
	issue_state.set_status(issue, "Open" if verdict == REJECTED else "Closed")
	issue.flags.ops_acceptance = True
	issue.flags.ignore_permissions = True
	issue.save(ignore_permissions=True)
	if issue.status == "Closed":
		events.tell(WorkEnded(issue.doctype, issue.name))


def already(doc) -> str:
	"""In words, how an acceptance that no longer waits was answered."""
	if doc.state == WITHDRAWN:
		return _(
			"The result was taken back; the request is being worked on again. You will be told when it is resolved."
		)
	if doc.state == DEEMED:
		return _("The result counts as accepted since {0}, as no answer had come.").format(
			moment(doc.decided_on)
		)
	return _("{0} answered already on {1}: {2}. Nothing was changed.").format(
		escape_html(doc.decided_by_name or doc.decided_by_email or _("Someone")),
		moment(doc.decided_on),
		_(doc.state, context=DOCTYPE),
	)


def locked(name: str) -> tuple[Any, Any]:
	"""The Issue and its acceptance, both locked and freshly read."""
	reference = frappe.db.get_value(DOCTYPE, name, ["reference_doctype", "reference_name"], as_dict=True)
	issue = frappe.get_doc(reference.reference_doctype, reference.reference_name, for_update=True)
	return issue, frappe.get_doc(DOCTYPE, name, for_update=True)


# Parts


def _leftover(issue, text: str) -> str:
	assignees = json.loads(issue.get("_assign") or "[]")
	leftover = frappe.new_doc("Service Leftover")
	leftover.update(
		{
			"subject": " ".join(text.split())[:140],
			"description": text,
			"customer": issue.customer,
			"service_object": issue.get("ops_object"),
			"state": "Open",
			"owner_user": assignees[0] if assignees else None,
			"source_doctype": issue.doctype,
			"source_name": issue.name,
		}
	)
	return leftover.insert(ignore_permissions=True).name


def _of(issue: str) -> dict[str, str]:
	return {"reference_doctype": "Issue", "reference_name": issue}


def _save(doc) -> None:
	steps.take(doc).save(ignore_permissions=True)


def _show_on_issue(issue, state: str) -> None:
	"""Within the Issue's own save: its acceptance field follows without another save."""
	issue.ops_acceptance_status = state
	frappe.db.set_value("Issue", issue.name, "ops_acceptance_status", state, update_modified=False)
