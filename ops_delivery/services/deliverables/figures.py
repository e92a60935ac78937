"""What became of the deliverables that an agreement promises: in time, late, still to come (5.3.e)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cstr, getdate

from ops_delivery.domain.deliverables import life
from ops_delivery.services.agreements import promises
from ops_delivery.services.deliverables import opening
from ops_delivery.services.shared.site_time import site_now

DOCTYPE = "Deliverable"
MOST = 12  # of each promise, the latest ones


def of_agreement(agreement: str) -> list[dict[str, Any]]:
	"""The promises of an agreement version with what became of them, its other versions' included. Three queries.

	Each: title, when (in words), next (the day on which the next one is put on the list, None: none is), on_time, late (published),
	overdue (days), problem (why the next one could not be opened), and `rows`: name, title, due, status, timeliness, days_late; the latest first.
	"""
	rows = promises.of_agreements([agreement])
	fields = ["name", "title", "promise_key", "promise_slot", "due_date", "status", "timeliness", "published_on"]
	keys = sorted({row.promise_key for row in rows}) or [""]
	made = frappe.get_list(DOCTYPE, {"promise_key": ["in", keys]}, fields, order_by="due_date desc", limit_page_length=0)
	today = site_now().date()
	version = frappe.db.get_value(opening.AGREEMENT, agreement, ["name", "agreement_number"], as_dict=True)
	return [_told(row, [one for one in made if cstr(one.promise_slot).startswith(opening.slot(row, version, ""))], today) for row in rows]


def _told(row: Any, made: list[Any], today: Any) -> dict[str, Any]:
	lines = [
		{
			"name": one.name,
			"title": one.title,
			"due": one.due_date,
			"status": one.status,
			"timeliness": one.timeliness,
			"days_late": 0
			if one.status == life.CANCELLED
			else life.days_late(getdate(one.due_date), getdate(one.published_on) if one.published_on else None, today),
		}
		for one in made
	]
	return {
		"title": row.title,
		"when": promises.sentence(row),
		"next": row.make_on,
		"problem": row.problem if row.make_on else None,
		"on_time": sum(line["timeliness"] == life.ON_TIME for line in lines),
		"late": sum(line["timeliness"] == life.LATE for line in lines),
		"overdue": sum(bool(line["days_late"]) and not line["timeliness"] for line in lines),
		"more": max(0, len(lines) - MOST),
		"rows": lines[:MOST],
	}
