"""What the steps of a visit ask before they change it: its phase, who of the customer's people, which item (7.2, 7.3)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.domain import visit as domain
from ops_delivery.domain import visit_work
from ops_delivery.domain.visit import Phase
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.visits.types import kind_of

NAME_LENGTH = 140


class StageOpen(frappe.ValidationError):
	"""A phase was to be entered although a point of a stage before it is open."""


def require_phase(doc: Any, rank: Phase) -> None:
	"""StageOpen where the visit is not in that phase."""
	phase = kind_of(doc).phases[rank]
	if doc.status != phase:
		frappe.throw(
			_("{0} is {1}. This is possible while it is {2}.").format(
				doc.name,
				frappe.bold(_(doc.status, context=doc.doctype)),
				frappe.bold(_(phase, context=doc.doctype)),
			),
			StageOpen,
		)


def require_name(name: str) -> str:
	"""The name of one of the customer's people as typed, spaces put right; ValidationError where it is none."""
	name = " ".join(cstr(name).split())
	if not name:
		frappe.throw(_("Who at the customer? Enter the name."), title=_("Name missing"))
	if len(name) > NAME_LENGTH:
		frappe.throw(
			_("{0} is longer than {1} characters. Shorten it.").format(
				_("Name", context="Ops Delivery"), NAME_LENGTH
			),
			title=_("Name too long"),
		)
	return name


def move_item(row: Any, action: str) -> None:
	"""The state of a work item after an action; ValidationError where the action is not possible."""
	with guard():
		row.state = visit_work.move(row.state or domain.PROPOSED, action, cstr(row.work))


def find_item(doc: Any, item: str) -> Any:
	"""A work item by its name. frappe.DoesNotExistError."""
	found = next((row for row in doc.work_items if row.name == item), None)
	if not found:
		raise frappe.DoesNotExistError(_("{0} has no such work item.").format(doc.name))
	return found


def enter(doc: Any, rank: Phase) -> None:
	"""Take a visit to a phase and save it; nothing where it is there already."""
	phase = kind_of(doc).phases[rank]
	if doc.status == phase:
		return
	doc.status = phase
	doc.save()


def back(doc: Any, rank: Phase) -> None:
	"""Take a visit back to an earlier phase."""
	doc.flags.ops_visit_back = True
	enter(doc, rank)
