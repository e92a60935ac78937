"""What the customer sees of visits and sessions, and confirms: details, arrival, work, signature, permission (7.2, 7.3).

Texts come out plain; the pages escape them. Pictures come as data URLs, so no private file needs an address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, get_url_to_form

from ops_delivery.domain import visit as domain
from ops_delivery.domain.visit import Phase
from ops_delivery.permissions import owned_rows, ownership
from ops_delivery.services.portal import documents as portal_documents
from ops_delivery.services.reviews import signatures
from ops_delivery.services.scope import image_files as kept_pictures
from ops_delivery.services.shared.locale import moment, text
from ops_delivery.services.visits import before_arrival, before_leaving, on_site
from ops_delivery.services.visits import content as visit_content
from ops_delivery.services.visits import panel as visit_panel
from ops_delivery.services.visits import work_items as visit_work
from ops_delivery.services.visits.types import KINDS, kind_of, rank_of

MOST = 50
PHOTO_SIDE = 900
ACTIONS: dict[str, Callable[..., Any]] = {
	"details": before_arrival.confirm_details,
	"arrival": on_site.confirm_arrival,
	"work": visit_work.confirm_work,
}


def listed(user: str) -> list[dict[str, Any]]:
	"""The visits and sessions a user of the customer's side may see, the newest first."""
	found = []
	for doctype in KINDS:
		table = frappe.qb.DocType(doctype)
		found += [
			{
				"path": f"/visits/{row.name}",
				"name": row.name,
				"title": text(row.title),
				"kind": _(doctype),
				"state": _chip(doctype, row.status),
				"when": moment(row.arrived_on or row.promised_on or row.planned_start),
				"at": str(row.creation),
			}
			for row in (
				frappe.qb.from_(table)
				.select(table.name, table.title, table.status, table.arrived_on, table.promised_on)
				.select(table.planned_start, table.creation)
				.where(owned_rows.visits_visible(table, user))
				.orderby(table.creation, order=frappe.qb.desc)
				.limit(MOST)
			).run(as_dict=True)
		]
	return sorted(found, key=lambda row: row["at"], reverse=True)[:MOST]


def visit(name: str, user: str) -> dict[str, Any]:
	"""One visit as its customer may see it. frappe.PermissionError if the user may not."""
	doc = visible(name, user)
	kind, rank = kind_of(doc), rank_of(doc)
	facts = visit_panel.situation(doc)
	codes = {row.code for row in domain.open_points(visit_content.domain_visit(doc), kind.left)}
	return {
		"name": doc.name,
		"title": text(doc.title),
		"kind": _(doc.doctype),
		"remote": not kind.signed,
		"state": _chip(doc.doctype, doc.status),
		"engineers": ", ".join(text(row.full_name) for row in doc.engineers if row.full_name),
		"content": text(doc.work_content),
		"risk": text(doc.contingency_plan),
		"course": facts["course"],
		"items": facts["items"] if rank >= Phase.PLANNED else [],
		"outcome": _(cstr(doc.outcome)),
		"note": text(doc.outcome_note),
		"leftovers": facts["leftovers"],
		"stages": [
			{
				"label": stage["label"],
				"points": [
					{**point, "photo": kept_pictures.as_data_url(doc, point["photo"], PHOTO_SIDE)}
					for point in stage["points"]
					if point["answer"] or point["photo"] or point["remark"]
				],
			}
			for stage in facts["stages"]
			if stage["stage"] != domain.AFTER
		],
		"signature": _signature(doc, facts["signature"]),
		"text": facts["content"],
		"asked": _asked(doc, rank, codes),
	}


def act(name: str, user: str, form: Any) -> None:
	"""What the customer's user sends from the page: {what, …}. Errors are ValidationErrors that say the way out."""
	doc = visible(name, user)
	what, person = cstr(form.get("what")), frappe.utils.get_fullname(user)
	if what == "permission":
		before_leaving.permit(doc.doctype, doc.name, person)
	elif what == "sign":
		if form.get("agreed") != "1":
			frappe.throw(_("Tick that you have read the document and sign it for your organization."))
		before_leaving.sign(
			doc.doctype,
			doc.name,
			cstr(form.get("signer_name")) or person,
			cstr(form.get("image")),
			cstr(form.get("signer_title")),
			cstr(form.get("content")),
			by_customer=True,
		)
	elif what in ACTIONS:
		ACTIONS[what](doc.doctype, doc.name, person, by_customer=True)
	else:
		frappe.throw(_("This did not work. Try again."))


def pdf(name: str, user: str) -> bytes:
	"""The sheet as PDF for its customer's user."""
	return portal_documents.printed(visible(name, user))


def waiting(user: str) -> list[dict[str, Any]]:
	"""What visits wait for from a user of the customer's side: {text, url, due}. A query a kind and one for signatures."""
	rows = current(user)
	signed = set(
		frappe.get_all(
			signatures.DOCTYPE,
			filters={
				"reference_name": ["in", [row.name for row in rows if row.rank == Phase.WORK_DONE] or [""]],
				"party": signatures.CUSTOMER,
				"state": signatures.VALID,
			},
			pluck="reference_name",
			order_by="creation",
		)
	)
	found = []
	for row in rows:
		if row.rank == Phase.PLANNED and not row.details_confirmed_on:
			said = _("Confirm the content and time of {0}")
		elif row.rank == Phase.PRESENT and not (row.arrival_confirmed_on or KINDS[row.doctype] is domain.REMOTE):
			said = _("Confirm that the engineer is here: {0}")
		elif row.rank == Phase.PRESENT and not row.work_confirmed_on:
			said = _("Confirm what is to be done: {0}")
		elif row.rank == Phase.WORK_DONE and KINDS[row.doctype].signed and row.name not in signed:
			said = _("Sign the sheet of {0}")
		elif row.rank == Phase.WORK_DONE and not row.leave_permitted_on:
			said = _("Say that it may end: {0}")
		else:
			continue
		found.append(
			{
				"text": said.format(text(row.title)),
				"url": f"/visits/{row.name}",
				"due": moment(row.planned_start or row.promised_on) if row.rank == Phase.PLANNED else "",
			}
		)
	return found


def upcoming(user: str, most: int = 3) -> list[dict[str, Any]]:
	"""The visits and sessions that come next or are under way, the soonest first."""
	rows = sorted(
		(row for row in current(user) if row.rank < Phase.WORK_DONE),
		key=lambda row: row.planned_start or row.promised_on or row.creation,
	)
	return [
		{
			"path": f"/visits/{row.name}",
			"title": text(row.title),
			"kind": _(row.doctype),
			"state": _chip(row.doctype, row.status),
			"when": moment(row.planned_start or row.promised_on),
		}
		for row in rows[:most]
	]


def current(user: str) -> list[frappe._dict]:
	"""The visits and sessions the user may see that have not been left yet, with their DocType and rank."""
	found = []
	for doctype, kind in KINDS.items():
		table = frappe.qb.DocType(doctype)
		rows = (
			frappe.qb.from_(table)
			.select(
				table.name, table.title, table.status, table.creation, table.planned_start, table.promised_on
			)
			.select(table.details_confirmed_on, table.arrival_confirmed_on, table.work_confirmed_on)
			.select(table.leave_permitted_on)
			.where(owned_rows.visits_visible(table, user) & table.status.isin(kind.phases[: Phase.LEFT]))
			.orderby(table.creation)
			.limit(MOST)
		).run(as_dict=True)
		found += [row.update({"doctype": doctype, "rank": kind.rank(row.status)}) or row for row in rows]
	return found


def visible(name: str, user: str):
	"""A visit of either kind that a user of the customer's side may see; frappe.PermissionError for any other name."""
	if user != ownership.GUEST and not ownership.is_staff(user):
		for doctype in KINDS:
			if name and frappe.db.exists(doctype, name):
				doc = frappe.get_doc(doctype, name)
				if ownership.may_see(doc, user):
					return doc
	raise frappe.PermissionError(_("There is no visit {0} that you can see.").format(cstr(name)))


def desk_form(name: str) -> str | None:
	"""Where staff find a visit or session that they may read: the address of its form; None for any other name."""
	for doctype in KINDS:
		if name and frappe.db.exists(doctype, name) and frappe.has_permission(doctype, "read", name):
			return get_url_to_form(doctype, name)
	return None


def _asked(doc, rank: int, codes: set[str]) -> list[str]:
	"""What the customer can confirm now, in its order."""
	found = []
	if rank == Phase.PLANNED and "not_details_confirmed" in codes:
		found.append("details")
	if rank == Phase.PRESENT and "not_arrival_confirmed" in codes:
		found.append("arrival")
	if rank == Phase.PRESENT and "not_work_confirmed" in codes:
		found.append("work")
	if rank == Phase.WORK_DONE and "not_signed" in codes:
		found.append("sign")
	if rank == Phase.WORK_DONE and "not_permitted" in codes:
		found.append("permission")
	return found


def _signature(doc, given: dict[str, Any] | None) -> dict[str, Any] | None:
	if not given or not (given["valid"] or given.get("void")):
		return None
	return {**given, "image": kept_pictures.as_data_url(doc, given.get("image"), PHOTO_SIDE)}


def _chip(doctype: str, status: str) -> dict[str, str]:
	kind = KINDS[doctype]
	rank = kind.rank(status)
	tone = "closed" if rank >= Phase.LEFT or rank < Phase.PLANNED else "open"
	return {"text": _(status, context=doctype), "tone": tone}
