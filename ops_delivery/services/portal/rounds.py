"""What the customer sees of routine work at their place, and what they provide for it: access, rights, helpers (6.2.e).

Texts come out plain; the pages escape them.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, getdate

from ops_delivery.domain.routine import assistance as domain
from ops_delivery.permissions import owned_rows, ownership
from ops_delivery.services.routine import assistance
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import site_now

TASK = assistance.TASK
OPEN = ("Planned", "In Progress")
MOST = 50


def listed(user: str) -> list[dict[str, Any]]:
	"""The routine work ahead or under way that a user of the customer's side may see, the soonest first."""
	return [
		{
			"path": _path(row.name),
			"title": text(row.title),
			"kind": _(row.kind),
			"when": wording.day(row.planned_on),
			"state": _chip(row),
		}
		for row in _rows(user, None)
	]


def waiting(user: str) -> list[dict[str, Any]]:
	"""What routine work waits for from a user of the customer's side: {text, url, due, late}. Two queries at most."""
	rows = _rows(user, (domain.ASKED, domain.OVERDUE))
	if not rows:
		return []
	due = dict(
		frappe.get_all(
			assistance.REQUEST,
			filters={"parent": ["in", [row.name for row in rows]], "parenttype": TASK, "state": domain.ASKED},
			fields=["parent", "needed_by"],
			order_by="needed_by desc",
			as_list=True,
		)
	)
	today = site_now().date()
	return [
		{
			"text": _("Confirm what you provide for {0} on {1}").format(text(row.title), wording.day(row.planned_on)),
			"url": _path(row.name),
			"due": wording.day(due.get(row.name)) if due.get(row.name) else "",
			"late": bool(due.get(row.name)) and getdate(due[row.name]) < today,
		}
		for row in rows
	]


def task(name: str, user: str) -> dict[str, Any]:
	"""One task as its customer may see it. frappe.PermissionError if the user may not."""
	doc = visible(name, user)
	today = site_now().date()
	open_ = doc.status in assistance.OPEN
	return {
		"name": doc.name,
		"title": text(doc.title),
		"kind": _(doc.kind),
		"state": _chip(doc),
		"when": wording.day(doc.planned_on),
		"content": [text(part) for part in _said(doc) if part],
		"objects": [text(row.object_name or row.service_object) for row in doc.objects],
		"who": text(frappe.utils.get_fullname(doc.assigned_to)) if doc.assigned_to else "",
		"requests": [
			{
				"row": row.name,
				"what": _(row.what, context=assistance.REQUEST),
				"details": text(row.details),
				"needed_by": wording.day(row.needed_by),
				"state": row.state,
				"late": domain.is_overdue(domain.Request(row.state, getdate(row.needed_by)), today),
				"chip": {
					"text": _(row.state, context=assistance.REQUEST),
					"tone": "open" if row.state == domain.ASKED else "closed",
				},
				"answer": text(row.answer),
				"by": text(row.answered_by),
				"open": open_,
			}
			for row in doc.assistance
		],
	}


def act(name: str, user: str, form: Any) -> None:
	"""What the customer's user sends from the page: {row, confirmed, words}. Errors are ValidationErrors that say the way out."""
	visible(name, user)
	doc = frappe.get_doc(TASK, name, for_update=True)
	if cstr(form.get("confirmed")) not in ("0", "1"):
		frappe.throw(_("This did not work. Try again."))
	assistance.answer(
		doc, cstr(form.get("row")), bool(cint(form.get("confirmed"))), cstr(form.get("words")), frappe.utils.get_fullname(user)
	)


def visible(name: str, user: str):
	"""A task that a user of the customer's side may see; frappe.PermissionError for any other name."""
	if name and user != ownership.GUEST and not ownership.is_staff(user) and frappe.db.exists(TASK, name):
		doc = frappe.get_doc(TASK, name)
		if ownership.may_see(doc, user):
			return doc
	raise frappe.PermissionError(_("There is no routine work {0} that you can see.").format(cstr(name)))


def _rows(user: str, sides: tuple[str, ...] | None) -> list[frappe._dict]:
	table = frappe.qb.DocType(TASK)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.title, table.kind, table.planned_on, table.status, table.customer_side)
		.where(owned_rows.rounds_visible(table, user) & table.status.isin(OPEN))
		.orderby(table.planned_on)
		.orderby(table.name)
		.limit(MOST)
	)
	if sides:
		query = query.where(table.customer_side.isin(sides))
	return query.run(as_dict=True)


def _said(doc: Any) -> tuple[str, ...]:
	return frappe.db.get_value(assistance.SCHEDULE, doc.schedule, ["goal", "content", "scope"]) or () if doc.schedule else ()


def _chip(row: Any) -> dict[str, str]:
	if row.customer_side in (domain.ASKED, domain.OVERDUE):
		return {"text": _("Waits for you"), "tone": "open"}
	return {"text": _(row.status, context=TASK), "tone": "open" if row.status in OPEN else "closed"}


def _path(name: str) -> str:
	return f"/rounds/{name}"
