"""What the record that carries an activity out begins with, per record type (clause 5.3.a)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from ops_delivery.framework import task_end
from ops_delivery.services.shared.site_time import site_now

# ERPNext's words for how often, and the days it takes them for
PERIODICITY = {
	"Weekly": "Weekly",
	"Monthly": "Monthly",
	"Quarterly": "Quarterly",
	"Half-yearly": "Half Yearly",
	"Yearly": "Yearly",
}
DAYS = {
	"Daily": 1,
	"Weekly": 7,
	"Every Two Weeks": 14,
	"Monthly": 30,
	"Quarterly": 91,
	"Half-yearly": 182,
	"Yearly": 365,
}


def values(doc, plan, doctype: str, item: str | None, person: str | None) -> dict[str, Any]:
	text = doc.description or ""
	match doctype:
		case "Task":
			return {
				"subject": doc.subject[:140],
				"description": text,
				"exp_start_date": doc.planned_start,
				"exp_end_date": task_end(doc.planned_end),
				"project": plan.project,
				"is_milestone": doc.is_milestone,
			}
		case "Project":
			name = doc.subject
			if frappe.db.exists("Project", {"project_name": name}):
				name = f"{name[:120]} ({doc.name})"
			return {
				"project_name": name,
				"customer": plan.customer,
				"expected_start_date": doc.planned_start,
				"expected_end_date": doc.planned_end,
				"notes": text,
			}
		case "Issue":
			return {
				"subject": doc.subject[:140],
				"customer": plan.customer,
				"description": text,
				"ops_object": doc.service_object,
			}
		case "Service Handover":
			return {
				"subject": doc.subject[:140],
				"service_content": doc.service_content,
				"owner_user": doc.owner_user,
				# of work that is late already, whoever takes it on says by when
				"due_date": doc.planned_end if getdate(doc.planned_end) >= site_now().date() else None,
				"customer": plan.customer,
				"service_object": doc.service_object,
				"source_doctype": "Delivery Activity",
				"source_name": doc.name,
				"facts": text,
			}
		case "Maintenance Schedule" | "Maintenance Visit":
			return _maintenance_values(doc, plan, doctype, item, person)
	found = {
		"title": doc.subject,
		"customer": plan.customer,
		"agreement": plan.agreement,
		"company": plan.company,
		"currency": plan.currency,
		"owner_user": doc.owner_user or plan.owner_user,
		"start_date": doc.planned_start,
		"end_date": doc.planned_end,
		"service_object": doc.service_object,
		"description": text,
	}
	meta = frappe.get_meta(doctype)
	return {key: value for key, value in found.items() if value and meta.has_field(key)}


def _maintenance_values(doc, plan, doctype: str, item: str | None, person: str | None) -> dict[str, Any]:
	if not item:
		frappe.throw(
			_("{0}: choose the item that is maintained; ERPNext asks for one.").format(frappe.bold(_("Item")))
		)
	if doctype == "Maintenance Visit":
		if not person:
			frappe.throw(
				_("{0}: choose who goes; ERPNext asks for a sales person.").format(
					frappe.bold(_("Service Person"))
				)
			)
		return {
			"customer": plan.customer,
			"mntc_date": max(getdate(doc.planned_start), site_now().date()),
			"maintenance_type": "Scheduled",
			"completion_status": "Partially Completed",
			"purposes": [{"item_code": item, "service_person": person, "work_done": doc.subject}],
		}
	row = {
		"item_code": item,
		"start_date": doc.planned_start,
		"end_date": doc.planned_end,
		"periodicity": PERIODICITY.get(doc.frequency, "Random"),
		"no_of_visits": visits(doc.frequency, doc.planned_start, doc.planned_end),
		"sales_person": person,
	}
	return {"customer": plan.customer, "transaction_date": site_now().date(), "items": [row]}


def visits(frequency: str | None, start, end) -> int:
	"""How many visits of that frequency the period holds, at least one; ERPNext counts periods in the same days."""
	days = DAYS.get(frequency or "")
	return max(1, ((getdate(end) - getdate(start)).days + 1) // days) if days else 1
