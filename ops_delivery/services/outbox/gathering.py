"""News for the customer that come within seconds are one mail (6.3.f): received, taken on, in good hands.

Such a notice waits a little (Ops Delivery Settings). When it is sent while a later one of the same record waits, the customer's
mail is left to that one, which says what both say; whoever else is told is told as ever.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.permissions import switches

DOCTYPE = "Service Notice"
GATHERED = ("ops_received", "ops_accepted", "ops_dispatched")
# what tells the customer something else brings out at once what still waits, so that nothing comes in the wrong order
BRINGS_OUT = (
	"ops_invalid",
	"ops_on_the_way",
	"ops_arrived",
	"ops_paused",
	"ops_resumed",
	"ops_resolved",
	"ops_closed",
)


def seconds(key_point: str) -> int:
	"""How long a notice of a key point waits for another one."""
	return switches.now().gather_seconds if key_point in GATHERED else 0


def bring_out(doctype: str, name: str, key_point: str, now: Any) -> None:
	"""Have what waits for a record sent before the notice that is just being written."""
	if key_point not in BRINGS_OUT:
		return
	notice = frappe.qb.DocType(DOCTYPE)
	(
		frappe.qb.update(notice)
		.set(notice.run_at, now)
		.where((notice.reference_doctype == doctype) & (notice.reference_name == name))
		.where((notice.state == "Pending") & notice.key_point.isin(GATHERED) & (notice.run_at > now))
	).run()


def later(row: Any) -> str | None:
	"""The notice to which the customer's mail of this one is left; None where none waits, or it mails the customer nothing."""
	if not seconds(row.key_point) or cint(row.attempts):
		return None
	following = GATHERED[GATHERED.index(row.key_point) + 1 :]
	waiting = following and frappe.get_all(
		DOCTYPE,
		filters={
			"reference_doctype": row.reference_doctype,
			"reference_name": row.reference_name,
			"key_point": ["in", following],
			"state": "Pending",
			"attempts": 0,
		},
		fields=["name", "key_point"],
		order_by="creation desc",
		limit=1,
	)
	return (
		waiting[0].name
		if waiting and _mails_the_customer(row.reference_doctype, waiting[0].key_point)
		else None
	)


def leave_to(row: Any, other: str) -> None:
	"""Note with the later notice what it has to say, too."""
	stored = frappe.db.get_value(DOCTYPE, other, "details", for_update=True)
	details = json.loads(stored or "{}")
	before = json.loads(row.details or "{}").get("also") or []
	details["also"] = list(dict.fromkeys([*before, *(details.get("also") or []), row.key_point]))
	frappe.db.set_value(
		DOCTYPE, other, "details", json.dumps(details, ensure_ascii=False), update_modified=False
	)


def left_over(doc: Any, key_points: list[str], context: dict[str, Any]) -> list[Any]:
	"""The customer's Notifications of key points whose mail was left to a later one."""
	if not key_points:
		return []
	names = frappe.get_all(
		"Notification",
		filters={"enabled": 1, "document_type": doc.doctype, "event": "Method", "method": ["in", key_points]},
		fields=["name", "method"],
		order_by="name",
	)
	found = [
		frappe.get_doc("Notification", row.name)
		for row in sorted(names, key=lambda row: key_points.index(row.method))
	]
	return [
		alert
		for alert in found
		if any(row.receiver_by_document_field == "ops_customer_email" for row in alert.recipients)
		and (not alert.condition or frappe.safe_eval(alert.condition, None, dict(context)))
	]


def joined(messages: list[str]) -> str:
	"""Messages as one: what they have in common once, at the place of the last one."""
	*before, last = ([line for line in message.split("\n") if line.strip()] for message in messages)
	known = set(last)
	earlier = [line for message in before for line in message if line not in known]
	head = last[:1] if before and before[0][:1] == last[:1] else []
	return "\n".join([*head, *dict.fromkeys(earlier), *last[len(head) :]])


def _mails_the_customer(doctype: str, key_point: str) -> bool:
	names = frappe.get_all(
		"Notification",
		filters={
			"enabled": 1,
			"document_type": doctype,
			"event": "Method",
			"method": key_point,
			"condition": ["is", "not set"],
		},
		pluck="name",
		order_by="name",
	)
	return bool(names) and bool(
		frappe.db.exists(
			"Notification Recipient",
			{"parent": ["in", names], "receiver_by_document_field": "ops_customer_email"},
		)
	)
