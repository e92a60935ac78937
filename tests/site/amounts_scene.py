"""Agreements that promise amounts, and work that draws on them."""

import json

import api_calls
import factories
import frappe
import routine_scene
import scenario
import visiting

ENTRY, AGREEMENT = "Amount Entry", "Service Agreement"


def amount(title: str = "Visits", **values) -> dict:
	return {"title": title, "counts": "Visits on Site", "quantity": 4, "per": "Quarter", **values}


def agreement(*rows: dict, **values):
	"""An agreement in force with these amounts, for 2026 where nothing else is said."""
	return scenario.agreement(amounts=list(rows or [amount()]), **{"start_date": "2026-01-01", "end_date": "2026-12-31", **values})


def visited(agreement, day: str = "2026-03-02", hours: float = 2, doctype: str = visiting.SHEET, **values):
	"""A visit whose work is done and signed, ready to leave: (world, name). It is walked by the steps."""
	world = visiting.world(doctype, customer=agreement.customer, agreement=agreement.name, **values)
	frappe.db.set_value(doctype, world.visit.name, "agreement", agreement.name)
	with routine_scene.at(day):
		visiting.signed(world)
	start = f"{day} 09:00:00"
	frappe.db.set_value(doctype, world.visit.name, "arrived_on", start)
	row = frappe.get_doc(doctype, world.visit.name).engineers[0]
	frappe.db.set_value("Field Service Engineer", row.name, {"from_time": start, "to_time": f"{day} {9 + int(hours):02d}:00:00", "work_hours": hours})
	return world


def leave(world, day: str = "2026-03-02"):
	"""By the endpoint, as the engineer taps it."""
	with routine_scene.at(day, "18:00"):
		return post(world.engineer, "visits.leave", doctype=world.visit.doctype, name=world.visit.name, person="Chen Jing")


def post(user: str, function: str, **form):
	sent = {key: json.dumps(value) if isinstance(value, dict | list | bool) else value for key, value in form.items()}
	answer = api_calls.post(user, f"ops_delivery.api.{function}", **sent)
	content = json.loads(answer.text)
	assert answer.status < 500, content
	return answer.status, content.get("message", content)


def entries(agreement, **filters) -> list[tuple]:
	rows = frappe.get_all(
		ENTRY,
		{"agreement_number": agreement.agreement_number, "kind": ["!=", "Warned"], **filters},
		["title", "kind", "quantity", "extra", "day", "source_name"],
		order_by="source_name, title, seq",
	)
	return [(row.title, row.kind, row.quantity, row.extra) for row in rows]


def used(user: str, agreement, day: str = "2026-03-31") -> dict[str, dict]:
	"""Title -> what the form shows."""
	with routine_scene.at(day):
		status, message = post(user, "amounts.used", agreement=agreement.name)
	assert status == 200, message
	return {row["title"]: row for row in message}


def manager() -> str:
	return factories.make_user(roles=["Service Delivery Manager"]).name
