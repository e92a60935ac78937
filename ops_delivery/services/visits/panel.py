"""What the form of a visit shows: where it stands, what is open, what can be done now. One answer for one look."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.domain import visit as domain
from ops_delivery.domain import visit_actions
from ops_delivery.domain.states import LEFTOVER_SETTLED
from ops_delivery.domain.visit import Phase
from ops_delivery.services.reviews import signatures
from ops_delivery.services.shared.locale import moment, text
from ops_delivery.services.visits import before_leaving
from ops_delivery.services.visits import checklists as visit_checklists
from ops_delivery.services.visits import content as visit_content
from ops_delivery.services.visits import erpnext_records as visit_records
from ops_delivery.services.visits import leftovers as visit_leftovers
from ops_delivery.services.visits import photos as visit_photos
from ops_delivery.services.visits import sentences as visit_words
from ops_delivery.services.visits import superior_requests as visit_requests
from ops_delivery.services.visits.types import ANSWERED_FROM, kind_of, label, rank_of

MOMENTS = (
	"promised_on",
	"details_confirmed_on",
	"departed_on",
	"arrived_on",
	"arrival_confirmed_on",
	"work_confirmed_on",
	"work_done_on",
	"leave_permitted_on",
	"left_on",
	"followed_up_on",
)
PEOPLE = {
	"details_confirmed_on": "confirmed_with",
	"arrival_confirmed_on": "arrival_confirmed_by",
	"work_confirmed_on": "work_confirmed_with",
	"leave_permitted_on": "leave_permitted_by",
}


def situation(doc) -> dict[str, Any]:
	"""Everything of a saved visit for its panel; the caller has checked that the user may read it."""
	kind, rank, seen = kind_of(doc), rank_of(doc), visit_content.domain_visit(doc)
	ahead, requests = domain.next_phase(seen), visit_requests.of(doc)
	still_open = visit_words.open_before(doc, ahead) if ahead else []
	signature = _signature(doc) if kind.signed else None
	may_write = bool(doc.has_permission("write"))
	return {
		"phase": rank.name.lower(),
		"remote": not kind.signed,
		"phases": [
			{"label": _(phase, context=doc.doctype), "look": _look(place, rank)} for place, phase in enumerate(kind.phases)
		],
		"next": _(ahead, context=doc.doctype) if ahead else "",
		"open": [row for row in still_open if row["code"] not in visit_actions.BY_A_TAP],
		"actions": [
			vars(action)
			for action in visit_actions.actions(
				seen,
				{row["code"] for row in still_open},
				departed=bool(doc.get("departed_on")),
				signed=bool(signature and signature["valid"]),
			)
			if may_write
		],
		"stages": _stages(doc, rank),
		"items": [_item(row, requests, visit_actions.of_item(seen, row.state) if may_write else ()) for row in doc.work_items],
		"requests": [_request(row) for row in requests],
		"leaves": rank >= Phase.PRESENT,  # something may be left over
		"leftovers": [_leftover(row) for row in visit_content.leftovers(doc)],
		"earlier": visit_leftovers.earlier(doc) if Phase.PLANNED <= rank <= Phase.PRESENT else None,
		"course": [
			{
				"label": label(doc, field),
				"when": moment(doc.get(field)),
				"who": text(doc.get(PEOPLE.get(field, ""))) if field in PEOPLE else "",
			}
			for field in MOMENTS
			if doc.get(field)
		],
		"signature": signature,
		"records": visit_records.shown(doc),
		"content": before_leaving.text_of(doc),
		"photos": visit_photos.gallery(doc),
		"may_write": may_write,
		"people": _people(doc),
	}


def _look(place: int, rank: Phase) -> str:
	"""How the bar of the phases shows one."""
	return "" if rank == Phase.OFF else "done" if place < rank else "now" if place == rank else ""


def _stages(doc, rank: Phase) -> list[dict[str, Any]]:
	"""The checklist stage by stage, each with whether it can be answered now."""
	return [
		{
			"stage": stage,
			"label": _(stage, context="Checklist Template Item"),
			"now": ANSWERED_FROM[stage] <= rank < domain.GATE_OF[stage],
			"folded": rank < domain.GATE_OF[stage] - 1,  # its own phase is still ahead
			"points": [visit_checklists.face(row) for row in doc.answers if row.stage == stage],
		}
		for stage in domain.STAGES
	]


def _item(row, requests, actions) -> dict[str, Any]:
	asked = next((r for r in requests if r.work_item == row.name and r.state == "Waiting"), None)
	return {
		"name": row.name,
		"work": text(row.work),
		"steps": text(row.steps),
		"state": row.state,
		"actions": list(actions),
		"state_label": _(row.state, context="Field Service Work Item"),
		"started": moment(row.started_on),
		"ended": moment(row.ended_on),
		"done_by": frappe.utils.get_fullname(row.done_by) if row.done_by else "",
		"result": text(row.result),
		"extra": cint(row.extra),
		"waits_for": frappe.utils.get_fullname(asked.superior) if asked else "",
	}


def _request(row) -> dict[str, Any]:
	return {
		**row,
		"question": text(row.question),
		"answer": text(row.answer),
		"kind": _(row.kind, context="Field Service Request"),
		"label": _(row.state, context="Field Service Request"),
		"superior": frappe.utils.get_fullname(row.superior),
		"asked_on": moment(row.asked_on),
		"answered_on": moment(row.answered_on),
	}


def _leftover(row) -> dict[str, Any]:
	return {
		**row,
		"subject": text(row.subject),
		"treatment": text(row.treatment),
		"label": _(row.state, context="Service Leftover"),
		"agreed": visit_content.is_agreed(row),
		"ended": row.state in LEFTOVER_SETTLED,
		"owner_name": frappe.utils.get_fullname(row.owner_user) if row.owner_user else "",
	}


def _signature(doc) -> dict[str, Any]:
	"""The customer's signature that holds, or whether one is void because the sheet changed."""
	given = signatures.valid(doc)[signatures.CUSTOMER]
	if given:
		return {
			"by": text(given.signer_name),
			"title": text(given.signer_title),
			"on": moment(given.signed_on),
			"image": given.attachment or "",
			"valid": True,
		}
	voided = any(row.party == signatures.CUSTOMER for row in signatures.all_of(doc.doctype, doc.name))
	return {"valid": False, "void": voided}


def _people(doc) -> list[str]:
	"""Names at the customer that are likely to be meant: those who confirmed before, the contact."""
	names = [text(doc.get(field)) for field in reversed(tuple(PEOPLE.values()))] + [text(doc.contact_person)]
	return list(dict.fromkeys(name for name in names if name))
