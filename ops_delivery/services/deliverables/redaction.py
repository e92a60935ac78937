"""Redacted copies: a deliverable of a lower class that says what was taken out of which version of another (8.2.c.2).

It goes the way of every deliverable: compiled, reviewed, approved, published; so who approved it is on record, and its own class says
who reads it. Of the original it names the number alone.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.deliverables import life
from ops_delivery.permissions import secrecy

DOCTYPE = "Deliverable"
TAKEN_OVER = ("deliverable_type", "agreement", "customer", "audience", "wanted_format", "specification", "period_from", "period_to")


class NotLower(frappe.ValidationError):
	"""A redacted copy must be of a lower class than what it was made of."""


def make(name: str, security_class: str) -> str:
	"""Begin a redacted copy of a deliverable that was published; its name. One that was begun of this version and class, and is compiled,
	is the one. frappe.PermissionError, NotLower."""
	original = frappe.get_doc(DOCTYPE, name, for_update=True)
	original.check_permission("write")
	frappe.has_permission(DOCTYPE, "create", throw=True)
	if not original.published_on or original.redacted_from:
		frappe.throw(_("{0} was never published, or is a redacted copy itself. Make the copy of what was published.").format(frappe.bold(escape_html(name))))
	version = cint(original.version) or 1
	begun = {"redacted_from": name, "redacted_version": version, "security_class": security_class, "status": "Compiling"}
	if there := frappe.db.get_value(DOCTYPE, begun):
		return there
	copy = frappe.new_doc(DOCTYPE)
	copy.update({field: original.get(field) for field in TAKEN_OVER})
	copy.update(
		{
			"title": _("{0} (redacted)").format(original.title)[:140],
			"content": original.content,
			"security_class": security_class,
			"redacted_from": original.name,
			"redacted_version": version,
			"frequency": _("once", context="Ops Delivery"),
		}
	)
	copy.insert()
	return copy.name


def check(doc: Any) -> None:
	"""A redacted copy is of a lower class than its original. NotLower."""
	if not doc.redacted_from:
		doc.redactions = []
		return
	above = frappe.db.get_value(DOCTYPE, doc.redacted_from, "security_class")
	rank, most = (frappe.db.get_value(secrecy.CLASS, name, "rank") if name else None for name in (doc.security_class, above))
	if rank is not None and most is not None and cint(rank) >= cint(most):
		frappe.throw(
			_("{0}: {1} is not lower than the class of {2}. A redacted copy is for people who may not see the original.").format(
				frappe.bold(_(doc.meta.get_label("security_class"), context=DOCTYPE)),
				frappe.bold(_(cstr(doc.security_class), context="Service Security Class")),
				frappe.bold(escape_html(doc.redacted_from)),
			),
			NotLower,
		)


def left_of(name: str) -> list[str]:
	"""The redacted copies of a deliverable that are neither destroyed nor cancelled."""
	return frappe.get_all(DOCTYPE, {"redacted_from": name, "status": ["not in", life.OFF_PATH]}, pluck="name", order_by="name")
