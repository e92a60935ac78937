"""The record that carries a handover on: which types it may be, and what of the facts goes where.

Clauses 6.2.d, 6.3.i, 6.4.g, 6.5.f.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.desk.form import assign_to

from ops_delivery.framework import task_end
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.shared.site_time import site_now

# the record types a handover may open; the first of a content is proposed
TARGETS = {
	"Routine Operation": ("Task", "Project"),
	"Response Support": ("Issue",),
	"Optimization and Improvement": ("Optimization Plan", "Project", "Task"),
	"Consultation and Evaluation": ("Consulting Plan", "Task", "Project"),
}


def make(handover, doctype: str, by_rule: bool = False):
	"""Insert the record of that type with the handover's facts, and assign it to the owner. `by_rule`: not for the session's user.

	frappe.ValidationError where the service content opens no such record, or it cannot be made without a customer.
	"""
	if doctype not in TARGETS.get(handover.service_content, ()):
		frappe.throw(
			_(
				"Carried on in: {0} can be opened as {1}. Link any other record by choosing an existing one."
			).format(
				_(handover.service_content),
				", ".join(_(target) for target in TARGETS.get(handover.service_content, ())),
			)
		)
	values = VALUES[doctype](handover)
	target = frappe.get_doc({"doctype": doctype, **values})
	if target.meta.has_field("company") and not target.get("company"):
		target.company = _company(handover)
	target.insert(ignore_permissions=by_rule)
	if handover.owner_user and handover.owner_user != frappe.session.user:
		assign(target, handover.owner_user)
	return target


def assign(doc, user: str, due: str | None = None) -> None:
	"""Assign a record to a user, by a day where there is one; nothing where that stands already."""
	assign_to.add(
		{
			"doctype": doc.doctype,
			"name": doc.name,
			"assign_to": [user],
			"date": due,
			"description": doc.get("subject") or doc.get("title") or doc.get("project_name"),
		},
		ignore_permissions=True,
	)


def _task(handover) -> dict[str, Any]:
	return {
		"subject": handover.subject,
		"description": handover.facts,
		"exp_end_date": task_end(handover.due_date),
		"issue": handover.source_name if handover.source_doctype == "Issue" else None,
	}


def _project(handover) -> dict[str, Any]:
	name = handover.subject
	if frappe.db.exists("Project", {"project_name": name}):
		name = f"{name[:120]} ({handover.name})"
	return {
		"project_name": name,
		"customer": handover.customer,
		"expected_end_date": handover.due_date,
		"notes": handover.facts,
	}


def _issue(handover) -> dict[str, Any]:
	return {
		"subject": handover.subject,
		"customer": handover.customer,
		"description": handover.facts,
		"ops_object": handover.service_object,
	}


def _plan(handover) -> dict[str, Any]:
	if not handover.customer:
		frappe.throw(
			_(
				"Customer: the handover {0} names none, and a plan is made for a customer. Enter it there first."
			).format(frappe.bold(handover.name or handover.subject)),
			title=_("Customer missing"),
		)
	return {
		"title": handover.subject,
		"customer": handover.customer,
		"agreement": agreements.find(handover.customer, site_now().date(), handover.service_object),
		"owner_user": handover.owner_user,
		"background": handover.facts,
	}


def _optimization_plan(handover) -> dict[str, Any]:
	return {**_plan(handover), "service_object": handover.service_object}


def _consulting_plan(handover) -> dict[str, Any]:
	topics = [{"topic": handover.subject, "service_object": handover.service_object}]
	return {**_plan(handover), "topics": topics if handover.service_object else []}


VALUES = {
	"Task": _task,
	"Project": _project,
	"Issue": _issue,
	"Optimization Plan": _optimization_plan,
	"Consulting Plan": _consulting_plan,
}


def _company(handover) -> str | None:
	if handover.source_name and frappe.get_meta(handover.source_doctype).has_field("company"):
		company = frappe.db.get_value(handover.source_doctype, handover.source_name, "company")
		if company:
			return company
	return frappe.defaults.get_user_default("Company")
