"""What the customer sees of deliverables: those published for them, with their files (8.2.b, 5.3.e).

Texts come out plain; the pages escape them. A file is fetched through an endpoint of ours, which asks whose it is each time.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, getdate

from ops_delivery.domain.deliverables import life
from ops_delivery.domain.deliverables import secrecy as acts
from ops_delivery.domain.service_report.life import CONFIRMED
from ops_delivery.permissions import access_notes, owned_rows, ownership, secret_records
from ops_delivery.services.deliverables import files, ways_out
from ops_delivery.services.portal import incident_reports
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import moment, text

DOCTYPE = files.DOCTYPE
MOST, LAST_PAGE = 100, 1000  # on a page; so that a number in an address asks for no more
SURVEY, REPORT = "Service Survey", "Service Report"
MOST_REPORTS = 36
FIELDS = ("name", "title", "deliverable_type", "due_date", "published_on", "timeliness", "kind", "redacted_from")


def listed(user: str, page: int = 1) -> dict[str, Any]:
	"""The published deliverables of the customers all of whose records the user sees, the newest first, page by page:
	{rows, page, has_next}. One query."""
	page = min(max(page, 1), LAST_PAGE)
	table = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(table)
		.select(*[table[field] for field in FIELDS])
		.where(owned_rows.deliverables_visible(table, user))
		.orderby(table.published_on, order=frappe.qb.desc)
		.orderby(table.name, order=frappe.qb.desc)
		.limit(MOST + 1)
		.offset((page - 1) * MOST)
	).run(as_dict=True)
	return {"rows": [_line(row) for row in rows[:MOST]], "page": page, "has_next": len(rows) > MOST and page < LAST_PAGE}


def reports(user: str) -> list[dict[str, Any]]:
	"""The service reports published for the customers all of whose records the user sees, the newest period first. One query."""
	table = frappe.qb.DocType(REPORT)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.title, table.status, table.published_on)
		.where(owned_rows.reports_visible(table, user))
		.orderby(table.period_to, order=frappe.qb.desc)
		.orderby(table.name, order=frappe.qb.desc)
		.limit(MOST_REPORTS)
	).run(as_dict=True)
	return [
		{
			"path": f"/agreements/{quote(row.name)}",
			"name": row.name,
			"title": text(row.title),
			"when": _("Published on {0}").format(moment(row.published_on)),
			"state": {"text": _(row.status, context=REPORT), "tone": "closed" if row.status == CONFIRMED else "open"},
		}
		for row in rows
	]


def deliverable(name: str, user: str) -> dict[str, Any]:
	"""One deliverable for its page. frappe.PermissionError if the user may not see it."""
	doc = visible(name, user)
	title = frappe.db.get_value("Service Agreement", doc.agreement, "title") if doc.agreement else ""
	access_notes.note(doc, access_notes.OPENED)
	has_files = secret_records.may(doc, acts.DOWNLOAD, user)
	return {
		**_line(doc),
		"content": text(doc.content),
		"people": text(doc.audience_people),
		"agreement": {"title": text(title), "path": f"/agreements/{doc.agreement}"} if doc.agreement else None,
		"period": _("{0} to {1}", context="Ops Delivery").format(wording.day(doc.period_from), wording.day(doc.period_to))
		if doc.period_from and doc.period_to
		else "",
		"version": doc.version,
		"redactions": [{"place": text(row.place), "removed": text(row.removed), "why": text(row.why)} for row in doc.redactions],
		"security_class": _(cstr(doc.security_class), context="Service Security Class"),
		"files": [
			{"name": _file_name(row), "note": text(row.note), "url": _address(doc.name, row.name)} for row in doc.files if doc.kind == life.TANGIBLE and has_files
		],
		"results": _results(doc, user) if doc.kind == life.INTANGIBLE else [],
		"shortfall": text(doc.shortfall),
		"incident": incident_reports.of(doc.name),
	}


def file(name: str, row: str, user: str) -> tuple[str, bytes]:
	"""Name and bytes of the file of a row of a deliverable that the user may see. frappe.PermissionError else;
	files.OtherContent where they are not what was published."""
	doc = visible(name, user)
	secret_records.check(doc, acts.DOWNLOAD, user)
	found = files.handed_out(doc, row)
	if not found:
		raise frappe.PermissionError(_("There is no such file on {0}.").format(escape_html(doc.name)))
	return ways_out.handed_out(doc, *found)


def visible(name: str, user: str) -> Any:
	"""The deliverable if the user may see it; the same answer whether it is another's or does not exist."""
	if name and not ownership.is_staff(user) and frappe.db.exists(DOCTYPE, name):
		doc = frappe.get_doc(DOCTYPE, name)
		if ownership.may_see(doc, user):
			return doc
	raise frappe.PermissionError(_("There is no deliverable {0} that you can see.").format(escape_html(cstr(name))))


def _line(row: Any) -> dict[str, Any]:
	late = life.days_late(getdate(row.due_date) if row.due_date else None, getdate(row.published_on), getdate(row.published_on))
	state = {"text": _(row.timeliness, context=DOCTYPE), "tone": "waiting" if late else "closed"} if row.timeliness else None
	return {
		"path": f"/deliverables/{quote(row.name)}",
		"name": row.name,
		"title": text(row.title),
		"type": _(row.deliverable_type, context="Deliverable Type"),
		"when": _("Published on {0}").format(moment(row.published_on)),
		"due": _("Due {0}").format(wording.day(row.due_date)) if row.due_date else "",
		"state": state,
		"redacted": bool(row.redacted_from),
	}


def _results(doc: Any, user: str) -> list[dict[str, Any]]:
	"""What proves a result. What one person answered is shown to them; their colleagues see whether it was met."""
	shown = []
	for row in doc.records:
		if not row.verdict:
			continue
		met = row.verdict == "Met"
		if row.record_doctype == SURVEY and not _may_see_survey(row.record_name, user):
			shown.append({"title": _("Satisfaction survey"), "measure": _("met") if met else "", "target": "", "met": met})
		else:
			shown.append({"title": text(row.record_title), "measure": text(row.measure), "target": text(row.target), "met": met})
	return shown


def _may_see_survey(name: str, user: str) -> bool:
	return bool(frappe.db.exists(SURVEY, name)) and ownership.may_see(frappe.get_doc(SURVEY, name), user)


def _file_name(row: Any) -> str:
	return cstr(row.file).rpartition("/")[2]


def _address(name: str, row: str) -> str:
	return f"/api/method/ops_delivery.api.deliverables.file?name={quote(name)}&row={quote(row)}"
