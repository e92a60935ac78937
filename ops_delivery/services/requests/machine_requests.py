"""Requests that a machine raises: opened, noted on, opened again, their result offered (6.2.b.5, 5.3.b).

They pass every rule of a request as one that somebody enters at the desk; nobody is logged in, so they are the Administrator's.
Each function locks the request first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, strip_html

from ops_delivery.domain.states import ISSUE_ENDED, ISSUE_OPEN
from ops_delivery.permissions.ownership import ADMINISTRATOR
from ops_delivery.services.requests import issue_state

ISSUE, CHANNEL = "Issue", "Monitoring"
CLOSED, RESOLVED, OPEN = "Closed", "Resolved", "Open"


class NotPossible(Exception):
	"""The request could not be saved so; the message is for people (plain text)."""


@contextmanager
def acting() -> Iterator[None]:
	"""Within it a machine's message is worked off: nobody is logged in, and what is done is the product's doing."""
	before, form = frappe.session.user, frappe.local.form_dict
	frappe.set_user(ADMINISTRATOR)
	try:
		yield
	finally:
		frappe.set_user(before)
		frappe.local.form_dict = form


def open_request(values: dict[str, Any], take_as_valid: bool) -> str:
	"""A new request; its clocks start. `take_as_valid`: it is judged at once where type, urgency and importance are known.
	NotPossible for what a rule of the site keeps out."""
	doc = frappe.new_doc(ISSUE)
	doc.update({**values, "ops_channel": CHANNEL})
	doc.flags.ops_by_machine = True
	if take_as_valid and doc.issue_type and doc.ops_urgency:
		doc.ops_importance = frappe.db.get_value("Service Object", doc.ops_object, "importance")
		doc.ops_validity = "Valid" if doc.ops_importance else None
	with _whole():
		doc.insert(ignore_permissions=True)
	return doc.name


def statuses_of(names: list[str]) -> dict[str, str]:
	"""Request -> its status as it is committed by now, kept for us; locked in the order of their names."""
	if not names:
		return {}
	issue = frappe.qb.DocType(ISSUE)
	rows = frappe.qb.from_(issue).select(issue.name, issue.status).where(issue.name.isin(names)).orderby(issue.name).for_update().run()
	return {name: cstr(status) for name, status in rows}


def note(name: str, text: str) -> None:
	"""A line (plain text) on the request's timeline at the desk."""
	frappe.get_doc(ISSUE, name).add_comment("Info", escape_html(text))


def open_again(name: str) -> None:
	"""A result that is offered did not hold: the offer is taken back. NotPossible."""
	doc = frappe.get_doc(ISSUE, name, for_update=True)
	if doc.status == RESOLVED:
		issue_state.set_status(doc, OPEN)
		with _whole():
			doc.save(ignore_permissions=True)


def offer_result(name: str, text: str) -> bool:
	"""Resolve the request and offer its result to the customer, `text` (plain) where nobody has written one; False where it is
	over already. NotPossible where a rule asks for a person."""
	doc = frappe.get_doc(ISSUE, name, for_update=True)
	if doc.status not in ISSUE_OPEN:
		return False
	if doc.ops_validity != "Valid":
		raise NotPossible(_("it is not judged yet"))
	if not strip_html(cstr(doc.resolution_details)).strip():
		doc.resolution_details = f"<p>{escape_html(text)}</p>"
	issue_state.set_status(doc, RESOLVED)
	with _whole():
		doc.save(ignore_permissions=True)
	return True


def is_ended(status: str) -> bool:
	"""Whether nobody works on a request of that status any more."""
	return status in ISSUE_ENDED


@contextmanager
def _whole() -> Iterator[None]:
	"""What fails is taken back alone, and said; NotPossible."""
	frappe.db.savepoint("ops_machine")
	said = len(frappe.local.message_log)
	try:
		yield
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point="ops_machine")
		del frappe.local.message_log[said:]
		raise NotPossible(" ".join(strip_html(cstr(error)).split())[:500]) from error
