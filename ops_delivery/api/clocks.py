"""Service clocks for the desk: what a form shows, and the administrator's repairs."""

import json
from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.gates import staff_only
from ops_delivery.permissions.role_names import MANAGERS
from ops_delivery.services.clocks import explanation, unmeasured
from ops_delivery.services.clocks import planning as clock_service
from ops_delivery.services.escalation import firing as escalation
from ops_delivery.services.escalation import sweep
from ops_delivery.services.shared.site_time import to_utc


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def panel(doctype: str, name: str) -> dict[str, Any]:
	"""All clocks of a record explained, what is not measured and why, and its escalations that nobody has acknowledged."""
	frappe.has_permission(doctype, "read", name, throw=True)
	frappe.has_permission("Service Clock", "read", throw=True)
	return {
		"clocks": explanation.explain_record(doctype, name),
		"not_measured": unmeasured.of_record(doctype, name),
		"escalations": _open_escalations({"reference_doctype": doctype, "reference_name": name}),
	}


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def explain(clock: str) -> dict[str, Any]:
	"""One clock explained, as `panel` answers, for readers of the clock and of its record."""
	row = check_clock(clock)
	return {
		"clocks": [explanation.explain(row.name)],
		"escalations": _open_escalations({"clock": row.name}),
	}


@frappe.whitelist(methods=["POST"])
@staff_only
def rebuild(doctype: str, name: str) -> list[dict[str, Any]]:
	"""Rebuild a record's clocks from their ledgers; what differed, in words. For delivery managers."""
	_only_managers()
	frappe.has_permission(doctype, "write", name, throw=True)
	meta = frappe.get_meta("Service Clock")
	return [
		{
			"clock": row["clock"],
			"commitment": row["commitment"],
			"label": _(meta.get_label(row["field"]), context=meta.name),
			"stored": _shown(meta, row["field"], row["stored"]),
			"rebuilt": _shown(meta, row["field"], row["rebuilt"]),
		}
		for row in clock_service.rebuild(doctype, name)
	]


@frappe.whitelist(methods=["POST"])
@staff_only
def retry(names: list | str) -> dict[str, Any]:
	"""Try failed triggers again with the next sweep. For delivery managers."""
	_only_managers()
	return {"retried": sweep.retry(as_list(names))}


def _only_managers() -> None:
	# not frappe.only_for: that one lets everybody pass while tests run
	if frappe.session.user != "Administrator" and not MANAGERS & set(frappe.get_roles()):
		frappe.throw(_("Only a delivery manager may do this."), frappe.PermissionError)


def check_clock(clock: str) -> frappe._dict:
	"""The record a clock measures; frappe.PermissionError unless the user may read both."""
	row = frappe.db.get_value(
		"Service Clock", clock, ["name", "reference_doctype", "reference_name"], as_dict=True
	)
	frappe.has_permission("Service Clock", "read", clock, throw=True)
	if not row:
		raise frappe.DoesNotExistError(_("There is no service clock {0}.").format(clock))
	frappe.has_permission(row.reference_doctype, "read", row.reference_name, throw=True)
	return row


def as_list(names: list | str) -> list[str]:
	"""A list of names, also where it comes as JSON or as one name."""
	if isinstance(names, str):
		names = json.loads(names) if names.startswith("[") else [names]
	return [str(name) for name in names]


def _open_escalations(filters: dict[str, Any]) -> list[dict[str, Any]]:
	logs = frappe.get_all(
		"Escalation Log",
		filters={**filters, "acknowledged": 0},
		fields=["name", "kind", "step", "commitment", "fired_on", "reference_doctype", "reference_name"],
		order_by="fired_on desc",
		limit=20,
	)
	told: dict[str, list[str]] = {}
	if logs:
		for row in frappe.get_all(
			"Escalation Log Recipient",
			filters={"parent": ["in", [log.name for log in logs]], "parenttype": "Escalation Log"},
			fields=["parent", "user", "email"],
			order_by="parent, idx",
		):
			person = frappe.utils.get_fullname(row.user) if row.user else row.email
			if person not in told.setdefault(row.parent, []):
				told[row.parent].append(person)
	allowed = escalation.may_acknowledge(logs)
	return [
		{
			"name": log.name,
			"may_acknowledge": log.name in allowed,
			"kind": log.kind,
			"step": log.step,
			"commitment": log.commitment,
			"fired": to_utc(log.fired_on).isoformat() if log.fired_on else None,
			"told": told.get(log.name, []),
		}
		for log in logs
	]


def _shown(meta, fieldname: str, value: Any) -> str:
	if value is None:
		return ""
	if meta.get_field(fieldname).fieldtype == "Select":
		return _(str(value))
	return str(frappe.format(value, meta.get_field(fieldname)))
