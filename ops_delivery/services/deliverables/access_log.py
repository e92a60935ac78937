"""The access log of deliverables: who opened, printed, downloaded, was mailed, who was refused; nobody edits or deletes a line (8.2.c.2).

A line is written once the request is over and in a transaction of its own, so that a refusal, which takes back what its request
wrote, is on record, too. Bounded: opening the same again within ten minutes is one line, and lines go after five years.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import add_days, cstr

from ops_delivery.domain.deliverables import secrecy as acts
from ops_delivery.permissions import access_notes, evidence, secret_records, switches
from ops_delivery.services.shared import insert_many
from ops_delivery.services.shared.site_time import site_now

LOG, DELIVERABLE = "Deliverable Access Log", "Deliverable"
AGAIN_SECONDS = 600
KEPT_DAYS = 1827
MOST_DELETED = 10_000  # a night
PAGE = "/deliverables/"
SHUT = (403, 404)


def write(lines: list[access_notes.Line]) -> None:
	"""Write lines in this transaction: what was opened shortly before by the same person is one line."""
	new = [line for line in lines if line.act != access_notes.OPENED or _is_first(line)]
	moment = site_now().replace(microsecond=0)
	insert_many.insert(LOG, [{**line._asdict(), "done_on": moment} for line in new])


def settle() -> None:
	"""Write what waits and commit it, after what the request or job did is committed or taken back."""
	if not (waiting := access_notes.noted()):
		return
	lines, waiting[:] = list(waiting), []
	write(lines)
	frappe.db.commit()  # nosemgrep: nothing else is open any more


def after_request(response: Any = None, request: Any = None, **_more: Any) -> None:
	"""Hook: what waits is written. Whoever asked for one deliverable and was refused by its class is noted here, whatever the door."""
	if response is None or request is None or getattr(frappe.local, "db", None) is None:
		return
	if response.status_code in SHUT:
		_note_refused(request)
	if access_notes.noted():
		frappe.db.rollback()  # what a refused reading request left
		try:
			settle()
		except Exception:
			frappe.logger("ops_delivery").exception("access to deliverables could not be noted")


def after_job(**_more: Any) -> None:
	"""Hook: the same after a job."""
	settle()


def after_mail(queue: Any, _method: str | None = None) -> None:
	"""doc_events Email Queue.after_insert: to whom a deliverable is mailed; with the mail, or not at all."""
	for doc in queue.flags.ops_deliverables or ():
		for row in queue.recipients:
			access_notes.note(doc, access_notes.MAILED, cstr(row.recipient))
	if not getattr(frappe.local, "request", None):
		lines, waiting = list(access_notes.noted()), access_notes.noted()
		waiting[:] = []
		write(lines)


def purge() -> None:
	"""Daily: lines older than five years go, so many a night."""
	table = frappe.qb.DocType(LOG)
	old = add_days(site_now(), -KEPT_DAYS)
	frappe.qb.from_(table).delete().where(table.done_on < old).limit(MOST_DELETED).run()


def _note_refused(request: Any) -> None:
	doctype, name = evidence.asked(request.path)
	if request.path.startswith(PAGE):
		doctype, name = DELIVERABLE, request.path.removeprefix(PAGE)
	if doctype != DELIVERABLE or not isinstance(name, str) or not switches.uses(DELIVERABLE) or not frappe.db.exists(DELIVERABLE, name):
		return
	doc = frappe.get_doc(DELIVERABLE, name)
	if not any(line.act == access_notes.REFUSED and line.deliverable == name for line in access_notes.noted()):
		if not secret_records.may(doc, acts.OPEN):
			access_notes.note(doc, access_notes.REFUSED, access_notes.OPENED)


def _is_first(line: access_notes.Line) -> bool:
	key = "ops_access:" + ":".join((line.deliverable, line.user, line.what))
	if frappe.cache.get_value(key, expires=True):
		return False
	frappe.cache.set_value(key, 1, expires_in_sec=AGAIN_SECONDS)
	return True
