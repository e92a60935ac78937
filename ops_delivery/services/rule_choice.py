"""Which of the two rules measures an Issue: our Service Agreement or ERPNext's own SLA. Never both."""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.services import definitions, every_save, resting
from ops_delivery.services.every_save import OURS, THEIRS


def check(settings) -> None:
	"""Refuse settings the engine cannot work with."""
	for fieldname, least in (
		("sweep_batch", 1),
		("retry_limit", 1),
		("link_days", 1),
		("reminder_days", 1),
		("lag_alarm_seconds", 61),
	):
		if cint(settings.get(fieldname)) < least:
			frappe.throw(
				_("{0}: {1} is too small. Enter {2} or more.").format(
					frappe.bold(_(settings.meta.get_label(fieldname))), cint(settings.get(fieldname)), least
				)
			)


def apply(settings) -> None:
	"""Switch ERPNext's SLAs for Issue off, or those we switched off on again; Issues' clocks rest or go on."""
	paused = json.loads(settings.paused_slas or "[]")
	if settings.issue_rule == OURS:
		names = frappe.get_all(
			"Service Level Agreement",
			filters={"document_type": "Issue", "enabled": 1},
			pluck="name",
			order_by="name",
		)
		_switch(names, 0)
		paused = sorted({*paused, *names})
	else:
		_switch([name for name in paused if frappe.db.exists("Service Level Agreement", name)], 1)
		paused = []
	settings.db_set("paused_slas", json.dumps(paused), update_modified=False)
	every_save.forget()
	if settings.has_value_changed("issue_rule"):
		resting.later()


def give_back() -> None:
	"""On uninstall: ERPNext's SLAs are as they were."""
	paused = json.loads(frappe.db.get_single_value("Ops Delivery Settings", "paused_slas") or "[]")
	_switch([name for name in paused if frappe.db.exists("Service Level Agreement", name)], 1)


def guard_sla(doc, _method: str | None = None) -> None:
	"""doc_events Service Level Agreement.validate: no second rule for Issue while ours measures it."""
	if (
		doc.enabled
		and doc.document_type == "Issue"
		and not frappe.flags.ops_switching_sla
		and every_save.asked().rules_issues
	):
		frappe.throw(
			_(
				"Issues are measured by Service Agreements. To use an ERPNext SLA for them, choose {0} in {1} first."
			).format(
				frappe.bold(_(THEIRS)),
				frappe.utils.get_link_to_form("Ops Delivery Settings", "Ops Delivery Settings"),
			),
			title=_("One rule only"),
		)


def _switch(names: list[str], enabled: int) -> None:
	frappe.flags.ops_switching_sla = True
	try:
		for name in names:
			frappe.db.set_value("Service Level Agreement", name, "enabled", enabled)
			frappe.clear_document_cache("Service Level Agreement", name)
	finally:
		frappe.flags.ops_switching_sla = False
