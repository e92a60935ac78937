"""Which of the two rules measures an Issue: our Service Agreement or ERPNext's own SLA. Never both for one Issue.

After installing, ERPNext's rule stays; ours begins with each customer's first agreement in force, or by an administrator's
choice (permissions/switches.py). What a choice means is counted before it is saved, and undone without loss (clocks/takeover.py).
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from ops_delivery.permissions import switches
from ops_delivery.permissions.switches import (
	BY_CUSTOMER,
	GROUPS,
	IN_GROUPS,
	MESSAGES,
	OURS,
	PORTAL,
	RULE,
	THEIRS,
)
from ops_delivery.services.clocks import sla_rest as resting
from ops_delivery.services.clocks import takeover
from ops_delivery.services.scope import active_rules as every_save

__all__ = ("BY_CUSTOMER", "IN_GROUPS", "OURS", "THEIRS", "apply", "check", "give_back", "guard_sla")
CHOICES = {
	RULE: ("issue_rule", IN_GROUPS),
	MESSAGES: ("messages_for", GROUPS),
	PORTAL: ("portal_for", GROUPS),
}


def check(settings) -> None:
	"""Refuse settings the engine cannot work with."""
	_check_matrix(settings)
	_check_groups(settings)


def _check_matrix(settings) -> None:
	"""The default matrix stays one that can be asked: it gives priorities their order, and a priority where none is named."""
	before = settings.get_doc_before_save()
	was = before.default_matrix if before else None
	label = frappe.bold(_(settings.meta.get_label("default_matrix"), context=settings.doctype))
	if not settings.default_matrix and was:
		frappe.throw(_("{0} is missing. Choose one.").format(label))
	if settings.default_matrix and settings.default_matrix != was and not frappe.db.get_value(
		"Priority Matrix", settings.default_matrix, "enabled"
	):
		frappe.throw(
			_("{0}: {1} is switched off. Choose another one, or switch it on.").format(
				label, frappe.bold(escape_html(settings.default_matrix))
			)
		)


def _check_groups(settings) -> None:
	seen: set[str] = set()
	for row in settings.switch_groups:
		if row.customer_group in seen:
			frappe.throw(
				_("{0}, row {1}: {2} is there already. Tick what you want in one row.").format(
					frappe.bold(_(settings.meta.get_label("switch_groups"), context=settings.doctype)),
					row.idx,
					frappe.bold(row.customer_group),
				)
			)
		seen.add(row.customer_group)
	for feature, (fieldname, chosen) in CHOICES.items():
		if settings.get(fieldname) == chosen and not any(
			cint(row.get(feature)) for row in settings.switch_groups
		):
			label = frappe.get_meta("Customer Group Switch").get_label(feature)
			frappe.throw(
				_("{0}: {1} needs a group. Add one under {2} and tick {3}, or choose something else.").format(
					frappe.bold(_(settings.meta.get_label(fieldname), context=settings.doctype)),
					frappe.bold(_(chosen)),
					frappe.bold(_(settings.meta.get_label("switch_groups"), context=settings.doctype)),
					frappe.bold(_(label)),
				)
			)


def apply(settings) -> None:
	"""Switch ERPNext's SLAs for Issue off where every Issue is ours, or those we switched off on again; Issues' clocks
	and what was taken over follow in the background."""
	paused = json.loads(settings.paused_slas or "[]")
	if settings.issue_rule == OURS:
		names = _enabled_slas()
		_switch(names, 0)
		paused = sorted({*paused, *names})
	else:
		_switch([name for name in paused if frappe.db.exists("Service Level Agreement", name)], 1)
		paused = []
	stored = json.dumps(paused)
	if stored != (settings.paused_slas or "[]"):
		settings.db_set("paused_slas", stored, update_modified=False)
	every_save.forget()
	if _changed(settings) and not switches.rests():
		resting.later()


def give_back() -> None:
	"""On uninstall: ERPNext's SLAs are as they were, and Issues have what they had."""
	paused = json.loads(frappe.db.get_single_value(switches.SETTINGS, "paused_slas") or "[]")
	_switch([name for name in paused if frappe.db.exists("Service Level Agreement", name)], 1)
	takeover.give_back_all()


def guard_sla(doc, _method: str | None = None) -> None:
	"""doc_events Service Level Agreement.validate: no second rule for Issue while ours measures every one."""
	if (
		doc.enabled
		and doc.document_type == "Issue"
		and not frappe.flags.ops_switching_sla
		and switches.now().rule == OURS
	):
		frappe.throw(
			_(
				"Issues are measured by Service Agreements. To use an ERPNext SLA for them, choose {0} or {1} in {2} first."
			).format(
				frappe.bold(_(BY_CUSTOMER)),
				frappe.bold(_(THEIRS)),
				frappe.utils.get_link_to_form("Ops Delivery Settings", "Ops Delivery Settings"),
			),
			title=_("One rule only"),
		)


def _changed(settings) -> bool:
	before: Any = settings.get_doc_before_save()
	if not before:
		return False

	def chosen(doc):
		return doc.issue_rule, sorted(row.customer_group for row in doc.switch_groups if cint(row.rule))

	return chosen(before) != chosen(settings)


def _enabled_slas() -> list[str]:
	return frappe.get_all(
		"Service Level Agreement",
		filters={"document_type": "Issue", "enabled": 1},
		pluck="name",
		order_by="name",
	)


def _switch(names: list[str], enabled: int) -> None:
	frappe.flags.ops_switching_sla = True
	try:
		for name in names:
			frappe.db.set_value("Service Level Agreement", name, "enabled", enabled)
			frappe.clear_document_cache("Service Level Agreement", name)
	finally:
		frappe.flags.ops_switching_sla = False
