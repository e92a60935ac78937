"""What a visit leaves behind in ERPNext: Timesheets and a Stock Entry, offered or made by itself (7.2.d.3, 7.3.d.3).

Made by itself happens in a job after the engineer has left, so that nothing in ERPNext can hold up leaving; what is
not possible is noted on the visit, which offers it again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr

from ops_delivery.domain.visit import Phase
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import hours as visit_hours
from ops_delivery.services.visits import parts as visit_parts
from ops_delivery.services.visits.hours import NEVER, SETTINGS, WHEN_LEFT, NotPossible, wanted
from ops_delivery.services.visits.types import KINDS, SHEET, kind_of, locked, rank_of

TIMESHEETS, STOCK = "visit_timesheets", "visit_stock_entries"
SAVEPOINT = "ops_visit_record"
CAUGHT_UP_FOR = timedelta(days=3)
MOST = 50


def make_timesheets(doctype: str, name: str) -> list[str]:
	"""The Timesheets that are still missing, all or none, by the session's user; their names. NotPossible."""
	doc = _over(doctype, name)
	_check_wanted(TIMESHEETS)
	return [visit_hours.make(doc, row) for row in visit_hours.missing(doc)]


def issue_parts(name: str) -> str | None:
	"""The Stock Entry for what was used and not issued yet, by the session's user; its name. NotPossible."""
	doc = _over(SHEET, name)
	_check_wanted(STOCK)
	return visit_parts.make(doc, _submits())


def due(doc) -> None:
	"""A visit is over: what the settings want made by itself is made after this transaction."""
	if WHEN_LEFT in (wanted(TIMESHEETS), wanted(STOCK)):
		frappe.enqueue(
			"ops_delivery.services.visits.erpnext_records.make_by_itself",
			queue="short",
			job_id=f"ops_delivery_visit_records_{doc.name}",
			deduplicate=True,
			enqueue_after_commit=True,
			doctype=doc.doctype,
			name=doc.name,
		)


@in_site_language
def make_by_itself(doctype: str, name: str) -> None:
	"""Job: each Timesheet and the Stock Entry in a savepoint of its own; what is not possible is noted, once."""
	doc = frappe.get_doc(doctype, name, for_update=True)
	if rank_of(doc) < Phase.LEFT:
		return
	if wanted(TIMESHEETS) == WHEN_LEFT:
		for row in visit_hours.missing(doc):
			_attempt(
				doc,
				_("Timesheet", context="Ops Delivery"),
				visit_hours.make,
				doc,
				row,
				ignore_permissions=True,
			)
	if doctype == SHEET and wanted(STOCK) == WHEN_LEFT:
		done = not _submits() or _attempt(
			doc, _("Stock Entry", context="Ops Delivery"), visit_parts.make, doc, True, True
		)
		if not done or not _submits():  # what cannot be submitted waits as a draft for the store
			_attempt(
				doc,
				_("Stock Entry", context="Ops Delivery"),
				visit_parts.make,
				doc,
				False,
				ignore_permissions=True,
			)


@in_site_language
def catch_up() -> None:
	"""Scheduled hourly: visits whose job was lost, as far as they ended in the last days."""
	if WHEN_LEFT not in (wanted(TIMESHEETS), wanted(STOCK)):
		return
	for doctype, kind in KINDS.items():
		for name in frappe.get_all(
			doctype,
			filters={"status": ["in", kind.phases[4:]], "left_on": [">", site_now() - CAUGHT_UP_FOR]},
			pluck="name",
			order_by="left_on",
			limit=MOST,
		):
			make_by_itself(doctype, name)
			frappe.db.commit()  # nosemgrep: each visit by itself


def shown(doc) -> dict[str, Any] | None:
	"""What the panel of a visit that is over shows: what there is, and what can be made by the session's user."""
	if rank_of(doc) < Phase.LEFT:
		return None
	found: dict[str, Any] = {"timesheets": [], "entries": [], "may_time": False, "may_issue": False}
	if wanted(TIMESHEETS) != NEVER and frappe.has_permission("Timesheet", "read"):
		found["timesheets"] = [{**row, "label": _(row.status)} for row in visit_hours.timesheets(doc)]
		found["may_time"] = bool(visit_hours.missing(doc)) and frappe.has_permission("Timesheet", "create")
	if kind_of(doc).signed and wanted(STOCK) != NEVER and frappe.has_permission("Stock Entry", "read"):
		found["entries"] = [
			{
				"name": row.name,
				"label": _("Submitted") if row.docstatus else _("Draft", context="Ops Delivery"),
			}
			for row in visit_parts.entries(doc)
		]
		found["may_issue"] = bool(visit_parts.to_issue(doc)) and frappe.has_permission(
			"Stock Entry", "create"
		)
	return found


def _over(doctype: str, name: str):
	doc = locked(doctype, name)
	if rank_of(doc) < Phase.LEFT:
		frappe.throw(
			_("{0} is {1}. This is possible once it is {2}.").format(
				doc.name,
				frappe.bold(_(doc.status, context=doc.doctype)),
				frappe.bold(_(kind_of(doc).left, context=doc.doctype)),
			),
			NotPossible,
		)
	return doc


def _check_wanted(fieldname: str) -> None:
	if wanted(fieldname) == NEVER:
		frappe.throw(
			_("{0}: {1} is set in {2}. Change it there first.").format(
				frappe.bold(_(frappe.get_meta(SETTINGS).get_label(fieldname), context=SETTINGS)),
				_(NEVER),
				_(SETTINGS),
			),
			NotPossible,
		)


def _submits() -> bool:
	return bool(cint(frappe.get_cached_doc(SETTINGS).get("visit_stock_submit")))


def _attempt(doc, what: str, make, *args: Any, **kwargs: Any) -> bool:
	frappe.db.savepoint(SAVEPOINT)
	try:
		make(*args, **kwargs)
		return True
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_messages()
		_note(doc, _("{0} was not made: {1}").format(what, cstr(error)))
		return False


def _note(doc, text: str) -> None:
	"""A comment on the visit, unless it says the same already."""
	if not frappe.db.exists(
		"Comment",
		{
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"comment_type": "Info",
			"content": text,
		},
	):
		doc.add_comment("Info", text)
