"""What an agreement calls a major incident: its condition is checked where it is edited, and said in words (8.4.b.3).

Whether a request is one is asked in services/requests/major.py alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.domain import major
from ops_delivery.domain.deliverables import promise
from ops_delivery.services.rules import conditions

CONDITION, WORDS = "major_condition", "major_words"
# what a condition may ask of a request beside its fields; blank as in a request that has just come in
BESIDE: Mapping[str, Any] = {
	"ops_people_affected": 0,
	"priority_place": 0,
	"down_minutes": 0,
	"object_kind": "",
	"object_importance": "",
	"object_name": "",
}
EXAMPLE = "doc.priority_place <= 2 or doc.down_minutes > 240"


class MajorTerms(NamedTuple):
	"""The rule of an agreement: its condition, else from which priority on ("": the highest); whether a report on each is promised."""

	condition: str
	least: str
	reported: bool


def terms(doc: Any) -> MajorTerms:
	"""What an agreement says of major incidents."""
	reported = any(row.due_when == promise.AFTER_INCIDENT for row in doc.get("promised") or [])
	return MajorTerms(cstr(doc.get(CONDITION)).strip(), lowest(doc), reported)


def check(doc: Any) -> None:
	"""Refuse a condition that cannot be evaluated or meant, or that the agreement does not say in words: its customer signs words."""
	conditions.check(doc, CONDITION, "Issue", EXAMPLE, BESIDE)
	if cstr(doc.get(CONDITION)).strip() and not cstr(doc.get(WORDS)).strip():
		frappe.throw(
			_("{0}: a value is missing. Say in words what {1} means, as both parties sign it.").format(
				frappe.bold(_(doc.meta.get_label(WORDS), context=doc.doctype)), frappe.bold(_(doc.meta.get_label(CONDITION), context=doc.doctype))
			),
			frappe.MandatoryError,
		)


def sentence(doc: Any) -> str:
	"""What a major incident is by an agreement, in words; "" where it knows no priorities."""
	if said := cstr(doc.get(WORDS)).strip():
		return said
	order = priorities(doc.get("priority_matrix"))
	if not order:
		return ""
	least = lowest(doc)
	if not least or least == order[-1]:
		return _("A valid request of the priority {0}.").format(_(order[-1]))
	return _("A valid request of the priority {0} or a higher one.").format(_(least))


def lowest(doc: Any) -> str:
	"""Where an agreement has no condition: the lowest priority that its promises of reports name; "" for the highest there is."""
	if cstr(doc.get(CONDITION)).strip():
		return ""
	order = priorities(doc.get("priority_matrix"))
	named = [row.priority for row in doc.get("promised") or [] if row.due_when == promise.AFTER_INCIDENT and row.priority in order]
	return max(named, key=lambda one: major.place(order, one) or 0, default="")


def priorities(matrix: str | None) -> list[str]:
	"""The priorities of a matrix, the lowest first."""
	return [row.priority for row in frappe.get_cached_doc("Priority Matrix", matrix).priorities] if matrix else []
