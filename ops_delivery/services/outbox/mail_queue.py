"""E-mails that we send: they go at once, as told late is not told, and say that a machine wrote them, so that no other
machine answers (RFC 3834)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.domain import mail_text
from ops_delivery.framework_jobs import scheduled_job_id
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import job_queue as queueing

AUTOMATIC = "Auto-Submitted: auto-generated"
MODULE = "Ops Delivery"
TEMPLATE = "ops_mail"
FLUSH = "frappe.email.queue.flush"


def hasten() -> None:
	"""Have Frappe work off its e-mail queue next. Call it after the commit; without Redis the scheduler does it later."""
	if frappe.are_emails_muted():
		return
	try:
		queueing.enqueue(FLUSH, queue="short", job_id=scheduled_job_id(FLUSH), deduplicate=True, at_front=True)
	except Exception:
		frappe.logger("ops_delivery").warning("the e-mail queue could not be hastened", exc_info=True)


def queue(message: str, **values: Any) -> Any:
	"""frappe.sendmail of a message (HTML) that no person wrote; its plain part says where its links lead, which Frappe's does
	not."""
	with sending():
		return frappe.sendmail(template=TEMPLATE, args={"message": message, "text": mail_text.of(message)}, **values)


@contextmanager
def sending() -> Iterator[None]:
	"""Within, every mail that is queued is one of ours, also where it is about no one record."""
	before, frappe.flags.ops_sends_mail = frappe.flags.ops_sends_mail, True
	try:
		yield
	finally:
		frappe.flags.ops_sends_mail = before


def mark_as_automatic(queue: Any, _method: str | None = None) -> None:
	"""doc_events Email Queue.before_insert: a mail about a record of ours that no person wrote says so in its headers."""
	message = cstr(queue.message)
	if not message or not is_about_ours(queue) or _is_written_by_a_person(queue):
		return
	head = message.replace("\r\n", "\n").partition("\n\n")[0].lower()
	if "\nauto-submitted:" not in f"\n{head}":
		queue.message = f"{AUTOMATIC}\n{message}"


def is_about_ours(queue: Any) -> bool:
	"""Whether a mail of the queue is about a record of ours, or sent by us about no one record."""
	doctype, name = queue.reference_doctype, queue.reference_name
	if not doctype:
		return bool(frappe.flags.ops_sends_mail)
	if doctype == ours.ISSUE:
		return bool(name) and ours.is_issue_ours(name)
	return frappe.get_meta(doctype).module == MODULE or bool(frappe.flags.ops_sends_mail)


def _is_written_by_a_person(queue: Any) -> bool:
	kind = queue.communication and frappe.db.get_value("Communication", queue.communication, "communication_type")
	return kind == "Communication" and not frappe.flags.ops_sends_mail
