"""Planning a visit or session from a request, a task or a plan's activity: what they know is filled in."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.services.scope import record_parties
from ops_delivery.services.shared.locale import plain_lines
from ops_delivery.services.visits import engineers as dispatch_people
from ops_delivery.services.visits import issue_link as visit_issue
from ops_delivery.services.visits.types import KINDS, SHEET

SOURCES = ("Issue", "Task", "Delivery Activity", "Maintenance Visit", "Routine Task")


def values_from(doctype: str, source_doctype: str, source_name: str) -> dict[str, Any]:
	"""The fields of a new visit or session because of a record, for the form to open with; nothing is saved."""
	if doctype not in KINDS or source_doctype not in SOURCES:
		frappe.throw(
			_("{0} cannot be planned from {1}.").format(
				escape_html(_(cstr(doctype))), escape_html(_(cstr(source_doctype)))
			)
		)
	source = frappe.get_doc(source_doctype, source_name)
	found = {
		"reference_doctype": source_doctype,
		"reference_name": source.name,
		"title": cstr(source.get("subject") or source.get("title") or source.name)[:140],
		"company": source.get("company"),
		"customer": record_parties.customer_of(source),
		**_more(source, doctype),
	}
	if found.get("title") and not found.get("work_content"):
		found["work_content"] = found["title"]
	return {field: value for field, value in found.items() if value}


def _more(source, doctype: str) -> dict[str, Any]:
	if source.doctype == "Issue":
		contact = source.get("contact")
		return {
			"owner_user": _engineer_of(source),
			"promised_on": visit_issue.arrival_promised(source.name) if doctype == SHEET else None,
			"service_object": record_parties.object_of(source),
			"agreement": record_parties.agreement_of(source),
			"service_content": "Response Support",
			"work_content": _plain(source.description) or source.subject,
			"contact_person": frappe.db.get_value("Contact", contact, "full_name") if contact else None,
			"contact_phone": frappe.db.get_value("Contact", contact, "mobile_no") if contact else None,
		}
	if source.doctype == "Delivery Activity":
		return {
			"service_object": source.get("service_object"),
			"service_content": source.get("service_content"),
			"owner_user": source.get("owner_user"),
			"work_content": _plain(source.get("description")),
		}
	if source.doctype == "Task":
		return {"work_content": _plain(source.get("description")), "service_content": "Routine Operation"}
	if source.doctype == "Routine Task":
		return _of_round(source)
	return {"service_content": "Routine Operation"}


def _of_round(task) -> dict[str, Any]:
	"""Routine work that is done on site as a visit: its objects, its day at nine, and whoever does it."""
	said = frappe.db.get_value("Routine Schedule", task.schedule, "content") if task.schedule else None
	names = [row.service_object for row in task.objects]
	theirs = set(frappe.get_all("Service Object", {"name": ["in", names or [""]], "customer": task.customer}, pluck="name"))
	rows = [row for row in task.objects if row.service_object in theirs]  # not what another customer has by now
	objects = [cstr(row.object_name or row.service_object) for row in rows]
	return {
		"service_object": rows[0].service_object if rows else None,
		"agreement": task.agreement,
		"service_content": "Routine Operation",
		"owner_user": task.assigned_to,
		"work_content": "\n".join(filter(None, [_plain(said), *objects])),
		"planned_start": f"{task.planned_on} 09:00:00",
	}


def _engineer_of(issue) -> str | None:
	"""Who goes: of those the request is assigned to the first who is dispatched, else whoever plans, if they are."""
	assigned = frappe.get_all(
		"ToDo",
		filters={"reference_type": "Issue", "reference_name": issue.name, "status": "Open"},
		pluck="allocated_to",
		order_by="creation",
	)
	candidates = [user for user in (*assigned, frappe.session.user) if user]
	role, person = frappe.qb.DocType("Has Role"), frappe.qb.DocType("User")
	engineers = set(
		(
			frappe.qb.from_(role)
			.inner_join(person)
			.on(person.name == role.parent)
			.select(role.parent)
			.where((role.parenttype == "User") & role.parent.isin(candidates) & role.role.isin(dispatch_people.ROLES))
			.where(person.enabled == 1)  # who has left goes nowhere
		).run(pluck=True)
	)
	return next((user for user in candidates if user in engineers), None)


def _plain(html: str | None) -> str:
	return plain_lines(html)[:2000]
