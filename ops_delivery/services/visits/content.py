"""What a visit says, as the domain judges it and as the customer signs it (7.2.a, 7.2.c.1–2, 7.3.c.1)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cstr, flt, get_datetime

from ops_delivery.domain import visit as domain
from ops_delivery.domain.states import LEFTOVER_SETTLED
from ops_delivery.services.reviews import content as reviewed_content
from ops_delivery.services.reviews import signatures
from ops_delivery.services.shared import number_format as numbers
from ops_delivery.services.visits.types import CONTINGENCY, LEFTOVER, REPORT, RISKY, kind_of

FACTS = {
	"details_confirmed_on": domain.DETAILS_CONFIRMED,
	"departed_on": domain.DEPARTED,
	"arrived_on": domain.ARRIVED,
	"arrival_confirmed_on": domain.ARRIVAL_CONFIRMED,
	"work_confirmed_on": domain.WORK_CONFIRMED,
	"outcome": domain.OUTCOME,
	"leave_permitted_on": domain.PERMITTED,
	"survey_due_on": domain.SURVEYS_DUE,
}


def domain_visit(doc, phase: str | None = None) -> domain.Visit:
	"""A visit as the domain judges it. `phase`: the one it is in, where the document already names the next."""
	kind = kind_of(doc)
	facts = {fact for field, fact in FACTS.items() if doc.get(field)}
	if cstr(doc.contingency_plan).strip():
		facts.add(domain.CONTINGENCY)
	if kind.signed and not doc.is_new() and signatures.valid(doc)[signatures.CUSTOMER]:
		facts.add(domain.SIGNED)
	return domain.Visit(
		kind=kind,
		phase=phase or doc.status,
		facts=frozenset(facts),
		points=tuple(point(row) for row in doc.answers),
		items=tuple((row.work, row.state or domain.PROPOSED) for row in doc.work_items),
		leftovers=tuple(
			domain.Leftover(row.subject, is_agreed(row), row.state in LEFTOVER_SETTLED) for row in leftovers(doc)
		),
		risky=doc.risk == RISKY if doc.risk else None,
		reviewed_by=frozenset(reviewed_by(doc)) if doc.risk == RISKY else frozenset(),
	)


def point(row) -> domain.Point:
	"""A line of the checklist as the domain sees it; a photo is the answer of a point that asks for one."""
	return domain.Point(
		stage=row.stage,
		question=cstr(row.question),
		answer_type=row.answer_type,
		required=bool(row.required),
		answer=cstr(row.photo if row.answer_type == domain.PHOTO else row.answer),
		remark=cstr(row.remark),
		minimum=cstr(row.minimum),
		maximum=cstr(row.maximum),
		form=numbers.site_format(),
	)


def is_agreed(leftover) -> bool:
	"""Whether it is settled what is to be done about a leftover, by whom and by when (7.2.c.2)."""
	return bool(cstr(leftover.treatment).strip() and leftover.owner_user and leftover.due_date)


def leftovers(doc) -> list[frappe._dict]:
	"""What the visit left open, oldest first."""
	if doc.is_new():
		return []
	return frappe.get_all(
		LEFTOVER,
		filters={"source_doctype": doc.doctype, "source_name": doc.name},
		fields=[
			"name",
			"subject",
			"state",
			"treatment",
			"agreed_with",
			"owner_user",
			"due_date",
			"result",
			"blocks_closing",
		],
		order_by="creation, name",
	)


def reviewed_by(doc) -> set[str]:
	"""The parties with an approved review of the contingency plan as it is now, and none that rejects it."""
	if doc.is_new():
		return set()
	digest = reviewed_content.content_hash(doc, CONTINGENCY)
	rows = frappe.get_all(
		"Service Review",
		filters={
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"part": CONTINGENCY,
			"content_hash": digest,
			"state": ["in", ("Approved", "Rejected")],
		},
		fields=["party", "state"],
		order_by="creation",
	)
	rejected = {row.party for row in rows if row.state == "Rejected"}
	return {row.party for row in rows if row.state == "Approved"} - rejected


def reported(doc, part: str) -> Any:
	"""What the customer signs beside the fields: checklist, work, people, parts, leftovers. For reviews (hook ops_delivery_extra_content)."""
	if part not in ("", REPORT):
		return None
	return {
		"answers": [
			[row.stage, cstr(row.question), cstr(row.answer), cstr(row.remark), cstr(row.photo)]
			for row in doc.answers
			if row.stage != domain.AFTER and (row.answer or row.photo or row.remark)
		],
		"work": [
			[cstr(row.work), cstr(row.state), _moment(row.started_on), _moment(row.ended_on)]
			+ [cstr(row.done_by), cstr(row.result)]
			for row in doc.work_items
		],
		"engineers": [row.user for row in doc.engineers],
		"parts": [
			[cstr(row.item_code), cstr(row.description), cstr(row.serial_no), f"{flt(row.used):g}"]
			# not there before 2026-12, so what was signed then says nothing of them
			+ ([cstr(row.old_serial_no), cstr(row.charge)] if row.old_serial_no or row.charge else [])
			for row in doc.get("parts") or []
			if flt(row.used)
		],
		"leftovers": [[row.subject, cstr(row.treatment)] for row in leftovers(doc)],
	}


def _moment(value) -> str:
	return str(get_datetime(value).replace(microsecond=0)) if value else ""
