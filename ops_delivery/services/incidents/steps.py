"""What people do with a major-incident report: take the course from the records, open its measures as improvement actions (8.4.b.3, 5.5.b)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, getdate

from ops_delivery.domain import major as domain
from ops_delivery.permissions import steps
from ops_delivery.services.improvements.rules import DOCTYPE as ACTION
from ops_delivery.services.improvements.rules import LENGTH
from ops_delivery.services.incidents import proposing, records
from ops_delivery.services.incidents.rules import DOCTYPE, StepNotPossible
from ops_delivery.services.shared.site_time import site_now


def take_course(name: str) -> int:
	"""Add what the records tell and the report has not yet; how many lines were added. StepNotPossible once it is in review."""
	doc = _locked(name)
	if doc.status != domain.COMPILING:
		_refuse(doc, _("Its course is completed while it is compiled. Return it to the draft, or revise it."))
	known = {row.record_key for row in doc.timeline}
	new = [one for one in records.course(frappe.get_doc("Issue", doc.issue)) if one.key not in known]
	if new:
		doc.extend("timeline", proposing.timeline_rows(new))
		steps.take(doc).save()
	return len(new)


def open_measures(name: str) -> list[str]:
	"""An improvement action for each measure that has none yet; their names. Asked for twice, the second finds nothing to do."""
	doc = _locked(name)
	frappe.has_permission(ACTION, "create", throw=True)
	if doc.status == domain.CANCELLED:
		_refuse(doc, _("It is cancelled. Take it up again first."))
	made = []
	for row in doc.measures:
		if row.improvement:
			continue
		if row.due_date and getdate(row.due_date) < site_now().date():
			frappe.throw(
				_("{0}, row {1}: {2} has passed. Enter a later day.").format(
					_(doc.meta.get_label("measures"), context=DOCTYPE), row.idx, frappe.bold(row.get_formatted("due_date"))
				)
			)
		row.improvement = _action(doc, row)
		made.append(row.improvement)
	if made:
		steps.take(doc).save()
	return made


def states(name: str) -> list[dict[str, Any]]:
	"""The improvement actions of a report that the user may read: name, title, state, owner_user, due_date."""
	names = frappe.get_all("Major Incident Measure", {"parent": name, "improvement": ["is", "set"]}, pluck="improvement", order_by="idx")
	fields = ["name", "title", "state", "owner_user", "due_date"]
	return frappe.get_list(ACTION, {"name": ["in", names]}, fields, order_by="name") if names else []


def _action(doc: Any, row: Any) -> str:
	action = frappe.new_doc(ACTION)
	action.update(
		{
			"title": " ".join(cstr(row.measure).split())[:LENGTH],
			"finding": _("Major incident {0}: {1}").format(doc.issue, cstr(doc.title)),
			"cause": doc.root_cause,
			"customer": doc.customer,
			"agreement": doc.agreement,
			"service_object": doc.service_object,
			"owner_user": row.owner_user,
			"due_date": row.due_date,
			"source_doctype": DOCTYPE,
			"source_name": doc.name,
			"measures": [{"measure": row.measure, "owner_user": row.owner_user, "due_date": row.due_date, "state": "Open"}],
		}
	)
	return action.insert().name


def _locked(name: str) -> Any:
	doc = frappe.get_doc(DOCTYPE, name, for_update=True)
	doc.check_permission("write")
	return doc


def _refuse(doc: Any, way_out: str) -> None:
	frappe.throw(
		_("{0} is {1}. {2}").format(frappe.bold(doc.name), frappe.bold(_(doc.status, context=DOCTYPE)), way_out), StepNotPossible
	)
