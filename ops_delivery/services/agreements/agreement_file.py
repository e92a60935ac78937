"""A Service Agreement as the agreement file that the replay reads (docs/agreement-file.md; clauses 5.2.a, 6.3.b)."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, flt, getdate

from ops_delivery.services.agreements import amounts
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.reviews import readership
from ops_delivery.services.rules import rule_versions as versions

# what it is made of
FILE_FIELDS = frozenset({"calendar", "priority_matrix", "default_priority", "escalation_policy", "targets", "amounts"})
FILE_TABLES = frozenset({"targets", "amounts"})


def export_json(name: str) -> dict[str, Any]:
	"""The agreement file of a version: what the replay command reads (docs/agreement-file.md)."""
	doc = frappe.get_doc("Service Agreement", name)
	hidden = readership.hidden(doc)
	fields = FILE_FIELDS & hidden.get("", set()) | FILE_TABLES & hidden.keys()
	if fields:  # a file without them would be another agreement
		raise frappe.PermissionError(
			_("The agreement file holds {0}, which your field level does not let you read. Ask whoever may.").format(
				", ".join(sorted(_(doc.meta.get_label(field), context=doc.doctype) for field in fields))
			)
		)
	return file_of(doc)


def file_of(doc) -> dict[str, Any]:
	"""The agreement file of a document, saved or not."""
	used = sorted({doc.calendar, *(row.calendar for row in doc.targets if row.calendar)})
	policy_version = versions.current("Escalation Policy", doc.escalation_policy)
	policy = versions.content(policy_version)
	return {
		"format": "ops_delivery.agreement/1",
		"agreement": doc.agreement_number or doc.name or "",
		"version": doc.version or 1,
		"title": doc.title or "",
		"customer": doc.customer_name or doc.customer,
		"period": {"start": str(doc.start_date), "end": str(_end_of_file(doc))},
		"calendar": doc.calendar,
		"calendars": {calendar: _calendar_content(calendar) for calendar in used},
		"priorities": [
			row.priority for row in frappe.get_cached_doc("Priority Matrix", doc.priority_matrix).priorities
		],
		"default_priority": doc.default_priority,
		"targets": [
			{
				"commitment": row.commitment,
				"priority": row.priority,
				"target": int(row.target or 0),
				**({"calendar": row.calendar} if row.calendar else {}),
			}
			for row in doc.targets
		],
		"escalation": {
			"policy": doc.escalation_policy,
			"version": frappe.db.get_value("Rule Version", policy_version, "revision"),
			"steps": [
				{
					"key": step["step_name"],
					"kind": step["kind"],
					"moment": step["moment"],
					"basis": step["basis"],
					"amount": step["amount"],
					"commitments": [step["commitment"]] if step.get("commitment") else [],
					"priorities": [step["priority"]] if step.get("priority") else [],
					"repeat_minutes": step.get("repeat_minutes") or 0,
					"max_repeats": step.get("max_repeats") or 0,
				}
				for step in policy["steps"]
			],
		},
		**({"amounts": [_amount(row) for row in doc.amounts]} if doc.get("amounts") else {}),
	}


def _amount(row) -> dict[str, Any]:
	"""A promised amount; what cannot be is said by the form's own rules (services/agreements/amounts.py)."""
	limited = not cint(row.unlimited)
	known = {
		"what": row.title,
		"unit": (row.unit or "").strip() or row.counts,
		"per": amounts.PERIODS.get(row.per, row.per),
		"amount": flt(row.quantity) if limited else None,
		"carry_periods": cint(row.carry_periods) if limited else None,
		"carry_most": flt(row.carry_most) or None if limited else None,
		"warn_at": flt(row.warn_at) or None if limited else None,
	}
	return {key: value for key, value in known.items() if value is not None}


def _end_of_file(doc) -> date:
	"""The last day by which a file's reader measures; one ended before it began has its first day alone."""
	if doc.docstatus != 1:
		return doc.end_date
	return max(agreements.last_day(doc), getdate(doc.start_date))


def _calendar_content(name: str) -> dict[str, Any]:
	content = dict(versions.content(versions.current("Service Calendar", name)))
	content.pop("name", None)
	return content
