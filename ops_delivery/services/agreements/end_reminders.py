"""Reminders before an agreement ends: told to the person in charge in good time, once for each agreed day.

What is told, and to whom else, are Frappe Notifications on the key points below, which an administrator edits.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from ops_delivery.domain import agreement_life as domain
from ops_delivery.services.agreements import lifecycle as agreement_life
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.outbox import outbox as notices

ENDING, RENEWING = "ops_agreement_ending", "ops_agreement_renewing"
DEFAULT = "90, 30, 7"


def remind_due() -> list[str]:
	"""Daily: tell of the agreements that end in as many days as they, or the settings, ask for; the names.

	For one that renews itself the days count to the last one on which a party may object.
	A day that was missed is made up for on the next, and nobody is told twice of the same one.
	"""
	default = frappe.db.get_single_value("Ops Delivery Settings", "expiry_reminder_days") or DEFAULT
	told = []
	for name in frappe.get_all(
		"Service Agreement",
		filters={"docstatus": 1, "status": ["in", ["Active", "Suspended"]]},
		pluck="name",
		order_by="end_date",
	):
		doc = frappe.get_cached_doc("Service Agreement", name)
		left = (_day_to_act(doc) - getdate()).days
		due = domain.reminder_due(days(doc.remind_days or default), left, cint(doc.reminded_days))
		if not due or _is_followed(doc):
			continue
		doc = frappe.get_doc("Service Agreement", name)
		doc.db_set("reminded_days", due, update_modified=False)
		notices.post(
			"Service Agreement", name, RENEWING if agreement_life.renews(doc) else ENDING, facts(doc)
		)
		told.append(name)
	return told


def _day_to_act(doc) -> date:
	"""The day that reminders count to: with a renewal ahead the last one to object, else the last one it rules."""
	return agreement_life.objection_until(doc) if agreement_life.renews(doc) else agreements.last_day(doc)


def facts(doc) -> dict[str, Any]:
	"""What a message can say of the end: days left, last day, until when a party may object to a renewal."""
	last = agreements.last_day(doc)
	return {
		"days": (last - getdate()).days,
		"last_day": formatdate(last),
		"objection_until": formatdate(agreement_life.objection_until(doc)) if doc.auto_renew else "",
	}


def days(text: str) -> list[int]:
	"""The days of a setting like "90, 30, 7", the largest first. Chinese and ASCII separators are understood."""
	return sorted({int(number) for number in re.findall(r"\d+", text or "")} - {0}, reverse=True)


def check(doc) -> None:
	"""Refuse reminder days that cannot be read."""
	text = (doc.remind_days or "").strip()
	if text and (re.search(r"[^\d\s,;，、；]", text) or not days(text)):
		frappe.throw(
			_("{0}: {1} cannot be read. Enter days before the end, such as: 90, 30, 7.").format(
				frappe.bold(_("Remind before the end")), frappe.bold(frappe.utils.escape_html(text))
			)
		)


def _is_followed(doc) -> bool:
	"""Whether a signed agreement goes on where this one ends: nothing is left to be done."""
	return bool(
		frappe.db.exists("Service Agreement", {"predecessor": doc.name, "docstatus": 1})
		or any(
			agreements.last_day(later) > agreements.last_day(doc)
			for later in frappe.get_all(
				"Service Agreement",
				filters={
					"agreement_number": doc.agreement_number,
					"docstatus": 1,
					"version": [">", doc.version],
				},
				fields=agreements.PERIOD,
				order_by="version",
			)
		)
	)
