"""A request and its visits: arrivals feed its clocks, and it does not end before they do (5.3.c–d, 7.2.d.3, 7.3.d.3)."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_datetime

from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.domain.visit import Phase
from ops_delivery.permissions import switches
from ops_delivery.services.clocks import measured_moments as moments
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.visits import leftovers as visit_leftovers
from ops_delivery.services.visits.types import KINDS, MORE_TO_DO, SHEET, rank_of


def follow(doc) -> None:
	"""After a visit was written: its request has on-site support, the first departure and arrival, and a note at the end."""
	if doc.reference_doctype != "Issue" or not doc.reference_name:
		return
	before = doc.get_doc_before_save()
	if doc.doctype == SHEET and _moved(doc, before):
		_feed(doc)
	if doc.doctype == SHEET and not before and not doc.promised_on:
		if promised := arrival_promised(doc.reference_name):  # by the clock that planning it may just have started
			doc.db_set("promised_on", promised.replace(second=0, microsecond=0), update_modified=False)
	if rank_of(doc) == Phase.LEFT and before and before.status != doc.status:
		frappe.get_doc("Issue", doc.reference_name).add_comment("Info", _told(doc))


def arrival_promised(issue: str) -> datetime | None:
	"""Until when a request is promised somebody on site: what its clock of the arrival says, whatever it is called."""
	clocks = frappe.get_all(
		"Clock Definition",
		filters={"document_type": "Issue", "meet_at_field": "ops_arrived_on"},
		pluck="name",
		order_by="name",
	)
	running = {
		"reference_doctype": "Issue",
		"reference_name": issue,
		"clock_definition": ["in", clocks],
		"state": "Running",
	}
	return frappe.db.get_value("Service Clock", running, "due_on", order_by="due_on")


def validate(issue, _method: str | None = None) -> None:
	"""doc_events Issue.validate: no end while a leftover blocks it, or the last visit says more is to do."""
	if not switches.uses("Service Leftover", *KINDS):
		return
	before = issue.get_doc_before_save()
	if issue.status not in ISSUE_ENDED or not before or before.status == "Closed" or issue.status == before.status:
		return
	if issue.get("ops_validity") == "Invalid":
		return
	if frappe.get_cached_doc("Ops Delivery Settings").get("leftovers_block"):
		_refuse_leftovers(issue)
	_refuse_unfinished(issue)


def visits_of(issue: str) -> list[frappe._dict]:
	"""The visits and sessions of a request that were not cancelled, in the order they were planned."""
	found = []
	for doctype in KINDS:
		found += [
			frappe._dict(row, doctype=doctype)
			for row in frappe.get_all(
				doctype,
				filters={
					"reference_doctype": "Issue",
					"reference_name": issue,
					"status": ["!=", "Cancelled"],
				},
				fields=["name", "title", "status", "outcome", "arrived_on", "creation"],
				order_by="creation",
			)
		]
	return sorted(found, key=lambda row: get_datetime(row.creation))


def _moved(doc, before) -> bool:
	watched = ("departed_on", "arrived_on", "reference_name")
	return not before or any(str(before.get(field)) != str(doc.get(field)) for field in watched)


def _feed(doc) -> None:
	issue = frappe.get_doc("Issue", doc.reference_name, for_update=True)
	if issue.status in ISSUE_ENDED or not issue.meta.has_field("ops_onsite"):
		return
	changed = not issue.ops_onsite
	issue.ops_onsite = 1
	for field, value in (("ops_departed_on", doc.departed_on), ("ops_arrived_on", doc.arrived_on)):
		early = field == "ops_departed_on" and value and get_datetime(value) < (moments.reported(issue) or get_datetime(value))
		if value and not issue.get(field) and not early:  # who was on the way before the report was not sent by it
			issue.set(field, value)
			changed = True
	if (
		issue.ops_departed_on
		and issue.ops_arrived_on
		and get_datetime(issue.ops_arrived_on) < get_datetime(issue.ops_departed_on)
	):
		issue.ops_departed_on = None  # somebody noted a later departure by hand; the arrival is the evidence
	if changed:
		issue.save(ignore_permissions=True)


def _told(doc) -> str:
	done = ", ".join(f"{cstr(row.work)} ({_(row.state, context=row.doctype)})" for row in doc.work_items)
	return "<br>".join(
		escape_html(line)
		for line in (
			_("{0} {1}: {2}").format(_(doc.doctype), doc.name, _(cstr(doc.outcome))),
			_("Arrived {0}, left {1}, {2} hours").format(
				moment(doc.arrived_on), moment(doc.left_on), f"{doc.hours_on_site:g}"
			),
			done,
			cstr(doc.outcome_note),
		)
		if line
	)


def _refuse_leftovers(issue) -> None:
	rows = visit_leftovers.blocking(issue.name)
	if rows:
		frappe.throw(
			_("{0} cannot be {1} while these leftovers are open:").format(
				issue.name, frappe.bold(_(issue.status, context="Issue"))
			)
			+ "<ul>"
			+ "".join(f"<li>{row.name}: {escape_html(row.subject)}</li>" for row in rows)
			+ "</ul>"
			+ _("Solve or waive them, or take {0} off where both parties agree.").format(
				frappe.bold(_("Blocks closing"))
			),
			title=_("Leftovers are open"),
		)


def _refuse_unfinished(issue) -> None:
	rows = visits_of(issue.name)
	for row in rows:
		kind = KINDS[row.doctype]
		if Phase.PRESENT <= kind.rank(row.status) < Phase.LEFT:
			frappe.throw(
				_("{0} cannot be {1}: {2} is {3}.").format(
					issue.name,
					frappe.bold(_(issue.status, context="Issue")),
					row.name,
					frappe.bold(_(row.status, context=row.doctype)),
				),
				title=_("A visit is under way"),
			)
	begun = [row for row in rows if row.outcome]
	if begun and begun[-1].outcome == MORE_TO_DO:
		frappe.throw(
			_(
				"{0} cannot be {1}: after {2} more is to do. Plan another visit or session, and finish the job with it."
			).format(issue.name, frappe.bold(_(issue.status, context="Issue")), begun[-1].name),
			title=_("The job is not done"),
		)
